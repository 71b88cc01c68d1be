package store

import "context"

// SweepMost is how many rows one step of a Sweep may change: few enough not to
// keep writers waiting.
const SweepMost = 500

// Sweep runs a statement that changes at most SweepMost rows ($1 is that
// number, further arguments follow) until nothing is left to change.
func (db *DB) Sweep(ctx context.Context, query string, args ...any) error {
	for {
		var n int64
		err := db.Update(ctx, func(tx *Tx) (err error) {
			n, err = tx.Exec(query, append([]any{SweepMost}, args...)...)
			return err
		})
		if err != nil || n < SweepMost {
			return err
		}
	}
}
