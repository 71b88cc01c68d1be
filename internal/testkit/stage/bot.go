package stage

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/platform/webhook"
)

// Bot receives webhooks at URL/NAME and answers 200.
type Bot struct {
	URL      string
	received chan Delivery
}

// Delivery is a webhook that the bot got.
type Delivery struct {
	Path      string // "/cafe"
	Signature string
	Body      string
	// Event is its only event.
	Event Event
}

// Event is an event as far as tests look into it by name.
type Event struct {
	Type       string         `json:"type"`
	ID         string         `json:"webhookEventId"`
	Timestamp  int64          `json:"timestamp"`
	ReplyToken string         `json:"replyToken"`
	Source     jsontext.Value `json:"source"`
	Message    struct {
		ID         string `json:"id"`
		Type       string `json:"type"`
		Text       string `json:"text"`
		QuoteToken string `json:"quoteToken"`
	} `json:"message"`
}

func newBot(t testing.TB) *Bot {
	b := &Bot{received: make(chan Delivery, 10_000)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		d := Delivery{Path: r.URL.Path, Signature: r.Header.Get("x-line-signature"), Body: string(body)}
		var in struct {
			Events []Event `json:"events"`
		}
		if err := json.Unmarshal(body, &in); err != nil || len(in.Events) != 1 {
			t.Errorf("a webhook with %d events: %v %s", len(in.Events), err, body)
			return
		}
		d.Event = in.Events[0]
		b.received <- d
	}))
	t.Cleanup(server.Close)
	b.URL = server.URL
	return b
}

// Next waits for the next webhook of any channel.
func (s *Stage) Next() Delivery {
	s.T.Helper()
	select {
	case d := <-s.Bot.received:
		return d
	case <-s.T.Context().Done():
		s.T.Fatal("no webhook came")
	}
	return Delivery{}
}

// Heard waits until all webhooks are delivered and gives those that came since
// it was last asked, in the order they came.
func (s *Stage) Heard() []Delivery {
	s.T.Helper()
	s.Advance("0s") // returns when all that is due has happened
	var list []Delivery
	for {
		select {
		case d := <-s.Bot.received:
			list = append(list, d)
		default:
			return list
		}
	}
}

// HeardTypes is Heard as text: "cafe:message shop:follow".
func (s *Stage) HeardTypes() string {
	s.T.Helper()
	var words []string
	for _, d := range s.Heard() {
		words = append(words, strings.TrimPrefix(d.Path, "/")+":"+d.Event.Type)
	}
	return strings.Join(words, " ")
}

// Signed says whether the delivery carries the signature of that secret.
func (d Delivery) Signed(secret string) bool {
	return d.Signature == webhook.Signature(secret, []byte(d.Body))
}
