package webhook

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
)

func TestRedeliverySchedule(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		return start.Add(d)
	}
	tests := []struct {
		attempt     int
		failed      string // after the first attempt
		next        string
		redelivered bool
	}{
		{1, "0s", "10s", true},
		{2, "10s", "40s", true},
		{3, "40s", "1m40s", true},
		{4, "1m40s", "3m40s", true},
		{5, "3m40s", "8m40s", true},
		{6, "8m40s", "", false},
		{7, "9m", "", false},
		{5, "5m30s", "10m", true}, // pulled in: what is due has happened within 10 minutes
		{2, "9m50s", "10m", true},
		{2, "11m", "11m30s", true}, // the server slept: plain pauses
	}
	for _, tt := range tests {
		got, again := redeliverAt(tt.attempt, start, at(tt.failed))
		if again != tt.redelivered || (again && !got.Equal(at(tt.next))) {
			t.Errorf("attempt %d failed after %s: %v, %v", tt.attempt, tt.failed, got.Sub(start), again)
		}
	}
}

func TestRedeliveryOnTheServersClock(t *testing.T) {
	tests := map[string]struct {
		redelivery bool
		succeeds   int // the attempt that succeeds, 0 none
		attempts   int
		status     string
	}{
		"off":               {false, 0, 1, failed},
		"on, never answers": {true, 0, 6, failed},
		"on, third time":    {true, 3, 3, delivered},
		"on, first time":    {true, 1, 1, delivered},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			n := 0
			b := newBot(t, func(w http.ResponseWriter, _ *http.Request) {
				if n++; n != tt.succeeds {
					w.WriteHeader(500)
				}
			})
			hook := b.hook()
			hook.Redelivery = tt.redelivery
			out := w.emit(w.channel("1656000001", hook), text("U1", `"isRedelivery":false`))
			w.settle()
			if len(b.got()) != 1 {
				t.Fatalf("%d at once", len(b.got()))
			}
			w.advance(10 * time.Minute)
			e := w.entry(out.EventID)
			if e.Status != tt.status || len(e.Attempts) != tt.attempts || len(b.got()) != tt.attempts {
				t.Fatalf("%s after %d attempts, %d posts", e.Status, len(e.Attempts), len(b.got()))
			}
			first := b.got()[0]
			for i, p := range b.got() {
				again := i > 0
				want := first.body
				if again {
					want = strings.Replace(first.body, `{"isRedelivery":false}`, `{"isRedelivery":true}`, 1)
				}
				if p.body != want || p.event.DeliveryContext.IsRedelivery != again || e.Attempts[i].IsRedelivery != again || e.Attempts[i].Request.Body != want {
					t.Errorf("attempt %d sent %s", i+1, p.body)
				}
				if again {
					waited := stamped(t, e.Attempts[i].StartedAt).Sub(stamped(t, e.Attempts[i-1].EndedAt))
					if d := waited - pauses[i-1]; d < 0 || d > time.Second {
						t.Errorf("attempt %d came %v after the one before", i+1, waited)
					}
				}
			}
		})
	}
}

