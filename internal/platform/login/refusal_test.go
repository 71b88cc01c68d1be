package login_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kaiwa/internal/testkit/stage"
)

// What an authorization request is refused for on a page: the redirect URI
// cannot be trusted, so nothing is sent there.
func TestAuthorizeOnAPage(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	client := "Invalid client_id value."
	redirect := "Invalid redirect_uri value. Check if it is registered in a LINE developers site."
	for _, c := range []struct {
		name, want string
		q          url.Values
	}{
		{"no client", client, ask("client_id", "-")},
		{"an unknown client", client, ask("client_id", "1656000099")},
		{"a messaging channel", client, ask("client_id", stage.Cafe)},
		{"two clients", client, url.Values{"client_id": {web, other}, "redirect_uri": {callback}}},
		{"an unknown LIFF app", "Invalid app_id value.", ask("app_id", "1656000011-AbCdEfGh")},
		{"no redirect", redirect, ask("redirect_uri", "-")},
		{"another host", redirect, ask("redirect_uri", "https://evil.example.com/callback")},
		{"another channel's", redirect, ask("redirect_uri", "https://other.example.com/")},
		{"http", redirect, ask("redirect_uri", "http://app.example.com/callback")},
		{"a path below", redirect, ask("redirect_uri", callback+"/deeper")},
		{"a path that only begins so", redirect, ask("redirect_uri", callback+"evil")},
		{"a path in other case", redirect, ask("redirect_uri", "https://app.example.com/Callback")},
		{"a path back up", redirect, ask("redirect_uri", "https://app.example.com/x/../callback")},
		{"an encoded path", redirect, ask("redirect_uri", "https://app.example.com/%63allback")},
		{"a port", redirect, ask("redirect_uri", "https://app.example.com:443/callback")},
		{"a user", redirect, ask("redirect_uri", "https://app.example.com@evil.example.com/callback")},
		{"a user with the host", redirect, ask("redirect_uri", "https://x@app.example.com/callback?a=1")},
		{"a host that begins so", redirect, ask("redirect_uri", "https://app.example.com.evil.example.com/callback")},
		{"a backslash", redirect, ask("redirect_uri", `https://app.example.com/callback?a=\@evil.example.com`)},
		{"a fragment", redirect, ask("redirect_uri", callback+"#x")},
		{"a fragment behind a query", redirect, ask("redirect_uri", callback+"?a=1#x")},
		{"a new line", redirect, ask("redirect_uri", callback+"?a=1\r\nSet-Cookie:x")},
		{"a script", redirect, ask("redirect_uri", "javascript:alert(1)")},
		{"without the registered query", redirect, ask("redirect_uri", "https://app.example.com/two")},
		{"with another query before it", redirect, ask("redirect_uri", "https://app.example.com/two?a=1&fixed=1")},
		{"with a longer value", redirect, ask("redirect_uri", "https://app.example.com/two?fixed=12")},
		{"two redirects", redirect, url.Values{"client_id": {web}, "redirect_uri": {callback, "https://evil.example.com/"}}},
	} {
		for _, path := range []string{"/oauth2/v2.1/authorize?", "/oauth2/v2.1/authorize/consent?"} {
			p := b.get(path + c.q.Encode())
			if p.status != 400 || p.location != "" || !strings.Contains(p.body, c.want) || p.header.Get("X-Line-Request-Id") != "" {
				t.Errorf("%s: %d %s %s", c.name, p.status, p.location, p.body)
			}
		}
	}
	for _, good := range []string{callback + "?a=1", "https://app.example.com/two?fixed=1", "https://app.example.com/two?fixed=1&a=2"} {
		if p := b.get(authorize(ask("redirect_uri", good))); p.status != 302 || !strings.HasPrefix(p.location, "/oauth2/v2.1/login") {
			t.Errorf("%s: %d %s", good, p.status, p.body)
		}
	}
}

