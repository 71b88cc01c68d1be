package login

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/dialog"
)

// Request is what a person is asked to agree to, from the query of the
// authorization request. It is kept with the code.
// https://developers.line.biz/en/docs/line-login/integrate-line-login/#making-an-authorization-request
type Request struct {
	ClientID     string   `json:"clientId"`
	RedirectURI  string   `json:"redirectUri"`
	State        string   `json:"state"`
	Scopes       []string `json:"scopes"`
	Nonce        string   `json:"nonce,omitzero"`
	Prompt       string   `json:"prompt,omitzero"`
	MaxAge       int64    `json:"maxAge"` // seconds, -1 when it was not given
	BotPrompt    string   `json:"botPrompt,omitzero"`
	ResponseMode string   `json:"responseMode,omitzero"`
	Challenge    string   `json:"challenge,omitzero"`
	LiffID       string   `json:"liffId,omitzero"`
	// Native is a login by the SDKs for iOS and Android, whose apps keep no secret.
	Native bool `json:"native,omitzero"`
	// Opening stands for the access token of the LIFF app that is open on a phone
	// and logs in there.
	Opening string `json:"opening,omitzero"`

	channel *channel.Channel
	query   url.Values
}

// consentPath and loginPath are where a browser is sent on its way.
const (
	authorizePath = "/oauth2/v2.1/authorize"
	consentPath   = "/oauth2/v2.1/authorize/consent"
	loginPath     = "/oauth2/v2.1/login"
)

// problem is an error that the redirect URI is told.
type problem struct{ code, description string }

// The errors that a client can be told of, in the platform's upper case.
// https://developers.line.biz/en/docs/line-login/integrate-line-login/#receiving-an-error-response
func invalid(description string) *problem { return &problem{"INVALID_REQUEST", description} }

var (
	denied              = &problem{"ACCESS_DENIED", "The resource owner denied the request."}
	loginRequired       = &problem{"LOGIN_REQUIRED", "The user is not logged in."}
	interactionRequired = &problem{"INTERACTION_REQUIRED", "The user has to agree."}
)

// authorize begins a login: it checks what is asked for and sends the browser
// to the login page, or straight on where nothing need be asked.
func (r *Room) authorize(c *api.Call) (any, error) {
	req, bad, err := r.read(c, c.Query())
	switch {
	case err != nil:
		return r.unusable(c, err)
	case bad != nil:
		return r.refuse(c, req, bad)
	}
	if req.LiffID != "" && c.Header("Sec-Fetch-Dest") == "iframe" {
		return r.onPhone(c, req)
	}
	s, err := r.session(c, req)
	if err != nil {
		return nil, err
	}
	if req.Prompt == "none" {
		return r.silently(c, req, s)
	}
	if s != nil && s.auto(c, req) {
		return dialog.Redirect(c, consentPath+"?"+req.query.Encode())
	}
	return dialog.Redirect(c, req.toLogin())
}

// toLogin is the login page that leads on to the consent page.
func (req *Request) toLogin() string {
	return loginPath + "?returnUri=" + url.QueryEscape(consentPath+"?"+req.query.Encode()) + "&loginChannelId=" + req.ClientID
}

// silently answers prompt=none: a code, or why there is none, but no page.
func (r *Room) silently(c *api.Call, req *Request, s *session) (any, error) {
	if s == nil {
		return r.refuse(c, req, loginRequired)
	}
	agreed, err := r.agreed(c, req, s)
	if err != nil {
		return nil, err
	}
	if !agreed {
		return r.refuse(c, req, interactionRequired)
	}
	return r.finish(c, req, s, consent{scopes: req.Scopes})
}

// pageError is a fault that may not be told to the redirect URI: it, or whose it
// is, is not known for sure.
type pageError struct{ text string }

func (e pageError) Error() string { return e.text }

var (
	errClientID = pageError{"Invalid client_id value. Check if the channel ID is right."}
	errRedirect = pageError{"Invalid redirect_uri value. Check if it is registered in a LINE developers site."}
	errAppID    = pageError{"Invalid app_id value. Check if the LIFF app exists."}
)

