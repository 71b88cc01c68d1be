package mission

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Room keeps the sets and who was given them.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	feed     *feed.Feed
}

// New makes the room.
func New(db *store.DB, channels *channel.Room, friends *friend.Room, feed *feed.Feed) *Room {
	return &Room{db, channels, friends, feed}
}
