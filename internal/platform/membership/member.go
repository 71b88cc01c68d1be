package membership

import (
	"errors"
	"strconv"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// User is what an account is told of a member.
type User struct {
	MembershipNo            int64  `json:"membershipNo"`
	JoinedTime              int64  `json:"joinedTime"`      // unix seconds
	NextBillingDate         string `json:"nextBillingDate"` // 2006-01-02 in UTC+9
	TotalSubscriptionMonths int    `json:"totalSubscriptionMonths"`
}

// Subscription is a plan that a person is in.
type Subscription struct {
	Membership Plan `json:"membership"`
	User       User `json:"user"`

	term term
}

type subscriptionAnswer struct {
	Subscriptions []Subscription `json:"subscriptions"`
}

// subscription says which of the account's plans a person is in; NotFound when
// in none, and when there is no such person.
// https://developers.line.biz/en/reference/messaging-api/#get-a-users-membership-subscription-status
func (r *Room) subscription(c *api.Call) (any, error) {
	userID := c.Path("userId")
	if !friend.UserID.MatchString(userID) {
		return nil, friend.InvalidParameter("userId")
	}
	var answer subscriptionAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		p, err := r.friends.Resolve(tx, userID)
		if err == nil {
			answer.Subscriptions, err = r.Subscriptions(tx, channel.Caller(c), p)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && len(answer.Subscriptions) == 0 {
		err = api.Errorf(api.NotFound, "Not found")
	}
	return answer, err
}

// Subscriptions lists the plans of an account that a person is in.
func (r *Room) Subscriptions(tx *store.Tx, ch *channel.Channel, p *friend.Person) ([]Subscription, error) {
	plans, err := r.Plans(tx, ch)
	if err != nil {
		return nil, err
	}
	var list []Subscription
	for _, o := range plans {
		s, err := subscribed(tx, o.Plan, p)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, *s)
	}
	return list, nil
}

// subscribed finds a person's place in a plan; store.ErrNotFound when they are not in it.
func subscribed(tx *store.Tx, of Plan, p *friend.Person) (*Subscription, error) {
	s := Subscription{Membership: of}
	var joined int64
	err := tx.Row(`SELECT member_no, joined_at, paid FROM membership_members WHERE person_no = $1 AND left_at = 0 AND membership_id = $2`,
		[]any{p.No, of.MembershipID}, &s.User.MembershipNo, &joined, &s.term.paid)
	if err != nil {
		return nil, err
	}
	s.term.joined = time.UnixMilli(joined)
	s.User.JoinedTime = s.term.joined.Unix()
	s.User.NextBillingDate, s.User.TotalSubscriptionMonths = s.term.nextBilling(tx.Now), s.term.months(tx.Now)
	return &s, nil
}

type usersAnswer struct {
	UserIDs []string `json:"userIds"`
	Next    string   `json:"next,omitzero"`
}

const (
	usersUsual = 300
	usersMost  = 1000
)

// users pages through a plan's members, those left out who are no friends of
// the account or blocked it; so a page may be shorter than asked for.
// https://developers.line.biz/en/reference/messaging-api/#get-membership-user-ids
func (r *Room) users(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	limit, ok := c.QueryInt("limit")
	if !ok || limit < 0 || limit > usersMost {
		return nil, friend.InvalidParameter("limit")
	}
	if limit == 0 { // the Go SDK sends limit=0 for the default
		limit = usersUsual
	}
	pages := "membership " + c.Path("membershipId")
	var from int64
	if start := c.Query().Get("start"); start != "" {
		if from, ok = ch.ReadPageToken(pages, start, c.Now); !ok {
			return nil, api.Errorf(api.Invalid, "Invalid start param")
		}
	}
	answer := usersAnswer{UserIDs: []string{}}
	err := r.db.View(c, func(tx *store.Tx) error {
		id, err := strconv.ParseInt(c.Path("membershipId"), 10, 64)
		if err != nil {
			return store.ErrNotFound
		}
		o, err := plan(tx, id)
		if err != nil {
			return err
		}
		if o.channelNo != ch.No {
			return store.ErrNotFound
		}
		people, next, err := window(tx, id, from, limit)
		if err != nil {
			return err
		}
		if next > 0 {
			answer.Next = ch.PageToken(pages, next, c.Now)
		}
		answer.UserIDs, err = r.known(tx, ch, people)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "Membership ID is not found")
	}
	return answer, err
}

// window reads up to limit members from a member number on, and the number that
// the next page begins with; 0 at the end.
func window(tx *store.Tx, membershipID, from, limit int64) (people []int64, next int64, err error) {
	err = tx.Each(`SELECT member_no, person_no FROM membership_members WHERE membership_id = $1 AND member_no >= $2 AND left_at = 0 ORDER BY member_no LIMIT $3`,
		[]any{membershipID, from, limit + 1}, func(scan func(...any) error) error {
			var no, person int64
			if err := scan(&no, &person); err != nil {
				return err
			}
			if len(people) == int(limit) {
				next = no
				return nil
			}
			people = append(people, person)
			return nil
		})
	return people, next, err
}

// known are the user ids of those who are friends.
func (r *Room) known(tx *store.Tx, ch *channel.Channel, people []int64) ([]string, error) {
	ids := []string{}
	for _, no := range people {
		p, err := r.friends.ByNo(tx, no)
		if err != nil {
			return nil, err
		}
		f, err := r.friends.Friendship(tx, ch, p)
		if err != nil {
			return nil, err
		}
		if f.State == friend.Friend {
			ids = append(ids, p.UserID)
		}
	}
	return ids, nil
}
