package clients

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// bot is a bot as people write them with the Go SDK: it takes webhooks by
// ParseRequest and may answer through the client.
type bot struct {
	t        *testing.T
	url      string
	secret   string
	account  string // whose events it gets: the bot's user id
	recorder *Recorder
	api      *messaging_api.MessagingApiAPI

	mu    sync.Mutex
	calls []call
	// answer is what the bot does with an event, if anything; its status is the
	// response's, 0 is 200.
	answer func(call) int
}

// call is one webhook request that the bot got.
type call struct {
	body  []byte
	meta  meta
	event webhook.EventInterface // nil when the request has none
}

// meta is what all events have, read from the body itself.
type meta struct {
	Type            string `json:"type"`
	Mode            string `json:"mode"`
	Timestamp       int64  `json:"timestamp"`
	WebhookEventID  string `json:"webhookEventId"`
	DeliveryContext struct {
		IsRedelivery bool `json:"isRedelivery"`
	} `json:"deliveryContext"`
	ReplyToken string `json:"replyToken"`
	Source     struct {
		Type    string `json:"type"`
		UserID  string `json:"userId"`
		GroupID string `json:"groupId"`
		RoomID  string `json:"roomId"`
	} `json:"source"`
	Message struct {
		ID              string `json:"id"`
		MarkAsReadToken string `json:"markAsReadToken"` // the Go SDK does not know it yet
	} `json:"message"`
}

var (
	ulid       = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	replyToken = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Errorf("webhook: %v", err)
		return
	}
	b.checkRequest(r, body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	parsed, err := webhook.ParseRequest(b.secret, r)
	if err != nil {
		b.t.Errorf("the SDK refuses a webhook: %v\n%s", err, body)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if parsed.Destination != b.account {
		b.t.Errorf("destination %q", parsed.Destination)
	}
	c := call{body: body}
	if len(parsed.Events) == 1 {
		c.event, c.meta = parsed.Events[0], b.read(body)
	}
	b.mu.Lock()
	b.calls = append(b.calls, c)
	answer := b.answer
	b.mu.Unlock()
	if answer == nil {
		return
	}
	if status := answer(c); status != 0 {
		w.WriteHeader(status)
	}
}

// checkRequest holds a request against what bots and their hosts look at before
// they read it.
func (b *bot) checkRequest(r *http.Request, body []byte) {
	b.recorder.CheckWebhook(body)
	for name, want := range map[string]string{"User-Agent": "LineBotWebhook/2.0", "Content-Type": "application/json; charset=utf-8"} {
		if got := r.Header.Get(name); got != want {
			b.t.Errorf("webhook: %s is %q", name, got)
		}
	}
	if r.Method != http.MethodPost || r.ContentLength != int64(len(body)) || len(r.TransferEncoding) > 0 {
		b.t.Errorf("webhook: %s with length %d of %d, transfer encoding %v", r.Method, r.ContentLength, len(body), r.TransferEncoding)
	}
	if webhook.ValidateSignature("another"+b.secret, r.Header.Get("x-line-signature"), body) {
		b.t.Error("webhook: the signature fits any secret")
	}
}

func (b *bot) read(body []byte) meta {
	var in struct {
		Events []meta `json:"events"`
	}
	if err := json.Unmarshal(body, &in); err != nil || len(in.Events) != 1 {
		b.t.Errorf("webhook: %v in %s", err, body)
		return meta{}
	}
	m := in.Events[0]
	if m.Mode != "active" && (m.Mode != "standby" || m.ReplyToken != "") || !ulid.MatchString(m.WebhookEventID) || m.Timestamp <= 0 {
		b.t.Errorf("webhook: %+v", m)
	}
	return m
}

// does sets what the bot does with the events to come.
func (b *bot) does(answer func(call) int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = answer
}

// took gives the requests since it was last asked.
func (b *bot) took() []call {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = nil
	return calls
}

// newBot receives the events of an account at its url; it needs a recorder before
// the first of them comes.
func newBot(t *testing.T, secret, account string) *bot {
	t.Helper()
	b := &bot{t: t, secret: secret, account: account}
	receiver := httptest.NewServer(b)
	t.Cleanup(receiver.Close)
	b.url = receiver.URL
	return b
}

// one is the only event since the bot was last asked, as the SDK's type T.
func one[T webhook.EventInterface](t *testing.T, s *stage) (T, call) {
	t.Helper()
	return oneOf[T](t, s, s.bot)
}

// oneOf is one for another bot than the cafe's.
func oneOf[T webhook.EventInterface](t *testing.T, s *stage, b *bot) (T, call) {
	t.Helper()
	s.settle()
	calls := b.took()
	var none T
	if len(calls) != 1 {
		t.Fatalf("the bot got %d requests, want one with a %T: %s", len(calls), none, bodies(calls))
	}
	e, ok := calls[0].event.(T)
	if !ok {
		t.Fatalf("the SDK made a %T of it, want a %T: %s", calls[0].event, none, calls[0].body)
	}
	return e, calls[0]
}

func bodies(calls []call) (list []string) {
	for _, c := range calls {
		list = append(list, string(c.body))
	}
	return list
}

// text is one text to send.
func text(s string) []messaging_api.MessageInterface {
	return []messaging_api.MessageInterface{&messaging_api.TextMessage{Text: s}}
}
