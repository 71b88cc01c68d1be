package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// actions is a message that holds one action of each type, as a template does.
func holding(action string) string {
	return `{"type":"template","altText":"a","template":{"type":"buttons","text":"t","actions":[` + action + `]}}`
}

func quick(actions ...string) string {
	items := make([]string, len(actions))
	for i, a := range actions {
		items[i] = `{"type":"action","action":` + a + `}`
	}
	return `{"type":"text","text":"q","quickReply":{"items":[` + strings.Join(items, ",") + `]}}`
}

// tap is a step in which Aoi taps in the Cafe's chat.
func tap(name, messageID, with, want, effect string) stage.Step {
	return stage.Step{Name: name, Call: "POST /sim/v1/people/" + stage.Aoi + "/taps", Status: 200, Want: want, Effect: effect,
		Body: `{"chat":` + ref(stage.Cafe) + `,"messageId":"` + messageID + `",` + with + `}`}
}

const (
	anEvent   = "reply_tokens+1 webhook_events+1 | webhook"
	aMessage  = "messages+1 reply_tokens+1 webhook_events+1 | message webhook"
	noEvents  = `"webhookEventIds":[]`
	oneEvent  = `"webhookEventIds":["*"]`
	postback  = `{"type":"postback","label":"P","data":"a=1&b=<>"}`
	displayed = `{"type":"postback","label":"D","data":"d","displayText":"shown"}`
	worded    = `{"type":"postback","label":"W","data":"w","text":"said"}`
	keyboard  = `{"type":"postback","label":"K","data":"k","inputOption":"openKeyboard","fillInText":"line\n2"}`
	message   = `{"type":"message","label":"M","text":"tapped"}`
	uri       = `{"type":"uri","label":"U","uri":"https://example.com/a?b=1"}`
	copied    = `{"type":"clipboard","label":"C","clipboardText":"COUPON"}`
)

func TestTap(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for _, c := range []struct{ name, action, want, effect, heard, sees string }{
			{"postback", postback, `{"type":"postback",` + oneEvent + `}`, anEvent, `"postback":{"data":"a=1&b=<>"}`, ""},
			{"displayText makes no event", displayed, `{"type":"postback",` + oneEvent + `,"messageId":"*"}`, "messages+1 reply_tokens+1 webhook_events+1 | message webhook",
				`"postback":{"data":"d"}`, "shown"},
			{"deprecated text does", worded, `{"type":"postback","webhookEventIds":["*","*"],"messageId":"*"}`,
				"messages+1 reply_tokens+2 webhook_events+2 | message webhook webhook", `"text":"said"` + " " + `"postback":{"data":"w"}`, "said"},
			{"postback that opens the keyboard", keyboard, `{"type":"postback",` + oneEvent + `,"inputOption":"openKeyboard","fillInText":"line\n2"}`, anEvent, `"postback":{"data":"k"}`, ""},
			{"message", message, `{"type":"message",` + oneEvent + `,"messageId":"*"}`, aMessage, `"text":"tapped"`, "tapped"},
			{"uri", uri, `{"type":"uri",` + noEvents + `,"uri":"https://example.com/a?b=1"}`, "", "", ""},
			{"clipboard", copied, `{"type":"clipboard",` + noEvents + `,"clipboardText":"COUPON"}`, "", "", ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				s.Sim("POST", "/reset", "")
				id := push(s, stage.Aoi, holding(c.action))
				s.Play(t, []stage.Step{tap("tap", id, `"action":`+c.action, c.want, c.effect)})
				var heard []string
				for _, d := range s.Heard() {
					if !d.Signed("0123456789abcdef0123456789abcdef") {
						t.Error("not signed")
					}
					for _, part := range strings.Fields(c.heard) {
						if strings.Contains(d.Body, part) {
							heard = append(heard, part)
						}
					}
				}
				if got := strings.Join(heard, " "); got != c.heard {
					t.Errorf("heard %s, want %s", got, c.heard)
				}
				if got := strings.TrimSpace(seen(s, stage.Aoi, stage.Cafe)); got != c.sees {
					t.Errorf("sees %q, want %q", got, c.sees)
				}
			})
		}
	})
}

