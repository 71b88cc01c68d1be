package token

import (
	"cmp"
	"net/url"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// verified is what the verify operations say of a valid token.
type verified struct {
	ClientID  string `json:"client_id"`
	ExpiresIn int64  `json:"expires_in"` // seconds; beyond 32 bits for long-lived tokens
	Scope     string `json:"scope,omitzero"`
}

func verification(c *api.Call, t *token) verified {
	c.Owner = t.channelID
	return verified{ClientID: t.channelID, ExpiresIn: t.expiresIn(c.Now), Scope: t.scope}
}

// verifyByJWT verifies v2.1 and stateless tokens.
// https://developers.line.biz/en/reference/messaging-api/#verify-channel-access-token-v2-1
func (r *Room) verifyByJWT(c *api.Call) (any, error) {
	value := query(c).Get("access_token")
	if value == "" {
		return nil, errParameters
	}
	if err := checkShape(value); err != nil {
		return nil, err
	}
	said, err := r.claimed(c, value)
	if err != nil {
		return nil, err
	}
	if said == nil {
		return nil, errMalformed // not signed by this server
	}
	t, err := r.find(c, value)
	switch {
	case err != nil:
		return nil, err
	case c.Now.UnixMilli() >= said.ExpiresAt:
		return nil, errExpired
	case t == nil:
		return nil, errRevoked
	}
	return verification(c, t), nil
}

// verify verifies short- and long-lived tokens.
// https://developers.line.biz/en/reference/messaging-api/#verify-channel-access-token
func (r *Room) verify(c *api.Call, form url.Values) (any, error) {
	value := form.Get("access_token")
	if value == "" {
		return nil, errParameters
	}
	if !wellFormed(value) {
		return nil, errFormat
	}
	t, err := r.find(c, value)
	if err != nil {
		return nil, err
	}
	if !t.valid(c.Now) || t.kind != shortLived && t.kind != longLived {
		return nil, errInvalid
	}
	return verification(c, t), nil
}

// keyIDs lists the key ids of the channel's valid v2.1 tokens.
// https://developers.line.biz/en/reference/messaging-api/#get-all-valid-channel-access-token-key-ids-v2-1
func (r *Room) keyIDs(c *api.Call) (any, error) {
	ch, _, err := r.asserted(c, query(c))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Kids []string `json:"kids"`
	}
	err = r.db.View(c, func(tx *store.Tx) error {
		answer.Kids, err = validKeyIDs(tx, ch.ID, c.Now.UnixMilli())
		return err
	})
	return answer, err
}

// query is the query string by the platform's names. The official Go SDK (8.14)
// spells the parameters of these operations in camel case; what it sends is
// taken too, or its users could not call them at all.
func query(c *api.Call) url.Values {
	given, out := c.Query(), url.Values{}
	for name, sdk := range map[string]string{"access_token": "accessToken", "client_assertion": "clientAssertion",
		"client_assertion_type": "clientAssertionType"} {
		if value := cmp.Or(given.Get(name), given.Get(sdk)); value != "" {
			out.Set(name, value)
		}
	}
	return out
}
