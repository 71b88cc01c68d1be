package login

import (
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

const (
	platformIssuer = "https://access.line.me"
	idTokenSpan    = time.Hour
)

// Issuer is who ID tokens say made them.
func (r *Room) Issuer(c *api.Call) string { return r.IssuerAt(c.Origin()) }

// IssuerAt is the same where this server is known by an address. Under the
// platform's names it is the platform, whatever the world says.
func (r *Room) IssuerAt(origin string) string {
	if u, err := url.Parse(origin); err != nil || !r.OwnIssuer() || platformHost(u.Host) {
		return platformIssuer
	}
	return origin
}

func platformHost(host string) bool {
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	return strings.HasSuffix(name, ".line.me")
}

// claims are an ID token's, in the platform's order.
// https://developers.line.biz/en/docs/line-login/verify-id-token/#payload
type claims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience string   `json:"aud"`
	Expires  int64    `json:"exp"` // unix seconds, as the next two
	IssuedAt int64    `json:"iat"`
	AuthTime int64    `json:"auth_time,omitzero"`
	Nonce    string   `json:"nonce,omitzero"`
	AMR      []string `json:"amr,omitzero"`
	Name     string   `json:"name,omitzero"`
	Picture  string   `json:"picture,omitzero"`
	Email    string   `json:"email,omitzero"`
}

func (r *Room) idToken(tx *store.Tx, issuer string, p *friend.Person, req *codeRequest, es256 bool) (string, error) {
	ch := req.channel
	v := claims{Issuer: issuer, Subject: p.UserID, Audience: ch.ID, Expires: tx.Now.Add(idTokenSpan).Unix(), IssuedAt: tx.Now.Unix(), Nonce: req.Nonce}
	if req.MaxAge >= 0 {
		v.AuthTime = req.AuthenticatedAt / 1000
	}
	if req.AMR != "" {
		v.AMR = []string{req.AMR}
	}
	if req.has("profile") {
		v.Name, v.Picture = p.Profile.DisplayName, p.Profile.PictureURL
	}
	if req.has("email") {
		v.Email = p.Profile.Email
	}
	payload, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	if es256 {
		return r.signES256(tx, payload)
	}
	return signHS256(payload, ch.Secret)
}

// signHS256 signs as for web apps: with the channel secret's characters as the key.
func signHS256(payload []byte, secret string) (string, error) {
	return sign(payload, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secret)})
}

func sign(payload []byte, key jose.SigningKey) (string, error) {
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

// verifyIDToken checks an ID token for a client and answers its claims.
// https://developers.line.biz/en/reference/line-login/#verify-id-token
func (r *Room) verifyIDToken(c *api.Call, form url.Values) (any, error) {
	value, clientID := form.Get("id_token"), form.Get("client_id")
	if value == "" || clientID == "" {
		return nil, errParameters
	}
	payload, err := r.openIDToken(c, value)
	if err != nil {
		return nil, err
	}
	var v claims
	if err := json.Unmarshal(payload, &v); err != nil {
		return nil, errIDToken
	}
	switch {
	case v.Issuer != r.Issuer(c):
		return nil, errIssuer
	case c.Now.Unix() >= v.Expires:
		return nil, errIDExpired
	case v.Audience != clientID:
		return nil, errAudience
	case form.Get("nonce") != "" && form.Get("nonce") != v.Nonce:
		return nil, errNonce
	case form.Get("user_id") != "" && form.Get("user_id") != v.Subject:
		return nil, errIDSubject
	}
	return v, nil
}

// openIDToken checks the signature. The algorithm of the header only chooses
// among the two keys that there are, so that none can be talked into taking the
// place of the other: HS256 is the secret of the channel that the token is for,
// ES256 this server's key.
func (r *Room) openIDToken(c *api.Call, value string) ([]byte, error) {
	if strings.Count(value, ".") != 2 {
		return nil, errNoJWS
	}
	jws, err := jose.ParseSignedCompact(value, []jose.SignatureAlgorithm{jose.HS256, jose.ES256})
	if err != nil {
		return nil, errIDToken
	}
	header := jws.Signatures[0].Protected
	if header.Algorithm == string(jose.ES256) {
		key, err := r.knownKey(c)
		if err != nil {
			return nil, err
		}
		if key == nil || header.KeyID != key.kid {
			return nil, errIDToken
		}
		return opened(jws, &key.private.PublicKey)
	}
	var claim struct {
		Audience string `json:"aud"`
	}
	if err := json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &claim); err != nil {
		return nil, errIDToken
	}
	ch := r.loginChannel(claim.Audience)
	if ch == nil {
		return nil, errIDToken
	}
	return opened(jws, []byte(ch.Secret))
}

func opened(jws *jose.JSONWebSignature, key any) ([]byte, error) {
	payload, err := jws.Verify(key)
	if err != nil {
		return nil, errIDToken
	}
	return payload, nil
}
