package login_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// The whole way, on both engines: log in, agree, redeem, use, refresh, revoke.
func TestLogin(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, world)
		b := newBrowser(t, s)
		p := b.logIn(ask("scope", "profile openid email", "bot_prompt", "normal"), stage.Aoi)
		for _, want := range []string{"Aoi, this service asks for:", `name="consent" value="allow"`, `name="consent" value="cancel"`, `name="scope" value="email"`} {
			if !strings.Contains(p.body, want) {
				t.Errorf("the consent page lacks %s: %s", want, p.body)
			}
		}
		if strings.Contains(p.body, "addFriend") {
			t.Error("a friend is asked to become one")
		}
		got := back(t, b.answer(p, "allow", "scope", "email"))
		if got.Get("state") != "s1" || got.Has("friendship_status_changed") {
			t.Errorf("back with %v", got)
		}
		v := b.tokens(redemption(got.Get("code")))
		if v.ExpiresIn != 2592000 || v.TokenType != "Bearer" || v.Scope != "profile openid" || v.RefreshToken == "" {
			t.Errorf("%+v", v)
		}
		s.Play(t, []stage.Step{
			{Name: "profile", Call: "GET /v2/profile", Header: []string{"Authorization", "Bearer " + v.AccessToken}, Status: 200,
				Want: `{"userId":"` + stage.Aoi + `","displayName":"Aoi","pictureUrl":"https://example.com/aoi.png","statusMessage":"Hello"}`},
			{Name: "userinfo", Call: "GET /oauth2/v2.1/userinfo", Header: []string{"Authorization", "Bearer " + v.AccessToken}, Status: 200,
				Want: `{"sub":"` + stage.Aoi + `","name":"Aoi","picture":"https://example.com/aoi.png"}`},
			{Name: "friendship", Call: "GET /friendship/v1/status", Header: []string{"Authorization", "Bearer " + v.AccessToken}, Status: 200, Want: `{"friendFlag":true}`},
			{Name: "verify", Call: "GET /oauth2/v2.1/verify?access_token=" + url.QueryEscape(v.AccessToken), Status: 200,
				Want: `{"scope":"profile openid","client_id":"` + web + `","expires_in":25919*}`},
		})
		checkID := b.do("POST", "/oauth2/v2.1/verify", url.Values{"id_token": {v.IDToken}, "client_id": {web}, "nonce": {"n1"}, "user_id": {stage.Aoi}})
		for _, want := range []string{`"iss":"https://access.line.me"`, `"aud":"` + web + `"`, `"nonce":"n1"`, `"amr":["pwd"]`, `"name":"Aoi"`, `"email":"aoi@example.com"`} {
			if checkID.status != 200 || !strings.Contains(checkID.body, want) {
				t.Errorf("the ID token lacks %s: %d %s", want, checkID.status, checkID.body)
			}
		}
		header, err := base64.RawURLEncoding.DecodeString(strings.Split(v.IDToken, ".")[0])
		if err != nil || string(header) != `{"alg":"HS256","typ":"JWT"}` {
			t.Errorf("header %s %v", header, err)
		}
		renewed := b.tokens(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {v.RefreshToken}, "client_id": {web}, "client_secret": {webSecret}})
		if renewed.RefreshToken != v.RefreshToken || renewed.IDToken != "" || renewed.AccessToken == v.AccessToken {
			t.Errorf("%+v", renewed)
		}
		if p := b.do("POST", "/oauth2/v2.1/revoke", url.Values{"access_token": {v.AccessToken}, "client_id": {web}, "client_secret": {webSecret}}); p.status != 200 || p.body != "" {
			t.Errorf("revoke: %d %s", p.status, p.body)
		}
		for _, token := range []string{v.AccessToken, renewed.AccessToken} {
			if p := b.do("GET", "/v2/profile", nil, "Authorization", "Bearer "+token); p.status != 401 || p.body != `{"message":"The access token revoked"}` {
				t.Errorf("a revoked token: %d %s", p.status, p.body)
			}
		}
	})
}

// Who agreed before is not asked again; who is a stranger to the account is
// asked to add it, and its bot is told.
func TestConsent(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	b.code()
	p := b.logIn(ask(), stage.Aoi)
	if p.status != 302 || back(t, p).Get("code") == "" {
		t.Errorf("asked again: %d %s", p.status, p.body)
	}
	if p := b.logIn(ask("prompt", "consent"), stage.Aoi); p.status != 200 {
		t.Errorf("prompt=consent does not ask: %d", p.status)
	}
	if p := b.logIn(ask("scope", "openid email"), stage.Aoi); p.status != 200 {
		t.Errorf("a further scope is not asked for: %d", p.status)
	}
	got := back(t, b.answer(b.logIn(ask(), stage.Chen), "cancel"))
	if got.Get("error") != "ACCESS_DENIED" || got.Get("error_description") != "The resource owner denied the request." || got.Get("state") != "s1" {
		t.Errorf("refused: %v", got)
	}
	p = b.logIn(ask("bot_prompt", "normal"), stage.Chen)
	if got := back(t, b.answer(p, "allow")); got.Get("friendship_status_changed") != "false" {
		t.Errorf("not added: %v", got)
	}
	p = b.logIn(ask("bot_prompt", "aggressive"), stage.Chen)
	if got := back(t, b.answer(p, "allow", "addFriend", "1")); got.Get("friendship_status_changed") != "true" {
		t.Errorf("added: %v", got)
	}
	if d := s.Next(); d.Event.Type != "follow" {
		t.Errorf("the bot heard %s", d.Body)
	}
	// The address is not given unless it is ticked.
	p = b.logIn(ask("scope", "openid email"), stage.Aoi)
	v := b.tokens(redemption(back(t, b.answer(p, "allow")).Get("code")))
	if p := b.do("POST", "/oauth2/v2.1/verify", url.Values{"id_token": {v.IDToken}, "client_id": {web}}); strings.Contains(p.body, "email") {
		t.Errorf("the address was not agreed to: %s", p.body)
	}
}

