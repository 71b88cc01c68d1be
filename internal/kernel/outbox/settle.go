package outbox

import (
	"context"
	"errors"
	"time"

	"kaiwa/internal/kernel/store"
)

// settleRounds bounds how many generations of work Settle waits for: what was
// due, what that led to, and so on.
const settleRounds = 8

// Settle returns when nothing is due and nothing is under way. Under traffic
// that never pauses it returns when what was due at the call, and some
// generations of what followed from it, is done.
func (q *Queue) Settle(ctx context.Context) error {
	stop := context.AfterFunc(ctx, q.progress)
	defer stop()
	for range settleRounds {
		var newest int64
		err := q.db.View(ctx, func(tx *store.Tx) error {
			return tx.Row(`SELECT COALESCE(MAX(id), 0) FROM outbox`, nil, &newest)
		})
		if err != nil {
			return err
		}
		if quiet, err := q.settle(ctx, newest); err != nil || quiet {
			return err
		}
	}
	return nil
}

// settle returns when no item up to that id is due or under way; quiet says
// that nothing is due at all and nobody is at work.
func (q *Queue) settle(ctx context.Context, upto int64) (quiet bool, err error) {
	for {
		q.mu.Lock()
		ended, begun, active := q.ended, q.begun, len(q.active)
		q.mu.Unlock()
		_, due, err := q.due(ctx)
		if err != nil {
			return false, err
		}
		for _, g := range due {
			q.wake(g)
		}
		left, err := q.left(ctx, upto)
		if err != nil {
			return false, err
		}
		q.mu.Lock()
		switch {
		case len(due) == 0 && active == 0 && q.begun == begun: // nobody worked between the look at the runners and the look at the store
			q.mu.Unlock()
			return true, nil
		case len(due) > 0 && !q.started:
			q.mu.Unlock()
			return false, errors.New("outbox: items are due and the queue is not started")
		case left == 0 && active > 0:
			q.mu.Unlock()
			return false, nil
		}
		for q.ended == ended && len(q.active) > 0 && ctx.Err() == nil && q.ctx.Err() == nil {
			q.idle.Wait()
		}
		q.mu.Unlock()
		if err := errors.Join(ctx.Err(), q.ctx.Err()); err != nil {
			return false, err
		}
	}
}

// left counts the items up to that id that are due or under way. One that is
// tried again at once is no new generation, though it becomes due a little later.
func (q *Queue) left(ctx context.Context, upto int64) (n int, err error) {
	err = q.db.View(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT kind, COUNT(*) FROM outbox WHERE id <= $1 AND (state = 1 OR state = 0 AND due <= $2) GROUP BY kind`,
			[]any{upto, tx.Millis()}, func(scan func(...any) error) error {
				var kind string
				var count int
				err := scan(&kind, &count)
				if q.runs(kind) {
					n += count
				}
				return err
			})
	})
	return n, err
}

// progress tells those who settle that something ended.
func (q *Queue) progress() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended++
	q.idle.Broadcast()
}

// Advance moves the clock to t, from one due instant to the next, so that what
// was due on the way has happened, in its order and at its time.
func (q *Queue) Advance(ctx context.Context, t time.Time) error {
	for {
		if err := q.Settle(ctx); err != nil {
			return err
		}
		var next time.Time
		if err := q.db.View(ctx, func(tx *store.Tx) (err error) {
			next, err = nextDue(tx)
			return err
		}); err != nil {
			return err
		}
		if next.IsZero() || next.After(t) {
			break
		}
		if next.After(q.clock.Now()) {
			q.clock.Set(next)
		}
	}
	if t.After(q.clock.Now()) {
		q.clock.Set(t)
	}
	return q.Settle(ctx)
}
