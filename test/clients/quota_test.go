package clients

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const accepted = `{"message":"The retry key is already accepted"}`

// sendings are the three sends of the first circle that take a retry key.
func (s *stage) sendings(api *m.MessagingApiAPI) map[string]func(key string) (*http.Response, error) {
	return map[string]func(string) (*http.Response, error){
		"push": func(key string) (*http.Response, error) {
			res, _, err := api.PushMessageWithHttpInfo(&m.PushMessageRequest{To: aoi, Messages: text("push")}, key)
			return res, err
		},
		"multicast": func(key string) (*http.Response, error) {
			res, _, err := api.MulticastWithHttpInfo(&m.MulticastRequest{To: []string{aoi}, Messages: text("multicast")}, key)
			return res, err
		},
		"broadcast": func(key string) (*http.Response, error) {
			res, _, err := api.BroadcastWithHttpInfo(&m.BroadcastRequest{Messages: text("broadcast")}, key)
			return res, err
		},
	}
}

func TestRetryKey(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, send := range s.sendings(s.api) {
		key := uuid.NewString()
		first, err := send(key)
		must(t, first, err)
		again, err := send(strings.ToUpper(key))
		if again.Header.Get("x-line-accepted-request-id") != first.Header.Get("x-line-request-id") || first.Header.Get("x-line-accepted-request-id") != "" {
			t.Errorf("%s: accepted %q, first %q", name, again.Header.Get("x-line-accepted-request-id"), first.Header.Get("x-line-request-id"))
		}
		if name != "push" {
			refused(t, name+" again", err, 409, accepted)
		}
		for other, send := range s.sendings(s.api) { // the key is taken for every send of the channel
			if _, err := send(key); err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 409, ") {
				t.Errorf("%s with the key of %s: %v", other, name, err)
			}
		}
		if _, err := s.sendings(s.client(teaToken))[name](key); err != nil {
			t.Errorf("%s: another channel's key: %v", name, err)
		}
		s.advance(24*time.Hour - time.Minute)
		if _, err = send(key); err == nil {
			t.Errorf("%s: the key was forgotten before 24 hours", name)
		}
		s.advance(time.Minute)
		if _, err = send(key); err != nil {
			t.Errorf("%s after 24 hours: %v", name, err)
		}
		_, err = send("not-a-uuid")
		if err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 400, ") {
			t.Errorf("%s: a malformed key: %v", name, err)
		}
	}
	if list := s.sees(aoi, cafe); len(list) != 6 {
		t.Errorf("aoi sees %d messages, want two of each send", len(list))
	}
}

// A push again tells what the first one sent.
func TestRetriedPush(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	key := uuid.NewString()
	_, err := s.api.PushMessage(&m.PushMessageRequest{To: lost, Messages: text("x")}, key)
	refused(t, "a refused push", err, 400, failedToSend) // and the key stays free
	request := &m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{hello, &m.LocationMessage{Title: "t", Address: "a"}}}
	first, err := s.api.PushMessage(request, key)
	must(t, first, err)
	for _, again := range []*m.PushMessageRequest{request, {To: ben, Messages: text("something else")}} {
		_, err = s.api.PushMessage(again, key)
		body, err2 := json.Marshal(first.SentMessages)
		must(t, body, err2)
		refused(t, "again", err, 409, strings.TrimSuffix(accepted, "}")+`,"sentMessages":`+string(body)+`}`)
	}
	if list := s.sees(ben, cafe); len(list) != 0 {
		t.Errorf("ben sees %+v", list)
	}
	s.server.Kill()
	s.server.Restart()
	s.connect()
	if _, err = s.api.PushMessage(request, key); err == nil || !strings.HasPrefix(err.Error(), "unexpected status code: 409, ") {
		t.Errorf("after the server died: %v", err)
	}
	// Where none is taken, an empty one is as none: the SDK always sends the header.
	for path, body := range map[string]string{"reply": `{"replyToken":"x","messages":[{"type":"text","text":"x"}]}`, "validate/push": `{"messages":[{"type":"text","text":"x"}]}`} {
		answer := s.server.Do("POST", "/v2/bot/message/"+path, body, "Authorization", "Bearer "+cafeToken, "X-Line-Retry-Key", key)
		if answer.Status != 400 || answer.Body == invalidReplyToken {
			t.Errorf("%s with a retry key: %d %s", path, answer.Status, answer.Body)
		}
	}
}

func TestRetryKeyRace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, send := range s.sendings(s.api) {
		key := uuid.NewString()
		var won atomic.Value
		named := make(chan string, 8)
		for _, err := range atOnce(8, func() error {
			res, err := send(key)
			if err == nil {
				won.Store(res.Header.Get("x-line-request-id"))
				return nil
			}
			named <- res.Header.Get("x-line-accepted-request-id")
			return err
		}) {
			if err != nil && !strings.HasPrefix(err.Error(), "unexpected status code: 409, ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if close(named); len(named) != 7 {
			t.Errorf("%s: %d of 8 were refused", name, len(named))
		}
		for id := range named {
			if id != won.Load() {
				t.Errorf("%s: a 409 names %s, accepted was %s", name, id, won.Load())
			}
		}
	}
	if list := s.sees(aoi, cafe); len(list) != 3 {
		t.Errorf("aoi sees %d messages, want one of each send", len(list))
	}
	s.used(s.api, 4) // push 1, multicast 1, broadcast 2
}