// The action is given as it stands in the message, as a JSON value: order and
// spelling do not matter, but another action is none.
func TestTapFindsTheAction(t *testing.T) {
	s := stage.Start(t, "", "")
	id := push(s, stage.Aoi, holding(`{"type":"postback","label":"P","data":"é"},`+uri))
	flex := push(s, stage.Aoi, `{"type":"flex","altText":"a","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"t","action":`+postback+`}]}}}`)
	imagemap := push(s, stage.Aoi, `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"a","baseSize":{"width":1040,"height":1040},"actions":[`+
		`{"type":"uri","linkUri":"https://example.com/map","area":{"x":0,"y":0,"width":1,"height":1}}]}`)
	unsentByAoi := say(s, stage.Aoi, stage.Cafe, text("own"))
	gone := push(s, stage.Ben, holding(postback))
	group := push(s, stage.Lunch, holding(postback))
	s.Play(t, []stage.Step{
		tap("in another spelling", id, `"action":{"data":"\u00e9", "label":"P","type":"postback"}`, `{"type":"postback",`+oneEvent+`}`, anEvent),
		tap("in a Flex Message", flex, `"action":`+postback, `{"type":"postback",`+oneEvent+`}`, anEvent),
		tap("in an imagemap", imagemap, `"action":{"type":"uri","linkUri":"https://example.com/map","area":{"x":0,"y":0,"width":1,"height":1}}`,
			`{"type":"uri",`+noEvents+`,"uri":"https://example.com/map"}`, ""),
	})
	refuse := func(name, messageID, with string, status int, message string) {
		step := refused(name, "", "", status, message)
		body := tap("", messageID, with, "", "")
		step.Call, step.Body = body.Call, body.Body
		s.Play(t, []stage.Step{step})
	}
	refuse("an action that is not there", id, `"action":{"type":"postback","label":"P","data":"other"}`, 400, "action: no such action stands in the message")
	refuse("no action", id, `"datetime":"x"`, 400, "action: give the action object as it stands in the message, or quickReply")
	refuse("one's own message", unsentByAoi, `"action":`+postback, 404, "messageId: no account's message "+unsentByAoi+" in this chat")
	refuse("another's chat", gone, `"action":`+postback, 404, "messageId: no account's message "+gone+" in this chat")
	refuse("a group's in the chat with the account", group, `"action":`+postback, 404, "messageId: no account's message "+group+" in this chat")
	refuse("no message", "1", `"action":`+postback, 404, "messageId: no account's message 1 in this chat")
	refuse("a rich menu", id, `"richMenuArea":0`, 409, "richMenuArea: no rich menu is shown in this chat")
}

func TestQuickReplies(t *testing.T) {
	s := stage.Start(t, "", "")
	id := push(s, stage.Aoi, quick(message, `{"type":"camera","label":"c"}`, `{"type":"cameraRoll","label":"r"}`, `{"type":"location","label":"l"}`,
		`{"type":"datetimepicker","label":"d","data":"when","mode":"date"}`))
	plain := push(s, stage.Aoi, text("no buttons"))
	s.Play(t, []stage.Step{
		tap("message", id, `"quickReply":0`, `{"type":"message",`+oneEvent+`,"messageId":"*"}`, aMessage),
		tap("camera", id, `"quickReply":1`, `{"type":"camera",`+noEvents+`}`, ""),
		tap("cameraRoll", id, `"quickReply":2`, `{"type":"cameraRoll",`+noEvents+`}`, ""),
		tap("location", id, `"quickReply":3`, `{"type":"location",`+noEvents+`}`, ""),
		tap("datetimepicker", id, `"quickReply":4,"datetime":"2026-01-31"`, `{"type":"datetimepicker",`+oneEvent+`}`, anEvent),
	})
	for index, want := range map[string]string{"5": "quickReply: the message has 5 quick reply buttons, counted from 0", "-1": "quickReply: the message has 5 quick reply buttons, counted from 0"} {
		step := refused("button "+index, tap("", "", "", "", "").Call, tap("", id, `"quickReply":`+index, "", "").Body, 400, want)
		s.Play(t, []stage.Step{step})
	}
	s.Play(t, []stage.Step{refused("none", tap("", "", "", "", "").Call, tap("", plain, `"quickReply":0`, "", "").Body, 400,
		"quickReply: the message has 0 quick reply buttons, counted from 0")})
}

