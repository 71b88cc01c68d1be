package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/testkit/stage"
)

// said is the answer of a person's message.
type said struct {
	MessageID  string   `json:"messageId"`
	EventIDs   []string `json:"webhookEventIds"`
	QuoteToken string   `json:"quoteToken"`
}

// ref names a chat as the simulation API does.
func ref(chat string) string {
	return `{"` + map[byte]string{'1': "channelId", 'C': "groupId", 'R': "roomId"}[chat[0]] + `":"` + chat + `"}`
}

func say(s *stage.Stage, who, chat, message string) (out said) {
	s.T.Helper()
	body := s.Sim("POST", "/people/"+who+"/messages", `{"chat":`+ref(chat)+`,"message":`+message+`}`)
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

func text(words string) string { return `{"type":"text","text":"` + words + `"}` }

// view is a chat as the simulation API shows it.
type view struct {
	Messages []struct {
		ID   string `json:"id"`
		From struct {
			Type, ID, Name string
		} `json:"from,case:ignore"`
		Message  jsontext.Value `json:"message"`
		Read     bool           `json:"read"`
		UnsentAt string         `json:"unsentAt"`
	} `json:"messages"`
}

func read(s *stage.Stage, who, chat string) (v view) {
	s.T.Helper()
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats/"+chat+"/messages?limit=100", "")), &v, json.MatchCaseInsensitiveNames(true)); err != nil {
		s.T.Fatal(err)
	}
	return v
}

// sees compares the texts that a person sees in a chat, oldest first.
func sees(t *testing.T, s *stage.Stage, who, chat, want string) {
	t.Helper()
	var texts []string
	for _, m := range read(s, who, chat).Messages {
		var v struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(m.Message, &v); len(m.Message) > 0 && err != nil {
			t.Fatal(err)
		}
		texts = append(texts, v.Text)
	}
	if got := strings.Join(texts, " "); got != want {
		t.Errorf("%s sees %q in %s, want %q", who[30:], got, chat, want)
	}
}

// unread is how many messages of a chat a person has not read.
func unread(s *stage.Stage, who, chat string) int {
	s.T.Helper()
	var v struct {
		Chats []struct {
			ID          string `json:"id"`
			UnreadCount int    `json:"unreadCount"`
		} `json:"chats"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	for _, c := range v.Chats {
		if c.ID == chat {
			return c.UnreadCount
		}
	}
	s.T.Fatalf("%s has no chat %s", who, chat)
	return 0
}

func push(s *stage.Stage, to, words string) (id string) {
	s.T.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+to+`","messages":[`+text(words)+`]}`)
	var v struct {
		SentMessages []struct {
			ID string `json:"id"`
		} `json:"sentMessages"`
	}
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil || a.Status != 200 {
		s.T.Fatalf("push: %d %s", a.Status, a.Body)
	}
	return v.SentMessages[0].ID
}

func happen(s *stage.Stage, who, body string) string {
	s.T.Helper()
	return s.Sim("POST", "/people/"+who+"/events", body)
}

// event is the body of the only webhook that came, without what is new each time.
func event(t *testing.T, s *stage.Stage) (d stage.Delivery, rest string) {
	t.Helper()
	list := s.Heard()
	if len(list) != 1 {
		t.Fatalf("%d webhooks", len(list))
	}
	d = list[0]
	rest = d.Body
	for name, value := range map[string]string{"ID": d.Event.ID, "TOKEN": d.Event.ReplyToken, "MESSAGE": d.Event.Message.ID, "QUOTE": d.Event.Message.QuoteToken,
		"TIME": fmt.Sprint(d.Event.Timestamp)} {
		if value != "" {
			rest = strings.ReplaceAll(rest, value, name)
		}
	}
	return d, rest
}

func replaceOnce(s, old, with string) string {
	if strings.Count(s, old) != 1 {
		panic("not once: " + old)
	}
	return strings.Replace(s, old, with, 1)
}