// A browser in which somebody logged in is offered to go on so, except where
// the request wants otherwise; LINE's own browser goes on by itself.
func TestSingleSignOn(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	if got := back(t, b.get(authorize(ask("prompt", "none")))); got.Get("error") != "LOGIN_REQUIRED" {
		t.Errorf("prompt=none before: %v", got)
	}
	b.code()
	if got := back(t, b.get(authorize(ask("prompt", "none")))); got.Get("code") == "" {
		t.Errorf("prompt=none after: %v", got)
	}
	if got := back(t, b.get(authorize(ask("prompt", "none", "scope", "openid email")))); got.Get("error") != "INTERACTION_REQUIRED" {
		t.Errorf("prompt=none for more: %v", got)
	}
	offered := func(q url.Values) bool {
		return strings.Contains(b.get(b.get(authorize(q)).location).body, "Continue as Aoi")
	}
	if !offered(ask()) || offered(ask("prompt", "login")) {
		t.Error("single sign-on is offered when it should not be, or not when it should")
	}
	s.Advance("1h")
	if offered(ask("max_age", "3000")) || !offered(ask("max_age", "4000")) {
		t.Error("max_age is not minded")
	}
	b.ua = "Mozilla/5.0 Line/15.0.0"
	if p := b.get(authorize(ask())); !strings.HasPrefix(p.location, "/oauth2/v2.1/authorize/consent?") {
		t.Errorf("LINE's browser: %s", p.location)
	}
	if p := b.get(authorize(ask("disable_auto_login", "true"))); !strings.HasPrefix(p.location, "/oauth2/v2.1/login?") {
		t.Errorf("LINE's browser without auto login: %s", p.location)
	}
}

func TestResponseModes(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	p := b.answer(b.logIn(ask("response_mode", "form_post"), stage.Aoi), "allow")
	if p.status != 200 || !strings.Contains(p.body, `action="`+callback+`"`) || !strings.Contains(p.body, `name="code"`) || !strings.Contains(p.body, `name="state" value="s1"`) {
		t.Errorf("form_post: %d %s", p.status, p.body)
	}
	for _, mode := range []string{"jwt", "query.jwt"} {
		got := back(t, b.logIn(ask("response_mode", mode), stage.Aoi))
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(got.Get("response"), ".")[1])
		if err != nil || len(got) != 1 || !strings.Contains(string(payload), `"aud":"`+web+`"`) || !strings.Contains(string(payload), `"code":"`) {
			t.Errorf("%s: %v %s", mode, got, payload)
		}
	}
}

// Tokens run out on the server's clock, and the eleventh ends the first.
func TestLifetimes(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	first := b.tokens(redemption(b.code()))
	status := func(v tokens) int {
		return b.do("GET", "/v2/profile", nil, "Authorization", "Bearer "+v.AccessToken).status
	}
	s.Advance("1s")
	for range 10 {
		if status(first) != 200 {
			t.Fatal("ended early")
		}
		b.tokens(redemption(b.code()))
	}
	if status(first) != 401 {
		t.Error("eleven tokens are valid")
	}
	late := b.code()
	s.Advance("11m")
	if p := b.do("POST", "/oauth2/v2.1/token", redemption(late)); p.status != 400 || !strings.Contains(p.body, "invalid_grant") {
		t.Errorf("a code of eleven minutes: %d %s", p.status, p.body)
	}
	v := b.tokens(redemption(b.code()))
	s.Advance("721h")
	if p := b.do("GET", "/v2/profile", nil, "Authorization", "Bearer "+v.AccessToken); p.status != 401 || p.body != `{"message":"The access token expired"}` {
		t.Errorf("after 30 days: %d %s", p.status, p.body)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {v.RefreshToken}, "client_id": {web}, "client_secret": {webSecret}}
	b.tokens(refresh)
	s.Advance("1440h")
	if p := b.do("POST", "/oauth2/v2.1/token", refresh); p.status != 400 || p.body != `{"error":"invalid_grant","error_description":"invalid refresh token"}` {
		t.Errorf("after 90 days: %d %s", p.status, p.body)
	}
}
