package sim_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

// ref names a chat as the simulation API does.
func ref(chat string) string {
	return `{"` + map[byte]string{'1': "channelId", 'C': "groupId", 'R': "roomId"}[chat[0]] + `":"` + chat + `"}`
}

func text(words string) string { return `{"type":"text","text":"` + words + `"}` }

// say has a person send a message and gives its id.
func say(s *stage.Stage, who, chat, message string) string {
	s.T.Helper()
	return field(s, s.Sim("POST", "/people/"+who+"/messages", `{"chat":`+ref(chat)+`,"message":`+message+`}`), "messageId")
}

// push sends a message of the Cafe's and gives its id.
func push(s *stage.Stage, to, message string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+to+`","messages":[`+message+`]}`)
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

// field is a member of an answer that is a text.
func field(s *stage.Stage, body, name string) string {
	s.T.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		s.T.Fatalf("%v: %s", err, body)
	}
	text, ok := v[name].(string)
	if !ok {
		s.T.Fatalf("no %s in %s", name, body)
	}
	return text
}

// seen are the texts that a person sees in a chat, oldest first.
func seen(s *stage.Stage, who, chat string) string {
	s.T.Helper()
	var v struct {
		Messages []struct {
			Message struct {
				Text string `json:"text"`
			} `json:"message"`
		} `json:"messages"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats/"+chat+"/messages", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	var texts []string
	for _, m := range v.Messages {
		texts = append(texts, m.Message.Text)
	}
	return strings.Join(texts, " ")
}

func refused(name, call, body string, status int, message string) stage.Step {
	quoted, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return stage.Step{Name: name, Call: call, Body: body, Status: status, Want: `{"message":` + string(quoted) + `}`}
}

func replaceOnce(t *testing.T, s, old, with string) string {
	t.Helper()
	if strings.Count(s, old) != 1 {
		t.Fatalf("%q is there %d times", old, strings.Count(s, old))
	}
	return strings.Replace(s, old, with, 1)
}
