package key_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/key"
)

// kit is a room of keys on a clock that stands still until a test moves it.
type kit struct {
	*key.Room
	t   *testing.T
	db  *store.DB
	now time.Time
}

func each(t *testing.T, run func(*kit)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		k := &kit{t: t, db: testkit.Open(t, dsn, nil), now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)}
		k.Room = key.Open(k.db, func() time.Time { return k.now })
		run(k)
	})
}

func (k *kit) issue(workspace string) (string, key.Key) {
	k.t.Helper()
	secret, issued, err := k.Issue(k.t.Context(), workspace)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret, issued
}

func (k *kit) put(workspace, secret string) (key.Key, error) {
	var put key.Key
	err := k.db.Update(k.t.Context(), func(tx *store.Tx) (err error) {
		put, err = k.Put(tx, workspace, secret)
		return err
	})
	return put, err
}

// is fails unless the secret opens that workspace; "" means that it must open none.
func (k *kit) is(secret, workspace string) {
	k.t.Helper()
	got, err := k.Verify(k.t.Context(), secret)
	if workspace == "" {
		if !errors.Is(err, key.ErrUnknown) {
			k.t.Fatalf("Verify gave %+v, %v; want ErrUnknown", got, err)
		}
		return
	}
	if err != nil || got.WorkspaceID != workspace {
		k.t.Fatalf("Verify gave %q, %v; want %q", got.WorkspaceID, err, workspace)
	}
}

func (k *kit) list(workspace string) []key.Key {
	k.t.Helper()
	keys, err := k.List(k.t.Context(), workspace)
	if err != nil {
		k.t.Fatal(err)
	}
	return keys
}

func TestIssuedKeyOpensItsWorkspaceOnly(t *testing.T) {
	each(t, func(k *kit) {
		secret, issued := k.issue("w1")
		other, _ := k.issue("w2")
		k.is(secret, "w1")
		k.is(other, "w2")
		k.is(secret+"x", "")
		k.is(strings.ToUpper(secret), "")
		k.is("", "")
		if !strings.HasPrefix(secret, "kaiwa_") || len(secret) != 57 {
			t.Errorf("secret %q", secret)
		}
		keys := k.list("w1")
		if len(keys) != 1 || keys[0].ID != issued.ID || keys[0].Prefix != secret[:10] || keys[0].LastFour != secret[53:] || !keys[0].CreatedAt.Equal(k.now) {
			t.Errorf("listed %+v for %s", keys, secret)
		}
	})
}

func TestStoreHoldsNoSecret(t *testing.T) {
	each(t, func(k *kit) {
		secret, _ := k.issue("w1")
		var row string
		err := k.db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT id || workspace_id || hash || prefix || last_four FROM api_keys`, nil, &row)
		})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(row, secret[10:20]) {
			t.Errorf("row %q holds a part of %q", row, secret)
		}
	})
}

func TestRegenerateAndRevoke(t *testing.T) {
	each(t, func(k *kit) {
		old, issued := k.issue("w1")
		k.is(old, "w1") // now it is in memory
		if _, _, err := k.Regenerate(t.Context(), "w2", issued.ID); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("another workspace regenerated it: %v", err)
		}
		k.now = k.now.Add(time.Hour)
		fresh, again, err := k.Regenerate(t.Context(), "w1", issued.ID)
		if err != nil || again.ID != issued.ID || !again.CreatedAt.Equal(k.now) {
			t.Fatalf("%+v, %v", again, err)
		}
		k.is(old, "")
		k.is(fresh, "w1")
		if err := k.Revoke(t.Context(), "w2", issued.ID); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("another workspace revoked it: %v", err)
		}
		if err := k.Revoke(t.Context(), "w1", issued.ID); err != nil {
			t.Fatal(err)
		}
		k.is(fresh, "")
		if err := k.Revoke(t.Context(), "w1", issued.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("revoked twice: %v", err)
		}
		if _, _, err := k.Regenerate(t.Context(), "w1", issued.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("regenerated a revoked key: %v", err)
		}
		if keys := k.list("w1"); len(keys) != 0 {
			t.Errorf("still listed: %+v", keys)
		}
	})
}

func TestPutTakesAnyWords(t *testing.T) {
	each(t, func(k *kit) {
		for _, c := range []struct{ secret, prefix, last string }{
			{"kaiwa_demo_key", "kaiwa", "_key"}, {"x", "", ""}, {"a key with spaces", "a key ", "aces"},
		} {
			put, err := k.put("w1", c.secret)
			if err != nil || put.Prefix != c.prefix || put.LastFour != c.last {
				t.Errorf("%q: %+v, %v", c.secret, put, err)
			}
			k.is(c.secret, "w1")
		}
		if _, err := k.put("w2", "x"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("two workspaces with one key: %v", err)
		}
		first, _ := k.put("w1", "x")
		if err := k.Revoke(t.Context(), "w1", first.ID); err != nil {
			t.Fatal(err)
		}
		k.is("x", "")
		if again, err := k.put("w1", "x"); err != nil || again.ID != first.ID {
			t.Errorf("%+v, %v", again, err)
		}
		k.is("x", "w1")
	})
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(k *kit) {
		secret, _ := k.issue("w1")
		if used := k.list("w1")[0].LastUsedAt; !used.IsZero() {
			t.Errorf("used at %v before its first use", used)
		}
		start := k.now
		for _, step := range []struct {
			after time.Duration
			want  time.Duration
		}{{0, 0}, {59 * time.Second, 0}, {60 * time.Second, 60 * time.Second}, {119 * time.Second, 60 * time.Second}} {
			k.now = start.Add(step.after)
			k.is(secret, "w1")
			if used := k.list("w1")[0].LastUsedAt; !used.Equal(start.Add(step.want)) {
				t.Errorf("after %v: last used %v, want %v", step.after, used, start.Add(step.want))
			}
		}
	})
}

func TestForgetReadsTheStoreAgain(t *testing.T) {
	each(t, func(k *kit) {
		secret, _ := k.issue("w1")
		k.is(secret, "w1")
		err := k.db.Update(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Exec(`DELETE FROM api_keys`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		k.Forget()
		k.is(secret, "")
	})
}

// TestRegenerateAmongVerifies shows that no reader that overlaps the change
// brings the old secret back into memory.
func TestRegenerateAmongVerifies(t *testing.T) {
	each(t, func(k *kit) {
		secret, issued := k.issue("w1")
		for range 20 {
			stop, done := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				for {
					select {
					case <-stop:
						return
					default:
						k.Forget() // so that each Verify reads the store
						k.Verify(context.Background(), secret)
					}
				}
			}()
			fresh, _, err := k.Regenerate(t.Context(), "w1", issued.ID)
			if err != nil {
				t.Fatal(err)
			}
			k.is(secret, "")
			close(stop)
			<-done
			k.is(secret, "")
			secret = fresh
		}
	})
}
