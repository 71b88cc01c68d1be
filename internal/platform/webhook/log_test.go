package webhook

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

func TestLogPages(t *testing.T) {
	w, b := newWorld(t), newBot(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Bot", "会話")
		w.WriteHeader(500)
		io.WriteString(w, strings.Repeat("é", answerKept))
	})
	one, two := w.channel("1656000001", b.hook()), w.channel("1656000002", channel.Webhook{})
	var ids []string
	for range 5 {
		ids = append(ids, w.emit(one, text("U1", "hi")).EventID)
		w.emit(two, text("U1", "hi"))
	}
	w.settle()
	var got []string
	q := LogQuery{ChannelID: "1656000001", Limit: 2}
	for pages := 1; ; pages++ {
		page, err := w.room.Log(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Webhooks {
			got = append([]string{e.EventID}, got...)
			if e.ChannelID != "1656000001" || e.Status != failed || e.Type != "message" {
				t.Errorf("%+v", e)
			}
			r := e.Attempts[0].Response
			if r == nil || r.Headers["X-Bot"] != "会話" || r.Body != strings.Repeat("é", answerKept/2) {
				t.Errorf("response %+v", r)
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(ids, " ") {
		t.Errorf("got %v, want %v", got, ids)
	}
	if page, err := w.room.Log(t.Context(), LogQuery{}); err != nil || len(page.Webhooks) != 10 || page.Webhooks[0].Status != skipped {
		t.Errorf("all channels: %d, %v", len(page.Webhooks), err)
	}
	for _, q := range []LogQuery{{Limit: -1}, {Limit: logMost + 1}, {Cursor: "?"}, {Cursor: "-1"}} {
		if _, err := w.room.Log(context.Background(), q); err == nil {
			t.Errorf("%+v is taken", q)
		}
	}
}

// The log tells of events for thirty days, of those that wait for as long as they do.
func TestSweepClearsTheLog(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(500))
	w.emit(w.channel("1656000001", b.hook()), text("U1", "failed"))
	w.settle()
	waits := w.emit(w.channel("1656000001", b.hook()), text("U1", "waits")).EventID
	w.settle()
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE webhook_events SET status = 'waiting' WHERE event_id = $1`, waits)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ days, left int }{{29, 2}, {31, 1}} {
		if err := w.room.Sweep(t.Context(), w.clock.Now().AddDate(0, 0, c.days)); err != nil {
			t.Fatal(err)
		}
		page, err := w.room.Log(t.Context(), LogQuery{})
		if err != nil || len(page.Webhooks) != c.left || page.Webhooks[0].EventID != waits {
			t.Errorf("after %d days: %+v %v", c.days, page.Webhooks, err)
		}
	}
}

func TestChangesAreTold(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(500))
	listener, _ := w.feed.Listen(0)
	defer listener.Close()
	out := w.emit(w.channel("1656000001", b.hook()), text("U1", "hi"))
	w.settle()
	want := []notice{{EventID: out.EventID, Type: "message", Status: waiting}, {EventID: out.EventID, Status: failed, Attempt: 1, Reason: errorStatusCode}}
	for _, n := range want {
		c := <-listener.C
		if c.Type != "webhook" || c.ChannelID != "1656000001" || c.UserIDs == nil || len(c.UserIDs) != 0 || c.Data != any(n) {
			t.Errorf("got %+v, want %+v", c, n)
		}
	}
}