func stamped(t *testing.T, s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRedeliverByHand(t *testing.T) { testkit.EachStore(t, redeliverByHand) }

func redeliverByHand(t *testing.T, dsn string) {
	w := openWorld(t, dsn, false)
	w.begin()
	code := 500
	b := newBot(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	hook := b.hook()
	hook.Redelivery = true
	ch := w.channel("1656000001", hook)
	out := w.emit(ch, text("U1", "hi"))
	w.settle()
	expect := func(step, status string, posts int) {
		t.Helper()
		w.settle()
		if e := w.entry(out.EventID); e.Status != status || len(b.got()) != posts {
			t.Errorf("%s: %s after %d posts", step, e.Status, len(b.got()))
		}
	}
	hand := func() {
		t.Helper()
		if err := w.room.Redeliver(t.Context(), out.EventID); err != nil {
			t.Fatal(err)
		}
	}
	hand()
	expect("by hand, it fails and the schedule stands", waiting, 2)
	code = 200
	hand()
	expect("by hand, it succeeds", delivered, 3)
	w.advance(10 * time.Minute)
	expect("the schedule has nothing left to do", delivered, 3)
	code = 500
	hand()
	expect("what was delivered stays delivered", delivered, 4)
	for i, p := range b.got() {
		if p.event.ID != out.EventID || p.event.DeliveryContext.IsRedelivery != (i > 0) {
			t.Errorf("post %d is %s", i+1, p.body)
		}
	}
	w.channel("1656000001", channel.Webhook{Endpoint: b.URL})
	if err := w.room.Redeliver(t.Context(), out.EventID); err == nil || !strings.Contains(err.Error(), "takes no webhooks") {
		t.Error(err)
	}
	if err := w.room.Redeliver(t.Context(), "01FZ74A0TDDPYRVKNK77XKC3ZR"); err == nil || !strings.HasPrefix(err.Error(), "No webhook event") {
		t.Error(err)
	}
}

// TestAfterACrash closes the store under deliveries, as a crash would, and
// opens it again.
func TestAfterACrash(t *testing.T) {
	for _, redelivery := range []bool{true, false} {
		testkit.EachStore(t, func(t *testing.T, dsn string) {
			reached, release := make(chan struct{}, 1), make(chan struct{})
			b := newBot(t, func(http.ResponseWriter, *http.Request) {
				select {
				case reached <- struct{}{}:
				default: // only the first is waited for
				}
				<-release
			})
			hook := b.hook()
			hook.Redelivery = redelivery
			before := openWorld(t, dsn, false)
			before.begin()
			ch := before.channel("1656000001", hook)
			tried := before.emit(ch, text("U1", "tried"))
			<-reached
			untried := before.emit(ch, text("U1", "untried")) // waits for its turn in the chat
			before.db.Close()
			close(release)
			before.stop()

			after := openWorld(t, dsn, false)
			after.clock.Set(start.Add(time.Hour))
			after.begin()
			after.settle()
			posts := map[string][]bool{}
			for _, p := range b.got() {
				posts[p.event.ID] = append(posts[p.event.ID], p.event.DeliveryContext.IsRedelivery)
			}
			want := map[string][]bool{tried.EventID: {false}, untried.EventID: {false}}
			status := failed
			if redelivery {
				want[tried.EventID] = []bool{false, true}
				status = delivered
			}
			if !reflect.DeepEqual(posts, want) {
				t.Errorf("got %v, want %v", posts, want)
			}
			e := after.entry(tried.EventID)
			if a := e.Attempts[0]; e.Status != status || a.Reason != unclassified || a.Detail != dispatchError || a.EndedAt == "" {
				t.Errorf("%+v", e)
			}
			if e := after.entry(untried.EventID); e.Status != delivered || len(e.Attempts) != 1 || e.Attempts[0].IsRedelivery {
				t.Errorf("never tried: %+v", e)
			}
		})
	}
}

func TestInterruptedBeforeAnythingWasSent(t *testing.T) {
	w := openWorld(t, "memory:", false)
	w.queue.Pause(func(string) bool { return true })
	w.begin()
	b := newBot(t, status(200))
	out := w.emit(w.channel("1656000001", b.hook()), text("U1", "hi"))
	var no string
	w.update(func(tx *store.Tx) error {
		if err := tx.Row(`SELECT payload FROM outbox`, nil, &no); err != nil {
			return err
		}
		got, err := w.room.interrupted(tx, outbox.Item{Kind: kind, Payload: no, Attempts: 1})
		if err != nil || !got.Retry.Equal(tx.Now) {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	})
	if e := w.entry(out.EventID); e.Status != waiting {
		t.Errorf("%+v", e)
	}
}
