package pnp

import (
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/webhook"
)

// notification is an accepted LINE notification message, as it also waits in the store.
type notification struct {
	Kind      string    `json:"kind"`
	Data      string    `json:"data"` // what the delivery event says
	RequestID string    `json:"requestId"`
	Silent    bool      `json:"silent,omitzero"`
	Messages  []content `json:"messages"`
}

// content is one message object with its type.
type content struct {
	Type string         `json:"type"`
	Body jsontext.Value `json:"body"`
}

// deliver puts the messages into the person's chat with the account, counts
// them and tells the account by a delivery event, whose id it gives. Who has
// blocked the account gets nothing, and nobody is told.
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/message-sending-complete-webhook-event/
func (r *Room) deliver(tx *store.Tx, ch *channel.Channel, p *friend.Person, n notification) ([]string, error) {
	f, err := r.friends.Friendship(tx, ch, p)
	if err != nil || f.State == friend.Blocked {
		return nil, err
	}
	c, err := r.chats.OneOnOne(tx, ch, p)
	if err != nil {
		return nil, err
	}
	drafts := make([]chat.Draft, len(n.Messages))
	for i, m := range n.Messages {
		drafts[i] = chat.Draft{Chat: c, Origin: chat.Push, Type: m.Type, Body: m.Body, RequestID: n.RequestID, Silent: n.Silent}
	}
	if _, err := r.chats.Send(tx, ch, drafts...); err != nil {
		return nil, err
	}
	if err := message.Count(tx, ch, n.Kind, 1); err != nil {
		return nil, err
	}
	e, err := r.hooks.Emit(tx, ch, webhook.Event{Type: "delivery", Lane: n.Data,
		Members: []api.Member{{Name: "delivery", Value: map[string]string{"data": n.Data}}}})
	return []string{e.EventID}, err
}
