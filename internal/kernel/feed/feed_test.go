package feed_test

import (
	"sync"
	"testing"

	"kaiwa/internal/kernel/feed"
)

func publish(f *feed.Feed, n int) {
	for range n {
		f.Publish(feed.Change{Type: "message"})
	}
}

// pending takes what a listener has been sent so far; open says that it may get more.
func pending(l *feed.Listener) (ids []int64, open bool) {
	for {
		select {
		case c, ok := <-l.C:
			if !ok {
				return ids, false
			}
			ids = append(ids, c.ID)
		default:
			return ids, true
		}
	}
}

// wantRun checks that ids are exactly from..to.
func wantRun(t *testing.T, ids []int64, from, to int64) {
	t.Helper()
	if int64(len(ids)) != to-from+1 {
		t.Fatalf("%d changes, want %d to %d", len(ids), from, to)
	}
	for i, id := range ids {
		if id != from+int64(i) {
			t.Fatalf("change %d came where %d was due", id, from+int64(i))
		}
	}
}

func TestListenersHearWhatComes(t *testing.T) {
	var f feed.Feed
	publish(&f, 3)
	a, complete := f.Listen(0)
	if !complete {
		t.Error("who does not ask for the past misses nothing")
	}
	b, _ := f.Listen(0)
	f.Publish(feed.Change{ID: 99, Type: "read", ChatID: "U1", Data: 7})
	for _, l := range []*feed.Listener{a, b} {
		if c := <-l.C; c.ID != 4 || c.Type != "read" || c.ChatID != "U1" || c.Data != 7 {
			t.Errorf("heard %+v", c)
		}
	}
	b.Close()
	b.Close() // twice does no harm
	publish(&f, 1)
	if ids, open := pending(b); len(ids) != 0 || open {
		t.Errorf("a closed listener heard %v", ids)
	}
	ids, _ := pending(a)
	wantRun(t, ids, 5, 5)
	if f.Last() != 5 {
		t.Errorf("the last change is %d", f.Last())
	}
}

func TestComingBack(t *testing.T) {
	const remembered = 2000
	for name, c := range map[string]struct {
		published int
		after     int64
		complete  bool
		from      int64 // of what is heard at once, if anything
	}{
		"nothing missed":         {10, 10, true, 0},
		"some missed":            {10, 7, true, 8},
		"all missed":             {10, 1, true, 2},
		"just remembered":        {remembered + 500, 500, true, 501},
		"no longer remembered":   {remembered + 500, 499, false, 0},
		"long ago":               {3*remembered + 1, 1, false, 0},
		"round the ring":         {3*remembered + 1, 3*remembered - 1, true, 3 * remembered},
		"of another server":      {10, 11, false, 0},
		"of another, now silent": {0, 5, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var f feed.Feed
			publish(&f, c.published)
			l, complete := f.Listen(c.after)
			if complete != c.complete {
				t.Errorf("complete: %t", complete)
			}
			ids, _ := pending(l)
			if c.from > 0 {
				wantRun(t, ids, c.from, int64(c.published))
			} else if len(ids) > 0 {
				t.Errorf("heard %d changes", len(ids))
			}
			publish(&f, 1) // in any case what is new comes
			ids, _ = pending(l)
			wantRun(t, ids, int64(c.published)+1, int64(c.published)+1)
		})
	}
}

// TestSlowListenerIsCutOff: it hears all up to where it fell behind, then its
// channel ends; the feed and other listeners go on.
func TestSlowListenerIsCutOff(t *testing.T) {
	var f feed.Feed
	slow, _ := f.Listen(0)
	quick, _ := f.Listen(0)
	const many = 10_000
	for range many {
		publish(&f, 1)
		if c := <-quick.C; c.ID != f.Last() {
			t.Fatalf("the quick one heard %d", c.ID)
		}
	}
	ids, open := pending(slow)
	if open || len(ids) == 0 || len(ids) >= many {
		t.Errorf("the slow one heard %d changes, is open: %t", len(ids), open)
	}
	wantRun(t, ids, 1, int64(len(ids)))
	slow.Close() // though it is cut off
	if back, complete := f.Listen(ids[len(ids)-1]); complete {
		t.Error("it can go on without a gap")
	} else {
		back.Close()
	}
}

// TestFeedUnderConcurrency: all listeners hear the same, in the same order.
func TestFeedUnderConcurrency(t *testing.T) {
	var f feed.Feed
	const publishers, each = 8, 100
	var wg sync.WaitGroup
	heard := make([][]int64, 4)
	for i := range heard {
		l, _ := f.Listen(0)
		wg.Go(func() {
			defer l.Close()
			for c := range l.C {
				if heard[i] = append(heard[i], c.ID); c.ID == publishers*each {
					return
				}
			}
		})
	}
	for range publishers {
		wg.Go(func() { publish(&f, each) })
	}
	wg.Wait()
	for _, ids := range heard {
		wantRun(t, ids, 1, publishers*each)
	}
}
