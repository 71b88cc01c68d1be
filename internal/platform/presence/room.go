package presence

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Room is the room.
type Room struct {
	db      *store.DB
	friends *friend.Room
	chats   *chat.Room
	feed    *feed.Feed
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, chats *chat.Room, f *feed.Feed) *Room {
	return &Room{db, friends, chats, f}
}
