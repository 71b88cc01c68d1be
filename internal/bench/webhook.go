package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// breath is how long a person waits before they speak again: at light load the
// server has recorded one delivery before the next message comes.
const breath = 5 * time.Millisecond

// webhookMost is how long a message's webhook is waited for.
const webhookMost = 10 * time.Second

// Webhook measures from a person's message being sent to its webhook having
// been read by the receiver. One connection is a light load; each further one
// is one more person who waits for their webhook before they speak again.
func Webhook(ctx context.Context, o Options) (*Figures, error) {
	in, err := receive()
	if err != nil {
		return nil, err
	}
	defer in.close()
	s, err := open(ctx, o, world{friends: max(o.Connections, 1), endpoint: in.url()})
	if err != nil {
		return nil, err
	}
	defer s.close()
	if o.Target != "" { // a server of our own has it in its world
		if _, err := s.call("PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"`+in.url()+`"}`, s.token); err != nil {
			return nil, err
		}
	}
	l := load{address: s.address, connections: o.Connections, duration: o.Duration, requests: o.Requests, pause: breath,
		job: func(w *wire, worker int) func(int) error {
			who, arrived := s.people[worker%len(s.people)], in.expect(worker)
			return func(n int) error {
				mark := strconv.Itoa(worker) + "." + strconv.Itoa(n) + "."
				status, body, err := w.exchange(request("POST", "/sim/v1/people/"+who+"/messages", s.address,
					`{"chat":{"channelId":"`+s.channel+`"},"message":{"type":"text","text":"`+webhookMark+mark+`"}}`))
				if err := want(200, status, body, err); err != nil {
					return err
				}
				return in.wait(ctx, arrived, n)
			}
		}}
	return s.measure(ctx, "webhook", l)
}

// webhookMark begins the texts that the receiver looks for: worker and number follow.
const webhookMark = "webhook bench "

// receiver is the bot: it answers 200 and tells who waits what arrived.
type receiver struct {
	listener net.Listener
	server   *http.Server
	mu       sync.Mutex
	waiting  map[int]chan int
}

func receive() (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{listener: l, waiting: map[int]chan int{}}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: webhookMost}
	go r.server.Serve(l)
	return r, nil
}

func (r *receiver) url() string { return "http://" + r.listener.Addr().String() + "/" }

func (r *receiver) close() { r.server.Close() }

// expect is where the numbers of a worker's messages arrive. A worker that
// begins anew (after the warm-up) gets a new place.
func (r *receiver) expect(worker int) chan int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[worker] = make(chan int, 1024)
	return r.waiting[worker]
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	w.WriteHeader(http.StatusOK)
	_, mark, found := bytes.Cut(body, []byte(webhookMark))
	if !found {
		return
	}
	parts := bytes.SplitN(mark, []byte("."), 3)
	if len(parts) < 3 {
		return
	}
	worker, err1 := strconv.Atoi(string(parts[0]))
	n, err2 := strconv.Atoi(string(parts[1]))
	if err1 != nil || err2 != nil {
		return
	}
	r.mu.Lock()
	to := r.waiting[worker]
	r.mu.Unlock()
	select {
	case to <- n:
	default: // nobody waits for it any more
	}
}

// wait returns when the message of that number has arrived.
func (r *receiver) wait(ctx context.Context, arrived chan int, n int) error {
	late := time.NewTimer(webhookMost)
	defer late.Stop()
	for {
		select {
		case got := <-arrived:
			if got == n {
				return nil
			}
		case <-late.C:
			return fmt.Errorf("no webhook within %v", webhookMost)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
