package audience

import (
	"context"
	"errors"
	"time"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
)

// Config is what the room stands on.
type Config struct {
	DB           *store.DB
	Channels     *channel.Room
	Friends      *friend.Room
	Interactions *interaction.Room
	Queue        *outbox.Queue
}

// Room keeps the audiences.
type Room struct {
	db           *store.DB
	channels     *channel.Room
	friends      *friend.Room
	interactions *interaction.Room
	queue        *outbox.Queue
}

// New makes the room and gives the queue its handlers.
func New(c Config) *Room {
	r := &Room{db: c.DB, channels: c.Channels, friends: c.Friends, interactions: c.Interactions, queue: c.Queue}
	c.Queue.Handle(kindUpload, outbox.Handler{Run: r.runJob})
	c.Queue.Handle(kindSnapshot, outbox.Handler{Run: r.runSnapshot})
	return r
}

// Sweep clears away what expired a month ago.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(r.db.Sweep(ctx, `DELETE FROM audiences WHERE id IN
			(SELECT id FROM audiences WHERE expires_at <> 0 AND expires_at <= $2 LIMIT $1)`, now.Add(-afterlife).UnixMilli()),
		r.db.Sweep(ctx, `DELETE FROM audience_jobs WHERE id IN (SELECT j.id FROM audience_jobs j
			WHERE NOT EXISTS (SELECT 1 FROM audiences a WHERE a.id = j.audience_id) LIMIT $1)`),
		r.db.Sweep(ctx, `DELETE FROM audience_parts WHERE (audience_id, job_id, n) IN (SELECT p.audience_id, p.job_id, p.n FROM audience_parts p
			WHERE NOT EXISTS (SELECT 1 FROM audiences a WHERE a.id = p.audience_id) LIMIT $1)`))
}
