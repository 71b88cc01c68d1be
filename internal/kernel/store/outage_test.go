package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

// TestServerRestartsUnderLoad stops PostgreSQL as a crash would while writers
// and readers are at work: they may only hear ErrUnavailable, must be served
// again afterwards, and nothing that was acknowledged may be gone.
func TestServerRestartsUnderLoad(t *testing.T) {
	cluster := testkit.NewCluster(t)
	db := open(t, cluster.Database(t), store.Options{})
	const enough = 50 // acknowledged writes of each writer, before and again after
	var before, done sync.WaitGroup
	var restarted atomic.Bool
	var refused atomic.Int64
	acked := make([][]string, 8)
	for w := range acked {
		before.Add(1)
		done.Go(func() {
			for i, late := 0, 0; late < enough; i++ {
				id := fmt.Sprintf("%d-%06d", w, i)
				err := db.Update(context.Background(), func(tx *store.Tx) error {
					return errors.Join(insert(tx, id), tx.Add(store.Counter{Name: "n"}, 1))
				})
				if errors.Is(err, store.ErrUnavailable) {
					refused.Add(1)
					continue
				}
				if err != nil {
					t.Errorf("write: %v", err)
					return
				}
				if restarted.Load() {
					late++
				}
				if acked[w] = append(acked[w], id); len(acked[w]) == enough {
					before.Done()
				}
			}
		})
	}
	for range 4 {
		done.Go(func() {
			for good := 0; good < enough; {
				var n int
				err := db.View(context.Background(), func(tx *store.Tx) error { return tx.Row(`SELECT COUNT(*) FROM notes`, nil, &n) })
				switch {
				case err == nil && restarted.Load():
					good++
				case err != nil && !errors.Is(err, store.ErrUnavailable):
					t.Errorf("read: %v", err)
					return
				}
			}
		})
	}
	before.Wait()
	if err := cluster.Restart(); err != nil {
		t.Fatal(err)
	}
	restarted.Store(true)
	done.Wait()
	have := ids(t, db)
	n := 0
	for _, list := range acked {
		n += len(list)
		for _, id := range list {
			if _, ok := slices.BinarySearch(have, id); !ok {
				t.Errorf("%s was acknowledged and is lost", id)
			}
		}
	}
	if n < len(acked)*enough*2 {
		t.Errorf("only %d writes were acknowledged", n)
	}
	t.Logf("%d acknowledged, %d refused, %d in the store", n, refused.Load(), len(have))
}

// TestAnswerOfACommitIsLost: the store cannot know, so it must not say yes, nor
// run what After was given; the next transaction works.
func TestAnswerOfACommitIsLost(t *testing.T) {
	cluster := testkit.NewCluster(t)
	dsn, lose := cluster.Lossy(t, cluster.Database(t))
	db := open(t, dsn, store.Options{})
	lose()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.After(func() { t.Error("After ran although the commit was not confirmed") })
		return insert(tx, "a")
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Update: %v", err)
	}
	update(t, db, func(tx *store.Tx) error { return insert(tx, "b") })
	wantIDs(t, db, "a", "b")
}
