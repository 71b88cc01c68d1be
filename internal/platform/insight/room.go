package insight

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
)

// Room is the room.
type Room struct {
	db           *store.DB
	friends      *friend.Room
	interactions *interaction.Room
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, interactions *interaction.Room) *Room {
	return &Room{db, friends, interactions}
}
