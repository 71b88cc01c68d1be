package demo_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// Nobody answers for an account whose use of webhooks is off.
func TestBuiltInBotIsSilent(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(stage.World, `{endpoint: "BOT/cafe", redelivery: false}`, "{active: false}", 1))
	did := s.Effect(func() {
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"this"}}`)
		s.Advance("1h")
	})
	if want := "chats+1 messages+1 reply_tokens+1 webhook_events+1 | clock message webhook"; did != want {
		t.Errorf("did %q, want %q", did, want)
	}
}

// An account without a webhook URL talks by the built-in bot, until it has one.
func TestBuiltInBotTalks(t *testing.T) {
	world := strings.Replace(stage.World, `webhook: {endpoint: "BOT/cafe", redelivery: false}`, "builtInBot: true", 1)
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(world)
		s.Sim("POST", "/reset", "")
		say := func() {
			s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"this"}}`)
		}
		did := s.Effect(func() {
			say()
			s.Advance("0s")
		})
		if want := "#delivered.reply+1 chats+1 messages+2 reply_tokens+1 webhook_events+1 | clock message message webhook"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
		if got := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", ""); !strings.Contains(got, "You said: this") {
			t.Errorf("Aoi sees %s", got)
		}
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"`+s.Bot.URL+`/cafe"}`); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		say()
		if got := s.HeardTypes(); got != "cafe:message" {
			t.Errorf("heard %q", got)
		}
	})
}
