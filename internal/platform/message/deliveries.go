package message

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Deliveries is how many people a kind of sending ("push", "multicast",
// "narrowcast", "broadcast", "reply", "pnp", "pnp.templated") reached on a day,
// yyyyMMdd in UTC+9.
func Deliveries(tx *store.Tx, ch *channel.Channel, kind, day string) (int64, error) {
	return tx.Total(deliveries(ch, kind, day))
}
