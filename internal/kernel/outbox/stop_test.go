package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

func TestStopFinishesAttempts(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		begun, release := make(chan struct{}, 9), make(chan struct{})
		b.start(outbox.Handler{Window: 2, Run: func(ctx context.Context, _ outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			begun <- struct{}{}
			<-release
			if ctx.Err() != nil {
				t.Error("the attempt under way was cancelled")
			}
			return done
		}})
		for n := range 5 {
			b.put(item("g", fmt.Sprint("lane", n), n))
		}
		wait(b, begun)
		wait(b, begun)
		hurry, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.queue.Stop(hurry); !errors.Is(err, context.Canceled) {
			t.Errorf("Stop without patience: %v", err)
		}
		stopped := make(chan error)
		go func() { stopped <- b.queue.Stop(context.Background()) }()
		close(release)
		if err := wait(b, stopped); err != nil {
			t.Errorf("Stop: %v", err)
		}
		b.put(item("g", "late", 1)) // promised, for the next process
		b.wantRows(4, 0, 0)
		if ran := b.ran(); len(ran) != 2 {
			t.Errorf("%q ran", ran)
		}
		next := b.again()
		next.start(outbox.Handler{})
		next.settle()
		next.wantRows(0, 0, 0)
	})
}

// TestStopWhilePutting: whatever the moment, nothing runs after Stop has returned.
func TestStopWhilePutting(t *testing.T) {
	b := newBench(t, "memory:")
	for range 100 {
		q := b.again()
		var stopped atomic.Bool
		q.start(outbox.Handler{Window: 4, Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			if stopped.Load() {
				t.Error("an attempt after Stop")
			}
			return done
		}})
		var wg sync.WaitGroup
		for p := range 3 {
			wg.Go(func() {
				for n := range 5 {
					q.put(item(fmt.Sprint("g", p), "lane", n))
				}
			})
		}
		if err := q.queue.Stop(q.soon()); err != nil {
			t.Fatal(err)
		}
		stopped.Store(true)
		wg.Wait()
	}
	b.start(outbox.Handler{})
	b.settle()
	b.wantRows(0, 0, 0)
}

// TestServerRestartsUnderLoad: PostgreSQL stops as in a crash while items are
// worked off. Each must be done in the end without a new process; an attempt
// whose outcome could be recorded is made once.
func TestServerRestartsUnderLoad(t *testing.T) {
	cluster := testkit.NewCluster(t)
	b := newBench(t, cluster.Database(t))
	b.start(outbox.Handler{Window: 8})
	var wg sync.WaitGroup
	var good atomic.Int64
	var restarted atomic.Bool
	busy := make(chan struct{}, 1000)
	for p := range 4 {
		wg.Go(func() {
			for n, late := 0, 0; late < 50; n++ {
				err := b.db.Update(context.Background(), func(tx *store.Tx) error {
					return b.queue.Put(tx, outbox.Item{Kind: kind, Group: fmt.Sprint("g", p), Lane: fmt.Sprint(n % 5), Payload: fmt.Sprint(p, "/", n)})
				})
				if err != nil {
					continue
				}
				good.Add(1)
				if restarted.Load() {
					late++
				}
				select {
				case busy <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 200 {
		<-busy
	}
	if err := cluster.Restart(); err != nil {
		t.Fatal(err)
	}
	restarted.Store(true)
	wg.Wait()
	b.settle()
	b.wantRows(0, 0, 0)
	times := map[string]int{}
	for _, p := range b.ran() {
		if times[p]++; times[p] > 1 {
			t.Errorf("%s ran %d times", p, times[p])
		}
	}
	if len(times) < int(good.Load()) {
		t.Errorf("%d different items ran, %d were promised", len(times), good.Load())
	}
}

// TestAnswersOfCommitsAreLost breaks the connection when the claim is
// committed, and when the outcome is: the item is tried once, and is done.
func TestAnswersOfCommitsAreLost(t *testing.T) {
	cluster := testkit.NewCluster(t)
	for name, which := range map[string]string{"of the claim": "claim", "of the outcome": "outcome", "of an outcome with a retry": "retry"} {
		t.Run(name, func(t *testing.T) {
			dsn, lose := cluster.Lossy(t, cluster.Database(t))
			b := newBench(t, dsn)
			claims, outcomes := store.Counter{Name: "claims"}, store.Counter{Name: "outcomes"}
			b.start(outbox.Handler{
				Claim: func(tx *store.Tx, it outbox.Item) error {
					if which == "claim" && it.Attempts == 1 {
						lose()
					}
					return tx.Add(claims, 1)
				},
				Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
					if which != "claim" && it.Attempts == 1 {
						lose()
					}
					return func(tx *store.Tx) (outbox.Outcome, error) {
						if which == "retry" && it.Attempts == 1 {
							return outbox.Outcome{Retry: tx.Now}, tx.Add(outcomes, 1)
						}
						return outbox.Outcome{}, tx.Add(outcomes, 1)
					}
				},
			})
			b.put(item("g", "lane", 1))
			b.settle()
			want := 1
			if which == "retry" {
				want = 2
			}
			var claimed, ended int64
			err := b.db.View(t.Context(), func(tx *store.Tx) error {
				var err1, err2 error
				claimed, err1 = tx.Total(claims)
				ended, err2 = tx.Total(outcomes)
				return errors.Join(err1, err2)
			})
			if ran := b.ran(); err != nil || len(ran) != want || claimed != int64(want) || ended != int64(want) {
				t.Errorf("%d attempts, %d claims, %d outcomes, want %d; %v", len(ran), claimed, ended, want, err)
			}
			b.wantRows(0, 0, 0)
		})
	}
}

// TestAnswerOfAPromiseIsLost: the caller was refused, but the item is in the
// store, and is worked off without anybody asking.
func TestAnswerOfAPromiseIsLost(t *testing.T) {
	cluster := testkit.NewCluster(t)
	dsn, lose := cluster.Lossy(t, cluster.Database(t))
	b := newBench(t, dsn)
	ran := make(chan struct{})
	b.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
		close(ran)
		return done
	}})
	lose()
	err := b.db.Update(t.Context(), func(tx *store.Tx) error {
		return b.queue.Put(tx, outbox.Item{Kind: kind, Group: "g", Lane: "lane"})
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Update: %v", err)
	}
	wait(b, ran)
}
