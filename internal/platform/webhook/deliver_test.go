package webhook

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/platform/channel"
)

func TestFaultsOnTheWayOut(t *testing.T) {
	tests := map[string]struct {
		match          fault.Match
		effect         fault.Effect
		status         int
		reason, detail string
		posts          int
	}{
		"status":            {fault.Match{Webhook: true}, fault.Effect{Status: 503}, 503, errorStatusCode, "503", 0},
		"dropped":           {fault.Match{Webhook: true}, fault.Effect{DropConnection: true}, 0, unclassified, "Session closed unexpectedly", 0},
		"late, yet in time": {fault.Match{Webhook: true}, fault.Effect{Latency: fault.Duration(30 * time.Millisecond)}, 200, ok, "200", 1},
		"by path":           {fault.Match{Webhook: true, Path: "/callback", Method: "POST", ChannelID: "1656000001"}, fault.Effect{Status: 500}, 500, errorStatusCode, "500", 0},
		"another path":      {fault.Match{Webhook: true, Path: "/other"}, fault.Effect{Status: 500}, 200, ok, "200", 1},
		"another channel":   {fault.Match{Webhook: true, ChannelID: "1656000002"}, fault.Effect{Status: 500}, 200, ok, "200", 1},
		"of the API":        {fault.Match{}, fault.Effect{Status: 500}, 200, ok, "200", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), newBot(t, status(200))
			w.faults.Put([]fault.Rule{{Match: tt.match, Effect: tt.effect}})
			begun := time.Now()
			out := w.emit(w.channel("1656000001", b.hook()), text("U1", "hi"))
			w.settle()
			a := w.entry(out.EventID).Attempts[0]
			if a.Status != tt.status || a.Reason != tt.reason || a.Detail != tt.detail || len(b.got()) != tt.posts {
				t.Errorf("%+v, %d posts", a, len(b.got()))
			}
			if time.Since(begun) < time.Duration(tt.effect.Latency) {
				t.Error("the latency was not waited for")
			}
		})
	}
}

func TestBuiltinFailures(t *testing.T) {
	tests := map[string]struct {
		answer func(context.Context, *channel.Channel, []byte) error
		reason string
	}{
		"error":   {func(context.Context, *channel.Channel, []byte) error { return errors.New("no") }, unclassified},
		"panic":   {func(context.Context, *channel.Channel, []byte) error { panic("no") }, unclassified},
		"timeout": {func(ctx context.Context, _ *channel.Channel, _ []byte) error { <-ctx.Done(); return ctx.Err() }, requestTimeout},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t, "memory:", false)
			w.room.Builtin(tt.answer)
			w.room.sender.span = 20 * time.Millisecond
			w.begin()
			out := w.emit(w.channel("1656000001", channel.Webhook{Active: true}), text("U1", "hi"))
			w.settle()
			if e := w.entry(out.EventID); e.Status != failed || e.Attempts[0].Reason != tt.reason {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestFaultsHoldForTheBuiltinBot(t *testing.T) {
	w := openWorld(t, "memory:", false)
	calls := 0
	w.room.Builtin(func(context.Context, *channel.Channel, []byte) error { calls++; return nil })
	w.faults.Put([]fault.Rule{{Match: fault.Match{Webhook: true}, Effect: fault.Effect{DropConnection: true}}})
	w.begin()
	out := w.emit(w.channel("1656000001", channel.Webhook{Active: true}), text("U1", "hi"))
	w.settle()
	if e := w.entry(out.EventID); e.Status != failed || e.Attempts[0].Detail != sessionClosed || calls != 0 {
		t.Errorf("%d calls, %+v", calls, e)
	}
}

func TestOrderPerChat(t *testing.T) {
	const chats, each = 12, 40
	w := newWorld(t)
	b := newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	var wg sync.WaitGroup
	for c := range chats {
		wg.Go(func() {
			for i := range each {
				w.emit(ch, text("U"+strconv.Itoa(c), strconv.Itoa(i)))
			}
		})
	}
	wg.Wait()
	w.settle()
	next := map[string]int{}
	for _, p := range b.got() {
		if want := strconv.Itoa(next[p.event.Source.UserID]); p.event.Message.Text != want {
			t.Fatalf("chat %s got %s where %s was due", p.event.Source.UserID, p.event.Message.Text, want)
		}
		next[p.event.Source.UserID]++
	}
	if len(b.got()) != chats*each {
		t.Errorf("%d of %d delivered", len(b.got()), chats*each)
	}
}

func TestADeadReceiverDelaysNobodyElse(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	dead := newBot(t, func(http.ResponseWriter, *http.Request) { <-release })
	arrived := make(chan struct{}, 1)
	alive := newBot(t, func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} })
	slow, quick := w.channel("1656000001", dead.hook()), w.channel("1656000002", alive.hook())
	for i := range 3 * window {
		w.emit(slow, text("U"+strconv.Itoa(i), "hi"))
	}
	begun := time.Now()
	w.emit(quick, text("U1", "hi"))
	select {
	case <-arrived:
		if took := time.Since(begun); took > 3*time.Second { // its window full of two seconds each would take six
			t.Errorf("it took %v beside a dead receiver", took)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing arrived beside a dead receiver")
	}
	close(release)
	w.settle()
}
