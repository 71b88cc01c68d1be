package chat_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

// wrapped is a whole webhook body of the Cafe's around an event's own members.
func wrapped(event, source, token string) string {
	return `{"destination":"Ub0000000000000000000000000000001","events":[{` + event + `"webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":TIME,"source":` +
		source + token + `,"mode":"active"}]}`
}

const withToken = `,"replyToken":"TOKEN"`

func inLunch(userID string) string {
	if userID != "" {
		userID = `,"userId":"` + userID + `"`
	}
	return `{"type":"group","groupId":"` + stage.Lunch + `"` + userID + `}`
}

// What groups tell their accounts, byte for byte, which events can be replied
// to, and what each call leaves behind.
func TestMembershipEvents(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		at := "/groups/" + stage.Lunch
		people := func(ids ...string) string { return `{"userIds":["` + strings.Join(ids, `","`) + `"]}` }
		for _, c := range []struct{ name, path, body, effect, want string }{
			{"two come", at + "/join", people(stage.Chen, stage.Dan), "members+2 outbox+1 reply_tokens+1 webhook_events+1 | members webhook",
				wrapped(`"type":"memberJoined","joined":{"members":[{"type":"user","userId":"`+stage.Chen+`"},{"type":"user","userId":"`+stage.Dan+`"}]},`, inLunch(""), withToken)},
			{"one goes", at + "/leave", people(stage.Dan), "outbox+1 webhook_events+1 | members webhook",
				wrapped(`"type":"memberLeft","left":{"members":[{"type":"user","userId":"`+stage.Dan+`"}]},`, inLunch(""), "")},
			{"the account goes", at + "/leave", `{"channelId":"` + stage.Cafe + `"}`, "outbox+1 webhook_events+1 | members webhook",
				wrapped(`"type":"leave",`, inLunch(""), "")},
			{"the account comes", at + "/join", `{"channelId":"` + stage.Cafe + `"}`, "members+1 outbox+1 reply_tokens+1 webhook_events+1 | members webhook",
				wrapped(`"type":"join",`, inLunch(""), withToken)},
		} {
			t.Run(c.name, func(t *testing.T) {
				s.Hold()
				if did := s.Effect(func() { s.Sim("POST", c.path, c.body) }); did != c.effect {
					t.Errorf("did %q, want %q", did, c.effect)
				}
				s.Sim("DELETE", "/faults", "")
				d, body := event(t, s)
				if body != c.want {
					t.Errorf("\n got %s\nwant %s", body, c.want)
				}
				if d.Event.ReplyToken == "" {
					return
				}
				answer := s.As(stage.Cafe, "POST", "/v2/bot/message/reply", `{"replyToken":"`+d.Event.ReplyToken+`","messages":[`+text("welcome")+`]}`)
				if answer.Status != 200 {
					t.Errorf("reply: %d %s", answer.Status, answer.Body)
				}
			})
		}
		s.Hold()
		s.Play(t, []stage.Step{{Name: "the account that went says nothing", Call: "POST /sim/v1" + at + "/leave", Body: `{"channelId":"` + stage.Cafe + `"}`, Status: 200, Want: `{}`,
			Effect: "outbox+1 webhook_events+1 | members webhook"}})
		s.Sim("DELETE", "/faults", "")
		s.Heard()
		say(s, stage.Aoi, stage.Lunch, text("alone"))
		if got := s.HeardTypes(); got != "" {
			t.Errorf("the account that went heard %q", got)
		}
	})
}

