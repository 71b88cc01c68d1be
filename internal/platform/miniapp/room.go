package miniapp

import (
	"context"
	"time"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Login    *login.Room
	Feed     *feed.Feed
}

// Room is the room.
type Room struct{ Config }

// New makes the room.
func New(c Config) *Room { return &Room{c} }

// Sweep clears tokens away that have expired. What they have sent stays.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return r.DB.Sweep(ctx, `DELETE FROM notifier_tokens WHERE liff_hash IN (SELECT liff_hash FROM notifier_tokens WHERE expires_at <= $2 LIMIT $1)`,
		now.UnixMilli())
}
