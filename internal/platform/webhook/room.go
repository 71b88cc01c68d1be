package webhook

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Config is what the room works with.
type Config struct {
	DB       *store.DB
	Queue    *outbox.Queue
	Channels *channel.Room
	Clock    *clock.Clock
	Seq      *id.Sequence
	Faults   *fault.Set
	Feed     *feed.Feed
	Log      *slog.Logger
	// PublicOnly keeps webhooks to https and public addresses, as on the
	// platform; otherwise http and this machine's own addresses do as well.
	PublicOnly bool
}

// Room keeps the events and delivers them.
type Room struct {
	db       *store.DB
	queue    *outbox.Queue
	channels *channel.Room
	seq      *id.Sequence
	feed     *feed.Feed
	log      *slog.Logger
	public   atomic.Bool
	sender   *sender
	builtin  func(ctx context.Context, ch *channel.Channel, body []byte) error
	shares   func(tx *store.Tx, ch *channel.Channel, e Event) ([]Share, error)
	counts   [len(reasons)]atomic.Int64

	mu       sync.Mutex
	underway map[int64]*attempt // claimed and not yet run, by item
}

// The queue's kind of this room's items.
const kind = "webhook"

// window is how many events of one channel may be under way at once, each of
// another chat.
const window = 64

// New makes the room and gives the queue its handler; call it before the queue starts.
func New(cfg Config) *Room {
	r := &Room{db: cfg.DB, queue: cfg.Queue, channels: cfg.Channels, seq: cfg.Seq, feed: cfg.Feed, log: cfg.Log,
		underway: map[int64]*attempt{}}
	r.public.Store(cfg.PublicOnly)
	r.sender = newSender(cfg.Faults, &r.public)
	cfg.Queue.Handle(kind, outbox.Handler{Window: window, Claim: r.claim, Run: r.run, Interrupted: r.interrupted})
	return r
}

// SetPublicOnly changes Config.PublicOnly: another world may say otherwise.
func (r *Room) SetPublicOnly(public bool) {
	r.public.Store(public)
	r.sender.transport.CloseIdleConnections() // they were judged by the old rule
}

// Builtin sets the bot that gets, in this process, the events of channels that
// want it and have no endpoint URL: through the same queue, with the same signatures
// and log. Its error is an attempt that failed. Call it before the queue starts.
func (r *Room) Builtin(answer func(ctx context.Context, ch *channel.Channel, body []byte) error) {
	r.builtin = answer
}

// builtinURL stands in the log where the built-in bot was called.
const builtinURL = "builtin:"

// target is where the channel's events go now; empty when they go nowhere.
func (r *Room) target(ch *channel.Channel) string {
	switch {
	case ch == nil, !ch.Webhook.Active:
		return ""
	case ch.Webhook.Endpoint != "":
		return ch.Webhook.Endpoint
	case r.builtin != nil && ch.Config.BuiltInBot:
		return builtinURL
	}
	return ""
}

// Attempts counts the delivery attempts that ended since the start, by reason;
// "ok" is success. Tests of an endpoint do not count, as on the platform.
func (r *Room) Attempts() map[string]int64 {
	m := make(map[string]int64, len(reasons))
	for i, reason := range reasons {
		m[reason] = r.counts[i].Load()
	}
	return m
}

func (r *Room) count(reason string) {
	for i, known := range reasons {
		if known == reason {
			r.counts[i].Add(1)
		}
	}
}

// notice is what listeners of the feed learn of an event.
type notice struct {
	EventID string `json:"webhookEventId"`
	Type    string `json:"type,omitzero"`
	Status  string `json:"status"`
	Attempt int    `json:"attempt,omitzero"`
	Reason  string `json:"reason,omitzero"`
}

// nobody keeps a change from the people's own streams: webhooks concern the bot alone.
var nobody = []string{}

func (r *Room) publish(channelID string, n notice) {
	if !r.feed.Followed() {
		return
	}
	r.feed.Publish(feed.Change{Type: kind, ChannelID: channelID, UserIDs: nobody, Data: n})
}

// millis reads a stored time.
func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
