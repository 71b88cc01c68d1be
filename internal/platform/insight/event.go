package insight

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/message"
)

type eventAnswer struct {
	Overview requestOverview `json:"overview"`
	Messages []played        `json:"messages"`
	Clicks   []clicks        `json:"clicks"`
}

type requestOverview struct {
	RequestID string `json:"requestId"`
	Timestamp int64  `json:"timestamp"` // unix seconds
	Delivered *int64 `json:"delivered"` // nil, a null, while it is being sent
	overview  `json:",inline"`
}

// event tells what people did with a broadcast or narrowcast in the 14 days
// after it was sent.
// https://developers.line.biz/en/reference/messaging-api/#get-message-event
func (r *Room) event(c *api.Call) (any, error) {
	id := c.Query().Get("requestId")
	if id == "" {
		return nil, badRequest()
	}
	var a eventAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		sent, err := r.interactions.Sent(tx, channel.Caller(c).No, id)
		if errors.Is(err, store.ErrNotFound) {
			a, err = unsent(tx, channel.Caller(c), id)
			return err
		}
		if err != nil {
			return err
		}
		if sent.Kind != chat.Broadcast && sent.Kind != chat.Narrowcast {
			return store.ErrNotFound
		}
		list, err := interaction.OfRequest(tx, sent, least)
		s := summarise(list)
		a = eventAnswer{Overview: requestOverview{RequestID: id, Timestamp: sent.At / 1000, Delivered: &sent.People, overview: s.overview},
			Messages: []played{}, Clicks: s.clicks}
		for _, m := range s.messages {
			a.Messages = append(a.Messages, m.played)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.Errorf(api.NotFound, "Not found")
	}
	return a, err
}

// unsent is the answer for a narrowcast that is still being sent, or that
// reached nobody; store.ErrNotFound when it is none.
func unsent(tx *store.Tx, ch *channel.Channel, id string) (eventAnswer, error) {
	a := eventAnswer{Overview: requestOverview{RequestID: id}, Messages: []played{}, Clicks: []clicks{}}
	at, over, err := message.Narrowcast(tx, ch, id)
	if a.Overview.Timestamp = at / 1000; over {
		a.Overview.Delivered = new(int64)
	}
	return a, err
}
