package membership

import (
	"errors"
	"strconv"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// The types of the membership event.
const (
	joined  = "joined"
	left    = "left"
	renewed = "renewed"
)

// Change has a person join, leave or renew a plan, and tells its account. Who
// joins one plan leaves the account's other that they are in: a change of plans
// is told by two events. It gives the webhook event ids.
// https://developers.line.biz/en/reference/messaging-api/#membership-event
func (r *Room) Change(tx *store.Tx, p *friend.Person, membershipID int64, kind string) ([]string, error) {
	if kind != joined && kind != left && kind != renewed {
		return nil, api.Errorf(api.Invalid, "membershipType: joined, left or renewed")
	}
	o, ch, err := r.offered(tx, p, membershipID)
	if err != nil {
		return nil, err
	}
	s, err := subscribed(tx, o.Plan, p)
	in := err == nil
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return nil, err
	case in && kind == joined:
		return nil, api.Errorf(api.Conflict, "membershipId: %s is in plan %d already", p.UserID, membershipID)
	case !in && kind != joined:
		return nil, api.Errorf(api.Conflict, "membershipId: %s is not in plan %d", p.UserID, membershipID)
	}
	switch kind {
	case joined:
		return r.join(tx, p, ch, o)
	case left:
		return r.leave(tx, p, ch, s)
	}
	_, err = tx.Exec(`UPDATE membership_members SET paid = $3 WHERE membership_id = $1 AND member_no = $2`,
		membershipID, s.User.MembershipNo, s.term.renewed(tx.Now).paid)
	if err != nil {
		return nil, err
	}
	return r.tell(tx, p, ch, content{renewed, membershipID})
}

// offered finds a plan of an account of the person's provider.
func (r *Room) offered(tx *store.Tx, p *friend.Person, membershipID int64) (*Offer, *channel.Channel, error) {
	o, err := plan(tx, membershipID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, nil, err
	}
	if err == nil {
		if ch := r.channels.ByNo(o.channelNo); ch != nil && ch.Provider == p.Provider {
			return o, ch, nil
		}
	}
	return nil, nil, api.Errorf(api.NotFound, "membershipId: there is no membership plan %d", membershipID)
}

func (r *Room) join(tx *store.Tx, p *friend.Person, ch *channel.Channel, o *Offer) ([]string, error) {
	switch {
	case !o.IsPublished:
		return nil, api.Errorf(api.Conflict, "membershipId: plan %d takes nobody new, it is not published", o.MembershipID)
	case o.MemberLimit != nil && o.MemberCount >= *o.MemberLimit:
		return nil, api.Errorf(api.Conflict, "membershipId: plan %d has %d members, its limit", o.MembershipID, o.MemberCount)
	}
	var ids []string
	others, err := r.Subscriptions(tx, ch, p)
	if err != nil {
		return nil, err
	}
	for _, s := range others {
		more, err := r.leave(tx, p, ch, &s)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	var no int64
	if err := tx.Row(`SELECT COALESCE(MAX(member_no), 0) + 1 FROM membership_members WHERE membership_id = $1`, []any{o.MembershipID}, &no); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO membership_members (membership_id, member_no, person_no, joined_at, left_at, paid) VALUES ($1, $2, $3, $4, 0, 1)`,
		o.MembershipID, no, p.No, tx.Millis())
	if err != nil {
		return nil, err
	}
	if err := tx.Add(members(o.MembershipID), 1); err != nil {
		return nil, err
	}
	more, err := r.tell(tx, p, ch, content{joined, o.MembershipID})
	return append(ids, more...), err
}

func (r *Room) leave(tx *store.Tx, p *friend.Person, ch *channel.Channel, s *Subscription) ([]string, error) {
	id := s.Membership.MembershipID
	_, err := tx.Exec(`UPDATE membership_members SET left_at = $3 WHERE membership_id = $1 AND member_no = $2`, id, s.User.MembershipNo, tx.Millis())
	if err != nil {
		return nil, err
	}
	if err := tx.Add(members(id), -1); err != nil {
		return nil, err
	}
	return r.tell(tx, p, ch, content{left, id})
}

// content is what the event says.
type content struct {
	Type         string `json:"type"`
	MembershipID int64  `json:"membershipId"`
}

func (r *Room) tell(tx *store.Tx, p *friend.Person, ch *channel.Channel, what content) ([]string, error) {
	c, err := r.chats.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	e, err := r.hooks.Emit(tx, ch, webhook.Event{Type: "membership", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No,
		Lane: strconv.FormatInt(c.No, 36), Members: []api.Member{{Name: "membership", Value: what}}})
	if err != nil {
		return nil, err
	}
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "membership", ChannelID: ch.ID, UserIDs: []string{p.UserID}, Data: what})
	})
	return []string{e.EventID}, nil
}
