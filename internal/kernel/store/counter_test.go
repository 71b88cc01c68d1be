package store_test

import (
	"errors"
	"testing"

	"kaiwa/internal/kernel/store"
)

func TestCounters(t *testing.T) {
	sent := store.Counter{Name: "sent", Scope: "1656000001", Period: "202601"}
	other := sent
	other.Scope = "1656000002"
	total := func(t *testing.T, db *store.DB, c store.Counter) (n int64) {
		t.Helper()
		err := db.View(t.Context(), func(tx *store.Tx) (err error) { n, err = tx.Total(c); return err })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	// add adds n and says what the total is before and after.
	add := func(n int64, seen *[2]int64, fail error) func(tx *store.Tx) error {
		return func(tx *store.Tx) error {
			var err1, err2 error
			seen[0], err1 = tx.Total(sent)
			err := tx.Add(sent, n)
			seen[1], err2 = tx.Total(sent)
			return errors.Join(err, err1, err2, fail)
		}
	}
	each(t, func(t *testing.T, dsn string) {
		var seen [5][2]int64
		errs := together(t, dsn, func(t *testing.T, db *store.DB) {
			if n := total(t, db, sent); n != 8 {
				t.Errorf("committed: %d, want 8", n)
			}
			if n := total(t, db, other); n != 0 {
				t.Errorf("another scope: %d, want 0", n)
			}
			update(t, db, func(tx *store.Tx) error { return errors.Join(tx.Add(sent, 2), tx.Add(other, 1)) })
			if a, b := total(t, db, sent), total(t, db, other); a != 10 || b != 1 {
				t.Errorf("the next commit: %d and %d, want 10 and 1", a, b)
			}
		},
			add(5, &seen[0], nil),
			add(100, &seen[1], errOwn),
			add(7, &seen[2], nil),
			func(tx *store.Tx) error {
				if err := tx.Add(sent, 1000); err != nil {
					return err
				}
				panic("on purpose")
			},
			add(-4, &seen[3], nil),
		)
		wantErrors(t, []error{errs[0], errs[1], errs[2], errs[4]}, []error{nil, errOwn, nil, nil})
		want := [5][2]int64{{0, 5}, {5, 105}, {5, 12}, {12, 8}}
		if seen != want {
			t.Errorf("the closures saw %v, want %v", seen, want)
		}
	})
}
