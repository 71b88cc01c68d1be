package login

import (
	"context"
	"errors"
	"net/url"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

type verified struct {
	Scope     string `json:"scope"`
	ClientID  string `json:"client_id"`
	ExpiresIn int64  `json:"expires_in"` // seconds
}

// verify says what a user access token is good for.
// https://developers.line.biz/en/reference/line-login/#verify-access-token
func (r *Room) verify(c *api.Call, t tokenRow) (any, error) {
	ch := r.Channels.ByNo(t.channelNo)
	if ch == nil || t.revokedAt != 0 || t.expiresAt <= c.Now.UnixMilli() {
		return nil, errExpired
	}
	c.Owner = ch.ID
	return verified{t.said(), ch.ID, (t.expiresAt - c.Now.UnixMilli()) / 1000}, nil
}

// known finds a user token by its access or refresh token; ok is false when the
// value is of neither kind.
func (r *Room) known(ctx context.Context, column, value string) (t tokenRow, ok bool, err error) {
	if value == "" {
		return t, false, nil
	}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		t, err = find(tx, column, value)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return t, false, nil
	}
	return t, err == nil, err
}

// revoke ends a user token, and with it the refresh token that it came with.
// One that is unknown or ended already is no error.
// https://developers.line.biz/en/reference/line-login/#revoke-access-token
func (r *Room) revoke(c *api.Call, form url.Values) (any, error) {
	column, value := byAccess, form.Get("access_token")
	if value == "" {
		column, value = byRefresh, form.Get("refresh_token")
	}
	if value == "" {
		return nil, errParameters
	}
	client, err := r.client(c, form)
	if err != nil {
		return nil, err
	}
	err = r.DB.Update(c, func(tx *store.Tx) error {
		t, err := find(tx, column, value)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		case t.channelNo != client.channel.No:
			return errForeign
		case !client.authenticated && !t.public:
			return errSecret
		}
		_, err = tx.Exec(`UPDATE login_tokens SET revoked_at = $2 WHERE family = $1 AND revoked_at = 0`, t.family, tx.Millis())
		return err
	})
	return api.Empty{}, err
}

type deauthorizing struct {
	UserAccessToken string `json:"userAccessToken"`
}

// deauthorize takes back all that the user of a token granted the channel, and
// all their tokens. The channel shows a channel access token of its own.
// https://developers.line.biz/en/reference/line-login/#deauthorize
func (r *Room) deauthorize(c *api.Call, in deauthorizing) (any, error) {
	ch := channel.Caller(c)
	err := r.DB.Update(c, func(tx *store.Tx) error {
		t, err := find(tx, byAccess, in.UserAccessToken)
		if errors.Is(err, store.ErrNotFound) || err == nil && (t.channelNo != ch.No || t.revokedAt != 0 || t.expiresAt <= tx.Millis()) {
			return api.Errorf(api.Invalid, "invalid token")
		}
		if err != nil {
			return err
		}
		for _, q := range []string{`UPDATE login_tokens SET revoked_at = $3 WHERE channel_no = $1 AND person_no = $2 AND revoked_at = 0`,
			`UPDATE login_codes SET used_at = $3 WHERE channel_no = $1 AND person_no = $2 AND used_at = 0`} {
			if _, err := tx.Exec(q, t.channelNo, t.personNo, tx.Millis()); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`DELETE FROM login_grants WHERE channel_no = $1 AND person_no = $2`, t.channelNo, t.personNo)
		return err
	})
	return api.Status{Code: 204, Body: api.Empty{}}, err
}

// Sweep clears away what nobody can use any more.
func (r *Room) Sweep(ctx context.Context, now time.Time) error {
	at := now.UnixMilli()
	return errors.Join(
		r.DB.Sweep(ctx, `DELETE FROM login_codes WHERE hash IN (SELECT hash FROM login_codes WHERE expires_at <= $2 LIMIT $1)`, at),
		r.DB.Sweep(ctx, `DELETE FROM login_sessions WHERE hash IN (SELECT hash FROM login_sessions WHERE expires_at <= $2 LIMIT $1)`, at),
		r.DB.Sweep(ctx, `DELETE FROM login_tokens WHERE hash IN (SELECT hash FROM login_tokens WHERE expires_at <= $2 AND refresh_expires_at <= $2 LIMIT $1)`, at))
}
