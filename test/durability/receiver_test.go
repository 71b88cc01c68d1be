package durability

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// delivery is one webhook as it came.
type delivery struct {
	id, kind, replyToken string
	again                bool // isRedelivery
	life                 int  // of the server that sent it
	at                   time.Time
	answered             int
	body                 string // with isRedelivery turned to false
	path                 string
}

// receiver is a bot's webhook server: it writes down what comes.
type receiver struct {
	URL string
	// answer gives the status of an answer; it may wait. nil: 200.
	answer func(delivery) int
	// seen, if set, is told of each delivery.
	seen func(delivery)

	secret string
	server *http.Server

	mu    sync.Mutex
	moved *sync.Cond
	conns map[net.Conn]bool
	life  int
	list  []delivery
	bad   []string
}

func newReceiver(t *testing.T, secret string) *receiver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{URL: "http://" + l.Addr().String(), secret: secret, conns: map[net.Conn]bool{}}
	r.moved = sync.NewCond(&r.mu)
	r.server = &http.Server{Handler: r, ConnState: r.state}
	go r.server.Serve(l)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := r.server.Shutdown(ctx); err != nil {
			t.Errorf("the receiver did not end: %v", err)
		}
	})
	return r
}

func (r *receiver) state(c net.Conn, s http.ConnState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch s {
	case http.StateNew:
		r.conns[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(r.conns, c)
	}
	r.moved.Broadcast()
}

// bury returns when all that the dead server sent has been taken note of:
// connections are accepted in their order, and those of a dead process end.
func (r *receiver) bury(t *testing.T) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		own, others := false, 0
		for conn := range r.conns {
			if conn.RemoteAddr().String() == c.LocalAddr().String() {
				own = true
			} else {
				others++
			}
		}
		if own && others == 0 {
			break
		}
		r.moved.Wait()
	}
	r.life++
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the sender died in the middle: nothing was delivered
	}
	d, bad := r.read(req, body)
	if bad != "" {
		r.mu.Lock()
		r.bad = append(r.bad, bad)
		r.mu.Unlock()
		return
	}
	d.answered = http.StatusOK
	r.mu.Lock()
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		d.answered = answer(d)
	}
	r.mu.Lock()
	d.life = r.life
	r.list = append(r.list, d)
	r.moved.Broadcast()
	seen := r.seen
	r.mu.Unlock()
	w.WriteHeader(d.answered)
	if seen != nil {
		seen(d)
	}
}

func (r *receiver) read(req *http.Request, body []byte) (delivery, string) {
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write(body)
	if req.Header.Get("X-Line-Signature") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		return delivery{}, "a signature that does not fit: " + string(body)
	}
	var in struct {
		Events []struct {
			Type            string `json:"type"`
			WebhookEventID  string `json:"webhookEventId"`
			ReplyToken      string `json:"replyToken"`
			DeliveryContext struct {
				IsRedelivery bool `json:"isRedelivery"`
			} `json:"deliveryContext"`
		} `json:"events"`
	}
	if err := json.Unmarshal(body, &in); err != nil || len(in.Events) != 1 {
		return delivery{}, "no single event: " + string(body)
	}
	e := in.Events[0]
	return delivery{id: e.WebhookEventID, kind: e.Type, replyToken: e.ReplyToken, again: e.DeliveryContext.IsRedelivery, at: time.Now(), path: req.URL.Path,
		body: strings.Replace(string(body), `"isRedelivery":true`, `"isRedelivery":false`, 1)}, ""
}

// deliveries is what came so far, by event id, in order.
func (r *receiver) deliveries(t *testing.T) map[string][]delivery {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, bad := range r.bad {
		t.Errorf("webhook: %s", bad)
	}
	m := map[string][]delivery{}
	for _, d := range r.list {
		m[d.id] = append(m[d.id], d)
	}
	return m
}

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// await returns when n deliveries of an event have come.
func (r *receiver) await(t *testing.T, id string, n int) []delivery {
	t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		late = true
		r.moved.Broadcast()
	})
	defer timer.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var got []delivery
		for _, d := range r.list {
			if d.id == id {
				got = append(got, d)
			}
		}
		if len(got) >= n {
			return got
		}
		if late {
			t.Fatalf("event %s came %d times in %v, want %d", id, len(got), patience, n)
		}
		r.moved.Wait()
	}
}
