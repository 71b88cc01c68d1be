package store

import (
	"context"
	"errors"
)

// Counter names a running total: what is counted, for whom, in which period
// (a day or a month, as the room writes it).
type Counter struct{ Name, Scope, Period string }

// Add adds n to a counter as part of the transaction. A whole batch of
// transactions writes each counter once, so that a counter every request
// touches costs next to nothing.
func (tx *Tx) Add(c Counter, n int64) error {
	if !tx.writable {
		return errWriteInView
	}
	for i := range tx.counts {
		if tx.counts[i].counter == c {
			tx.counts[i].n += n
			return nil
		}
	}
	tx.counts = append(tx.counts, count{c, n})
	return nil
}

// count is what one transaction adds to a counter; it adds to few.
type count struct {
	counter Counter
	n       int64
}

// Total reads a counter, with what this transaction and those before it in the
// same commit have added.
func (tx *Tx) Total(c Counter) (int64, error) {
	var n int64
	err := tx.Row(`SELECT value FROM counters WHERE name = $1 AND scope = $2 AND period = $3`, []any{c.Name, c.Scope, c.Period}, &n)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, err
	}
	for _, own := range tx.counts {
		if own.counter == c {
			n += own.n
		}
	}
	return n + tx.batch[c], nil
}

func flush(ctx context.Context, s *session, totals map[Counter]int64) error {
	for c, n := range totals {
		if n == 0 {
			continue
		}
		_, err := s.change(ctx, `INSERT INTO counters (name, scope, period, value) VALUES ($1, $2, $3, $4)
			ON CONFLICT (name, scope, period) DO UPDATE SET value = counters.value + excluded.value`, []any{c.Name, c.Scope, c.Period, n})
		if err != nil {
			return err
		}
	}
	return nil
}
