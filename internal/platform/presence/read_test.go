package presence_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	badToken = `{"message":"Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."}`
	isRead   = "reads+1 | read"
)

func badProperty(path string) string {
	return `{"message":"The property, '` + path + `', in the request body is invalid (line: -, column: -)"}`
}

func reads(name, as, path, body string, status int, want, effect string) stage.Step {
	return stage.Step{Name: name, As: as, Call: "POST /v2/bot/" + path, Body: body, Status: status, Want: want, Effect: effect}
}

// says has a person send a text and gives the token that came to the account with it.
func says(s *stage.Stage, who, chat string) (token string) {
	s.T.Helper()
	s.Heard()
	member := map[byte]string{'1': "channelId", 'C': "groupId", 'R': "roomId"}[chat[0]]
	s.Sim("POST", "/people/"+who+"/messages", `{"chat":{"`+member+`":"`+chat+`"},"message":{"type":"text","text":"a"}}`)
	heard := s.Heard()
	if len(heard) != 1 {
		s.T.Fatalf("%d webhooks", len(heard))
	}
	_, rest, _ := strings.Cut(heard[0].Body, `"markAsReadToken":"`)
	token, _, _ = strings.Cut(rest, `"`)
	if token == "" {
		s.T.Fatalf("no token in %s", heard[0].Body)
	}
	return token
}

