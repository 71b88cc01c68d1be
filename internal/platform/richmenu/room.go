package richmenu

import (
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Queue    *outbox.Queue
	Feed     *feed.Feed
	IDs      *id.Sequence
}

// Room is the room. It keeps nothing in memory.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	queue    *outbox.Queue
	feed     *feed.Feed
	ids      *id.Sequence
}

// New makes the room and takes up its part of the queue's work.
func New(c Config) *Room {
	r := &Room{db: c.DB, channels: c.Channels, friends: c.Friends, queue: c.Queue, feed: c.Feed, ids: c.IDs}
	c.Queue.Handle(bulkKind, outbox.Handler{Run: r.runBulk})
	c.Queue.Handle(batchKind, outbox.Handler{Run: r.runBatch})
	return r
}

// Change is what the feed tells of a "richMenu" change beside whom it concerns.
type Change struct {
	// Switched: the person did it by tapping, and the new menu stays open.
	Switched bool `json:"switched,omitzero"`
}

// changed tells, after the commit, that people are shown another menu than
// before; no userIDs means everybody who can open the account's chat.
func (r *Room) changed(tx *store.Tx, ch *channel.Channel, what Change, userIDs ...string) {
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "richMenu", ChannelID: ch.ID, UserIDs: userIDs, ChatID: ch.ID, Data: what})
	})
}
