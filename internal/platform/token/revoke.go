package token

import (
	"net/url"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// revokeByJWT revokes a v2.1 token. One that is already invalid is no error,
// nor is a stateless one, which stays valid.
// https://developers.line.biz/en/reference/messaging-api/#revoke-channel-access-token-v2-1
func (r *Room) revokeByJWT(c *api.Call, form url.Values) (any, error) {
	value := form.Get("access_token")
	if value == "" {
		return nil, errParameters
	}
	ch, err := r.client(c, form)
	if err != nil {
		return nil, err
	}
	if err := checkShape(value); err != nil {
		return nil, err
	}
	said, err := r.claimed(c, value)
	if err != nil {
		return nil, err
	}
	if said != nil && said.ChannelID != ch.ID {
		return nil, errForeign
	}
	return api.Empty{}, r.db.Update(c, func(tx *store.Tx) error { return r.remove(tx, ch.ID, v21, `hash = $3`, hashOf(value).text()) })
}

// revoke revokes a short- or long-lived token: who has it may. An unknown one is no error.
// https://developers.line.biz/en/reference/messaging-api/#revoke-longlived-or-shortlived-channel-access-token
func (r *Room) revoke(c *api.Call, form url.Values) (any, error) {
	value := form.Get("access_token")
	if !wellFormed(value) {
		return nil, errRevokedFormat
	}
	h := hashOf(value)
	t, err := r.find(c, value)
	if err != nil {
		return nil, err
	}
	if t == nil || t.kind != shortLived && t.kind != longLived {
		return api.Empty{}, nil
	}
	c.Owner = t.channelID
	return api.Empty{}, r.db.Update(c, func(tx *store.Tx) error { return r.remove(tx, t.channelID, t.kind, `hash = $3`, h.text()) })
}
