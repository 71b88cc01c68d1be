package pnp_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const chenID = "U00000000000000000000000000000a03"

func decide(s *stage.Stage, consent string) string {
	return s.Sim("POST", "/people/"+chenID+"/events", `{"type":"phoneConsent","consent":`+consent+`}`)
}

func TestConsent(t *testing.T) {
	waiting := "phone_waiting+1"
	for _, c := range []struct {
		name     string
		wait     string
		consent  string
		effect   string
		next     int // what a push answers from then on
		heard    string
		messages string
	}{
		{"agrees in time", "23h59m50s", "true", "#delivered.pnp+2 chats+1 messages+2 phone_consents+1 phone_waiting-2 webhook_events+2 | message message webhook webhook",
			200, "cafe:delivery cafe:delivery", "hi hi"},
		{"agrees too late", "24h", "true", "phone_consents+1 phone_waiting-2", 200, "", ""},
		{"refuses", "1h", "false", "phone_consents+1 phone_waiting-2", 422, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *stage.Stage) {
				s.Play(t, []stage.Step{
					{Name: "one", Call: flexible, As: stage.Cafe, Body: to(chen), Status: 200, Want: `{}`, Effect: waiting},
					{Name: "two", Call: flexible, As: stage.Cafe, Body: to(chen), Status: 200, Want: `{}`, Effect: waiting},
				})
				s.Advance(c.wait)
				if did := s.Effect(func() { decide(s, c.consent) }); did != c.effect {
					t.Errorf("did %q, want %q", did, c.effect)
				}
				if heard := s.HeardTypes(); heard != c.heard {
					t.Errorf("heard %q, want %q", heard, c.heard)
				}
				lines := s.Sim("GET", "/people/"+chenID+"/chats/"+stage.Cafe+"/messages", "")
				if n := strings.Count(lines, `"text":"hi"`); n != strings.Count(c.messages, "hi") {
					t.Errorf("%d messages stand in the chat: %s", n, lines)
				}
				s.Restart() // what was decided is kept
				if a := s.As(stage.Cafe, "POST", "/bot/pnp/push", to(chen)); a.Status != c.next {
					t.Errorf("next: %d %s", a.Status, a.Body)
				}
			})
		})
	}
}

// Who blocks the account while a message waits does not get it.
func TestConsentAfterBlocking(t *testing.T) {
	s := stage.Start(t, "", world)
	s.As(stage.Cafe, "POST", "/bot/pnp/push", to(chen))
	s.Sim("POST", "/people/"+chenID+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	if did := s.Effect(func() { decide(s, "true") }); did != "phone_consents+1 phone_waiting-1" {
		t.Errorf("did %q", did)
	}
}

// One decision is for all accounts, and can be changed.
func TestConsentIsForAllAccounts(t *testing.T) {
	s := stage.Start(t, "", world)
	for _, c := range []struct {
		consent string
		status  int
	}{{"false", 422}, {"true", 200}, {"false", 422}} {
		decide(s, c.consent)
		for _, account := range []string{stage.Cafe, stage.Shop} {
			if a := s.As(account, "POST", "/bot/pnp/push", to(chen)); a.Status != c.status {
				t.Errorf("%s, consent %s: %d %s", account, c.consent, a.Status, a.Body)
			}
		}
	}
}
