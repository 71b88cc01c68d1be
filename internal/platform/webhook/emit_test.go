package webhook

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

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
		"no endpoint, builtin":    {func(string) channel.Webhook { return channel.Webhook{Active: true} }, true, delivered, 0, 1},
		"off, builtin":            {func(string) channel.Webhook { return channel.Webhook{} }, true, skipped, 0, 0},
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

// On the platform an account without a webhook URL tells nobody anything.
func TestOnlyWhoWantsTheBuiltinBotHasIt(t *testing.T) {
	w, calls := openWorld(t, "memory:", false), 0
	w.room.Builtin(func(context.Context, *channel.Channel, []byte) error { calls++; return nil })
	w.begin()
	out := w.emit(w.configured("1656000001", channel.Webhook{Active: true}, channel.Config{}), text("U1", "hi"))
	w.settle()
	if e := w.entry(out.EventID); e.Status != skipped || calls != 0 {
		t.Errorf("status %s, %d calls", e.Status, calls)
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

// FuzzEncode: whatever people write is told as they wrote it, and a redelivery
// differs in isRedelivery alone.
func FuzzEncode(f *testing.F) {
	f.Add("hi", "U1")
	f.Add(`"isRedelivery":false}`, `"isRedelivery":false`)
	f.Add("\u2028\x00</script>\U0001F600", "\\")
	f.Fuzz(func(t *testing.T, said, user string) {
		body, err := encode(botID, text(user, said), Emitted{EventID: "01FZ74A0TDDPYRVKNK77XKC3ZR", ReplyToken: "0f3779fba3b349968c5d07db31eab56f"}, false)
		if !utf8.ValidString(said) {
			if err == nil {
				t.Fatalf("%q was written as %s", said, body)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		again := redelivered(body)
		if len(again) != len(body)-1 {
			t.Fatalf("a redelivery of %s is %s", body, again)
		}
		for i, b := range []string{body, again} {
			var got post
			var all struct {
				Events []jsontext.Value `json:"events"`
			}
			if err := json.Unmarshal([]byte(b), &all); err != nil {
				t.Fatalf("%s: %v", b, err)
			}
			if err := json.Unmarshal(all.Events[0], &got.event); err != nil {
				t.Fatal(err)
			}
			if got.event.Message.Text != said || got.event.DeliveryContext.IsRedelivery != (i == 1) {
				t.Fatalf("%q became %s", said, b)
			}
		}
	})
}
