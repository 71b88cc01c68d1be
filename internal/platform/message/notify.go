package message

import (
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/object"
)

// LINE notification messages (pnp) are sends like others but for whom they
// reach and what they cost; here is what they share with the rest.

// Check holds the messages of a body against the rules of a kind of send.
// more is what else is wrong with the body; all of it is told together. The
// error is an *api.Error, Invalid.
func Check(messages []jsontext.Value, kind object.Kind, more ...api.Detail) ([]object.Message, error) {
	list, bad := object.Validate(messages, object.Options{Kind: kind})
	if bad != nil || len(more) > 0 {
		return nil, refusal(bad, more)
	}
	return list, nil
}

// Offered refuses coupon messages whose coupon is not the account's own.
func (r *Room) Offered(tx *store.Tx, ch *channel.Channel, messages []object.Message) error {
	return r.offered(tx, send{channel: ch, messages: messages})
}

// Missing is the detail for a required text that is not there; none where it is.
func Missing(property, value string) []api.Detail { return missing(property, value) }

// Count adds to the day's deliveries of a kind, without touching the quota.
func Count(tx *store.Tx, ch *channel.Channel, kind string, people int64) error {
	return count(tx, ch, kind, people)
}

// Delivered is the operation that tells how many messages of a kind were
// delivered on a day.
func (r *Room) Delivered(kind string) func(*api.Call) (any, error) { return r.delivered(kind) }
