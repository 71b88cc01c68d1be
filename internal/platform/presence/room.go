package presence

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Queue    *outbox.Queue
	Feed     *feed.Feed
}

// Room is the room.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	queue    *outbox.Queue
	feed     *feed.Feed
}

// New makes the room.
func New(c Config) *Room {
	r := &Room{db: c.DB, channels: c.Channels, friends: c.Friends, chats: c.Chats, queue: c.Queue, feed: c.Feed}
	c.Queue.Handle(kind, outbox.Handler{Run: r.over})
	return r
}
