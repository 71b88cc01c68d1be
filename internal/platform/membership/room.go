package membership

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Hooks    *webhook.Room
	Feed     *feed.Feed
}

// Room keeps the plans and their members.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	hooks    *webhook.Room
	feed     *feed.Feed
}

// New makes the room.
func New(c Config) *Room {
	return &Room{db: c.DB, channels: c.Channels, friends: c.Friends, chats: c.Chats, hooks: c.Hooks, feed: c.Feed}
}
