package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestWorld(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		want := `{"channels":[` +
			`{"id":"1656000001","type":"messaging","name":"Cafe","provider":"Demo","account":{"userId":"Ub0000000000000000000000000000001","basicId":"@cafe","displayName":"Kaiwa Cafe",` +
			`"pictureUrl":"https://example.com/p.png","status":"verified","country":"JP","chatMode":"bot","markAsReadMode":"auto"},"webhook":{"endpoint":"` + s.Bot.URL + `/cafe","active":true},"friends":2,"secret":"0123456789abcdef0123456789abcdef","beacons":[{"hwid":"0123456789"}]},` +
			`{"id":"1656000002","type":"messaging","name":"Shop","provider":"Demo","account":{"userId":"Ub0000000000000000000000000000002","basicId":"@shop","displayName":"Shop",` +
			`"status":"unverified","country":"JP","chatMode":"bot","markAsReadMode":"auto"},"quota":5,"webhook":{"endpoint":"` + s.Bot.URL + `/shop","active":true},"friends":1,"secret":"11111111111111111111111111111111"},` +
			`{"id":"1656000003","type":"messaging","name":"Foreign","provider":"Other","account":{"userId":"U*","basicId":"@*","displayName":"Foreign",` +
			`"status":"verified","country":"JP","chatMode":"bot","markAsReadMode":"auto"},"webhook":{"endpoint":"` + s.Bot.URL + `/foreign","active":true},"friends":1,"secret":"*"}]` +
			`,"people":[` +
			`{"userId":"` + stage.Aoi + `","provider":"Demo","friendOf":["1656000001","1656000002"],"blocked":[],"displayName":"Aoi","pictureUrl":"https://example.com/aoi.png","statusMessage":"Hello","language":"ja"},` +
			`{"userId":"` + stage.Ben + `","provider":"Demo","friendOf":["1656000001"],"blocked":[],"displayName":"Ben"},` +
			`{"userId":"` + stage.Chen + `","provider":"Demo","friendOf":[],"blocked":[],"displayName":"Chen"},` +
			`{"userId":"` + stage.Dan + `","provider":"Demo","friendOf":[],"blocked":["1656000001"],"displayName":"Dan"},` +
			`{"userId":"` + stage.Eve + `","provider":"Other","friendOf":["1656000003"],"blocked":[],"displayName":"Eve"}]` +
			`,"groups":[{"groupId":"` + stage.Lunch + `","name":"Lunch","members":["` + stage.Aoi + `","` + stage.Ben + `"],"channels":["1656000001"]},` +
			`{"groupId":"` + stage.Family + `","name":"Family","members":["` + stage.Aoi + `","` + stage.Chen + `"],"channels":[]}]` +
			`,"rooms":[{"roomId":"` + stage.Corner + `","members":["` + stage.Aoi + `","` + stage.Ben + `","` + stage.Chen + `"],"channels":["1656000001"]}]}`
		// Channels stand in the order of the file, the login channel among them.
		login := `{"id":"1656000009","type":"login","name":"Login","provider":"Demo","friends":0,"secret":"*"},`
		want = strings.Replace(want, `{"id":"1656000003"`, login+`{"id":"1656000003"`, 1)
		s.Play(t, []stage.Step{{Name: "as the file says", Call: "GET /sim/v1/world", Status: 200, Want: want}})
		s.Restart()
		s.Play(t, []stage.Step{{Name: "after a restart", Call: "GET /sim/v1/world", Status: 200, Want: want}})
	})
}

func TestAddPerson(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const (
			call = "POST /sim/v1/people"
			fay  = "U00000000000000000000000000000f01"
		)
		s.Play(t, []stage.Step{
			{Name: "with all", Call: call, Status: 201, Want: `{"userId":"` + fay + `"}`, Effect: "#friends+1 friendship_spans+2 friendships+2 people+1 | person",
				Body: `{"userId":"` + fay + `","displayName":"Fay","language":"en","friendOf":["` + stage.Shop + `"],"blocked":["` + stage.Cafe + `"],"demographics":{"gender":"female","age":30}}`},
			{Name: "with nothing", Call: call, Body: `{}`, Status: 201, Want: `{"userId":"U*"}`, Effect: "people+1 | person"},
			{Name: "of another provider", Call: call, Body: `{"provider":"Other","friendOf":["` + stage.Foreign + `"]}`, Status: 201, Want: `{"userId":"U*"}`,
				Effect: "#friends+1 friendship_spans+1 friendships+1 people+1 | person"},
			{Name: "her profile", Call: "GET /v2/bot/profile/" + fay, As: stage.Shop, Status: 200, Want: `{"displayName":"Fay","userId":"` + fay + `","language":"en"}`},
			{Name: "to whom she blocked", Call: "GET /v2/bot/profile/" + fay, As: stage.Cafe, Status: 404, Want: `{"message":"Not found"}`},
			refused("who is there", call, `{"userId":"`+fay+`"}`, 409, "userId: "+fay+" exists already"),
			refused("a misspelt word", call, `{"friendsOf":["`+stage.Cafe+`"]}`, 400, "friendsOf: there is no such member"),
			refused("a misspelt word within", call, `{"demographics":{"sex":"female"}}`, 400, "demographics.sex: there is no such member"),
			refused("a malformed id", call, `{"userId":"U1"}`, 400, "userId: U and 32 lower-case hex digits"),
			refused("a gender that there is none of", call, `{"demographics":{"gender":"other"}}`, 400, `demographics.gender: "other" is none of male, female`),
			refused("an age below 0", call, `{"demographics":{"age":-1}}`, 400, "demographics.age: -1 is below 0"),
			refused("an unknown area", call, `{"demographics":{"area":"jp_48"}}`, 400, `demographics.area: "jp_48" is no area such as jp_13`),
			refused("an unknown system", call, `{"demographics":{"appType":"fax"}}`, 400, `demographics.appType: "fax" is none of ios, android`),
			refused("no phone number", call, `{"phone":"0312345678"}`, 400, `phone: "0312345678" is no number in E.164 such as +818000001234`),
			refused("an unknown provider", call, `{"provider":"None"}`, 404, `provider: there is no provider "None"`),
			refused("a friend of no channel", call, `{"friendOf":["1"]}`, 404, `channelId: there is no channel "1"`),
			refused("a friend of a login channel", call, `{"friendOf":["`+stage.Login+`"]}`, 409, "channelId: "+stage.Login+" is no messaging channel"),
			{Name: "a friend of another provider's channel", Call: call, Body: `{"friendOf":["` + stage.Foreign + `"]}`, Status: 409,
				Want: `{"message":"friendOf: ` + stage.Foreign + ` is of another provider than U*"}`},
		})
		// What was said before they came is not theirs.
		s.As(stage.Shop, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("before")+`]}`)
		gus := field(s, s.Sim("POST", "/people", `{"friendOf":["`+stage.Shop+`"]}`), "userId")
		s.As(stage.Shop, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("after")+`]}`)
		if got := seen(s, gus, stage.Shop); got != "after" {
			t.Errorf("sees %q", got)
		}
	})
}

func TestFollowRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, act := range []string{"follow", "unfollow"} {
		call := "POST /sim/v1/people/" + stage.Aoi + "/" + act
		for _, step := range []stage.Step{
			refused(act+" without a channel", call, `{}`, 400, "channelId: give the id of a messaging channel"),
			refused(act+" an unknown channel", call, `{"channelId":"1"}`, 404, `channelId: there is no channel "1"`),
			refused(act+" a login channel", call, `{"channelId":"`+stage.Login+`"}`, 409, "channelId: "+stage.Login+" is no messaging channel"),
			refused(act+" another provider's", call, `{"channelId":"`+stage.Foreign+`"}`, 409, "channelId: "+stage.Foreign+" is of another provider than "+stage.Aoi),
			refused(act+" by nobody", "POST /sim/v1/people/"+stage.Nobody+"/"+act, `{"channelId":"`+stage.Cafe+`"}`, 404, "userId: there is no person "+stage.Nobody),
			refused(act+" without a body", call, ``, 400, "The content type, application/octet-stream, is not supported: send application/json"),
		} {
			s.Play(t, []stage.Step{step})
		}
	}
}

// A reset brings the file's world back: its people, its clock, full buckets and no faults.
func TestReset(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		before := s.Sim("GET", "/world", "")
		s.Advance("100h")
		push(s, stage.Aoi, text("a"))
		say(s, stage.Aoi, stage.Cafe, text("b"))
		s.Heard()
		s.Sim("POST", "/people", `{}`)
		s.Sim("POST", "/people/"+stage.Ben+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.As(stage.Cafe, "PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"https://example.com/other"}`)
		for range 59 {
			s.As(stage.Shop, "POST", "/v2/bot/message/broadcast", `{}`)
		}
		push60 := stage.Step{Name: "the 60th broadcast of an hour", Call: "POST /v2/bot/message/broadcast", As: stage.Shop, Body: `{"messages":[` + text("a") + `]}`, Status: 200, Want: `{}`,
			Effect: "#delivered.broadcast+1 #usage+1 chats+1 messages+1 sends+1 | message"}
		push61 := push60
		push61.Name, push61.Status, push61.Want, push61.Effect = "the 61st", 429, `{"message":"The API rate limit has been exceeded. Try again later."}`, ""
		s.Play(t, []stage.Step{push60, push61, {Name: "reset", Call: "POST /sim/v1/reset", Status: 200, Want: `{}`,
			Effect: "#delivered.broadcast-1 #delivered.push-1 #friends+1 #usage-2 chats-3 messages-3 people-1 reply_tokens-1 sends-1 webhook_events-2 | reset"}})
		expectNow(t, s, "2026-01-15T00:00:00Z", "virtual")
		if after := s.Sim("GET", "/world", ""); after != before {
			t.Errorf("\n got %s\nwant %s", after, before)
		}
		s.Play(t, []stage.Step{push60})
		if got := seen(s, stage.Aoi, stage.Cafe); got != "" {
			t.Errorf("Aoi sees %q", got)
		}
		s.Rewrite(strings.Replace(stage.World, "displayName: Ben", "displayName: Benjamin", 1))
		s.Sim("POST", "/reset", "")
		if !strings.Contains(s.Sim("GET", "/world", ""), `"displayName":"Benjamin"`) {
			t.Error("a reset does not read the file again")
		}
		s.Rewrite("people: 1\n")
		if a := s.Do("POST", "/sim/v1/reset", ""); a.Status != 409 || !strings.Contains(a.Body, "line 1") {
			t.Errorf("a reset to a file that cannot be read: %d %s", a.Status, a.Body)
		}
		if !strings.Contains(s.Sim("GET", "/world", ""), `"displayName":"Benjamin"`) {
			t.Error("a reset that was refused has changed something")
		}
	})
}
