package login

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// codeSpan is how long an authorization code may be redeemed, once.
const codeSpan = 10 * time.Minute

// codeRequest is what stands beside a code.
type codeRequest struct {
	Request         `json:",inline"`
	AMR             string `json:"amr"`
	AuthenticatedAt int64  `json:"authenticatedAt"` // unix milliseconds
}

// Hash is what stands for a token in the store.
func Hash(value string) string { return hashOf(value) }

func hashOf(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// issued is the answer of the token endpoint.
// https://developers.line.biz/en/reference/line-login/#issue-access-token
type issued struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	IDToken      string `json:"id_token,omitzero"`
	RefreshToken string `json:"refresh_token,omitzero"`
	Scope        string `json:"scope"`
	TokenType    string `json:"token_type"`
}

// redeem turns an authorization code into tokens.
func (r *Room) redeem(c *api.Call, form url.Values) (any, error) {
	code, redirectURI := form.Get("code"), form.Get("redirect_uri")
	if code == "" || redirectURI == "" {
		return nil, errParameters
	}
	client, err := r.client(c, form)
	if err != nil {
		return nil, err
	}
	var out issued
	err = r.DB.Update(c, func(tx *store.Tx) error {
		req, p, err := r.takeCode(tx, client.channel, code)
		if err != nil {
			return err
		}
		if err := req.proved(client, form); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE login_codes SET used_at = $2 WHERE hash = $1`, hashOf(code), tx.Millis()); err != nil {
			return err
		}
		if out, err = r.issue(tx, grantOf(client.channel, p, req)); err != nil {
			return err
		}
		if req.Opening != "" {
			if err := r.Opened(tx, Opened{req.Opening, hashOf(out.AccessToken), tx.Millis() + out.ExpiresIn*1000}); err != nil {
				return err
			}
		}
		if !req.has("openid") {
			return nil
		}
		req.channel = client.channel
		out.IDToken, err = r.idToken(tx, r.Issuer(c), p, req, form.Get("id_token_key_type") == "JWK")
		return err
	})
	return out, err
}

// takeCode finds a code that may still be redeemed by the channel.
func (r *Room) takeCode(tx *store.Tx, ch *channel.Channel, code string) (*codeRequest, *friend.Person, error) {
	var req codeRequest
	var channelNo, personNo, expires, used int64
	var text string
	err := tx.Row(`SELECT channel_no, person_no, request, expires_at, used_at FROM login_codes WHERE hash = $1`, []any{hashOf(code)},
		&channelNo, &personNo, &text, &expires, &used)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (channelNo != ch.No || used != 0):
		return nil, nil, errCode
	case err != nil:
		return nil, nil, err
	case expires <= tx.Millis():
		return nil, nil, errCodeOld
	}
	if err := json.Unmarshal([]byte(text), &req); err != nil {
		return nil, nil, err
	}
	p, err := r.Friends.ByNo(tx, personNo)
	return &req, p, err
}

var verifierForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// proved checks that who redeems is who asked: the same redirect URI, and the
// verifier of the challenge. A verifier without a challenge is refused too:
// somebody took the challenge out of the request.
// https://developers.line.biz/en/docs/line-login/integrate-pkce/
func (req *codeRequest) proved(client client, form url.Values) error {
	verifier := form.Get("code_verifier")
	switch {
	case form.Get("redirect_uri") != req.RedirectURI:
		return errCodeURI
	case form.Get("appId") != "" && form.Get("appId") != req.LiffID:
		return errForeign
	case req.Challenge == "" && verifier != "":
		return errVerifier
	case req.Challenge == "" && !client.authenticated:
		return errSecret // neither a secret nor a proof
	case req.Challenge == "":
		return nil
	}
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if !verifierForm.MatchString(verifier) || subtle.ConstantTimeCompare([]byte(challenge), []byte(req.Challenge)) != 1 {
		return errVerifier
	}
	return nil
}

func grantOf(ch *channel.Channel, p *friend.Person, req *codeRequest) tokenRow {
	return tokenRow{channelNo: ch.No, personNo: p.No, liffID: req.LiffID, scopes: req.Scopes, family: id.Hex(16), public: req.LiffID != "" || req.Native}
}