// used checks the month's consumption.
func (s *stage) used(api *m.MessagingApiAPI, want int64) {
	s.t.Helper()
	got, err := api.GetMessageQuotaConsumption()
	if must(s.t, got, err); got.TotalUsage != want {
		s.t.Errorf("used %d, want %d", got.TotalUsage, want)
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	unlimited, err := s.api.GetMessageQuota()
	if must(t, unlimited, err); unlimited.Type != m.QuotaType_NONE {
		t.Errorf("the cafe's quota: %+v", unlimited)
	}
	limited, err := s.client(teaToken).GetMessageQuota()
	if must(t, limited, err); limited.Type != m.QuotaType_LIMITED || limited.Value != 5 {
		t.Errorf("the tea's quota: %+v", limited)
	}
	five := []m.MessageInterface{hello, hello, hello, hello, hello}
	for _, c := range []struct {
		name string
		send func() error
		used int64
	}{
		{"five messages to one", func() error {
			_, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: five}, "")
			return err
		}, 1},
		{"a group of two people", func() error { return pushes(s.api, team, "x") }, 3},
		{"one who blocked the account", func() error { return pushes(s.api, dai, "x") }, 3},
		{"nobody", func() error { pushes(s.api, lost, "x"); return nil }, 3},
		{"two friends of three", func() error {
			_, err := s.api.Multicast(&m.MulticastRequest{To: []string{aoi, ben, chen}, Messages: five}, "")
			return err
		}, 5},
		{"all friends", func() error {
			_, err := s.api.Broadcast(&m.BroadcastRequest{Messages: five}, "")
			return err
		}, 7},
	} {
		if err := c.send(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		s.used(s.api, c.used)
	}
	said := s.writes(aoi, cafe, "a reply costs nothing")
	s.settle()
	for _, c := range s.bot.took() {
		if c.meta.WebhookEventID == said.WebhookEventIDs[0] {
			_, err := s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: c.meta.ReplyToken, Messages: five})
			must(t, 0, err)
		}
	}
	s.used(s.api, 7)
}

// Beyond the quota nothing at all is sent, and the month begins anew in Japan.
func TestMonthlyLimit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.client(teaToken)
	const limit = `{"message":"You have reached your monthly limit."}`
	for range 4 {
		must(t, 0, pushes(api, aoi, "within"))
	}
	_, err := api.Multicast(&m.MulticastRequest{To: []string{aoi, ben}, Messages: text("too much")}, "")
	refused(t, "two where one is left", err, 429, limit)
	_, err = api.Broadcast(&m.BroadcastRequest{Messages: text("too much")}, "")
	refused(t, "a broadcast to two", err, 429, limit)
	must(t, 0, pushes(api, ben, "the last"))
	refused(t, "one more", pushes(api, ben, "x"), 429, limit)
	s.used(api, 5)
	if got := s.texts(ben, tea); got != "account: the last" {
		t.Errorf("ben sees %s", got)
	}
	s.set("2026-01-31T23:59:00+09:00")
	refused(t, "in the month's last minute", pushes(api, ben, "x"), 429, limit)
	s.set("2026-02-01T00:00:00+09:00")
	s.used(api, 0)
	must(t, 0, pushes(api, ben, "a new month"))
	s.used(api, 1)
}

func TestDeliveryCounts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	counts := map[string]func(string) (*m.NumberOfMessagesResponse, error){
		"reply": s.api.GetNumberOfSentReplyMessages, "push": s.api.GetNumberOfSentPushMessages,
		"multicast": s.api.GetNumberOfSentMulticastMessages, "broadcast": s.api.GetNumberOfSentBroadcastMessages,
	}
	s.bot.does(func(c call) int {
		_, err := s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: c.meta.ReplyToken, Messages: text("reply")})
		must(t, 0, err)
		return 0
	})
	s.writes(aoi, cafe, "hi")
	s.settle()
	must(t, 0, pushes(s.api, aoi, "x"))
	must(t, 0, pushes(s.api, team, "x"))
	must(t, 0, pushes(s.api, dai, "blocked"))
	_, err := s.api.Multicast(&m.MulticastRequest{To: []string{aoi, ben, chen}, Messages: text("x")}, "")
	must(t, 0, err)
	for range 2 {
		_, err = s.api.Broadcast(&m.BroadcastRequest{Messages: text("x")}, "")
		must(t, 0, err)
	}
	says := func(what, date string, status m.NumberOfMessagesResponseSTATUS, want map[string]int64) {
		t.Helper()
		for name, count := range counts {
			got, err := count(date)
			if must(t, got, err); got.Status != status || got.Success != want[name] {
				t.Errorf("%s, %s of %s: %+v", what, name, date, got)
			}
		}
	}
	says("the same day", "20260115", "unready", nil)
	says("a day to come", "20260116", "unready", nil)
	says("before there were numbers", "20180330", "out_of_service", nil)
	says("a day without sends", "20260114", "ready", nil)
	s.set("2026-01-17T00:00:00+09:00")
	says("when it is over", "20260115", "ready", map[string]int64{"reply": 1, "push": 3, "multicast": 2, "broadcast": 4})
	for name, count := range counts {
		for _, date := range []string{"", "2026-01-15", "20260132", "yesterday"} {
			_, err := count(date)
			refused(t, name+" of "+date, err, 400, `{"message":"The value for the 'date' parameter is invalid"}`)
		}
	}
}
