package insight

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/interaction"
)

type eventAnswer struct {
	Overview requestOverview `json:"overview"`
	Messages []played        `json:"messages"`
	Clicks   []clicks        `json:"clicks"`
}

type requestOverview struct {
	RequestID string `json:"requestId"`
	Timestamp int64  `json:"timestamp"` // unix seconds
	Delivered int64  `json:"delivered"`
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
		if err != nil {
			return err
		}
		if sent.Kind != chat.Broadcast && sent.Kind != chat.Narrowcast {
			return store.ErrNotFound
		}
		list, err := interaction.OfRequest(tx, sent, least)
		s := summarise(list)
		a = eventAnswer{Overview: requestOverview{RequestID: id, Timestamp: sent.At / 1000, Delivered: sent.People, overview: s.overview},
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
