package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
)

var errOwn = errors.New("a refusal of the room")

func TestOneCommitKeepsFailuresApart(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		errs := together(t, dsn, func(t *testing.T, db *store.DB) { wantIDs(t, db, "a", "b", "c", "d") },
			func(tx *store.Tx) error { return insert(tx, "a") },
			func(tx *store.Tx) error { return errors.Join(insert(tx, "refused"), errOwn) },
			func(tx *store.Tx) error { return insert(tx, "b") },
			func(tx *store.Tx) error {
				if err := insert(tx, "panicked"); err != nil {
					return err
				}
				panic("on purpose")
			},
			func(tx *store.Tx) error { // what was swallowed must not look like a success
				insert(tx, "swallowed")
				insert(tx, "a")
				return nil
			},
			func(tx *store.Tx) error { return insert(tx, "c") },
			func(tx *store.Tx) error { // a statement that no engine understands, before anything is written
				var n int
				return tx.Row(`SELECT nothing FROM nowhere`, nil, &n)
			},
			func(tx *store.Tx) error { // the same, swallowed
				tx.Query(`SELECT nothing FROM nowhere`)
				return nil
			},
			func(tx *store.Tx) error {
				var body string
				if err := tx.Row(`SELECT body FROM notes WHERE id = $1`, []any{"none"}, &body); !errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("a row that is not there: %w", err)
				}
				return insert(tx, "d") // finding nothing is no failure
			},
		)
		for i, err := range errs {
			errs[i] = foreign(err)
		}
		wantErrors(t, errs, []error{nil, errOwn, nil, errAny, store.ErrConflict, nil, errAny, errAny, nil})
	})
}

// TestErrorAfterFirstRow is for statements that fail when some rows were
// already read: swallowed, their error must not look like a success either.
func TestErrorAfterFirstRow(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		late := `SELECT abs(n) FROM (SELECT 1 AS n UNION ALL SELECT -9223372036854775808)` // integer overflow
		if db.Engine() == "postgres" {
			late = `SELECT 1 / (2 - n) FROM generate_series(1, 2) AS n` // division by zero
		}
		for name, read := range map[string]func(tx *store.Tx) error{
			"Row": func(tx *store.Tx) error { var n int64; return tx.Row(late, nil, &n) },
			"Each": func(tx *store.Tx) error {
				return tx.Each(late, nil, func(scan func(...any) error) error { var n int64; return scan(&n) })
			},
		} {
			var inside error
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				inside = read(tx)
				return insert(tx, name)
			})
			if inside == nil { // Row need not have met it, being satisfied with one row
				continue
			}
			if err == nil || errors.Is(err, store.ErrUnavailable) {
				t.Errorf("%s: %v, want the statement's own error", name, err)
			}
			if slices.Contains(ids(t, db), name) {
				t.Errorf("%s: committed although a statement had failed", name)
			}
		}
	})
}

func TestAfterRunsOnceAndOnlyAfterTheCommit(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		var ran []string
		var db *store.DB
		after := func(id string, fail error) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				tx.After(func() {
					ran = append(ran, id)
					if !slices.Contains(ids(t, db), id) {
						t.Errorf("After of %s ran before others could see it", id)
					}
				})
				return errors.Join(insert(tx, id), fail)
			}
		}
		db = open(t, dsn, store.Options{})
		for _, c := range []struct {
			id   string
			fail error
		}{{"a", nil}, {"b", errOwn}, {"c", nil}} {
			if err := db.Update(t.Context(), after(c.id, c.fail)); !errors.Is(err, c.fail) {
				t.Fatal(err)
			}
			if c.fail == nil && ran[len(ran)-1] != c.id {
				t.Errorf("After of %s had not run when Update returned", c.id)
			}
		}
		if want := []string{"a", "c"}; !slices.Equal(ran, want) {
			t.Errorf("ran %q, want %q", ran, want)
		}
	})
}

// TestAfterRunsOnceThoughTheBatchRunsTwice has a neighbour spoil the transaction.
func TestAfterRunsOnceThoughTheBatchRunsTwice(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		ran, runs := 0, 0
		errs := together(t, dsn, func(t *testing.T, db *store.DB) { wantIDs(t, db, "a") },
			func(tx *store.Tx) error {
				runs++
				tx.After(func() { ran++ })
				if err := tx.Add(store.Counter{Name: "n"}, 1); err != nil {
					return err
				}
				if n, err := tx.Total(store.Counter{Name: "n"}); n != 1 || err != nil {
					return fmt.Errorf("the counter is %d, %w", n, err)
				}
				return insert(tx, "a")
			},
			func(tx *store.Tx) error { _, err := tx.Query(`SELECT nothing FROM nowhere`); return err },
		)
		if errs[0] != nil || errs[1] == nil || ran != 1 {
			t.Errorf("errors %v, After ran %d times", errs, ran)
		}
		t.Logf("the closure ran %d times", runs)
	})
}

func TestUpdateSeesItsInstant(t *testing.T) {
	instant := time.Date(2026, 1, 15, 0, 0, 0, 999_999_999, time.UTC)
	db := open(t, "memory:", store.Options{Now: func() time.Time { return instant }})
	see := func(tx *store.Tx) error {
		if !tx.Now.Equal(instant) || tx.Millis() != 1768435200999 {
			t.Errorf("Now %v, Millis %d", tx.Now, tx.Millis())
		}
		return nil
	}
	if err := errors.Join(db.Update(t.Context(), see), db.View(t.Context(), see)); err != nil {
		t.Fatal(err)
	}
}

func TestUpdateEndsWithTheStore(t *testing.T) {
	db, err := store.Open(t.Context(), "memory:", store.Options{Migrations: notes})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	started := make(chan struct{}, 64)
	var mu sync.Mutex
	var acked []string
	for p := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", p, i)
				err := db.Update(context.Background(), func(tx *store.Tx) error { return insert(tx, id) })
				if err != nil {
					if !errors.Is(err, store.ErrUnavailable) {
						t.Errorf("at the end: %v", err)
					}
					return
				}
				mu.Lock()
				acked = append(acked, id)
				mu.Unlock()
				select {
				case started <- struct{}{}:
				default:
				}
			}
		})
	}
	for range cap(started) {
		<-started
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait() // none may hang
	if len(acked) < cap(started) {
		t.Errorf("%d acknowledged", len(acked))
	}
	if err := db.View(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("View of a closed store: %v", err)
	}
}

// lateContext closes the store between Update's look at it and its way into the queue.
type lateContext struct {
	context.Context
	close func() error
	t     *testing.T
}

func (c lateContext) Done() <-chan struct{} {
	if err := c.close(); err != nil {
		c.t.Error(err)
	}
	return nil
}

func TestUpdateDoesNotWaitForAWriterThatLeft(t *testing.T) {
	for range 10 { // select chooses at random
		db, err := store.Open(t.Context(), "memory:", store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(lateContext{t.Context(), db.Close, t}, func(*store.Tx) error { return nil })
		if !errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("Update: %v", err)
		}
	}
}

func TestUpdateMayBeGivenUpOnlyBeforeItIsQueued(t *testing.T) {
	db := open(t, "memory:", store.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Update(ctx, func(tx *store.Tx) error { cancel(); return insert(tx, "a") })
	if err != nil {
		t.Errorf("a caller who left after it was queued: %v", err)
	}
	wantIDs(t, db, "a")
}
