package module_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/testkit/stage"
)

// plainMarket is the world with Market attached to the Cafe too, and not default active.
var plainMarket = strings.Replace(strings.Replace(world, `webhook: {endpoint: "BOT/market"}, defaultActive: true`,
	`webhook: {endpoint: "BOT/market"}, attachedTo: [{channel: "1656000001"}]`, 1), `scopes: ["message:receive", "crm:manage"]`, `scopes: []`, 1)

func control(chat, act string) string { return "POST /v2/bot/chat/" + chat + "/control/" + act }

func turn(s *stage.Stage, chat, act, body string, h []string) stage.Answer {
	return s.Do("POST", "/v2/bot/chat/"+chat+"/control/"+act, body, h...)
}

func TestControlRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	h := as(tokenOf(s, booking, bookingSecret), cafeBot)
	badChat := `{"message":"The value for the 'chatId' parameter is invalid"}`
	badTTL := `{"message":"The property, 'ttl', in the request body is invalid (line: -, column: -)"}`
	var steps []stage.Step
	for _, chat := range []string{"me", "X" + stage.Aoi[1:], strings.ToUpper(stage.Aoi), stage.Aoi + "0", "L" + stage.Aoi + "-" + shopBot} {
		for _, act := range []string{"acquire", "release"} {
			steps = append(steps, stage.Step{Name: act + " " + chat, Call: control(chat, act), Header: h, Status: 400, Want: badChat})
		}
	}
	for name, chat := range map[string]string{"no friend": stage.Ben, "nobody": stage.Nobody, "a group without the account": stage.Family,
		"no group": "C000000000000000000000000000000ff", "no room": "R000000000000000000000000000000ff"} {
		steps = append(steps, stage.Step{Name: name, Call: control(chat, "acquire"), Header: h, Status: 404, Want: `{"message":"Not found"}`},
			stage.Step{Name: name + " released", Call: control(chat, "release"), Header: h, Status: 200})
	}
	for _, ttl := range []string{"-1", "31536001"} {
		steps = append(steps, stage.Step{Name: "ttl " + ttl, Call: control(stage.Aoi, "acquire"), Header: h, Body: `{"ttl":` + ttl + `}`, Status: 400, Want: badTTL})
	}
	steps = append(steps,
		stage.Step{Name: "ttl of another type", Call: control(stage.Aoi, "acquire"), Header: h, Body: `{"ttl":"1"}`, Status: 400,
			Want: `{"message":"The property, 'ttl', in the request body is invalid (line: 1, column: *)"}`},
		stage.Step{Name: "an account's own channel", Call: control(stage.Aoi, "acquire"), As: stage.Cafe, Status: 403, Want: denied},
		stage.Step{Name: "an account's own channel releases", Call: control(stage.Aoi, "release"), As: stage.Cafe, Status: 403, Want: denied},
		stage.Step{Name: "without a bot", Call: control(stage.Aoi, "acquire"), Header: h[:2], Status: 403, Want: denied},
		stage.Step{Name: "without a token", Call: control(stage.Aoi, "acquire"), Status: 401, Want: `{"message":"*"}`})
	for i := range steps {
		if steps[i].Status == 401 {
			steps[i].Want = `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`
		}
	}
	s.Play(t, steps)
}

// From one module to another and back to the account, with the events of it.
func TestControlGoesRound(t *testing.T) {
	eachOf(t, plainMarket, func(t *testing.T, s *stage.Stage) {
		one, two := as(tokenOf(s, booking, bookingSecret), cafeBot), as(tokenOf(s, market, marketSecret), cafeBot)
		heard := func(what, want string) {
			t.Helper()
			if got := modes(s); got != want {
				t.Errorf("%s: heard %q, want %q", what, got, want)
			}
		}
		says(s, "hi")
		heard("by default", "booking:message:standby cafe:message:active market:message:standby")
		s.Play(t, []stage.Step{{Name: "booking", Call: control(aoiOfCafe, "acquire"), Header: one, Status: 200,
			Effect: "module_controls+1 webhook_events+1 | webhook"}})
		heard("booking acquired", "booking:activated:active")
		says(s, "hi")
		heard("booking has it", "booking:message:active cafe:message:standby market:message:standby")
		if a := turn(s, stage.Aoi, "acquire", "", two); a.Status != 423 || a.Body != `{"message":"Another channel has acquired the control of this chat"}` {
			t.Errorf("at once: %d %s", a.Status, a.Body)
		}
		if a := turn(s, stage.Aoi, "acquire", "", one); a.Status != 200 {
			t.Errorf("by itself at once: %d %s", a.Status, a.Body)
		}
		heard("booking acquired again", "booking:activated:active")
		s.Advance("3s")
		if a := turn(s, stage.Aoi, "acquire", "{}", two); a.Status != 200 {
			t.Errorf("after 3 seconds: %d %s", a.Status, a.Body)
		}
		heard("market acquired", "booking:deactivated:active market:activated:active")
		says(s, "hi")
		heard("market has it", "booking:message:standby cafe:message:standby market:message:active")
		if a := turn(s, stage.Aoi, "release", "", one); a.Status != 200 || a.Body != "" {
			t.Errorf("released by who has it not: %d %s", a.Status, a.Body)
		}
		heard("nothing", "")
		s.Restart()
		if a := turn(s, stage.Aoi, "release", "", two); a.Status != 200 {
			t.Errorf("released: %d %s", a.Status, a.Body)
		}
		heard("market released", "market:deactivated:active")
		says(s, "hi")
		heard("back to the account", "booking:message:standby cafe:message:active market:message:standby")
	})
}

