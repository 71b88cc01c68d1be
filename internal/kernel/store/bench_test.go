package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

// BenchmarkUpdate is the cost of one acknowledged write: a row and a counter,
// on a file with synchronous=FULL, by so many callers at once.
func BenchmarkUpdate(b *testing.B) {
	for _, producers := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprint("producers=", producers), func(b *testing.B) {
			var commits atomic.Int64
			db := open(b, testkit.SQLite(b), store.Options{OnCommit: func(int, time.Duration) { commits.Add(1) }})
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range producers {
				wg.Go(func() {
					for {
						i := next.Add(1)
						if i > int64(b.N) {
							return
						}
						err := db.Update(context.Background(), func(tx *store.Tx) error {
							if err := tx.Add(store.Counter{Name: "sent"}, 1); err != nil {
								return err
							}
							_, err := tx.Exec(`INSERT INTO notes (id, body, n) VALUES ($1, $2, $3)`, fmt.Sprintf("%016x", i), "the body of a short message", i)
							return err
						})
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
			b.ReportMetric(float64(b.N)/float64(commits.Load()), "acks/commit")
		})
	}
}

// BenchmarkView is the cost of reading one row by its key.
func BenchmarkView(b *testing.B) {
	db := open(b, testkit.SQLite(b), store.Options{})
	if err := db.Update(b.Context(), func(tx *store.Tx) error { return insert(tx, "a") }); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var body string
			err := db.View(b.Context(), func(tx *store.Tx) error {
				return tx.Row(`SELECT body FROM notes WHERE id = $1`, []any{"a"}, &body)
			})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}
