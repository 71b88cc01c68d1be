package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/app"
	"kaiwa/internal/testkit/stage"
)

// everything is a world file with every key that there is.
const everything = `
clock: 2026-01-15T09:00:00+09:00
provider: Kaiwa Demo
channels:
  - id: "1656000001"
    type: messaging
    name: Kaiwa Cafe
    secret: 0123456789abcdef0123456789abcdef
    accessToken: cafe-token
    assertionKeys:
      - {kid: key-1, kty: RSA, n: "AQAB", e: AQAB, alg: RS256, use: sig, key_ops: [verify]}
    account:
      userId: Ub0000000000000000000000000000001
      basicId: "@kaiwacafe"
      premiumId: "@premium"
      displayName: Kaiwa Cafe
      pictureUrl: https://example.com/p.png
      status: premium
      country: TW
      chatMode: chat
      markAsReadMode: manual
    quota: 1000
    webhook: {endpoint: "BOT/cafe", active: true, redelivery: true}
    memberships: [{membershipId: 3189, title: Basic, description: For regulars, benefits: [Stickers], price: 500.00, currency: JPY}]
    missionStickers: [{productId: "12345", name: Friends, salesPeriod: {from: 2026-01-01T00:00:00+09:00, until: 2026-03-01T00:00:00+09:00}, countries: [TW], devices: [ios]}]
    beacons: [{hwid: "0123456789"}]
    phoneMessages: true
  - id: "1656000002"
    type: login
    callbackUrls: ["https://app.example.com/callback"]
    scopes: [profile, openid, email]
    linkedBot: "1656000001"
    liff:
      - {liffId: 1656000002-AbCdEfGh, view: {type: full, url: "http://127.0.0.1:9100/"}, scope: [profile, openid, chat_message.write]}
  - id: "1656000003"
    type: miniapp
    serviceMessageTemplates: [{name: order_done_en, params: [name]}]
people:
  - userId: U00000000000000000000000000000a01
    displayName: Aoi
    pictureUrl: https://example.com/aoi.png
    statusMessage: Hello
    language: ja
    email: aoi@example.com
    phone: "+818000001234"
    phoneConsent: false
    demographics: {gender: female, age: 27, area: jp_13, appType: ios}
    friendOf: ["1656000001"]
    blocked: []
groups:
  - {groupId: C0000000000000000000000000000c001, name: Team, pictureUrl: "https://example.com/g.png", members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
rooms:
  - {roomId: R0000000000000000000000000000d001, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
providers:
  - name: Second
    channels: [{id: "1656000004"}]
    people: [{userId: U00000000000000000000000000000b01}]
    groups: [{members: [U00000000000000000000000000000b01], channels: ["1656000004"]}]
    rooms: [{members: [U00000000000000000000000000000b01]}]
crowd:
  - {channel: "1656000001", count: 1000, seed: 1}
shops:
  - name: Demo shop
    apiKey: shop-key-1
    products: []
    orders: []
workspaces:
  - name: Demo workspace
    apiKey: kaiwa_demo_key
    rateLimit: {requests: 60, per: 1m}
    accounts:
      - {channel: "1656000001"}
      - {name: Shop, baseUrl: https://api.line.me, channelId: "1656000099", channelSecret: s, channelAccessToken: t, relays: [https://bot.example.com/callback]}
limits: off
webhookTargets: any
issuer: own
`

