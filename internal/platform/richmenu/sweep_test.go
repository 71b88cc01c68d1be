package richmenu

import (
	"strconv"
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
)

// Batches that nobody can ask for any more go, and only those.
func TestSweep(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		c := &clock.Clock{}
		db := testkit.Open(t, dsn, c)
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for i, at := range []time.Time{now.Add(-batchLife), now.Add(-batchLife + time.Millisecond), now} {
				if _, err := tx.Exec(`INSERT INTO rich_menu_batches (no, base, request_id, channel_no, resume_key, operations, accepted_at, completed_at, failed)
					VALUES ($1, $1, $2, 1, '', '[]', $3, 0, 0)`, i, strconv.Itoa(i), at.UnixMilli()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := New(Config{DB: db, Queue: outbox.New(db, c, &id.Sequence{})})
		if err := r.Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		var left, first int
		err = db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT COUNT(*), MIN(no) FROM rich_menu_batches`, nil, &left, &first)
		})
		if err != nil || left != 2 || first != 1 {
			t.Errorf("%d are left, the first of them %d, %v", left, first, err)
		}
	})
}
