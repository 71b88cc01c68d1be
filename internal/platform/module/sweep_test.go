package module

import (
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

func TestSweepClearsCodesThatCanBeUsedNoMore(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, &clock.Clock{})
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for code, expires := range map[string]time.Time{"old": now.Add(-time.Second), "just over": now, "good": now.Add(time.Second)} {
				if _, err := tx.Exec(`INSERT INTO module_codes (hash, module_no, account_no, asked, expires_at) VALUES ($1, 1, 2, '', $2)`,
					digest(code), expires.UnixMilli()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := (&Room{db: db}).Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		var left string
		err = db.View(t.Context(), func(tx *store.Tx) error { return tx.Row(`SELECT MAX(hash) || COUNT(*) FROM module_codes`, nil, &left) })
		if err != nil || left != digest("good")+"1" {
			t.Errorf("left %q, %v", left, err)
		}
	})
}
