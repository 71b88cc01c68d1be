package token

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func oauthBody(reason, description string) string {
	return fmt.Sprintf(`{"error":%q,"error_description":%q}`, reason, description)
}

func TestRefusals(t *testing.T) {
	parameters := oauthBody("invalid_request", "some parameters missed or invalid")
	credentials := oauthBody("invalid_request", "Invalid 'client_credentials'.")
	clientID, clientSecret := oauthBody("invalid_client", "invalid client_id"), oauthBody("invalid_client", "invalid client_secret")
	notJWS, malformed := oauthBody("invalid_request", "The access token not JWS"), oauthBody("invalid_request", "The access token malformed")
	badFormat, invalid := oauthBody("invalid_request", "access_token in invalid format"), oauthBody("invalid_request", "access_token invalid")
	foreign := jwt(t, []byte(strings.Repeat("k", 32)), jose.HS256, "", `{"id":"x","channel":"1656000001","kind":"v2.1","expires":9999999999999}`)
	good := secret(cafe, cafeSecret)
	token := func(value string) url.Values { return url.Values{"access_token": {value}} }
	for _, c := range []struct {
		name, call string
		form       url.Values
		status     int
		body       string
	}{
		{"no form", issueShort, nil, 400, parameters},
		{"no grant type", issueShort, with(good, "grant_type", ""), 400, parameters},
		{"another grant type", issueShort, with(good, "grant_type", "password"), 400, parameters},
		{"no client id", issueShort, with(good, "client_id", ""), 400, parameters},
		{"an empty secret", issueShort, url.Values{"grant_type": {"client_credentials"}, "client_id": {cafe}, "client_secret": {""}}, 400, parameters},
		{"an unknown channel", issueShort, with(good, "client_id", "1656999999"), 400, clientID},
		{"a wrong secret", issueShort, with(good, "client_secret", "wrong"), 400, clientSecret},
		{"another channel's secret", issueShort, with(good, "client_secret", shopSecret), 400, clientSecret},

		{"stateless: no form", issueStateless, nil, 400, parameters},
		{"stateless: no grant type", issueStateless, with(good, "grant_type", ""), 400, parameters},
		{"stateless: no secret", issueStateless, with(good, "client_secret", ""), 400, parameters},
		{"stateless: an unknown channel", issueStateless, with(good, "client_id", "1656999999"), 400, credentials},
		{"stateless: a wrong secret", issueStateless, with(good, "client_secret", "wrong"), 400, credentials},
		{"stateless: blank assertion beside a secret", issueStateless, with(good, "client_assertion_type", " ", "client_secret", "wrong"), 400, credentials},
		{"stateless: no assertion type", issueStateless, url.Values{"grant_type": {"client_credentials"}, "client_assertion": {"a.b.c"}}, 400, parameters},

		{"v2.1: no form", issueV21, nil, 400, parameters},
		{"v2.1: a secret in place of an assertion", issueV21, good, 400, parameters},
		{"kids: no query", kids, nil, 400, parameters},
		{"kids: no type", kids, url.Values{"client_assertion": {"a.b.c"}}, 400, parameters},

		{"verify v2.1: nothing", verifyV21, nil, 400, parameters},
		{"verify v2.1: no JWS", verifyV21, token("dev-token-1"), 400, notJWS},
		{"verify v2.1: three parts of no JWS", verifyV21, token("a.b.c"), 400, malformed},
		{"verify v2.1: a header that is no object", verifyV21, token("W10.e30.e30"), 400, malformed},
		{"verify v2.1: an empty part", verifyV21, token("e30..e30"), 400, malformed},
		{"verify v2.1: signed by somebody else", verifyV21, token(foreign), 400, malformed},

		{"revoke v2.1: nothing", revokeV21, nil, 400, parameters},
		{"revoke v2.1: no secret", revokeV21, with(good, "access_token", foreign, "client_secret", ""), 400, parameters},
		{"revoke v2.1: an unknown channel", revokeV21, with(good, "access_token", foreign, "client_id", "1"), 400, clientID},
		{"revoke v2.1: a wrong secret", revokeV21, with(good, "access_token", foreign, "client_secret", "1"), 400, clientSecret},
		{"revoke v2.1: no JWS", revokeV21, with(good, "access_token", "dev-token-1"), 400, notJWS},
		{"revoke v2.1: no JSON in it", revokeV21, with(good, "access_token", "a.b.c"), 400, malformed},
		{"revoke v2.1: a well-formed unknown one", revokeV21, with(good, "access_token", foreign), 200, ""},

		{"verify: nothing", verifyOpaque, nil, 400, parameters},
		{"verify: a space, as an unescaped plus becomes", verifyOpaque, token("abc def"), 400, badFormat},
		{"verify: padding first", verifyOpaque, token("=abc"), 400, badFormat},
		{"verify: padding within", verifyOpaque, token("ab=c"), 400, badFormat},
		{"verify: unknown", verifyOpaque, token("unknown+/~-._0=="), 400, invalid},

		{"revoke: nothing", revokeOpaque, nil, 400, `{"error":"invalid_request"}`},
		{"revoke: a line break", revokeOpaque, token("abc\n"), 400, `{"error":"invalid_request"}`},
		{"revoke: unknown", revokeOpaque, token("unknown"), 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, "memory:")
			if status, body := b.call(c.call, c.form); status != c.status || body != c.body {
				t.Errorf("%d %s, want %d %s", status, body, c.status, c.body)
			}
		})
	}
}

