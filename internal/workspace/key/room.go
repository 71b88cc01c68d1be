package key

import (
	"context"
	"errors"
	"sync"
	"time"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
)

// Room keeps the keys.
type Room struct {
	db  *store.DB
	now func() time.Time

	mu    sync.Mutex
	known map[string]*entry // by hash
	// epoch counts changes: a reader that began before one must not remember what it read.
	epoch int
}

type entry struct {
	key     Key
	usedAt  int64 // unix milliseconds, as last written
	revoked bool
}

// cached bounds the keys in memory.
const cached = 10_000

// usedEvery is how exact a key's last use is: one write a minute, not one a request.
const usedEvery = time.Minute

// Open makes the room. now is real time, whatever the server's clock says.
func Open(db *store.DB, now func() time.Time) *Room {
	return &Room{db: db, now: now, known: map[string]*entry{}}
}

// Issue makes a new key. The secret is returned this one time.
func (r *Room) Issue(ctx context.Context, workspaceID string) (secret string, k Key, err error) {
	secret = newSecret()
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		k, err = r.insert(tx, workspaceID, id.Hex(16), secret)
		return err
	})
	return secret, k, err
}

// Put makes a key with a secret that is given, as a world file does; doing it
// again brings it back if it was revoked. store.ErrConflict when the secret is
// another workspace's.
func (r *Room) Put(tx *store.Tx, workspaceID, secret string) (Key, error) {
	e, err := r.find(tx, hash(secret))
	if errors.Is(err, store.ErrNotFound) {
		return r.insert(tx, workspaceID, id.Derived("key", workspaceID, secret), secret)
	}
	if err != nil {
		return Key{}, err
	}
	if e.key.WorkspaceID != workspaceID {
		return Key{}, store.ErrConflict
	}
	_, err = tx.Exec(`UPDATE api_keys SET revoked_at = 0 WHERE id = $1`, e.key.ID)
	tx.After(r.Forget)
	return e.key, err
}

// List gives a workspace's valid keys, oldest first.
func (r *Room) List(ctx context.Context, workspaceID string) ([]Key, error) {
	keys := []Key{}
	err := r.db.View(ctx, func(tx *store.Tx) error {
		return tx.Each(selectKey+`WHERE workspace_id = $1 AND revoked_at = 0 ORDER BY created_at, id`, []any{workspaceID},
			func(scan func(...any) error) error {
				e, err := scanKey(scan)
				keys = append(keys, e.key)
				return err
			})
	})
	return keys, err
}

// Regenerate gives a key a new secret; the old one is invalid when it returns.
// store.ErrNotFound when the workspace has no such valid key.
func (r *Room) Regenerate(ctx context.Context, workspaceID, keyID string) (secret string, k Key, err error) {
	secret = newSecret()
	prefix, lastFour := show(secret)
	k = Key{ID: keyID, WorkspaceID: workspaceID, Prefix: prefix, LastFour: lastFour, CreatedAt: r.now().UTC().Truncate(time.Millisecond)}
	err = r.change(ctx, `UPDATE api_keys SET hash = $3, prefix = $4, last_four = $5, created_at = $6, last_used_at = 0
		WHERE workspace_id = $1 AND id = $2 AND revoked_at = 0`, workspaceID, keyID, hash(secret), prefix, lastFour, k.CreatedAt.UnixMilli())
	if err != nil {
		return "", Key{}, err
	}
	return secret, k, nil
}

// Revoke makes a key invalid for good. store.ErrNotFound when the workspace has
// no such valid key.
func (r *Room) Revoke(ctx context.Context, workspaceID, keyID string) error {
	return r.change(ctx, `UPDATE api_keys SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at = 0`,
		workspaceID, keyID, r.now().UnixMilli())
}

func (r *Room) change(ctx context.Context, statement string, args ...any) error {
	return r.db.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(statement, args...)
		if err == nil && n == 0 {
			return store.ErrNotFound
		}
		tx.After(r.Forget)
		return err
	})
}

// Verify says which key a secret is, and that it was used now; ErrUnknown when
// it is none.
func (r *Room) Verify(ctx context.Context, secret string) (Key, error) {
	h := hash(secret)
	r.mu.Lock()
	e, epoch := r.known[h], r.epoch
	r.mu.Unlock()
	if e == nil {
		var err error
		if e, err = r.read(ctx, h); err != nil {
			return Key{}, err
		}
		r.remember(h, e, epoch)
	}
	r.used(ctx, e)
	return e.key, nil
}

func (r *Room) read(ctx context.Context, h string) (e *entry, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		e, err = r.find(tx, h)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && e.revoked {
		return nil, ErrUnknown
	}
	return e, err
}

// remember keeps a key in memory, unless a change came in between or another
// server may change the same store: with PostgreSQL a revoked key must stop on
// every node, so each request asks the store.
func (r *Room) remember(h string, e *entry, epoch int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if epoch != r.epoch || r.db.Engine() != "sqlite" {
		return
	}
	if len(r.known) >= cached {
		r.known = map[string]*entry{}
	}
	r.known[h] = e
}

// Forget drops what is in memory: after a change, and when the store was
// filled anew.
func (r *Room) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	r.known = map[string]*entry{}
}

// used notes the use. It is for the eyes of people only: a store that cannot
// take it now is no reason to refuse a read.
func (r *Room) used(ctx context.Context, e *entry) {
	now := r.now().UnixMilli()
	r.mu.Lock()
	due := now-e.usedAt >= usedEvery.Milliseconds()
	if due {
		e.usedAt = now
	}
	r.mu.Unlock()
	if due {
		_ = r.db.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2`, e.key.ID, now)
			return err
		})
	}
}