func TestEveryKeyOfTheWorldFile(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(everything)
		s.Sim("POST", "/reset", "")
		world := s.Sim("GET", "/world", "")
		for _, want := range []string{
			`{"id":"1656000001","type":"messaging","name":"Kaiwa Cafe","provider":"Kaiwa Demo","account":{"userId":"Ub0000000000000000000000000000001","basicId":"@kaiwacafe",` +
				`"premiumId":"@premium","displayName":"Kaiwa Cafe","pictureUrl":"https://example.com/p.png","status":"premium","country":"TW","chatMode":"chat","markAsReadMode":"manual"},` +
				`"quota":1000,"webhook":{"endpoint":"` + s.Bot.URL + `/cafe","active":true,"redelivery":true},"friends":1001,` +
				`"memberships":[{"membershipId":3189,"title":"Basic","description":"For regulars","benefits":["Stickers"],"price":500.00,"currency":"JPY",` +
				`"memberCount":0,"memberLimit":null,"isInAppPurchase":true,"isPublished":true}],` +
				`"missionStickers":[{"productId":"12345","name":"Friends","from":"2026-01-01T00:00:00+09:00","until":"2026-03-01T00:00:00+09:00","countries":["TW"],"devices":["ios"]}],"secret":"0123456789abcdef0123456789abcdef","beacons":[{"hwid":"0123456789"}]}`,
			`"callbackUrls":["https://app.example.com/callback"],"scopes":["profile","openid","email"],"linkedBot":"1656000001","liff":[{"liffId":"1656000002-AbCdEfGh",` +
				`"view":{"type":"full","url":"http://127.0.0.1:9100/"},"scope":["profile","openid","chat_message.write"]}]}`,
			`{"id":"1656000002","type":"login","name":"Channel 1656000002","provider":"Kaiwa Demo",`, `{"id":"1656000003","type":"miniapp",`,
			`{"userId":"U00000000000000000000000000000a01","provider":"Kaiwa Demo","friendOf":["1656000001"],"blocked":[],"displayName":"Aoi","pictureUrl":"https://example.com/aoi.png",` +
				`"statusMessage":"Hello","language":"ja","email":"aoi@example.com","phone":"+818000001234","phoneConsent":false,` +
				`"demographics":{"gender":"female","age":27,"area":"jp_13","appType":"ios"}}`,
			`{"groupId":"C0000000000000000000000000000c001","name":"Team","pictureUrl":"https://example.com/g.png","members":["U00000000000000000000000000000a01"],"channels":["1656000001"]}`,
			`{"roomId":"R0000000000000000000000000000d001","members":["U00000000000000000000000000000a01"],"channels":["1656000001"]}`,
			`{"id":"1656000004","type":"messaging","name":"Channel 1656000004","provider":"Second","account":{"userId":"U`,
			`{"userId":"U00000000000000000000000000000b01","provider":"Second","friendOf":[],"blocked":[],"displayName":"Person 1"}`,
		} {
			if !strings.Contains(world, want) {
				t.Errorf("the world lacks\n%s\nin\n%s", want, world)
			}
		}
		if clock := s.Sim("GET", "/clock", ""); !strings.HasPrefix(clock, `{"now":"2026-01-15T00:00:0`) {
			t.Errorf("the clock: %s", clock)
		}
		for range 61 { // 60 an hour where limits are enforced
			if a := s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{}`); a.Status != 400 {
				t.Fatalf("limits are enforced: %d %s", a.Status, a.Body)
			}
		}
		if a := s.Do("GET", "/public/v1/accounts", "", "Authorization", "Bearer kaiwa_demo_key"); a.Status != 200 || a.Header.Get("RateLimit-Limit") != "60" ||
			!strings.Contains(a.Body, `"id":"1656000001"`) || !strings.Contains(a.Body, `"name":"Shop"`) {
			t.Errorf("the workspace: %d %v %s", a.Status, a.Header, a.Body)
		}
		s.Sim("POST", "/people/U00000000000000000000000000000a01/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`)
		if got := s.HeardTypes(); got != "cafe:beacon" {
			t.Errorf("heard %q", got)
		}
		s.Rewrite(strings.NewReplacer("limits: off", "limits: enforced", "webhookTargets: any", "webhookTargets: public").Replace(everything))
		s.Sim("POST", "/reset", "")
		s.Sim("POST", "/people/U00000000000000000000000000000a01/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`)
		if got := s.HeardTypes(); got != "" {
			t.Errorf("a bot on loopback heard %q where targets are public", got)
		}
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"http://example.com/"}`); a.Status != 400 {
			t.Errorf("an http endpoint where targets are public: %d", a.Status)
		}
	})
}

// What is left out is made up, the same each time, and unlike for each entry.
func TestDefaultsAreTheSameEachTime(t *testing.T) {
	const world = "channels: [{accessToken: cafe-token}, {name: Named}, {type: login, liff: [{view: {type: full, url: \"https://app.example.com/\"}}]}]\npeople: [{}, {}, {displayName: Named}]\ngroups: [{}, {name: Named}]\nrooms: [{}, {}]\n"
	first := stage.Start(t, "", world).Sim("GET", "/world", "")
	if again := stage.Start(t, "", world).Sim("GET", "/world", ""); again != first {
		t.Errorf("\n got %s\nwant %s", again, first)
	}
	const want = `{"channels":[{"id":"1656000001","type":"messaging","name":"Channel 1656000001","provider":"Kaiwa","account":{"userId":"U*","basicId":"@*","displayName":"Channel 1656000001",` +
		`"status":"unverified","country":"JP","chatMode":"bot","markAsReadMode":"auto"},"webhook":{"active":true},"friends":0,"secret":"*"},` +
		`{"id":"1656000002","type":"messaging","name":"Named","provider":"Kaiwa","account":{"userId":"U*","basicId":"@*","displayName":"Named",` +
		`"status":"unverified","country":"JP","chatMode":"bot","markAsReadMode":"auto"},"webhook":{"active":true},"friends":0,"secret":"*"},` +
		`{"id":"1656000003","type":"login","name":"Channel 1656000003","provider":"Kaiwa","friends":0,"secret":"*","liff":[{"liffId":"1656000003-*","view":{"type":"full","url":"https://app.example.com/"}}]}],` +
		`"people":[{"userId":"U*","provider":"Kaiwa","friendOf":[],"blocked":[],"displayName":"Person 1"},{"userId":"U*","provider":"Kaiwa","friendOf":[],"blocked":[],"displayName":"Person 2"},` +
		`{"userId":"U*","provider":"Kaiwa","friendOf":[],"blocked":[],"displayName":"Named"}],` +
		`"groups":[{"groupId":"C*","name":"Group 1","members":[],"channels":[]},{"groupId":"C*","name":"Named","members":[],"channels":[]}],` +
		`"rooms":[{"roomId":"R*","members":[],"channels":[]},{"roomId":"R*","members":[],"channels":[]}]}`
	if !stage.Like(want, first) {
		t.Errorf("\n got %s\nwant %s", first, want)
	}
	// An entry's id stays when others change beside it.
	other := stage.Start(t, "", strings.Replace(world, "people: [{}, {}", "people: [{}, {displayName: Other}", 1)).Sim("GET", "/world", "")
	person := func(world, name string) string {
		i := strings.Index(world, `"displayName":"`+name)
		return world[strings.LastIndex(world[:i], `"userId":"`):i]
	}
	if person(other, "Named") != person(first, "Named") || person(other, "Other") == person(first, "Person 2") {
		t.Error("ids are not of position and name")
	}
}

