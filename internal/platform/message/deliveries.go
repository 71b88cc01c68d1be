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

// Narrowcast tells when an account's narrowcast was accepted, in unix
// milliseconds, and whether it is over; store.ErrNotFound when the account sent
// no narrowcast by that request in the last 14 days.
func Narrowcast(tx *store.Tx, ch *channel.Channel, requestID string) (acceptedAt int64, over bool, err error) {
	n, err := findNarrowcast(tx, ch, requestID)
	return n.acceptedAt, n.completedAt != 0, err
}
