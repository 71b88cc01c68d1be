package message_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// offer has an account create a coupon that ends in an hour, and gives its id.
func offer(s *stage.Stage, channel string) string {
	s.T.Helper()
	a := s.As(channel, "POST", "/v2/bot/coupon", `{"title":"Tea","reward":{"type":"free"},"acquisitionCondition":{"type":"normal"},"startTimestamp":0,`+
		`"endTimestamp":1768438800,"timezone":"ASIA_TOKYO","visibility":"UNLISTED","maxUseCountPerTicket":1}`)
	id := strings.TrimSuffix(strings.TrimPrefix(a.Body, `{"couponId":"`), `"}`)
	if a.Status != 200 || len(id) != 26 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return id
}

// coupons is the array of messages with these coupons.
func coupons(ids ...string) string {
	for i, id := range ids {
		ids[i] = `{"type":"coupon","couponId":"` + id + `","deliveryTag":"tag"}`
	}
	return `"messages":[` + strings.Join(ids, ",") + `]}`
}

// An account sends its own coupons, be they closed or not.
func TestCoupons(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		own, dead, foreign := offer(s, stage.Cafe), offer(s, stage.Cafe), offer(s, stage.Shop)
		const unknown = "01JYNW8JMQVFBNWF1APF8Z3FS7"
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/coupon/"+dead+"/close", ""); a.Status != 200 {
			t.Fatal(a)
		}
		const (
			none = `{"message":"The request body has 1 error(s)","details":[{"message":"coupon not found","property":"messages[0].couponId"}]}`
			key  = "2e6b8f9c-6f0b-4d33-9c4d-2f0a6a3f5b11"
		)
		token := say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken
		all := []struct{ call, address, sent, effect string }{
			{reply, `"replyToken":"` + token + `",`, `{"sentMessages":[{"id":"*"}]}`, replied},
			{push, `"to":"` + stage.Aoi + `",`, `{"sentMessages":[{"id":"*"}]}`, again},
			{push, `"to":"` + stage.Lunch + `",`, `{"sentMessages":[{"id":"*"}]}`, toLunch},
			{multicast, `"to":["` + stage.Aoi + `"],`, `{}`, "#delivered.multicast+1 #usage+1 chats+1 messages+1 sends+1 | message"},
			{broadcast, ``, `{}`, "#delivered.broadcast+2 #usage+2 messages+1 sends+1 | message"},
		}
		for _, x := range all {
			steps := []stage.Step{
				{Name: "no coupon", Call: x.call, As: stage.Cafe, Body: `{` + x.address + coupons(unknown), Status: 400, Want: none},
				{Name: "no id", Call: x.call, As: stage.Cafe, Body: `{` + x.address + coupons(`x\u0000`), Status: 400, Want: none},
				{Name: "another account's", Call: x.call, As: stage.Cafe, Body: `{` + x.address + coupons(foreign), Status: 400, Want: none},
				{Name: "all that are wrong", Call: x.call, As: stage.Cafe, Body: `{` + x.address + coupons(unknown, own, foreign), Status: 400,
					Want: `{"message":"The request body has 2 error(s)","details":[{"message":"coupon not found","property":"messages[0].couponId"},` +
						`{"message":"coupon not found","property":"messages[2].couponId"}]}`},
				// None of those used the reply token up.
				{Name: "its own", Call: x.call, As: stage.Cafe, Body: `{` + x.address + coupons(own), Status: 200, Want: x.sent, Effect: x.effect},
			}
			for i := range steps {
				steps[i].Name = strings.TrimPrefix(x.call, "POST /v2/bot/message/") + ": " + steps[i].Name
			}
			s.Play(t, steps)
		}
		retried := []string{"X-Line-Retry-Key", key}
		s.Play(t, []stage.Step{
			{Name: "a refusal takes no retry key", Call: push, As: stage.Cafe, Header: retried, Body: `{` + all[1].address + coupons(foreign), Status: 400, Want: none},
			{Name: "the coupon is told before the token", Call: reply, As: stage.Cafe, Body: `{"replyToken":"` + anyToken + `",` + coupons(foreign), Status: 400, Want: none},
			{Name: "narrowcast: another account's", Call: "POST /v2/bot/message/narrowcast", As: stage.Cafe, Body: `{` + coupons(foreign), Status: 400, Want: none},
			{Name: "validate asks for no coupon", Call: "POST /v2/bot/message/validate/push", As: stage.Cafe, Body: `{` + coupons(foreign), Status: 200, Want: `{}`},
			{Name: "the key is free", Call: push, As: stage.Cafe, Header: retried, Body: `{` + all[1].address + coupons(own), Status: 200, Want: all[1].sent,
				Effect: strings.Replace(again, " |", " retry_keys+1 |", 1)},
		})
		s.Advance("1h")
		s.Play(t, []stage.Step{{Name: "over and discontinued", Call: push, As: stage.Cafe, Body: `{` + all[1].address + coupons(own, dead), Status: 200,
			Want: `{"sentMessages":[{"id":"*"},{"id":"*"}]}`, Effect: strings.Replace(again, "messages+1", "messages+2", 1)}})
	})
}
