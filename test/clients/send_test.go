package clients

import (
	"fmt"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// pushes sends a text and gives the client's error.
func pushes(api *m.MessagingApiAPI, to, words string) error {
	_, err := api.PushMessage(&m.PushMessageRequest{To: to, Messages: text(words)}, "")
	return err
}

const (
	invalidReplyToken = `{"message":"Invalid reply token"}`
	failedToSend      = `{"message":"Failed to send messages"}`
	emptyText         = `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}`
)

func invalidProperty(path string) string {
	return fmt.Sprintf(`{"message":"The property, '%s', in the request body is invalid (line: -, column: -)"}`, path)
}

func TestReply(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	reply := func(token string, messages ...m.MessageInterface) (*m.ReplyMessageResponse, error) {
		return s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: token, Messages: messages})
	}
	_, e := heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "hi"})
	_, err := reply(e.ReplyToken, &m.TextMessage{})
	refused(t, "an empty text", err, 400, emptyText) // and the token is not used up
	answer, err := reply(e.ReplyToken, &m.TextMessage{Text: "one"}, &m.StickerMessage{PackageId: "446", StickerId: "1988"}, &m.LocationMessage{Title: "t", Address: "a"})
	must(t, answer, err)
	list := s.sees(aoi, cafe)
	if len(answer.SentMessages) != 3 || len(list) != 4 {
		t.Fatalf("%+v, aoi sees %+v", answer, list)
	}
	for i, sent := range answer.SentMessages {
		if sent.Id != list[i+1].ID || (sent.QuoteToken != "") != (i < 2) {
			t.Errorf("sent %+v, seen %+v", sent, list[i+1])
		}
	}
	_, err = reply(e.ReplyToken, hello)
	refused(t, "a used token", err, 400, invalidReplyToken)
	for _, token := range []string{"00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "nonsense"} {
		_, err = reply(token, hello)
		refused(t, token, err, 400, invalidReplyToken)
	}
	_, err = reply("", &m.TextMessage{})
	if err == nil || !strings.Contains(err.Error(), "The request body has 2 error(s)") || !strings.Contains(err.Error(), `"replyToken"`) {
		t.Errorf("all errors together: %v", err)
	}

	_, e = heard[webhook.TextMessageContent](s, ben, team, object{"type": "text", "text": "in the group"})
	_, err = s.client(teaToken).ReplyMessage(&m.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: text("not mine")})
	refused(t, "another account's token", err, 400, invalidReplyToken)
	s.advance(59 * time.Second)
	_, err = reply(e.ReplyToken, &m.TextMessage{Text: "to all"})
	must(t, 0, err)
	if got := s.texts(aoi, team); got != "person: in the group\naccount: to all" {
		t.Errorf("aoi sees %s", got)
	}
	_, e = heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "late"})
	s.advance(61 * time.Second)
	_, err = reply(e.ReplyToken, hello)
	refused(t, "a token after its minute", err, 400, invalidReplyToken)
}

// Of replies with one token at the same moment one takes effect.
func TestReplyRace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, e := heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "hi"})
	errs := atOnce(8, func() error {
		_, err := s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: text("first")})
		return err
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, "a reply that came second", err, 400, invalidReplyToken)
	}
	if got := s.texts(aoi, cafe); won != 1 || got != "person: hi\naccount: first" {
		t.Errorf("%d replies took effect, aoi sees %s", won, got)
	}
}

// atOnce runs calls at the same moment and gives their errors.
func atOnce(n int, call func() error) []error {
	start, ends := make(chan struct{}), make(chan error)
	for range n {
		go func() {
			<-start
			ends <- call()
		}()
	}
	close(start)
	errs := make([]error, n)
	for i := range errs {
		errs[i] = <-ends
	}
	return errs
}

func TestPush(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, c := range []struct{ to, sees, chat string }{{aoi, aoi, cafe}, {team, ben, team}, {office, chen, office}} {
		must(t, 0, pushes(s.api, c.to, "to "+c.to))
		if got := s.texts(c.sees, c.chat); got != "account: to "+c.to {
			t.Errorf("%s sees %s", c.sees, got)
		}
	}
	_, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: text("psst"), NotificationDisabled: true}, "")
	must(t, 0, err)
	if list := s.sees(aoi, cafe); len(list) != 2 || list[0].NotificationDisabled || !list[1].NotificationDisabled {
		t.Errorf("aoi sees %+v", list)
	}
	for _, c := range []struct{ name, to, body string }{
		{"nobody", lost, failedToSend},
		{"a group that is not", "C" + lost[1:], failedToSend},
		{"a room that is not", "R" + lost[1:], failedToSend},
		{"no id", "nobody", invalidProperty("to")},
		{"upper case", "U" + strings.ToUpper(aoi[1:]), invalidProperty("to")},
		{"empty", "", `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"to"}]}`},
	} {
		refused(t, c.name, pushes(s.api, c.to, "x"), 400, c.body)
	}
	for _, units := range [][]string{{"promo_A1"}, {"one", "two"}, {"with-hyphen"}, {strings.Repeat("a", 31)}} {
		_, err := s.api.PushMessage(&m.PushMessageRequest{To: ben, Messages: text("counted"), CustomAggregationUnits: units}, "")
		if ok := units[0] == "promo_A1"; ok != (err == nil) || !ok && !strings.HasPrefix(err.Error(), "unexpected status code: 400, ") {
			t.Errorf("aggregation units %v: %v", units, err)
		}
	}
	refused(t, "a group without the account", pushes(s.client(teaToken), team, "x"), 400, failedToSend)
	for _, c := range wrongMessages {
		_, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: c.messages}, "")
		refused(t, c.name, err, 400, c.body)
	}
}

