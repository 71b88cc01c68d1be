package webhook

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/testkit"
)

// use takes the token as a call at that instant would.
func (w *world) use(ch *channel.Channel, token string, at time.Time) (chatNo int64, err error) {
	err = w.db.Update(w.t.Context(), func(tx *store.Tx) (err error) {
		tx.Now = at
		chatNo, err = w.room.UseReplyToken(tx, ch, token)
		return err
	})
	return chatNo, err
}

func TestReplyTokenEnds(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	other := w.channel("1656000002", b.hook())
	tests := map[string]struct {
		after time.Duration
		ch    *channel.Channel
		token string
		want  error
	}{
		"at once":            {0, ch, "", nil},
		"in the last moment": {time.Minute, ch, "", nil},
		"too late":           {time.Minute + time.Millisecond, ch, "", ErrReplyToken},
		"of another channel": {0, other, "", ErrReplyToken},
		"unknown":            {0, ch, "00000000000000000000000000000000", ErrReplyToken},
		"empty is no token":  {0, ch, " ", ErrReplyToken},
		"SQL is text":        {0, ch, "' OR 1=1 --", ErrReplyToken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var emitted Emitted
			var at time.Time
			w.update(func(tx *store.Tx) (err error) {
				at = tx.Now
				emitted, err = w.room.Emit(tx, ch, text("U1", "hi"))
				return err
			})
			w.settle()
			if tt.token == "" {
				tt.token = emitted.ReplyToken
			}
			at = at.Truncate(time.Millisecond)
			chat, err := w.use(tt.ch, tt.token, at.Add(tt.after))
			if !errors.Is(err, tt.want) || (err == nil) != (chat == 7) {
				t.Errorf("chat %d, %v", chat, err)
			}
			if err == nil {
				if _, err := w.use(tt.ch, tt.token, at.Add(tt.after)); !errors.Is(err, ErrReplyToken) {
					t.Error("used twice:", err)
				}
			}
		})
	}
}

func TestReplyTokensAreTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := newToken(start)
		if len(token) != 32 || strings.Trim(token, "0123456789abcdef") != "" || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
	if newToken(start.Add(time.Millisecond)) < newToken(start) {
		t.Error("a later token does not stand behind an earlier one")
	}
}

func TestReplyTokenIsUsedOnceOfManyAtOnce(t *testing.T) { testkit.EachStore(t, race) }

func race(t *testing.T, dsn string) {
	w, b := openWorld(t, dsn, false), newBot(t, status(200))
	w.begin()
	ch := w.channel("1656000001", b.hook())
	out := w.emit(ch, text("U1", "hi"))
	w.settle()
	var won, refused atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			err := w.db.Update(t.Context(), func(tx *store.Tx) error {
				_, err := w.room.UseReplyToken(tx, ch, out.ReplyToken)
				return err
			})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, ErrReplyToken):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || refused.Load() != 99 {
		t.Errorf("%d used it, %d were refused", won.Load(), refused.Load())
	}
}

func TestReplyTokenOfAFailedTransactionStaysUnused(t *testing.T) {
	w, b := newWorld(t), newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	out := w.emit(ch, text("U1", "hi"))
	w.settle()
	refused := errors.New("messages are invalid")
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := w.room.UseReplyToken(tx, ch, out.ReplyToken); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if _, err := w.use(ch, out.ReplyToken, w.clock.Now()); err != nil {
		t.Error("the token is gone:", err)
	}
}

func TestReplyTokenLivesOnWithARedelivery(t *testing.T) {
	tests := map[string]struct {
		wait  time.Duration // from the event to the redelivery
		after time.Duration // from the redelivery to the reply
		used  bool          // before the redelivery
		want  error
	}{
		"after its first minute":          {5 * time.Minute, 50 * time.Second, false, nil},
		"a minute after the redelivery":   {5 * time.Minute, 61 * time.Second, false, ErrReplyToken},
		"up to 20 minutes from the event": {19*time.Minute + 30*time.Second, 25 * time.Second, false, nil},
		"not longer":                      {19*time.Minute + 30*time.Second, 31 * time.Second, false, ErrReplyToken},
		"when the event is older":         {21 * time.Minute, 0, false, ErrReplyToken},
		"when it was used":                {time.Minute, time.Second, true, ErrReplyToken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			testkit.EachStore(t, func(t *testing.T, dsn string) {
				w, b := openWorld(t, dsn, false), newBot(t, status(200))
				w.begin()
				ch := w.channel("1656000001", b.hook())
				out := w.emit(ch, text("U1", "hi"))
				w.settle()
				if tt.used {
					if _, err := w.use(ch, out.ReplyToken, w.clock.Now()); err != nil {
						t.Fatal(err)
					}
				}
				w.advance(tt.wait)
				if err := w.room.Redeliver(t.Context(), out.EventID); err != nil {
					t.Fatal(err)
				}
				w.settle()
				if p := b.got(); len(p) != 2 || p[1].event.ReplyToken != out.ReplyToken {
					t.Fatalf("%d posts, the second with token %q", len(p), p[len(p)-1].event.ReplyToken)
				}
				if _, err := w.use(ch, out.ReplyToken, w.clock.Now().Add(tt.after)); !errors.Is(err, tt.want) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestReplyTokenOfALateFirstDelivery(t *testing.T) {
	w, b := openWorld(t, "memory:", false), newBot(t, status(200))
	var held atomic.Bool
	held.Store(true)
	w.queue.Pause(func(string) bool { return held.Load() })
	w.begin()
	ch := w.channel("1656000001", b.hook())
	out := w.emit(ch, text("U1", "hi"))
	w.advance(time.Hour)
	if _, err := w.use(ch, out.ReplyToken, w.clock.Now()); !errors.Is(err, ErrReplyToken) {
		t.Error("a token that nobody got is usable:", err)
	}
	held.Store(false)
	w.settle()
	if len(b.got()) != 1 || b.got()[0].event.DeliveryContext.IsRedelivery {
		t.Fatal("it was not delivered as new")
	}
	if _, err := w.use(ch, out.ReplyToken, w.clock.Now().Add(50*time.Second)); err != nil {
		t.Error("the bot got a dead token:", err)
	}
}

// A fault may hold a request up after its attempt was recorded.
func TestReplyTokenOfADelayedDelivery(t *testing.T) {
	w, b := openWorld(t, "memory:", false), newBot(t, status(200))
	always := 1.0
	w.faults.Put([]fault.Rule{{Match: fault.Match{Webhook: true}, Effect: fault.Effect{Latency: 1, Probability: &always}}})
	w.faults.Roll = func() float64 { // the time that the delay takes
		w.clock.Set(w.clock.Now().Add(time.Hour))
		return 0
	}
	w.begin()
	ch := w.channel("1656000001", b.hook())
	out := w.emit(ch, text("U1", "hi"))
	w.settle()
	if len(b.got()) != 1 {
		t.Fatalf("%d posts", len(b.got()))
	}
	if _, err := w.use(ch, out.ReplyToken, w.clock.Now().Add(50*time.Second)); err != nil {
		t.Error("the bot got a dead token:", err)
	}
}

func TestReplyTokenOfASkippedEventIsOfNoUse(t *testing.T) {
	w := newWorld(t)
	ch := w.channel("1656000001", channel.Webhook{})
	out := w.emit(ch, text("U1", "hi"))
	if _, err := w.use(ch, out.ReplyToken, w.clock.Now()); !errors.Is(err, ErrReplyToken) {
		t.Error(err)
	}
}
