package pnp

import (
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/webhook"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Hooks    *webhook.Room
	Messages *message.Room
	Seq      *id.Sequence
}

// Room sends by phone number.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	hooks    *webhook.Room
	messages *message.Room
	seq      *id.Sequence
}

// New makes the room.
func New(c Config) *Room {
	return &Room{db: c.DB, channels: c.Channels, friends: c.Friends, chats: c.Chats, hooks: c.Hooks, messages: c.Messages, seq: c.Seq}
}

// The kinds, as the counters of deliveries name them.
const (
	flexible  = "pnp"
	templated = "pnp.templated"
)
