package interaction_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/testkit"
)

// world is the rooms alone: one account and so many friends of a crowd.
type world struct {
	t       testing.TB
	db      *store.DB
	talk    *chat.Room
	friends *friend.Room
	shop    *channel.Channel
	room    *interaction.Room
}

func newWorld(t testing.TB, dsn string, people int64) *world {
	var c clock.Clock
	db := testkit.Open(t, dsn, &c)
	seq, changes := new(id.Sequence), new(feed.Feed)
	channels, friends := channel.Open(db), friend.Open(db)
	hooks := webhook.New(webhook.Config{DB: db, Queue: outbox.New(db, &c, seq), Channels: channels, Clock: &c, Seq: seq, Faults: new(fault.Set),
		Feed: changes, Log: slog.New(slog.DiscardHandler)})
	w := &world{t: t, db: db, friends: friends}
	w.talk = chat.New(chat.Config{DB: db, Channels: channels, Friends: friends, Hooks: hooks, Feed: changes, IDs: seq, Clock: &c})
	w.room = interaction.New(w.talk)
	w.do(func(tx *store.Tx) (err error) {
		w.shop, err = channels.Put(tx, channel.Channel{ID: "1656000001", Provider: "demo", Type: channel.Messaging, Secret: strings.Repeat("5", 32),
			Quota: channel.Unlimited, Account: channel.Account{UserID: "Ub" + strings.Repeat("0", 31)}})
		return err
	})
	w.do(func(tx *store.Tx) error { return friends.AddCrowd(tx, w.shop, people, 1) })
	if err := friends.Load(t.Context(), channels); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) do(act func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), act); err != nil {
		w.t.Fatal(err)
	}
}

// request is the id of the n-th request.
func request(n int) string { return fmt.Sprintf("f70dd685-499a-4231-a441-%012x", n) }

// broadcast sends to all friends, and gives the messages' ids.
func (w *world) broadcast(tx *store.Tx, requestID string, messages int) ([]int64, error) {
	drafts := make([]chat.Draft, messages)
	for i := range drafts {
		drafts[i] = chat.Draft{Origin: chat.Broadcast, Type: "text", Body: jsontext.Value(`{"type":"text","text":"Hi"}`), RequestID: requestID}
	}
	return w.talk.SendToMany(tx, w.shop, chat.ToManySend{Drafts: drafts, Count: 1})
}

// person is the n-th of the crowd.
func (w *world) person(tx *store.Tx, n int64) (*friend.Person, error) {
	return w.friends.ByNo(tx, 1<<40+1<<32+n)
}

func (w *world) read(tx *store.Tx, n int64) error {
	p, err := w.person(tx, n)
	if err != nil {
		return err
	}
	c, err := w.talk.OneOnOne(tx, w.shop, p)
	if err != nil {
		return err
	}
	return w.room.Read(tx, p, c)
}
