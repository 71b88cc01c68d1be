package sim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/testkit/stage"
)

const (
	faults = "PUT /sim/v1/faults"
	info   = "GET /v2/bot/info"
)

func put(s *stage.Stage, body string) { s.T.Helper(); s.Sim("PUT", "/faults", body) }

// status is what a call answers, 0 when the connection is closed without an answer.
func status(s *stage.Stage, call, channelID string) int {
	s.T.Helper()
	method, path, _ := strings.Cut(call, " ")
	req, err := http.NewRequestWithContext(s.T.Context(), method, s.URL+path, nil)
	if err != nil {
		s.T.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+map[string]string{stage.Cafe: "cafe-token", stage.Shop: "shop-token"}[channelID])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

func TestFaultEffects(t *testing.T) {
	s := stage.Start(t, "", "")
	const ours = `{"message":"Fault: the server was told to answer 503"}`
	for _, c := range []struct{ name, rule, body string }{
		{"status", `{"match":{},"effect":{"status":503}}`, ours},
		{"body as a text", `{"match":{},"effect":{"status":503,"body":"{\"message\":\"down\"}"}}`, `{"message":"down"}`},
		{"body as it is", `{"match":{},"effect":{"status":503,"body":{"message":"down"}}}`, `{"message":"down"}`},
		{"without a match", `{"effect":{"status":503}}`, ours},
		{"in a list", `[{"match":{"path":"/v2/bot/info"},"effect":{"status":503}}]`, ours},
		{"in a member", `{"rules":[{"match":{"method":"get","channelId":"` + stage.Cafe + `"},"effect":{"status":503}}]}`, ours},
		{"a segment left open", `{"match":{"path":"/v2/*/info"},"effect":{"status":503}}`, ours},
	} {
		put(s, c.rule)
		s.Play(t, []stage.Step{{Name: c.name, Call: info, As: stage.Cafe, Status: 503, Want: c.body}})
		if id := s.As(stage.Cafe, "GET", "/v2/bot/info", "").Header.Get("x-line-request-id"); id == "" {
			t.Errorf("%s: no request id", c.name)
		}
	}
	for _, c := range []struct{ name, rule string }{
		{"another path", `{"match":{"path":"/v2/bot/profile"},"effect":{"status":503}}`},
		{"another method", `{"match":{"method":"POST"},"effect":{"status":503}}`},
		{"another channel", `{"match":{"channelId":"` + stage.Shop + `"},"effect":{"status":503}}`},
		{"webhooks only", `{"match":{"webhook":true},"effect":{"status":503}}`},
		{"never", `{"match":{},"effect":{"status":503,"probability":0}}`},
	} {
		put(s, c.rule)
		for range 50 {
			if got := status(s, info, stage.Cafe); got != 200 {
				t.Fatalf("%s: %d", c.name, got)
			}
		}
	}
	put(s, `{"match":{},"effect":{"dropConnection":true}}`)
	if got := status(s, info, stage.Cafe); got != 0 {
		t.Errorf("dropConnection: %d", got)
	}
	put(s, `{"match":{},"effect":{"latency":"50ms"}}`)
	start := time.Now()
	if got := status(s, info, stage.Cafe); got != 200 || time.Since(start) < 50*time.Millisecond {
		t.Errorf("latency: %d after %s", got, time.Since(start))
	}
	put(s, `{"match":{},"effect":{"status":503,"probability":1,"times":3}}`)
	var got []int
	for range 5 {
		got = append(got, status(s, info, stage.Cafe))
	}
	if !slices.Equal(got, []int{503, 503, 503, 200, 200}) {
		t.Errorf("three times: %v", got)
	}
}

// A fault leaves nothing behind: neither a message nor a used retry key.
func TestFaultsTakeNoEffect(t *testing.T) {
	s := stage.Start(t, "", "")
	put(s, `{"match":{"path":"/v2/bot/message/push"},"effect":{"status":500,"times":1}}`)
	push := stage.Step{Name: "while it lasts", Call: "POST /v2/bot/message/push", As: stage.Cafe, Body: `{"to":"` + stage.Aoi + `","messages":[` + text("a") + `]}`,
		Header: []string{"X-Line-Retry-Key", "123e4567-e89b-12d3-a456-426614174000"}, Status: 500, Want: `{"message":"Fault: the server was told to answer 500"}`}
	retried := push
	retried.Name, retried.Status, retried.Want = "retried", 200, `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`
	retried.Effect = "#delivered.push+1 #usage+1 chats+1 messages+1 retry_keys+1 | message"
	s.Play(t, []stage.Step{push, retried})
}

func TestUsesOfAFaultOutliveARestart(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		put(s, `[{"match":{"path":"/v2/bot/info"},"effect":{"status":500,"times":1}},{"match":{},"effect":{"status":503,"times":2}}]`)
		got := []int{status(s, info, stage.Cafe), status(s, info, stage.Cafe)}
		s.Restart()
		got = append(got, status(s, info, stage.Cafe), status(s, info, stage.Cafe))
		if !slices.Equal(got, []int{500, 503, 503, 200}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestPresets(t *testing.T) {
	s := stage.Start(t, "", "")
	seenAll := func(preset, call string, want ...int) {
		t.Helper()
		put(s, `{"preset":"`+preset+`"}`)
		got := map[int]bool{}
		for range 60 {
			got[status(s, call, stage.Cafe)] = true
		}
		for _, w := range want {
			if !got[w] || len(got) != len(want) {
				t.Errorf("%s: %s answers %v, want %v", preset, call, got, want)
			}
		}
	}
	seenAll("outage-500", info, 500)
	seenAll("outage-500", "POST /v2/oauth/verify", 415) // token endpoints go on
	seenAll("outage-403-or-500", info, 403, 500)
	seenAll("content-and-richmenu-500", "GET /v2/bot/message/1/content", 500)
	seenAll("content-and-richmenu-500", "GET /v2/bot/message/1/content/preview", 500)
	seenAll("content-and-richmenu-500", "GET /v2/bot/richmenu/list", 500)
	seenAll("content-and-richmenu-500", "GET /v2/bot/user/all/richmenu", 500)
	seenAll("content-and-richmenu-500", info, 200)
	seenAll("maintenance-seconds", info, 500)
	seenAll("maintenance-seconds", "GET /oauth2/v2.1/verify", 500)
	for _, path := range []string{"", "/a", "/a/b?c=d"} {
		seenAll("maintenance-seconds", "GET /1656000003-AbCdEfGh"+path, 500) // no LIFF app can be started
	}
	seenAll("maintenance-seconds", "GET /liff/v2/apps/1656000003-AbCdEfGh/contextToken", 500)
	put(s, `{"preset":"reply-400"}`)
	s.Play(t, []stage.Step{
		{Name: "reply-400", Call: "POST /v2/bot/message/reply", As: stage.Cafe, Body: `{}`, Status: 400, Want: `{"message":"Invalid reply token"}`},
		{Name: "reply-400 elsewhere", Call: "GET /v2/bot/message/quota", As: stage.Cafe, Status: 200, Want: `{"type":"none"}`},
	})
	put(s, `{"preset":"insight-wrong-followers"}`)
	s.Advance("48h")
	s.Play(t, []stage.Step{ // of three followers, one of whom has blocked the account
		{Name: "insight-wrong-followers", Call: "GET /v2/bot/insight/followers?date=20260115", As: stage.Cafe, Status: 200,
			Want: `{"status":"ready","followers":1,"targetedReaches":1,"blocks":0}`},
		{Name: "insight-wrong-followers of no day", Call: "GET /v2/bot/insight/followers", As: stage.Cafe, Status: 400, Want: `{"message":"date is required"}`},
		{Name: "insight-wrong-followers elsewhere", Call: "GET /v2/bot/insight/message/delivery?date=20260115", As: stage.Cafe, Status: 200, Want: `{"status":"ready"}`},
	})
	// The maintenance lasts some seconds of real time; a rule says until when.
	put(s, `{"match":{},"effect":{"status":500,"until":"2001-01-01T00:00:00Z"}}`)
	s.Play(t, []stage.Step{{Name: "over", Call: "GET /v2/bot/message/quota", As: stage.Cafe, Status: 200, Want: `{"type":"none"}`},
		{Name: "no more in force", Call: "GET /sim/v1/faults", Status: 200, Want: `{"rules":[]}`}})
}

func TestWebhookPresets(t *testing.T) {
	s := stage.Start(t, "", "")
	put(s, `{"preset":"webhooks-stopped"}`)
	say(s, stage.Aoi, stage.Cafe, text("1"))
	say(s, stage.Aoi, stage.Cafe, text("2"))
	s.Advance("1h")
	if heard := s.Heard(); len(heard) != 0 {
		t.Errorf("while stopped: %+v", heard)
	}
	s.Sim("DELETE", "/faults", "")
	heard := s.Heard()
	if len(heard) != 2 || heard[0].Event.Message.Text != "1" || heard[1].Event.Message.Text != "2" {
		t.Fatalf("afterwards: %+v", heard)
	}
	// Held webhooks were never tried: they go out as new, with a token that lives.
	if a := s.As(stage.Cafe, "POST", "/v2/bot/message/reply", `{"replyToken":"`+heard[0].Event.ReplyToken+`","messages":[`+text("a")+`]}`); a.Status != 200 {
		t.Errorf("reply: %d %s", a.Status, a.Body)
	}
	put(s, `{"preset":"outage-403-or-500"}`)
	say(s, stage.Aoi, stage.Cafe, text("lost"))
	if heard := s.Heard(); len(heard) != 0 {
		t.Errorf("in an outage: %+v", heard)
	}
	put(s, `{"match":{"webhook":true},"effect":{"latency":"50ms"}}`)
	start := time.Now()
	say(s, stage.Aoi, stage.Cafe, text("late"))
	if s.Next(); time.Since(start) < 50*time.Millisecond {
		t.Errorf("delayed by %s", time.Since(start))
	}
	put(s, `{"preset":"webhooks-delayed"}`)
	if got := s.Sim("GET", "/faults", ""); got != `{"preset":"webhooks-delayed","rules":[{"match":{"webhook":true},"effect":{"latency":"5s"}}]}` {
		t.Error(got)
	}
}

func TestFaultRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	const give = `give {"rules": [...]}, {"match": ..., "effect": ...} or {"preset": NAME}`
	for _, step := range []stage.Step{
		refused("nothing", faults, `{}`, 400, give),
		refused("two ways", faults, `{"preset":"outage-500","effect":{"status":500}}`, 400, give),
		refused("an unknown preset", faults, `{"preset":"rain"}`, 400, `preset: there is no "rain"; there are content-and-richmenu-500, insight-wrong-followers, maintenance-seconds, `+
			`outage-403-or-500, outage-500, reply-400, webhooks-delayed, webhooks-stopped`),
		refused("no effect", faults, `{"match":{},"effect":{}}`, 400, "rules[0]: effect: give status, latency, dropConnection, hold or wrong"),
		refused("no status", faults, `[{"effect":{"status":500}},{"effect":{"status":7}}]`, 400, "rules[1]: effect.status: 7 is no HTTP status"),
		refused("a probability above 1", faults, `{"effect":{"status":500,"probability":1.5}}`, 400, "rules[0]: effect.probability: 0 to 1"),
		refused("below zero times", faults, `{"effect":{"status":500,"times":-1}}`, 400, "rules[0]: effect.times and effect.latency: not below 0"),
		refused("a misspelt match", faults, `{"match":{"paht":"/v2"},"effect":{"status":500}}`, 400, "match.paht: there is no such member"),
		refused("a misspelt effect", faults, `[{"effect":{"staus":500,"latency":"1s"}}]`, 400, "[0].effect.staus: there is no such member"),
		refused("no duration", faults, `{"effect":{"latency":"soon"}}`, 400, "effect.latency is not of the right type (line 1, column 22)"),
		refused("no JSON", faults, `[`, 400, "The body is no valid JSON (line 1, column 2)"),
	} {
		s.Play(t, []stage.Step{step})
	}
	if got := s.Sim("GET", "/faults", ""); got != `{"rules":[]}` {
		t.Errorf("in force: %s", got)
	}
}

// Faults are taken back even when they hit everything; they survive a restart, not a reset.
func TestFaultsComeAndGo(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		put(s, `{"match":{},"effect":{"dropConnection":true}}`)
		if got := status(s, info, stage.Cafe); got != 0 {
			t.Errorf("%d", got)
		}
		s.Restart()
		if got := status(s, info, stage.Cafe); got != 0 {
			t.Errorf("after a restart: %d", got)
		}
		s.Sim("DELETE", "/faults", "")
		if got := status(s, info, stage.Cafe); got != 200 {
			t.Errorf("taken back: %d", got)
		}
		put(s, `{"preset":"outage-500"}`)
		s.Sim("POST", "/reset", "")
		if got := s.Sim("GET", "/faults", ""); got != `{"rules":[]}` || status(s, info, stage.Cafe) != 200 {
			t.Errorf("after a reset: %s", got)
		}
		put(s, `{"rules":[]}`)
	})
}
