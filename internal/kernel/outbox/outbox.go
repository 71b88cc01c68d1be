package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
)

// Item is one piece of promised work.
type Item struct {
	ID                int64
	Kind, Group, Lane string
	Payload           string
	// Attempts counts the attempts begun, this one included.
	Attempts int
	Due      time.Time
}

// Outcome of an attempt. The zero Outcome is success: the item is gone.
type Outcome struct {
	// Retry is when to try again.
	Retry time.Time
	// Bury keeps the item, never to run again, with this reason.
	Bury string
}

// Handler runs the items of one kind.
type Handler struct {
	// Window is how many items of one group may be under way at once; 0 is 1.
	Window int
	// Claim records the attempt, in the transaction that is synced before Run. May be nil.
	Claim func(tx *store.Tx, item Item) error
	// Run makes the attempt. What it returns is called in the transaction that
	// records the outcome, perhaps more than once.
	Run func(ctx context.Context, item Item) func(tx *store.Tx) (Outcome, error)
	// Interrupted says what becomes of an item that may have been tried when the
	// last process died. nil: it runs again.
	Interrupted func(tx *store.Tx, item Item) (Outcome, error)
}

// Queue is the outbox of a store.
type Queue struct {
	db       *store.DB
	clock    *clock.Clock
	seq      *id.Sequence
	handlers map[string]Handler
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	poke     chan struct{}
	paused   func(kind string) bool

	mu      sync.Mutex
	idle    *sync.Cond
	ended   int // attempts and runners that ended
	active  map[group]*runner
	begun   int  // runners there have been, so that Settle notices one that came and went
	started bool // Start has settled what a dead process left; before it nobody works
}

type group struct{ kind, name string }

// New makes the queue; Start sets it to work.
func New(db *store.DB, c *clock.Clock, seq *id.Sequence) *Queue {
	q := &Queue{db: db, clock: c, seq: seq, handlers: map[string]Handler{}, poke: make(chan struct{}, 1), active: map[group]*runner{}}
	q.idle = sync.NewCond(&q.mu)
	q.ctx, q.cancel = context.WithCancel(context.Background())
	return q
}

// Handle sets the handler of a kind, before Start.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Pause makes the queue leave items of a kind alone while paused says so. Set before Start.
func (q *Queue) Pause(paused func(kind string) bool) { q.paused = paused }

// Put promises an item as part of the transaction. A zero Due is now.
func (q *Queue) Put(tx *store.Tx, item Item) error {
	if item.Due.IsZero() {
		item.Due = tx.Now
	}
	_, err := tx.Exec(`INSERT INTO outbox (id, kind, grp, lane, payload, due, attempts, state) VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`,
		q.seq.Next(tx.Now), item.Kind, item.Group, item.Lane, item.Payload, item.Due.UnixMilli())
	if err != nil {
		return err
	}
	later := item.Due.After(tx.Now)
	tx.After(func() {
		if later {
			q.Poke()
		} else {
			q.wake(group{item.Kind, item.Group})
		}
	})
	return nil
}

// Start settles what a dead process left under way and begins to work.
func (q *Queue) Start(ctx context.Context) error {
	err := q.db.Update(ctx, func(tx *store.Tx) error {
		items, err := read(tx, `SELECT id, kind, grp, lane, payload, attempts, due FROM outbox WHERE state = 1 ORDER BY id`)
		if err != nil {
			return err
		}
		for _, it := range items {
			out := Outcome{Retry: tx.Now}
			if h := q.handlers[it.Kind]; h.Interrupted != nil {
				if out, err = h.Interrupted(tx, it); err != nil {
					return err
				}
			}
			if err := settle(tx, it, out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	q.mu.Lock()
	q.started = true
	q.mu.Unlock()
	q.wg.Go(q.keepTime)
	return nil
}

// Stop lets the attempts under way end, for as long as ctx allows.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock() // so that no runner begins after this
	q.cancel()
	q.idle.Broadcast()
	q.mu.Unlock()
	done := make(chan struct{})
	go func() {
		q.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Poke makes the queue look for due items now.
func (q *Queue) Poke() {
	select {
	case q.poke <- struct{}{}:
	default:
	}
}

// sweep is how long the queue goes without a look at the store. It is only
// needed for items whose transaction was committed though nobody heard of it.
const sweep = 2 * time.Second

// keepTime wakes groups when items of theirs become due.
func (q *Queue) keepTime() {
	for q.ctx.Err() == nil {
		moved := q.clock.Moved()
		next, due, err := q.due(q.ctx)
		wait := sweep
		if err != nil {
			wait = 100 * time.Millisecond // the store is away: look again soon
		} else if !next.IsZero() {
			wait = min(sweep, max(time.Millisecond, next.Sub(q.clock.Now())))
		}
		for _, g := range due {
			q.wake(g)
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-q.poke:
		case <-moved:
		case <-q.ctx.Done():
		}
		t.Stop()
	}
}

// due lists the groups with due items, and the instant the next item becomes due.
func (q *Queue) due(ctx context.Context) (next time.Time, due []group, err error) {
	err = q.db.View(ctx, func(tx *store.Tx) error {
		err := tx.Each(`SELECT DISTINCT kind, grp FROM outbox WHERE state = 0 AND due <= $1`, []any{tx.Millis()}, func(scan func(...any) error) error {
			var g group
			if err := scan(&g.kind, &g.name); err != nil {
				return err
			}
			if q.runs(g.kind) {
				due = append(due, g)
			}
			return nil
		})
		if err != nil {
			return err
		}
		next, err = nextDue(tx)
		return err
	})
	return next, due, err
}

func nextDue(tx *store.Tx) (time.Time, error) {
	var ms int64
	err := tx.Row(`SELECT due FROM outbox WHERE state = 0 AND due > $1 ORDER BY due LIMIT 1`, []any{tx.Millis()}, &ms)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	return time.UnixMilli(ms), err
}

func (q *Queue) runs(kind string) bool {
	_, known := q.handlers[kind]
	return known && (q.paused == nil || !q.paused(kind))
}

// Depth is how many items wait or are under way.
func (q *Queue) Depth(ctx context.Context) (n int64, oldest time.Time, err error) {
	err = q.db.View(ctx, func(tx *store.Tx) error {
		var ms int64
		if err := tx.Row(`SELECT COUNT(*), COALESCE(MIN(due), 0) FROM outbox WHERE state <> 2`, nil, &n, &ms); err != nil {
			return err
		}
		if n > 0 {
			oldest = time.UnixMilli(ms)
		}
		return nil
	})
	return n, oldest, err
}

func settle(tx *store.Tx, it Item, out Outcome) error {
	var err error
	switch {
	case out.Bury != "":
		_, err = tx.Exec(`UPDATE outbox SET state = 2, failure = $2 WHERE id = $1`, it.ID, out.Bury)
	case !out.Retry.IsZero():
		_, err = tx.Exec(`UPDATE outbox SET state = 0, due = $2 WHERE id = $1`, it.ID, out.Retry.UnixMilli())
	default:
		_, err = tx.Exec(`DELETE FROM outbox WHERE id = $1`, it.ID)
	}
	return err
}

func read(tx *store.Tx, query string, args ...any) ([]Item, error) {
	var items []Item
	err := tx.Each(query, args, func(scan func(...any) error) error {
		var it Item
		var due int64
		if err := scan(&it.ID, &it.Kind, &it.Group, &it.Lane, &it.Payload, &it.Attempts, &due); err != nil {
			return err
		}
		it.Due = time.UnixMilli(due)
		items = append(items, it)
		return nil
	})
	return items, err
}
