package shop

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// notify tells the buyer of a shipped order so, in the chat with the official
// account that the shop belongs to. Who is no friend of it, or has blocked it,
// hears nothing. It costs the account nothing of its monthly quota.
func (r *Room) notify(tx *store.Tx, o *order) error {
	s, err := readShop(tx, o.shopNo)
	if err != nil || s.ChannelID == "" || o.userID == "" {
		return err
	}
	ch := r.channels.Get(s.ChannelID)
	if ch == nil {
		return nil
	}
	p, err := r.friends.Resolve(tx, o.userID)
	if err != nil || p.Provider != ch.Provider {
		return ignoring(err)
	}
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State != friend.Friend {
		return err
	}
	c, err := r.chats.OneOnOne(tx, ch, p)
	if err != nil {
		return err
	}
	body, err := api.Encode(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"text", o.shippedText()})
	if err != nil {
		return err
	}
	_, err = r.chats.Send(tx, ch, chat.Draft{Chat: c, Origin: chat.Push, Type: "text", Body: jsontext.Value(body), RequestID: id.UUID()})
	return err
}

// ignoring forgives that the buyer is nobody of this world any more.
func ignoring(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func (o *Order) shippedText() string {
	text := "Your order " + o.OrderNumber + " is on its way."
	if d := o.ShipmentDetail; d.TrackingNumber != "" {
		text += "\nTracking number: " + d.TrackingNumber
	}
	if d := o.ShipmentDetail; d.TrackingURL != "" {
		text += "\n" + d.TrackingURL
	}
	return text
}
