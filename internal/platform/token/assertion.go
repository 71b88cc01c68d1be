package token

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math"
	"math/big"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
)

const (
	assertionType     = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionAudience = "https://api.line.me/"
	// assertionAlgorithm is the only one there is: the header's own word for it is never taken.
	assertionAlgorithm = jose.RS256
	assertionLifeMost  = 30 * time.Minute
)

// assertion is the payload of the JWT with which an application proves that it
// holds the private key of a channel.
// https://developers.line.biz/en/docs/messaging-api/generate-json-web-token/#payload
type assertion struct {
	Issuer      string   `json:"iss"`
	Subject     string   `json:"sub"`
	Audience    audience `json:"aud"`
	Expiry      seconds  `json:"exp"`
	TokenExpiry seconds  `json:"token_exp"` // of v2.1 tokens; else ignored
}

// asserted is the channel whose assertion the parameters carry.
func (r *Room) asserted(c *api.Call, given url.Values) (*channel.Channel, assertion, error) {
	text := given.Get("client_assertion")
	if text == "" || given.Get("client_assertion_type") != assertionType {
		return nil, assertion{}, errParameters
	}
	jws, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{assertionAlgorithm})
	if err != nil {
		return nil, assertion{}, errAssertion
	}
	var claim assertion
	if err := api.Decode(jws.UnsafePayloadWithoutVerification(), &claim); err != nil {
		return nil, assertion{}, errAssertion
	}
	ch, key, err := r.assertionKey(jws.Signatures[0].Protected.KeyID, claim.Issuer)
	if err != nil {
		return nil, assertion{}, err
	}
	if _, err := jws.Verify(key); err != nil {
		return nil, assertion{}, errSignature
	}
	if err := claim.check(c.Now); err != nil {
		return nil, assertion{}, err
	}
	c.Owner = ch.ID
	return ch, claim, nil
}

// assertionKey finds the registered key. Key ids of a world file need not be
// unique among channels, so the issuer's own key is asked for first.
func (r *Room) assertionKey(kid, issuer string) (*channel.Channel, *rsa.PublicKey, error) {
	if own := r.channels.Get(issuer); own != nil {
		if key := registered(own, kid); key != nil {
			return own, key, nil
		}
	}
	for _, other := range r.channels.List() {
		if registered(other, kid) != nil {
			return nil, nil, errIssuer
		}
	}
	return nil, nil, errNoKey
}

func registered(c *channel.Channel, kid string) *rsa.PublicKey {
	for _, k := range c.Config.AssertionKeys {
		if k.Kid == kid && kid != "" {
			return publicKey(k)
		}
	}
	return nil
}

// publicKey reads a registered JWK; nil if it is not an RSA key.
func publicKey(k channel.AssertionKey) *rsa.PublicKey {
	n, errN := base64.RawURLEncoding.DecodeString(strings.TrimRight(k.N, "="))
	e, errE := base64.RawURLEncoding.DecodeString(strings.TrimRight(k.E, "="))
	exponent := new(big.Int).SetBytes(e)
	if k.Kty != "RSA" || errN != nil || errE != nil || len(n) == 0 || exponent.BitLen() > 31 {
		return nil
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}
}

// check holds the claims against the server's clock and the platform's rules.
// That iss is the key's channel is already known.
func (a *assertion) check(now time.Time) error {
	left := time.UnixMilli(int64(a.Expiry) * 1000).Sub(now)
	switch {
	case a.Subject != a.Issuer:
		return errSubject
	case a.Audience != assertionAudience:
		return errAudience
	case left <= 0 || left > assertionLifeMost:
		return errExpiry
	}
	return nil
}

// audience is the aud claim. JWT libraries write one audience as a string or
// as a list of one; the platform's page asks for the string.
type audience string

// UnmarshalJSON reads a string or a list of one string.
func (a *audience) UnmarshalJSON(text []byte) error {
	var list []string
	if text[0] != '[' {
		return json.Unmarshal(text, (*string)(a))
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) == 1 {
		*a = audience(list[0])
	}
	return nil
}

// seconds is a claim that counts seconds. It is read from a number, with a
// fraction or not, and from a string too: the platform's own example assertion
// writes "exp" and "token_exp" as strings.
type seconds int64

// UnmarshalJSON reads a number or a string that holds one; null is none.
func (s *seconds) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	n, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	if err != nil {
		return err
	}
	if math.IsNaN(n) || math.Abs(n) > 1<<40 { // beyond any date, and safe to count in milliseconds
		return errors.New("not a number of seconds")
	}
	*s = seconds(n)
	return nil
}
