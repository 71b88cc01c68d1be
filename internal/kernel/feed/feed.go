// Package feed tells listeners inside of the server what has changed, after it
// was committed. It is a notice, not a record: the store is the truth, and a
// listener that fell behind starts anew from there.
package feed

import (
	"sync"
	"sync/atomic"
)

// Change is one thing that happened.
type Change struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"` // message, unsend, read, friendship, webhook, request, clock, faults, reset ...
	ChannelID string `json:"channelId,omitzero"`
	// UserIDs are the people it concerns; nil with a ChannelID means all friends of it.
	UserIDs []string `json:"userIds,omitzero"`
	ChatID  string   `json:"chatId,omitzero"` // as in a path of the simulation API
	Data    any      `json:"data,omitzero"`
}

// Feed hands changes to those who listen. Its zero value is ready.
type Feed struct {
	mu   sync.Mutex
	last int64
	ring []Change
	subs map[*Listener]struct{}
	// followed says that somebody listens or was told a number to come back with.
	followed atomic.Bool
}

// Followed says whether anybody can ever hear of a change published now. While
// nobody follows, what happens often need not be published at all.
func (f *Feed) Followed() bool { return f.followed.Load() }

const (
	remembered = 2000 // changes kept for those who come back
	behind     = 1024 // changes a listener may be behind before it is cut off
)

// Listener receives changes on C until it is closed or falls behind, when C is closed.
type Listener struct {
	C    <-chan Change
	c    chan Change
	feed *Feed
}

// Publish gives the change its number and hands it on; it never waits.
func (f *Feed) Publish(c Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	c.ID = f.last
	if len(f.ring) < remembered {
		f.ring = append(f.ring, c)
	} else {
		f.ring[int(c.ID-1)%remembered] = c
	}
	for l := range f.subs {
		select {
		case l.c <- c:
		default:
			delete(f.subs, l)
			close(l.c)
		}
	}
}

// Listen starts a listener. With after > 0 it first receives the changes since
// that number; complete is false when some of those are no longer remembered.
func (f *Feed) Listen(after int64) (l *Listener, complete bool) {
	f.followed.Store(true)
	f.mu.Lock()
	defer f.mu.Unlock()
	c := make(chan Change, behind+remembered)
	l = &Listener{C: c, c: c, feed: f}
	complete = true
	if after > 0 {
		oldest := max(1, f.last-int64(len(f.ring))+1)
		complete = after <= f.last && after >= oldest-1
		for id := max(after+1, oldest); complete && id <= f.last; id++ {
			c <- f.ring[int(id-1)%remembered]
		}
	}
	if f.subs == nil {
		f.subs = map[*Listener]struct{}{}
	}
	f.subs[l] = struct{}{}
	return l, complete
}

// End cuts all listeners off: the server stops.
func (f *Feed) End() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for l := range f.subs {
		delete(f.subs, l)
		close(l.c)
	}
}

// Last is the number of the newest change.
func (f *Feed) Last() int64 {
	f.followed.Store(true)
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// Close ends the listener.
func (l *Listener) Close() {
	l.feed.mu.Lock()
	defer l.feed.mu.Unlock()
	if _, ok := l.feed.subs[l]; ok {
		delete(l.feed.subs, l)
		close(l.c)
	}
}
