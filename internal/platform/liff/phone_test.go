package liff_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/platform/liff"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

// opening is the access token of an app that Aoi's phone opened.
func opening(s *stage.Stage, body string) string {
	s.T.Helper()
	return open(s, stage.Aoi, body).Get("access_token")
}

// foreignOpening is the same of an app of another channel.
func foreignOpening(s *stage.Stage) string {
	s.T.Helper()
	_, token, _ := strings.Cut(field(s, s.Sim("POST", "/people/"+stage.Aoi+"/liff", `{"liffId":"`+bare+`"}`), "url"), "access_token=")
	token, _, _ = strings.Cut(token, "&")
	return token
}

// logIn is the SDK's login in a frame; token is what the frame's name carries.
func logIn(s *stage.Stage, token, dest string) (status int, location *url.URL, body string) {
	s.T.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"app_id": {app}, "state": {"s1"}, "response_type": {"code"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "liff_sdk_version": {"2.31.0"}}
	if token != "" {
		q.Set("liff_opening", token)
	}
	req, err := http.NewRequest("GET", s.URL+"/liff/v1/authorize?"+q.Encode(), nil)
	if err != nil {
		s.T.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Dest", dest)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.T.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	if location, err = url.Parse(res.Header.Get("Location")); err != nil {
		s.T.Fatal(err)
	}
	return res.StatusCode, location, string(text)
}

// TestLoginOnPhone: an app in the phone's frame logs in without a word, and
// stands where it was opened.
func TestLoginOnPhone(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := start(t, dsn)
		redeem := func(token string) string {
			status, to, body := logIn(s, token, "iframe")
			if status != 302 || !strings.HasPrefix(to.String(), endpoint+"?") {
				t.Fatalf("log in: %d %s %s", status, to, body)
			}
			return field(s, post(s, "/oauth2/v2.1/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {web}, "appId": {app},
				"code": {to.Query().Get("code")}, "code_verifier": {verifier}, "redirect_uri": {to.Query().Get("liffRedirectUri")}}.Encode()), "access_token")
		}
		inChat := redeem(opening(s, here))
		nowhere := redeem(opening(s, `{}`))
		for token, want := range map[string]string{inChat: `"type":"utou","userId":"` + stage.Aoi + `"`, nowhere: `"type":"none","userId":"` + stage.Aoi + `"`} {
			if got := context(t, field(s, s.Do("GET", "/liff/v2/apps/"+app+"/contextToken", "", bearer(token)...).Body, "contextToken")); !strings.Contains(got, want) || !strings.Contains(got, `"viewType":"tall"`) {
				t.Errorf("context %s, want %s", got, want)
			}
		}
		const hello = `{"messages":[{"type":"text","text":"Hello"}]}`
		s.Play(t, []stage.Step{
			{Name: "in the chat", Call: "POST /message/v3/share", Header: bearer(inChat), Body: hello, Status: 200, Want: `{}`, Effect: "messages+1 reply_tokens+1 webhook_events+1 | message webhook"},
			{Name: "in no chat", Call: "POST /message/v3/share", Header: bearer(nowhere), Body: hello, Status: 403, Want: `{"message":"user doesn't grant required permissions yet"}`},
		})
	})
}

// TestLoginOnPhoneRefused: nobody is logged in whose app was not opened, and in
// no other place than a frame.
func TestLoginOnPhoneRefused(t *testing.T) {
	s := start(t, testkit.SQLite(t))
	good := opening(s, `{}`)
	foreign := foreignOpening(s)
	for _, c := range []struct{ name, token, dest, want string }{
		{"no opening", "", "iframe", "was not opened on a phone"},
		{"an unknown token", "nonsense", "iframe", "opened too long ago"},
		{"another app's", foreign, "iframe", "opened too long ago"},
		{"in a window", good, "document", ""},
	} {
		status, to, body := logIn(s, c.token, c.dest)
		if c.want != "" && (status != 200 || !strings.Contains(body, c.want)) {
			t.Errorf("%s: %d %s %s", c.name, status, to, body)
		}
		if c.want == "" && (status != 302 || !strings.HasPrefix(to.Path, "/oauth2/v2.1/login")) {
			t.Errorf("%s: %d %s", c.name, status, to)
		}
	}
	s.Sim("POST", "/clock", `{"advance":"13h"}`)
	if status, to, body := logIn(s, good, "iframe"); !strings.Contains(body, "opened too long ago") {
		t.Errorf("an old opening: %d %s %s", status, to, body)
	}
	token := opening(s, `{}`)
	stateless := channelToken(s, web, webSecret)
	if a := s.Do("PUT", "/liff/v1/apps/"+app, `{"scope":["profile","openid","email","chat_message.write"]}`, bearer(stateless)...); a.Status != 200 {
		t.Fatalf("update: %d %s", a.Status, a.Body)
	}
	if status, to, body := logIn(s, token, "iframe"); !strings.Contains(body, "more than you agreed to") {
		t.Errorf("a wider scope: %d %s %s", status, to, body)
	}
}

func TestParseURL(t *testing.T) {
	for url, want := range map[string][2]string{
		"https://liff.line.me/1656000011-AbCdEfGh":                {"1656000011-AbCdEfGh", ""},
		"https://liff.line.me/1656000011-AbCdEfGh/shop?item=1#a":  {"1656000011-AbCdEfGh", "/shop?item=1#a"},
		"https://LIFF.line.me/1656000011-AbCdEfGh?a=1":            {"1656000011-AbCdEfGh", "?a=1"},
		"https://miniapp.line.me/1656000011-AbCdEfGh/":            {"1656000011-AbCdEfGh", "/"},
		"https://line.me/R/app/1656000011-AbCdEfGh#x":             {"1656000011-AbCdEfGh", "#x"},
		"line://app/1656000011-AbCdEfGh":                          {"1656000011-AbCdEfGh", ""},
		"http://liff.line.me/1656000011-AbCdEfGh":                 {},
		"https://liff.line.me.example.com/1656000011-AbCdEfGh":    {},
		"https://example.com/https://liff.line.me/1656000011-Abc": {},
		"https://liff.line.me/1656000011-AbCdEfGhI":               {},
		"https://liff.line.me/":                                   {},
		"https://line.me/R/nv/camera/":                            {},
	} {
		id, extra, ok := liff.ParseURL(url)
		if id != want[0] || extra != want[1] || ok != (want[0] != "") {
			t.Errorf("%s: %q %q %t", url, id, extra, ok)
		}
	}
}
