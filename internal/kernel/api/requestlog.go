package api

import (
	"sync"
	"time"
)

// Request is one line of the request log.
type Request struct {
	ID           int64     `json:"id"`
	Time         time.Time `json:"time"`
	ChannelID    string    `json:"channelId,omitzero"`
	Operation    string    `json:"operation"`
	Method       string    `json:"method"`
	Path         string    `json:"path"`
	Status       int       `json:"status"`
	RequestID    string    `json:"requestId"`
	Milliseconds float64   `json:"milliseconds"`
	Error        string    `json:"error,omitzero"`
}

// RequestLog remembers the last requests, in memory: it is there to look at
// what a client just did, the access log is the lasting record.
type RequestLog struct {
	// Added, if set, is told of each request.
	Added func(Request)

	mu      sync.Mutex
	last    int64
	cleared int64 // up to which number nothing is listed any more
	ring    []Request
}

// Clear forgets what there is; numbers go on, so that no reader takes a new
// request for one that it has seen.
func (l *RequestLog) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cleared = l.last
}

const requestsKept = 5000

func (l *RequestLog) add(r Request) {
	l.mu.Lock()
	l.last++
	r.ID = l.last
	if len(l.ring) < requestsKept {
		l.ring = append(l.ring, r)
	} else {
		l.ring[int(r.ID-1)%requestsKept] = r
	}
	l.mu.Unlock()
	if l.Added != nil {
		l.Added(r)
	}
}

// List gives up to limit requests before the given number (0: the newest),
// newest first; channelID "" means all.
func (l *RequestLog) List(channelID string, limit int, before int64) []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []Request{}
	from := l.last
	if before > 0 && before <= from {
		from = before - 1
	}
	for id := from; id > max(l.last-int64(len(l.ring)), l.cleared) && len(out) < limit; id-- {
		if r := l.ring[int(id-1)%requestsKept]; channelID == "" || r.ChannelID == channelID {
			out = append(out, r)
		}
	}
	return out
}