func TestNewGatherings(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Hold()
		s.Play(t, []stage.Step{
			{Name: "group", Call: "POST /sim/v1/groups", Status: 201, Want: `{"groupId":"C*"}`, Effect: "chats+1 members+4 outbox+2 reply_tokens+2 webhook_events+2 | members webhook webhook",
				Body: `{"name":"New","userIds":["` + stage.Aoi + `","` + stage.Chen + `"],"channelIds":["` + stage.Cafe + `","` + stage.Shop + `"]}`},
			{Name: "room", Call: "POST /sim/v1/rooms", Status: 201, Want: `{"roomId":"R*"}`, Effect: "chats+1 members+1 | members", Body: `{"userIds":["` + stage.Aoi + `"]}`},
			{Name: "one who is named twice is in once", Call: "POST /sim/v1/groups", Status: 201, Want: `{"groupId":"C*"}`, Effect: "chats+1 members+2 | members",
				Body: `{"name":"Twice","userIds":["` + stage.Aoi + `","` + stage.Ben + `","` + stage.Aoi + `"]}`},
			{Name: "nobody", Call: "POST /sim/v1/groups", Status: 400, Want: `{"message":"userIds: at least one person"}`, Body: `{"name":"New","channelIds":["` + stage.Cafe + `"]}`},
			{Name: "an unknown person", Call: "POST /sim/v1/groups", Status: 404, Want: `{"message":"userId: there is no person ` + stage.Nobody + `"}`, Body: `{"userIds":["` + stage.Nobody + `"]}`},
			{Name: "an unknown channel", Call: "POST /sim/v1/groups", Status: 404, Want: `{"message":"channelId: there is no channel \"1\""}`, Body: `{"userIds":["` + stage.Aoi + `"],"channelIds":["1"]}`},
			{Name: "people of two providers", Call: "POST /sim/v1/rooms", Status: 409, Want: `{"message":"` + stage.Eve + ` is of another provider than R*"}`,
				Body: `{"userIds":["` + stage.Aoi + `","` + stage.Eve + `"]}`},
			{Name: "an account of another provider", Call: "POST /sim/v1/groups", Status: 409, Want: `{"message":"` + stage.Foreign + ` is of another provider than C*"}`,
				Body: `{"userIds":["` + stage.Aoi + `"],"channelIds":["` + stage.Foreign + `"]}`},
			{Name: "a name with a NUL", Call: "POST /sim/v1/groups", Status: 400, Want: `{"message":"name: no NUL character"}`, Body: `{"name":"a\u0000","userIds":["` + stage.Aoi + `"]}`},
		})
		s.Sim("DELETE", "/faults", "")
		if got := s.HeardTypes(); got != "cafe:join shop:join" && got != "shop:join cafe:join" {
			t.Errorf("heard %q", got)
		}
	})
}

func TestMembershipRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	step := func(name, path, body string, status int, want string) stage.Step {
		return stage.Step{Name: name, Call: "POST /sim/v1" + path, Body: body, Status: status, Want: `{"message":"` + want + `"}`}
	}
	at := "/groups/" + stage.Lunch
	s.Play(t, []stage.Step{
		step("neither", at+"/join", `{}`, 400, "give userIds or channelId"),
		step("both", at+"/leave", `{"userIds":["`+stage.Aoi+`"],"channelId":"`+stage.Cafe+`"}`, 400, "give userIds or channelId"),
		step("an unknown group", "/groups/C1/join", `{"userIds":["`+stage.Aoi+`"]}`, 404, "there is no group C1"),
		step("a room as a group", "/groups/"+stage.Corner+"/join", `{"userIds":["`+stage.Dan+`"]}`, 404, "there is no group "+stage.Corner),
		step("a group as a room", "/rooms/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`, 404, "there is no room "+stage.Lunch),
		step("an unknown person", at+"/join", `{"userIds":["`+stage.Nobody+`"]}`, 404, "userId: there is no person "+stage.Nobody),
		step("an unknown channel", at+"/join", `{"channelId":"1"}`, 404, `channelId: there is no channel \"1\"`),
		step("a login channel", at+"/join", `{"channelId":"`+stage.Login+`"}`, 409, "channelId: "+stage.Login+" is no messaging channel"),
		step("one who is in", at+"/join", `{"userIds":["`+stage.Chen+`","`+stage.Aoi+`"]}`, 409, stage.Aoi+" is in "+stage.Lunch+" already"),
		step("one who is named twice", at+"/join", `{"userIds":["`+stage.Chen+`","`+stage.Chen+`"]}`, 409, stage.Chen+" is in "+stage.Lunch+" already"),
		step("one of another provider", at+"/join", `{"userIds":["`+stage.Eve+`"]}`, 409, stage.Eve+" is of another provider than "+stage.Lunch),
		step("an account that is in", at+"/join", `{"channelId":"`+stage.Cafe+`"}`, 409, stage.Cafe+" is in "+stage.Lunch+" already"),
		step("an account of another provider", at+"/join", `{"channelId":"`+stage.Foreign+`"}`, 409, stage.Foreign+" is of another provider than "+stage.Lunch),
		step("one who is not in", at+"/leave", `{"userIds":["`+stage.Chen+`"]}`, 409, stage.Chen+" is not in "+stage.Lunch),
		step("one who goes twice", at+"/leave", `{"userIds":["`+stage.Aoi+`","`+stage.Aoi+`"]}`, 409, stage.Aoi+" is not in "+stage.Lunch),
		step("an account that is not in", at+"/leave", `{"channelId":"`+stage.Shop+`"}`, 409, stage.Shop+" is not in "+stage.Lunch),
	})
}

