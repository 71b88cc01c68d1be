package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

var (
	start = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	seq   = &id.Sequence{} // one for all queues, as in a server
)

const kind = "letter"

// bench is a queue on a store and what its handler has seen.
type bench struct {
	t     *testing.T
	db    *store.DB
	clock *clock.Clock
	queue *outbox.Queue

	mu   sync.Mutex
	runs []outbox.Item
}

// each gives a bench on each engine, its virtual clock at start; the queue is not started.
func each(t *testing.T, run func(t *testing.T, b *bench)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, newBench(t, dsn)) })
}

func newBench(t *testing.T, dsn string) *bench {
	b := &bench{t: t, clock: &clock.Clock{}}
	b.clock.Set(start)
	b.db = testkit.Open(t, dsn, b.clock)
	b.queue = outbox.New(b.db, b.clock, seq)
	return b
}

// again is a second process on the same store, after the first has died.
func (b *bench) again() *bench {
	return &bench{t: b.t, db: b.db, clock: b.clock, queue: outbox.New(b.db, b.clock, seq)}
}

// start handles kind with h, whose Run may be nil (success), and starts the queue.
func (b *bench) start(h outbox.Handler) {
	b.t.Helper()
	b.handle(h)
	b.begin()
}

func (b *bench) handle(h outbox.Handler) {
	run := h.Run
	h.Run = func(ctx context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
		b.mu.Lock()
		b.runs = append(b.runs, item)
		b.mu.Unlock()
		if run == nil {
			return done
		}
		return run(ctx, item)
	}
	b.queue.Handle(kind, h)
}

func (b *bench) begin() {
	b.t.Helper()
	if err := b.queue.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := b.queue.Stop(ctx); err != nil {
			b.t.Errorf("Stop: %v", err)
		}
	})
}

func done(*store.Tx) (outbox.Outcome, error) { return outbox.Outcome{}, nil }

func outcome(o outbox.Outcome) func(*store.Tx) (outbox.Outcome, error) {
	return func(*store.Tx) (outbox.Outcome, error) { return o, nil }
}

func (b *bench) put(items ...outbox.Item) {
	b.t.Helper()
	err := b.db.Update(b.t.Context(), func(tx *store.Tx) error {
		var errs []error
		for _, it := range items {
			it.Kind = kind
			errs = append(errs, b.queue.Put(tx, it))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// soon bounds a wait that a correct queue ends at once, on a busy machine too.
func (b *bench) soon() context.Context {
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	b.t.Cleanup(cancel)
	return ctx
}

func (b *bench) settle() {
	b.t.Helper()
	if err := b.queue.Settle(b.soon()); err != nil {
		b.t.Fatalf("Settle: %v", err)
	}
}

func (b *bench) advance(to time.Time) {
	b.t.Helper()
	if err := b.queue.Advance(b.soon(), to); err != nil {
		b.t.Fatalf("Advance: %v", err)
	}
}

// wait receives from a channel that a correct queue serves at once.
func wait[T any](b *bench, c <-chan T) (v T) {
	b.t.Helper()
	select {
	case v = <-c:
	case <-b.soon().Done():
		b.t.Fatal("nothing happened")
	}
	return v
}

// ran lists the payloads in the order in which they were tried.
func (b *bench) ran() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, it := range b.runs {
		out = append(out, it.Payload)
	}
	return out
}

// rows counts the items by state: waiting, under way, buried.
func (b *bench) rows() (n [3]int) {
	b.t.Helper()
	err := b.db.View(context.Background(), func(tx *store.Tx) error {
		return tx.Each(`SELECT state, COUNT(*) FROM outbox GROUP BY state`, nil, func(scan func(...any) error) error {
			var state, count int
			err := scan(&state, &count)
			n[state] = count
			return err
		})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bench) wantRows(waiting, underWay, buried int) {
	b.t.Helper()
	if got, want := b.rows(), [3]int{waiting, underWay, buried}; got != want {
		b.t.Errorf("items waiting, under way and buried: %v, want %v", got, want)
	}
}

func item(group, lane string, n int) outbox.Item {
	return outbox.Item{Group: group, Lane: lane, Payload: fmt.Sprintf("%s/%s/%d", group, lane, n)}
}
