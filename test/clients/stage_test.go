package clients

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/channel_access_token"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"kaiwa/test/kit"
)

// Who there is in the world of these tests.
const (
	cafe       = "1656000001" // verified, has a bot
	cafeSecret = "0123456789abcdef0123456789abcdef"
	cafeToken  = "dev-token-1"
	cafeUser   = "Ub0000000000000000000000000000001"
	tea        = "1656000003" // unverified, without a webhook, 5 messages a month
	teaSecret  = "abcdef0123456789abcdef0123456789"
	teaToken   = "dev-token-3"

	aoi  = "U00000000000000000000000000000a01" // friends of both accounts
	ben  = "U00000000000000000000000000000a02"
	chen = "U00000000000000000000000000000a03" // no friend
	dai  = "U00000000000000000000000000000a04" // blocked the cafe
	lost = "U00000000000000000000000000000fff" // nobody

	team   = "C0000000000000000000000000000c001" // aoi, ben, the cafe
	office = "R0000000000000000000000000000d001" // aoi, chen, the cafe
	beacon = "0123456789"
)

const world = `
clock: 2026-01-15T09:00:00+09:00
channels:
  - id: "1656000001"
    name: Kaiwa Cafe
    secret: 0123456789abcdef0123456789abcdef
    accessToken: dev-token-1
    assertionKeys: [{kid: key-1, kty: RSA, n: "%[2]s", e: AQAB}]
    account: {userId: Ub0000000000000000000000000000001, basicId: "@kaiwacafe", premiumId: "@cafe", displayName: Kaiwa Cafe, pictureUrl: "https://example.com/p.png", status: verified}
    webhook: {endpoint: "%[1]s", redelivery: true}
    beacons: [{hwid: "0123456789"}]
    memberships:
      - {membershipId: 3189, title: Basic, description: For regulars, benefits: [Messages, Photos], price: 500.00, currency: JPY, memberLimit: 100}
      - {membershipId: 3213, title: Premium, benefits: [Party], price: 1500.50, isInAppPurchase: false, isPublished: false}
    missionStickers: [{productId: "12345"}, {productId: "12346", salesPeriod: {until: 2026-01-01T00:00:00+09:00}}, {productId: "12347", countries: [TW]}]
  - id: "1656000003"
    name: Kaiwa Tea
    secret: abcdef0123456789abcdef0123456789
    accessToken: dev-token-3
    assertionKeys: [{kid: key-3, kty: RSA, n: "%[2]s", e: AQAB}]
    quota: 5
  - {id: "1656000011", type: login, name: Web app, secret: cccccccccccccccccccccccccccccccc, callbackUrls: ["https://app.example.com/callback"]}
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, pictureUrl: "https://example.com/aoi.png", statusMessage: Coffee first, language: ja, friendOf: ["1656000001", "1656000003"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001", "1656000003"]}
  - {userId: U00000000000000000000000000000a03, displayName: Chen}
  - {userId: U00000000000000000000000000000a04, displayName: Dai, blocked: ["1656000001"]}
groups:
  - {groupId: C0000000000000000000000000000c001, name: Lunch team, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a02], channels: ["1656000001"]}
rooms:
  - {roomId: R0000000000000000000000000000d001, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a03], channels: ["1656000001"]}
`

// signingKey is the private key to the accounts' assertion keys.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// stage is a running server with a bot and the official clients of the cafe.
type stage struct {
	t      *testing.T
	server *kit.Server
	bot    *bot
	api    *messaging_api.MessagingApiAPI
	blob   *messaging_api.MessagingApiBlobAPI
	tokens *channel_access_token.ChannelAccessTokenAPI
	http   *http.Client
}

// newStage starts all; more is appended to the world file.
func newStage(t *testing.T, more ...string) *stage { return newStageIn(t, world, more...) }

// newStageIn is newStage in a world of the test's own.
func newStageIn(t *testing.T, world string, more ...string) *stage {
	t.Helper()
	key, err := signingKey()
	if err != nil {
		t.Fatal(err)
	}
	recorder := NewRecorder(t)
	s := &stage{t: t, http: &http.Client{Transport: recorder}}
	s.bot = newBot(t, cafeSecret, cafeUser)
	s.bot.recorder = recorder
	modulus := base64.RawURLEncoding.EncodeToString(key.N.Bytes())
	s.server = kit.Start(t, kit.Options{World: fmt.Sprintf(world, s.bot.url+"/callback", modulus) + strings.Join(more, "")})
	s.connect()
	return s
}

// connect makes the clients anew: a server that was started again has another port.
func (s *stage) connect() {
	s.t.Helper()
	s.api = s.client(cafeToken)
	var err error
	s.blob, err = messaging_api.NewMessagingApiBlobAPI(cafeToken, messaging_api.WithBlobEndpoint(s.server.URL), messaging_api.WithBlobHTTPClient(s.http))
	if err != nil {
		s.t.Fatal(err)
	}
	s.tokens, err = channel_access_token.NewChannelAccessTokenAPI(channel_access_token.WithEndpoint(s.server.URL), channel_access_token.WithHTTPClient(s.http))
	if err != nil {
		s.t.Fatal(err)
	}
	s.bot.api = s.api
}

// client is the official client with another token.
func (s *stage) client(token string) *messaging_api.MessagingApiAPI {
	s.t.Helper()
	c, err := messaging_api.NewMessagingApiAPI(token, messaging_api.WithEndpoint(s.server.URL), messaging_api.WithHTTPClient(s.http))
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// refused checks that the official client reports this status and exactly this body.
func refused(t *testing.T, what string, err error, status int, body string) {
	t.Helper()
	want := fmt.Sprintf("unexpected status code: %d, %s", status, body)
	if err == nil || err.Error() != want {
		t.Errorf("%s:\ngot  %v\nwant %s", what, err, want)
	}
}

// must ends the test at an error.
func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
