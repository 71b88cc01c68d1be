package limit

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// Windows count requests in windows that begin with a request and last for the
// rate's span. A window says truthfully what headers state: so many are left
// until that moment, then all are there again. (A bucket, which refills drop by
// drop, has no such moment.) The zero value is ready.
type Windows struct {
	off  atomic.Bool
	mu   sync.Mutex
	open map[string]*window
}

type window struct {
	end  time.Time
	used int
}

// Reading is a window after a request was counted.
type Reading struct {
	Limit, Left int
	Reset       int // seconds until the window ends, rounded up
	Refused     bool
}

// windowsKept bounds the windows in memory; beyond it those that are over go.
const windowsKept = 4096

// Off switches the counting off, or on again.
func (w *Windows) Off(off bool) { w.off.Store(off) }

// Take counts a request of who.
func (w *Windows) Take(who string, rate Rate, now time.Time) Reading {
	if w.off.Load() {
		return Reading{Limit: rate.Requests, Left: rate.Requests}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	one := w.open[who]
	if one == nil || !now.Before(one.end) {
		if w.open == nil {
			w.open = map[string]*window{}
		}
		if len(w.open) >= windowsKept {
			maps.DeleteFunc(w.open, func(_ string, one *window) bool { return !now.Before(one.end) })
		}
		one = &window{end: now.Add(rate.Per)}
		w.open[who] = one
	}
	r := Reading{Limit: rate.Requests, Reset: int((one.end.Sub(now) + time.Second - 1) / time.Second)}
	if one.used >= rate.Requests {
		r.Refused = true
		return r
	}
	one.used++
	r.Left = rate.Requests - one.used
	return r
}

// Left is how many more requests of who would pass now.
func (w *Windows) Left(who string, rate Rate, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one := w.open[who]; one != nil && now.Before(one.end) && !w.off.Load() {
		return rate.Requests - one.used
	}
	return rate.Requests
}

// Reset closes all windows.
func (w *Windows) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = nil
}
