package message

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/object"
)

type narrowcastBody struct {
	envelope  `json:",inline"`
	Recipient *recipient `json:"recipient"`
	Filter    *struct {
		Demographic *demographic `json:"demographic"`
	} `json:"filter"`
	Limit *struct {
		Max       *int32 `json:"max"`
		UpToQuota bool   `json:"upToRemainingQuota"`
		Forbid    bool   `json:"forbidPartialDelivery"`
	} `json:"limit"`
}

// order is what a narrowcast was asked to do, as it is kept until it is done.
type order struct {
	Messages  []part       `json:"messages"`
	Silent    bool         `json:"silent,omitzero"`
	Recipient *recipient   `json:"recipient,omitzero"`
	Filter    *demographic `json:"filter,omitzero"`
	Max       int64        `json:"max,omitzero"`
	UpToQuota bool         `json:"upToQuota,omitzero"`
	Forbid    bool         `json:"forbid,omitzero"`
}

// part is one message of an order.
type part struct {
	Type string         `json:"type"`
	Body jsontext.Value `json:"body"`
}

// reachLeast is how many friends an account needs to use attributes.
const reachLeast = 100

// How long a narrowcast waits, and how long it is being sent: long enough to be
// seen in these phases, short enough to wait for.
const (
	waitingSpan = 3 * time.Second
	sendingSpan = time.Second
)

// narrowcast accepts a message for those friends whom audiences, earlier
// narrowcasts and attributes select. It is carried out later; the request's id
// tells of its progress. 403 when attributes are used by an account with fewer
// than 100 friends, 429 when the month's quota has no room for what it may send.
// https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message
func (r *Room) narrowcast(c *api.Call, in narrowcastBody) (any, error) {
	o := order{Silent: in.NotificationDisabled, Recipient: in.Recipient}
	more := in.Recipient.check()
	if in.Filter != nil && in.Filter.Demographic != nil {
		o.Filter = in.Filter.Demographic
		more = append(more, o.Filter.check()...)
	}
	if l := in.Limit; l != nil {
		o.UpToQuota, o.Forbid = l.UpToQuota, l.Forbid
		if l.Max != nil && *l.Max < 1 {
			more = append(more, api.Detail{Message: "Must be greater than or equal to 1", Property: "limit.max"})
		} else if l.Max != nil {
			o.Max = int64(*l.Max)
		}
	}
	s, err := check(c, in.envelope, object.Narrowcast, chat.Narrowcast, more...)
	if err != nil {
		return nil, err
	}
	if o.Forbid && !o.UpToQuota {
		return nil, api.Errorf(api.Invalid, "The option forbidPartialDelivery must be used with upToRemainingQuota.")
	}
	for _, m := range s.messages {
		o.Messages = append(o.Messages, part{m.Type, m.Raw})
	}
	_, err = r.once(s, func(tx *store.Tx) ([]int64, error) { return nil, r.accept(tx, s, o) })
	return api.Status{Code: 202, Body: api.Object{}}, err
}

// accept reserves what the narrowcast may send and promises to carry it out.
func (r *Room) accept(tx *store.Tx, s send, o order) error {
	if err := r.known(tx, s.channel, o.Recipient); err != nil {
		return err
	}
	reach, err := r.friends.Reach(tx, s.channel)
	if err != nil {
		return err
	}
	if o.Filter != nil && reach < reachLeast {
		return api.Errorf(api.Forbidden, "Your account does not have enough friends")
	}
	n := narrowcast{requestID: s.call.RequestID, channelNo: s.channel.No, acceptedAt: tx.Millis(), phase: waiting, order: o}
	if n.reserved, err = reservation(tx, s.channel, o, reach); err != nil {
		return err
	}
	if err := n.insert(tx); err != nil {
		return err
	}
	if err := tx.Add(reserved(s.channel), n.reserved); err != nil {
		return err
	}
	return r.queue.Put(tx, outbox.Item{Kind: narrowcasts, Group: s.channel.ID, Lane: n.requestID, Payload: n.requestID, Due: tx.Now.Add(waitingSpan)})
}

// reservation is how many messages a narrowcast may send at most: as many as
// there are friends, however few it selects, unless its limit says less.
// https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-limit
func reservation(tx *store.Tx, ch *channel.Channel, o order, reach int64) (int64, error) {
	left, err := room(tx, ch)
	if err != nil {
		return 0, err
	}
	n := reach
	if o.Max > 0 {
		n = min(n, o.Max)
	}
	if o.UpToQuota && left > 0 {
		n = min(n, left)
	}
	if n > left {
		return 0, errQuota
	}
	return n, nil
}

// most is how many it sends at most when it is to begin: what was reserved, or
// with no limit asked for, all that the quota has room for by then.
func (n narrowcast) most(tx *store.Tx, ch *channel.Channel) (int64, error) {
	if n.order.Max > 0 || n.order.UpToQuota {
		return n.reserved, nil
	}
	left, err := room(tx, ch)
	return n.reserved + max(left, 0), err
}

// drafts are the messages of the order as they will stand in a chat.
func (n narrowcast) drafts() []chat.Draft {
	list := make([]chat.Draft, len(n.order.Messages))
	for i, m := range n.order.Messages {
		list[i] = chat.Draft{Origin: chat.Narrowcast, Type: m.Type, Body: m.Body, RequestID: n.requestID, Silent: n.order.Silent}
	}
	return list
}

// wrong is one detail of a refusal.
func wrong(property, format string, args ...any) []api.Detail {
	return []api.Detail{{Message: fmt.Sprintf(format, args...), Property: property}}
}