// Who is no friend gets pushes for seven days after writing; who blocked the
// account gets none. The answer is 200 all the same.
func TestPushToStrangers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	must(t, 0, pushes(s.api, dai, "blocked"))
	must(t, 0, pushes(s.api, chen, "before"))
	s.writes(chen, cafe, "hello?")
	must(t, 0, pushes(s.api, chen, "after"))
	s.advance(7*24*time.Hour - time.Minute)
	must(t, 0, pushes(s.api, chen, "days later"))
	s.advance(2 * time.Minute)
	must(t, 0, pushes(s.api, chen, "too late"))
	if got := s.texts(chen, cafe); got != "person: hello?\naccount: after\naccount: days later" {
		t.Errorf("chen sees %s", got)
	}
	if got := s.texts(dai, cafe); got != "" {
		t.Errorf("dai sees %s", got)
	}
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	heardText, e := heard[webhook.TextMessageContent](s, aoi, cafe, object{"type": "text", "text": "quote me"})
	answer, err := s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: []m.MessageInterface{&m.TextMessage{Text: "I do", QuoteToken: heardText.QuoteToken}}})
	must(t, answer, err)
	_, err = s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{
		&m.StickerMessage{PackageId: "446", StickerId: "1988", QuoteToken: answer.SentMessages[0].QuoteToken}}}, "")
	must(t, 0, err)
	_, err = s.api.PushMessage(&m.PushMessageRequest{To: ben, Messages: []m.MessageInterface{&m.TextMessage{Text: "x", QuoteToken: heardText.QuoteToken}}}, "")
	if err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 400, ") {
		t.Errorf("quoting another chat's message: %v", err)
	}
	_, err = s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{&m.TextMessage{Text: "x", QuoteToken: "invented"}}}, "")
	if err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 400, ") {
		t.Errorf("an invented quote token: %v", err)
	}
	if list := s.sees(aoi, cafe); len(list) != 3 {
		t.Errorf("aoi sees %+v", list)
	}
}

func TestMulticast(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	send := func(words string, to ...string) error {
		body, err := s.api.Multicast(&m.MulticastRequest{To: to, Messages: text(words)}, "")
		if err == nil && len(*body) != 0 {
			t.Errorf("multicast answered %v", *body)
		}
		return err
	}
	must(t, 0, send("to some", aoi, ben, chen, dai, lost, aoi))
	must(t, 0, send("to nobody", chen, dai))
	for person, want := range map[string]string{aoi: "account: to some", ben: "account: to some", chen: "", dai: ""} {
		if got := s.texts(person, cafe); got != want {
			t.Errorf("%s sees %q", person, got)
		}
	}
	refused(t, "a group", send("x", aoi, team), 400, invalidProperty("to[1]"))
	refused(t, "no id", send("x", "me"), 400, invalidProperty("to[0]"))
	refused(t, "nobody", send("x"), 400, `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 500","property":"to"}]}`)
	must(t, 0, send("to many", strings.Split(strings.Repeat(ben+",", 499)+aoi, ",")...))
	err := send("x", strings.Split(strings.Repeat(ben+",", 500)+aoi, ",")...)
	refused(t, "501 people", err, 400, `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 500","property":"to"}]}`)
	if got := s.texts(ben, cafe); got != "account: to some\naccount: to many" {
		t.Errorf("ben sees %s", got)
	}
}

func TestBroadcast(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	send := func(words string) {
		t.Helper()
		body, err := s.api.Broadcast(&m.BroadcastRequest{Messages: text(words)}, "")
		if must(t, body, err); len(*body) != 0 {
			t.Errorf("broadcast answered %v", *body)
		}
	}
	send("one")
	sim[object](s, "POST", "/people/"+chen+"/follow", object{"channelId": cafe})
	sim[object](s, "POST", "/people/"+ben+"/unfollow", object{"channelId": cafe})
	send("two")
	for person, want := range map[string]string{aoi: "account: one\naccount: two", ben: "account: one", chen: "account: two", dai: ""} {
		if got := s.texts(person, cafe); got != want {
			t.Errorf("%s sees %q", person, got)
		}
	}
	if got := s.texts(aoi, tea); got != "" {
		t.Errorf("aoi sees it in another account's chat: %s", got)
	}
	_, err := s.api.Broadcast(&m.BroadcastRequest{Messages: []m.MessageInterface{&m.TextMessage{}}}, "")
	refused(t, "an empty text", err, 400, emptyText)
}
