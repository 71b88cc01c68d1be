package clients

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object to be sent.
type object = map[string]any

// sim makes a call of the simulation API and reads its answer as a T.
func sim[T any](s *stage, method, path string, in any) T {
	s.t.Helper()
	body := ""
	if in != nil {
		b, err := json.Marshal(in)
		body = string(must(s.t, b, err))
	}
	var out T
	answer := s.server.Do(method, "/sim/v1"+path, body)
	if answer.Status >= 300 {
		s.t.Fatalf("%s %s %s: %d %s", method, path, body, answer.Status, answer.Body)
	}
	if err := json.Unmarshal([]byte(answer.Body), &out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// settle returns when every webhook that is due has been tried.
func (s *stage) settle() { s.t.Helper(); s.advance(0) }

// advance moves the clock on; what is due by then has happened when it returns.
func (s *stage) advance(d time.Duration) {
	s.t.Helper()
	sim[object](s, "POST", "/clock", object{"advance": d.String()})
}

// set moves the clock on to an instant.
func (s *stage) set(instant string) {
	s.t.Helper()
	sim[object](s, "POST", "/clock", object{"set": instant})
}

// now is the server's time.
func (s *stage) now() time.Time {
	s.t.Helper()
	v := sim[struct {
		Now time.Time `json:"now"`
	}](s, "GET", "/clock", nil)
	return v.Now
}

// in names a chat: a channel's, a group's or a room's.
func in(id string) object {
	switch id[0] {
	case 'C':
		return object{"groupId": id}
	case 'R':
		return object{"roomId": id}
	}
	return object{"channelId": id}
}

// said is what became of a person's message.
type said struct {
	MessageID       string   `json:"messageId"`
	WebhookEventIDs []string `json:"webhookEventIds"`
	QuoteToken      string   `json:"quoteToken"`
}

// says has a person send a message.
func (s *stage) says(person, chat string, message object) said {
	s.t.Helper()
	return sim[said](s, "POST", "/people/"+person+"/messages", object{"chat": in(chat), "message": message})
}

// writes has a person send a text.
func (s *stage) writes(person, chat, words string) said {
	s.t.Helper()
	return s.says(person, chat, object{"type": "text", "text": words})
}

// does has a person do something beside talking.
func (s *stage) does(person string, event object) {
	s.t.Helper()
	sim[object](s, "POST", "/people/"+person+"/events", event)
}

// seen is a message as a person sees it.
type seen struct {
	ID   string `json:"id"`
	From struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	} `json:"from"`
	Message              jsontext.Value `json:"message"`
	NotificationDisabled bool           `json:"notificationDisabled"`
}

// sees lists a chat as a person sees it, newest last.
func (s *stage) sees(person, chat string) []seen {
	s.t.Helper()
	return sim[struct {
		Messages []seen `json:"messages"`
	}](s, "GET", "/people/"+person+"/chats/"+chat+"/messages", nil).Messages
}

// texts are the texts that a person sees in a chat, each after who said it.
func (s *stage) texts(person, chat string) string {
	s.t.Helper()
	var list []string
	for _, m := range s.sees(person, chat) {
		var v struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(m.Message, &v); err != nil {
			s.t.Fatal(err)
		}
		list = append(list, m.From.Type+": "+v.Text)
	}
	return strings.Join(list, "\n")
}

// sameJSON says whether two JSON texts mean the same.
func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	canonical := func(v []byte) string {
		c := jsontext.Value(v).Clone()
		if err := c.Canonicalize(); err != nil {
			t.Fatalf("%v: %s", err, v)
		}
		return string(c)
	}
	return canonical(a) == canonical(b)
}
