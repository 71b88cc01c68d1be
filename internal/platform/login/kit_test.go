package login_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const (
	web       = "1656000011" // linked to the cafe
	webSecret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	other     = "1656000012"
	otherKey  = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	callback  = "https://app.example.com/callback"
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)

const world = `
clock: 2026-01-15T09:00:00+09:00
providers:
  - name: Demo
    channels:
      - {id: "1656000001", name: Cafe, accessToken: cafe-token, webhook: {endpoint: "BOT/cafe"}, account: {displayName: Kaiwa Cafe}}
      - {id: "1656000011", type: login, name: Web, secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, linkedBot: "1656000001",
         callbackUrls: ["https://app.example.com/callback", "https://app.example.com/two?fixed=1"], scopes: [profile, openid, email]}
      - {id: "1656000012", type: login, name: Other, secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, callbackUrls: ["https://other.example.com/"], scopes: [profile]}
    people:
      - {userId: U00000000000000000000000000000a01, displayName: Aoi, pictureUrl: "https://example.com/aoi.png", statusMessage: Hello, email: aoi@example.com, friendOf: ["1656000001"]}
      - {userId: U00000000000000000000000000000a03, displayName: Chen}
  - name: Foreign
    people: [{userId: U00000000000000000000000000000e01, displayName: Eve}]
`

// browser is what a person logs in with: it keeps cookies and goes where it is told, step by step.
type browser struct {
	t    *testing.T
	s    *stage.Stage
	http *http.Client
	ua   string
}

func start(t *testing.T) *stage.Stage { t.Helper(); return stage.Start(t, testkit.SQLite(t), world) }

func newBrowser(t *testing.T, s *stage.Stage) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, s: s, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type page struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (b *browser) do(method, target string, form url.Values, header ...string) page {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, b.s.URL+target, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.ua != "" {
		req.Header.Set("User-Agent", b.ua)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.StatusCode, res.Header.Get("Location"), string(text), res.Header}
}

func (b *browser) get(target string) page { b.t.Helper(); return b.do("GET", target, nil) }

// ask is a good authorization request, changed by name and value; a value of "-" takes the parameter out.
func ask(change ...string) url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {web}, "redirect_uri": {callback}, "state": {"s1"}, "scope": {"profile openid"}, "nonce": {"n1"}}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "-" {
			q.Del(change[i])
		} else {
			q.Set(change[i], change[i+1])
		}
	}
	return q
}

func authorize(q url.Values) string { return "/oauth2/v2.1/authorize?" + q.Encode() }

var action = regexp.MustCompile(`action="([^"]*)"`)

// logIn goes from the request to the consent page as that person.
func (b *browser) logIn(q url.Values, person string, more ...string) page {
	b.t.Helper()
	p := b.get(authorize(q))
	if p.status != 302 || !strings.HasPrefix(p.location, "/oauth2/v2.1/login?returnUri=") {
		b.t.Fatalf("authorize: %d %s %s", p.status, p.location, p.body)
	}
	u, err := url.Parse(p.location)
	if err != nil {
		b.t.Fatal(err)
	}
	if p = b.get(p.location); p.status != 200 || !strings.Contains(p.body, `name="userId"`) {
		b.t.Fatalf("login page: %d %s", p.status, p.body)
	}
	form := url.Values{"returnUri": {u.Query().Get("returnUri")}, "userId": {person}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	if p = b.do("POST", "/oauth2/v2.1/login", form); p.status != 302 || !strings.HasPrefix(p.location, "/oauth2/v2.1/authorize/consent?") {
		b.t.Fatalf("log in: %d %s %s", p.status, p.location, p.body)
	}
	return b.get(p.location)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// answer presses a button of a consent page, with its checkboxes as changed.
func (b *browser) answer(p page, consent string, change ...string) page {
	b.t.Helper()
	found := action.FindStringSubmatch(p.body)
	if p.status != 200 || found == nil {
		b.t.Fatalf("consent page: %d %s %s", p.status, p.location, p.body)
	}
	form := url.Values{"consent": {consent}}
	for _, f := range hidden.FindAllStringSubmatch(p.body, -1) {
		form.Add(f[1], f[2])
	}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return b.do("POST", strings.ReplaceAll(found[1], "&amp;", "&"), form)
}

// back is the query that a redirect URI gets.
func back(t *testing.T, p page) url.Values {
	t.Helper()
	u, err := url.Parse(p.location)
	if err != nil || p.status != 302 {
		t.Fatalf("no redirect: %d %s %s", p.status, p.location, p.body)
	}
	return u.Query()
}

// code logs Aoi in and agrees to all.
func (b *browser) code(change ...string) string {
	b.t.Helper()
	p := b.logIn(ask(change...), stage.Aoi)
	if p.status == 200 {
		p = b.answer(p, "allow", "scope", "email")
	}
	code := back(b.t, p).Get("code")
	if code == "" {
		b.t.Fatalf("no code: %s", p.location)
	}
	return code
}

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// redemption is a good token request for a code, changed like ask.
func redemption(code string, change ...string) url.Values {
	f := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "client_id": {web}, "client_secret": {webSecret}}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "-" {
			f.Del(change[i])
		} else {
			f.Set(change[i], change[i+1])
		}
	}
	return f
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int64  `json:"expires_in"`
	IDToken      string `json:"id_token"`
	RefreshToken string `json:"refresh_token"`
	Scope        string `json:"scope"`
	TokenType    string `json:"token_type"`
}

func (b *browser) tokens(form url.Values, path ...string) tokens {
	b.t.Helper()
	p := b.do("POST", append(path, "/oauth2/v2.1/token")[0], form)
	var v tokens
	if err := json.Unmarshal([]byte(p.body), &v); err != nil || p.status != 200 {
		b.t.Fatalf("token: %d %s", p.status, p.body)
	}
	return v
}
