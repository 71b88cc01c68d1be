package token

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
)

const (
	cafe, cafeSecret   = "1656000001", "0123456789abcdef0123456789abcdef"
	shop, shopSecret   = "1656000002", "fedcba9876543210fedcba9876543210"
	login, loginSecret = "1656000003", "00112233445566778899aabbccddeeff"
)

var (
	morning = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	cafeKey = sync.OnceValue(func() *rsa.PrivateKey { return rsaKey() })
	shopKey = sync.OnceValue(func() *rsa.PrivateKey { return rsaKey() })
)

func rsaKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// bench is a room behind real routes on a real store.
type bench struct {
	testing.TB
	clock  *clock.Clock
	db     *store.DB
	room   *Room
	routes *api.Routes
	log    bytes.Buffer
	saved  map[string]string
}

// newBench opens a store, puts three channels into it and starts a room on it.
func newBench(t testing.TB, dsn string) *bench {
	b := &bench{TB: t, clock: &clock.Clock{}, saved: map[string]string{}}
	b.clock.Set(morning)
	b.db = testkit.Open(t, dsn, b.clock)
	channels := channel.Open(b.db)
	for _, c := range []channel.Channel{
		{ID: cafe, Type: channel.Messaging, Secret: cafeSecret, Config: channel.Config{AssertionKeys: []channel.AssertionKey{
			jwk("cafe-key", &cafeKey().PublicKey), jwk("same-kid", &cafeKey().PublicKey), {Kid: "broken", Kty: "RSA", N: "!", E: "AQAB"}}}},
		{ID: shop, Type: channel.Messaging, Secret: shopSecret, Config: channel.Config{AssertionKeys: []channel.AssertionKey{
			jwk("shop-key", &shopKey().PublicKey), jwk("same-kid", &shopKey().PublicKey)}}},
		{ID: login, Type: channel.Login, Secret: loginSecret},
	} {
		b.update(func(tx *store.Tx) error { _, err := channels.Put(tx, c); return err })
	}
	b.start()
	return b
}

// start starts the room anew, as a restarted server would.
func (b *bench) start() {
	channels := channel.Open(b.db)
	if err := channels.Load(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.room = New(b.db, channels, b.clock.Now)
	b.routes = api.NewRoutes(&api.Server{Clock: b.clock, Limits: &limit.Buckets{}, Faults: &fault.Set{}, Requests: &api.RequestLog{},
		Log: slog.New(slog.NewTextHandler(&b.log, nil))}, api.Family{Errors: api.LineErrors})
	b.routes.Add(api.Family{Errors: api.OAuthErrors, RequestIDHeader: "x-line-request-id", BodyMost: 1 << 20, LimitedText: "limited"}, b.room.Ops())
	b.routes.Add(api.Family{Errors: api.LineErrors, BodyMost: 1 << 20, Authenticate: b.room.Authenticate},
		[]api.Op{{ID: "whoami", Pattern: "GET /v2/bot/info", Run: api.None(func(c *api.Call) (any, error) {
			return []string{c.Owner, channel.Caller(c).ID}, nil
		})}})
}

func (b *bench) update(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.db.Update(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) later(d time.Duration) { b.clock.Set(b.clock.Now().Add(d)) }

// call makes a request: the parameters go into the query of a GET and into the form of a POST.
func (b *bench) call(op string, given url.Values) (status int, body string) {
	method, path, _ := strings.Cut(op, " ")
	req := httptest.NewRequest(method, path+"?"+given.Encode(), nil)
	if method == http.MethodPost {
		req = httptest.NewRequest(method, path, strings.NewReader(given.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	b.routes.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// issue asks for a token and gives it back with its key id.
func (b *bench) issue(op string, given url.Values) (value, keyID string) {
	b.Helper()
	status, body := b.call(op, given)
	var answer issued
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		b.Fatalf("%s: %d %s", op, status, body)
	}
	return answer.AccessToken, answer.KeyID
}

// use shows a token to the Messaging API.
func (b *bench) use(authorization ...string) (status int, body string) {
	req := httptest.NewRequest("GET", "/v2/bot/info", nil)
	req.Header["Authorization"] = authorization
	w := httptest.NewRecorder()
	b.routes.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

// rows counts the stored tokens of a channel and kind.
func (b *bench) rows(channelID string, k kind) (n int) {
	b.Helper()
	err := b.db.View(b.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT COUNT(*) FROM tokens WHERE channel_id = $1 AND kind = $2`, []any{channelID, string(k)}, &n)
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// putLongLived does what reading a world file does.
func (b *bench) putLongLived(channelID, value string) error {
	return b.db.Update(b.Context(), func(tx *store.Tx) error { return b.room.PutLongLived(tx, channelID, value) })
}

// onEachStore runs a test on each engine in a bubble where time stands still
// unless the test moves the server's clock, so that answers are exact.
func onEachStore(t *testing.T, run func(b *bench)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { inBubble(t, dsn, run) })
}

// bubble is the same on one engine, for tests whose SQL others have covered.
func bubble(t *testing.T, run func(b *bench)) { inBubble(t, "memory:", run) }

func inBubble(t *testing.T, dsn string, run func(b *bench)) {
	cafeKey() // made outside of the bubble: they belong to all tests
	shopKey()
	synctest.Test(t, func(t *testing.T) { run(newBench(t, dsn)) })
}

func jwk(kid string, key *rsa.PublicKey) channel.AssertionKey {
	return channel.AssertionKey{Kid: kid, Kty: "RSA", N: base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}
}

// jwt signs an assertion; the payload is JSON text.
func jwt(t testing.TB, key any, algorithm jose.SignatureAlgorithm, kid, payload string) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// asserting is the form with a good assertion of the café, for tokens of that lifetime.
func (b *bench) asserting(life time.Duration) url.Values {
	payload := fmt.Sprintf(`{"iss":%[1]q,"sub":%[1]q,"aud":"https://api.line.me/","exp":%[2]d,"token_exp":%[3]d}`,
		cafe, b.clock.Now().Add(30*time.Minute).Unix(), life/time.Second)
	return url.Values{"grant_type": {"client_credentials"}, "client_assertion_type": {assertionType},
		"client_assertion": {jwt(b, cafeKey(), jose.RS256, "cafe-key", payload)}}
}

// secret is the form with a channel's id and secret.
func secret(clientID, clientSecret string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {clientSecret}}
}

// with is a copy of the form with some fields set anew, "" to leave one out.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, values := range form {
		out[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			out.Del(pairs[i])
		}
	}
	return out
}
