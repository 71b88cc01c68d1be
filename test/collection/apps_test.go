package collection

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kaiwa/test/kit"
)

// appsWorld has the channels that the collection's requests name: a LINE Login
// channel, one with LIFF apps of its own, and a LINE MINI App with its template.
const (
	loginID     = "1234567890"
	loginSecret = "1234567890abcdefghij1234567890ab"
	liffID      = "1656000012"
	miniID      = "1656000013"
	hexSecret   = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	// loginBack and verifier are the collection's own.
	loginBack = "https://example.com/auth?key=value"
	verifier  = "wJKN8qz5t8SSI9lMFhBB6qwNkQBkuPZoCxzRhwLRUo1"

	appsWorld = `
clock: 2026-01-15T09:00:00+09:00
channels:
  - {id: "1656000001", name: Cafe, account: {displayName: Cafe}}
  - {id: "1234567890", type: login, name: Web, secret: 1234567890abcdefghij1234567890ab, linkedBot: "1656000001",
     callbackUrls: ["https://example.com/auth?key=value"], scopes: [profile, openid]}
  - {id: "1656000012", type: login, name: Apps, secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}
  - id: "1656000013"
    type: miniapp
    name: Orders
    secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    liff: [{liffId: 1656000013-AbCdEfGh, view: {type: full, url: "https://orders.example.com/"}, scope: [profile, openid]}]
    serviceMessageTemplates: [{name: your_template_name_en, params: [key1]}]
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, statusMessage: Hello, friendOf: ["1656000001"]}
`
)

// browser logs people in by the pages.
type browser struct {
	t    *testing.T
	url  string
	http *http.Client
}

