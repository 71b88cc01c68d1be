package webhook

import (
	"context"
	"crypto/hmac"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
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
func (w *world) channel(id string, hook channel.Webhook) *channel.Channel {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		_, err := w.channels.Put(tx, channel.Channel{ID: id, Type: channel.Messaging, Secret: secret,
			Account: channel.Account{UserID: botID}, Webhook: hook})
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

func TestEmitWritesThePlatformsOrder(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	tests := map[string]struct {
		event Event
		want  string
	}{
		"group message, raw UTF-8, as it was given": {
			Event{Type: "message", Source: &Source{Type: "group", UserID: "U1", GroupID: "C1"}, Replyable: true, ChatNo: 1, Lane: "a",
				Members: []api.Member{{Name: "message", Value: jsontext.Value(`{"type": "text", "text": "<b>会話 & 😀\n</b> \"isRedelivery\":false"}`)}}},
			`{"type":"message","message":{"type":"text","text":"<b>会話 & 😀\n</b> \"isRedelivery\":false"},"webhookEventId":"ID",` +
				`"deliveryContext":{"isRedelivery":false},"timestamp":AT,"source":{"type":"group","groupId":"C1","userId":"U1"},"replyToken":"TOKEN","mode":"active"}`},
		"no reply token, of another time": {
			Event{Type: "unfollow", Source: &Source{Type: "user", UserID: "U1"}, Lane: "b", At: time.UnixMilli(1462629479859)},
			`{"type":"unfollow","webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":1462629479859,"source":{"type":"user","userId":"U1"},"mode":"active"}`},
		"room": {
			Event{Type: "leave", Source: &Source{Type: "room", RoomID: "R1"}, Lane: "c"},
			`{"type":"leave","webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":AT,"source":{"type":"room","roomId":"R1"},"mode":"active"}`},
		"no source": {
			Event{Type: "accountLink", Members: []api.Member{{Name: "link", Value: map[string]string{"result": "failed"}}}},
			`{"type":"accountLink","link":{"result":"failed"},"webhookEventId":"ID","deliveryContext":{"isRedelivery":false},"timestamp":AT,"mode":"active"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out := w.emit(ch, tt.event)
			w.settle()
			got := b.got()[len(b.got())-1]
			if len(out.EventID) != 26 || strings.ToUpper(out.EventID) != out.EventID {
				t.Errorf("webhookEventId %q is no ULID", out.EventID)
			}
			if (len(out.ReplyToken) == 32) != tt.event.Replyable {
				t.Errorf("replyToken %q", out.ReplyToken)
			}
			at := jsontext.Int(got.event.Timestamp).String()
			want := `{"destination":"` + botID + `","events":[` +
				strings.NewReplacer("ID", out.EventID, "AT", at, "TOKEN", out.ReplyToken).Replace(tt.want) + `]}`
			want = strings.ReplaceAll(want, "webhookEvent"+out.EventID, "webhookEventId")
			if got.body != want {
				t.Errorf("got  %s\nwant %s", got.body, want)
			}
			if d := w.clock.Now().Sub(time.UnixMilli(got.event.Timestamp)); tt.event.At.IsZero() && (d < 0 || d > time.Minute) {
				t.Errorf("timestamp is %v ago", d)
			}
		})
	}
}

func TestEmitIsPartOfItsTransaction(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := w.room.Emit(tx, ch, text("U1", "never said")); err != nil {
			return err
		}
		return io.ErrUnexpectedEOF
	})
	if err != io.ErrUnexpectedEOF {
		t.Fatal(err)
	}
	w.settle()
	page, err := w.room.Log(t.Context(), LogQuery{})
	if err != nil || len(page.Webhooks) != 0 || len(b.got()) != 0 || w.feed.Last() != 0 {
		t.Errorf("what was rolled back left %+v, %d posts, %d changes (%v)", page, len(b.got()), w.feed.Last(), err)
	}
}

func TestWhereEventsGo(t *testing.T) {
	tests := map[string]struct {
		hook    func(url string) channel.Webhook
		builtin bool
		status  string
		posts   int
		calls   int
	}{
		"active":                  {func(u string) channel.Webhook { return channel.Webhook{Endpoint: u, Active: true} }, false, delivered, 1, 0},
		"active beside a builtin": {func(u string) channel.Webhook { return channel.Webhook{Endpoint: u, Active: true} }, true, delivered, 1, 0},
		"not active":              {func(u string) channel.Webhook { return channel.Webhook{Endpoint: u} }, false, skipped, 0, 0},
		"not active, builtin":     {func(u string) channel.Webhook { return channel.Webhook{Endpoint: u} }, true, skipped, 0, 0},
		"no endpoint":             {func(string) channel.Webhook { return channel.Webhook{Active: true} }, false, skipped, 0, 0},
		"no endpoint, builtin":    {func(string) channel.Webhook { return channel.Webhook{} }, true, delivered, 0, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, b := openWorld(t, "memory:", false), newBot(t, status(200))
			calls := 0
			if tt.builtin {
				w.room.Builtin(func(_ context.Context, ch *channel.Channel, body []byte) error {
					calls++
					if ch.ID != "1656000001" || !strings.Contains(string(body), `"text":"hi"`) {
						t.Errorf("the built-in bot got %s of %s", body, ch.ID)
					}
					return nil
				})
			}
			w.begin()
			out := w.emit(w.channel("1656000001", tt.hook(b.URL)), text("U1", "hi"))
			w.settle()
			e := w.entry(out.EventID)
			if e.Status != tt.status || len(b.got()) != tt.posts || calls != tt.calls || len(e.Attempts) != tt.posts+tt.calls {
				t.Errorf("status %s, %d posts, %d calls, %d attempts", e.Status, len(b.got()), calls, len(e.Attempts))
			}
		})
	}
}

func TestSettingsOfTheMomentOfDeliveryCount(t *testing.T) {
	w, old, b := openWorld(t, "memory:", false), newBot(t, status(200)), newBot(t, status(200))
	var held atomic.Bool
	held.Store(true)
	w.queue.Pause(func(string) bool { return held.Load() })
	w.begin()
	ch := w.channel("1656000001", old.hook())
	out := w.emit(ch, text("U1", "hi"))
	w.channel("1656000001", b.hook())
	other := w.channel("1656000002", old.hook())
	lost := w.emit(other, text("U1", "hi"))
	w.channel("1656000002", channel.Webhook{Endpoint: old.URL})
	held.Store(false)
	w.settle()
	if len(old.got()) != 0 || len(b.got()) != 1 || w.entry(out.EventID).Attempts[0].URL != b.URL+"/callback" {
		t.Errorf("the old endpoint got %d, the new one %d", len(old.got()), len(b.got()))
	}
	if e := w.entry(lost.EventID); e.Status != skipped || len(e.Attempts) != 0 {
		t.Errorf("switched off before delivery: %+v", e)
	}
}
