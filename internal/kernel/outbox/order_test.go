package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

func TestLanesKeepTheirOrderWithinTheWindow(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const window, perLane = 3, 150
		lanes := []string{"a", "b", "c", "d", "e"}
		var underWay, most atomic.Int64
		var busy sync.Map // lane -> an attempt is under way
		b.start(outbox.Handler{Window: window, Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			now := underWay.Add(1)
			defer underWay.Add(-1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			if _, taken := busy.LoadOrStore(it.Lane, true); taken {
				t.Errorf("two attempts of lane %s at once", it.Lane)
			}
			defer busy.Delete(it.Lane)
			return done
		}})
		var want []string
		for n := range perLane {
			var items []outbox.Item
			for _, lane := range lanes {
				items = append(items, item("g", lane, n))
				want = append(want, items[len(items)-1].Payload)
			}
			b.put(items...)
		}
		b.settle()
		got := b.ran()
		for _, lane := range lanes {
			if g, w := ofLane(got, lane), ofLane(want, lane); !slices.Equal(g, w) {
				t.Errorf("lane %s ran as %q", lane, g)
			}
		}
		if len(got) != len(want) || most.Load() > window {
			t.Errorf("%d attempts, want %d; %d at once, the window is %d", len(got), len(want), most.Load(), window)
		}
		b.wantRows(0, 0, 0)
	})
}

func ofLane(payloads []string, lane string) (out []string) {
	for _, p := range payloads {
		if strings.Contains(p, "/"+lane+"/") {
			out = append(out, p)
		}
	}
	return out
}

// TestWindowIsUsed has each attempt wait until as many are under way as may be.
func TestWindowIsUsed(t *testing.T) {
	for _, window := range []int{0, 1, 4} {
		t.Run(fmt.Sprint(window), func(t *testing.T) {
			b := newBench(t, testkit.SQLite(t))
			arrived, release := make(chan struct{}), make(chan struct{})
			b.start(outbox.Handler{Window: window, Run: func(context.Context, outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
				arrived <- struct{}{}
				<-release
				return done
			}})
			for n := range 9 {
				b.put(item("g", fmt.Sprint("lane", n), n))
			}
			for range max(1, window) {
				wait(b, arrived)
			}
			select {
			case <-arrived:
				t.Error("more attempts at once than the window allows")
			default:
			}
			b.wantRows(9-max(1, window), max(1, window), 0)
			go func() {
				for range 9 - max(1, window) {
					<-arrived
				}
			}()
			close(release)
			b.settle()
			b.wantRows(0, 0, 0)
		})
	}
}

func TestSlowGroupDoesNotHoldOthersUp(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		release, finished := make(chan struct{}), make(chan string, 100)
		b.start(outbox.Handler{Window: 2, Run: func(_ context.Context, it outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
			if it.Group == "slow" {
				<-release
			}
			finished <- it.Group
			return done
		}})
		for n := range 5 {
			b.put(item("slow", fmt.Sprint("lane", n), n))
		}
		for n := range 5 {
			b.put(item("quick", "lane", n), item("brisk", "lane", n))
		}
		for range 10 {
			if g := wait(b, finished); g == "slow" {
				t.Fatal("the slow group did not wait")
			}
		}
		close(release)
		b.settle()
		b.wantRows(0, 0, 0)
	})
}

// TestEachItemRunsOnce puts 10,000 items from many sides while they are worked
// off: none may be left behind by a wake that came at the wrong moment.
func TestEachItemRunsOnce(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		producers, puts := 25, 80
		const perPut = 5
		if strings.HasPrefix(dsn, "sqlite:") {
			dsn = "memory:" // 20,000 commits are not to wait for the disk
			if raced {
				puts = 16
			}
		}
		b := newBench(t, dsn)
		b.start(outbox.Handler{Window: 4})
		var wg sync.WaitGroup
		for p := range producers {
			wg.Go(func() {
				for n := range puts {
					var items []outbox.Item
					for i := range perPut {
						items = append(items, item(fmt.Sprint("group", p%7), fmt.Sprint("lane", p), n*perPut+i))
					}
					b.put(items...)
					if n%20 == 0 {
						b.queue.Poke()
					}
				}
			})
		}
		wg.Wait()
		b.settle()
		got := b.ran()
		for p := range producers {
			lane := ofLane(got, fmt.Sprint("lane", p))
			for n, payload := range lane {
				if want := item(fmt.Sprint("group", p%7), fmt.Sprint("lane", p), n).Payload; payload != want {
					t.Fatalf("attempt %d of lane %d was %s, want %s", n, p, payload, want)
				}
			}
		}
		if len(got) != producers*puts*perPut {
			t.Errorf("%d attempts", len(got))
		}
		b.wantRows(0, 0, 0)
	})
}
