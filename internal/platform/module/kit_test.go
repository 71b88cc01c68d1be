package module_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// Booking and Market are modules; Market is default active. Booking is attached
// to the Cafe with all that it may ask for. The Cafe is verified, the Shop is of Taiwan.
const (
	world = `
clock: 2026-01-15T09:00:00+09:00
provider: Demo
channels:
  - {id: "1656000001", name: Cafe, secret: 0123456789abcdef0123456789abcdef, accessToken: cafe-token, webhook: {endpoint: "BOT/cafe"}, phoneMessages: true,
     account: {userId: Ub0000000000000000000000000000001, basicId: "@cafe", displayName: Cafe, status: verified}}
  - {id: "1656000002", name: Shop, accessToken: shop-token, webhook: {endpoint: "BOT/shop"},
     account: {userId: Ub0000000000000000000000000000002, basicId: "@shop", displayName: Shop, country: TW}}
  - {id: "1657000001", type: module, name: Booking, secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, webhook: {endpoint: "BOT/booking"},
     callbackUrls: ["https://booking.example.com/attached", "https://booking.example.com/other?a=b"], attachedTo: [{channel: "1656000001"}]}
  - {id: "1657000002", type: module, name: Market, secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, webhook: {endpoint: "BOT/market"}, defaultActive: true,
     callbackUrls: ["https://market.example.com/"], scopes: ["message:receive", "crm:manage"]}
  - {id: "1657000003", type: module, name: Rival, secret: cccccccccccccccccccccccccccccccc, defaultActive: true, callbackUrls: ["https://rival.example.com/"]}
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001", "1656000002"], phone: "+818000001234"}
  - {userId: U00000000000000000000000000000a02, displayName: Ben}
groups:
  - {groupId: C0000000000000000000000000000c001, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
  - {groupId: C0000000000000000000000000000c002, members: [U00000000000000000000000000000a01]}
rooms:
  - {roomId: R0000000000000000000000000000d001, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
`
	booking, bookingSecret = "1657000001", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	market, marketSecret   = "1657000002", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	rival, rivalSecret     = "1657000003", "cccccccccccccccccccccccccccccccc"
	cafeBot, shopBot       = "Ub0000000000000000000000000000001", "Ub0000000000000000000000000000002"

	denied = `{"message":"Access to this API is not available for your account"}`
)

// aoiOfCafe is how the Cafe's modules know Aoi.
const aoiOfCafe = "L" + stage.Aoi + "-" + cafeBot

// each plays on both engines, in the usual world; eachOf in another one.
func each(t *testing.T, run func(t *testing.T, s *stage.Stage)) { eachOf(t, world, run) }

func eachOf(t *testing.T, world string, run func(t *testing.T, s *stage.Stage)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, world)) })
}

// tokenOf issues a short-lived token to a module.
func tokenOf(s *stage.Stage, id, secret string) string {
	s.T.Helper()
	return issued(s, "/v2/oauth/accessToken", id, secret)
}

func issued(s *stage.Stage, path, id, secret string) string {
	s.T.Helper()
	a := post(s, path, url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
	var v struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil || v.AccessToken == "" {
		s.T.Fatalf("no token: %d %s", a.Status, a.Body)
	}
	return v.AccessToken
}

// post sends a form.
func post(s *stage.Stage, path string, form url.Values, header ...string) stage.Answer {
	s.T.Helper()
	return s.Do("POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// as are the headers of a module's call for an account.
func as(token, bot string) []string {
	return []string{"Authorization", "Bearer " + token, "X-Line-Bot-Id", bot}
}

// says has Aoi write to the Cafe.
func says(s *stage.Stage, text string) {
	s.T.Helper()
	s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"`+text+`"}}`)
}

// modes tells who heard what, and as what: "booking:message:standby cafe:message:active".
// A copy has a reply token exactly when it is active and of a kind that has one.
func modes(s *stage.Stage) string {
	s.T.Helper()
	var words []string
	for _, d := range s.Heard() {
		mode := "active"
		if strings.HasSuffix(d.Body, `,"mode":"standby"}]}`) {
			mode = "standby"
		}
		if d.Event.Type == "message" && (d.Event.ReplyToken != "") != (mode == "active") {
			s.T.Errorf("reply token %q in mode %s", d.Event.ReplyToken, mode)
		}
		words = append(words, strings.TrimPrefix(d.Path, "/")+":"+d.Event.Type+":"+mode)
	}
	return sorted(words)
}
