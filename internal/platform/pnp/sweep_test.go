package pnp

import (
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

func TestSweepClearsWhatNobodyAgreedTo(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, &clock.Clock{})
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for no, until := range []time.Time{now.Add(-time.Hour), now, now.Add(time.Second)} {
				if _, err := tx.Exec(`INSERT INTO phone_waiting (no, person_no, channel_no, notification, until) VALUES ($1, 1, 2, '', $2)`,
					no, until.UnixMilli()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := New(Config{DB: db}).Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		var n, left int
		err = db.View(t.Context(), func(tx *store.Tx) error { return tx.Row(`SELECT COUNT(*), MAX(no) FROM phone_waiting`, nil, &n, &left) })
		if err != nil || n != 1 || left != 2 {
			t.Errorf("%d left, the last %d, %v", n, left, err)
		}
	})
}
