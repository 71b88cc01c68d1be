package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// Texts that PostgreSQL cannot be asked for are nobody's ids, on either engine.
func TestTextsThatAreNoIDs(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := push(s, stage.Aoi, quick(message))
		s.Heard()
		for _, path := range []string{"%ff", "U%ff", "C%ff", "R%ff", "%c3%28", "%e2%82", strings.Repeat("U", 3000), "%20", "'", "U00000000000000000000000000000A01"} {
			for _, call := range []string{"GET /sim/v1/people/" + path + "/chats", "GET /sim/v1/people/" + stage.Aoi + "/chats/" + path + "/messages",
				"GET /sim/v1/people/" + stage.Aoi + "/chats/" + stage.Cafe + "/messages?before=" + path, "GET /sim/v1/people/" + stage.Aoi + "/chats/" + stage.Cafe + "/messages/" + path + "/content",
				"POST /sim/v1/people/" + path + "/events", "POST /sim/v1/groups/" + path + "/join", "POST /sim/v1/rooms/" + path + "/leave", "POST /sim/v1/webhooks/" + path + "/redeliver",
				"GET /sim/v1/webhooks?channelId=" + path, "GET /sim/v1/webhooks?cursor=" + path, "GET /sim/v1/requests?channelId=" + path + "&cursor=1", "GET /sim/v1/events?userId=" + path, "GET /sim/v1/events?channelId=" + path,
				"GET /v2/bot/profile/" + path, "GET /v2/bot/message/" + path + "/content", "GET /v2/bot/followers/ids?start=" + path, "GET /v2/bot/message/delivery/push?date=" + path} {
				method, target, _ := strings.Cut(call, " ")
				body := ""
				if method == "POST" {
					body = `{"type":"read","chat":` + ref(stage.Cafe) + `,"userIds":["` + stage.Aoi + `"]}`
				}
				a := s.As(stage.Cafe, method, target, body)
				if a.Status/100 != 4 && !strings.HasPrefix(target, "/sim/v1/requests") {
					t.Errorf("%s: %d %s", call, a.Status, a.Body)
				}
			}
		}
		for _, word := range []string{`\u0000`, `U\u0000`, `C\u0000`, `😀`, `'`, `\ud83d\ude00`} {
			for call, body := range map[string]string{
				"POST /v2/bot/message/reply":                                   `{"replyToken":"` + word + `","messages":[` + text("a") + `]}`,
				"POST /v2/bot/message/push":                                    `{"to":"` + word + `","messages":[` + text("a") + `]}`,
				"POST /v2/bot/message/multicast":                               `{"to":["` + word + `"],"messages":[` + text("a") + `]}`,
				"POST /sim/v1/groups":                                          `{"userIds":["` + word + `"]}`,
				"POST /sim/v1/rooms":                                           `{"userIds":["` + stage.Aoi + `"],"channelIds":["` + word + `"]}`,
				"POST /sim/v1/groups/" + stage.Lunch + "/join":                 `{"userIds":["` + word + `"]}`,
				"POST /sim/v1/groups/" + stage.Lunch + "/leave":                `{"channelId":"` + word + `"}`,
				"POST /sim/v1/people":                                          `{"userId":"` + word + `"}`,
				"POST /sim/v1/people/" + stage.Aoi + "/follow":                 `{"channelId":"` + word + `"}`,
				"POST /sim/v1/people/" + stage.Aoi + "/messages":               `{"chat":{"groupId":"` + word + `"},"message":` + text("a") + `}`,
				"POST /sim/v1/people/" + stage.Ben + "/messages":               `{"chat":` + ref(stage.Cafe) + `,"message":{"type":"text","text":"a","quotedMessageId":"` + word + `"}}`,
				"POST /sim/v1/people/" + stage.Aoi + "/taps":                   `{"chat":` + ref(stage.Cafe) + `,"messageId":"` + word + `","quickReply":0}`,
				"POST /sim/v1/people/" + stage.Ben + "/taps":                   `{"chat":` + ref(stage.Cafe) + `,"messageId":"` + id + `","quickReply":0}`,
				"POST /sim/v1/people/" + stage.Aoi + "/events":                 `{"type":"beacon","hwid":"` + word + `","beaconType":"enter"}`,
				"POST /sim/v1/people/" + stage.Ben + "/events":                 `{"type":"unsend","messageId":"` + word + `"}`,
				"POST /sim/v1/clock":                                           `{"advance":"` + word + `"}`,
				"PUT /sim/v1/faults":                                           `{"preset":"` + word + `"}`,
				"PUT /v2/bot/channel/webhook/endpoint":                         `{"endpoint":"` + word + `"}`,
				"POST /v2/bot/message/push?" + strings.Repeat("a", 2):          `{"to":"` + stage.Aoi + `","customAggregationUnits":["` + word + `"],"messages":[` + text("a") + `]}`,
				"POST /v2/bot/message/push?" + strings.Repeat("quoteToken", 1): `{"to":"` + stage.Aoi + `","messages":[{"type":"text","text":"a","quoteToken":"` + word + `"}]}`,
			} {
				method, target, _ := strings.Cut(call, " ")
				if a := s.As(stage.Cafe, method, target, body); a.Status/100 != 4 {
					t.Errorf("%s %s: %d %s", call, body, a.Status, a.Body)
				}
			}
		}
	})
}

