package message_test

import (
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const replied = "#delivered.reply+1 messages+1 | message"

func say(s *stage.Stage, who, chat, text string) stage.Event {
	s.T.Helper()
	kind := map[byte]string{'1': "channelId", 'C': "groupId", 'R': "roomId"}[chat[0]]
	s.Sim("POST", "/people/"+who+"/messages", `{"chat":{"`+kind+`":"`+chat+`"},"message":{"type":"text","text":"`+text+`"}}`)
	return s.Next().Event
}

func with(token string) string { return `{"replyToken":"` + token + `",` + hi + `}` }

func TestReply(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first := say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken
		s.Play(t, []stage.Step{
			{Name: "of another channel", Call: reply, As: stage.Shop, Body: with(first), Status: 400, Want: noToken},
			{Name: "a refused message leaves the token", Call: reply, As: stage.Cafe, Body: `{"replyToken":"` + first + `",` + noText + `}`, Status: 400, Want: empty},
			{Name: "a quote that cannot be leaves the token", Call: reply, As: stage.Cafe, Status: 400, Want: invalid("messages[0].quoteToken"),
				Body: `{"replyToken":"` + first + `","messages":[{"type":"text","text":"a","quoteToken":"q"}]}`},
			{Name: "no quota is used", Call: reply, As: stage.Cafe, Body: with(first), Status: 200, Want: sentOne, Effect: replied},
			{Name: "once", Call: reply, As: stage.Cafe, Body: with(first), Status: 400, Want: noToken},
			{Name: "in upper case", Call: reply, As: stage.Cafe, Body: with(strings.ToUpper(first)), Status: 400, Want: noToken},
		})
		group := say(s, stage.Ben, stage.Lunch, "all").ReplyToken
		s.Play(t, []stage.Step{{Name: "in a group", Call: reply, As: stage.Cafe, Body: with(group), Status: 200, Want: sentOne, Effect: replied}})
		stranger := say(s, stage.Chen, stage.Cafe, "hi").ReplyToken
		s.Play(t, []stage.Step{{Name: "to a stranger", Call: reply, As: stage.Cafe, Body: with(stranger), Status: 200, Want: sentOne, Effect: replied}})
		late := say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken
		s.Advance("58s")
		early := say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken
		s.Advance("3s")
		s.Play(t, []stage.Step{
			{Name: "after a minute", Call: reply, As: stage.Cafe, Body: with(late), Status: 400, Want: noToken},
			{Name: "within a minute", Call: reply, As: stage.Cafe, Body: with(early), Status: 200, Want: sentOne, Effect: replied},
		})
	})
}

func TestReplyAtAnExhaustedQuota(t *testing.T) {
	s := stage.Start(t, "", "")
	for range 5 {
		s.As(stage.Shop, "POST", "/v2/bot/message/push", to(stage.Aoi))
	}
	token := say(s, stage.Aoi, stage.Shop, "hi").ReplyToken
	s.Play(t, []stage.Step{{Name: "reply", Call: reply, As: stage.Shop, Body: with(token), Status: 200, Want: sentOne, Effect: replied}})
}

func TestReplyAfterTheyParted(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		token := say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Heard()
		s.Play(t, []stage.Step{
			{Name: "blocked since", Call: reply, As: stage.Cafe, Body: with(token), Status: 200, Want: sentOne},
			{Name: "and used up", Call: reply, As: stage.Cafe, Body: with(token), Status: 400, Want: noToken},
		})
		token = say(s, stage.Ben, stage.Lunch, "hi").ReplyToken
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"channelId":"`+stage.Cafe+`"}`)
		s.Heard()
		s.Play(t, []stage.Step{{Name: "left the group since", Call: reply, As: stage.Cafe, Body: with(token), Status: 400, Want: noToken}})
	})
}

// Of a hundred replies with one token at the same moment one takes effect.
func TestReplyRace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		body := with(say(s, stage.Aoi, stage.Cafe, "hi").ReplyToken)
		var mu sync.Mutex
		answers := map[string]int{}
		did := s.Effect(func() {
			var wg sync.WaitGroup
			for range 100 {
				wg.Go(func() {
					a := s.As(stage.Cafe, "POST", "/v2/bot/message/reply", body)
					mu.Lock()
					defer mu.Unlock()
					if a.Status == 200 {
						a.Body = "sent"
					}
					answers[a.Body]++
				})
			}
			wg.Wait()
		})
		if answers["sent"] != 1 || answers[noToken] != 99 {
			t.Errorf("%v", answers)
		}
		if did != replied {
			t.Errorf("did %q", did)
		}
	})
}
