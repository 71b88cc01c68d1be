package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"kaiwa/internal/kernel/store"
)

func TestViewSeesOneMomentOfWhatIsCommitted(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		update(t, db, func(tx *store.Tx) error { return insert(tx, "a") })
		count := func(tx *store.Tx) (n int) {
			if err := tx.Row(`SELECT COUNT(*) FROM notes`, nil, &n); err != nil {
				t.Error(err)
			}
			return n
		}
		// Not before the commit ...
		update(t, db, func(tx *store.Tx) error {
			if err := insert(tx, "b"); err != nil {
				return err
			}
			if n := count(tx); n != 2 {
				t.Errorf("the writer sees %d notes of its own", n)
			}
			wantIDs(t, db, "a")
			return nil
		})
		// ... at once after it, but not within a view that began before.
		err := db.View(t.Context(), func(tx *store.Tx) error {
			before := count(tx)
			update(t, db, func(tx *store.Tx) error { return insert(tx, "c") })
			if after := count(tx); before != 2 || after != 2 {
				t.Errorf("one view saw %d, then %d notes", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantIDs(t, db, "a", "b", "c")
	})
}

func TestViewCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		for name, write := range map[string]func(tx *store.Tx) error{
			"Exec":      func(tx *store.Tx) error { return insert(tx, "a") },
			"Add":       func(tx *store.Tx) error { return tx.Add(store.Counter{Name: "n"}, 1) },
			"RETURNING": func(tx *store.Tx) error { return returning(tx, "a") },
		} {
			if err := db.View(t.Context(), write); err == nil {
				t.Errorf("%s in a View is not refused", name)
			}
		}
		wantIDs(t, db)
		update(t, db, func(tx *store.Tx) error { return returning(tx, "a") })
		wantIDs(t, db, "a")
	})
}

func returning(tx *store.Tx, id string) error {
	var got string
	err := tx.Row(`INSERT INTO notes (id, body, n) VALUES ($1, '', 0) RETURNING id`, []any{id}, &got)
	if err == nil && got != id {
		err = errors.New("RETURNING gave " + got)
	}
	return err
}

// TestViewGivenUp shows that a reader who leaves does not take a connection along.
func TestViewGivenUp(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		for range 20 { // more than there are readers
			ctx, cancel := context.WithCancel(t.Context())
			err := db.View(ctx, func(tx *store.Tx) error {
				cancel()
				var n int
				return tx.Row(`SELECT COUNT(*) FROM notes`, nil, &n)
			})
			if err == nil {
				t.Fatal("a View whose caller has left succeeded")
			}
			if n := len(ids(t, db)); n != 0 {
				t.Fatalf("%d notes", n)
			}
		}
	})
}

func TestViewWaitsForAReader(t *testing.T) {
	db := open(t, "memory:", store.Options{})
	var wg sync.WaitGroup
	held, release := make(chan struct{}), make(chan struct{})
	const readers = 4
	for range readers {
		wg.Go(func() {
			if err := db.View(context.Background(), func(*store.Tx) error { held <- struct{}{}; <-release; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for range readers {
		<-held
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.View(ctx, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a View that cannot begin: %v", err)
	}
	close(release)
	wg.Wait()
	wantIDs(t, db)
}
