package audience

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/interaction"
)

// young is how long after a send audiences can be made of it.
const young = 60 * 24 * time.Hour

// kindSnapshot is the outbox's kind of what fills click and impression
// audiences; the payload is the audience's id.
const kindSnapshot = "audience-snapshot"

type clickBody struct {
	Description string `json:"description"`
	RequestID   string `json:"requestId"`
	ClickURL    string `json:"clickUrl"`
}

// click makes an audience of those who opened a link of a broadcast or
// narrowcast: of one URL, or of any.
// https://developers.line.biz/en/reference/messaging-api/#create-click-audience-group
func (r *Room) click(c *api.Call, in clickBody) (any, error) {
	if err := checkName(in.Description); err != nil {
		return nil, err
	}
	if err := checkClickURL(in.ClickURL); err != nil {
		return nil, err
	}
	return r.retarget(c, &audience{Type: Click, Description: in.Description, RequestID: in.RequestID, ClickURL: in.ClickURL})
}

type impBody struct {
	Description string `json:"description"`
	RequestID   string `json:"requestId"`
}

// imp makes an audience of those who saw a broadcast or narrowcast.
// https://developers.line.biz/en/reference/messaging-api/#create-imp-audience-group
func (r *Room) imp(c *api.Call, in impBody) (any, error) {
	if err := checkName(in.Description); err != nil {
		return nil, err
	}
	return r.retarget(c, &audience{Type: Imp, Description: in.Description, RequestID: in.RequestID})
}

func (r *Room) retarget(c *api.Call, a *audience) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		if err := r.retargetable(tx, ch, a.RequestID); err != nil {
			return err
		}
		err := tx.Row(`SELECT 1 FROM audiences WHERE `+alive+` AND channel_no = $2 AND type = $3 AND request_id = $4 AND click_url = $5`,
			[]any{cleared(tx), ch.No, a.Type, a.RequestID, a.ClickURL}, new(int64))
		if err == nil {
			return errDuplicate
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := insert(tx, ch, a); err != nil {
			return err
		}
		id := strconv.FormatInt(a.ID, 10)
		return r.queue.Put(tx, outbox.Item{Kind: kindSnapshot, Lane: id, Payload: id, Due: tx.Now.Add(waiting + toiling)})
	})
	return api.Status{Code: 202, Body: a.created()}, err
}

// retargetable refuses request ids of which the account can make no audience.
func (r *Room) retargetable(tx *store.Tx, ch *channel.Channel, requestID string) error {
	sent, err := r.interactions.Sent(tx, ch.No, requestID)
	if errors.Is(err, store.ErrNotFound) {
		return r.foreign(tx, ch, requestID)
	}
	if err != nil {
		return err
	}
	if !toAll(sent) {
		return errRequestNotFound
	}
	if tx.Millis()-sent.At > young.Milliseconds() {
		return errTooOld
	}
	return nil
}

func toAll(s interaction.Sent) bool { return s.Kind == chat.Broadcast || s.Kind == chat.Narrowcast }

// foreign tells a request of another account from one that nobody knows.
func (r *Room) foreign(tx *store.Tx, ch *channel.Channel, requestID string) error {
	for _, other := range r.channels.List() {
		if other.No == ch.No {
			continue
		}
		sent, err := r.interactions.Sent(tx, other.No, requestID)
		if err == nil && toAll(sent) {
			return errWrongBot
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return errRequestNotFound
}

// runSnapshot fills a click or impression audience with those who did it until
// now. While they are fewer than 50 it tries again, each time after as long as
// the audience is old, a day at most; when the send has become too old for an
// audience it gives up.
func (r *Room) runSnapshot(_ context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	return func(tx *store.Tx) (outbox.Outcome, error) {
		id, err := strconv.ParseInt(item.Payload, 10, 64)
		if err != nil {
			return outbox.Outcome{Bury: err.Error()}, nil
		}
		a, err := read(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return outbox.Outcome{}, nil // deleted
		}
		if err != nil {
			return outbox.Outcome{}, err
		}
		people, until, err := r.snapshot(tx, a)
		if err != nil {
			return outbox.Outcome{}, err
		}
		a.People = int64(people.GetCardinality())
		var out outbox.Outcome
		switch {
		case a.People >= least:
			a.Status = Ready
			err = writeSet(tx, a.ID, own, people)
		case tx.Millis() >= until:
			a.Status, a.FailedType = Failed, insufficient
		default:
			age := tx.Now.Sub(time.UnixMilli(a.CreatedAt))
			out.Retry = tx.Now.Add(min(age, 24*time.Hour))
		}
		_, err2 := tx.Exec(`UPDATE audiences SET status = $2, failed_type = $3, people = $4 WHERE id = $1`, a.ID, a.Status, a.FailedType, a.People)
		return out, errors.Join(err, err2)
	}
}

// snapshot is who is in the audience now, and until when more may come.
func (r *Room) snapshot(tx *store.Tx, a *audience) (people *roaring64.Bitmap, until int64, err error) {
	sent, err := r.interactions.Sent(tx, a.ChannelNo, a.RequestID)
	if errors.Is(err, store.ErrNotFound) { // the send was cleared away
		return roaring64.New(), 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if a.Type == Click {
		people, err = r.interactions.Clicked(tx, a.ChannelNo, a.RequestID, a.ClickURL)
	} else {
		people, err = r.interactions.Saw(tx, a.ChannelNo, a.RequestID)
	}
	return people, sent.At + young.Milliseconds(), err
}