// Names are made up as well, for providers and workspaces too.
func TestMadeUpNames(t *testing.T) {
	s := stage.Start(t, "", "providers: [{channels: [{beacons: [{}]}]}, {channels: [{}]}]\nworkspaces: [{apiKey: one}, {apiKey: two, accounts: [{channel: 1656000002}]}]\n")
	world := s.Sim("GET", "/world", "")
	for _, want := range []string{`"provider":"Provider 1"`, `"provider":"Provider 2"`} {
		if !strings.Contains(world, want) {
			t.Errorf("the world lacks %s in %s", want, world)
		}
	}
	if !regexp.MustCompile(`"beacons":\[{"hwid":"[0-9a-f]{10}"}]`).MatchString(world) {
		t.Errorf("no beacon in %s", world)
	}
	if a := s.Do("GET", "/public/v1/accounts", "", "Authorization", "Bearer two"); !strings.Contains(a.Body, `"id":"1656000002"`) {
		t.Errorf("a workspace without a name: %d %s", a.Status, a.Body)
	}
}

// A channel without an id gets none that another one has.
func TestMadeUpChannelIDsAvoidGivenOnes(t *testing.T) {
	s := stage.Start(t, "", `channels: [{name: A}, {id: "1656000001", name: B}, {name: C}, {id: "1656000003", name: D}]`)
	world := s.Sim("GET", "/world", "")
	for _, want := range []string{`{"id":"1656000002","type":"messaging","name":"A"`, `{"id":"1656000001","type":"messaging","name":"B"`,
		`{"id":"1656000004","type":"messaging","name":"C"`, `{"id":"1656000003","type":"messaging","name":"D"`} {
		if !strings.Contains(world, want) {
			t.Errorf("the world lacks %s in %s", want, world)
		}
	}
}

