package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// load is a number of connections that send one request after another until
// the duration is over or the requests are used up.
type load struct {
	address     string
	connections int
	duration    time.Duration
	requests    int64 // 0: no limit but the duration
	// pause is what each connection leaves between two exchanges.
	pause time.Duration
	// job makes one connection's work: a function that is called again and again
	// and makes one exchange each time.
	job func(w *wire, worker int) func(n int) error
}

// tally is what a load came to.
type tally struct {
	latencies []time.Duration // of the exchanges that succeeded, ascending
	errors    int64
	firstErr  error
	took      time.Duration
}

func (t *tally) done() int64 { return int64(len(t.latencies)) }

func (l load) run(ctx context.Context) (*tally, error) {
	wires := make([]*wire, l.connections)
	for i := range wires {
		w, err := dial(l.address)
		if err != nil {
			return nil, fmt.Errorf("connection %d of %d: %w", i+1, l.connections, err)
		}
		defer w.Close()
		wires[i] = w
	}
	stop := context.AfterFunc(ctx, func() {
		for _, w := range wires {
			w.Close()
		}
	})
	defer stop()
	var left atomic.Int64
	left.Store(l.requests)
	tallies := make([]tally, l.connections)
	var wg sync.WaitGroup
	start := time.Now()
	for i, w := range wires {
		wg.Go(func() { l.work(w, i, start, &left, &tallies[i]) })
	}
	wg.Wait()
	sum := &tally{took: time.Since(start)}
	for _, t := range tallies {
		sum.latencies = append(sum.latencies, t.latencies...)
		sum.errors += t.errors
		if sum.firstErr == nil {
			sum.firstErr = t.firstErr
		}
	}
	slices.Sort(sum.latencies)
	return sum, ctx.Err()
}

// work drives one connection. One that fails is not opened again: what a server
// refuses is an answer, a broken connection is the end of what it can do.
func (l load) work(w *wire, worker int, start time.Time, left *atomic.Int64, t *tally) {
	next := l.job(w, worker)
	for n := 0; ; n++ {
		if l.requests > 0 && left.Add(-1) < 0 {
			return
		}
		if l.pause > 0 && n > 0 {
			time.Sleep(l.pause) //nolint:forbidigo // a light load is one that pauses
		}
		began := time.Now()
		if l.duration > 0 && began.Sub(start) >= l.duration {
			return
		}
		err := next(n)
		if err == nil {
			t.latencies = append(t.latencies, time.Since(began))
			continue
		}
		t.errors++
		if t.firstErr == nil {
			t.firstErr = err
		}
		if _, refused := err.(refusal); !refused {
			return
		}
	}
}

// refusal is an answer with another status than the wanted one.
type refusal struct {
	status int
	body   string
}

func (r refusal) Error() string { return fmt.Sprintf("answered %d: %s", r.status, r.body) }

// want turns an answer into an error unless it has the status.
func want(status int, got int, body []byte, err error) error {
	if err == nil && got != status {
		return refusal{got, string(body)}
	}
	return err
}
