package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
)

func TestBuriedItemsNeverRunAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			return outcome(outbox.Outcome{Bury: "no such receiver", Retry: start})
		}})
		b.put(item("g", "lane", 1), item("g", "lane", 2))
		b.settle()
		b.advance(start.Add(1000 * time.Hour))
		b.wantRows(0, 0, 2)
		if ran := b.ran(); len(ran) != 2 {
			t.Errorf("%q ran", ran)
		}
		err := b.db.View(t.Context(), func(tx *store.Tx) error {
			var reason string
			if err := tx.Row(`SELECT DISTINCT failure FROM outbox`, nil, &reason); err != nil {
				return err
			}
			if reason != "no such receiver" {
				t.Errorf("buried because of %q", reason)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if n, _, err := b.queue.Depth(t.Context()); n != 0 || err != nil {
			t.Errorf("Depth %d, %v", n, err)
		}
	})
}

func TestNothingIsPromisedByAFailedTransaction(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.start(outbox.Handler{})
		refused := errors.New("refused")
		err := b.db.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(b.queue.Put(tx, outbox.Item{Kind: kind, Group: "g", Lane: "lane"}), refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		b.settle()
		if ran := b.ran(); len(ran) != 0 {
			t.Errorf("%q ran", ran)
		}
		b.wantRows(0, 0, 0)
	})
}

// TestAttemptIsRecordedBeforeItIsMade looks at the committed rows from inside of Run.
func TestAttemptIsRecordedBeforeItIsMade(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		claims := store.Counter{Name: "claims"}
		b.start(outbox.Handler{
			Claim: func(tx *store.Tx, it outbox.Item) error { return tx.Add(claims, int64(it.Attempts)) },
			Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
				var state, attempts, sum int64
				err := b.db.View(context.Background(), func(tx *store.Tx) (err error) {
					if err := tx.Row(`SELECT state, attempts FROM outbox WHERE id = $1`, []any{it.ID}, &state, &attempts); err != nil {
						return err
					}
					sum, err = tx.Total(claims)
					return err
				})
				want := int64(it.Attempts * (it.Attempts + 1) / 2)
				if err != nil || state != 1 || attempts != int64(it.Attempts) || sum != want {
					t.Errorf("state %d, attempts %d, claims %d, %v", state, attempts, sum, err)
				}
				if it.Attempts < 3 {
					return outcome(outbox.Outcome{Retry: b.clock.Now()})
				}
				return done
			},
		})
		b.put(item("g", "lane", 1))
		b.settle()
		if ran := b.ran(); len(ran) != 3 {
			t.Errorf("%q ran", ran)
		}
	})
}

// TestRefusedClaim: the attempt is not made, and the item is not lost.
func TestRefusedClaim(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var refusals atomic.Int64
		ran := make(chan int, 1)
		b.start(outbox.Handler{
			Claim: func(*store.Tx, outbox.Item) error {
				if refusals.Add(1) < 3 {
					return errors.New("not now")
				}
				return nil
			},
			Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
				ran <- it.Attempts
				return done
			},
		})
		b.put(item("g", "lane", 1))
		if attempts := wait(b, ran); attempts != 1 {
			t.Errorf("the first attempt has number %d", attempts)
		}
		b.settle()
		b.wantRows(0, 0, 0)
	})
}

// TestOutcomeIsNotLost: finish may fail for a while.
func TestOutcomeIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var tries atomic.Int64
		b.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			return func(*store.Tx) (outbox.Outcome, error) {
				if tries.Add(1) < 3 {
					return outbox.Outcome{}, store.ErrUnavailable
				}
				return outbox.Outcome{}, nil
			}
		}})
		b.put(item("g", "lane", 1))
		b.settle()
		if ran := b.ran(); len(ran) != 1 || tries.Load() != 3 {
			t.Errorf("%q ran, the outcome was tried %d times", ran, tries.Load())
		}
		b.wantRows(0, 0, 0)
	})
}

