package insight_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// crowded is the usual world with a hundred more friends of the Cafe.
const crowded = stage.World + `
crowd:
  - {channel: "1656000001", count: 100, seed: 1}
`

// eachCrowded plays on both engines.
func eachCrowded(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, crowded)) })
}

// members are the user ids of so many of the crowd.
func members(s *stage.Stage, n int) []string {
	s.T.Helper()
	var v struct {
		UserIDs []string `json:"userIds"`
	}
	a := s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=1000", "")
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		s.T.Fatal(err)
	}
	var list []string
	for _, id := range v.UserIDs {
		if !strings.HasPrefix(id, "U0000") {
			list = append(list, id)
		}
	}
	return list[:n]
}

// get is a row of a table of reads, which change nothing.
func get(name, path string, status int, want string) stage.Step {
	return stage.Step{Name: name, Call: "GET /v2/bot/insight/" + path, As: stage.Cafe, Status: status, Want: want}
}

const shopped = `{"type":"uri","label":"Shop","uri":"https://example.com/shop?a=1"}`

// offers is two messages: one with links, one to play.
const offers = `{"type":"template","altText":"offers","template":{"type":"buttons","text":"Offers","actions":[` + shopped + `,
	{"type":"uri","label":"About","uri":"https://example.com/about"}]}},
	{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/a.jpg"}`

// broadcast sends to all friends and gives the request's id.
func broadcast(s *stage.Stage, messages string) string {
	s.T.Helper()
	return send(s, "broadcast", `{"messages":[`+messages+`]}`)
}

func send(s *stage.Stage, how, body string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/"+how, body)
	if a.Status != 200 {
		s.T.Fatalf("%s: %d %s", how, a.Status, a.Body)
	}
	return a.Header.Get("x-line-request-id")
}

const cafe = `{"channelId":"` + stage.Cafe + `"}`

func read(s *stage.Stage, who string) {
	s.T.Helper()
	s.Sim("POST", "/people/"+who+"/events", `{"type":"read","chat":`+cafe+`}`)
}

// latest are the ids of the last messages that somebody sees from the Cafe.
func latest(s *stage.Stage, who string, n int) []string {
	s.T.Helper()
	var v struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats/"+stage.Cafe+"/messages", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	var ids []string
	for _, m := range v.Messages[len(v.Messages)-n:] {
		ids = append(ids, m.ID)
	}
	return ids
}

func click(s *stage.Stage, who, messageID, action string) {
	s.T.Helper()
	s.Sim("POST", "/people/"+who+"/taps", `{"chat":`+cafe+`,"messageId":"`+messageID+`","action":`+action+`}`)
}

func play(s *stage.Stage, who, messageID, percent string) {
	s.T.Helper()
	s.Sim("POST", "/people/"+who+"/events", `{"type":"mediaPlay","messageId":"`+messageID+`","percent":`+percent+`}`)
}

// replaced is a text with exactly one part of it replaced.
func replaced(text, from, to string) string {
	if strings.Count(text, from) != 1 {
		panic("not once in the text: " + from)
	}
	return strings.Replace(text, from, to, 1)
}
