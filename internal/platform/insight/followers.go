package insight

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// followersAnswer has nulls where the numbers are not ready.
type followersAnswer struct {
	Status          status `json:"status"`
	Followers       *int64 `json:"followers"`
	TargetedReaches *int64 `json:"targetedReaches"`
	Blocks          *int64 `json:"blocks"`
}

// followers tells how the account stood at the end of a day: how often it was
// added for the first time, whom it reached, and who blocked it.
// https://developers.line.biz/en/reference/messaging-api/#get-number-of-followers
func (r *Room) followers(c *api.Call) (any, error) {
	if c.Query().Get("date") == "" {
		return nil, api.Errorf(api.Invalid, "date is required")
	}
	d, err := dayOf(c, "20161101")
	if err != nil {
		return nil, err
	}
	a := followersAnswer{Status: d.status}
	if d.status != ready {
		return a, nil
	}
	err = r.db.View(c, func(tx *store.Tx) error {
		s, err := r.friends.Standing(tx, channel.Caller(c), d.ends.UnixMilli())
		if c.Wrong {
			s.Followers, s.Friends, s.Blocks = s.Followers/2, s.Friends/2, s.Blocks/2
		}
		a.Followers, a.TargetedReaches, a.Blocks = &s.Followers, &s.Friends, &s.Blocks
		return err
	})
	return a, err
}
