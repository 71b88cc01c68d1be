// Package limit holds the token buckets of a server's rate limits, on the
// server's clock.
package limit

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Rate is a number of requests per span. The zero Rate limits nothing.
type Rate struct {
	Requests int
	Per      time.Duration
}

// Buckets are token buckets by key. A bucket starts full and holds the requests
// of one span; the platform does not publish its capacity.
type Buckets struct {
	off     atomic.Bool
	mu      sync.Mutex
	buckets map[Key]*rate.Limiter
}

// Key is whose bucket it is and of what operation.
type Key struct{ Owner, Operation string }

// Off switches all limits off, or on again.
func (b *Buckets) Off(off bool) { b.off.Store(off) }

// Allow takes one token; false means that there is none.
func (b *Buckets) Allow(k Key, r Rate, now time.Time) bool {
	if r.Requests == 0 || b.off.Load() {
		return true
	}
	return b.bucket(k, r).AllowN(now, 1)
}

// Reset fills all buckets.
func (b *Buckets) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buckets = nil
}

func (b *Buckets) bucket(k Key, r Rate) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.buckets[k]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(float64(r.Requests)/r.Per.Seconds()), r.Requests)
		if b.buckets == nil {
			b.buckets = map[Key]*rate.Limiter{}
		}
		b.buckets[k] = l
	}
	return l
}
