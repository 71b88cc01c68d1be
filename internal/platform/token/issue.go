package token

import (
	"crypto/subtle"
	"net/url"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// issued is the answer to each request for a token.
type issued struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
	TokenType   string `json:"token_type"`
	KeyID       string `json:"key_id,omitzero"`
}

func bearerToken(value string, life time.Duration) issued {
	return issued{AccessToken: value, ExpiresIn: int64(life / time.Second), TokenType: "Bearer"}
}

// issueByJWT issues a channel access token v2.1.
// https://developers.line.biz/en/reference/messaging-api/#issue-channel-access-token-v2-1
func (r *Room) issueByJWT(c *api.Call, form url.Values) (any, error) {
	if form.Get("grant_type") != "client_credentials" {
		return nil, errParameters
	}
	ch, claim, err := r.asserted(c, form)
	if err != nil {
		return nil, err
	}
	life := time.Duration(claim.TokenExpiry) * time.Second
	if claim.TokenExpiry <= 0 || claim.TokenExpiry > seconds(v21LifeMost/time.Second) {
		return nil, errTokenExpiry
	}
	t := token{channelID: ch.ID, kind: v21, keyID: id.Secret(16), issuedAt: c.Now.UnixMilli(), expiresAt: c.Now.Add(life).UnixMilli()}
	value, err := r.sign(c, claims{ID: t.keyID, ChannelID: t.channelID, Kind: v21, ExpiresAt: t.expiresAt})
	if err != nil {
		return nil, err
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		if err := r.removeExpired(tx, t.channelID, v21); err != nil {
			return err
		}
		if _, full, err := oldestOfMost(tx, t.channelID, v21); err != nil {
			return err
		} else if full {
			return errTooMany
		}
		return r.insert(tx, t, value)
	})
	answer := bearerToken(value, life)
	answer.KeyID = t.keyID
	return answer, err
}

// issueStateless issues a stateless token, to a secret or to an assertion. A
// form with both is taken by its assertion: some SDKs always send all fields.
// https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token
func (r *Room) issueStateless(c *api.Call, form url.Values) (any, error) {
	if form.Get("grant_type") != "client_credentials" {
		return nil, errParameters
	}
	var ch *channel.Channel
	var err error
	if form.Get("client_assertion") != "" {
		ch, _, err = r.asserted(c, form)
	} else if ch, err = r.client(c, form); err == errClientID || err == errClientSecret {
		err = errCredentials // this endpoint does not tell which of them is wrong
	}
	if err != nil {
		return nil, err
	}
	value, err := r.sign(c, claims{ID: id.Secret(16), ChannelID: ch.ID, Kind: stateless, ExpiresAt: c.Now.Add(statelessLife).UnixMilli()})
	return bearerToken(value, statelessLife), err
}

// issueShortLived issues a short-lived token; the channel's oldest goes when there are too many.
// https://developers.line.biz/en/reference/messaging-api/#issue-shortlived-channel-access-token
func (r *Room) issueShortLived(c *api.Call, form url.Values) (any, error) {
	owner := ""
	if ch := r.channels.Get(form.Get("client_id")); ch != nil {
		owner = ch.ID // unknown ids share one bucket, or anybody could make buckets without end
	}
	if err := c.Admit(owner); err != nil {
		return nil, err
	}
	if form.Get("grant_type") != "client_credentials" {
		return nil, errParameters
	}
	ch, err := r.client(c, form)
	if err != nil {
		return nil, err
	}
	value := opaque()
	t := token{channelID: ch.ID, kind: shortLived, scope: opaqueScope, issuedAt: c.Now.UnixMilli(), expiresAt: c.Now.Add(shortLife).UnixMilli()}
	err = r.db.Update(c, func(tx *store.Tx) error {
		if err := r.removeExpired(tx, t.channelID, shortLived); err != nil {
			return err
		}
		oldest, full, err := oldestOfMost(tx, t.channelID, shortLived)
		if err != nil {
			return err
		}
		if full {
			if err := r.remove(tx, t.channelID, shortLived, `seq <= $3`, oldest); err != nil {
				return err
			}
		}
		return r.insert(tx, t, value)
	})
	return bearerToken(value, shortLife), err
}

// client is the channel whose id and secret the form carries.
func (r *Room) client(c *api.Call, form url.Values) (*channel.Channel, error) {
	clientID, secret := form.Get("client_id"), form.Get("client_secret")
	if clientID == "" || secret == "" {
		return nil, errParameters
	}
	ch := r.channels.Get(clientID)
	if ch == nil {
		return nil, errClientID
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(ch.Secret)) != 1 {
		return nil, errClientSecret
	}
	c.Owner = ch.ID
	return ch, nil
}