func newBrowser(t *testing.T, url string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, url, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// visit gives where a page leads to, or what it shows.
func (b *browser) visit(path string, form url.Values) (location, page string) {
	b.t.Helper()
	var res *http.Response
	var err error
	if form == nil {
		res, err = b.http.Get(b.url + path)
	} else {
		res, err = b.http.PostForm(b.url+path, form)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 400 {
		b.t.Fatalf("%s: %d %s %v", path, res.StatusCode, text, err)
	}
	return res.Header.Get("Location"), string(text)
}

var (
	formAction = regexp.MustCompile(`action="([^"]*)"`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// code logs a person in to the channel, who agrees to all, and gives the authorization code.
func (b *browser) code(person string) string {
	b.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	ask := url.Values{"response_type": {"code"}, "client_id": {loginID}, "redirect_uri": {loginBack}, "state": {"s"}, "scope": {"profile openid"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	to, _ := b.visit("/oauth2/v2.1/authorize?"+ask.Encode(), nil)
	login, err := url.Parse(to)
	if err != nil {
		b.t.Fatal(err)
	}
	to, _ = b.visit("/oauth2/v2.1/login", url.Values{"returnUri": {login.Query().Get("returnUri")}, "userId": {person}})
	to, page := b.visit(to, nil)
	if to == "" { // asks, as the person has not agreed before
		action := formAction.FindStringSubmatch(page)
		if action == nil {
			b.t.Fatalf("no form in %s", page)
		}
		form := url.Values{"consent": {"allow"}}
		for _, f := range hidden.FindAllStringSubmatch(page, -1) {
			form.Add(f[1], f[2])
		}
		to, _ = b.visit(strings.ReplaceAll(action[1], "&amp;", "&"), form)
	}
	back, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, loginBack) || back.Query().Get("code") == "" {
		b.t.Fatalf("no code: %s %v", to, err)
	}
	return back.Query().Get("code")
}

// asForm is the header of a form.
var asForm = []string{"Content-Type", "application/x-www-form-urlencoded"}

// userToken is an access token of a person who logged in.
func userToken(t *testing.T, s *kit.Server, person string) string {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {newBrowser(t, s.URL).code(person)}, "redirect_uri": {loginBack},
		"client_id": {loginID}, "client_secret": {loginSecret}, "code_verifier": {verifier}}
	return member(t, s.Do("POST", "/oauth2/v2.1/token", form.Encode(), asForm...).Body, "access_token")
}

// fill puts variables where the collection's requests have examples.
func fill(t *testing.T, requests []request, examples map[string]string) {
	t.Helper()
	for i := range requests {
		text, err := json.Marshal(requests[i].raw["request"])
		if err != nil {
			t.Fatal(err)
		}
		for example, with := range examples {
			text = []byte(strings.ReplaceAll(string(text), example, with))
		}
		var filled map[string]any
		if err := json.Unmarshal(text, &filled); err != nil {
			t.Fatal(err)
		}
		requests[i].raw["request"] = filled
	}
}

// keep stores members of an answer as variables.
func keep(pairs ...string) string {
	script := ""
	for i := 0; i+1 < len(pairs); i += 2 {
		script += `pm.globals.set("` + pairs[i] + `", pm.response.json().` + pairs[i+1] + `);`
	}
	return script
}

// TestLINELogin plays the folder as it stands, where its examples are refused,
// and then with what each user of it fills in.
func TestLINELogin(t *testing.T) {
	requests := readFolder(t, "LINE Login v2.1")
	s := kit.Start(t, kit.Options{World: appsWorld})
	ben := userToken(t, s, ben)
	const shown = `{"sub":"U00000000000000000000000000000a02","name":"Ben"}`
	const profile = `{"userId":"U00000000000000000000000000000a02","displayName":"Ben","statusMessage":"Hello"}`
	oauth := func(reason, description string) string {
		return `{"error":"` + reason + `","error_description":"` + description + `"}`
	}
	raw := []step{
		{name: "Issue access token", status: 400, want: oauth("invalid_grant", "invalid authorization code")},
		{name: "Verify access token validity", status: 400, want: oauth("invalid_request", "The access token not JWS")},
		{name: "Refresh access token", status: 400, want: oauth("invalid_client", "invalid client_id")},
		{name: "Revoke access token", status: 400, want: oauth("invalid_client", "invalid client_id")},
		{name: "Verify ID token", status: 400, want: oauth("invalid_request", "JWS format error")},
		{name: "Deauthorize your app to which the user has granted permissions", status: 401,
			want: `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`},
		{name: "Get user information (OpenID)", status: 200, want: shown},
		{name: "Get user profile", status: 200, want: profile},
		{name: "Friendship status", status: 200, want: `{"friendFlag":true}`},
	}
	check(t, requests, raw, play(t, s.URL, requests, raw, map[string]string{"access_token": ben}))

	fill(t, requests, map[string]string{`"1234567890abcde"`: `"{{code}}"`, "eyJhbGciOiJIUzI1NiJ9.UnQ_o-GP0VtnwDjbK0C8E_NvK...": "{{user_token}}",
		"{your_refresh_token}": "{{refresh_token}}", "{your_channel_id}": loginID, "{your_channel_secret}": loginSecret, "{channel id}": loginID,
		"{channel secret}": loginSecret, "{access token}": "{{user_token}}", "eyJraWQiOiIxNmUwNGQ0ZTU2NzgzYTc5MmRjYjQ2ODRkOD...": "{{id_token}}",
		"{user access token}": "{{other_token}}"})
	channelToken := member(t, s.Do("POST", "/oauth2/v3/token", "grant_type=client_credentials&client_id="+loginID+"&client_secret="+loginSecret, asForm...).Body, "access_token")
	filled := []step{
		{name: "Issue access token", status: 200, want: `{"access_token":"*","expires_in":2592000,"id_token":"*.*.*","refresh_token":"*","scope":"*","token_type":"Bearer"}`,
			after: keep("user_token", "access_token", "refresh_token", "refresh_token", "id_token", "id_token")},
		{name: "Verify access token validity", status: 200, want: `{"scope":"*","client_id":"1234567890","expires_in":*}`},
		{name: "Refresh access token", status: 200, want: `{"access_token":"*"*"refresh_token":"*"*}`},
		{name: "Revoke access token", status: 200},
		{name: "Verify ID token", status: 200, want: `{"iss":"https://access.line.me","sub":"U00000000000000000000000000000a01","aud":"1234567890",*"name":"Aoi"*}`},
		{name: "Deauthorize your app to which the user has granted permissions", status: 204},
		{name: "Get user information (OpenID)", status: 401, before: `pm.globals.set("access_token", pm.globals.get("other_token"))`},
		{name: "Get user profile", status: 200, want: profile, before: `pm.globals.set("access_token", "` + ben + `")`},
		{name: "Friendship status", status: 200, want: `{"friendFlag":true}`},
	}
	check(t, requests, filled, play(t, s.URL, requests, filled, map[string]string{"access_token": channelToken,
		"other_token": userToken(t, s, aoi), "code": newBrowser(t, s.URL).code(aoi)}))
}

// TestMINIApp sends a service message. The collection keeps the first token and
// not the renewed one, so that its last request works once.
func TestMINIApp(t *testing.T) {
	requests := readFolder(t, "LINE MINI App")
	s := kit.Start(t, kit.Options{World: appsWorld})
	opened := s.Do("POST", "/sim/v1/people/"+aoi+"/liff", `{"liffId":"1656000013-AbCdEfGh"}`).Body
	token := regexp.MustCompile(`access_token=([^&\\"]*)`).FindStringSubmatch(opened)
	if token == nil {
		t.Fatalf("opened: %s", opened)
	}
	globals := map[string]string{"channel_id": miniID, "channel_secret": hexSecret, "liffAccessToken": token[1]}
	const issued = `{"access_token":"*","expires_in":900,"token_type":"Bearer"}`
	var first string
	steps := []step{
		{name: "Issue stateless channel access token", status: 200, want: issued},
		{name: "Issue notification token", status: 200, want: `{"notificationToken":"*","expiresIn":31536000,"remainingCount":5,"sessionId":"*"}`},
		{name: "Send service message", status: 200, want: `{"notificationToken":"*","expiresIn":315*,"remainingCount":4,"sessionId":"*"}`},
	}
	answers := play(t, s.URL, requests, steps, globals)
	check(t, requests, steps, answers)
	first = member(t, answers[1].Body, "notificationToken")
	if got := s.Do("GET", "/sim/v1/people/"+aoi+"/chats/miniapp-notice/messages", "").Body; !like(`{"messages":[{*"name":"Orders"*"value1"*}]}`, got) {
		t.Errorf("Aoi sees %s", got)
	}
	again := []step{
		{name: "Issue stateless channel access token", status: 200, want: issued},
		{name: "Issue notification token", status: 400, want: `{"message":"[liffAccessToken] *"}`},
		{name: "Send service message", status: 401, want: `{"message":"Invalid notifier token"}`, before: `pm.globals.set("notificationToken", "` + first + `")`},
	}
	check(t, requests, again, play(t, s.URL, requests, again, globals))
}

func TestLIFFServerAPI(t *testing.T) {
	requests := readFolder(t, "Server API")
	s := kit.Start(t, kit.Options{World: appsWorld})
	steps := []step{
		{name: "Issue short-lived channel access token", status: 200, want: `{"access_token":"*","expires_in":2592000,"token_type":"Bearer"}`},
		{name: "Adding the LIFF app to a channel", status: 200, want: `{"liffId":"1656000012-*"}`},
		{name: "Update LIFF app settings", status: 200},
		{name: "Get all LIFF apps", status: 200, want: `{"apps":[{"liffId":"1656000012-*","view":{"type":"full","url":"https://new.example.com"},"description":"Service",` +
			`"features":{"ble":true,"qrCode":true},"permanentLinkPattern":"concat","scope":["profile","chat_message.write"],"botPrompt":"none"}]}`},
		{name: "Delete LIFF app from a channel", status: 200},
	}
	answers := play(t, s.URL, requests, steps, map[string]string{"line_login_client_id": liffID, "line_login_client_secret": hexSecret})
	check(t, requests, steps, answers)
	if a := s.Do("GET", "/liff/v1/apps", "", "Authorization", "Bearer "+member(t, answers[0].Body, "access_token")); a.Status != http.StatusNotFound {
		t.Errorf("it is still there: %d %s", a.Status, a.Body)
	}
}