// A person sees what was said while they were there, and it one right after the other.
func TestMessagesAreSeenByThoseWhoWereThere(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		at := "/groups/" + stage.Lunch
		chen := `{"userIds":["` + stage.Chen + `"]}`
		say(s, stage.Aoi, stage.Lunch, text("1"))
		s.Sim("POST", at+"/join", chen)
		say(s, stage.Aoi, stage.Lunch, text("2"))
		push(s, stage.Lunch, "3")
		s.Sim("POST", at+"/leave", chen)
		say(s, stage.Ben, stage.Lunch, text("4"))
		sees(t, s, stage.Chen, stage.Lunch, "2 3")
		s.Sim("POST", at+"/join", chen)
		s.Sim("POST", at+"/leave", chen)
		s.Sim("POST", at+"/join", chen)
		say(s, stage.Chen, stage.Lunch, text("5"))
		sees(t, s, stage.Chen, stage.Lunch, "2 3 5")
		sees(t, s, stage.Aoi, stage.Lunch, "1 2 3 4 5")
		s.Restart()
		sees(t, s, stage.Chen, stage.Lunch, "2 3 5")
	})
}

// An account reads the files of what it heard, and nothing from when it was away.
func TestAccountsReadWhatTheyHeard(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		file := `{"type":"file","fileName":"a","contentBase64":"AAAA"}`
		heard := say(s, stage.Aoi, stage.Lunch, file).MessageID
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"channelId":"`+stage.Cafe+`"}`)
		missed := say(s, stage.Aoi, stage.Lunch, file).MessageID
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{
			{Name: "heard", Call: content(heard, ""), As: stage.Cafe, Status: 200, Want: "\x00\x00\x00"},
			{Name: "missed", Call: content(missed, ""), As: stage.Cafe, Status: 404, Want: notFound},
		})
	})
}

func TestFollowEvents(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		source := func(id string) string { return `{"type":"user","userId":"` + id + `"}` }
		for _, c := range []struct{ name, who, act, effect, want string }{
			{"a new friend", stage.Chen, "follow", "#friends+1 chats+1 friendship_spans+1 friendships+1 outbox+1 reply_tokens+1 webhook_events+1 | friendship webhook",
				wrapped(`"type":"follow","follow":{"isUnblocked":false},`, source(stage.Chen), withToken)},
			{"who blocks", stage.Chen, "unfollow", "#friends-1 outbox+1 webhook_events+1 | friendship webhook", wrapped(`"type":"unfollow",`, source(stage.Chen), "")},
			{"and unblocks", stage.Chen, "follow", "#friends+1 friendship_spans+1 outbox+1 reply_tokens+1 webhook_events+1 | friendship webhook",
				wrapped(`"type":"follow","follow":{"isUnblocked":true},`, source(stage.Chen), withToken)},
			{"one who blocked from the start", stage.Dan, "follow", "#friends+1 chats+1 friendship_spans+1 outbox+1 reply_tokens+1 webhook_events+1 | friendship webhook",
				wrapped(`"type":"follow","follow":{"isUnblocked":true},`, source(stage.Dan), withToken)},
			{"a friend of the world's", stage.Aoi, "unfollow", "#friends-1 chats+1 outbox+1 webhook_events+1 | friendship webhook", wrapped(`"type":"unfollow",`, source(stage.Aoi), "")},
		} {
			t.Run(c.name, func(t *testing.T) {
				s.Hold()
				path := "/people/" + c.who + "/" + c.act
				var answer string
				if did := s.Effect(func() { answer = s.Sim("POST", path, `{"channelId":"`+stage.Cafe+`"}`) }); did != c.effect {
					t.Errorf("did %q, want %q", did, c.effect)
				}
				s.Play(t, []stage.Step{{Name: "once", Call: "POST /sim/v1" + path, Body: `{"channelId":"` + stage.Cafe + `"}`, Status: 200, Want: `{"webhookEventIds":[]}`}})
				s.Sim("DELETE", "/faults", "")
				d, body := event(t, s)
				if body != c.want {
					t.Errorf("\n got %s\nwant %s", body, c.want)
				}
				if answer != `{"webhookEventIds":["`+d.Event.ID+`"]}` {
					t.Errorf("answered %s", answer)
				}
			})
		}
	})
}

// Webhooks of one chat come in the order in which things happened there.
func TestWebhooksOfAChatComeInOrder(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Hold()
		at := "/groups/" + stage.Lunch
		for range 5 {
			s.Sim("POST", at+"/join", `{"userIds":["`+stage.Chen+`"]}`)
			id := say(s, stage.Chen, stage.Lunch, text("a")).MessageID
			happen(s, stage.Chen, `{"type":"unsend","messageId":"`+id+`"}`)
			s.Sim("POST", at+"/leave", `{"userIds":["`+stage.Chen+`"]}`)
		}
		s.Sim("DELETE", "/faults", "")
		if got, want := s.HeardTypes(), strings.TrimSpace(strings.Repeat("cafe:memberJoined cafe:message cafe:unsend cafe:memberLeft ", 5)); got != want {
			t.Errorf("heard %q", got)
		}
	})
}

func TestWorldListsWhoIsWhere(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"userIds":["`+stage.Chen+`"]}`)
	s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`)
	var w struct {
		Groups []struct {
			GroupID  string   `json:"groupId"`
			Members  []string `json:"members"`
			Channels []string `json:"channels"`
		} `json:"groups"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/world", "")), &w); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.Groups[0].Members, " ") + " / " + strings.Join(w.Groups[0].Channels, " "); got != stage.Ben+" "+stage.Chen+" / "+stage.Cafe {
		t.Errorf("Lunch: %s", got)
	}
}

// An account that is added to a room is told so at once, as in a group.
func TestRoomsTellOfJoining(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		at := "/rooms/" + stage.Corner
		shop := `{"channelId":"` + stage.Shop + `"}`
		s.Sim("POST", at+"/join", shop)
		d := s.Next()
		if d.Path != "/shop" || d.Event.Type != "join" || d.Event.ReplyToken == "" || string(d.Event.Source) != `{"type":"room","roomId":"`+stage.Corner+`"}` {
			t.Errorf("join: %s", d.Body)
		}
		s.Sim("POST", at+"/join", `{"userIds":["`+stage.Dan+`"]}`)
		s.Sim("POST", at+"/leave", shop)
		heard := strings.Fields(s.HeardTypes())
		slices.SortStableFunc(heard, func(a, b string) int { return strings.Compare(a[:4], b[:4]) }) // channels do not wait for one another
		if got := strings.Join(heard, " "); got != "cafe:memberJoined shop:memberJoined shop:leave" {
			t.Errorf("heard %q", got)
		}
	})
}
