package bench

import (
	"context"
	"fmt"
	"time"
)

// Push measures push messages of one text, each to the next of some friends. How
// many matters: each person's chat has its own place in the index of messages,
// so that a commit writes the more pages the more people its messages go to.
func Push(ctx context.Context, o Options) (*Figures, error) {
	s, err := open(ctx, o, world{friends: int(o.Friends)})
	if err != nil {
		return nil, err
	}
	defer s.close()
	requests := make([][]byte, len(s.people))
	for i, to := range s.people {
		requests[i] = request("POST", "/v2/bot/message/push", s.address, `{"to":"`+to+`","messages":[{"type":"text","text":"Your order is ready."}]}`,
			"Authorization: Bearer "+s.token)
	}
	l := load{address: s.address, connections: o.Connections, duration: o.Duration, requests: o.Requests,
		job: func(w *wire, worker int) func(int) error {
			at := worker * len(requests) / o.Connections
			return func(n int) error {
				status, body, err := w.exchange(requests[(at+n)%len(requests)])
				return want(200, status, body, err)
			}
		}}
	return s.measure(ctx, "push", l)
}

// warmUp lets statements be prepared and heaps grow before anything counts.
const warmUp = time.Second

func (s *server) measure(ctx context.Context, name string, l load) (*Figures, error) {
	warm := l
	warm.duration, warm.requests = warmUp, 0
	if _, err := warm.run(ctx); err != nil {
		return nil, err
	}
	m := startMeter(s.pid())
	t, err := l.run(ctx)
	if err != nil {
		return nil, err
	}
	if t.done() == 0 {
		return nil, fmt.Errorf("no request succeeded: %w", t.firstErr)
	}
	f := &Figures{Bench: name, Connections: l.connections}
	f.take(t)
	s.describe(f, m)
	return f, nil
}
