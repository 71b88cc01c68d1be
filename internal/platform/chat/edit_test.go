package chat_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func edit(messageID, rest string) string {
	return `{"type":"edit","messageId":"` + messageID + `",` + rest + `}`
}

// An edit keeps the id and gives new tokens; all who see the text see the new one.
func TestEdit(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first := say(s, stage.Ben, stage.Lunch, text("first"))
		said := say(s, stage.Aoi, stage.Lunch, `{"type":"text","text":"Hello @Ben","quotedMessageId":"`+first.MessageID+`","mention":{"mentionees":[{"index":6,"length":4,"type":"user","userId":"`+stage.Ben+`"}]}}`)
		s.Heard()
		s.Hold()
		s.Play(t, []stage.Step{{Name: "edit", Call: "POST /sim/v1/people/" + stage.Aoi + "/events", Status: 200, Want: `{"webhookEventIds":["*"]}`,
			Body:   edit(said.MessageID, `"text":"Hi @Cafe","mention":{"mentionees":[{"index":3,"length":5,"type":"user","userId":"Ub0000000000000000000000000000001"}]}`),
			Effect: "outbox+1 reply_tokens+1 webhook_events+1 | edit webhook"}})
		s.Sim("DELETE", "/faults", "")
		d, body := event(t, s)
		want := wrapped(`"type":"messageEdited","message":{"type":"text","id":"MESSAGE","quoteToken":"QUOTE","text":"Hi @Cafe","mention":{"mentionees":[{"index":3,"length":5,"type":"user","userId":"Ub0000000000000000000000000000001","isSelf":true}]},"quotedMessageId":"`+
			first.MessageID+`"},`, inLunch(stage.Aoi), withToken)
		if body != want || d.Event.Message.ID != said.MessageID || d.Event.Message.QuoteToken == said.QuoteToken {
			t.Errorf("\n got %s\nwant %s", body, want)
		}
		sees(t, s, stage.Ben, stage.Lunch, "first Hi @Cafe")
		// Both quote tokens are good, and the event can be answered.
		for _, token := range []string{said.QuoteToken, d.Event.Message.QuoteToken} {
			a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Lunch+`","messages":[{"type":"text","text":"quoting","quoteToken":"`+token+`"}]}`)
			if a.Status != 200 {
				t.Errorf("quoting by %s: %d %s", token, a.Status, a.Body)
			}
		}
		a := s.As(stage.Cafe, "POST", "/v2/bot/message/reply", `{"replyToken":"`+d.Event.ReplyToken+`","messages":[`+text("seen")+`]}`)
		if a.Status != 200 {
			t.Errorf("reply: %d %s", a.Status, a.Body)
		}
		happen(s, stage.Aoi, edit(said.MessageID, `"text":"Once more"`))
		again, _ := event(t, s)
		if q := again.Event.Message.QuoteToken; q == said.QuoteToken || q == d.Event.Message.QuoteToken || strings.Contains(again.Body, "mention") {
			t.Errorf("the second edit: %s", again.Body)
		}
		s.Restart()
		sees(t, s, stage.Aoi, stage.Lunch, "first Once more quoting quoting seen")
		if got := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Lunch+"/messages", ""); strings.Count(got, `"editedAt":"2026-01-15T00:00:`) != 1 {
			t.Errorf("editedAt in %s", got)
		}
		happen(s, stage.Aoi, `{"type":"unsend","messageId":"`+said.MessageID+`"}`)
		if got := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Lunch+"/messages", ""); strings.Contains(got, "editedAt") || strings.Contains(got, "Once more") {
			t.Errorf("unsent: %s", got)
		}
	})
}

func TestEditRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	inGroup := say(s, stage.Aoi, stage.Lunch, text("a")).MessageID
	picture := say(s, stage.Aoi, stage.Lunch, `{"type":"sticker","packageId":"446","stickerId":"1988"}`).MessageID
	gone := say(s, stage.Aoi, stage.Lunch, text("a")).MessageID
	happen(s, stage.Aoi, `{"type":"unsend","messageId":"`+gone+`"}`)
	account := push(s, stage.Lunch, "a")
	alone := say(s, stage.Aoi, stage.Cafe, text("a")).MessageID
	inRoom := say(s, stage.Aoi, stage.Corner, text("a")).MessageID
	bens := say(s, stage.Ben, stage.Lunch, text("a")).MessageID
	s.Heard()
	step := func(name, who, id, rest string, status int, want string) stage.Step {
		return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/events", Body: edit(id, rest), Status: status, Want: `{"message":"` + want + `"}`}
	}
	const b = `"text":"b"`
	s.Play(t, []stage.Step{
		step("another's", stage.Ben, inGroup, b, 404, "messageId: "+stage.Ben+" sent no message "+inGroup),
		step("the account's", stage.Aoi, account, b, 404, "messageId: "+stage.Aoi+" sent no message "+account),
		step("none", stage.Aoi, "1", b, 404, "messageId: "+stage.Aoi+" sent no message 1"),
		step("a sticker", stage.Aoi, picture, b, 409, "messageId: "+picture+" is no text"),
		step("unsent", stage.Aoi, gone, b, 409, "messageId: "+gone+" is unsent"),
		step("one-on-one", stage.Aoi, alone, b, 409, "messageId: "+alone+" is in no group; only texts in groups can be edited"),
		step("in a room", stage.Aoi, inRoom, b, 409, "messageId: "+inRoom+" is in no group; only texts in groups can be edited"),
		step("to nothing", stage.Aoi, inGroup, `"text":""`, 400, "message.text: 1 to 10000 characters"),
		step("a mention beyond the end", stage.Aoi, inGroup, b+`,"mention":{"mentionees":[{"index":1,"length":1,"type":"all"}]}`, 400,
			"message.mention.mentionees[0]: index and length lie outside of the text"),
	})
	s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Ben+`"]}`)
	s.Play(t, []stage.Step{step("who left", stage.Ben, bens, b, 409, stage.Ben+" is not in "+stage.Lunch)})
	if got := s.HeardTypes(); got != "cafe:memberLeft" {
		t.Errorf("heard %q", got)
	}
}