// What people say and are called is kept as it is, NUL and all.
func TestAnyTextIsKept(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const odd = `a\u0000b\u001f 😀 \\ \" ' % _ <&>`
		say(s, stage.Aoi, stage.Cafe, `{"type":"text","text":"`+odd+`"}`)
		push(s, stage.Aoi, `{"type":"text","text":"`+odd+`"}`)
		who := field(s, s.Sim("POST", "/people", `{"displayName":"`+odd+`","friendOf":["`+stage.Cafe+`"]}`), "userId")
		if got := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", ""); strings.Count(got, `"text":"`+odd+`"`) != 2 {
			t.Errorf("kept as %s", got)
		}
		if got := s.As(stage.Cafe, "GET", "/v2/bot/profile/"+who, "").Body; !strings.Contains(got, `"displayName":"`+odd+`"`) {
			t.Errorf("called %s", got)
		}
		if d := s.Next(); !strings.Contains(d.Body, `"text":"`+odd+`"`) {
			t.Errorf("heard %s", d.Body)
		}
	})
}

// A member of a crowd does what others do.
func TestCrowdMember(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(stage.World + "crowd: [{channel: \"1656000001\", count: 1000, seed: 1}]\n")
		s.Sim("POST", "/reset", "")
		page := s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=7", "").Body
		who := page[strings.LastIndex(page, `"U`)+1:][:33]
		say(s, who, stage.Cafe, text("hi"))
		if d := s.Next(); !strings.Contains(d.Body, `"source":{"type":"user","userId":"`+who+`"}`) {
			t.Errorf("heard %s", d.Body)
		}
		id := push(s, who, quick(message))
		s.Restart()
		s.Play(t, []stage.Step{{Name: "tap", Call: "POST /sim/v1/people/" + who + "/taps", Body: `{"chat":` + ref(stage.Cafe) + `,"messageId":"` + id + `","quickReply":0}`, Status: 200,
			Want: `{"type":"message",` + oneEvent + `,"messageId":"*"}`, Effect: aMessage}})
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"userIds":["`+who+`"]}`)
		say(s, who, stage.Lunch, text("hello all"))
		if got := seen(s, stage.Aoi, stage.Lunch); got != "hello all" {
			t.Errorf("Aoi sees %q", got)
		}
		if got := s.HeardTypes(); got != "cafe:message cafe:memberJoined cafe:message" {
			t.Errorf("heard %q", got)
		}
		if got := seen(s, who, stage.Cafe); got != "hi q tapped" {
			t.Errorf("sees %q", got)
		}
		s.Sim("POST", "/people/"+who+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{refused("blocked", "POST /sim/v1/people/"+who+"/messages", `{"chat":`+ref(stage.Cafe)+`,"message":`+text("a")+`}`, 409,
			who+" has blocked this account; follow it first")})
	})
}

// Messages to many can be tapped by those who got them.
func TestTapInABroadcast(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("first")+`,`+quick(message)+`]}`)
		s.As(stage.Cafe, "POST", "/v2/bot/message/multicast", `{"to":["`+stage.Ben+`"],"messages":[`+quick(message)+`]}`)
		s.Sim("POST", "/people/"+stage.Chen+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Heard()
		ids := strings.Split(s.Sim("GET", "/people/"+stage.Ben+"/chats/"+stage.Cafe+"/messages", ""), `{"id":"`)
		broadcast, multicast := ids[2][:18], ids[3][:18]
		taps := func(name, who, id string, status int) {
			t.Helper()
			a := s.Do("POST", "/sim/v1/people/"+who+"/taps", `{"chat":`+ref(stage.Cafe)+`,"messageId":"`+id+`","quickReply":0}`)
			if a.Status != status {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
		}
		taps("a friend, in the broadcast", stage.Aoi, broadcast, 200)
		taps("a recipient, in the multicast", stage.Ben, multicast, 200)
		taps("another, in the multicast", stage.Aoi, multicast, 404)
		taps("a later friend, in the broadcast", stage.Chen, broadcast, 404)
		if got := s.HeardTypes(); got != "cafe:message cafe:message" {
			t.Errorf("heard %q", got)
		}
	})
}
