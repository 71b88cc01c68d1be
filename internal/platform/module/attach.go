package module

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/webhook"
)

// codeLife is how long an authorization code can be used, once.
const codeLife = 10 * time.Minute

type attachAnswer struct {
	BotID  string   `json:"bot_id"`
	Scopes []string `json:"scopes"`
}

// refuse is a refusal in OAuth's words.
func refuse(reason, format string, args ...any) *api.Error {
	e := api.Errorf(api.Invalid, format, args...)
	e.Reason = reason
	return e
}

var errCode = refuse("invalid_grant", "invalid authorization code")

// attach uses an authorization code: from then on the module may act for the
// account, and hears of it where it was granted to.
// https://developers.line.biz/en/reference/partner-docs/#link-attach-by-operation-module-channel-provider
func (r *Room) attach(c *api.Call, form url.Values) (any, error) {
	module, err := r.proven(c, form)
	if err != nil {
		return nil, err
	}
	c.Owner = module.ID
	switch form.Get("grant_type") {
	case "authorization_code":
	case "":
		return nil, refuse("invalid_request", "grant_type is missing")
	default:
		return nil, refuse("unsupported_grant_type", "grant_type must be authorization_code")
	}
	for _, name := range []string{"code", "redirect_uri"} {
		if form.Get(name) == "" {
			return nil, refuse("invalid_request", "%s is missing", name)
		}
	}
	var answer attachAnswer
	err = r.db.Update(c, func(tx *store.Tx) error {
		account, a, err := r.useCode(tx, module, form.Get("code"))
		if err != nil {
			return err
		}
		if err := a.repeated(form); err != nil {
			return err
		}
		scopes := words(a.Scope)
		if err := r.Attach(tx, account, module, scopes); err != nil {
			return err
		}
		answer = attachAnswer{account.Account.UserID, scopes}
		_, err = r.hooks.Tell(tx, account, webhook.Event{Type: "module", Lane: account.ID,
			Members: []api.Member{{Name: "module", Value: moduleContent{"attached", account.Account.UserID, scopes}}}}, webhook.Share{To: module})
		return err
	})
	return answer, err
}

// proven is the module whose id and secret the request carries, in its body or
// in a Basic header.
func (r *Room) proven(c *api.Call, form url.Values) (*channel.Channel, error) {
	clientID, secret := form.Get("client_id"), form.Get("client_secret")
	if given := c.Header("Authorization"); clientID == "" && secret == "" && given != "" {
		req := http.Request{Header: http.Header{"Authorization": {given}}}
		clientID, secret, _ = req.BasicAuth()
	}
	if clientID == "" || secret == "" {
		return nil, refuse("invalid_request", "client_id and client_secret are missing")
	}
	module := r.channels.Get(clientID)
	if module == nil || module.Type != channel.Module {
		return nil, refuse("invalid_client", "invalid client_id")
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(module.Secret)) != 1 {
		return nil, refuse("invalid_client", "invalid client_secret")
	}
	return module, nil
}

// digest is what stands for a code in the store.
func digest(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// useCode finds what a code was given for and uses it up; it stays unused when
// the transaction fails.
func (r *Room) useCode(tx *store.Tx, module *channel.Channel, code string) (*channel.Channel, asked, error) {
	var a asked
	var account, expires int64
	var text string
	err := tx.Row(`DELETE FROM module_codes WHERE hash = $1 AND module_no = $2 RETURNING account_no, asked, expires_at`, []any{digest(code), module.No},
		&account, &text, &expires)
	if errors.Is(err, store.ErrNotFound) {
		return nil, a, errCode
	}
	if err != nil {
		return nil, a, err
	}
	ch := r.channels.ByNo(account)
	if expires <= tx.Millis() || ch == nil {
		return nil, a, errCode
	}
	return ch, a, json.Unmarshal([]byte(text), &a)
}

// repeated holds the exchange against what the authorization was asked with.
func (a asked) repeated(form url.Values) error {
	for _, p := range []struct{ name, asked string }{{"redirect_uri", a.RedirectURI}, {"region", a.Region}, {"basic_search_id", a.BasicSearchID},
		{"scope", a.Scope}, {"brand_type", a.BrandType}} {
		given, as := strings.Join(words(form.Get(p.name)), " "), strings.Join(words(p.asked), " ")
		if given != as {
			return refuse("invalid_request", "%s is not that of the authorization", p.name)
		}
	}
	if a.Challenge == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != a.Challenge {
		return refuse("invalid_grant", "code_verifier does not match")
	}
	return nil
}