// What the redirect URI is told.
func TestAuthorizeRefusals(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	for _, c := range []struct{ code, description, name, value string }{
		{"INVALID_REQUEST", "'state' is not specified.", "state", "-"},
		{"INVALID_REQUEST", "'state' must not be URL encoded.", "state", "a%20b"},
		{"INVALID_REQUEST", "'response_type' is not specified.", "response_type", "-"},
		{"UNSUPPORTED_RESPONSE_TYPE", "*", "response_type", "token"},
		{"UNSUPPORTED_RESPONSE_TYPE", "*", "response_type", "code id_token"},
		{"INVALID_SCOPE", "*", "scope", "-"},
		{"INVALID_SCOPE", "*", "scope", "email"},
		{"INVALID_SCOPE", "*", "scope", "profile email"},
		{"INVALID_SCOPE", "*", "scope", "profile friends"},
		{"INVALID_SCOPE", "*", "scope", "profile chat_message.write"},
		{"INVALID_REQUEST", "'prompt' is invalid.", "prompt", "select_account"},
		{"INVALID_REQUEST", "'bot_prompt' is invalid.", "bot_prompt", "yes"},
		{"INVALID_REQUEST", "'max_age' is invalid.", "max_age", "-1"},
		{"INVALID_REQUEST", "'max_age' is invalid.", "max_age", "99999999999999999999"},
		{"INVALID_REQUEST", "'code_challenge_method' must be S256.", "code_challenge", challenge()},
		{"INVALID_REQUEST", "'code_challenge_method' must be S256.", "code_challenge_method", "plain"},
		{"INVALID_REQUEST", "'code_challenge' is invalid.", "code_challenge_method", "S256"},
		{"INVALID_REQUEST", "'initial_amr_display' is invalid.", "initial_amr_display", "email"},
		{"INVALID_REQUEST", "'switch_amr' is invalid.", "switch_amr", "no"},
	} {
		got := back(t, b.get(authorize(ask(c.name, c.value))))
		if got.Get("error") != c.code || c.description != "*" && got.Get("error_description") != c.description || got.Get("error_description") == "" {
			t.Errorf("%s=%s: %v", c.name, c.value, got)
		}
		if state := got.Get("state"); state != "s1" && c.name != "state" {
			t.Errorf("%s=%s: state %q", c.name, c.value, state)
		}
	}
	q := ask("code_challenge_method", "S256", "code_challenge", challenge()+"=")
	if got := back(t, b.get(authorize(q))); got.Get("error_description") != "'code_challenge' is invalid." {
		t.Errorf("a padded challenge: %v", got)
	}
	q = ask()
	q.Add("scope", "email")
	if got := back(t, b.get(authorize(q))); got.Get("error") != "INVALID_REQUEST" {
		t.Errorf("scope twice: %v", got)
	}
	if got := back(t, b.get(authorize(ask("client_id", other, "redirect_uri", "https://other.example.com/")))); got.Get("error") != "INVALID_SCOPE" {
		t.Errorf("a scope that the channel may not ask for: %v", got)
	}
}