func TestDatetimePicker(t *testing.T) {
	s := stage.Start(t, "", "")
	picker := func(mode, bounds string) string {
		return `{"type":"datetimepicker","label":"d","data":"when","mode":"` + mode + `"` + bounds + `}`
	}
	for _, c := range []struct{ name, mode, bounds, pick, params, refusal string }{
		{"date", "date", "", "2026-01-31", `{"date":"2026-01-31"}`, ""},
		{"time", "time", "", "23:59", `{"time":"23:59"}`, ""},
		{"datetime", "datetime", "", "2026-01-31T00:00", `{"datetime":"2026-01-31T00:00"}`, ""},
		{"at the minimum", "date", `,"min":"2026-01-02","max":"2026-01-04"`, "2026-01-02", `{"date":"2026-01-02"}`, ""},
		{"at the maximum", "date", `,"min":"2026-01-02","max":"2026-01-04"`, "2026-01-04", `{"date":"2026-01-04"}`, ""},
		{"at a maximum with a small t", "datetime", `,"max":"2026-01-04t10:00"`, "2026-01-04T10:00", `{"datetime":"2026-01-04T10:00"}`, ""},
		{"below the minimum", "date", `,"min":"2026-01-02","max":"2026-01-04"`, "2026-01-01", "", `datetime: from "2026-01-02" to "2026-01-04" can be picked`},
		{"above the maximum", "time", `,"max":"10:00"`, "10:01", "", `datetime: from "" to "10:00" can be picked`},
		{"above a maximum with a small t", "datetime", `,"max":"2026-01-04t10:00"`, "2026-01-04T10:01", "", `datetime: from "" to "2026-01-04t10:00" can be picked`},
		{"nothing picked", "date", "", "", "", "datetime: mode date wants the form 2006-01-02"},
		{"another mode's form", "time", "", "2026-01-01", "", "datetime: mode time wants the form 15:04"},
		{"no such day", "date", "", "2026-02-30", "", "datetime: mode date wants the form 2006-01-02"},
		{"with seconds", "datetime", "", "2026-01-31T00:00:00", "", "datetime: mode datetime wants the form 2006-01-02T15:04"},
	} {
		action := picker(c.mode, c.bounds)
		id := push(s, stage.Aoi, holding(action))
		step := tap(c.name, id, `"action":`+action+`,"datetime":"`+c.pick+`"`, `{"type":"datetimepicker",`+oneEvent+`}`, anEvent)
		if c.refusal != "" {
			step = refused(c.name, step.Call, step.Body, 400, c.refusal)
		}
		s.Play(t, []stage.Step{step})
		heard := s.Heard()
		if c.refusal == "" && (len(heard) != 1 || !strings.Contains(heard[0].Body, `"postback":{"data":"when","params":`+c.params+`}`)) {
			t.Errorf("%s: heard %+v", c.name, heard)
		}
	}
}

// Who has blocked the account, or left the group, taps in vain.
func TestTapAfterTheyParted(t *testing.T) {
	s := stage.Start(t, "", "")
	id := push(s, stage.Aoi, quick(message, postback, displayed, copied))
	inGroup := push(s, stage.Lunch, holding(postback))
	s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	for i := range 3 {
		step := tap("blocked", id, `"quickReply":`+string(rune('0'+i)), "", "")
		s.Play(t, []stage.Step{refused("blocked", step.Call, step.Body, 409, stage.Aoi+" has blocked this account; follow it first")})
	}
	s.Play(t, []stage.Step{tap("what tells nobody", id, `"quickReply":3`, `{"type":"clipboard",`+noEvents+`,"clipboardText":"COUPON"}`, "")})
	s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`)
	body := func() string {
		return `{"chat":` + ref(stage.Lunch) + `,"messageId":"` + inGroup + `","action":` + postback + `}`
	}
	s.Play(t, []stage.Step{refused("left", "POST /sim/v1/people/"+stage.Aoi+"/taps", body(), 409, stage.Aoi+" is not in "+stage.Lunch)})
	s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"channelId":"`+stage.Cafe+`"}`)
	s.Play(t, []stage.Step{{Name: "the account left", Call: "POST /sim/v1/people/" + stage.Ben + "/taps", Body: body(), Status: 200, Want: `{"type":"postback",` + noEvents + `}`}})
}

func TestTapInAGroup(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := push(s, stage.Lunch, holding(postback+","+displayed))
		body := func(action string) string {
			return `{"chat":` + ref(stage.Lunch) + `,"messageId":"` + id + `","action":` + action + `}`
		}
		s.Play(t, []stage.Step{
			{Name: "postback", Call: "POST /sim/v1/people/" + stage.Ben + "/taps", Body: body(postback), Status: 200, Want: `{"type":"postback",` + oneEvent + `}`, Effect: anEvent},
			{Name: "displayText", Call: "POST /sim/v1/people/" + stage.Ben + "/taps", Body: body(displayed), Status: 200,
				Want: `{"type":"postback",` + oneEvent + `,"messageId":"*"}`, Effect: "messages+1 reply_tokens+1 webhook_events+1 | message webhook"},
		})
		heard := s.Heard()
		if want := `{"type":"group","groupId":"` + stage.Lunch + `","userId":"` + stage.Ben + `"}`; len(heard) != 2 || string(heard[0].Event.Source) != want {
			t.Errorf("heard %+v", heard)
		}
		if got := strings.TrimSpace(seen(s, stage.Aoi, stage.Lunch)); got != "shown" {
			t.Errorf("the others see %q", got)
		}
	})
}
