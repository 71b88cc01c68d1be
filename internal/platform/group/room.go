package group

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Room is the room.
type Room struct {
	db      *store.DB
	friends *friend.Room
	chats   *chat.Room
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, chats *chat.Room) *Room {
	return &Room{db, friends, chats}
}