// Chats are apart: groups and rooms, and one person's from another's.
func TestControlIsOfOneChat(t *testing.T) {
	s := stage.Start(t, "", world)
	h := as(tokenOf(s, booking, bookingSecret), cafeBot)
	for _, chat := range []string{stage.Lunch, stage.Corner} {
		if a := turn(s, chat, "acquire", "", h); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		got := s.Next()
		kind := map[string]string{"C": `{"type":"group","groupId":"`, "R": `{"type":"room","roomId":"`}[chat[:1]] + chat + `"}`
		if !strings.Contains(got.Body, `"type":"activated"`) || string(got.Event.Source) != kind {
			t.Errorf("%s", got.Body)
		}
	}
	for _, c := range []struct{ chat, want string }{
		{`{"groupId":"` + stage.Lunch + `"}`, "booking:message:active cafe:message:standby"},
		{`{"roomId":"` + stage.Corner + `"}`, "booking:message:active cafe:message:standby"},
		{`{"channelId":"` + stage.Cafe + `"}`, "booking:message:standby cafe:message:active"},
		{`{"channelId":"` + stage.Shop + `"}`, "shop:message:active"},
	} {
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":`+c.chat+`,"message":{"type":"text","text":"hi"}}`)
		if got := modes(s); got != c.want {
			t.Errorf("%s: %q, want %q", c.chat, got, c.want)
		}
	}
}

func TestControlEnds(t *testing.T) {
	for _, c := range []struct {
		name, body string
		lasts      time.Duration // 0 for ever
	}{
		{"by default", ``, time.Hour},
		{"by default, as said", `{"expired":true}`, time.Hour},
		{"as the Go SDK says by default", `{"expired":true,"ttl":0}`, time.Hour},
		{"after a minute", `{"expired":true,"ttl":60}`, time.Minute},
		{"after a year", `{"ttl":31536000}`, 365 * 24 * time.Hour},
		{"never", `{"expired":false,"ttl":0}`, 0},
		{"never, whatever else is said", `{"expired":false,"ttl":-5}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stage.Start(t, "", world)
			if a := turn(s, stage.Aoi, "acquire", c.body, as(tokenOf(s, booking, bookingSecret), cafeBot)); a.Status != 200 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			got := s.Next()
			_, at, _ := strings.Cut(got.Body, `"chatControl":{"expireAt":`)
			at, _, _ = strings.Cut(at, "}")
			ms, err := strconv.ParseInt(at, 10, 64)
			if lasts := ms - got.Event.Timestamp; err != nil || c.lasts != 0 && lasts != c.lasts.Milliseconds() || c.lasts == 0 && lasts < 100*365*24*time.Hour.Milliseconds() {
				t.Errorf("ends after %d ms: %s", lasts, got.Body)
			}
			wait, want := c.lasts, "booking:message:standby cafe:message:active"
			if wait == 0 {
				wait, want = 1000*24*time.Hour, "booking:message:active cafe:message:standby"
			} else {
				s.Advance((wait - 10*time.Second).String())
				says(s, "before")
				if got := modes(s); got != "booking:message:active cafe:message:standby" {
					t.Errorf("before: %q", got)
				}
				wait = 11 * time.Second
			}
			s.Advance(wait.String())
			says(s, "after")
			if got := modes(s); got != want { // and no event of its own tells of the end
				t.Errorf("after: %q, want %q", got, want)
			}
		})
	}
}

// Who blocks the account and comes back is answered by the default again.
func TestControlAfterBlocking(t *testing.T) {
	s := stage.Start(t, "", world)
	if a := turn(s, stage.Aoi, "acquire", `{"expired":false}`, as(tokenOf(s, booking, bookingSecret), cafeBot)); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Heard()
	for _, c := range []struct{ act, want string }{{"unfollow", "booking:unfollow:active cafe:unfollow:standby"}, {"follow", "booking:follow:standby cafe:follow:active"}} {
		s.Sim("POST", "/people/"+stage.Aoi+"/"+c.act, `{"channelId":"`+stage.Cafe+`"}`)
		if got := modes(s); got != c.want {
			t.Errorf("%s: %q, want %q", c.act, got, c.want)
		}
	}
}

// A default active module answers from when it is attached; what it released,
// or what ended, is the account's.
func TestDefaultActive(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		mine := []string{"client_id", market, "redirect_uri", "https://market.example.com/", "scope", "message:receive"}
		if a := post(s, exchange, use(allow(s, cafeBot, mine...), append(mine, "client_secret", marketSecret)...)); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		h := as(tokenOf(s, market, marketSecret), cafeBot)
		s.Heard()
		check := func(what, want string) {
			t.Helper()
			says(s, "hi")
			if got := modes(s); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		const its, theAccounts = "booking:message:standby cafe:message:standby market:message:active", "booking:message:standby cafe:message:active market:message:standby"
		check("attached", its)
		turn(s, stage.Aoi, "release", "", h)
		if got := modes(s); got != "market:deactivated:active" {
			t.Errorf("released: %q", got)
		}
		check("released", theAccounts)
		turn(s, stage.Aoi, "acquire", `{"ttl":60}`, h)
		s.Heard()
		check("acquired", its)
		s.Advance("61s")
		check("ended", theAccounts)
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Sim("POST", "/people/"+stage.Aoi+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Heard()
		check("came back", its)
	})
}
