package accountlink

import (
	"fmt"
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

// A token is kept a day after its end, so that its page can say what became of it.
func TestSweepClearsOldTokens(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, &clock.Clock{})
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for i, age := range []time.Duration{-tokenLife, time.Hour, remembered, remembered + time.Millisecond, 30 * remembered} {
				_, err := tx.Exec(`INSERT INTO link_tokens (token, channel_no, person_no, expires_at, used_at) VALUES ($1, 1, 1, $2, 0)`,
					fmt.Sprint(i), now.Add(-age).UnixMilli())
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := New(db, nil, nil, nil).Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		var left int
		var last string
		err = db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT COUNT(*), MAX(token) FROM link_tokens`, nil, &left, &last)
		})
		if err != nil || left != 3 || last != "2" {
			t.Errorf("%d left, the oldest is %s: %v", left, last, err)
		}
	})
}