// Numbers need no quotes, and a file may say nothing at all.
func TestWorldFileSpellings(t *testing.T) {
	s := stage.Start(t, "", "channels: [{id: 1656000001, accessToken: 12345678, beacons: [{hwid: 0123456789}]}]\nlimits: false\n")
	if a := s.Do("GET", "/v2/bot/info", "", "Authorization", "Bearer 12345678"); a.Status != 200 {
		t.Errorf("a token that is a number: %d %s", a.Status, a.Body)
	}
	person := s.Sim("POST", "/people", `{"userId":"U00000000000000000000000000000a01","friendOf":["1656000001"]}`)
	if a := s.Do("POST", "/sim/v1/people/U00000000000000000000000000000a01/events", `{"type":"beacon","hwid":"0123456789","beaconType":"enter"}`); a.Status != 200 {
		t.Errorf("a beacon whose id is a number: %d %s (%s)", a.Status, a.Body, person)
	}
	s = stage.Start(t, "", "\ufeffchannels: [{id: 1656000001, accessToken: 0012345678, quota: 1_000}]\npeople: [{displayName: 1.10, phone: +818000001234}]\n"+
		"shops: [{products: [{categoryId: 1, code: 007, name: Mug, imageUrls: [x], variants: [{sku: 0885, onHandNumber: 5, price: 189.50, weight: 0.25}]}], orders: [{orderItems: [{sku: 0885, quantity: 1}]}]}]\n")
	if a := s.Do("GET", "/v2/bot/message/quota", "", "Authorization", "Bearer 0012345678"); a.Body != `{"type":"limited","value":1000}` {
		t.Errorf("a token that begins with zeros: %d %s", a.Status, a.Body)
	}
	if world := s.Sim("GET", "/world", ""); !strings.Contains(world, `"displayName":"1.10","phone":"+818000001234"`) {
		t.Errorf("texts that look like numbers are not as written in %s", world)
	}
	for name, world := range map[string]string{"empty": "", "comments": "# nothing\n", "a document mark": "---\n", "provider only": "provider: Mine\n"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "world.yaml")
			if err := os.WriteFile(path, []byte(world), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := app.ReadWorld(path); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := app.ReadWorld(filepath.Join(t.TempDir(), "none.yaml")); err == nil || !strings.HasPrefix(err.Error(), "the world file cannot be read: ") {
		t.Errorf("no file: %v", err)
	}
}

func TestLimitsOfAWorld(t *testing.T) {
	for text, off := range map[string]bool{"": false, "limits: enforced": false, "limits: true": false, "limits: off": true, "limits: false": true, `limits: "false"`: true} {
		path := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if w, err := app.ReadWorld(path); err != nil || w.LimitsOff() != off {
			t.Errorf("%q: %v %v", text, w, err)
		}
	}
}

// A world without a clock runs on real time.
func TestRealTime(t *testing.T) {
	if clock := stage.Start(t, "", "provider: Mine\n").Sim("GET", "/clock", ""); !strings.HasSuffix(clock, `"mode":"real"}`) {
		t.Error(clock)
	}
}

// The webhooks of a channel whose world says so are not sent, but logged.
func TestInactiveWebhook(t *testing.T) {
	var heard int
	bot := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard++ }))
	t.Cleanup(bot.Close)
	s := stage.Start(t, "", strings.Replace(stage.World, `webhook: {endpoint: "BOT/cafe", redelivery: false}`, `webhook: {endpoint: "`+bot.URL+`", active: false}`, 1))
	s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	s.Advance("0s")
	if got := s.Sim("GET", "/webhooks", ""); !strings.Contains(got, `"status":"skipped"`) || heard != 0 {
		t.Errorf("%d webhooks heard; %s", heard, got)
	}
}
