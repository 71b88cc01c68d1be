package interaction_test

import (
	"fmt"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/testkit"
)

// broadcasts sends so many, each of its own request, a hundred at a time.
func (w *world) broadcasts(n int) {
	w.t.Helper()
	for from := 0; from < n; from += 100 {
		w.do(func(tx *store.Tx) error {
			for i := range 100 {
				if _, err := w.broadcast(tx, request(from+i), 1); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// Reading a chat with very many unread messages counts each of them once.
func TestReadOfMany(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		const many = 2_000
		w := newWorld(t, dsn, 10)
		w.broadcasts(many)
		w.do(func(tx *store.Tx) error { return w.read(tx, 0) })
		var seen int64
		w.do(func(tx *store.Tx) error {
			return tx.Row(`SELECT CAST(SUM(people) AS BIGINT) FROM interaction_totals WHERE kind = 1 AND seq = 1`, nil, &seen)
		})
		if seen != many {
			t.Errorf("%d messages are seen, want %d", seen, many)
		}
	})
}

// BenchmarkReadOfMany is one person's reading of so many unread broadcasts: what
// it takes must grow as their number does.
func BenchmarkReadOfMany(b *testing.B) {
	for _, many := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			w := newWorld(b, testkit.SQLite(b), int64(b.N))
			w.broadcasts(many)
			b.ResetTimer()
			for n := range b.N {
				w.do(func(tx *store.Tx) error { return w.read(tx, int64(n)) })
			}
		})
	}
}

// BenchmarkStatistics reads the statistics of a broadcast with a million events:
// the number of events must not matter.
func BenchmarkStatistics(b *testing.B) {
	for _, events := range []int64{1000, 1_000_000} {
		b.Run(fmt.Sprint(events), func(b *testing.B) {
			w := newWorld(b, testkit.SQLite(b), events)
			var ids []int64
			w.do(func(tx *store.Tx) (err error) {
				ids, err = w.broadcast(tx, request(1), 1)
				return err
			})
			for from := int64(0); from < events; from += 1000 {
				w.do(func(tx *store.Tx) error {
					for n := from; n < from+1000; n++ {
						p, err := w.person(tx, n)
						if err != nil {
							return err
						}
						if err := w.room.Click(tx, p, ids[0], fmt.Sprint("https://example.com/", n%10)); err != nil {
							return err
						}
					}
					return nil
				})
			}
			for b.Loop() {
				err := w.db.View(b.Context(), func(tx *store.Tx) error {
					sent, err := w.room.Sent(tx, w.shop.No, request(1))
					if err != nil {
						return err
					}
					list, err := interaction.OfRequest(tx, sent, 20)
					if len(list) != 21 {
						b.Fatalf("%d numbers, want 21", len(list))
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkClick is what one click costs.
func BenchmarkClick(b *testing.B) {
	w := newWorld(b, testkit.SQLite(b), 1_000_000)
	w.do(func(tx *store.Tx) error {
		ids, err := w.broadcast(tx, request(1), 1)
		for n := int64(0); err == nil && b.Loop(); n++ {
			p, err := w.person(tx, n%1_000_000)
			if err != nil {
				return err
			}
			if err := w.room.Click(tx, p, ids[0], "https://example.com/"); err != nil {
				return err
			}
		}
		return err
	})
}
