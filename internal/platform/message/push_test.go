package message_test

import (
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	push    = "POST /v2/bot/message/push"
	hi      = `"messages":[{"type":"text","text":"hi"}]`
	sentOne = `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`
	failed  = `{"message":"Failed to send messages"}`
	over    = `{"message":"You have reached your monthly limit."}`
)

// to is the body of a push of one text.
func to(id string) string { return `{"to":"` + id + `",` + hi + `}` }

// invalid is the refusal of one property of a body.
func invalid(property string) string {
	return `{"message":"The property, '` + property + `', in the request body is invalid (line: -, column: -)"}`
}

// What pushes leave behind: to a person without and with a chat, and to a group of two.
const (
	toPerson = "#delivered.push+1 #usage+1 chats+1 messages+1 | message"
	again    = "#delivered.push+1 #usage+1 messages+1 | message"
	toLunch  = "#delivered.push+2 #usage+2 messages+1 | message"
)

func TestPushReaches(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "a friend", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: toPerson},
			{Name: "a friend again", Call: push, As: stage.Cafe, Body: to(stage.Aoi), Status: 200, Want: sentOne, Effect: again},
			{Name: "one who blocked", Call: push, As: stage.Cafe, Body: to(stage.Dan), Status: 200, Want: sentOne},
			{Name: "a stranger", Call: push, As: stage.Cafe, Body: to(stage.Chen), Status: 200, Want: sentOne},
			{Name: "nobody", Call: push, As: stage.Cafe, Body: to(stage.Nobody), Status: 400, Want: failed},
			{Name: "a person of another provider", Call: push, As: stage.Cafe, Body: to(stage.Eve), Status: 400, Want: failed},
			{Name: "a group it is in", Call: push, As: stage.Cafe, Body: to(stage.Lunch), Status: 200, Want: sentOne, Effect: toLunch},
			{Name: "a room it is in", Call: push, As: stage.Cafe, Body: to(stage.Corner), Status: 200, Want: sentOne,
				Effect: "#delivered.push+3 #usage+3 messages+1 | message"},
			{Name: "a group it is not in", Call: push, As: stage.Cafe, Body: to(stage.Family), Status: 400, Want: failed},
			{Name: "a group of another provider's", Call: push, As: stage.Foreign, Body: to(stage.Lunch), Status: 400, Want: failed},
			{Name: "no group", Call: push, As: stage.Cafe, Body: to("C000000000000000000000000000000ff"), Status: 400, Want: failed},
			{Name: "no room", Call: push, As: stage.Cafe, Body: to("R000000000000000000000000000000ff"), Status: 400, Want: failed},
			{Name: "people count, not messages", Call: push, As: stage.Cafe, Status: 200,
				Body:   `{"to":"` + stage.Lunch + `","messages":[{"type":"text","text":"1"},{"type":"location","title":"t","address":"a","latitude":1,"longitude":2}]}`,
				Want:   `{"sentMessages":[{"id":"*","quoteToken":"*"},{"id":"*"}]}`,
				Effect: "#delivered.push+2 #usage+2 messages+2 | message"},
		})
	})
}

// After a restart nobody is in memory, so that all is read from the store.
func TestPushToAGroupAfterARestart(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Restart()
		s.Play(t, []stage.Step{{Name: "room", Call: push, As: stage.Cafe, Body: to(stage.Corner), Status: 200, Want: sentOne,
			Effect: "#delivered.push+3 #usage+3 messages+1 | message"}})
	})
}

func TestPushToAStranger(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Sim("POST", "/people/"+stage.Chen+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"hi"}}`)
		s.Heard()
		s.Play(t, []stage.Step{{Name: "who just wrote", Call: push, As: stage.Cafe, Body: to(stage.Chen), Status: 200, Want: sentOne, Effect: again}})
		s.Advance("167h59m50s")
		s.Play(t, []stage.Step{{Name: "within seven days", Call: push, As: stage.Cafe, Body: to(stage.Chen), Status: 200, Want: sentOne, Effect: again}})
		s.Advance("20s")
		s.Play(t, []stage.Step{{Name: "after seven days", Call: push, As: stage.Cafe, Body: to(stage.Chen), Status: 200, Want: sentOne}})
	})
}

func TestPushToAStrangerWhoBlocked(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Sim("POST", "/people/"+stage.Chen+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"hi"}}`)
	s.Sim("POST", "/people/"+stage.Chen+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	s.Play(t, []stage.Step{{Name: "nothing", Call: push, As: stage.Cafe, Body: to(stage.Chen), Status: 200, Want: sentOne}})
}
