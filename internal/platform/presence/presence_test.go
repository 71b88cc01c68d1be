package presence_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

// world is the usual one with accounts that mark as read by hand.
var world = strings.Replace(strings.Replace(stage.World, "status: verified}", "status: verified, chatMode: chat}", 1),
	`displayName: Shop}`, `displayName: Shop, markAsReadMode: manual}`, 1)

func loading(name, body string, status int, want, effect string) stage.Step {
	return stage.Step{Name: name, As: stage.Cafe, Call: "POST /v2/bot/chat/loading/start", Body: body, Status: status, Want: want, Effect: effect}
}

func refusal(details ...string) string {
	return `{"message":"The request body has ` + string(rune('0'+len(details))) + ` error(s)","details":[` + strings.Join(details, ",") + `]}`
}

const (
	badChat  = `{"message":"Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.","property":"chatId"}`
	badRange = `{"message":"Must be between 5 and 60","property":"loadingSeconds"}`
	badFive  = `{"message":"must be a multiple of five","property":"loadingSeconds"}`
)

func TestLoadingRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	to := func(seconds string) string { return `{"chatId":"` + stage.Aoi + `","loadingSeconds":` + seconds + `}` }
	malformed := func(property string) string {
		return `{"message":"The property, '` + property + `', in the request body is invalid (line: 1, column: *)"}`
	}
	s.Play(t, []stage.Step{
		loading("a group", `{"chatId":"`+stage.Lunch+`"}`, 400, refusal(badChat), ""),
		loading("a room", `{"chatId":"`+stage.Corner+`"}`, 400, refusal(badChat), ""),
		loading("no user id", `{"chatId":"aoi"}`, 400, refusal(badChat), ""),
		loading("a NUL", `{"chatId":"\u0000"}`, 400, refusal(badChat), ""),
		loading("no chat", `{}`, 400, refusal(badChat), ""),
		loading("0 seconds", to("0"), 400, refusal(badRange), ""),
		loading("7 seconds", to("7"), 400, refusal(badFive), ""),
		loading("65 seconds", to("65"), 400, refusal(badRange), ""),
		loading("61 seconds", to("61"), 400, refusal(badRange, badFive), ""),
		loading("-5 seconds", to("-5"), 400, refusal(badRange), ""),
		loading("all wrong", `{"chatId":"`+stage.Lunch+`","loadingSeconds":3}`, 400, refusal(badChat, badRange, badFive), ""),
		loading("half seconds", to("7.5"), 400, malformed("loadingSeconds"), ""),
		loading("a text", to(`"5"`), 400, malformed("loadingSeconds"), ""),
		loading("no JSON", `{`, 400, `{"message":"The request body could not be parsed as JSON (line: 1, column: *)"}`, ""),
	})
}

// until is until when the phone of a person shows the Cafe's animation, "" for not.
func until(s *stage.Stage, who string) string {
	s.T.Helper()
	var v struct {
		Chats []struct {
			ID           string `json:"id"`
			LoadingUntil string `json:"loadingUntil"`
		} `json:"chats"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	for _, c := range v.Chats {
		if c.ID == stage.Cafe {
			return c.LoadingUntil
		}
	}
	return ""
}

func TestLoading(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Hold() // so that the outbox is told of
		const shown, prolonged = "loading_animations+1 outbox+1 | loading", "outbox+1 | loading"
		to := func(who, seconds string) string { return `{"chatId":"` + who + `"` + seconds + `}` }
		s.Play(t, []stage.Step{
			loading("a friend", to(stage.Aoi, `,"loadingSeconds":5`), 202, `{}`, shown),
			loading("again, for longer", to(stage.Aoi, `,"loadingSeconds":60`), 202, `{}`, prolonged),
			loading("another, for 20 seconds", to(stage.Ben, ``), 202, `{}`, shown),
			loading("null counts as absent", to(stage.Ben, `,"loadingSeconds":null`), 202, `{}`, prolonged),
			loading("a stranger", to(stage.Chen, ""), 202, `{}`, ""),
			loading("who blocked it", to(stage.Dan, ""), 202, `{}`, ""),
			loading("nobody", to(stage.Nobody, ""), 202, `{}`, ""),
			loading("somebody of another provider", to(stage.Eve, ""), 202, `{}`, ""),
		})
		past := func(by, want string) stage.Step {
			return stage.Step{Name: by + " pass", Call: "POST /sim/v1/clock", Body: `{"advance":"` + by + `"}`, Status: 200, Want: `{"now":"*","mode":"virtual"}`, Effect: want}
		}
		if until(s, stage.Aoi) == "" || until(s, stage.Ben) == "" || until(s, stage.Chen) != "" {
			t.Errorf("shown until %q, %q, %q", until(s, stage.Aoi), until(s, stage.Ben), until(s, stage.Chen))
		}
		s.Restart()
		s.Play(t, []stage.Step{
			past("15s", "outbox-1 | clock"), // what was to end after 5 seconds has been prolonged
			past("6s", "loading_animations-1 outbox-2 | clock loading"),
		})
		if until(s, stage.Aoi) == "" || until(s, stage.Ben) != "" {
			t.Errorf("shown until %q, %q", until(s, stage.Aoi), until(s, stage.Ben))
		}
		s.Play(t, []stage.Step{past("40s", "loading_animations-1 outbox-1 | clock loading")})
		if got := until(s, stage.Aoi); got != "" {
			t.Errorf("shown until %q", got)
		}
	})
}

// Whatever the account says ends the animation; what the person says does not.
func TestLoadingEndsByAMessage(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		text := `"messages":[{"type":"text","text":"a"}]`
		sends := map[string]func(){
			"push":      func() { s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Aoi+`",`+text+`}`) },
			"multicast": func() { s.As(stage.Cafe, "POST", "/v2/bot/message/multicast", `{"to":["`+stage.Aoi+`"],`+text+`}`) },
			"broadcast": func() { s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{`+text+`}`) },
		}
		start := func() {
			t.Helper()
			if a := s.As(stage.Cafe, "POST", "/v2/bot/chat/loading/start", `{"chatId":"`+stage.Aoi+`"}`); a.Status != 202 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			if until(s, stage.Aoi) == "" {
				t.Error("it is not shown")
			}
		}
		for name, send := range sends {
			start()
			s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"and?"}}`)
			s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Ben+`",`+text+`}`)
			if until(s, stage.Aoi) == "" {
				t.Errorf("%s: a question, or an answer to another, ended it", name)
			}
			if send(); until(s, stage.Aoi) != "" {
				t.Errorf("%s does not end it", name)
			}
		}
		start() // also after an end by a message
	})
}

func TestLoadingRateLimit(t *testing.T) {
	s := stage.Start(t, "", "")
	for range 2000 {
		if s.As(stage.Cafe, "POST", "/v2/bot/chat/loading/start", `{}`).Status == 429 {
			return
		}
	}
	t.Error("2,000 calls at once are not limited to 100 a second")
}
