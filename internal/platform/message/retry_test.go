package message_test

import (
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	aKey    = "123e4567-e89b-12d3-a456-426614174000"
	header  = "X-Line-Retry-Key"
	taken   = `{"message":"The retry key is already accepted"}`
	wrong   = `{"message":"The value for the 'X-Line-Retry-Key' parameter is invalid"}`
	refused = `{"message":"The retry key is not supported by this API"}`
	keyed   = " retry_keys+1"
)

func key(last string) []string { return []string{header, aKey[:36-len(last)] + last} }

func TestRetryKeyIsTakenOnceAndPerChannel(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first := s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
		if first.Status != 200 || first.Header.Get("x-line-accepted-request-id") != "" {
			t.Fatalf("%d %s %v", first.Status, first.Body, first.Header)
		}
		repeat := strings.Replace(first.Body, `{`, `{"message":"The retry key is already accepted",`, 1)
		s.Play(t, []stage.Step{
			{Name: "again", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: key("1"), Status: 409, Want: repeat},
			{Name: "another body", Call: push, As: stage.Cafe, Body: to(stage.Ben), Header: key("1"), Status: 409, Want: repeat},
			{Name: "in upper case", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: []string{header, strings.ToUpper(key("1")[1])}, Status: 409, Want: repeat},
			{Name: "another endpoint", Call: broadcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("1"), Status: 409, Want: taken},
			{Name: "nobody's id comes after the key", Call: push, As: stage.Cafe, Body: to(stage.Nobody), Header: key("1"), Status: 409, Want: repeat},
			{Name: "messages come before the key", Call: push, As: stage.Cafe, Body: `{"to":"` + stage.Aoi + `",` + noText + `}`, Header: key("1"), Status: 400, Want: empty},
			{Name: "the address comes before the key", Call: push, As: stage.Cafe, Body: to("x"), Header: key("1"), Status: 400, Want: invalid("to")},
			{Name: "another channel", Call: push, As: stage.Shop, Body: to(stage.Aoi), Header: key("1"), Status: 200, Want: sentOne,
				Effect: strings.Replace(toPerson, " |", keyed+" |", 1)},
			{Name: "multicast", Call: multicast, As: stage.Cafe, Body: `{"to":["` + stage.Ben + `"],` + hi + `}`, Header: key("2"), Status: 200, Want: `{}`,
				Effect: "#delivered.multicast+1 #usage+1 chats+1 messages+1 retry_keys+1 sends+1 | message"},
			{Name: "multicast again", Call: multicast, As: stage.Cafe, Body: `{"to":["` + stage.Ben + `"],` + hi + `}`, Header: key("2"), Status: 409, Want: taken},
			{Name: "a push with a multicast's key", Call: push, As: stage.Cafe, Body: to(stage.Ben), Header: key("2"), Status: 409, Want: taken},
			{Name: "broadcast", Call: broadcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("3"), Status: 200, Want: `{}`,
				Effect: "#delivered.broadcast+2 #usage+2 messages+1 retry_keys+1 sends+1 | message"},
			{Name: "broadcast again", Call: broadcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("3"), Status: 409, Want: taken},
			{Name: "one that nobody got was accepted too", Call: push, As: stage.Cafe, Body: to(stage.Dan), Header: key("4"), Status: 200, Want: sentOne, Effect: "retry_keys+1"},
			{Name: "and again", Call: push, As: stage.Cafe, Body: to(stage.Dan), Header: key("4"), Status: 409,
				Want: `{"message":"The retry key is already accepted","sentMessages":[{"id":"*","quoteToken":"*"}]}`},
		})
		second := s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
		if got, want := second.Header.Get("x-line-accepted-request-id"), first.Header.Get("x-line-request-id"); got != want {
			t.Errorf("accepted request id %q, want %q", got, want)
		}
		if second.Header.Get("x-line-request-id") == first.Header.Get("x-line-request-id") {
			t.Error("the repeated request has no id of its own")
		}
	})
}