// The pages themselves lead nowhere else, and act for nobody else.
func TestPages(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	for _, to := range []string{"", "https://evil.example.com/", "//evil.example.com/", "/oauth2/v2.1/authorize/consent", "/oauth2/v2.1/authorize/consent/../../x?a=b",
		"/oauth2/v2.1/authorize/consentx?client_id=" + web, "/oauth2/v2.1/authorize/consent?client_id=1", "/oauth2/v2.1/authorize/consent?%zz",
		"https://evil.example.com/oauth2/v2.1/authorize/consent?" + ask().Encode(), "/oauth2/v2.1/authorize/consent?" + ask("state", "-").Encode()} {
		if p := b.get("/oauth2/v2.1/login?" + url.Values{"returnUri": {to}}.Encode()); p.status != 400 {
			t.Errorf("login page to %q: %d", to, p.status)
		}
		if p := b.do("POST", "/oauth2/v2.1/login", url.Values{"returnUri": {to}, "userId": {stage.Aoi}}); p.status != 400 || p.header.Get("Set-Cookie") != "" {
			t.Errorf("log in to %q: %d", to, p.status)
		}
	}
	good := "/oauth2/v2.1/authorize/consent?" + ask().Encode()
	for name, form := range map[string]url.Values{"nobody": {"userId": {stage.Nobody}}, "no id": {"userId": {"x"}}, "another provider's": {"userId": {stage.Eve}},
		"no such address": {"email": {"x@example.com"}}, "another way": {"userId": {stage.Aoi}, "method": {"magic"}},
		"single sign-on without a session": {"userId": {stage.Aoi}, "method": {"linesso"}}} {
		form.Set("returnUri", good)
		if p := b.do("POST", "/oauth2/v2.1/login", form); p.status != 401 || p.header.Get("Set-Cookie") != "" || !strings.Contains(p.body, `role="alert"`) {
			t.Errorf("%s: %d %s", name, p.status, p.body)
		}
	}
	if p := b.get(good); p.status != 302 || !strings.HasPrefix(p.location, "/oauth2/v2.1/login?") {
		t.Errorf("consent without a session: %d", p.status)
	}
	if p := b.do("POST", good, url.Values{"consent": {"allow"}}); p.status != 302 || !strings.HasPrefix(p.location, "/oauth2/v2.1/login?") {
		t.Errorf("agreeing without a session: %d %s", p.status, p.location)
	}
	p := b.logIn(ask(), stage.Aoi)
	for _, foreign := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example.com"}} {
		if p := b.do("POST", good, url.Values{"consent": {"allow"}}, foreign...); p.status != 403 || p.location != "" {
			t.Errorf("a form of another site (%v): %d %s", foreign, p.status, p.location)
		}
	}
	if csp := p.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "script-src") {
		t.Errorf("the consent page's policy: %s", csp)
	}
	if p := b.do("POST", good, url.Values{}); p.status != 200 || !strings.Contains(p.body, "consent") {
		t.Errorf("neither allowed nor refused: %d %s", p.status, p.location)
	}
	cookie := b.do("POST", "/oauth2/v2.1/login", url.Values{"returnUri": {good}, "userId": {stage.Aoi}}).header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("the cookie is %s", cookie)
	}
}

// What the token endpoint refuses of a good code, which stays good for who has it right.
func TestRedeemRefusals(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	basic := func(user, password string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}
	}
	code := b.code()
	for _, c := range []struct {
		name, err, description string
		form                   url.Values
		header                 []string
	}{
		{"no code", "invalid_request", "some parameters missed or invalid", redemption("", "code", "-"), nil},
		{"no redirect", "invalid_request", "some parameters missed or invalid", redemption(code, "redirect_uri", "-"), nil},
		{"no client", "invalid_request", "some parameters missed or invalid", redemption(code, "client_id", "-"), nil},
		{"an unknown client", "invalid_client", "invalid client_id", redemption(code, "client_id", "1656000099"), nil},
		{"a messaging channel", "invalid_client", "invalid client_id", redemption(code, "client_id", stage.Cafe), nil},
		{"a wrong secret", "invalid_client", "invalid client_secret", redemption(code, "client_secret", otherKey), nil},
		{"no secret", "invalid_client", "invalid client_secret", redemption(code, "client_secret", "-"), nil},
		{"another client's code", "invalid_grant", "invalid authorization code", redemption(code, "client_id", other, "client_secret", otherKey), nil},
		{"an unknown code", "invalid_grant", "invalid authorization code", redemption("0" + code[1:] + "x"), nil},
		{"another redirect", "invalid_grant", "redirect_uri does not match", redemption(code, "redirect_uri", callback+"?a=1"), nil},
		{"a verifier without a challenge", "invalid_grant", "code_verifier does not match", redemption(code, "code_verifier", verifier), nil},
		{"a LIFF app's", "invalid_request", "client_id does not match", redemption(code, "appId", "1656000011-AbCdEfGh"), nil},
		{"a wrong password", "invalid_client", "invalid client_secret", redemption(code, "client_id", "-", "client_secret", "-"), basic(web, otherKey)},
		{"two kinds of proof", "invalid_request", "more than one client authentication", redemption(code), basic(web, webSecret)},
		{"two clients", "invalid_request", "more than one client authentication", redemption(code, "client_id", other, "client_secret", "-"), basic(web, webSecret)},
	} {
		p := b.do("POST", "/oauth2/v2.1/token", c.form, c.header...)
		if want := `{"error":"` + c.err + `","error_description":"` + c.description + `"}`; p.status != 400 || p.body != want {
			t.Errorf("%s: %d %s, want %s", c.name, p.status, p.body, want)
		}
	}
	twice := redemption(code)
	twice.Add("code", "x")
	if p := b.do("POST", "/oauth2/v2.1/token", twice); p.status != 400 || !strings.Contains(p.body, "invalid_request") {
		t.Errorf("code twice: %d %s", p.status, p.body)
	}
	if p := b.do("POST", "/oauth2/v2.1/token?"+redemption(code).Encode(), url.Values{}); p.status != 400 {
		t.Errorf("a code in the query: %d %s", p.status, p.body)
	}
	b.tokens(redemption(code))
	if p := b.do("POST", "/oauth2/v2.1/token", redemption(code)); p.status != 400 || !strings.Contains(p.body, "invalid authorization code") {
		t.Errorf("a used code: %d %s", p.status, p.body)
	}
	if p := b.do("POST", "/oauth2/v2.1/token", redemption(b.code(), "client_id", "-", "client_secret", "-"), basic(web, webSecret)...); p.status != 200 {
		t.Errorf("Basic: %d %s", p.status, p.body)
	}
	if log := s.Log(); strings.Contains(log, code) || strings.Contains(log, webSecret) {
		t.Error("a secret stands in the log")
	}
}

