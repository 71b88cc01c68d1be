package message_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	quota       = "GET /v2/bot/message/quota"
	consumption = "GET /v2/bot/message/quota/consumption"
)

func used(n int) string { return fmt.Sprintf(`{"totalUsage":%d}`, n) }

func TestQuota(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "unlimited", Call: quota, As: stage.Cafe, Status: 200, Want: `{"type":"none"}`},
			{Name: "limited", Call: quota, As: stage.Shop, Status: 200, Want: `{"type":"limited","value":5}`},
			{Name: "none used", Call: consumption, As: stage.Shop, Status: 200, Want: used(0)},
			{Name: "push", Call: push, As: stage.Shop, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: toPerson},
			{Name: "one used", Call: consumption, As: stage.Shop, Status: 200, Want: used(1)},
			{Name: "to one who is no friend", Call: push, As: stage.Shop, Body: to(stage.Ben), Status: 200, Want: sentOne},
			{Name: "five messages to one person", Call: push, As: stage.Shop, Status: 200, Effect: "#delivered.push+1 #usage+1 messages+5 | message",
				Body: `{"to":"` + stage.Aoi + `","messages":[` + strings.TrimSuffix(strings.Repeat(`{"type":"text","text":"a"},`, 5), ",") + `]}`,
				Want: `{"sentMessages":[` + strings.TrimSuffix(strings.Repeat(`{"id":"*","quoteToken":"*"},`, 5), ",") + `]}`},
			{Name: "two used", Call: consumption, As: stage.Shop, Status: 200, Want: used(2)},
			{Name: "multicast to a friend, one who is none and nobody", Call: multicast, As: stage.Shop, Status: 200, Want: `{}`,
				Body:   `{"to":["` + stage.Aoi + `","` + stage.Ben + `","` + stage.Nobody + `"],` + hi + `}`,
				Effect: "#delivered.multicast+1 #usage+1 chats+1 messages+1 sends+1 | message"},
			{Name: "multicast to nobody that it reaches", Call: multicast, As: stage.Shop, Status: 200, Want: `{}`, Body: `{"to":["` + stage.Ben + `"],` + hi + `}`},
			{Name: "broadcast", Call: broadcast, As: stage.Shop, Body: `{` + hi + `}`, Status: 200, Want: `{}`,
				Effect: "#delivered.broadcast+1 #usage+1 messages+1 sends+1 | message"},
			{Name: "four used", Call: consumption, As: stage.Shop, Status: 200, Want: used(4)},
			{Name: "the fifth", Call: push, As: stage.Shop, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: again},
			{Name: "the sixth", Call: push, As: stage.Shop, Body: to(stage.Aoi), Status: 429, Want: over},
			{Name: "multicast", Call: multicast, As: stage.Shop, Body: `{"to":["` + stage.Aoi + `"],` + hi + `}`, Status: 429, Want: over},
			{Name: "broadcast over", Call: broadcast, As: stage.Shop, Body: `{` + hi + `}`, Status: 429, Want: over},
			{Name: "one whom it does not reach", Call: push, As: stage.Shop, Body: to(stage.Ben), Status: 200, Want: sentOne},
			{Name: "a quote that cannot be comes first", Call: push, As: stage.Shop, Status: 400, Want: invalid("messages[0].quoteToken"),
				Body: `{"to":"` + stage.Aoi + `","messages":[{"type":"text","text":"a","quoteToken":"q"}]}`},
			{Name: "five used", Call: consumption, As: stage.Shop, Status: 200, Want: used(5)},
		})
		s.Until("2026-01-31T23:59:50+09:00")
		s.Play(t, []stage.Step{{Name: "the month's last seconds", Call: push, As: stage.Shop, Body: to(stage.Aoi), Status: 429, Want: over}})
		s.Until("2026-02-01T00:00:00+09:00")
		s.Play(t, []stage.Step{
			{Name: "the next month, in Japan", Call: consumption, As: stage.Shop, Status: 200, Want: used(0)},
			{Name: "push in it", Call: push, As: stage.Shop, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: again},
		})
	})
}

