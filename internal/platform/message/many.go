package message

import (
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
)

type multicastBody struct {
	envelope `json:",inline"`
	To       []string `json:"to"`
	Units    []string `json:"customAggregationUnits"`
}

// multicastMost is how many people one multicast may name.
const multicastMost = 500

// multicast sends to up to 500 people. Those whom it cannot reach are left out
// in silence, unknown ones too; one who is named twice gets it once.
// https://developers.line.biz/en/reference/messaging-api/#send-multicast-message
func (r *Room) multicast(c *api.Call, in multicastBody) (any, error) {
	var more []api.Detail
	if len(in.To) < 1 || len(in.To) > multicastMost {
		more = []api.Detail{{Message: fmt.Sprintf("Size must be between 1 and %d", multicastMost), Property: "to"}}
	}
	s, err := check(c, in.envelope, object.Multicast, chat.Multicast, more...)
	if err != nil {
		return nil, err
	}
	for i, to := range in.To {
		if !friend.UserID.MatchString(to) {
			return nil, invalidProperty(fmt.Sprintf("to[%d]", i))
		}
	}
	if s.unit, err = unit(in.Units); err != nil {
		return nil, err
	}
	_, err = r.once(s, func(tx *store.Tx) ([]int64, error) {
		s := s
		if err := r.enterUnit(tx, &s); err != nil {
			return nil, err
		}
		set, err := r.reached(tx, s.channel, in.To)
		if err != nil {
			return nil, err
		}
		return r.toSet(tx, s, set)
	})
	return api.Object{}, err
}

// reached are the friend numbers of those whom a send gets to.
func (r *Room) reached(tx *store.Tx, ch *channel.Channel, userIDs []string) (*roaring.Bitmap, error) {
	set := roaring.New()
	for _, id := range userIDs {
		p, err := r.friends.Resolve(tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != ch.Provider {
			continue
		}
		if err != nil {
			return nil, err
		}
		f, err := r.friends.Friendship(tx, ch, p)
		if err != nil {
			return nil, err
		}
		if f.State == friend.Friend {
			set.Add(uint32(f.FriendNo))
		}
	}
	return set, nil
}

// toSet sends to exactly these friends.
func (r *Room) toSet(tx *store.Tx, s send, set *roaring.Bitmap) ([]int64, error) {
	n := int64(set.GetCardinality())
	if n == 0 {
		return r.vanish(tx, s), nil
	}
	if err := charge(tx, s.channel, s.origin.String(), n); err != nil {
		return nil, err
	}
	set.RunOptimize()
	recipients, err := set.ToBytes()
	if err != nil {
		return nil, err
	}
	return r.chats.SendToMany(tx, s.channel, chat.ToManySend{Drafts: s.drafts(nil), Count: n, Recipients: recipients})
}

// broadcast sends to all friends: one row, however many they are.
// https://developers.line.biz/en/reference/messaging-api/#send-broadcast-message
func (r *Room) broadcast(c *api.Call, in envelope) (any, error) {
	s, err := check(c, in, object.Broadcast, chat.Broadcast)
	if err != nil {
		return nil, err
	}
	_, err = r.once(s, func(tx *store.Tx) ([]int64, error) {
		n, err := r.friends.Reach(tx, s.channel)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return r.vanish(tx, s), nil
		}
		if err := charge(tx, s.channel, "broadcast", n); err != nil {
			return nil, err
		}
		return r.chats.SendToMany(tx, s.channel, chat.ToManySend{Drafts: s.drafts(nil), Count: n})
	})
	return api.Object{}, err
}
