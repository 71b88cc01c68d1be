package archive

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/account"
)

var (
	cafe     = &account.Account{ID: "1656000001", No: 1, Name: "Cafe"}
	forwards = chat.Selection{From: math.MinInt64, To: math.MaxInt64}
)

// filled is an archive of n messages.
func filled(t *testing.T, n int) (*Archive, *store.DB) {
	db := testkit.Open(t, testkit.SQLite(t), nil)
	channels, friends := channel.Open(db), friend.Open(db)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at) VALUES (1, 'user', 1, 'U1', '', '', '', 0, 0)`)
		for i := 1; i <= n && err == nil; i++ {
			_, err = tx.Exec(`INSERT INTO messages (id, account_no, chat_no, sender_no, origin, sent_at, type, body, request_id, unsent_at)
				VALUES ($1, 1, 1, -1, 2, $1, 'text', '{"type":"text"}', '', 0)`, i)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	chats := chat.New(chat.Config{DB: db, Channels: channels, Friends: friends, Feed: &feed.Feed{}, IDs: &id.Sequence{}, Clock: &clock.Clock{}})
	return New(db, chats, friends), db
}

// TestStreamEndsEarly leaves a stream in every way that there is: nothing may
// go on reading, and all connections of the store must be free again.
func TestStreamEndsEarly(t *testing.T) {
	a, db := filled(t, 2000)
	full := errors.New("the client has gone")
	before := goleak.IgnoreCurrent()
	for range 10 {
		err := a.Stream(t.Context(), cafe, forwards, forwards.Start(), func([]Message) error { return full })
		if !errors.Is(err, full) {
			t.Fatalf("emit failed, Stream gave %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = a.Stream(ctx, cafe, forwards, forwards.Start(), func([]Message) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the context ended, Stream gave %v", err)
		}
	}
	goleak.VerifyNone(t, before)
	if err := db.View(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}

// TestStreamReadsOutsideOfTransactions shows that a slow reader of a stream
// keeps no connection of the store: all of them can be had while it waits.
func TestStreamReadsOutsideOfTransactions(t *testing.T) {
	a, db := filled(t, 2000)
	seen := 0
	err := a.Stream(t.Context(), cafe, forwards, forwards.Start(), func(list []Message) error {
		seen += len(list)
		return nested(t.Context(), db, 3) // the fourth is for reading ahead
	})
	if err != nil || seen != 2000 {
		t.Errorf("%d messages, %v", seen, err)
	}
}

func nested(ctx context.Context, db *store.DB, depth int) error {
	if depth == 0 {
		return nil
	}
	return db.View(ctx, func(*store.Tx) error { return nested(ctx, db, depth-1) })
}

func TestWindowsFollowTheLengthOfMessages(t *testing.T) {
	for _, c := range []struct{ size, length, want int }{
		{50, 100, 200}, {200, 100, 800}, {5000, 100, 5000}, {5000, 50_000, 83}, {83, 50_000, 83}, {50, 200_000, 50}, {5000, 0, 5000},
	} {
		entries := make([]chat.Entry, c.size)
		for i := range entries {
			entries[i].Body = strings.Repeat("x", c.length)
		}
		if got := nextSize(c.size, entries); got != c.want {
			t.Errorf("after %d messages of %d bytes: %d, want %d", c.size, c.length, got, c.want)
		}
	}
	if got := nextSize(1000, nil); got != 4000 {
		t.Errorf("after a window without matches: %d", got)
	}
}

func TestTimesHaveOneWidth(t *testing.T) {
	for millis, want := range map[int64]string{0: "1970-01-01T00:00:00.000Z", 1768435200001: "2026-01-15T00:00:00.001Z", 1768435200100: "2026-01-15T00:00:00.100Z"} {
		if got := string(AppendTime(nil, millis)); got != fmt.Sprintf("%q", want) {
			t.Errorf("%d: %s, want %q", millis, got, want)
		}
	}
}

func TestExportsHaveNoURL(t *testing.T) {
	m := Message{Entry: &chat.Entry{ID: 7, SenderNo: 1, Body: `{"type":"image"}`}, Place: newPlace("user", "U1"), Sender: newSender("user", "U1", "\xffA\"\n"),
		File: &chat.File{Mime: "image/png", Length: 3}}
	want := `{"id":"7","accountId":"1656000001","chat":{"type":"user","id":"U1"},"direction":"incoming","sender":{"type":"user","id":"U1","name":"�A\"\n"},` +
		`"sentAt":"1970-01-01T00:00:00.000Z","origin":"user","message":{"type":"image"},"content":{"type":"image/png","length":3}}`
	if got := string(NewForm(cafe, "").Append(nil, &m)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
