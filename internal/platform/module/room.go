package module

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/token"
	"kaiwa/internal/platform/webhook"
)

// Room is the room.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	hooks    *webhook.Room
	tokens   *token.Room
}

// New makes the room.
func New(db *store.DB, channels *channel.Room, friends *friend.Room, chats *chat.Room, hooks *webhook.Room, tokens *token.Room) *Room {
	return &Room{db, channels, friends, chats, hooks, tokens}
}
