package publicapi

import (
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// anonymous is the rate of an address that shows no valid key, and of all
// readers of the document together.
var anonymous = limit.Rate{Requests: 6000, Per: time.Minute}

// meters count requests in windows that begin with a request and last for the
// rate's span. A window says truthfully what the headers state: so many are
// left until that moment, then all are there again. (A bucket that refills
// drop by drop has no such moment.)
type meters struct {
	now func() time.Time

	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	end  time.Time
	used int
}

// reading is a meter after a request was counted.
type reading struct {
	limit, left int
	reset       int // seconds, rounded up
	refused     bool
}

// metersKept bounds the meters in memory; beyond it those that are over go.
const metersKept = 4096

// take counts a request.
func (m *meters) take(who string, rate limit.Rate) reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	w := m.windows[who]
	if w == nil || !now.Before(w.end) {
		if m.windows == nil {
			m.windows = map[string]*window{}
		}
		if len(m.windows) >= metersKept {
			maps.DeleteFunc(m.windows, func(_ string, w *window) bool { return !now.Before(w.end) })
		}
		w = &window{end: now.Add(rate.Per)}
		m.windows[who] = w
	}
	r := reading{limit: rate.Requests, reset: int((w.end.Sub(now) + time.Second - 1) / time.Second)}
	if w.used >= rate.Requests {
		r.refused = true
		return r
	}
	w.used++
	r.left = rate.Requests - w.used
	return r
}

func (m *meters) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.windows = nil
}

// The names are spelled as the documentation does; net/http would write Ratelimit-Limit.
func (r reading) header() http.Header {
	return http.Header{"RateLimit-Limit": {strconv.Itoa(r.limit)}, "RateLimit-Remaining": {strconv.Itoa(r.left)}, "RateLimit-Reset": {strconv.Itoa(r.reset)}}
}

// refusal is the error of a request over the limit, else nil.
func (r reading) refusal() error {
	if !r.refused {
		return nil
	}
	e := api.Errorf(api.Limited, "More than %d requests in a window of the rate limit. Try again in %d s.", r.limit, r.reset)
	e.Header = r.header()
	e.Header["Retry-After"] = []string{strconv.Itoa(r.reset)}
	return e
}

// metered counts a call against its workspace's limit. Calls that need no key
// (the document, unknown paths) share one of their own.
func (a *API) metered(c *api.Call) error {
	who, rate := "open", anonymous
	if c.Owner != "" {
		who, rate = "workspace "+c.Owner, callerOf(c).workspace.Rate
	}
	seen := a.meters.take(who, rate)
	for name, values := range seen.header() {
		c.SetHeader(name, values[0])
	}
	return seen.refusal()
}
