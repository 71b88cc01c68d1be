package message_test

import (
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const notFound = `{"message":"Not found"}`

// done is what a first narrowcast to the cafe's two friends leads to.
const done = "#delivered.narrowcast+2 #reserved-2 #usage+2 chats+1 messages+1 sends+1 | clock message"

func TestNarrowcastProgress(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "accepted", Call: narrowcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("1"), Status: 202, Want: `{}`,
				Effect: "#reserved+2 narrowcasts+1 retry_keys+1"},
		})
		if did := s.Effect(func() { s.Advance("10m") }); did != done {
			t.Errorf("did %q, want %q", did, done)
		}
		s.Play(t, []stage.Step{
			{Name: "again", Call: narrowcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("1"), Status: 409, Want: taken},
			{Name: "refused", Call: narrowcast, As: stage.Cafe, Body: `{` + hi + `,"recipient":{"type":"audience","audienceGroupId":1}}`, Header: key("2"), Status: 400,
				Want: `{"message":"Invalid audience group id: 1"}`},
			{Name: "the key of a refused one is free", Call: narrowcast, As: stage.Cafe, Body: `{` + hi + `}`, Header: key("2"), Status: 202, Want: `{}`,
				Effect: "#reserved+2 narrowcasts+1 retry_keys+1"},
			{Name: "without a request id", Call: strings.TrimSuffix(progress, "?requestId="), As: stage.Cafe, Status: 400, Want: `{"message":"The value for the 'requestId' parameter is invalid"}`},
			{Name: "what is no request id", Call: progress + "5b59509c-c57b-11e9-aa8c-2a2ae2dbcce", As: stage.Cafe, Status: 400, Want: `{"message":"The value for the 'requestId' parameter is invalid"}`},
			{Name: "an unknown one", Call: progress + "5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4", As: stage.Cafe, Status: 404, Want: notFound},
		})
		other := s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{`+hi+`}`).Header.Get("x-line-request-id")
		s.Until("2026-01-15T12:00:00+09:00")
		const at = `"acceptedTime":"2026-01-15T03:00:*Z"`
		var id, waits string
		for try := 0; try < 20 && !strings.Contains(waits, "waiting"); try++ { // a slow machine may miss it
			id = s.As(stage.Cafe, "POST", "/v2/bot/message/narrowcast", `{`+hi+`}`).Header.Get("x-line-request-id")
			waits = s.As(stage.Cafe, "GET", "/v2/bot/message/progress/narrowcast?requestId="+id, "").Body
		}
		if want := `{"phase":"waiting",` + at + `}`; !stage.Like(want, waits) {
			t.Errorf("%s, want %s", waits, want)
		}
		s.Play(t, []stage.Step{
			{Name: "another account's", Call: progress + id, As: stage.Shop, Status: 404, Want: notFound},
			{Name: "a broadcast's", Call: progress + other, As: stage.Cafe, Status: 404, Want: notFound},
		})
		s.Advance("10m")
		over := `{"phase":"succeeded","successCount":2,"failureCount":0,"targetCount":2,` + at + `,"completedTime":"2026-01-15T03:00:*Z"}`
		s.Play(t, []stage.Step{{Name: "succeeded", Call: progress + id, As: stage.Cafe, Status: 200, Want: over}})
		s.Advance("335h45m")
		s.Restart()
		s.Play(t, []stage.Step{{Name: "within 14 days", Call: progress + id, As: stage.Cafe, Status: 200, Want: over}})
		s.Advance("20m")
		s.Play(t, []stage.Step{{Name: "after 14 days", Call: progress + id, As: stage.Cafe, Status: 404, Want: notFound}})
	})
}

// What failed says why, and that nobody got it.
func TestNarrowcastProgressOfAFailure(t *testing.T) {
	s := stage.Start(t, "", town(map[string]int{hall: 100}))
	id := order(s, hall, `"filter":{"demographic":{"type":"gender","oneOf":["female"]}}`)
	s.Advance("10m")
	want := `{"phase":"failed","successCount":0,"failureCount":0,"targetCount":0,"failedDescription":"There are not enough recipients","errorCode":2,` +
		`"acceptedTime":"2026-01-1*Z","completedTime":"2026-01-15T00:00:*Z"}`
	if a := call(s, hall, progress+id, ""); a.Status != 200 || !stage.Like(want, a.Body) {
		t.Errorf("%d %s, want %s", a.Status, a.Body, want)
	}
	if got := usageOf(s, hall); got != used(0) {
		t.Error(got)
	}
}

// Those who got it see it in their chats, and the history has it once, by its request.
func TestNarrowcastArrives(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		a := s.As(stage.Cafe, "POST", "/v2/bot/message/narrowcast", `{"messages":[{"type":"text","text":"for friends"},{"type":"text","text":"and more"}],"notificationDisabled":true}`)
		s.Advance("10m")
		for person, n := range map[string]int{stage.Aoi: 1, stage.Ben: 1, stage.Chen: 0, stage.Dan: 0} {
			if got := strings.Count(s.Sim("GET", "/people/"+person+"/chats/"+stage.Cafe+"/messages", ""), `"text":"for friends"`); got != n {
				t.Errorf("%s sees it %d times, want %d", person, got, n)
			}
		}
		var messages, silent, sends, people int
		s.Row(`SELECT COUNT(*), SUM(silent) FROM messages WHERE request_id = $1`, []any{a.Header.Get("x-line-request-id")}, &messages, &silent)
		s.Row(`SELECT COUNT(*), SUM(recipient_count) FROM sends`, nil, &sends, &people)
		if messages != 2 || silent != 2 || sends != 1 || people != 2 {
			t.Errorf("%d messages, %d silent; %d sends to %d people", messages, silent, sends, people)
		}
	})
}

// A narrowcast holds as much quota as the account has friends, or as its limit
// says; what it does not need is free when its recipients are known.
func TestNarrowcastReserves(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(town(map[string]int{hall: 250}))
		s.Sim("POST", "/reset", "")
		few := order(s, hall, `"recipient":`+audience(s, hall, 0, 3))
		s.Advance("10m")
		if got := outcome(s, hall, few); got != "succeeded 3/0/3" {
			t.Error(got)
		}
		if got := usageOf(s, hall); got != used(3) {
			t.Error(got)
		}
		refused := func(what, how, body string) {
			t.Helper()
			if a := call(s, hall, how, body); a.Status != 429 || a.Body != over {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		// These reach as many as they hold, so that it matters not how far they are.
		order(s, hall, `"limit":{"max":47}`)
		order(s, hall, `"notificationDisabled":false`)
		if a := call(s, hall, push, to(citizen(0))); a.Status != 200 {
			t.Errorf("a push within the rest of 100: %d %s", a.Status, a.Body)
		}
		refused("a narrowcast to 100", narrowcast, `{`+hi+`}`)
		refused("a broadcast to 100", broadcast, `{`+hi+`}`)
		order(s, hall, `"limit":{"upToRemainingQuota":true}`)
		refused("a push with nothing left", push, to(citizen(0)))
		refused("up to nothing", narrowcast, `{`+hi+`,"limit":{"upToRemainingQuota":true}}`)
		s.Advance("10m")
		if got := usageOf(s, hall); got != used(250) {
			t.Error(got)
		}
	})
}

// Many narrowcasts at once never promise more than the month has.
func TestNarrowcastRace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(town(map[string]int{hall: 250}))
		s.Sim("POST", "/reset", "")
		var mu sync.Mutex
		taken := 0
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if a := call(s, hall, narrowcast, `{`+hi+`}`); a.Status == 202 {
					mu.Lock()
					defer mu.Unlock()
					taken++
				}
			})
		}
		wg.Wait()
		s.Advance("10m")
		if got := usageOf(s, hall); taken != 2 || got != used(200) {
			t.Errorf("%d accepted, %s", taken, got)
		}
	})
}

// A redelivery reaches those who got the earlier narrowcast and are friends still.
func TestNarrowcastRedelivery(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(town(map[string]int{hall: -1, annex: -1}))
		s.Sim("POST", "/reset", "")
		redelivery := func(id string) string { return `{"type":"redelivery","requestId":"` + id + `"}` }
		again := func(id string) stage.Answer {
			return call(s, hall, narrowcast, `{`+hi+`,"recipient":`+redelivery(id)+`}`)
		}
		refused := func(what, id string) {
			t.Helper()
			if a := again(id); a.Status != 400 || a.Body != `{"message":"Invalid request id: `+id+`"}` {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		first := order(s, hall, `"limit":{"max":60}`)
		s.Advance("10m")
		failed := order(s, hall, `"filter":{"demographic":{"type":"gender","oneOf":["female"]}}`)
		elsewhere := order(s, annex, `"notificationDisabled":false`)
		broadcast := call(s, hall, broadcast, `{`+hi+`}`).Header.Get("x-line-request-id")
		nobody := order(s, hall, `"recipient":`+operator("and", audience(s, hall, 0, 1), audience(s, hall, 1, 2)))
		s.Advance("10m")
		refused("one that failed", failed)
		refused("another account's", elsewhere)
		refused("a broadcast", broadcast)
		refused("in capitals", strings.ToUpper(first))
		rows := []struct{ recipient, want string }{
			{redelivery(first), "succeeded 60/0/60"},
			{operator("not", redelivery(first)), "failed 2"},
			{operator("or", redelivery(first), operator("not", redelivery(first))), "succeeded 100/0/100"},
			{redelivery(nobody), "failed 2"},
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i] = order(s, hall, `"recipient":`+row.recipient)
		}
		s.Advance("10m")
		for i, row := range rows {
			if got := outcome(s, hall, ids[i]); got != row.want {
				t.Errorf("%s: %s, want %s", row.recipient, got, row.want)
			}
		}
		for i := range 100 {
			s.Sim("POST", "/people/"+citizen(i)+"/unfollow", `{"channelId":"`+hall+`"}`)
			if i%2 == 0 { // a quarter comes back
				continue
			}
			s.Sim("POST", "/people/"+citizen(i)+"/follow", `{"channelId":"`+hall+`"}`)
		}
		s.Advance("1m")
		id := order(s, hall, `"recipient":`+redelivery(first))
		s.Advance("10m")
		if got := outcome(s, hall, id); got != "failed 2" {
			t.Errorf("after half of them left: %s", got)
		}
		s.Advance("334h")
		if a := again(first); a.Status != 202 {
			t.Errorf("within 14 days: %d %s", a.Status, a.Body)
		}
		s.Advance("2h")
		refused("after 14 days", first)
	})
}
