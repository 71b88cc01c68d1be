package key

import (
	"time"

	"kaiwa/internal/kernel/store"
)

const selectKey = `SELECT id, workspace_id, prefix, last_four, created_at, last_used_at, revoked_at FROM api_keys `

func scanKey(scan func(...any) error) (*entry, error) {
	e := &entry{}
	var createdAt, revokedAt int64
	err := scan(&e.key.ID, &e.key.WorkspaceID, &e.key.Prefix, &e.key.LastFour, &createdAt, &e.usedAt, &revokedAt)
	e.revoked = revokedAt != 0
	e.key.CreatedAt = time.UnixMilli(createdAt).UTC()
	if e.usedAt != 0 {
		e.key.LastUsedAt = time.UnixMilli(e.usedAt).UTC()
	}
	return e, err
}

// find reads the key of a hash, revoked or not; store.ErrNotFound when there is none.
func (r *Room) find(tx *store.Tx, h string) (e *entry, err error) {
	err = tx.Each(selectKey+`WHERE hash = $1`, []any{h}, func(scan func(...any) error) error {
		e, err = scanKey(scan)
		return err
	})
	if err == nil && e == nil {
		err = store.ErrNotFound
	}
	return e, err
}

func (r *Room) insert(tx *store.Tx, workspaceID, keyID, secret string) (Key, error) {
	prefix, lastFour := show(secret)
	k := Key{ID: keyID, WorkspaceID: workspaceID, Prefix: prefix, LastFour: lastFour, CreatedAt: r.now().UTC().Truncate(time.Millisecond)}
	_, err := tx.Exec(`INSERT INTO api_keys (id, workspace_id, hash, prefix, last_four, created_at, last_used_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`, k.ID, k.WorkspaceID, hash(secret), prefix, lastFour, k.CreatedAt.UnixMilli())
	return k, err
}
