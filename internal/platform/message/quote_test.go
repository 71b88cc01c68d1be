package message_test

import (
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

type sentMessages struct {
	SentMessages []struct {
		ID         string `json:"id"`
		QuoteToken string `json:"quoteToken"`
	} `json:"sentMessages"`
}

// pushed gives the quote token of a pushed message.
func pushed(s *stage.Stage, address, text string) string {
	s.T.Helper()
	var sent sentMessages
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+address+`","messages":[{"type":"text","text":"`+text+`"}]}`)
	if err := json.Unmarshal([]byte(a.Body), &sent); err != nil || len(sent.SentMessages) != 1 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return sent.SentMessages[0].QuoteToken
}

func quoting(address, token string) string {
	return `{"to":"` + address + `","messages":[{"type":"text","text":"see","quoteToken":"` + token + `"}]}`
}

func TestQuoteTokens(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		fromSent, inLunch := pushed(s, stage.Aoi, "a"), pushed(s, stage.Lunch, "b")
		heard := say(s, stage.Aoi, stage.Cafe, "hi").Message
		shops := say(s, stage.Aoi, stage.Shop, "hi").Message.QuoteToken
		inGroup := say(s, stage.Ben, stage.Lunch, "hi").Message.QuoteToken
		vanished := pushed(s, stage.Dan, "nobody sees it")
		bad := invalid("messages[0].quoteToken")
		s.Play(t, []stage.Step{
			{Name: "from sentMessages", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, fromSent), Status: 200, Want: sentOne, Effect: again},
			{Name: "again, for it never expires", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, fromSent), Status: 200, Want: sentOne, Effect: again},
			{Name: "from a webhook", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, heard.QuoteToken), Status: 200, Want: sentOne, Effect: again},
			{Name: "in another chat", Call: push, As: stage.Cafe, Body: quoting(stage.Ben, fromSent), Status: 400, Want: bad},
			{Name: "of a group in a person's chat", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, inLunch), Status: 400, Want: bad},
			{Name: "in its group", Call: push, As: stage.Cafe, Body: quoting(stage.Lunch, inLunch), Status: 200, Want: sentOne, Effect: toLunch},
			{Name: "of a member's message", Call: push, As: stage.Cafe, Body: quoting(stage.Lunch, inGroup), Status: 200, Want: sentOne, Effect: toLunch},
			{Name: "of a group in another one", Call: push, As: stage.Cafe, Body: quoting(stage.Corner, inGroup), Status: 400, Want: bad},
			{Name: "another channel's", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, shops), Status: 400, Want: bad},
			{Name: "by another channel", Call: push, As: stage.Shop, Body: quoting(stage.Aoi, fromSent), Status: 400, Want: bad},
			{Name: "of what nobody got", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, vanished), Status: 400, Want: bad},
			{Name: "made up", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, "q"), Status: 400, Want: bad},
			{Name: "tampered with", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, "A"+fromSent[1:]), Status: 400, Want: bad},
			{Name: "only in a text", Call: push, As: stage.Cafe, Status: 200, Want: `{"sentMessages":[{"id":"*"}]}`, Effect: again,
				Body: `{"to":"` + stage.Aoi + `","messages":[{"type":"location","title":"t","address":"a","latitude":1,"longitude":1,"quoteToken":"q"}]}`},
		})
		s.Advance("9000h")
		s.Play(t, []stage.Step{{Name: "a year later", Call: push, As: stage.Cafe, Body: quoting(stage.Aoi, heard.QuoteToken), Status: 200, Want: sentOne, Effect: again}})
	})
}

