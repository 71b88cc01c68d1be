package liff

import (
	"crypto/sha256"
	_ "embed" // the windows' script
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/login"
)

// window is a LIFF app of the platform's own, which the SDK opens in a
// sub-window to ask something of the user.
type window struct {
	name, title, allow string
	// failure is the member by which the SDK knows that it went wrong.
	failure string
}

// ownOrigin is where the platform's own apps run.
const ownOrigin = "https://liff-ext.line.me"

// windows are these apps, by the LIFF ids that are written in the SDK.
var windows = map[string]*window{
	"1656032314-CWSCEjzU": {"friendship", "Add a friend", "Add", "ADD_FRIEND_ERROR"},
	"1656032314-Xgrw5Pmk": {"permission", "Permissions", "Allow", "ICA_ERROR"},
	"1656359117-jxmx5e11": {"code", "Scan a code", "Done", ""},
}

const windowPath = "/liff/v2/window"

//go:embed window.js
var windowScript string

func hashOf(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// show draws a window. It shows nothing to press before the app's page has said
// who asks.
func (w *window) show(c *api.Call) (any, error) {
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; script-src "+hashOf(windowScript)+
		"; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	return dialog.Page(200, w.title, h.P(h.ID("words"), g.If(w.name == "code", g.Text("There is no camera here: write what the code says."))),
		h.Form(h.Method("post"), h.Action(windowPath), h.Data("error", w.failure), g.Attr("hidden"),
			dialog.Hidden("window", w.name), dialog.Hidden("asked", ""), dialog.Hidden("answer", ""),
			g.If(w.name == "code", h.Label(g.Text("Code"), h.Input(h.Name("code"), h.AutoComplete("off")))),
			h.Button(h.Class("main"), h.Value("allow"), g.Text(w.allow)), h.Button(h.Value("cancel"), g.Text("Cancel"))),
		h.Script(g.Raw(windowScript)))
}

// asking is what an app's page tells a window: who asks for what.
type asking struct {
	LiffID            string `json:"liffId"`
	AccessToken       string `json:"accessToken"`
	OfficialAccountID string `json:"officialAccountId"`
	Fallback          bool   `json:"officialAccountFallback"`
}

// answered is what comes of a window.
type answered struct {
	Text        string `json:"text,omitzero"` // what to show before
	AccessToken string `json:"newAccessToken,omitzero"`
	IDToken     string `json:"newIdToken,omitzero"`
}

// answer takes a window's form: what it asks (look), and that the user allows it.
func (r *Room) answer(c *api.Call, in url.Values) (any, error) {
	var a asking
	if err := json.Unmarshal([]byte(in.Get("asked")), &a); err != nil {
		return nil, api.Errorf(api.Invalid, "asked: what the app asks for")
	}
	var out answered
	err := r.DB.Update(c, func(tx *store.Tx) error {
		u, err := r.Login.User(tx, a.AccessToken)
		if err != nil {
			return err
		}
		app, err := r.Find(tx, u.LiffID)
		if errors.Is(err, store.ErrNotFound) || err == nil && a.LiffID != u.LiffID {
			return errUnknown
		}
		if err != nil {
			return err
		}
		allowed := in.Get("answer") == "allow"
		switch in.Get("window") {
		case "friendship":
			out, err = r.askFriendship(tx, u, a, allowed)
		case "permission":
			out, err = r.askPermission(tx, u, app, permitting{r.Login.Issuer(c), allowed})
		default:
			err = api.Errorf(api.Invalid, "window: friendship or permission")
		}
		return err
	})
	return out, err
}

func (r *Room) askFriendship(tx *store.Tx, u *login.User, a asking, allowed bool) (answered, error) {
	bot, bad := r.botAsked(u, a)
	switch {
	case bad != nil:
		return answered{}, api.Errorf(api.Forbidden, "%s", bad.Message)
	case !allowed:
		return answered{Text: bot + " would like to be your friend."}, nil
	}
	_, err := r.Login.Befriend(tx, u.Channel, u.Person)
	return answered{}, err
}

// permitting is what else matters of allowing an app more.
type permitting struct {
	issuer  string // whom the ID token is to name
	allowed bool
}

func (r *Room) askPermission(tx *store.Tx, u *login.User, app *App, p permitting) (answered, error) {
	if !p.allowed {
		return answered{Text: app.Title() + " asks for: " + strings.Join(missing(u, app), ", ")}, nil
	}
	grant, err := r.Login.GrantToApp(tx, u.Person, app.Login(), p.issuer)
	if err != nil {
		return answered{}, err
	}
	return answered{AccessToken: grant.AccessToken, IDToken: grant.IDToken},
		r.Opened(tx, login.Opened{From: u.Hash, To: login.Hash(grant.AccessToken), ExpiresAt: tx.Millis() + grant.ExpiresIn*1000})
}

// missing are the scopes of an app that a token of it lacks.
func missing(u *login.User, app *App) []string {
	return slices.DeleteFunc(slices.Clone(app.Scopes()), u.Has)
}

// unauthorized lists what an app may still ask for.
func (r *Room) unauthorized(c *api.Call) (any, error) {
	u := login.Caller(c)
	if u.LiffID == "" || c.Query().Get("liffId") != u.LiffID {
		return nil, errUnknown
	}
	var list []string
	err := r.DB.View(c, func(tx *store.Tx) error {
		app, err := r.Find(tx, u.LiffID)
		if errors.Is(err, store.ErrNotFound) {
			return errUnknown
		}
		if err == nil {
			list = missing(u, app)
		}
		return err
	})
	return list, err
}

// problem is why no friendship can be asked for.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// botAsked is the name of the official account that an app asks to add: the one
// that is linked to its channel.
func (r *Room) botAsked(u *login.User, a asking) (name string, bad *problem) {
	bot := r.Login.LinkedBot(u.Channel)
	if bot == nil || a.OfficialAccountID != "" && !a.Fallback && a.OfficialAccountID != bot.Account.BasicID {
		return "", &problem{"BOT_NOT_RESOLVED", "The LINE Official Account could not be found."}
	}
	return bot.Account.DisplayName, nil
}

// validate tells an app whether it can ask for a friendship.
func (r *Room) validate(c *api.Call, in url.Values) (any, error) {
	var u *login.User
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		u, err = r.Login.User(tx, in.Get("accessToken"))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := struct {
		Valid bool     `json:"valid"`
		Error *problem `json:"error,omitzero"`
	}{}
	_, out.Error = r.botAsked(u, asking{OfficialAccountID: in.Get("officialAccountId"), Fallback: in.Get("officialAccountFallback") == "true"})
	if in.Get("templateId") != "" {
		out.Error = &problem{"INVALID_TEMPLATE_ID", "The template could not be found."}
	}
	out.Valid = out.Error == nil
	return out, nil
}

// mayAsk tells an app that its user was not asked too often: nobody is, here.
func (r *Room) mayAsk(c *api.Call) (any, error) {
	if u := login.Caller(c); u.LiffID == "" || c.Query().Get("liffId") != u.LiffID {
		return nil, errUnknown
	}
	return api.Object{}, nil
}