// The challenge binds a code to who asked for it.
func TestPKCE(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	with := []string{"code_challenge", challenge(), "code_challenge_method", "S256"}
	code := b.code(with...)
	for name, form := range map[string]url.Values{"none": redemption(code), "another": redemption(code, "code_verifier", strings.Repeat("a", 43)),
		"the challenge itself": redemption(code, "code_verifier", challenge()), "too short": redemption(code, "code_verifier", "abc"),
		"too long": redemption(code, "code_verifier", strings.Repeat("a", 129)), "no secret, another": redemption(code, "client_secret", "-", "code_verifier", strings.Repeat("b", 50)),
		"a wrong secret": redemption(code, "client_secret", otherKey, "code_verifier", verifier)} {
		if p := b.do("POST", "/oauth2/v2.1/token", form); p.status != 400 {
			t.Errorf("verifier %s: %d %s", name, p.status, p.body)
		}
	}
	b.tokens(redemption(code, "code_verifier", verifier))
	b.tokens(redemption(b.code(with...), "code_verifier", verifier, "client_secret", "-"))
}

// Of many who redeem one code at a time, one does.
func TestParallelRedemption(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	form := redemption(b.code()).Encode()
	var good atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			res, err := http.Post(s.URL+"/oauth2/v2.1/token", "application/x-www-form-urlencoded", strings.NewReader(form))
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
			if res.StatusCode == 200 {
				good.Add(1)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("%d redeemed it", good.Load())
	}
}

