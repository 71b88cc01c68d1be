package limit_test

import (
	"strconv"
	"testing"
	"time"

	"kaiwa/internal/kernel/limit"
)

func TestWindows(t *testing.T) {
	var w limit.Windows
	rate := limit.Rate{Requests: 2, Per: time.Minute}
	at := func(d time.Duration) time.Time { return now.Add(d) }
	for i, c := range []struct {
		who  string
		now  time.Time
		want limit.Reading
	}{
		{"a", at(0), limit.Reading{Limit: 2, Left: 1, Reset: 60}},
		{"a", at(1500 * time.Millisecond), limit.Reading{Limit: 2, Left: 0, Reset: 59}},
		{"a", at(59 * time.Second), limit.Reading{Limit: 2, Left: 0, Reset: 1, Refused: true}},
		{"b", at(59 * time.Second), limit.Reading{Limit: 2, Left: 1, Reset: 60}},
		{"a", at(time.Minute), limit.Reading{Limit: 2, Left: 1, Reset: 60}},
	} {
		if got := w.Take(c.who, rate, c.now); got != c.want {
			t.Errorf("%d: %+v, want %+v", i, got, c.want)
		}
		if got := w.Left(c.who, rate, c.now); got != c.want.Left {
			t.Errorf("%d: %d are left, want %d", i, got, c.want.Left)
		}
	}
	if got := w.Left("a", rate, at(time.Hour)); got != 2 {
		t.Errorf("when the window is over, %d are left", got)
	}
	w.Reset()
	if got := w.Take("a", rate, at(time.Minute)); got.Left != 1 {
		t.Errorf("after a reset: %+v", got)
	}
	w.Off(true)
	for range 3 {
		if got := w.Take("a", rate, at(time.Minute)); got != (limit.Reading{Limit: 2, Left: 2}) {
			t.Errorf("switched off: %+v", got)
		}
	}
	w.Off(false)
	if got := w.Take("a", rate, at(time.Minute)); got.Left != 0 {
		t.Errorf("switched on again: %+v", got)
	}
}

// TestWindowsDoNotPileUp: whoever called once is forgotten when others need the room.
func TestWindowsDoNotPileUp(t *testing.T) {
	var w limit.Windows
	rate := limit.Rate{Requests: 1, Per: time.Second}
	for i := range 20_000 {
		if got := w.Take(strconv.Itoa(i), rate, now.Add(time.Duration(i)*time.Millisecond)); got.Refused {
			t.Fatalf("%d: %+v", i, got)
		}
	}
	if got := w.Take("19999", rate, now.Add(20*time.Second)); !got.Refused {
		t.Errorf("one that is under way was forgotten: %+v", got)
	}
}
