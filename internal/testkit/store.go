package testkit

import (
	"path/filepath"
	"testing"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/schema"
)

// EachStore runs a test once on each engine, as subtests "sqlite" and
// "postgres", with the dsn of an empty store that is gone after the test.
// Where no PostgreSQL can be had, its subtest is skipped and says why.
func EachStore(t *testing.T, run func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, Postgres(t)) })
}

// SQLite is the dsn of a file that does not exist yet.
func SQLite(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "kaiwa.db")
}

// Open opens dsn with the product's tables and closes it when the test ends.
// A nil clock is real time.
func Open(t testing.TB, dsn string, c *clock.Clock) *store.DB {
	t.Helper()
	opt := store.Options{Migrations: schema.Files()}
	if c != nil {
		opt.Now = c.Now
	}
	db, err := store.Open(t.Context(), dsn, opt)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return db
}
