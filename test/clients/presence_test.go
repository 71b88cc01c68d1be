package clients

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// loadingUntil is until when a person's phone shows the cafe's animation; the zero time for not.
func (s *stage) loadingUntil(person string) time.Time {
	s.t.Helper()
	list := sim[struct {
		Chats []struct {
			ID           string    `json:"id"`
			LoadingUntil time.Time `json:"loadingUntil"`
		} `json:"chats"`
	}](s, "GET", "/people/"+person+"/chats", nil)
	for _, c := range list.Chats {
		if c.ID == cafe {
			return c.LoadingUntil
		}
	}
	return time.Time{}
}

func TestLoadingAnimation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	show := func(person string, seconds int32) error {
		answer, err := s.api.ShowLoadingAnimation(&m.ShowLoadingAnimationRequest{ChatId: person, LoadingSeconds: seconds})
		if err == nil && (answer == nil || len(*answer) != 0) {
			t.Errorf("answer %+v", answer)
		}
		return err
	}
	res, _, err := s.api.ShowLoadingAnimationWithHttpInfo(&m.ShowLoadingAnimationRequest{ChatId: aoi, LoadingSeconds: 60})
	if must(t, res, err); res.StatusCode != http.StatusAccepted {
		t.Errorf("status %d", res.StatusCode)
	}
	if left := s.loadingUntil(aoi).Sub(s.now()); left < 50*time.Second || left > time.Minute {
		t.Errorf("shown for %v", left)
	}
	must(t, 0, show(aoi, 0)) // the SDK leaves 0 out: 20 seconds from now
	if left := s.loadingUntil(aoi).Sub(s.now()); left < 10*time.Second || left > 20*time.Second {
		t.Errorf("then for %v", left)
	}
	s.advance(20 * time.Second)
	if !s.loadingUntil(aoi).IsZero() {
		t.Error("it does not end")
	}
	must(t, 0, show(aoi, 60))
	answer, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: text("here it is")}, "")
	must(t, answer, err)
	if !s.loadingUntil(aoi).IsZero() {
		t.Error("a message does not end it")
	}
	for _, person := range []string{dai, chen, lost} {
		if must(t, 0, show(person, 5)); person != lost && !s.loadingUntil(person).IsZero() {
			t.Errorf("%s sees it", person)
		}
	}
	refused(t, "a group", show(team, 5), 400, `{"message":"The request body has 1 error(s)","details":[{"message":"Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.","property":"chatId"}]}`)
	refused(t, "61 seconds", show(aoi, 61), 400,
		`{"message":"The request body has 2 error(s)","details":[{"message":"Must be between 5 and 60","property":"loadingSeconds"},{"message":"must be a multiple of five","property":"loadingSeconds"}]}`)
}

// readMarks are the read marks of what a person sees in a chat.
func (s *stage) readMarks(person, chat string) string {
	s.t.Helper()
	list := sim[struct {
		Messages []struct {
			Read bool `json:"read"`
		} `json:"messages"`
	}](s, "GET", "/people/"+person+"/chats/"+chat+"/messages", nil)
	var words []string
	for _, one := range list.Messages {
		words = append(words, map[bool]string{true: "read", false: "new"}[one.Read])
	}
	return strings.Join(words, " ")
}

func TestMarkAsRead(t *testing.T) {
	t.Parallel()
	s := newStageIn(t, strings.Replace(world, "premiumId:", "chatMode: chat, premiumId:", 1))
	s.writes(aoi, cafe, "one")
	_, e := one[webhook.MessageEvent](t, s)
	first := e.meta.Message.MarkAsReadToken
	s.writes(aoi, cafe, "two")
	if got := s.readMarks(aoi, cafe); got != "new new" {
		t.Fatalf("at first %s", got)
	}
	// The Go SDK has no method for tokens yet.
	answer := s.server.Do("POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"`+first+`"}`, "Authorization", "Bearer "+cafeToken)
	if answer.Status != 200 || answer.Body != `{}` || s.readMarks(aoi, cafe) != "read new" {
		t.Errorf("by token: %d %s, %s", answer.Status, answer.Body, s.readMarks(aoi, cafe))
	}
	all, err := s.api.MarkMessagesAsRead(&m.MarkMessagesAsReadRequest{Chat: &m.ChatReference{UserId: aoi}})
	if must(t, all, err); s.readMarks(aoi, cafe) != "read read" {
		t.Errorf("all: %s", s.readMarks(aoi, cafe))
	}
	s.writes(aoi, cafe, "three")
	if got := s.readMarks(aoi, cafe); got != "read read new" {
		t.Errorf("at last %s", got)
	}
	_, err = s.api.MarkMessagesAsRead(&m.MarkMessagesAsReadRequest{Chat: &m.ChatReference{UserId: "aoi"}})
	refused(t, "no user id", err, 400, `{"message":"The property, 'chat.chatId', in the request body is invalid (line: -, column: -)"}`)
	answer = s.server.Do("POST", "/v2/bot/chat/markAsRead", `{"markAsReadToken":"`+first+`"}`, "Authorization", "Bearer "+teaToken)
	var refusal struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal([]byte(answer.Body), &refusal); err != nil || answer.Status != 400 ||
		refusal.Message != "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook." {
		t.Errorf("another bot's token: %d %s", answer.Status, answer.Body)
	}
}
