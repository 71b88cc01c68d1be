package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
)

func TestItemsWaitForTheirTime(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.start(outbox.Handler{})
		later := item("g", "lane", 1)
		later.Due = start.Add(time.Hour)
		b.put(later)
		b.settle()
		b.wantRows(1, 0, 0)
		b.advance(start.Add(59 * time.Minute))
		if ran := b.ran(); len(ran) != 0 {
			t.Errorf("%q ran too early", ran)
		}
		b.advance(start.Add(time.Hour))
		if ran := b.ran(); len(ran) != 1 {
			t.Errorf("%q ran", ran)
		}
		b.wantRows(0, 0, 0)
	})
}

// TestSetClockWakesTheQueue is for a clock that is set without Advance.
func TestSetClockWakesTheQueue(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ran := make(chan struct{})
		b.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			close(ran)
			return done
		}})
		later := item("g", "lane", 1)
		later.Due = start.Add(time.Hour)
		b.put(later)
		b.clock.Set(start.Add(2 * time.Hour))
		wait(b, ran)
		b.settle()
	})
}

// TestAdvanceRunsWhatBecomesDueInOrder: retries of several groups interleave,
// each at its own instant, all within one Advance.
func TestAdvanceRunsWhatBecomesDueInOrder(t *testing.T) {
	type attempt struct {
		payload  string
		attempts int
		minute   int
	}
	delays := map[string][]time.Duration{ // after each attempt
		"a": {time.Minute, 3 * time.Minute, 0},
		"b": {2 * time.Minute, 4 * time.Minute, 0},
		"c": {5 * time.Minute, 0},
	}
	want := []attempt{{"a", 2, 1}, {"b", 2, 2}, {"a", 3, 4}, {"c", 2, 5}, {"b", 3, 6}}
	each(t, func(t *testing.T, b *bench) {
		var mu sync.Mutex
		var got []attempt
		b.start(outbox.Handler{Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			now := b.clock.Now()
			mu.Lock()
			got = append(got, attempt{it.Payload, it.Attempts, int(now.Sub(start).Minutes())})
			mu.Unlock()
			if now.Before(it.Due.Truncate(time.Millisecond)) {
				t.Errorf("%s ran at %v, due at %v", it.Payload, now, it.Due)
			}
			delay := delays[it.Payload][it.Attempts-1]
			if delay == 0 {
				return done
			}
			// From the due instant, so that the seconds a slow test takes do not add up.
			return outcome(outbox.Outcome{Retry: it.Due.Add(delay)})
		}})
		for name := range delays {
			b.put(outbox.Item{Group: name, Lane: "lane", Payload: name, Due: start})
		}
		b.settle()
		first := len(got)
		b.advance(start.Add(time.Hour))
		if first != 3 || !slices.Equal(got[first:], want) {
			t.Errorf("at first %v, then %v, want %v", got[:first], got[first:], want)
		}
		b.wantRows(0, 0, 0)
		if now := b.clock.Now(); now.Before(start.Add(time.Hour)) {
			t.Errorf("the clock shows %v", now)
		}
	})
}

// TestAdvanceDoesNotGoBack: an instant that is past leaves the clock alone.
func TestAdvanceDoesNotGoBack(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.start(outbox.Handler{})
		b.put(item("g", "lane", 1))
		b.advance(start.Add(-time.Hour))
		if now := b.clock.Now(); now.Before(start) {
			t.Errorf("the clock went back to %v", now)
		}
		b.wantRows(0, 0, 0)
	})
}

// TestSettleWaitsForWhatFollows: what an attempt puts, and a retry at once, are
// done too when Settle returns.
func TestSettleWaitsForWhatFollows(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const rounds, chain = 20, 4
		b.start(outbox.Handler{Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			return func(tx *store.Tx) (outbox.Outcome, error) {
				if it.Attempts < 3 {
					return outbox.Outcome{Retry: tx.Now}, nil
				}
				var hop int
				fmt.Sscan(it.Lane, &hop)
				if hop == chain {
					return outbox.Outcome{}, nil
				}
				next := outbox.Item{Kind: kind, Group: fmt.Sprint(it.Group, "-"), Lane: fmt.Sprint(hop + 1)}
				return outbox.Outcome{}, b.queue.Put(tx, next)
			}
		}})
		for round := 1; round <= rounds; round++ {
			b.put(outbox.Item{Group: "g", Lane: "1"})
			b.settle()
			if n := len(b.ran()); n != round*chain*3 {
				t.Fatalf("Settle returned after %d attempts of %d", n, round*chain*3)
			}
		}
		b.wantRows(0, 0, 0)
	})
}

// An item that is tried again at once is waited for, however often: the clock,
// which runs on meanwhile, makes no later generation of it.
func TestSettleWaitsForWhatIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const attempts = 400
		b.start(outbox.Handler{Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			b.clock.Set(b.clock.Now().Add(time.Millisecond))
			return func(tx *store.Tx) (outbox.Outcome, error) {
				if it.Attempts < attempts {
					return outbox.Outcome{Retry: tx.Now}, nil
				}
				return outbox.Outcome{}, nil
			}
		}})
		b.put(outbox.Item{Group: "g", Lane: "1"})
		b.settle()
		if n := len(b.ran()); n != attempts {
			t.Errorf("Settle returned after %d attempts of %d", n, attempts)
		}
	})
}

func TestSettleGivesUpWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		release := make(chan struct{})
		b.start(outbox.Handler{Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			<-release
			return done
		}})
		b.put(item("g", "lane", 1))
		ctx, cancel := context.WithCancel(t.Context())
		settled := make(chan error)
		go func() { settled <- b.queue.Settle(ctx) }()
		cancel()
		if err := wait(b, settled); err == nil {
			t.Error("Settle returned without an error while an attempt is under way")
		}
		close(release)
		b.settle()
	})
}
