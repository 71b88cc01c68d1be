package audience

import (
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
)

// Room is the room.
type Room struct {
	db           *store.DB
	friends      *friend.Room
	interactions *interaction.Room
	queue        *outbox.Queue
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, interactions *interaction.Room, queue *outbox.Queue) *Room {
	return &Room{db, friends, interactions, queue}
}
