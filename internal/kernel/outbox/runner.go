package outbox

import (
	"context"
	"errors"
	"time"

	"kaiwa/internal/kernel/store"
)

// runner works off one group for as long as it has due items.
type runner struct {
	q       *Queue
	g       group
	h       Handler
	lanes   map[string][]Item // fetched and not yet begun, by lane, in order
	order   []string          // lanes that can begin, first come first served
	busy    map[string]bool   // lanes with an attempt under way
	known   map[int64]bool    // items fetched or under way
	running int
	more    bool // the store may hold items that are not fetched
	done    chan Item
	// woken is set by wake, under the queue's lock.
	woken bool
}

const fetchMost = 256

// wake makes sure that somebody works on the group.
func (q *Queue) wake(g group) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r := q.active[g]; r != nil {
		if !r.woken {
			r.woken = true
			select {
			case r.done <- Item{}:
			default: // it will look before it leaves
			}
		}
		return
	}
	if !q.started || q.ctx.Err() != nil || !q.runs(g.kind) {
		return
	}
	h := q.handlers[g.kind]
	r := &runner{q: q, g: g, h: h, lanes: map[string][]Item{}, busy: map[string]bool{}, known: map[int64]bool{},
		more: true, done: make(chan Item, max(1, h.Window)+1)}
	q.active[g] = r
	q.begun++
	q.wg.Go(r.work)
}

// leave ends the runner unless it was woken since it last looked.
func (r *runner) leave(force bool) bool {
	r.q.mu.Lock()
	defer r.q.mu.Unlock()
	if r.woken && !force {
		r.woken, r.more = false, true
		return false
	}
	delete(r.q.active, r.g)
	r.q.ended++
	r.q.idle.Broadcast()
	return true
}

func (r *runner) work() {
	for {
		if r.q.ctx.Err() != nil {
			for r.running > 0 { // attempts under way still record their outcome
				r.ended(<-r.done)
			}
			r.leave(true)
			return
		}
		r.begin()
		if r.more && len(r.known)-r.running < fetchMost/2 && len(r.order) == 0 {
			if err := r.fetch(); err != nil {
				if r.running == 0 {
					r.leave(true)
					r.q.Poke()
					return
				}
			} else if len(r.order) > 0 {
				continue
			}
		}
		if r.running == 0 && len(r.order) == 0 && r.leave(false) {
			return
		}
		if r.running > 0 {
			r.ended(<-r.done)
		}
	}
}

// begin starts what may start.
func (r *runner) begin() {
	for r.running < max(1, r.h.Window) && len(r.order) > 0 && r.q.runs(r.g.kind) {
		lane := r.order[0]
		r.order = r.order[1:]
		it := r.lanes[lane][0]
		if r.lanes[lane] = r.lanes[lane][1:]; len(r.lanes[lane]) == 0 {
			delete(r.lanes, lane)
		}
		r.busy[lane] = true
		r.running++
		go func() {
			r.q.attempt(r.h, it)
			r.done <- it
		}()
	}
	if !r.q.runs(r.g.kind) {
		r.putBack()
	}
}

// putBack forgets what was fetched and not begun, until the next wake.
func (r *runner) putBack() {
	for _, items := range r.lanes {
		for _, it := range items {
			delete(r.known, it.ID)
		}
	}
	r.order, r.lanes, r.more = nil, map[string][]Item{}, false
}

// ended takes note of an attempt's end, or of a wake (an item without id).
func (r *runner) ended(it Item) {
	if it.ID == 0 {
		r.q.mu.Lock()
		r.woken = false
		r.q.mu.Unlock()
		r.more = true
		return
	}
	r.q.progress()
	r.running--
	delete(r.known, it.ID)
	delete(r.busy, it.Lane)
	if len(r.lanes[it.Lane]) > 0 {
		r.order = append(r.order, it.Lane)
	}
}

func (r *runner) fetch() error {
	limit := fetchMost + len(r.known)
	var items []Item
	err := r.q.db.View(context.WithoutCancel(r.q.ctx), func(tx *store.Tx) (err error) {
		items, err = read(tx, `SELECT id, kind, grp, lane, payload, attempts, due FROM outbox
			WHERE state = 0 AND kind = $1 AND grp = $2 AND due <= $3 ORDER BY due, id LIMIT $4`, r.g.kind, r.g.name, tx.Millis(), limit)
		return err
	})
	if err != nil {
		return err
	}
	r.more = len(items) == limit
	for _, it := range items {
		if r.known[it.ID] {
			continue
		}
		r.known[it.ID] = true
		if len(r.lanes[it.Lane]) == 0 && !r.busy[it.Lane] {
			r.order = append(r.order, it.Lane)
		}
		r.lanes[it.Lane] = append(r.lanes[it.Lane], it)
	}
	return nil
}

var errTaken = errors.New("outbox: item is gone or taken")

// attempt claims, runs and settles one item.
func (q *Queue) attempt(h Handler, it Item) {
	// Once begun, an attempt is recorded to its end, also while stopping.
	ctx := context.WithoutCancel(q.ctx)
	it.Attempts++
	if err := q.claim(ctx, h, it); err != nil {
		if !errors.Is(err, errTaken) {
			// The item is still waiting in the store: keepTime is to look again.
			time.AfterFunc(pause, q.Poke)
		}
		return
	}
	q.conclude(ctx, it, h.Run(ctx, it))
}

// claim records the attempt. While the store is away it goes on trying, for a
// commit whose answer was lost may have happened.
func (q *Queue) claim(ctx context.Context, h Handler, it Item) error {
	for again := false; ; again = true {
		err := q.db.Update(ctx, func(tx *store.Tx) error {
			n, err := tx.Exec(`UPDATE outbox SET state = 1, attempts = $2 WHERE id = $1 AND state = 0`, it.ID, it.Attempts)
			if err != nil {
				return err
			}
			if n == 0 {
				if again {
					return underWay(tx, it)
				}
				return errTaken
			}
			if h.Claim == nil {
				return nil
			}
			return h.Claim(tx, it)
		})
		if !errors.Is(err, store.ErrUnavailable) {
			return err
		}
		q.rest()
		if q.ctx.Err() != nil {
			return err
		}
	}
}

// conclude records the outcome, which must not be lost while the store is away,
// nor be recorded twice when only the answer to the commit was lost.
func (q *Queue) conclude(ctx context.Context, it Item, finish func(*store.Tx) (Outcome, error)) {
	for again := false; ; again = true {
		err := q.db.Update(ctx, func(tx *store.Tx) error {
			if again {
				if err := underWay(tx, it); err != nil {
					return err
				}
			}
			out, err := finish(tx)
			if err != nil {
				return err
			}
			if !out.Retry.IsZero() {
				tx.After(q.Poke)
			}
			return settle(tx, it, out)
		})
		if errors.Is(err, errTaken) {
			q.Poke() // what was to follow that commit
			return
		}
		if err == nil || q.ctx.Err() != nil {
			return
		}
		q.rest()
	}
}

// underWay is errTaken unless the store has this very attempt under way.
func underWay(tx *store.Tx, it Item) error {
	var id int64
	err := tx.Row(`SELECT id FROM outbox WHERE id = $1 AND state = 1 AND attempts = $2`, []any{it.ID, it.Attempts}, &id)
	if errors.Is(err, store.ErrNotFound) {
		return errTaken
	}
	return err
}

// pause is between two tries at a store that is away.
const pause = 200 * time.Millisecond

func (q *Queue) rest() {
	select {
	case <-time.After(pause):
	case <-q.ctx.Done():
	}
}
