package group

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// count counts the people, friends or not; accounts are no people.
// https://developers.line.biz/en/reference/messaging-api/#get-members-group-count
func (r *Room) count(s sort) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		var n int64
		err := r.in(c, s, func(tx *store.Tx, g *chat.Chat) (err error) {
			n, err = r.chats.CountPeople(tx, g)
			return err
		})
		return map[string]int64{"count": n}, err
	}
}

// pageOf is how many user ids one answer holds.
const pageOf = 100

type memberIDsAnswer struct {
	MemberIDs []string `json:"memberIds"`
	Next      string   `json:"next,omitzero"`
}

// memberIDs pages through the people, friends or not: 100 a page, and a token
// for the next that lasts 24 hours. Verified and premium accounts only.
// https://developers.line.biz/en/reference/messaging-api/#get-group-member-user-ids
func (r *Room) memberIDs(s sort) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		ch := channel.Caller(c)
		if !ch.Verified() {
			return nil, api.Errorf(api.Forbidden, "Access to this API is not available for your account")
		}
		answer := memberIDsAnswer{MemberIDs: []string{}}
		err := r.in(c, s, func(tx *store.Tx, g *chat.Chat) error {
			list := "members " + g.Peer
			var after int64
			if start := c.Query().Get("start"); start != "" {
				var ok bool
				if after, ok = ch.ReadPageToken(list, start, c.Now); !ok {
					return api.Errorf(api.Invalid, "Invalid start param")
				}
			}
			people, err := r.chats.PeopleAfter(tx, g, after, pageOf+1)
			if err != nil {
				return err
			}
			if len(people) > pageOf {
				people = people[:pageOf]
				answer.Next = ch.PageToken(list, people[pageOf-1].No, c.Now)
			}
			for _, p := range people {
				answer.MemberIDs = append(answer.MemberIDs, p.UserID)
			}
			return nil
		})
		return answer, err
	}
}

type profileAnswer struct {
	DisplayName string `json:"displayName"`
	UserID      string `json:"userId"`
	PictureURL  string `json:"pictureUrl,omitzero"`
}

// profile tells a member's name and picture, be they a friend, a stranger or
// somebody who blocked the account; language and status message are for friends.
// https://developers.line.biz/en/reference/messaging-api/#get-group-member-profile
func (r *Room) profile(s sort) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		if _, err := s.id(c); err != nil {
			return nil, err
		}
		userID := c.Path("userId")
		if !friend.UserID.MatchString(userID) {
			return nil, friend.InvalidParameter("userId")
		}
		var answer profileAnswer
		err := r.in(c, s, func(tx *store.Tx, g *chat.Chat) error {
			p, err := r.friends.Resolve(tx, userID)
			if err != nil {
				return err
			}
			in, err := r.chats.HasPerson(tx, g, p)
			if err == nil && !in {
				err = store.ErrNotFound
			}
			answer = profileAnswer{p.Profile.DisplayName, p.UserID, p.Profile.PictureURL}
			return err
		})
		return answer, err
	}
}