// marks are the read marks of all that a person sees in a chat, as "true false".
func marks(s *stage.Stage, who, chat string) string {
	s.T.Helper()
	var v struct {
		Messages []struct {
			Read bool `json:"read"`
		} `json:"messages"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats/"+chat+"/messages", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	var words []string
	for _, m := range v.Messages {
		words = append(words, fmt.Sprint(m.Read))
	}
	return strings.Join(words, " ")
}

func TestMarkAsReadByToken(t *testing.T) {
	s := stage.Start(t, "", world)
	says(s, stage.Aoi, stage.Cafe)
	second := says(s, stage.Aoi, stage.Cafe)
	says(s, stage.Aoi, stage.Cafe)
	if got := marks(s, stage.Aoi, stage.Cafe); got != "false false false" {
		t.Fatalf("an account with chat on has read %s", got)
	}
	const path = "chat/markAsRead"
	changed := second[:10] + string(second[10]^1) + second[11:]
	body := func(token string) string { return `{"markAsReadToken":"` + token + `"}` }
	s.Play(t, []stage.Step{
		reads("the second", stage.Cafe, path, body(second), 200, `{}`, isRead),
		reads("again", stage.Cafe, path, body(second), 200, `{}`, "| read"),
		reads("another account's", stage.Shop, path, body(second), 400, badToken, ""),
		reads("one that is none", stage.Cafe, path, body("nonsense"), 400, badToken, ""),
		reads("a changed one", stage.Cafe, path, body(changed), 400, badToken, ""),
		reads("a NUL", stage.Cafe, path, body(`\u0000`), 400, badToken, ""),
		reads("an empty one", stage.Cafe, path, body(""), 400, refusal(`{"message":"May not be empty","property":"markAsReadToken"}`), ""),
		reads("none", stage.Cafe, path, `{}`, 400, refusal(`{"message":"May not be empty","property":"markAsReadToken"}`), ""),
	})
	if got := marks(s, stage.Aoi, stage.Cafe); got != "true true false" {
		t.Errorf("read: %s", got)
	}
	s.Advance("8760h") // it does not expire
	s.Play(t, []stage.Step{reads("after a year", stage.Cafe, path, body(second), 200, `{}`, "| read")})
	s.Sim("POST", "/reset", "{}")
	s.Play(t, []stage.Step{reads("of a world before", stage.Cafe, path, body(second), 400, badToken, "")})
}

// What is read in a group shows there, and also after the account has left.
func TestMarkAsReadInGroups(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first := says(s, stage.Aoi, stage.Lunch)
		says(s, stage.Aoi, stage.Lunch)
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{reads("by token", stage.Cafe, "chat/markAsRead", `{"markAsReadToken":"`+first+`"}`, 200, `{}`, isRead)})
		if got := marks(s, stage.Aoi, stage.Lunch); got != "true false" {
			t.Errorf("read: %s", got)
		}
		says(s, stage.Aoi, stage.Corner)
		s.Play(t, []stage.Step{
			reads("a room by its id", stage.Cafe, "chat/markAsRead", `{"chatId":"`+stage.Corner+`"}`, 200, `{}`, isRead),
			reads("a group that it left", stage.Cafe, "chat/markAsRead", `{"chatId":"`+stage.Lunch+`"}`, 400, badProperty("chatId"), ""),
		})
		if got := marks(s, stage.Aoi, stage.Corner); got != "true" {
			t.Errorf("read: %s", got)
		}
	})
}

// The older ways name the person, and mean all that there is.
func TestMarkAsReadByPerson(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for _, c := range []struct{ path, property, body, none string }{
			{"message/markAsRead", "chat.chatId", `{"chat":{"userId":"USER"}}`, `{"chat":{}}`},
			{"chat/markAsRead", "chatId", `{"chatId":"USER"}`, `{"chatId":"me"}`},
		} {
			body := func(id string) string { return strings.Replace(c.body, "USER", id, 1) }
			bad := badProperty(c.property)
			s.Play(t, []stage.Step{
				reads(c.path+" of who said nothing", stage.Cafe, c.path, body(stage.Ben), 200, `{}`, ""),
				reads(c.path+" of a stranger", stage.Cafe, c.path, body(stage.Chen), 200, `{}`, ""),
				reads(c.path+" of nobody", stage.Cafe, c.path, body(stage.Nobody), 400, bad, ""),
				reads(c.path+" of another provider's", stage.Cafe, c.path, body(stage.Eve), 400, bad, ""),
				reads(c.path+" of no id", stage.Cafe, c.path, body("aoi"), 400, bad, ""),
				reads(c.path+" of a group that it is not in", stage.Cafe, c.path, body(stage.Family), 400, bad, ""),
				reads(c.path+" without an id", stage.Cafe, c.path, c.none, 400, bad, ""),
			})
		}
	})
	s := stage.Start(t, "", world)
	says(s, stage.Aoi, stage.Shop)
	says(s, stage.Aoi, stage.Shop)
	s.Play(t, []stage.Step{reads("all of the person", stage.Shop, "message/markAsRead", `{"chat":{"userId":"`+stage.Aoi+`"}}`, 200, `{}`, isRead)})
	says(s, stage.Aoi, stage.Shop)
	if got := marks(s, stage.Aoi, stage.Shop); got != "true true false" {
		t.Errorf("read: %s", got)
	}
	s.Play(t, []stage.Step{reads("all of the chat", stage.Shop, "chat/markAsRead", `{"chatId":"`+stage.Aoi+`"}`, 200, `{}`, "| read")})
	if got := marks(s, stage.Aoi, stage.Shop); got != "true true true" {
		t.Errorf("read: %s", got)
	}
}

// An account in auto mode has read at once; marking changes nothing that shows.
func TestAutoModeHasRead(t *testing.T) {
	s := stage.Start(t, "", "")
	token := says(s, stage.Aoi, stage.Cafe)
	says(s, stage.Aoi, stage.Cafe)
	if got := marks(s, stage.Aoi, stage.Cafe); got != "true true" {
		t.Errorf("read: %s", got)
	}
	s.Play(t, []stage.Step{
		reads("by token", stage.Cafe, "chat/markAsRead", `{"markAsReadToken":"`+token+`"}`, 200, `{}`, isRead),
		reads("by person", stage.Cafe, "message/markAsRead", `{"chat":{"userId":"`+stage.Aoi+`"}}`, 200, `{}`, "| read"),
	})
	if got := marks(s, stage.Aoi, stage.Cafe); got != "true true" {
		t.Errorf("read: %s", got)
	}
}
