package message

import (
	"errors"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
)

type pushBody struct {
	envelope `json:",inline"`
	To       string   `json:"to"`
	Units    []string `json:"customAggregationUnits"`
}

var (
	errSend = api.Errorf(api.Invalid, "Failed to send messages")
)

// pushTarget says whether a text has the form of a user, group or room id. By
// hand, because a regular expression would take as long as the rest of the checks.
func pushTarget(id string) bool {
	if len(id) != 33 || id[0] != 'U' && id[0] != 'C' && id[0] != 'R' {
		return false
	}
	for _, c := range []byte(id[1:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// strangerSpan is how long an account may push to somebody who is no friend but wrote to it.
const strangerSpan = 7 * 24 * time.Hour

// push sends to a person, group or room. People who blocked the account or are
// no friends of it get nothing, though the answer is the same.
// https://developers.line.biz/en/reference/messaging-api/#send-push-message
func (r *Room) push(c *api.Call, in pushBody) (any, error) {
	s, err := check(c, in.envelope, object.Push, chat.Push, missing("to", in.To)...)
	if err != nil {
		return nil, err
	}
	if !pushTarget(in.To) {
		return nil, invalidProperty("to")
	}
	if s.unit, err = unit(in.Units); err != nil {
		return nil, err
	}
	return r.once(s, func(tx *store.Tx) ([]int64, error) {
		s := s
		if err := r.enterUnit(tx, &s); err != nil {
			return nil, err
		}
		if in.To[0] == 'U' {
			return r.pushToPerson(tx, s, in.To)
		}
		return r.pushToGroup(tx, s, in.To)
	})
}

func (r *Room) pushToPerson(tx *store.Tx, s send, userID string) ([]int64, error) {
	p, err := r.friends.Resolve(tx, userID)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != s.channel.Provider {
		return nil, errSend
	}
	if err != nil {
		return nil, err
	}
	reached, err := r.reaches(tx, s.channel, p)
	if err != nil {
		return nil, err
	}
	if !reached {
		return r.vanish(tx, s), nil
	}
	to, err := r.chats.OneOnOne(tx, s.channel, p)
	if err != nil {
		return nil, err
	}
	if err := r.fits(tx, s, to); err != nil {
		return nil, err
	}
	if err := charge(tx, s.channel, "push", 1); err != nil {
		return nil, err
	}
	return r.chats.Send(tx, s.channel, s.drafts(to)...)
}

// reaches: friends, and those who wrote to the account in the last seven days
// and did not block it.
func (r *Room) reaches(tx *store.Tx, ch *channel.Channel, p *friend.Person) (bool, error) {
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State != friend.None {
		return f.State == friend.Friend, err
	}
	at, err := r.friends.LastWrote(tx, ch, p)
	return at > 0 && tx.Millis()-at <= strangerSpan.Milliseconds(), err
}

// vanish gives ids to messages that nobody will see.
func (r *Room) vanish(tx *store.Tx, s send) []int64 {
	ids := make([]int64, len(s.messages))
	for i := range ids {
		ids[i] = r.chats.NextID(tx)
	}
	return ids
}

func (r *Room) pushToGroup(tx *store.Tx, s send, peer string) ([]int64, error) {
	to, err := r.chats.Shared(tx, peer)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errSend
	}
	if err != nil {
		return nil, err
	}
	if in, err := r.chats.HasChannel(tx, to, s.channel); err != nil {
		return nil, err
	} else if !in {
		return nil, errSend
	}
	m, err := r.chats.Members(tx, to)
	if err != nil {
		return nil, err
	}
	if err := r.fits(tx, s, to); err != nil {
		return nil, err
	}
	if err := charge(tx, s.channel, "push", int64(len(m.People))); err != nil {
		return nil, err
	}
	return r.chats.Send(tx, s.channel, s.drafts(to)...)
}
