package message

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

func TestSweepClearsRetryKeysThatAnswerNoMore(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		c := &clock.Clock{}
		db := testkit.Open(t, dsn, c)
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for i := range 2*store.SweepMost + 10 { // half of them answer still
				at := now.Add(-retryKeyLife - time.Second)
				if i%2 == 0 {
					at = now.Add(-retryKeyLife + time.Second)
				}
				if _, err := tx.Exec(`INSERT INTO retry_keys (channel_no, retry_key, accepted_at, request_id, sent) VALUES (1, $1, $2, '', '')`,
					time.Duration(i).String(), at.UnixMilli()); err != nil {
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
		var left, old int
		err = db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN accepted_at < $1 THEN 1 ELSE 0 END), 0) FROM retry_keys`,
				[]any{now.Add(-retryKeyLife).UnixMilli()}, &left, &old)
		})
		if err != nil || left != store.SweepMost+5 || old != 0 {
			t.Errorf("%d left, %d of them old, %v", left, old, err)
		}
	})
}

// Narrowcasts that tell of themselves no more go; one that is not over stays.
func TestSweepClearsNarrowcasts(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		d := newDesk(t, dsn, 200, 1)
		now := d.clock.Now()
		d.update(func(tx *store.Tx) error {
			for i, n := range []narrowcast{{phase: succeeded, acceptedAt: -1}, {phase: succeeded}, {phase: waiting, acceptedAt: -1}} {
				n.requestID = strconv.Itoa(i)
				n.acceptedAt += now.Add(-narrowcastLife).UnixMilli()
				if err := n.insert(tx); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`UPDATE narrowcasts SET completed_at = 1 WHERE phase = $1`, succeeded)
			return err
		})
		if err := d.room.Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		var left string
		err := d.db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Each(`SELECT request_id FROM narrowcasts ORDER BY request_id`, nil, func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				left += id
				return err
			})
		})
		if err != nil || left != "12" {
			t.Errorf("%q left, %v", left, err)
		}
	})
}
