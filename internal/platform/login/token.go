package login

import (
	"crypto/subtle"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

const (
	accessSpan  = 30 * 24 * time.Hour
	refreshSpan = 90 * 24 * time.Hour // from when the access token was issued
	liffSpan    = 12 * time.Hour
	// tokensMost is how many valid access tokens a person has in a channel; one
	// more ends the oldest.
	tokensMost = 10
)

// client is who calls the token endpoint.
type client struct {
	channel *channel.Channel
	// authenticated says that it knew the secret. Apps that keep none (LIFF, native
	// ones) prove themselves by the code verifier.
	authenticated bool
}

// client reads who calls from the form or from HTTP Basic authentication, by
// one of them only. A secret that is given has to be right, even where none is needed.
func (r *Room) client(c *api.Call, form url.Values) (client, error) {
	for _, values := range form {
		if len(values) > 1 {
			return client{}, errParameters
		}
	}
	clientID, secret := form.Get("client_id"), form.Get("client_secret")
	if user, password, ok := c.BasicAuth(); ok {
		if secret != "" || clientID != "" && clientID != user {
			return client{}, errTwice
		}
		clientID, secret = user, password
	}
	if clientID == "" {
		return client{}, errParameters
	}
	ch := r.loginChannel(clientID)
	if ch == nil {
		return client{}, errClient
	}
	if secret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(ch.Secret)) != 1 {
		return client{}, errSecret
	}
	c.Owner = ch.ID
	return client{ch, secret != ""}, nil
}

// tokenRow is a user access token as the store has it.
type tokenRow struct {
	channelNo, personNo  int64
	liffID, family       string
	scopes               []string
	public               bool // of an app that keeps no secret
	issuedAt, expiresAt  int64
	refreshHash, refresh string
	refreshExpiresAt     int64
	revokedAt            int64
}

func (t *tokenRow) has(scope string) bool { return slices.Contains(t.scopes, scope) }

// said is the scope as it is told: the platform never lists email.
func (t *tokenRow) said() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(t.scopes), func(s string) bool { return s == "email" }), " ")
}

// issue makes an access token, with a refresh token unless it renews or is of a
// LIFF app, whose people log in again.
func (r *Room) issue(tx *store.Tx, t tokenRow) (issued, error) {
	value, span := id.Secret(96), accessSpan
	if t.liffID != "" {
		span = liffSpan
	} else if t.refreshHash == "" {
		t.refresh = id.Secret(24)
		t.refreshHash, t.refreshExpiresAt = hashOf(t.refresh), tx.Now.Add(refreshSpan).UnixMilli()
	}
	if err := endOldest(tx, t); err != nil {
		return issued{}, err
	}
	public := 0
	if t.public {
		public = 1
	}
	_, err := tx.Exec(`INSERT INTO login_tokens (hash, refresh_hash, family, channel_no, person_no, liff_id, scope, public, issued_at, expires_at, refresh_expires_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`, hashOf(value), t.refreshHash, t.family, t.channelNo, t.personNo, t.liffID,
		strings.Join(t.scopes, " "), public, tx.Millis(), tx.Now.Add(span).UnixMilli(), t.refreshExpiresAt)
	return issued{AccessToken: value, ExpiresIn: int64(span / time.Second), RefreshToken: t.refresh, Scope: t.said(), TokenType: "Bearer"}, err
}

func endOldest(tx *store.Tx, t tokenRow) error {
	var hash string
	err := tx.Row(`SELECT hash FROM login_tokens WHERE channel_no = $1 AND person_no = $2 AND revoked_at = 0 AND expires_at > $3
		ORDER BY issued_at DESC, hash LIMIT 1 OFFSET $4`, []any{t.channelNo, t.personNo, tx.Millis(), tokensMost - 1}, &hash)
	if err == nil {
		_, err = tx.Exec(`UPDATE login_tokens SET revoked_at = $2 WHERE hash = $1`, hash, tx.Millis())
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// find reads a token by one of its hashes; store.ErrNotFound when there is none.
func find(tx *store.Tx, column, value string) (tokenRow, error) {
	var t tokenRow
	var scope string
	var public int64
	err := tx.Row(`SELECT channel_no, person_no, liff_id, family, scope, public, issued_at, expires_at, refresh_hash, refresh_expires_at, revoked_at
		FROM login_tokens WHERE `+column+` = $1 ORDER BY issued_at DESC LIMIT 1`, []any{hashOf(value)},
		&t.channelNo, &t.personNo, &t.liffID, &t.family, &scope, &public, &t.issuedAt, &t.expiresAt, &t.refreshHash, &t.refreshExpiresAt, &t.revokedAt)
	t.scopes, t.public = strings.Fields(scope), public != 0
	return t, err
}

const (
	byAccess  = "hash"
	byRefresh = "refresh_hash"
)

// refresh renews an access token. The refresh token stays the same and does not
// live longer for it; the access token before goes on until it expires.
// https://developers.line.biz/en/reference/line-login/#refresh-access-token
func (r *Room) refresh(c *api.Call, form url.Values) (any, error) {
	value := form.Get("refresh_token")
	if value == "" {
		return nil, errParameters
	}
	client, err := r.client(c, form)
	if err != nil {
		return nil, err
	}
	var out issued
	err = r.DB.Update(c, func(tx *store.Tx) error {
		t, err := find(tx, byRefresh, value)
		if errors.Is(err, store.ErrNotFound) || err == nil && (t.channelNo != client.channel.No || t.refreshExpiresAt <= tx.Millis() || t.revokedAt != 0) {
			return errRefresh
		}
		if err != nil {
			return err
		}
		if !client.authenticated && !t.public {
			return errSecret
		}
		if out, err = r.issue(tx, t); err == nil {
			out.RefreshToken = value
		}
		return err
	})
	return out, err
}
