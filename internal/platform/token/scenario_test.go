package token

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	issueV21       = "POST /oauth2/v2.1/token"
	verifyV21      = "GET /oauth2/v2.1/verify"
	kids           = "GET /oauth2/v2.1/tokens/kid"
	revokeV21      = "POST /oauth2/v2.1/revoke"
	issueStateless = "POST /oauth2/v3/token"
	issueShort     = "POST /v2/oauth/accessToken"
	verifyOpaque   = "POST /v2/oauth/verify"
	revokeOpaque   = "POST /v2/oauth/revoke"

	denied   = `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`
	noHeader = `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`
	tooMany  = `{"message":"The maximum number of access tokens has already been issued"}`
	isCafe   = `["1656000001","1656000001"]`
)

// step is one call of a life, what it must answer and what is stored then.
type step struct {
	after time.Duration // how far the clock is set forward first
	call  string        // an operation; "use" shows the token to the Messaging API; "restart"
	// form is built when the step comes, from what is known by then.
	form   func(*bench) url.Values
	status int
	body   string // {1}: the token issued by the first "issue" step; {kid1}: its key id
	rows   int
}

// lives are the lives of the four kinds, from issue to end.
var lives = []struct {
	name  string
	kind  kind
	steps []step
}{
	{"v2.1", v21, []step{
		{call: kids, form: forLife(0), status: 200, body: `{"kids":[]}`},
		{call: issueV21, form: forLife(time.Hour), status: 200, body: `{"access_token":"{1}","expires_in":3600,"token_type":"Bearer","key_id":"{kid1}"}`, rows: 1},
		{call: issueV21, form: forLife(30 * 24 * time.Hour), status: 200, body: `{"access_token":"{2}","expires_in":2592000,"token_type":"Bearer","key_id":"{kid2}"}`, rows: 2},
		{call: kids, form: forLife(0), status: 200, body: `{"kids":["{kid1}","{kid2}"]}`, rows: 2},
		{call: "use", form: theToken("1"), status: 200, body: isCafe, rows: 2},
		{call: verifyV21, form: theToken("1"), status: 200, body: `{"client_id":"1656000001","expires_in":3600}`, rows: 2},
		{call: "restart", rows: 2},
		{call: "use", form: theToken("1"), status: 200, body: isCafe, rows: 2},
		{after: 59*time.Minute + 59*time.Second, call: verifyV21, form: theToken("1"), status: 200, body: `{"client_id":"1656000001","expires_in":1}`, rows: 2},
		{call: "use", form: theToken("1"), status: 200, body: isCafe, rows: 2},
		{after: time.Second, call: "use", form: theToken("1"), status: 401, body: denied, rows: 2},
		{call: verifyV21, form: theToken("1"), status: 400, body: `{"error":"invalid_request","error_description":"The access token expired"}`, rows: 2},
		{call: kids, form: forLife(0), status: 200, body: `{"kids":["{kid2}"]}`, rows: 2},
		{call: revokeV21, form: theTokenOf(shop, shopSecret, "2"), status: 400, body: `{"error":"invalid_request","error_description":"client_id does not match"}`, rows: 2},
		{call: "use", form: theToken("2"), status: 200, body: isCafe, rows: 2},
		{call: revokeV21, form: theTokenOf(cafe, cafeSecret, "2"), status: 200, rows: 1},
		{call: "use", form: theToken("2"), status: 401, body: denied, rows: 1},
		{call: verifyV21, form: theToken("2"), status: 400, body: `{"error":"invalid_request","error_description":"The access token revoked"}`, rows: 1},
		{call: revokeV21, form: theTokenOf(cafe, cafeSecret, "2"), status: 200, rows: 1},
		{call: kids, form: forLife(0), status: 200, body: `{"kids":[]}`, rows: 1},
		{call: "restart", rows: 1},
		{call: "use", form: theToken("2"), status: 401, body: denied, rows: 1},
		{call: issueV21, form: forLife(time.Hour), status: 200, body: `{"access_token":"{3}","expires_in":3600,"token_type":"Bearer","key_id":"{kid3}"}`, rows: 1},
	}},
	{"stateless", stateless, []step{
		{call: issueStateless, form: bySecret(cafe, cafeSecret), status: 200, body: `{"access_token":"{1}","expires_in":900,"token_type":"Bearer"}`},
		{call: issueStateless, form: forLife(time.Hour), status: 200, body: `{"access_token":"{2}","expires_in":900,"token_type":"Bearer"}`},
		{call: "use", form: theToken("1"), status: 200, body: isCafe},
		{call: "use", form: theToken("2"), status: 200, body: isCafe},
		{call: "restart"},
		{call: "use", form: theToken("1"), status: 200, body: isCafe},
		{call: verifyV21, form: theToken("2"), status: 200, body: `{"client_id":"1656000001","expires_in":900}`},
		{call: revokeV21, form: theTokenOf(cafe, cafeSecret, "2"), status: 200},
		{call: revokeOpaque, form: theToken("2"), status: 200},
		{call: "use", form: theToken("2"), status: 200, body: isCafe},
		{after: 15*time.Minute - time.Millisecond, call: "use", form: theToken("2"), status: 200, body: isCafe},
		{after: time.Millisecond, call: "use", form: theToken("2"), status: 401, body: denied},
		{call: verifyV21, form: theToken("2"), status: 400, body: `{"error":"invalid_request","error_description":"The access token expired"}`},
	}},
	{"short-lived", shortLived, []step{
		{call: issueShort, form: bySecret(cafe, cafeSecret), status: 200, body: `{"access_token":"{1}","expires_in":2592000,"token_type":"Bearer"}`, rows: 1},
		{call: "use", form: theToken("1"), status: 200, body: isCafe, rows: 1},
		{call: verifyOpaque, form: theToken("1"), status: 200, body: `{"client_id":"1656000001","expires_in":2592000,"scope":"P CM"}`, rows: 1},
		{call: verifyV21, form: theToken("1"), status: 400, body: `{"error":"invalid_request","error_description":"The access token not JWS"}`, rows: 1},
		{call: "restart", rows: 1},
		{call: "use", form: theToken("1"), status: 200, body: isCafe, rows: 1},
		{call: revokeOpaque, form: theToken("1"), status: 200, rows: 0},
		{call: revokeOpaque, form: theToken("1"), status: 200, rows: 0},
		{call: "use", form: theToken("1"), status: 401, body: denied},
		{call: verifyOpaque, form: theToken("1"), status: 400, body: `{"error":"invalid_request","error_description":"access_token invalid"}`},
		{call: issueShort, form: bySecret(cafe, cafeSecret), status: 200, body: `{"access_token":"{2}","expires_in":2592000,"token_type":"Bearer"}`, rows: 1},
		{after: 30*24*time.Hour - time.Second, call: verifyOpaque, form: theToken("2"), status: 200, body: `{"client_id":"1656000001","expires_in":1,"scope":"P CM"}`, rows: 1},
		{after: time.Second, call: verifyOpaque, form: theToken("2"), status: 400, body: `{"error":"invalid_request","error_description":"access_token invalid"}`, rows: 1},
		{call: "use", form: theToken("2"), status: 401, body: denied, rows: 1},
		{call: issueShort, form: bySecret(cafe, cafeSecret), status: 200, body: `{"access_token":"{3}","expires_in":2592000,"token_type":"Bearer"}`, rows: 1},
	}},
	{"a LINE Login channel's", shortLived, []step{
		{call: issueShort, form: bySecret(login, loginSecret), status: 200, body: `{"access_token":"{1}","expires_in":2592000,"token_type":"Bearer"}`},
		{call: issueStateless, form: bySecret(login, loginSecret), status: 200, body: `{"access_token":"{2}","expires_in":900,"token_type":"Bearer"}`},
		{call: verifyOpaque, form: theToken("1"), status: 200, body: `{"client_id":"1656000003","expires_in":2592000,"scope":"P CM"}`},
		{call: verifyV21, form: theToken("2"), status: 200, body: `{"client_id":"1656000003","expires_in":900}`},
		{call: "use", form: theToken("1"), status: 401, body: denied},
		{call: "use", form: theToken("2"), status: 401, body: denied},
	}},
}