// A send that does not fit as a whole is not sent at all.
func TestQuotaIsNotSentInPart(t *testing.T) {
	world := strings.Replace(stage.World, "name: Cafe,", "name: Cafe, quota: 3,", 1)
	s := stage.Start(t, "", world)
	s.Play(t, []stage.Step{
		{Name: "two of three", Call: push, As: stage.Cafe, Body: to(stage.Lunch), Status: 200, Want: sentOne, Effect: toLunch},
		{Name: "two of one", Call: push, As: stage.Cafe, Body: to(stage.Lunch), Status: 429, Want: over},
		{Name: "broadcast to two", Call: broadcast, As: stage.Cafe, Body: `{` + hi + `}`, Status: 429, Want: over},
		{Name: "one of one", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: toPerson},
	})
}

// The edge is exact however many push at the same moment.
func TestQuotaRace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var mu sync.Mutex
		answers := map[string]int{}
		did := s.Effect(func() {
			var wg sync.WaitGroup
			for range 40 {
				wg.Go(func() {
					a := s.As(stage.Shop, "POST", "/v2/bot/message/push", to(stage.Aoi))
					mu.Lock()
					defer mu.Unlock()
					answers[fmt.Sprint(a.Status)]++
				})
			}
			wg.Wait()
		})
		if answers["200"] != 5 || answers["429"] != 35 {
			t.Errorf("answers %v, want 5 of 200 and 35 of 429", answers)
		}
		if want := "#delivered.push+5 #usage+5 chats+1 messages+5 | message message message message message"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
	})
}

func TestDelivery(t *testing.T) {
	delivery := func(kind, date string) string { return "GET /v2/bot/message/delivery/" + kind + "?date=" + date }
	ready := func(n int) string { return fmt.Sprintf(`{"status":"ready","success":%d}`, n) }
	const unready, outOfService = `{"status":"unready"}`, `{"status":"out_of_service"}`
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Until("2026-01-15T23:59:50+09:00")
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"hi"}}`)
		token := s.Next().Event.ReplyToken
		for call, body := range map[string]string{"reply": `{"replyToken":"` + token + `",` + hi + `}`, "push": to(stage.Lunch),
			"multicast": `{"to":["` + stage.Aoi + `","` + stage.Dan + `"],` + hi + `}`, "broadcast": `{` + hi + `}`} {
			if a := s.As(stage.Cafe, "POST", "/v2/bot/message/"+call, body); a.Status != 200 {
				t.Fatalf("%s: %d %s", call, a.Status, a.Body)
			}
		}
		for kind, n := range map[string]int{"reply": 1, "push": 2, "multicast": 1, "broadcast": 2} {
			s.Play(t, []stage.Step{{Name: kind + " today", Call: delivery(kind, "20260115"), As: stage.Cafe, Status: 200, Want: unready}})
			defer func() {
				s.Play(t, []stage.Step{
					{Name: kind + " yesterday", Call: delivery(kind, "20260115"), As: stage.Cafe, Status: 200, Want: ready(n)},
					{Name: kind + " of another channel", Call: delivery(kind, "20260115"), As: stage.Shop, Status: 200, Want: ready(0)},
				})
			}()
		}
		s.Until("2026-01-16T00:00:00+09:00")
		s.Play(t, []stage.Step{
			{Name: "today", Call: delivery("push", "20260116"), As: stage.Cafe, Status: 200, Want: unready},
			{Name: "a day to come", Call: delivery("push", "20991231"), As: stage.Cafe, Status: 200, Want: unready},
			{Name: "a day without sends", Call: delivery("push", "20260114"), As: stage.Cafe, Status: 200, Want: ready(0)},
			{Name: "the first day", Call: delivery("push", "20180331"), As: stage.Cafe, Status: 200, Want: ready(0)},
			{Name: "the day before it", Call: delivery("push", "20180330"), As: stage.Cafe, Status: 200, Want: outOfService},
		})
		for _, date := range []string{"", "2026-01-15", "20260230", "2026011", "202601155", "x"} {
			for _, kind := range []string{"reply", "push", "multicast", "broadcast"} {
				s.Play(t, []stage.Step{{Name: kind + " " + date, Call: delivery(kind, date), As: stage.Cafe, Status: 400,
					Want: `{"message":"The value for the 'date' parameter is invalid"}`}})
			}
		}
		s.Play(t, []stage.Step{{Name: "without a date", Call: "GET /v2/bot/message/delivery/push", As: stage.Cafe, Status: 400,
			Want: `{"message":"The value for the 'date' parameter is invalid"}`}})
	})
}
