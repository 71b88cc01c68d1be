package webhook

import (
	"context"
	"crypto/hmac"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/schema"
)

const (
	secret = "8c570fa6dd201bb328f1c1eac23a96d8"
	botID  = "U8e742f61d673b39c7fff3cecb7536ef0"
)

var start = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

// world is a server's part that delivers webhooks.
type world struct {
	t        testing.TB
	clock    clock.Clock
	db       *store.DB
	queue    *outbox.Queue
	channels *channel.Room
	faults   fault.Set
	feed     feed.Feed
	room     *Room
}

func newWorld(t testing.TB) *world {
	w := openWorld(t, "memory:", false)
	w.begin()
	return w
}

// openWorld opens a store; begin sets the queue to work.
func openWorld(t testing.TB, dsn string, public bool) *world {
	w := &world{t: t}
	w.clock.Set(start)
	var err error
	if w.db, err = store.Open(t.Context(), dsn, store.Options{Migrations: schema.Files(), Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	seq := new(id.Sequence)
	w.queue = outbox.New(w.db, &w.clock, seq)
	w.channels = channel.Open(w.db)
	if err := w.channels.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.room = New(Config{DB: w.db, Queue: w.queue, Channels: w.channels, Clock: &w.clock, Seq: seq, Faults: &w.faults, Feed: &w.feed,
		Log: slog.New(slog.DiscardHandler), PublicOnly: public})
	t.Cleanup(w.stop)
	return w
}

func (w *world) begin() {
	w.t.Helper()
	if err := w.queue.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.queue.Stop(ctx); err != nil {
		w.t.Error("the queue does not stop:", err)
	}
	w.db.Close()
	w.room.sender.transport.CloseIdleConnections()
}

func (w *world) update(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// channel registers a channel with that webhook.
// channel is an account for which the built-in bot may answer, where there is one.
func (w *world) channel(id string, hook channel.Webhook) *channel.Channel {
	w.t.Helper()
	return w.configured(id, hook, channel.Config{BuiltInBot: true})
}

func (w *world) configured(id string, hook channel.Webhook, config channel.Config) *channel.Channel {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		_, err := w.channels.Put(tx, channel.Channel{ID: id, Type: channel.Messaging, Secret: secret,
			Account: channel.Account{UserID: botID}, Webhook: hook, Config: config})
		return err
	})
	return w.channels.Get(id)
}

func (w *world) emit(ch *channel.Channel, e Event) Emitted {
	w.t.Helper()
	var out Emitted
	w.update(func(tx *store.Tx) (err error) {
		out, err = w.room.Emit(tx, ch, e)
		return err
	})
	return out
}

func (w *world) settle() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := w.queue.Settle(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := w.queue.Advance(ctx, w.clock.Now().Add(d)); err != nil {
		w.t.Fatal(err)
	}
}

// entry is the log's entry of an event.
func (w *world) entry(eventID string) LogEntry {
	w.t.Helper()
	page, err := w.room.Log(context.Background(), LogQuery{Limit: logMost})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range page.Webhooks {
		if e.EventID == eventID {
			return e
		}
	}
	w.t.Fatalf("the log does not have event %s", eventID)
	return LogEntry{}
}

// post is one request that a bot received.
type post struct {
	header http.Header
	body   string
	event  struct {
		Type            string `json:"type"`
		ID              string `json:"webhookEventId"`
		ReplyToken      string `json:"replyToken"`
		Timestamp       int64  `json:"timestamp"`
		DeliveryContext struct {
			IsRedelivery bool `json:"isRedelivery"`
		} `json:"deliveryContext"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
		Source struct {
			UserID string `json:"userId"`
		} `json:"source"`
	}
}

// bot is a receiver that answers what it is told and remembers what it got.
type bot struct {
	*httptest.Server
	mu    sync.Mutex
	posts []post
}

func newBot(t testing.TB, answer http.HandlerFunc) *bot {
	b := &bot{}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.receive(t, r)
		answer(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *bot) receive(t testing.TB, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	if !hmac.Equal([]byte(Signature(secret, body)), []byte(r.Header.Get("X-Line-Signature"))) {
		t.Errorf("the signature is not that of the body %s", body)
	}
	p := post{header: r.Header, body: string(body)}
	var in struct {
		Destination string           `json:"destination"`
		Events      []jsontext.Value `json:"events"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Destination != botID || in.Events == nil {
		t.Errorf("not a webhook: %s (%v)", body, err)
	}
	if len(in.Events) > 0 {
		if err := json.Unmarshal(in.Events[0], &p.event); err != nil {
			t.Error(err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posts = append(b.posts, p)
}

func (b *bot) got() []post {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]post(nil), b.posts...)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func (b *bot) hook() channel.Webhook {
	return channel.Webhook{Endpoint: b.URL + "/callback", Active: true}
}

// text is a message event.
func text(lane, text string) Event {
	return Event{Type: "message", Source: &Source{Type: "user", UserID: lane}, Replyable: true, ChatNo: 7, Lane: lane,
		Members: []api.Member{{Name: "message", Value: map[string]string{"text": text}}}}
}
