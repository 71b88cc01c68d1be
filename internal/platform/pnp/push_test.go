package pnp_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// Cafe and Shop send by phone number, Quiet may not, Foreign is of another provider.
const world = `
clock: 2026-01-15T09:00:00+09:00
providers:
  - name: Demo
    channels:
      - {id: "1656000001", name: Cafe, secret: 0123456789abcdef0123456789abcdef, accessToken: cafe-token, webhook: {endpoint: "BOT/cafe"}, phoneMessages: true,
         phoneKeys: {templates: [{key: table_ready_ja, title: Your table is ready}], items: [{key: table_001_ja, label: Table}], buttons: [{key: menu_ja, label: Menu}]}}
      - {id: "1656000002", name: Shop, accessToken: shop-token, webhook: {endpoint: "BOT/shop"}, phoneMessages: true, quota: 0, account: {country: TW}}
      - {id: "1656000004", name: Quiet, accessToken: quiet-token}
    people:
      - {userId: U00000000000000000000000000000a01, displayName: Aoi, phone: "+818000001234", phoneConsent: true, friendOf: ["1656000001"]}
      - {userId: U00000000000000000000000000000a02, displayName: Ben, phone: "+66 812-345-678"}
      - {userId: U00000000000000000000000000000a03, displayName: Chen, phone: "+886912345678", phoneConsent: unset}
      - {userId: U00000000000000000000000000000a04, displayName: Dan, phone: "+818000004444", blocked: ["1656000001"]}
      - {userId: U00000000000000000000000000000a05, displayName: Emi, phone: "+818000005555", phoneConsent: false}
      - {userId: U00000000000000000000000000000a06, displayName: Fay, phone: "+12025550123"}
      - {userId: U00000000000000000000000000000a07, displayName: Gen, phone: "+818000007777", phoneConsent: unset, blocked: ["1656000001"]}
  - name: Other
    channels:
      - {id: "1656000003", name: Foreign, accessToken: foreign-token, phoneMessages: true}
    people:
      - {userId: U00000000000000000000000000000e01, displayName: Eve, phone: "+818000009999"}
`

const (
	flexible = "POST /bot/pnp/push"
	hi       = `"messages":[{"type":"text","text":"hi"}]`
	failed   = `{"message":"Failed to send messages"}`
	denied   = `{"message":"Access to this API is not available for your account"}`

	// toNew and toKnown are what a message to somebody leaves, without and with a chat.
	toNew   = "#delivered.pnp+1 chats+1 messages+1 webhook_events+1 | message webhook"
	toKnown = "#delivered.pnp+1 messages+1 webhook_events+1 | message webhook"
)

// hash is what a sender makes of a phone number.
func hash(phone string) string {
	sum := sha256.Sum256([]byte(phone))
	return hex.EncodeToString(sum[:])
}

var aoi, ben, chen, dan, emi, fay, gen, eve = hash("+818000001234"), hash("+66812345678"), hash("+886912345678"), hash("+818000004444"),
	hash("+818000005555"), hash("+12025550123"), hash("+818000007777"), hash("+818000009999")

func to(hash string) string { return `{"to":"` + hash + `",` + hi + `}` }

// each plays on both engines.
func each(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, world)) })
}

func problem(details ...string) string {
	n := "1"
	if len(details) == 4 {
		n = "2"
	}
	var list []string
	for i := 0; i < len(details); i += 2 {
		list = append(list, `{"message":"`+details[i]+`","property":"`+details[i+1]+`"}`)
	}
	return `{"message":"The request body has ` + n + ` error(s)","details":[` + strings.Join(list, ",") + `]}`
}