// Which types of sent messages can be quoted.
func TestQuotableTypes(t *testing.T) {
	s := stage.Start(t, "", "")
	s.As(stage.Cafe, "POST", "/v2/bot/message/push", to(stage.Aoi))
	const yes, no = `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`, `{"sentMessages":[{"id":"*"}]}`
	for body, want := range map[string]string{
		`{"type":"text","text":"a"}`:                              yes,
		`{"type":"textV2","text":"a"}`:                            yes,
		`{"type":"sticker","packageId":"446","stickerId":"1988"}`: yes,
		`{"type":"image","originalContentUrl":"https://example.com/a.png","previewImageUrl":"https://example.com/b.png"}`:                      yes,
		`{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/b.png"}`:                      yes,
		`{"type":"audio","originalContentUrl":"https://example.com/a.m4a","duration":1000}`:                                                    no,
		`{"type":"location","title":"t","address":"a","latitude":1,"longitude":1}`:                                                             no,
		`{"type":"template","altText":"a","template":{"type":"confirm","text":"t","actions":[` + yesNo + `]}}`:                                 yes,
		`{"type":"flex","altText":"a","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[]}}}`:                   yes,
		`{"type":"imagemap","baseUrl":"https://example.com/a","altText":"a","baseSize":{"width":1040,"height":1040},"actions":[` + area + `]}`: no,
	} {
		s.Play(t, []stage.Step{{Name: body, Call: push, As: stage.Cafe, Body: `{"to":"` + stage.Aoi + `","messages":[` + body + `]}`, Status: 200, Want: want, Effect: again}})
	}
}

const (
	yesNo = `{"type":"message","label":"Yes","text":"yes"},{"type":"message","label":"No","text":"no"}`
	area  = `{"type":"message","text":"a","area":{"x":0,"y":0,"width":1,"height":1}}`
)

func mentioning(address, userID string) string {
	return `{"to":"` + address + `","messages":[{"type":"textV2","text":"{who}","substitution":{"who":{"type":"mention","mentionee":{"type":"user","userId":"` + userID + `"}}}}]}`
}

func TestMentions(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const all = `"messages":[{"type":"textV2","text":"{who}","substitution":{"who":{"type":"mention","mentionee":{"type":"all"}}}}]}`
		bad := invalid("messages[0].substitution.who.mentionee.userId")
		s.Play(t, []stage.Step{
			{Name: "a member", Call: push, As: stage.Cafe, Body: mentioning(stage.Lunch, stage.Aoi), Status: 200, Want: sentOne, Effect: toLunch},
			{Name: "everyone", Call: push, As: stage.Cafe, Body: `{"to":"` + stage.Lunch + `",` + all, Status: 200, Want: sentOne, Effect: toLunch},
			{Name: "one who is not in", Call: push, As: stage.Cafe, Body: mentioning(stage.Lunch, stage.Chen), Status: 400, Want: bad},
			{Name: "nobody", Call: push, As: stage.Cafe, Body: mentioning(stage.Lunch, stage.Nobody), Status: 400, Want: bad},
			{Name: "the bot itself", Call: push, As: stage.Cafe, Body: mentioning(stage.Lunch, "Ub0000000000000000000000000000001"), Status: 400, Want: bad},
			{Name: "in a room", Call: push, As: stage.Cafe, Body: mentioning(stage.Corner, stage.Chen), Status: 200, Want: sentOne,
				Effect: "#delivered.push+3 #usage+3 messages+1 | message"},
			{Name: "to a person", Call: push, As: stage.Cafe, Body: mentioning(stage.Aoi, stage.Aoi), Status: 400, Want: invalid("messages[0].substitution")},
			{Name: "everyone to a person", Call: push, As: stage.Cafe, Body: `{"to":"` + stage.Aoi + `",` + all, Status: 400, Want: invalid("messages[0].substitution")},
			{Name: "validate looks nobody up", Call: "POST /v2/bot/message/validate/push", As: stage.Cafe, Body: mentioning(stage.Lunch, stage.Nobody), Status: 200, Want: `{}`},
		})
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`)
		s.Play(t, []stage.Step{{Name: "one who has left", Call: push, As: stage.Cafe, Body: mentioning(stage.Lunch, stage.Aoi), Status: 400, Want: bad}})
	})
}

func TestTrackingIDIsForOnePerson(t *testing.T) {
	s := stage.Start(t, "", "")
	video := func(address string) string {
		return `{"to":"` + address + `","messages":[{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/b.png","trackingId":"t1"}]}`
	}
	s.Play(t, []stage.Step{
		{Name: "a person", Call: push, As: stage.Cafe, Body: video(stage.Aoi), Status: 200, Want: sentOne, Effect: toPerson},
		{Name: "a group", Call: push, As: stage.Cafe, Body: video(stage.Lunch), Status: 400, Want: invalid("messages[0].trackingId")},
	})
}
