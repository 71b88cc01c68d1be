// Package clock is the server's time: the real one, or a virtual one that is
// ahead of it by an offset and runs on at the speed of real time.
//
// It owns the offset and the waiters for it. It does not own the store's record
// of the offset (sim keeps it) nor the work that becomes due (outbox runs it).
package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

// Clock is safe for concurrent use; its zero value shows real time.
type Clock struct {
	offset  atomic.Int64 // nanoseconds ahead of real time
	virtual atomic.Bool
	mu      sync.Mutex
	moved   chan struct{}
}

// Now is the server's time in UTC.
func (c *Clock) Now() time.Time {
	return time.Now().Add(time.Duration(c.offset.Load())).Round(0).UTC()
}

// Virtual says whether the clock has been set apart from real time.
func (c *Clock) Virtual() bool { return c.virtual.Load() }

// Offset is how far the clock is ahead of real time.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Restore sets what an earlier run of the server recorded.
func (c *Clock) Restore(virtual bool, offset time.Duration) {
	c.virtual.Store(virtual)
	c.offset.Store(int64(offset))
	c.wake()
}

// Set makes the clock virtual and show t from now on.
func (c *Clock) Set(t time.Time) { c.Restore(true, time.Until(t)) }

// Real goes back to real time.
func (c *Clock) Real() { c.Restore(false, 0) }

// Moved returns a channel that is closed the next time the clock is set, so
// that a loop that sleeps towards an instant can look again.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved == nil {
		c.moved = make(chan struct{})
	}
	return c.moved
}

func (c *Clock) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved != nil {
		close(c.moved)
		c.moved = nil
	}
}