func (r *Room) unusable(c *api.Call, err error) (any, error) {
	var e pageError
	if !errors.As(err, &e) {
		return nil, err
	}
	dialog.Protect(c)
	return dialog.Page(400, "400 Bad Request", text(e.text))
}

// read checks the query in two steps: an error is for a page, a problem for the
// redirect URI.
func (r *Room) read(c *api.Call, q url.Values) (*Request, *problem, error) {
	req := &Request{ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"), State: q.Get("state"), Nonce: q.Get("nonce"), Prompt: q.Get("prompt"),
		BotPrompt: q.Get("bot_prompt"), ResponseMode: q.Get("response_mode"), Challenge: q.Get("code_challenge"), Native: q.Get("sdk_ver") != "", query: q}
	if liffID := q.Get("app_id"); liffID != "" {
		if err := r.fromApp(c, req, liffID); err != nil {
			return nil, nil, err
		}
	}
	if len(q["client_id"]) > 1 {
		return nil, nil, errClientID
	}
	if req.channel = r.loginChannel(req.ClientID); req.channel == nil {
		return nil, nil, errClientID
	}
	if ok, err := r.mayRedirect(c, req); err != nil || !ok || len(q["redirect_uri"]) > 1 {
		return nil, nil, errors.Join(err, errRedirect)
	}
	return req, req.check(q), nil
}

// fromApp fills in what a LIFF app's settings say.
func (r *Room) fromApp(c *api.Call, req *Request, liffID string) error {
	app, err := r.App(c, liffID)
	if errors.Is(err, store.ErrNotFound) {
		return errAppID
	}
	if err != nil {
		return err
	}
	req.LiffID, req.ClientID = app.LiffID, app.ChannelID
	if req.RedirectURI == "" {
		req.RedirectURI = app.URL
	}
	if !Under(app.URL, req.RedirectURI) {
		return errRedirect
	}
	q := url.Values{}
	for name, values := range req.query {
		q[name] = values
	}
	req.query = q
	q.Set("client_id", app.ChannelID)
	q.Set("redirect_uri", req.RedirectURI)
	q.Set("scope", strings.Join(app.Scopes, " "))
	if app.BotPrompt == "normal" || app.BotPrompt == "aggressive" {
		q.Set("bot_prompt", app.BotPrompt)
		req.BotPrompt = app.BotPrompt
	}
	return nil
}

// mayRedirect compares with the registered URLs, to which query parameters may
// be added, and with the endpoints of the channel's LIFF apps.
func (r *Room) mayRedirect(c *api.Call, req *Request) (bool, error) {
	if req.LiffID != "" {
		return true, nil // it was compared with its app
	}
	for _, registered := range req.channel.Config.CallbackURLs {
		if extends(registered, req.RedirectURI) {
			return true, nil
		}
	}
	apps, err := r.AppsOf(c, req.channel.ID)
	return slices.ContainsFunc(apps, func(a App) bool { return extends(a.URL, req.RedirectURI) }), err
}

// extends says whether given is the registered URL, perhaps with further query
// parameters. Nothing is resolved or unescaped before it is compared.
func extends(registered, given string) bool {
	if given == registered {
		return true
	}
	u, err := url.Parse(given)
	if err != nil || u.Fragment != "" || u.User != nil || strings.ContainsAny(given, "\\\t\r\n#") {
		return false
	}
	base, query, has := strings.Cut(registered, "?")
	rest, ok := strings.CutPrefix(given, base+"?")
	return ok && (!has || rest == query || strings.HasPrefix(rest, query+"&"))
}

// Under says whether a URL lies under a LIFF app's endpoint: the same origin,
// and the path the same or one below it. Query and fragment do not count.
func Under(endpoint, given string) bool {
	e, err := url.Parse(endpoint)
	u, err2 := url.Parse(given)
	if err != nil || err2 != nil || u.User != nil || u.Scheme != e.Scheme || !strings.EqualFold(u.Host, e.Host) || strings.ContainsAny(given, "\\\t\r\n") {
		return false
	}
	if slices.Contains(strings.Split(u.Path, "/"), "..") || slices.Contains(strings.Split(u.Path, "/"), ".") {
		return false
	}
	base := strings.TrimSuffix(e.EscapedPath(), "/")
	path := u.EscapedPath()
	return path == base || strings.HasPrefix(path, base+"/")
}

