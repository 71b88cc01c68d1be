package archive

import (
	"context"
	"math"
	"syscall"
	"testing"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/workspace/account"
)

func cpu() int64 {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func BenchmarkScratch(b *testing.B) {
	db, err := store.Open(context.Background(), "sqlite:/tmp/kaiwa-bench-hist.db", store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	ch := channel.Open(db)
	fr := friend.Open(db)
	r := chat.New(chat.Config{DB: db, Channels: ch, Friends: fr, Feed: &feed.Feed{}, IDs: &id.Sequence{}, Clock: &clock.Clock{}})
	s := chat.Selection{AccountNo: 1, From: math.MinInt64, To: math.MaxInt64}
	b.Run("history", func(b *testing.B) {
		c0 := cpu()
		n := 0
		for b.Loop() {
			at := s.Start()
			var into []chat.Entry
			for more := true; more && n%1000000 < 300000; {
				db.View(b.Context(), func(tx *store.Tx) error {
					w, err := r.History(tx, s, at, 5000, into)
					into, at, more = w.Entries, w.Next, w.More
					n += len(into)
					return err
				})
			}
			n = n / 300000 * 300000
			n += 700000
		}
		b.ReportMetric(float64(cpu()-c0)/float64(b.N)/300000, "cpu-ns/msg")
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/300000, "ns/msg")
	})
	b.Run("stream", func(b *testing.B) {
		c0 := cpu()
		a := New(db, r, fr)
		f := NewForm(&account.Account{ID: "1656", No: 1}, "http://x/")
		n := 0
		for b.Loop() {
			var buf []byte
			a.Stream(b.Context(), &account.Account{ID: "1656", No: 1}, s, s.Start(), func(l []Message) error {
				buf = buf[:0]
				for i := range l {
					buf = f.Append(buf, &l[i])
				}
				n += len(l)
				return nil
			})
		}
		b.ReportMetric(float64(cpu()-c0)/float64(n), "cpu-ns/msg")
		b.ReportMetric(float64(b.Elapsed())/float64(n), "ns/msg")
	})
}