func TestRetryKeyIsFreeAfterARefusal(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "no message", Call: push, As: stage.Shop, Body: `{"to":"` + stage.Aoi + `",` + noText + `}`, Header: key("1"), Status: 400, Want: empty},
			{Name: "nobody", Call: push, As: stage.Shop, Body: to(stage.Nobody), Header: key("1"), Status: 400, Want: failed},
			{Name: "then somebody", Call: push, As: stage.Shop, Body: to(stage.Aoi), Header: key("1"), Status: 200, Want: sentOne,
				Effect: strings.Replace(toPerson, " |", keyed+" |", 1)},
		})
		for range 4 { // to the end of the quota of 5
			s.As(stage.Shop, "POST", "/v2/bot/message/push", to(stage.Aoi))
		}
		s.Play(t, []stage.Step{{Name: "over the quota", Call: push, As: stage.Shop, Body: to(stage.Aoi), Header: key("2"), Status: 429, Want: over}})
		s.Until("2026-02-01T00:00:00+09:00")
		s.Play(t, []stage.Step{{Name: "next month", Call: push, As: stage.Shop, Body: to(stage.Aoi), Header: key("2"), Status: 200, Want: sentOne,
			Effect: strings.Replace(again, " |", keyed+" |", 1)}})
	})
}

// 24 hours, to the second, on the virtual clock.
func TestRetryKeyLife(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
		s.Advance("23h59m58s")
		s.Play(t, []stage.Step{{Name: "before", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: key("1"), Status: 409,
			Want: `{"message":"The retry key is already accepted","sentMessages":[{"id":"*","quoteToken":"*"}]}`}})
		s.Advance("2s")
		s.Play(t, []stage.Step{
			{Name: "after", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: key("1"), Status: 200, Want: sentOne, Effect: again},
			{Name: "and taken anew", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: key("1"), Status: 409,
				Want: `{"message":"The retry key is already accepted","sentMessages":[{"id":"*","quoteToken":"*"}]}`},
		})
	})
}

func TestRetryKeySurvivesARestart(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first := s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
		s.Restart()
		got := s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
		if got.Status != 409 || got.Header.Get("x-line-accepted-request-id") != first.Header.Get("x-line-request-id") {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	})
}

func TestRetryKeyForm(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, bad := range []string{"1", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
		"123e4567-e89b-12d3-a456-42661417400g", aKey + " x"} {
		s.Play(t, []stage.Step{
			{Name: bad, Call: push, As: stage.Cafe, Body: to(stage.Aoi), Header: []string{header, bad}, Status: 400, Want: wrong},
			{Name: bad + " before the body", Call: push, As: stage.Cafe, Body: `{`, Header: []string{header, bad}, Status: 400, Want: wrong},
			{Name: bad + " after the access token", Call: push, Body: `{`, Header: []string{header, bad}, Status: 401, Want: noHeader},
		})
	}
	for _, call := range []string{reply, "POST /v2/bot/message/validate/push", "GET /v2/bot/info", "GET /v2/bot/message/quota", "GET /v2/bot/message/1/content"} {
		s.Play(t, []stage.Step{{Name: call, Call: call, As: stage.Cafe, Header: key("1"), Status: 400, Want: refused}})
	}
	s.Play(t, []stage.Step{{Name: "an empty one on reply", Call: reply, As: stage.Cafe, Body: `{"replyToken":"` + anyToken + `",` + hi + `}`, Header: []string{header, ""},
		Status: 400, Want: noToken}})
}

// Of 64 requests with one key at the same moment one takes effect; the others
// get 409 that names it.
func TestRetryKeyRace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const racers = 64
		answers := make([]stage.Answer, racers)
		did := s.Effect(func() {
			var wg sync.WaitGroup
			for i := range racers {
				wg.Go(func() {
					answers[i] = s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi), key("1")...)
				})
			}
			wg.Wait()
		})
		if want := strings.Replace(toPerson, " |", keyed+" |", 1); did != want {
			t.Errorf("did %q, want %q", did, want)
		}
		var winner stage.Answer
		for _, a := range answers {
			if a.Status == 200 {
				winner = a
			}
		}
		conflicts := 0
		for _, a := range answers {
			if a.Status == 409 && a.Header.Get("x-line-accepted-request-id") == winner.Header.Get("x-line-request-id") &&
				a.Body == strings.Replace(winner.Body, `{`, `{"message":"The retry key is already accepted",`, 1) {
				conflicts++
			}
		}
		if winner.Status != 200 || conflicts != racers-1 {
			t.Errorf("%d conflicts that name the winner, want %d", conflicts, racers-1)
		}
	})
}
