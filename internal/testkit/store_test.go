package testkit_test

import (
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT COUNT(*) FROM counters`, nil, &n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachStoreIsEmptyAndItsOwn(t *testing.T) {
	for range 2 {
		testkit.EachStore(t, func(t *testing.T, dsn string) {
			db := testkit.Open(t, dsn, nil)
			if db.Engine() != "sqlite" && db.Engine() != "postgres" {
				t.Errorf("engine %q", db.Engine())
			}
			if n := count(t, db); n != 0 {
				t.Fatalf("a fresh store has %d counters", n)
			}
			err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Add(store.Counter{Name: "x"}, 1) })
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestClusterServesAgainAfterRestart(t *testing.T) {
	c := testkit.NewCluster(t)
	dsn := c.Database(t)
	testkit.Open(t, dsn, nil)
	if err := c.Restart(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, testkit.Open(t, dsn, nil)); n != 0 {
		t.Errorf("%d counters", n)
	}
}
