package message_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

// seen are the texts that a person sees in the Cafe's chat, oldest first.
func seen(s *stage.Stage, who, chat string) string {
	s.T.Helper()
	var in struct {
		Messages []struct {
			Message struct {
				Text string `json:"text"`
			} `json:"message"`
		} `json:"messages"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats/"+chat+"/messages?limit=100", "")), &in); err != nil {
		s.T.Fatal(err)
	}
	var texts []string
	for _, m := range in.Messages {
		texts = append(texts, m.Message.Text)
	}
	return strings.Join(texts, " ")
}

func sees(t *testing.T, s *stage.Stage, who, chat, want string) {
	t.Helper()
	if got := seen(s, who, chat); got != want {
		t.Errorf("%s sees %q in %s, want %q", who, got, chat, want)
	}
}

func send(s *stage.Stage, call, address, text string) {
	s.T.Helper()
	method, path, _ := strings.Cut(call, " ")
	if a := s.As(stage.Cafe, method, path, `{`+address+`"messages":[{"type":"text","text":"`+text+`"}]}`); a.Status != 200 {
		s.T.Fatalf("%s: %d %s", call, a.Status, a.Body)
	}
}

func TestMulticast(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "friends, one twice, one who blocked, a stranger, nobody, another provider's", Call: multicast, As: stage.Cafe, Status: 200, Want: `{}`,
				Body: `{"to":["` + strings.Join([]string{stage.Aoi, stage.Ben, stage.Aoi, stage.Dan, stage.Chen, stage.Nobody, stage.Eve}, `","`) +
					`"],"messages":[{"type":"text","text":"all"}]}`,
				Effect: "#delivered.multicast+2 #usage+2 chats+1 messages+1 sends+1 | message"},
			{Name: "two messages to one", Call: multicast, As: stage.Cafe, Status: 200, Want: `{}`,
				Body:   `{"to":["` + stage.Ben + `"],"messages":[{"type":"text","text":"ben1"},{"type":"text","text":"ben2"}]}`,
				Effect: "#delivered.multicast+1 #usage+1 messages+2 sends+1 | message"},
		})
		sees(t, s, stage.Aoi, stage.Cafe, "all")
		sees(t, s, stage.Ben, stage.Cafe, "all ben1 ben2")
		for _, who := range []string{stage.Dan, stage.Chen} {
			sees(t, s, who, stage.Cafe, "")
		}
	})
}

// Who was a friend at the moment of a broadcast has it for ever; nobody else.
func TestBroadcastIsSeenByTheFriendsOfItsMoment(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		befriend := func(who, act string) {
			s.Sim("POST", "/people/"+who+"/"+act, `{"channelId":"`+stage.Cafe+`"}`)
		}
		// One right after the other: more happens in a millisecond than one thing.
		send(s, broadcast, "", "1")
		befriend(stage.Chen, "follow")
		send(s, broadcast, "", "2")
		befriend(stage.Ben, "unfollow")
		send(s, broadcast, "", "3")
		befriend(stage.Ben, "follow")
		befriend(stage.Dan, "follow")
		send(s, broadcast, "", "4")
		befriend(stage.Chen, "unfollow")
		send(s, broadcast, "", "5")
		sees(t, s, stage.Aoi, stage.Cafe, "1 2 3 4 5")
		sees(t, s, stage.Ben, stage.Cafe, "1 2 4 5")
		sees(t, s, stage.Chen, stage.Cafe, "2 3 4")
		sees(t, s, stage.Dan, stage.Cafe, "4 5")
		var recipients string
		for i := range 5 {
			var n int64
			s.Row(`SELECT recipient_count FROM sends ORDER BY first_message_id LIMIT 1 OFFSET $1`, []any{i}, &n)
			recipients += fmt.Sprint(n)
		}
		if recipients != "23243" {
			t.Errorf("recipients %s", recipients)
		}
	})
}

func TestSendsStandAmongTheChatsOwn(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for i := range 3 {
			send(s, push, `"to":"`+stage.Aoi+`",`, fmt.Sprint("push", i))
			send(s, broadcast, "", fmt.Sprint("cast", i))
			send(s, multicast, `"to":["`+stage.Ben+`"],`, fmt.Sprint("ben", i))
			say(s, stage.Aoi, stage.Cafe, fmt.Sprint("said", i))
		}
		sees(t, s, stage.Aoi, stage.Cafe, "push0 cast0 said0 push1 cast1 said1 push2 cast2 said2")
		sees(t, s, stage.Ben, stage.Cafe, "cast0 ben0 cast1 ben1 cast2 ben2")
	})
}

func TestNobodyToReach(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Shop+`"}`)
	s.Play(t, []stage.Step{{Name: "broadcast", Call: broadcast, As: stage.Shop, Body: `{` + hi + `}`, Status: 200, Want: `{}`}})
}

// A crowd is reached without a row for each: a broadcast to a million is one.
func TestCrowd(t *testing.T) {
	s := stage.Start(t, "", stage.World+"crowd: [{channel: \"1656000001\", count: 1000000, seed: 1}]\n")
	s.Play(t, []stage.Step{{Name: "broadcast", Call: broadcast, As: stage.Cafe, Body: `{"messages":[{"type":"text","text":"all"}]}`, Status: 200, Want: `{}`,
		Effect: "#delivered.broadcast+1000002 #usage+1000002 chats+1 messages+1 sends+1 | message"}})
	var page struct {
		UserIDs []string `json:"userIds"`
	}
	if err := json.Unmarshal([]byte(s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=10", "").Body), &page); err != nil || len(page.UserIDs) != 10 {
		t.Fatalf("%v %v", page, err)
	}
	one, other := page.UserIDs[7], page.UserIDs[8]
	send(s, multicast, `"to":["`+one+`"],`, "one")
	send(s, push, `"to":"`+one+`",`, "pushed")
	sees(t, s, one, stage.Cafe, "all one pushed")
	sees(t, s, other, stage.Cafe, "all")
	s.Sim("POST", "/people/"+other+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	send(s, broadcast, "", "later")
	sees(t, s, one, stage.Cafe, "all one pushed later")
	sees(t, s, other, stage.Cafe, "all")
	var n int64
	if s.Row(`SELECT recipient_count FROM sends ORDER BY first_message_id DESC LIMIT 1`, nil, &n); n != 1000001 {
		t.Errorf("%d recipients", n)
	}
}
