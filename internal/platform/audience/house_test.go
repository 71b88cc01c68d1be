package audience

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
)

// house is the room with what it stands on, without a server.
type house struct {
	t          testing.TB
	db         *store.DB
	clock      *clock.Clock
	queue      *outbox.Queue
	friends    *friend.Room
	room       *Room
	cafe, shop *channel.Channel
}

// newHouse has two accounts, the first with so many crowd friends.
func newHouse(t testing.TB, dsn string, crowd int64) *house {
	t.Helper()
	h := &house{t: t, clock: &clock.Clock{}}
	h.clock.Set(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
	h.db = testkit.Open(t, dsn, h.clock)
	h.queue = outbox.New(h.db, h.clock, &id.Sequence{})
	channels := channel.Open(h.db)
	h.friends = friend.Open(h.db)
	h.room = New(Config{DB: h.db, Channels: channels, Friends: h.friends, Queue: h.queue})
	h.update(func(tx *store.Tx) (err error) {
		if h.cafe, err = channels.Put(tx, channel.Channel{ID: "1656000001", Provider: "Demo", Type: channel.Messaging}); err != nil {
			return err
		}
		if h.shop, err = channels.Put(tx, channel.Channel{ID: "1656000002", Provider: "Demo", Type: channel.Messaging}); err != nil {
			return err
		}
		if _, err := h.friends.Add(tx, friend.Person{UserID: "U00000000000000000000000000000a01", Provider: "Demo"}); err != nil || crowd == 0 {
			return err
		}
		return h.friends.AddCrowd(tx, h.cafe, crowd, 1)
	})
	if err := h.friends.Load(t.Context(), channels); err != nil {
		t.Fatal(err)
	}
	if err := h.queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.queue.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) update(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.db.Update(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) call(ch *channel.Channel) *api.Call {
	return &api.Call{Context: h.t.Context(), Principal: ch}
}

func (h *house) advance(by time.Duration) {
	h.t.Helper()
	if err := h.queue.Advance(h.t.Context(), h.clock.Now().Add(by)); err != nil {
		h.t.Fatal(err)
	}
}

// recipients is "uploaded 3" or why there are none.
func (h *house) recipients(ch *channel.Channel, audienceID int64) string {
	h.t.Helper()
	var got Recipients
	err := h.db.View(h.t.Context(), func(tx *store.Tx) (err error) {
		got, err = h.room.Recipients(tx, ch, audienceID)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "none"
	case err != nil:
		h.t.Fatal(err)
	case got.Uploaded:
		return fmt.Sprint("uploaded ", got.People.GetCardinality())
	}
	return fmt.Sprint(got.People.GetCardinality())
}

// userIDs are those of the first crowd members, and Aoi's.
func (h *house) userIDs(n int) []string {
	h.t.Helper()
	ids := []string{"U00000000000000000000000000000a01"}
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		ranges, err := h.friends.CrowdNumbers(tx, h.cafe, int64(n))
		for _, r := range ranges {
			for no := r[0]; no < r[1]; no++ {
				p, err := h.friends.ByNo(tx, no)
				if err != nil {
					return err
				}
				ids = append(ids, p.UserID)
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return ids
}
