// Package outbox is the one durable queue: work that a transaction promises is
// put into it in that same transaction, and happens after the commit.
//
// An item belongs to a group (whose slowness must not touch other groups: a
// channel) and a lane in it (whose items keep their order: a chat). Each attempt
// is recorded and synced before it is made, so that after a crash an item is
// known as never tried or as perhaps tried.
//
// It owns the outbox table and when items run. What an item means, and what a
// failed attempt leads to, is its handler's. One process works on a database.
package outbox