// ID tokens that are not quite right.
func TestVerifyIDToken(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	web256 := b.tokens(redemption(b.code()))
	es := b.tokens(redemption(b.code(), "id_token_key_type", "JWK"))
	parts := strings.Split(web256.IDToken, ".")
	esParts := strings.Split(es.IDToken, ".")
	enc := base64.RawURLEncoding.EncodeToString
	claims := func(iss, aud string, exp int64) []byte {
		return fmt.Appendf(nil, `{"iss":%q,"sub":%q,"aud":%q,"exp":%d,"iat":1}`, iss, stage.Aoi, aud, exp)
	}
	far := int64(4000000000)
	hs := func(payload []byte, key string) string { return signed(t, jose.HS256, []byte(key), "", payload) }
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kid := kidOf(t, es.IDToken)
	for _, c := range []struct{ name, token, want string }{
		{"no JWS", "hello", "JWS format error"},
		{"two parts", "a.b", "JWS format error"},
		{"three parts of nothing", "a.b.c", "Invalid IdToken."},
		{"alg none", enc([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", "Invalid IdToken."},
		{"no signature", parts[0] + "." + parts[1] + ".", "Invalid IdToken."},
		{"another's payload", parts[0] + "." + enc(claims("https://access.line.me", web, far)) + "." + parts[2], "Invalid IdToken."},
		{"another secret", hs(claims("https://access.line.me", web, far), otherKey), "Invalid IdToken."},
		{"HS256 with the public key's id as the secret", hs(claims("https://access.line.me", web, far), kid), "Invalid IdToken."},
		{"ES256 by a stranger", signed(t, jose.ES256, stranger, kid, claims("https://access.line.me", web, far)), "Invalid IdToken."},
		{"ES256 with an unknown key id", signed(t, jose.ES256, stranger, "x", claims("https://access.line.me", web, far)), "Invalid IdToken."},
		{"an ES256 header on an HS256 token", esParts[0] + "." + parts[1] + "." + parts[2], "Invalid IdToken."},
		{"an HS256 header on an ES256 token", parts[0] + "." + esParts[1] + "." + esParts[2], "Invalid IdToken."},
		{"RS256", enc([]byte(`{"alg":"RS256"}`)) + "." + parts[1] + "." + parts[2], "Invalid IdToken."},
		{"another issuer", hs(claims("https://evil.example.com", web, far), webSecret), "Invalid IdToken Issuer."},
		{"long over", hs(claims("https://access.line.me", web, 1), webSecret), "IdToken expired."},
		{"another audience", hs(claims("https://access.line.me", other, far), otherKey), "Invalid IdToken Audience."},
		{"no audience", hs(claims("https://access.line.me", "", far), webSecret), "Invalid IdToken."},
		{"a messaging channel's", hs(claims("https://access.line.me", stage.Cafe, far), webSecret), "Invalid IdToken."},
	} {
		p := b.do("POST", "/oauth2/v2.1/verify", url.Values{"id_token": {c.token}, "client_id": {web}})
		if want := `{"error":"invalid_request","error_description":"` + c.want + `"}`; p.status != 400 || p.body != want {
			t.Errorf("%s: %d %s, want %s", c.name, p.status, p.body, c.want)
		}
	}
	for name, form := range map[string]url.Values{"Invalid IdToken Nonce.": {"nonce": {"n2"}}, "Invalid IdToken Subject Identifier.": {"user_id": {stage.Chen}},
		"Invalid IdToken Audience.": {"client_id": {other}}, "some parameters missed or invalid": {"client_id": {""}}} {
		if !form.Has("client_id") {
			form.Set("client_id", web)
		}
		form.Set("id_token", es.IDToken)
		if p := b.do("POST", "/oauth2/v2.1/verify", form); p.status != 400 || !strings.Contains(p.body, name) {
			t.Errorf("%s: %d %s", name, p.status, p.body)
		}
	}
	s.Advance("61m")
	if p := b.do("POST", "/oauth2/v2.1/verify", url.Values{"id_token": {web256.IDToken}, "client_id": {web}}); !strings.Contains(p.body, "IdToken expired.") {
		t.Errorf("after an hour: %s", p.body)
	}
}

func signed(t *testing.T, alg jose.SignatureAlgorithm, key any, kid string, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func kidOf(t *testing.T, token string) string {
	t.Helper()
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	return jws.Signatures[0].Protected.KeyID
}

const (
	noHeader = `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`
	noAccess = `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`
)

// Tokens of other kinds, in other places, and of others.
func TestTokensInTheWrongPlace(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	v := b.tokens(redemption(b.code()))
	openid := b.tokens(redemption(b.code("scope", "openid")))
	bearer := func(token string) []string { return []string{"Authorization", "Bearer " + token} }
	for _, c := range []struct {
		name, call string
		header     []string
		status     int
		want       string
	}{
		{"no token", "GET /v2/profile", nil, 401, noHeader},
		{"another scheme", "GET /v2/profile", []string{"Authorization", "Basic " + v.AccessToken}, 401, noHeader},
		{"in the query", "GET /v2/profile?access_token=" + url.QueryEscape(v.AccessToken), nil, 401, noHeader},
		{"a channel's token", "GET /v2/profile", bearer("cafe-token"), 401, `{"message":"invalid token"}`},
		{"an ID token", "GET /v2/profile", bearer(v.IDToken), 401, `{"message":"invalid token"}`},
		{"a refresh token", "GET /v2/profile", bearer(v.RefreshToken), 401, `{"message":"invalid token"}`},
		{"a user's token at the Messaging API", "GET /v2/bot/info", bearer(v.AccessToken), 401, noAccess},
		{"without the scope profile", "GET /v2/profile", bearer(openid.AccessToken), 403, `{"message":"user doesn't grant required permissions yet"}`},
		{"friendship without the scope profile", "GET /friendship/v1/status", bearer(openid.AccessToken), 403, `{"message":"user doesn't grant required permissions yet"}`},
		{"another account", "GET /friendship/v1/status?officialAccountId=@x", bearer(v.AccessToken), 403, `{"message":"LOGIN_MULTI_LINKED_BOT_PROMPT feature license is required."}`},
		{"deauthorize with a user's token", "POST /user/v1/deauthorize", bearer(v.AccessToken), 401, noAccess},
		{"verify an unknown token", "GET /oauth2/v2.1/verify?access_token=unknown", nil, 400, `{"error":"invalid_request","error_description":"The access token not JWS"}`},
	} {
		s.Play(t, []stage.Step{{Name: c.name, Call: c.call, Header: c.header, Status: c.status, Want: c.want}})
	}
	profileOnly := b.tokens(redemption(b.code("scope", "profile")))
	if p := b.do("GET", "/oauth2/v2.1/userinfo", nil, bearer(profileOnly.AccessToken)...); p.status != 403 || p.body != `{"error":"invalid_request","error_description":"scope has not required permission"}` {
		t.Errorf("userinfo without openid: %d %s", p.status, p.body)
	}
	if profileOnly.IDToken != "" {
		t.Error("an ID token without openid")
	}
	for name, form := range map[string]url.Values{"another client": {"client_id": {other}, "client_secret": {otherKey}}, "no secret": {"client_id": {web}},
		"a wrong secret": {"client_id": {web}, "client_secret": {otherKey}}} {
		form.Set("access_token", v.AccessToken)
		if p := b.do("POST", "/oauth2/v2.1/revoke", form); p.status != 400 {
			t.Errorf("revoke by %s: %d %s", name, p.status, p.body)
		}
		form.Set("refresh_token", v.RefreshToken)
		form.Set("grant_type", "refresh_token")
		if p := b.do("POST", "/oauth2/v2.1/token", form); p.status != 400 {
			t.Errorf("refresh by %s: %d %s", name, p.status, p.body)
		}
	}
	if p := b.do("GET", "/v2/profile", nil, bearer(v.AccessToken)...); p.status != 200 {
		t.Errorf("after all: %d", p.status)
	}
}

// Deauthorizing takes back all that somebody agreed to.
func TestDeauthorize(t *testing.T) {
	s := start(t)
	b := newBrowser(t, s)
	v := b.tokens(redemption(b.code()))
	channelToken := b.tokens(url.Values{"grant_type": {"client_credentials"}, "client_id": {web}, "client_secret": {webSecret}}, "/oauth2/v3/token")
	ofOther := b.tokens(url.Values{"grant_type": {"client_credentials"}, "client_id": {other}, "client_secret": {otherKey}}, "/oauth2/v3/token")
	step := func(token, user string, status int, want string) stage.Step {
		effect := ""
		if status == 204 {
			effect = "login_grants-1"
		}
		return stage.Step{Effect: effect, Name: user, Call: "POST /user/v1/deauthorize", Header: []string{"Authorization", "Bearer " + token}, Body: `{"userAccessToken":"` + user + `"}`, Status: status, Want: want}
	}
	s.Play(t, []stage.Step{
		step(ofOther.AccessToken, v.AccessToken, 400, `{"message":"invalid token"}`),
		step(channelToken.AccessToken, "unknown", 400, `{"message":"invalid token"}`),
		step(channelToken.AccessToken, v.AccessToken, 204, ""),
		step(channelToken.AccessToken, v.AccessToken, 400, `{"message":"invalid token"}`),
	})
	if p := b.logIn(ask(), stage.Aoi); p.status != 200 {
		t.Errorf("it is not asked again: %d", p.status)
	}
}
