package accountlink

import (
	"context"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Room is the room.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
}

// New makes the room.
func New(db *store.DB, channels *channel.Room, friends *friend.Room, chats *chat.Room) *Room {
	return &Room{db, channels, friends, chats}
}

// remembered is how long a token is kept after its end, to say what became of it.
const remembered = 24 * time.Hour

// Sweep clears old tokens away.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return r.db.Sweep(ctx, `DELETE FROM link_tokens WHERE token IN (SELECT token FROM link_tokens WHERE expires_at < $2 LIMIT $1)`,
		now.Add(-remembered).UnixMilli())
}
