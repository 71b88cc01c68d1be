package liff

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
)

// sdkContext is what the SDK learns of where the app runs.
// https://developers.line.biz/en/reference/liff/#get-context
type sdkContext struct {
	Type                 string                  `json:"type"` // utou, group, room, none, external
	UserID               string                  `json:"userId,omitzero"`
	LiffID               string                  `json:"liffId"`
	ViewType             string                  `json:"viewType,omitzero"`
	EndpointURL          string                  `json:"endpointUrl"`
	AccessTokenHash      string                  `json:"accessTokenHash,omitzero"`
	Availability         map[string]availability `json:"availability"`
	Scope                []string                `json:"scope"`
	PermanentLinkPattern string                  `json:"permanentLinkPattern"`
}

type availability struct {
	Permission         bool   `json:"permission"`
	MinVer             string `json:"minVer,omitzero"`
	UnsupportedFromVer string `json:"unsupportedFromVer,omitzero"`
	MinOsVer           string `json:"minOsVer,omitzero"`
}

// available are the SDK's optional functions, with the app versions that have
// them. multipleLiffTransition is left out: it leads to a scheme of the app.
var available = map[string]availability{
	"shareTargetPicker":             {true, "10.3.0", "", ""},
	"multipleLiffTransition":        {false, "10.18.0", "", ""},
	"subwindowOpen":                 {true, "11.7.0", "", ""},
	"scanCode":                      {false, "9.4.0", "9.19.0", ""},
	"scanCodeV2":                    {true, "11.7.0", "", "14.3.0"},
	"getAdvertisingId":              {false, "7.14.0", "", ""},
	"addToHomeScreen":               {false, "9.16.0", "", ""},
	"bluetoothLeFunction":           {false, "9.14.0", "9.19.0", ""},
	"skipChannelVerificationScreen": {true, "11.14.0", "", ""},
	"addToHomeV2":                   {false, "13.20.0", "", ""},
	"addToHomeHideDomain":           {false, "13.20.0", "", ""},
	"addToHomeLineScheme":           {false, "13.20.0", "", ""},
}

func (a *App) context(kind, accessToken string) sdkContext {
	v := sdkContext{Type: kind, LiffID: a.LiffID, EndpointURL: a.View.URL, Availability: available, Scope: a.Scopes(), PermanentLinkPattern: "concat"}
	if accessToken != "" {
		sum := sha256.Sum256([]byte(accessToken))
		v.AccessTokenHash = base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
	}
	return v
}

// token is the context as the SDK takes it: a JWT of which it reads the middle
// part and checks nothing.
func (v sdkContext) token() (string, error) {
	payload, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + enc.EncodeToString(ascii(payload)) + "." + enc.EncodeToString([]byte("kaiwa")), nil
}

// ascii escapes the rest of Unicode: the SDK decodes by atob, which knows Latin-1 only.
func ascii(b []byte) []byte {
	if !strings.ContainsFunc(string(b), func(c rune) bool { return c >= utf8.RuneSelf }) {
		return b
	}
	var out strings.Builder
	for _, c := range string(b) {
		switch {
		case c < utf8.RuneSelf:
			out.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, c)
		}
	}
	return []byte(out.String())
}

// contextToken tells the SDK in an ordinary browser about the app. It needs no
// token; one that is shown has to be good.
func (r *Room) contextToken(c *api.Call) (any, error) {
	var out struct {
		ContextToken string `json:"contextToken"`
	}
	err := r.DB.View(c, func(tx *store.Tx) error {
		a, err := r.Find(tx, c.Path("liffId"))
		if errors.Is(err, store.ErrNotFound) {
			return errUnknown
		}
		if err != nil {
			return err
		}
		v, err := r.contextFor(c, tx, a)
		if err != nil {
			return err
		}
		out.ContextToken, err = v.token()
		return err
	})
	return out, err
}

// contextFor is an app's context for who calls: that of an ordinary browser,
// unless the call shows the token of an app that is open on a phone.
func (r *Room) contextFor(c *api.Call, tx *store.Tx, a *App) (sdkContext, error) {
	value, ok := strings.CutPrefix(c.Header("Authorization"), "Bearer ")
	if !ok {
		return a.context("external", ""), nil
	}
	u, err := r.Login.User(tx, value)
	if err != nil || u.LiffID != a.LiffID {
		return a.context("external", value), err
	}
	at, err := r.openedIn(tx, u.Hash)
	if errors.Is(err, store.ErrNotFound) {
		return a.context("external", value), nil
	}
	return a.inside(u.Person, at, value), err
}

// openedIn is the chat that the app of a token was opened in, nil for none;
// store.ErrNotFound when it was not opened on a phone.
func (r *Room) openedIn(tx *store.Tx, tokenHash string) (*chat.Chat, error) {
	var no int64
	if err := tx.Row(`SELECT chat_no FROM liff_contexts WHERE token_hash = $1`, []any{tokenHash}, &no); err != nil || no == 0 {
		return nil, err
	}
	return r.Chats.ByNo(tx, no)
}

// Opened gives a token that an app got by logging in on a phone the context of
// the token that the app was opened with.
func (r *Room) Opened(tx *store.Tx, o login.Opened) error {
	_, err := tx.Exec(`INSERT INTO liff_contexts (token_hash, chat_no, expires_at) SELECT $2, chat_no, $3 FROM liff_contexts WHERE token_hash = $1`,
		o.From, o.To, o.ExpiresAt)
	return err
}

// inside is the app's context on a phone.
func (a *App) inside(p *friend.Person, at *chat.Chat, accessToken string) sdkContext {
	v := a.context("none", accessToken)
	if at != nil {
		v.Type = kinds[at.Kind]
	}
	v.UserID, v.ViewType = p.UserID, a.View.Type
	return v
}

// kinds are the context's names of chats.
var kinds = map[string]string{chat.User: "utou", chat.Group: "group", chat.Multi: "room"}

// Opening is an app that is opened in the LIFF browser.
type Opening struct {
	App    *App
	Chat   *chat.Chat // where, nil for no chat
	Issuer string     // whom the ID token is to name
	Extra  string     // what followed the LIFF id in the URL: path, query, fragment
}

// Open is the URL that the LIFF browser loads for a person who agreed to the
// app's scopes, the endpoint with what the SDK reads from its fragment, and the
// name that a frame for it has.
func (r *Room) Open(tx *store.Tx, p *friend.Person, o Opening) (url, frame string, err error) {
	grant, err := r.Login.GrantToApp(tx, p, o.App.Login(), o.Issuer)
	if err != nil {
		return "", "", err
	}
	var chatNo int64
	if o.Chat != nil {
		chatNo = o.Chat.No
	}
	text, err := o.App.inside(p, o.Chat, grant.AccessToken).token()
	if err != nil {
		return "", "", err
	}
	if _, err := tx.Exec(`INSERT INTO liff_contexts (token_hash, chat_no, expires_at) VALUES ($1, $2, $3)`, login.Hash(grant.AccessToken), chatNo,
		tx.Millis()+grant.ExpiresIn*1000); err != nil {
		return "", "", err
	}
	url = fragment(primary(o.App.View.URL, o.Extra), [][2]string{{"access_token", grant.AccessToken}, {"context_token", text},
		{"feature_token", login.Hash(text)}, {"id_token", grant.IDToken}, {"client_id", o.App.Channel.ID}})
	return url, login.FrameName(grant.AccessToken), nil
}
