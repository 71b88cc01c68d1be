package demo

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/platform/channel"
	rules "kaiwa/internal/platform/object"
)

var cafe = &channel.Channel{ID: "1656000001", Account: channel.Account{DisplayName: "Kaiwa Cafe"}}

// said is a webhook body with one message event.
func said(message string) string {
	return `{"destination":"U","events":[{"type":"message","message":` + message + `,"replyToken":"T","mode":"active"}]}`
}

// Whatever the bot answers, the platform would send it.
func TestAnswers(t *testing.T) {
	long := strings.Repeat("👍", 5000)
	for _, c := range []struct{ name, body, want string }{
		{"follow", `{"events":[{"type":"follow","replyToken":"T"}]}`, "Welcome to Kaiwa Cafe!"},
		{"join", `{"events":[{"type":"join","replyToken":"T"}]}`, "Welcome to Kaiwa Cafe!"},
		{"memberJoined", `{"events":[{"type":"memberJoined","replyToken":"T"}]}`, "Nice to meet you"},
		{"postback", `{"events":[{"type":"postback","postback":{"data":"hours"},"replyToken":"T"}]}`, "You tapped: hours"},
		{"postback with a date", `{"events":[{"type":"postback","postback":{"data":"booking","params":{"datetime":"2026-01-31T19:00"}},"replyToken":"T"}]}`, "booking (2026-01-31T19:00)"},
		{"greeting", said(`{"type":"text","text":"Hello there"}`), "Hello from Kaiwa Cafe!"},
		{"greeting in Japanese", said(`{"type":"text","text":"こんにちは"}`), "Hello from Kaiwa Cafe!"},
		{"hi inside of a word", said(`{"type":"text","text":"this"}`), "You said: this"},
		{"menu", said(`{"type":"text","text":"Show me the menu"}`), "Matcha latte"},
		{"booking", said(`{"type":"text","text":"I want to book a table"}`), "datetimepicker"},
		{"anything", said(`{"type":"text","text":"<b>\"x\"</b>"}`), "You said: "},
		{"a text longer than may be sent", said(`{"type":"text","text":"` + long + `"}`), "You said: 👍"},
		{"sticker", said(`{"type":"sticker","packageId":"1","stickerId":"1"}`), `"sticker"`},
		{"location", said(`{"type":"location","title":"Tower","address":"1-1"}`), "You are at Tower 1-1"},
		{"bare location", said(`{"type":"location","latitude":1,"longitude":1}`), `"You are at"`},
		{"image", said(`{"type":"image"}`), "Thank you for the image."},
		{"file", said(`{"type":"file","fileName":"a"}`), "Thank you for the file."},
		{"no token", `{"events":[{"type":"unfollow"}]}`, ""},
		{"an event it does not know", `{"events":[{"type":"weather","replyToken":"T"}]}`, ""},
		{"no events", `{"events":[]}`, ""},
	} {
		answer := ""
		bot := &Bot{Reply: func(_ context.Context, ch *channel.Channel, token string, messages []jsontext.Value) error {
			if ch != cafe || token != "T" {
				t.Errorf("%s: replied by token %q of %v", c.name, token, ch)
			}
			if _, bad := rules.Validate(messages, rules.Options{Kind: rules.Reply}); bad != nil {
				t.Errorf("%s: %v", c.name, bad)
			}
			for _, m := range messages {
				answer += string(m)
			}
			return nil
		}}
		if err := bot.Answer(t.Context(), cafe, []byte(c.body)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !strings.Contains(answer, c.want) || (c.want == "") != (answer == "") {
			t.Errorf("%s: answered %.200s, want %s", c.name, answer, c.want)
		}
	}
}

func TestFailures(t *testing.T) {
	down := errors.New("down")
	bot := &Bot{Reply: func(context.Context, *channel.Channel, string, []jsontext.Value) error { return down }}
	if err := bot.Answer(t.Context(), cafe, []byte(said(`{"type":"text","text":"a"}`))); !errors.Is(err, down) {
		t.Errorf("a reply that fails: %v", err)
	}
	if err := bot.Answer(t.Context(), cafe, []byte(`{`)); err == nil {
		t.Error("no JSON is no error")
	}
}
