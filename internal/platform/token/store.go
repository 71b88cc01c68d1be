package token

import (
	"encoding/hex"
	"errors"

	"kaiwa/internal/kernel/store"
)

// stored is the token of that hash; ErrNotFound if there is none. What is
// revoked is deleted, so whatever is found needs only be asked its expiry.
func stored(tx *store.Tx, h hash) (*token, error) {
	var t token
	err := tx.Row(`SELECT channel_id, kind, key_id, scope, issued_at, expires_at FROM tokens WHERE hash = $1`, []any{h.text()},
		&t.channelID, &t.kind, &t.keyID, &t.scope, &t.issuedAt, &t.expiresAt)
	return &t, err
}

// insert stores an issued token; the value is kept of long-lived ones only. The
// error is ErrConflict when another channel has a token of that value.
func (r *Room) insert(tx *store.Tx, t token, value string) error {
	h, shown := hashOf(value), ""
	if t.kind == longLived {
		shown = value
	}
	_, err := tx.Exec(`INSERT INTO tokens (hash, channel_id, kind, key_id, value, scope, seq, issued_at, expires_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, (SELECT COALESCE(MAX(seq), 0) + 1 FROM tokens WHERE channel_id = $2 AND kind = $3), $7, $8, 0)`,
		h.text(), t.channelID, string(t.kind), t.keyID, shown, t.scope, t.issuedAt, t.expiresAt)
	if err != nil {
		return err
	}
	tx.After(func() { r.memory.drop([]hash{h}) })
	return nil
}

// remove deletes the tokens of a channel and kind that meet the condition,
// whose parameters begin with $3.
func (r *Room) remove(tx *store.Tx, channelID string, kind kind, condition string, args ...any) error {
	var gone []hash
	err := tx.Each(`DELETE FROM tokens WHERE channel_id = $1 AND kind = $2 AND `+condition+` RETURNING hash`,
		append([]any{channelID, string(kind)}, args...), func(scan func(...any) error) error {
			var text string
			var h hash
			if err := scan(&text); err != nil {
				return err
			}
			if _, err := hex.Decode(h[:], []byte(text)); err != nil {
				return err
			}
			gone = append(gone, h)
			return nil
		})
	if err == nil && len(gone) > 0 {
		tx.After(func() { r.memory.drop(gone) })
	}
	return err
}

// removeExpired keeps the table as small as the limits: expired tokens do not count.
func (r *Room) removeExpired(tx *store.Tx, channelID string, kind kind) error {
	return r.remove(tx, channelID, kind, `expires_at <= $3`, tx.Millis())
}

// oldestOfMost is the place in line of the token that must go before another
// one can be issued; full is false while there are fewer than the limit.
func oldestOfMost(tx *store.Tx, channelID string, kind kind) (seq int64, full bool, err error) {
	err = tx.Row(`SELECT seq FROM tokens WHERE channel_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1 OFFSET $3`,
		[]any{channelID, string(kind), most - 1}, &seq)
	if errors.Is(err, store.ErrNotFound) {
		return 0, false, nil
	}
	return seq, err == nil, err
}

// validKeyIDs are the key ids of the channel's valid v2.1 tokens, in the order of issue.
func validKeyIDs(tx *store.Tx, channelID string, now int64) ([]string, error) {
	ids := []string{}
	err := tx.Each(`SELECT key_id FROM tokens WHERE channel_id = $1 AND kind = $2 AND expires_at > $3 ORDER BY seq`,
		[]any{channelID, string(v21), now}, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
	return ids, err
}

// longLivedValue is the channel's long-lived token; ErrNotFound if there is none.
func longLivedValue(tx *store.Tx, channelID string) (value string, err error) {
	err = tx.Row(`SELECT value FROM tokens WHERE channel_id = $1 AND kind = $2`, []any{channelID, string(longLived)}, &value)
	return value, err
}

// keyName is the row of settings that holds the signing key.
const keyName = "token.key"

func storedKey(tx *store.Tx) (text string, err error) {
	err = tx.Row(`SELECT value FROM settings WHERE name = $1`, []any{keyName}, &text)
	return text, err
}

// putKey stores a signing key unless there is one.
func putKey(tx *store.Tx, text string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, keyName, text)
	return err
}