func TestPushReaches(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "a friend", Call: flexible, As: stage.Cafe, Body: to(aoi), Status: 200, Want: `{}`, Effect: toNew},
			{Name: "a friend again", Call: flexible, As: stage.Cafe, Body: to(aoi), Status: 200, Want: `{}`, Effect: toKnown},
			{Name: "a stranger, whose number people write with spaces", Call: flexible, As: stage.Cafe, Body: to(ben), Status: 200, Want: `{}`, Effect: toNew},
			{Name: "beside a quota of 0", Call: flexible, As: stage.Shop, Body: to(dan), Status: 200, Want: `{}`, Effect: toNew},
			{Name: "one who blocked", Call: flexible, As: stage.Cafe, Body: to(dan), Status: 200, Want: `{}`},
			{Name: "one who blocked and has not decided", Call: flexible, As: stage.Cafe, Body: to(gen), Status: 200, Want: `{}`},
			{Name: "one who has not decided", Call: flexible, As: stage.Cafe, Body: to(chen), Status: 200, Want: `{}`, Effect: "phone_waiting+1"},
			{Name: "one who refused", Call: flexible, As: stage.Cafe, Body: to(emi), Status: 422, Want: failed},
			{Name: "a number of another country", Call: flexible, As: stage.Cafe, Body: to(fay), Status: 422, Want: failed},
			{Name: "a person of another provider", Call: flexible, As: stage.Cafe, Body: to(eve), Status: 422, Want: failed},
			{Name: "nobody", Call: flexible, As: stage.Cafe, Body: to(hash("+818000000000")), Status: 422, Want: failed},
			{Name: "several messages count once", Call: flexible, As: stage.Cafe, Status: 200, Want: `{}`,
				Body:   `{"to":"` + aoi + `","messages":[{"type":"text","text":"1"},{"type":"sticker","packageId":"446","stickerId":"1988"}],"notificationDisabled":true}`,
				Effect: "#delivered.pnp+1 messages+2 webhook_events+1 | message webhook"},
		})
		var silent, origin int
		s.Row(`SELECT silent, origin FROM messages ORDER BY id DESC LIMIT 1`, nil, &silent, &origin)
		if silent != 1 || origin != 2 {
			t.Errorf("silent %d, origin %d", silent, origin)
		}
	})
}

func TestPushRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	digest := "The value must be a valid SHA-256 digest."
	tag := func(v string) []string { return []string{"X-Line-Delivery-Tag", v} }
	badTag := `{"message":"The value for the 'X-Line-Delivery-Tag' parameter is invalid"}`
	s.Play(t, []stage.Step{
		{Name: "no token", Call: flexible, Body: to(aoi), Status: 401, Want: `{"message":"*"}`},
		{Name: "an account that may not", Call: flexible, Header: []string{"Authorization", "Bearer quiet-token"}, Body: to(aoi), Status: 403, Want: denied},
		{Name: "no JSON", Call: flexible, As: stage.Cafe, Body: `{`, Status: 400, Want: `{"message":"The request body could not be parsed as JSON (line: 1, column: 2)"}`},
		{Name: "no to", Call: flexible, As: stage.Cafe, Body: `{` + hi + `}`, Status: 400, Want: problem("May not be empty", "to")},
		{Name: "a user id", Call: flexible, As: stage.Cafe, Body: to(stage.Aoi), Status: 400, Want: problem(digest, "to")},
		{Name: "a phone number", Call: flexible, As: stage.Cafe, Body: to("+818000001234"), Status: 400, Want: problem(digest, "to")},
		{Name: "in upper case", Call: flexible, As: stage.Cafe, Body: to(strings.ToUpper(aoi)), Status: 400, Want: problem(digest, "to")},
		{Name: "a digest too long", Call: flexible, As: stage.Cafe, Body: to(aoi + "0"), Status: 400, Want: problem(digest, "to")},
		{Name: "no messages", Call: flexible, As: stage.Cafe, Body: `{"to":"` + aoi + `"}`, Status: 400, Want: problem("Size must be between 1 and 5", "messages")},
		{Name: "both", Call: flexible, As: stage.Cafe, Body: `{"to":"1","messages":[{"type":"text","text":""}]}`, Status: 400,
			Want: problem(digest, "to", "May not be empty", "messages[0].text")},
		{Name: "a quote", Call: flexible, As: stage.Cafe, Body: `{"to":"` + aoi + `","messages":[{"type":"text","text":"a","quoteToken":"q"}]}`, Status: 400,
			Want: problem("Must not be specified", "messages[0].quoteToken")},
		{Name: "a coupon that is not there", Call: flexible, As: stage.Cafe, Body: `{"to":"` + aoi + `","messages":[{"type":"coupon","couponId":"01ABC"}]}`, Status: 400,
			Want: problem("coupon not found", "messages[0].couponId")},
		{Name: "a retry key", Call: flexible, As: stage.Cafe, Body: to(aoi), Header: []string{"X-Line-Retry-Key", "123e4567-e89b-12d3-a456-426614174000"}, Status: 400,
			Want: `{"message":"The retry key is not supported by this API"}`},
		{Name: "a tag of 15", Call: flexible, As: stage.Cafe, Body: to(aoi), Header: tag(strings.Repeat("a", 15)), Status: 400, Want: badTag},
		{Name: "a tag of 101", Call: flexible, As: stage.Cafe, Body: to(aoi), Header: tag(strings.Repeat("a", 101)), Status: 400, Want: badTag},
		{Name: "a tag that is no text", Call: flexible, As: stage.Cafe, Body: to(aoi), Header: tag(strings.Repeat("\xff", 20)), Status: 400, Want: badTag},
	})
}

