package miniapp

import (
	"errors"
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
	"kaiwa/internal/testkit"
)

func TestSweepClearsExpiredTokens(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, &clock.Clock{})
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for hash, until := range map[string]time.Time{"a": now.Add(-time.Hour), "b": now, "c": now.Add(time.Second)} {
				if _, err := insert(tx, tokenRow{liffHash: hash, expiresAt: until.UnixMilli()}); err != nil {
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
		var n int
		var left string
		err = db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT COUNT(*), MAX(liff_hash) FROM notifier_tokens`, nil, &n, &left)
		})
		if err != nil || n != 1 || left != "c" {
			t.Errorf("%d left, the last %q, %v", n, left, err)
		}
	})
}

// TestNobodyReceives: a token can outlive whom it is of.
func TestNobodyReceives(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		db := testkit.Open(t, dsn, &clock.Clock{})
		r := New(Config{DB: db, Friends: friend.Open(db)})
		ch := &channel.Channel{No: 1, Type: channel.MiniApp}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			if err := PutTemplates(tx, ch, []Template{{Name: "plain_en", Layout: "simple", Title: "Hello"}}); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO notifier_tokens (liff_hash, hash, channel_no, person_no, liff_id, session_id, remaining, expires_at)
				VALUES ('', $1, 1, 4711, '', '', 5, $2)`, login.Hash("token"), tx.Millis()+1000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := r.deliver(tx, ch, sendBody{"plain_en", map[string]string{}, "token"})
			return err
		})
		if !errors.Is(err, errNoReceiver) {
			t.Errorf("sent to nobody: %v", err)
		}
	})
}
