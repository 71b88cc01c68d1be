package friend

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "getProfile", Pattern: "GET /v2/bot/profile/{userId}", Run: api.None(r.profile)},
		{ID: "getFollowers", Pattern: "GET /v2/bot/followers/ids", Run: api.None(r.getFollowers)},
	}
}

// ProfileAnswer is a profile on the wire; what is unset is left out.
// https://developers.line.biz/en/reference/messaging-api/#get-profile
type ProfileAnswer struct {
	DisplayName   string `json:"displayName"`
	UserID        string `json:"userId"`
	Language      string `json:"language,omitzero"`
	PictureURL    string `json:"pictureUrl,omitzero"`
	StatusMessage string `json:"statusMessage,omitzero"`
}

// profile answers 400 for a malformed user id and 404 for people who are
// neither friends of the account nor have ever written to it.
func (r *Room) profile(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	userID := c.Path("userId")
	if !UserID.MatchString(userID) {
		return nil, InvalidParameter("userId")
	}
	var answer ProfileAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		p, err := r.Resolve(tx, userID)
		if err != nil {
			return err
		}
		if known, err := r.mayKnow(tx, ch, p); err != nil {
			return err
		} else if !known {
			return store.ErrNotFound
		}
		answer = ProfileAnswer{p.Profile.DisplayName, p.UserID, p.Profile.Language, p.Profile.PictureURL, p.Profile.StatusMessage}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.Errorf(api.NotFound, "Not found")
	}
	return answer, err
}

// mayKnow: friends, and strangers who have written to the account; not those who blocked it.
func (r *Room) mayKnow(tx *store.Tx, ch *channel.Channel, p *Person) (bool, error) {
	if p.Provider != ch.Provider {
		return false, nil
	}
	f, err := r.Friendship(tx, ch, p)
	if err != nil || f.State != None {
		return f.State == Friend, err
	}
	at, err := r.LastWrote(tx, ch, p)
	return at > 0, err
}

// LastWrote is when the person last wrote to the account one-on-one, in unix
// milliseconds; 0 is never.
func (r *Room) LastWrote(tx *store.Tx, ch *channel.Channel, p *Person) (int64, error) {
	return tx.Total(wrote(ch, p))
}

// Wrote notes that the person writes to the account now.
func (r *Room) Wrote(tx *store.Tx, ch *channel.Channel, p *Person) error {
	last, err := r.LastWrote(tx, ch, p)
	if err != nil {
		return err
	}
	return tx.Add(wrote(ch, p), tx.Millis()-last)
}

func wrote(ch *channel.Channel, p *Person) store.Counter {
	return store.Counter{Name: "wrote", Scope: ch.ID, Period: p.UserID}
}

// InvalidParameter is the platform's refusal of a malformed id in a path or query.
func InvalidParameter(name string) *api.Error {
	return api.Errorf(api.Invalid, "The value for the '%s' parameter is invalid", name)
}

type followersAnswer struct {
	UserIDs []string `json:"userIds"`
	Next    string   `json:"next,omitzero"`
}

// getFollowers pages through the friends: 300 a page unless limit says
// otherwise, at most 1,000. Verified and premium accounts only.
// https://developers.line.biz/en/reference/messaging-api/#get-follower-ids
func (r *Room) getFollowers(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	if !ch.Verified() {
		return nil, api.Errorf(api.Forbidden, "Access to this API is not available for your account")
	}
	limit, ok := c.QueryInt("limit")
	if !ok || limit < 0 || limit > 1000 {
		return nil, InvalidParameter("limit")
	}
	if limit == 0 { // the Go SDK sends limit=0 for the default
		limit = 300
	}
	var from int64
	if start := c.Query().Get("start"); start != "" {
		if from, ok = ch.ReadPageToken(pages, start, c.Now); !ok {
			return nil, api.Errorf(api.Invalid, "Invalid start param")
		}
	}
	var answer followersAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		ids, next, err := r.followers(tx, ch, from, int(limit))
		answer.UserIDs = ids
		if next >= 0 {
			answer.Next = ch.PageToken(pages, next, c.Now)
		}
		return err
	})
	return answer, err
}
