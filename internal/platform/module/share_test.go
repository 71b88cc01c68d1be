package module_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// byPath finds the one delivery to a bot.
func byPath(s *stage.Stage, list []stage.Delivery, path string) stage.Delivery {
	s.T.Helper()
	for _, d := range list {
		if d.Path == path {
			return d
		}
	}
	s.T.Fatalf("nothing came to %s: %v", path, list)
	return stage.Delivery{}
}

// The copies are the same event but for who is told, as whom, and who is to answer.
func TestCopies(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		says(s, `my id is \"userId\":\"`+stage.Aoi+`\"`)
		list := s.Heard()
		own, copied := byPath(s, list, "/cafe"), byPath(s, list, "/booking")
		if len(list) != 2 || !own.Signed("0123456789abcdef0123456789abcdef") || !copied.Signed(bookingSecret) {
			t.Errorf("%d deliveries, or a signature is wrong", len(list))
		}
		want := strings.Replace(own.Body, `"replyToken":"`+own.Event.ReplyToken+`",`, "", 1)
		want = strings.Replace(want, own.Event.ID, copied.Event.ID, 1)
		want = strings.Replace(want, `"mode":"active"`, `"mode":"standby"`, 1)
		want = strings.Replace(want, `"userId":"`+stage.Aoi+`"}`, `"userId":"`+aoiOfCafe+`"}`, 1)
		if copied.Body != want || own.Event.ID == copied.Event.ID {
			t.Errorf("\n got %s\nwant %s", copied.Body, want)
		}
		var tokens int
		if s.Row(`SELECT COUNT(*) FROM reply_tokens`, nil, &tokens); tokens != 1 {
			t.Errorf("%d reply tokens", tokens)
		}
	})
}

// The module that is active replies in the account's name; mentions carry ids as it knows them.
func TestActiveModuleReplies(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		h := as(tokenOf(s, booking, bookingSecret), cafeBot)
		if a := turn(s, stage.Lunch, "acquire", "", h); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s.Heard()
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"groupId":"`+stage.Lunch+
			`"},"message":{"type":"text","text":"@me hi","mention":{"mentionees":[{"type":"user","index":0,"length":3,"userId":"`+stage.Aoi+`"}]}}}`)
		list := s.Heard()
		own, copied := byPath(s, list, "/cafe"), byPath(s, list, "/booking")
		if own.Event.ReplyToken != "" || copied.Event.ReplyToken == "" {
			t.Fatalf("%s\n%s", own.Body, copied.Body)
		}
		if n := strings.Count(copied.Body, `"userId":"`+aoiOfCafe+`"`); n != 2 {
			t.Errorf("%d ids of the module's kind in %s", n, copied.Body)
		}
		body := `{"replyToken":"` + copied.Event.ReplyToken + `","messages":[{"type":"text","text":"booked"}]}`
		if a := s.Do("POST", "/v2/bot/message/reply", body, h...); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if lines := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Lunch+"/messages", ""); !strings.Contains(lines, `"text":"booked"`) || !strings.Contains(lines, `"name":"Cafe"`) {
			t.Errorf("%s", lines)
		}
	})
}

// Modules are told also where the account takes no webhooks, and not where they
// take none themselves.
func TestWebhooksOff(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(world, `webhook: {endpoint: "BOT/cafe"}`, `webhook: {endpoint: "BOT/cafe", active: false}`, 1))
	says(s, "hi")
	if got := modes(s); got != "booking:message:standby" {
		t.Errorf("the account's off: %q", got)
	}
	s.Rewrite(strings.Replace(world, `webhook: {endpoint: "BOT/booking"}`, `webhook: {endpoint: "BOT/booking", active: false}`, 1))
	s.Sim("POST", "/reset", "")
	says(s, "hi")
	if got := modes(s); got != "cafe:message:active" {
		t.Errorf("the module's off: %q", got)
	}
	// No endpoint at all: the built-in bot is no module's.
	s.Rewrite(strings.Replace(world, `, webhook: {endpoint: "BOT/booking"}`, ``, 1))
	s.Sim("POST", "/reset", "")
	says(s, "hello")
	if got := modes(s); got != "cafe:message:active" {
		t.Errorf("no endpoint: %q", got)
	}
	if log := s.Sim("GET", "/webhooks?channelId="+booking, ""); !strings.Contains(log, `"status":"skipped"`) {
		t.Errorf("%s", log)
	}
}

// Without message:receive a module hears nothing and is never the one to answer;
// deliveries by phone number are told to who may send such.
func TestScopesOfEvents(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(world, `attachedTo: [{channel: "1656000001"}]`,
		`defaultActive: true, attachedTo: [{channel: "1656000001", scopes: ["message:send", "message:templated_pnp"]}]`, 1))
	says(s, "hi")
	if got := modes(s); got != "cafe:message:active" {
		t.Errorf("a message: %q", got)
	}
	h := as(tokenOf(s, booking, bookingSecret), cafeBot)
	body := `{"to":"d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c","templateKey":"shipment_completed_ja"}`
	if a := s.Do("POST", "/v2/bot/message/pnp/templated/push", body, h...); a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got := modes(s); got != "booking:delivery:active cafe:delivery:standby" {
		t.Errorf("a delivery: %q", got)
	}
}

// Redelivery is each channel's own matter.
func TestModuleRedelivery(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(world, `webhook: {endpoint: "BOT/booking"}`, `webhook: {endpoint: "BOT/booking", redelivery: true}`, 1))
	s.Sim("PUT", "/faults", `[{"match":{"webhook":true,"path":"/booking","channelId":"`+booking+`"},"effect":{"status":500,"times":1}}]`)
	says(s, "hi")
	if got := modes(s); got != "cafe:message:active" {
		t.Errorf("at first: %q", got)
	}
	s.Advance("10s")
	list := s.Heard()
	if len(list) != 1 || list[0].Path != "/booking" || !strings.Contains(list[0].Body, `"isRedelivery":true`) || !strings.HasSuffix(list[0].Body, `"mode":"standby"}]}`) {
		t.Errorf("then: %v", list)
	}
}