// The delivery event says the tag, or the hash where there is none.
func TestDeliveryEvent(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		short, long := strings.Repeat("a", 16), strings.Repeat("b", 100)
		for _, c := range []struct{ tag, data string }{{"", aoi}, {short, short}, {long, long}} {
			if a := s.As(stage.Cafe, "POST", "/bot/pnp/push", to(aoi), "X-Line-Delivery-Tag", c.tag); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			got := s.Next()
			want := `{"destination":"*","events":[{"type":"delivery","delivery":{"data":"` + c.data +
				`"},"webhookEventId":"*","deliveryContext":{"isRedelivery":false},"timestamp":*,"mode":"active"}]}`
			if got.Path != "/cafe" || !stage.Like(want, got.Body) {
				t.Errorf("%s %s", got.Path, got.Body)
			}
		}
		if a := s.As(stage.Cafe, "POST", "/bot/pnp/push", to(dan)); a.Status != 200 {
			t.Errorf("%d", a.Status)
		}
		if heard := s.HeardTypes(); heard != "" {
			t.Errorf("told of what was not delivered: %s", heard)
		}
	})
}

func TestPhonesAfterAResetAndOfNewPeople(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		newcomer := to(hash("+818011112222"))
		s.Play(t, []stage.Step{{Name: "not there yet", Call: flexible, As: stage.Cafe, Body: newcomer, Status: 422, Want: failed}})
		s.Sim("POST", "/people", `{"displayName":"New","phone":"+81-80-1111-2222"}`)
		s.Play(t, []stage.Step{{Name: "just added", Call: flexible, As: stage.Cafe, Body: newcomer, Status: 200, Want: `{}`, Effect: toNew}})
		s.Sim("POST", "/people", `{"userId":"U000000000000000000000000000000b1","displayName":"Heir","phone":"+818011112222","phoneConsent":false}`)
		s.Play(t, []stage.Step{{Name: "the number is another's now", Call: flexible, As: stage.Cafe, Body: newcomer, Status: 422, Want: failed}})
		s.Sim("POST", "/reset", "")
		s.Play(t, []stage.Step{
			{Name: "gone with the reset", Call: flexible, As: stage.Cafe, Body: newcomer, Status: 422, Want: failed},
			{Name: "there again", Call: flexible, As: stage.Cafe, Body: to(aoi), Status: 200, Want: `{}`, Effect: toNew},
		})
		s.Restart()
		s.Play(t, []stage.Step{{Name: "after a restart", Call: flexible, As: stage.Cafe, Body: to(ben), Status: 200, Want: `{}`, Effect: toNew}})
	})
}

func TestCounts(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		for _, hash := range []string{aoi, aoi, ben, dan} {
			s.As(stage.Cafe, "POST", "/bot/pnp/push", to(hash))
		}
		s.As(stage.Cafe, "POST", "/v2/bot/message/pnp/templated/push", shipped)
		s.Advance("24h")
		counts := []stage.Step{}
		for _, call := range []struct{ path, success string }{{"", "3"}, {"/templated", "1"}} {
			path := "GET /v2/bot/message/delivery/pnp" + call.path
			bad := `{"message":"The value for the 'date' parameter is invalid"}`
			counts = append(counts,
				stage.Step{Name: "ready" + call.path, Call: path + "?date=20260115", As: stage.Cafe, Status: 200, Want: `{"status":"ready","success":` + call.success + `}`},
				stage.Step{Name: "none" + call.path, Call: path + "?date=20260115", As: stage.Shop, Status: 200, Want: `{"status":"ready","success":0}`},
				stage.Step{Name: "unready" + call.path, Call: path + "?date=20260116", As: stage.Cafe, Status: 200, Want: `{"status":"unready"}`},
				stage.Step{Name: "before all" + call.path, Call: path + "?date=20180330", As: stage.Cafe, Status: 200, Want: `{"status":"out_of_service"}`},
				stage.Step{Name: "no date" + call.path, Call: path, As: stage.Cafe, Status: 400, Want: bad},
				stage.Step{Name: "no day" + call.path, Call: path + "?date=20260230", As: stage.Cafe, Status: 400, Want: bad})
		}
		s.Play(t, counts)
	})
}
