package audience

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

type getAnswer struct {
	AudienceGroup groupAnswer    `json:"audienceGroup"`
	Jobs          []jobAnswer    `json:"jobs"`
	Owner         jsontext.Value `json:"owner,omitzero"`
}

// pathID is the audience id in the path.
func pathID(c *api.Call) (int64, error) {
	id, err := strconv.ParseInt(c.Path("audienceGroupId"), 10, 64)
	if err != nil {
		return 0, friend.InvalidParameter("audienceGroupId")
	}
	return id, nil
}

// get tells of one of the account's own audiences and its last 50 jobs.
// https://developers.line.biz/en/reference/messaging-api/#get-audience-group
func (r *Room) get(c *api.Call) (any, error) {
	return r.show(c, ownedBy)
}

func (r *Room) show(c *api.Call, find func(*store.Tx, *channel.Channel, int64) (*audience, error)) (answer getAnswer, err error) {
	id, err := pathID(c)
	if err != nil {
		return answer, err
	}
	ch := channel.Caller(c)
	err = r.db.View(c, func(tx *store.Tx) error {
		a, err := find(tx, ch, id)
		if err != nil {
			return err
		}
		answer = getAnswer{AudienceGroup: a.answer(ch.No, tx.Millis()), Jobs: []jobAnswer{}, Owner: raw(a.Owner)}
		if answer.AudienceGroup.Status != Failed {
			answer.AudienceGroup.FailedType = "" // a list tells it of EXPIRED ones too
		}
		list, err := listJobs(tx, a.ID)
		for _, j := range list {
			answer.Jobs = append(answer.Jobs, j.answer())
		}
		return err
	})
	return answer, err
}

type renameBody struct {
	Description string `json:"description"`
}

// rename gives one of the account's own audiences another name. Several may
// have the same.
// https://developers.line.biz/en/reference/messaging-api/#set-description-audience-group
func (r *Room) rename(c *api.Call, in renameBody) (any, error) {
	id, err := pathID(c)
	if err != nil {
		return nil, err
	}
	if err := checkName(in.Description); err != nil {
		return nil, err
	}
	return api.Object{}, r.db.Update(c, func(tx *store.Tx) error {
		a, err := ownedBy(tx, channel.Caller(c), id)
		if err == nil {
			_, err = tx.Exec(`UPDATE audiences SET description = $2 WHERE id = $1`, a.ID, in.Description)
		}
		return err
	})
}

// remove deletes one of the account's own audiences, with jobs that are under way.
// https://developers.line.biz/en/reference/messaging-api/#delete-audience-group
func (r *Room) remove(c *api.Call) (any, error) {
	id, err := pathID(c)
	if err != nil {
		return nil, err
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		a, err := ownedBy(tx, channel.Caller(c), id)
		if err != nil {
			return err
		}
		_, err1 := tx.Exec(`DELETE FROM audiences WHERE id = $1`, a.ID)
		_, err2 := tx.Exec(`DELETE FROM audience_jobs WHERE audience_id = $1`, a.ID)
		_, err3 := tx.Exec(`DELETE FROM audience_parts WHERE audience_id = $1`, a.ID)
		return errors.Join(err1, err2, err3)
	})
	return api.Status{Code: 202, Body: api.Object{}}, err
}