func TestTokensOfOneKindAreNotVerifiedAsTheOther(t *testing.T) {
	b := newBench(t, "memory:")
	v21Token, _ := b.issue(issueV21, b.asserting(time.Hour))
	statelessToken, _ := b.issue(issueStateless, secret(cafe, cafeSecret))
	for _, value := range []string{v21Token, statelessToken} {
		if status, body := b.call(verifyOpaque, url.Values{"access_token": {value}}); status != 400 || body != oauthBody("invalid_request", "access_token invalid") {
			t.Errorf("%d %s", status, body)
		}
		b.call(revokeOpaque, url.Values{"access_token": {value}})
		if status, _ := b.use("Bearer " + value); status != 200 {
			t.Errorf("revoked by the other kind's operation: %d", status)
		}
	}
}

func TestFormsMustSayThatTheyAreForms(t *testing.T) {
	b := newBench(t, "memory:")
	req := httptest.NewRequest("POST", "/v2/oauth/accessToken", strings.NewReader(`{"grant_type":"client_credentials"}`))
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.routes.ServeHTTP(w, req)
	if w.Code != 415 || w.Body.String() != `{"error":"invalid_request","error_description":"The content type, application/json, is not supported"}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAssertions(t *testing.T) {
	now := morning.Unix()
	payload := func(format string, args ...any) string {
		return fmt.Sprintf(`{"iss":"1656000001","sub":"1656000001","aud":"https://api.line.me/","exp":1768437000,"token_exp":86400`+format+`}`, args...)
	}
	if payload("") != fmt.Sprintf(`{"iss":"1656000001","sub":"1656000001","aud":"https://api.line.me/","exp":%d,"token_exp":86400}`, now+1800) {
		t.Fatal("the assertion of the table is not 30 minutes ahead of the clock")
	}
	swap := func(old, with string) string { return strings.Replace(payload(""), old, with, 1) }
	client := func(description string) string { return oauthBody("invalid_client", description) }
	const noKey = `{"message":"Cannot find channel key that satisfies the conditions"}`
	publicAsSecret := cafeKey().PublicKey.N.Bytes()
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"cafe-key"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload(""))) + "."
	good := jwt(t, cafeKey(), jose.RS256, "cafe-key", payload(""))

	for _, c := range []struct {
		name, jwt string
		status    int
		body      string // of v2.1, "" when it is a token
		stateless int    // the status of the stateless operation and of kids
	}{
		{"good", good, 200, "", 200},
		{"audience in a list of one", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"https://api.line.me/"`, `["https://api.line.me/"]`)), 200, "", 200},
		{"numbers as strings, as the platform's example has them", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`1768437000,"token_exp":86400`, `"1768437000","token_exp":"86400"`)), 200, "", 200},
		{"a fraction of a second", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`1768437000`, `1768436999.75`)), 200, "", 200},
		{"claims of its own", jwt(t, cafeKey(), jose.RS256, "cafe-key", payload(`,"iat":%d,"jti":"x"`, now)), 200, "", 200},
		{"a key id that another channel uses too", jwt(t, cafeKey(), jose.RS256, "same-kid", payload("")), 200, "", 200},
		{"the longest life", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", "2592000")), 200, "", 200},

		{"a second longer", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", "2592001")), 400, client("Invalid token_exp"), 200},
		{"no life", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`,"token_exp":86400`, "")), 400, client("Invalid token_exp"), 200},
		{"a life of null", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", "null")), 400, client("Invalid token_exp"), 200},
		{"a negative life", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", "-1")), 400, client("Invalid token_exp"), 200},
		{"a life of words", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", `"day"`)), 400, client("JWT format error"), 400},
		{"a life beyond counting", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("86400", "1e300")), 400, client("JWT format error"), 400},
		{"valid too long", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("1768437000", "1768437001")), 400, client("Invalid exp"), 400},
		{"expired", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("1768437000", fmt.Sprint(now))), 400, client("Invalid exp"), 400},
		{"no expiry", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"exp":1768437000,`, "")), 400, client("Invalid exp"), 400},
		{"expiry in milliseconds", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("1768437000", "1768437000000")), 400, client("JWT format error"), 400},
		{"no audience", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"aud":"https://api.line.me/",`, "")), 400, client("Invalid aud"), 400},
		{"audience without the slash", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap("line.me/", "line.me")), 400, client("Invalid aud"), 400},
		{"two audiences", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"https://api.line.me/"`, `["https://api.line.me/","x"]`)), 400, client("Invalid aud"), 400},
		{"another subject", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"sub":"1656000001"`, `"sub":"1656000002"`)), 400, client("Invalid sub"), 400},
		{"another issuer than the key's channel", jwt(t, cafeKey(), jose.RS256, "cafe-key", strings.ReplaceAll(payload(""), cafe, shop)), 400, client("iss and clientId of key do not match"), 400},
		{"an unknown issuer", jwt(t, cafeKey(), jose.RS256, "cafe-key", strings.ReplaceAll(payload(""), cafe, "1656999999")), 400, client("iss and clientId of key do not match"), 400},
		{"no issuer", jwt(t, cafeKey(), jose.RS256, "cafe-key", swap(`"iss":"1656000001",`, "")), 400, client("iss and clientId of key do not match"), 400},
		{"an unknown key", jwt(t, cafeKey(), jose.RS256, "another-key", payload("")), 404, noKey, 404},
		{"no key id", jwt(t, cafeKey(), jose.RS256, "", payload("")), 404, noKey, 404},
		{"a registered key that is none", jwt(t, cafeKey(), jose.RS256, "broken", payload("")), 404, noKey, 404},
		{"signed with another key", jwt(t, shopKey(), jose.RS256, "cafe-key", payload("")), 400, client("Invalid signature"), 400},
		{"the other channel's key under a shared id", jwt(t, shopKey(), jose.RS256, "same-kid", payload("")), 400, client("Invalid signature"), 400},
		{"another RSA algorithm", jwt(t, cafeKey(), jose.PS256, "cafe-key", payload("")), 400, client("JWT format error"), 400},
		{"signed with the public key as a secret", jwt(t, publicAsSecret, jose.HS256, "cafe-key", payload("")), 400, client("JWT format error"), 400},
		{"unsigned", unsigned, 400, client("JWT format error"), 400},
		{"payload exchanged", exchanged(good, swap("86400", "86401")), 400, client("Invalid signature"), 400},
		{"a member twice", jwt(t, cafeKey(), jose.RS256, "cafe-key", payload(`,"exp":1768437000`)), 400, client("JWT format error"), 400},
		{"no JSON", jwt(t, cafeKey(), jose.RS256, "cafe-key", "hello"), 400, client("JWT format error"), 400},
		{"no JWT", "hello", 400, client("JWT format error"), 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(b *bench) {
				form := url.Values{"grant_type": {"client_credentials"}, "client_assertion_type": {assertionType}, "client_assertion": {c.jwt}}
				status, body := b.call(issueV21, form)
				if status != c.status || c.body != "" && body != c.body {
					b.Errorf("v2.1: %d %s, want %d %s", status, body, c.status, c.body)
				}
				if n := b.rows(cafe, v21); (n == 1) != (c.status == 200) {
					b.Errorf("%d tokens stored", n)
				}
				for _, call := range []string{issueStateless, kids} {
					if status, body := b.call(call, form); status != c.stateless {
						b.Errorf("%s: %d %s, want %d", call, status, body, c.stateless)
					}
				}
				for _, call := range []string{issueV21, issueStateless} {
					if status, body := b.call(call, with(form, "grant_type", "")); status != 400 {
						b.Errorf("%s without a grant type: %d %s", call, status, body)
					}
				}
			})
		})
	}
}

// exchanged is a JWS with another payload under the old signature.
func exchanged(jws, payload string) string {
	parts := strings.Split(jws, ".")
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(payload))
	return strings.Join(parts, ".")
}

func TestStatelessTakesTheAssertionOfAFormWithBoth(t *testing.T) {
	bubble(t, func(b *bench) {
		form := with(b.asserting(0), "client_id", shop, "client_secret", shopSecret)
		value, _ := b.issue(issueStateless, form)
		if _, body := b.use("Bearer " + value); body != isCafe {
			b.Errorf("the token is of %s", body)
		}
	})
}
