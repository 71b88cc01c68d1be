package shop

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Queue    *outbox.Queue
	Feed     *feed.Feed
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	// Now is the server's clock: rate limits and timestamps follow it.
	Now func() time.Time
}

// Room keeps the shops.
type Room struct {
	db       *store.DB
	queue    *outbox.Queue
	feed     *feed.Feed
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	now      func() time.Time
	calls    limit.Windows
}

// New makes the room.
func New(c Config) *Room {
	r := &Room{db: c.DB, queue: c.Queue, feed: c.Feed, channels: c.Channels, friends: c.Friends, chats: c.Chats, now: c.Now}
	r.queue.Handle(expiry, outbox.Handler{Run: r.expire})
	return r
}

// LimitsOff switches the rate limits off, or on again.
func (r *Room) LimitsOff(off bool) { r.calls.Off(off) }

// Forget gives every key its full rate limits again, as a reset of the world does.
func (r *Room) Forget() { r.calls.Reset() }

// Shop is a shop of an official account.
type Shop struct {
	No     int64
	Name   string
	APIKey string
	// ChannelID is its official account's channel, "" when it has none here.
	ChannelID string
}

// caller is the shop whose key a call carries.
func caller(c *api.Call) *Shop { return c.Principal.(*Shop) }

// view reads for the calling shop.
func view[T any](r *Room, c *api.Call, read func(*store.Tx, *Shop) (T, error)) (out T, err error) {
	err = r.db.View(c, func(tx *store.Tx) error {
		out, err = read(tx, caller(c))
		return err
	})
	return out, err
}

// update changes something of the calling shop.
func update[T any](r *Room, c *api.Call, change func(*store.Tx, *Shop) (T, error)) (out T, err error) {
	err = r.db.Update(c, func(tx *store.Tx) error {
		out, err = change(tx, caller(c))
		return err
	})
	return out, err
}