func TestInterruptedAttempts(t *testing.T) {
	later := start.Add(time.Hour)
	for name, c := range map[string]struct {
		decide          func(*store.Tx, outbox.Item) (outbox.Outcome, error)
		runs            []int // numbers of the attempts that the second process makes
		waiting, buried int
	}{
		"nobody decides": {nil, []int{2}, 0, 0},
		"again":          {func(tx *store.Tx, _ outbox.Item) (outbox.Outcome, error) { return outbox.Outcome{Retry: tx.Now}, nil }, []int{2}, 0, 0},
		"later":          {func(*store.Tx, outbox.Item) (outbox.Outcome, error) { return outbox.Outcome{Retry: later}, nil }, nil, 1, 0},
		"buried":         {func(*store.Tx, outbox.Item) (outbox.Outcome, error) { return outbox.Outcome{Bury: "who knows"}, nil }, nil, 0, 1},
		"done":           {func(*store.Tx, outbox.Item) (outbox.Outcome, error) { return outbox.Outcome{}, nil }, nil, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, first *bench) {
				begun, release := make(chan struct{}), make(chan struct{})
				first.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
					close(begun)
					<-release
					// What a dead process would not do: leave the row as the second has it.
					return func(*store.Tx) (outbox.Outcome, error) { return outbox.Outcome{}, store.ErrUnavailable }
				}})
				t.Cleanup(func() { close(release) }) // comes before the first queue is stopped
				first.put(item("g", "lane", 1), item("g", "lane", 2))
				wait(first, begun)
				first.wantRows(1, 1, 0)
				second := first.again()
				second.start(outbox.Handler{Interrupted: c.decide})
				second.settle()
				var numbers []int
				for _, it := range second.runs {
					if it.Payload == "g/lane/1" {
						numbers = append(numbers, it.Attempts)
					}
				}
				if !slices.Equal(numbers, c.runs) || !slices.Contains(second.ran(), "g/lane/2") {
					t.Errorf("the second process made the attempts %v, want %v; in all %q", numbers, c.runs, second.ran())
				}
				second.wantRows(c.waiting, 0, c.buried)
			})
		})
	}
}

// TestPutBeforeStart: such items wait for Start, which takes only those for
// interrupted that another process has begun.
func TestPutBeforeStart(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		started := make(chan struct{})
		b.handle(outbox.Handler{
			Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
				<-started
				return done
			},
			Interrupted: func(_ *store.Tx, it outbox.Item) (outbox.Outcome, error) {
				t.Errorf("%s is taken for interrupted", it.Payload)
				return outbox.Outcome{}, nil
			},
		})
		for n := range 50 {
			b.put(item(fmt.Sprint("g", n), "lane", n))
		}
		b.wantRows(50, 0, 0)
		b.begin()
		close(started)
		b.settle()
		if ran := b.ran(); len(ran) != 50 {
			t.Errorf("%q ran", ran)
		}
	})
}

func TestPause(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var paused atomic.Bool
		b.queue.Pause(func(k string) bool { return k == kind && paused.Load() })
		first, release := make(chan struct{}, 1), make(chan struct{})
		b.start(outbox.Handler{Window: 2, Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			select {
			case first <- struct{}{}:
			default:
			}
			<-release
			return done
		}})
		const items = 700 // more than are fetched at a time
		var all []outbox.Item
		for n := range items {
			all = append(all, item("g", fmt.Sprint("lane", n), n))
		}
		b.put(all...)
		wait(b, first)
		paused.Store(true)
		close(release)
		b.settle() // ends though most items are due
		if n := len(b.ran()); n > 2 {
			t.Errorf("%d attempts while paused", n)
		}
		b.put(item("g", "more", 1))
		b.settle()
		paused.Store(false)
		b.queue.Poke()
		b.settle()
		if n := len(b.ran()); n != items+1 {
			t.Errorf("%d attempts, want %d", n, items+1)
		}
		b.wantRows(0, 0, 0)
	})
}

func TestDepth(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.start(outbox.Handler{})
		if n, oldest, err := b.queue.Depth(t.Context()); n != 0 || !oldest.IsZero() || err != nil {
			t.Errorf("empty: %d, %v, %v", n, oldest, err)
		}
		for i := range 3 {
			later := item("g", "lane", i)
			later.Due = start.Add(time.Duration(i+1) * time.Hour)
			b.put(later)
		}
		if n, oldest, err := b.queue.Depth(t.Context()); n != 3 || !oldest.Equal(start.Add(time.Hour)) || err != nil {
			t.Errorf("%d, %v, %v", n, oldest, err)
		}
	})
}
