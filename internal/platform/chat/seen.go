package chat

import (
	"errors"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Seen is one message as the person sees it in the chat; store.ErrNotFound when
// it does not stand there.
func (r *Room) Seen(tx *store.Tx, p *friend.Person, c *Chat, messageID string) (Line, error) {
	m, err := r.message(tx, messageID)
	if err != nil {
		return Line{}, err
	}
	// The page that ends with it is found by the point just after it.
	just := point{m.sentAt, m.id + 1}
	lines, err := r.own(tx, p, c, 1, just)
	if err != nil {
		return Line{}, err
	}
	if c.Kind == User {
		many, err := r.fromMany(tx, p, c, 1, just)
		if err != nil {
			return Line{}, err
		}
		lines = append(lines, many...)
	}
	for _, l := range lines {
		if l.ID == m.id {
			return l, nil
		}
	}
	return Line{}, store.ErrNotFound
}

func notFoundIsNil(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func trackingID(body string) string {
	var v struct {
		TrackingID string `json:"trackingId"`
	}
	if json.Unmarshal([]byte(body), &v) != nil {
		return ""
	}
	return v.TrackingID
}
