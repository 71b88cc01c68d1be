package module

import (
	"context"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/token"
	"kaiwa/internal/platform/webhook"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Hooks    *webhook.Room
	Tokens   *token.Room
}

// Room keeps who is attached to whom.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	chats    *chat.Room
	hooks    *webhook.Room
	tokens   *token.Room
}

// New makes the room and lets modules share the events of their accounts; call
// it before the queue starts.
func New(c Config) *Room {
	r := &Room{db: c.DB, channels: c.Channels, friends: c.Friends, chats: c.Chats, hooks: c.Hooks, tokens: c.Tokens}
	c.Hooks.Share(r.shares)
	return r
}

// Sweep clears authorization codes away that can be used no more.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return r.db.Sweep(ctx, `DELETE FROM module_codes WHERE hash IN (SELECT hash FROM module_codes WHERE expires_at <= $2 LIMIT $1)`, now.UnixMilli())
}
