package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

// notes is a schema of the size that these tests need.
var notes = fstest.MapFS{"0001_notes.sql": {Data: []byte(`
	-- a comment; with a semicolon
	CREATE TABLE notes (
		id TEXT PRIMARY KEY,
		body TEXT NOT NULL, -- another; one
		n BIGINT NOT NULL
	);
	CREATE INDEX notes_n ON notes (n);
`)}}

func open(t testing.TB, dsn string, opt store.Options) *store.DB {
	t.Helper()
	if opt.Migrations == nil {
		opt.Migrations = notes
	}
	db, err := store.Open(t.Context(), dsn, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func insert(tx *store.Tx, id string) error {
	_, err := tx.Exec(`INSERT INTO notes (id, body, n) VALUES ($1, $2, $3)`, id, "body of "+id, 1)
	return err
}

func update(t *testing.T, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// ids lists the committed notes.
func ids(t *testing.T, db *store.DB) []string {
	t.Helper()
	var out []string
	err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.Each(`SELECT id FROM notes ORDER BY id`, nil, func(scan func(...any) error) error {
			var s string
			err := scan(&s)
			out = append(out, s)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantIDs(t *testing.T, db *store.DB, want ...string) {
	t.Helper()
	if got := ids(t, db); !slices.Equal(got, want) {
		t.Errorf("the store holds %q, want %q", got, want)
	}
}

// together runs the closures in one commit, in this order, and gives their
// errors: a first closure holds the writer until all of them have queued up.
func together(t *testing.T, dsn string, check func(*testing.T, *store.DB), closures ...func(*store.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(closures))
	synctest.Test(t, func(t *testing.T) {
		var batches []int
		db := open(t, dsn, store.Options{OnCommit: func(n int, _ time.Duration) { batches = append(batches, n) }})
		var wg sync.WaitGroup
		release := make(chan struct{})
		wg.Go(func() {
			if err := db.Update(context.Background(), func(*store.Tx) error { <-release; return nil }); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		for i, fn := range closures {
			wg.Go(func() { errs[i] = db.Update(context.Background(), fn) })
			synctest.Wait() // so that the next one queues behind it
		}
		close(release)
		wg.Wait()
		if want := []int{1, len(closures)}; !slices.Equal(batches, want) {
			t.Fatalf("the batches were %v, want %v", batches, want)
		}
		check(t, db)
	})
	return errs
}

// wantErrors compares each error by errors.Is; nil wants none.
func wantErrors(t *testing.T, got, want []error) {
	t.Helper()
	for i, err := range got {
		if !errors.Is(err, want[i]) || (err != nil) != (want[i] != nil) {
			t.Errorf("closure %d: %v, want %v", i, err, want[i])
		}
	}
}

var errAny = errors.New("any error")

// foreign gives errAny for an error that is none of the store's own.
func foreign(err error) error {
	if err == nil || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrNotFound) {
		return err
	}
	return fmt.Errorf("%w: %w", errAny, err)
}

func each(t *testing.T, run func(t *testing.T, dsn string)) { testkit.EachStore(t, run) }
