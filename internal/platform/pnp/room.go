package pnp

import (
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// Room is the room.
type Room struct {
	db      *store.DB
	friends *friend.Room
	chats   *chat.Room
	hooks   *webhook.Room
	queue   *outbox.Queue
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, chats *chat.Room, hooks *webhook.Room, queue *outbox.Queue) *Room {
	return &Room{db, friends, chats, hooks, queue}
}
