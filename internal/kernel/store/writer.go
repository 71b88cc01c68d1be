package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// job is one Update that waits for its commit.
type job struct {
	fn    func(*Tx) error
	err   error
	after []func()
	done  chan struct{}
	// spoilt says that its failure took the transaction along: err is its answer
	// and it is left out when the batch runs again.
	spoilt bool
}

// write is the only goroutine that writes. It takes what has queued up since
// the last commit (no timer: the sync itself is the pause in which callers
// gather), runs it as one transaction and answers all of it after the sync.
func (db *DB) write(s *session) {
	defer close(db.stopped)
	defer s.close()
	batch := make([]*job, 0, batchMost)
	for {
		batch = batch[:0]
		select {
		case j := <-db.queue:
			batch = append(batch, j)
		case <-db.stop:
			// Those that won the race into the queue are still served.
			select {
			case j := <-db.queue:
				batch = append(batch, j)
			default:
				return
			}
		}
	drain:
		for len(batch) < batchMost {
			select {
			case j := <-db.queue:
				batch = append(batch, j)
			default:
				break drain
			}
		}
		start := time.Now()
		db.commit(s, batch)
		if db.commits != nil {
			db.commits(len(batch), time.Since(start))
		}
		for _, j := range batch {
			if j.err == nil {
				for _, f := range j.after {
					f()
				}
			}
			close(j.done)
		}
	}
}

// tries bounds how often a batch that met another process's transaction runs again.
const tries = 8

func (db *DB) commit(s *session, batch []*job) {
	// A savepoint for each closure costs as much as a small statement, and hardly
	// a closure fails after it has written: at first there are none, and a batch
	// in which one does so runs again with them. One alone needs none at all.
	careful := false
	err := db.attempt(s, batch, careful)
	for again := 1; err != nil; err = db.attempt(s, batch, careful) {
		if errors.Is(err, errSplit) || errors.Is(err, errSpoilt) { // at most once for each job, and once more
			careful = true
			continue
		}
		if again == tries || !db.dialect.retryable(err) {
			break
		}
		again++
	}
	if err == nil {
		return
	}
	for _, j := range batch {
		if !j.spoilt {
			j.err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
}

var (
	errSplit  = errors.New("store: a closure failed after it wrote")
	errSpoilt = errors.New("store: a failed read ended the transaction")
)

// attempt runs the batch once. An error is of the transaction as a whole, which
// is rolled back then; errors of single closures stand in their jobs.
func (db *DB) attempt(s *session, batch []*job, careful bool) (err error) {
	ctx := context.Background()
	if err := s.begin(ctx, db.dialect.beginWrite()); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			s.end("ROLLBACK")
		}
	}()
	totals := map[Counter]int64{}
	for _, j := range batch {
		if j.spoilt {
			continue
		}
		j.err, j.after = nil, nil
		tx := &Tx{Now: db.now(), s: s, ctx: ctx, writable: true, careful: careful, batch: totals}
		if j.err = run(tx, j.fn); j.err == nil {
			j.err = tx.broken
		}
		if err := db.settle(tx, j, len(batch) == 1); err != nil {
			return err
		}
		if j.err == nil {
			j.after = tx.after
			for _, c := range tx.counts {
				totals[c.counter] += c.n
			}
		}
		tx.s = nil
	}
	if err := flush(ctx, s, totals); err != nil {
		return err
	}
	return s.exec(ctx, "COMMIT")
}

// settle undoes what a failed closure wrote. An error says that the whole
// transaction has to run again: with savepoints, without this closure, or as it is.
func (db *DB) settle(tx *Tx, j *job, alone bool) error {
	switch {
	case db.dialect.retryable(j.err):
		return j.err
	case tx.broken != nil && !tx.wrote, tx.broken != nil && alone:
		// There is no savepoint to go back to, and PostgreSQL refuses all that
		// would follow: the others have to run again.
		j.spoilt = true
		return errSpoilt
	case tx.wrote && !tx.careful && j.err != nil:
		j.spoilt = alone // its answer is known; nothing is left to run
		return errSplit
	case !tx.wrote || !tx.careful:
		return nil
	}
	if j.err != nil {
		if err := tx.s.exec(tx.ctx, "ROLLBACK TO SAVEPOINT one"); err != nil {
			return err
		}
	}
	return tx.s.exec(tx.ctx, "RELEASE SAVEPOINT one")
}

// run keeps a panic of one closure from taking the writer down.
func run(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("store: panic in a transaction: %v\n%s", r, debug.Stack())
		}
	}()
	return fn(tx)
}