func TestLives(t *testing.T) {
	for _, life := range lives {
		t.Run(life.name, func(t *testing.T) {
			onEachStore(t, func(b *bench) {
				n := 0
				for i, s := range life.steps {
					b.later(s.after)
					var status int
					var body string
					switch s.call {
					case "restart":
						b.start()
					case "use":
						status, body = b.use("Bearer " + s.form(b).Get("access_token"))
					case issueV21, issueStateless, issueShort:
						n++
						status, body = b.call(s.call, s.form(b))
						b.remember(n, body)
					default:
						status, body = b.call(s.call, s.form(b))
					}
					if want := b.fill(s.body); status != s.status || body != want {
						b.Fatalf("step %d, %s: %d %s, want %d %s", i, s.call, status, body, s.status, want)
					}
					if rows := b.rows(cafe, life.kind); rows != s.rows {
						b.Fatalf("step %d, %s: %d rows, want %d", i, s.call, rows, s.rows)
					}
				}
				b.checkSecrecy()
			})
		})
	}
}

func forLife(d time.Duration) func(*bench) url.Values {
	return func(b *bench) url.Values { return b.asserting(d) }
}

func bySecret(clientID, clientSecret string) func(*bench) url.Values {
	return func(*bench) url.Values { return secret(clientID, clientSecret) }
}

func theToken(name string) func(*bench) url.Values {
	return func(b *bench) url.Values { return url.Values{"access_token": {b.saved[name]}} }
}

func theTokenOf(clientID, clientSecret, name string) func(*bench) url.Values {
	return func(b *bench) url.Values { return with(secret(clientID, clientSecret), "access_token", b.saved[name]) }
}

// remember keeps the nth issued token and its key id.
func (b *bench) remember(n int, body string) {
	number := string(rune('0' + n))
	for name, member := range map[string]string{number: `"access_token":"`, "kid" + number: `"key_id":"`} {
		if _, rest, ok := strings.Cut(body, member); ok {
			b.saved[name], _, _ = strings.Cut(rest, `"`)
		}
	}
}

func (b *bench) fill(body string) string {
	for name, value := range b.saved {
		body = strings.ReplaceAll(body, "{"+name+"}", value)
	}
	return body
}

// checkSecrecy looks for what must not be there: secrets and tokens in the log,
// and tokens in the store, other than the long-lived one.
func (b *bench) checkSecrecy() {
	b.Helper()
	hidden := []string{cafeSecret, shopSecret, loginSecret, "client_assertion"}
	for name, value := range b.saved {
		if !strings.HasPrefix(name, "kid") {
			hidden = append(hidden, value)
		}
	}
	stored := b.dump()
	for _, value := range hidden {
		if strings.Contains(b.log.String(), value) {
			b.Errorf("the log tells the secret %.8s...", value)
		}
		if strings.Contains(stored, value) {
			b.Errorf("the table tokens holds the secret %.8s...", value)
		}
	}
}
