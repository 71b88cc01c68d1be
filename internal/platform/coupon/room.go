package coupon

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Room is the room.
type Room struct {
	db      *store.DB
	friends *friend.Room
}

// New makes the room.
func New(db *store.DB, friends *friend.Room) *Room {
	return &Room{db, friends}
}