// Scopes are those that any channel may ask for, LIFF's included.
var Scopes = []string{"openid", "profile", "email", "chat_message.write"}

// encoded is what a state must not look like.
var encoded = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// check says what the redirect URI is told of the rest of the query.
func (req *Request) check(q url.Values) *problem {
	for name, values := range q {
		if len(values) > 1 {
			return invalid("'" + name + "' is specified more than once.")
		}
	}
	switch {
	case req.State == "":
		return invalid("'state' is not specified.")
	case encoded.MatchString(req.State):
		return invalid("'state' must not be URL encoded.")
	case q.Get("response_type") == "":
		return invalid("'response_type' is not specified.")
	case q.Get("response_type") != "code":
		return &problem{"UNSUPPORTED_RESPONSE_TYPE", "response_type must be 'code'."}
	}
	if bad := req.readScopes(req.query.Get("scope")); bad != nil {
		return bad
	}
	return req.checkRest(q)
}

func (req *Request) checkRest(q url.Values) *problem {
	for _, c := range []struct {
		name, value string
		of          []string
	}{{"prompt", req.Prompt, []string{"consent", "none", "login"}}, {"bot_prompt", req.BotPrompt, []string{"normal", "aggressive"}},
		{"response_mode", req.ResponseMode, []string{"query", "form_post", "query.jwt", "form_post.jwt", "jwt"}},
		{"initial_amr_display", q.Get("initial_amr_display"), []string{"lineqr"}}, {"switch_amr", q.Get("switch_amr"), []string{"true", "false"}},
		{"disable_auto_login", q.Get("disable_auto_login"), []string{"true", "false"}}} {
		if c.value != "" && !slices.Contains(c.of, c.value) {
			return invalid("'" + c.name + "' is invalid.")
		}
	}
	req.MaxAge = -1
	if v := q.Get("max_age"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 || n > maxAgeMost {
			return invalid("'max_age' is invalid.")
		}
		req.MaxAge = n
	}
	method := q.Get("code_challenge_method")
	switch {
	case req.Challenge == "" && method == "" && req.LiffID == "":
		return nil
	case method != "S256":
		return invalid("'code_challenge_method' must be S256.")
	case !challengeForm.MatchString(req.Challenge):
		return invalid("'code_challenge' is invalid.")
	}
	return nil
}

// maxAgeMost keeps max_age, in seconds, far from where sums overflow.
const maxAgeMost = 1<<31 - 1

// readScopes reads what is asked for, each scope once.
func (req *Request) readScopes(scope string) *problem {
	for _, s := range strings.Fields(scope) {
		if !slices.Contains(Scopes, s) || !req.offers(s) {
			return &problem{"INVALID_SCOPE", "The scope '" + s + "' is invalid."}
		}
		if !slices.Contains(req.Scopes, s) {
			req.Scopes = append(req.Scopes, s)
		}
	}
	switch {
	case !req.has("profile") && !req.has("openid") && req.LiffID == "":
		return &problem{"INVALID_SCOPE", "'profile' or 'openid' must be specified."}
	case req.has("email") && !req.has("openid"):
		return &problem{"INVALID_SCOPE", "'email' needs 'openid'."}
	}
	return nil
}

// offers says whether the channel may ask for a scope: those of the world file,
// where it names any.
func (req *Request) offers(scope string) bool {
	if scope == "chat_message.write" {
		return req.LiffID != ""
	}
	return len(req.channel.Config.Scopes) == 0 || slices.Contains(req.channel.Config.Scopes, scope)
}

func (req *Request) has(scope string) bool { return slices.Contains(req.Scopes, scope) }

// fresh says whether an authentication at that instant is new enough.
func (req *Request) fresh(at int64, now time.Time) bool {
	return req.MaxAge < 0 || now.UnixMilli()-at <= req.MaxAge*1000
}
