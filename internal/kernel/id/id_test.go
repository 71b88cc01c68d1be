package id_test

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/id"
)

var now = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

func TestSequenceIsUniqueAndIncreasingUnderConcurrency(t *testing.T) {
	const callers, each = 16, 2000
	var s id.Sequence
	var wg sync.WaitGroup
	lists := make([][]int64, callers)
	for c := range lists {
		wg.Go(func() {
			for i := range each {
				// Clocks that disagree, as those of callers that were held up do.
				lists[c] = append(lists[c], s.Next(now.Add(time.Duration(i%7-c)*time.Millisecond)))
			}
		})
	}
	wg.Wait()
	var all []int64
	for c, list := range lists {
		if !slices.IsSortedFunc(list, func(a, b int64) int { return int(min(1, max(-1, a-b))) }) {
			t.Errorf("the ids of caller %d do not increase", c)
		}
		all = append(all, list...)
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != callers*each {
		t.Errorf("%d different ids of %d", n, callers*each)
	}
}

func TestSequence(t *testing.T) {
	var s id.Sequence
	first := s.Next(now)
	if digits := len(fmt.Sprint(first)); digits != 18 {
		t.Errorf("%d has %d digits, those of the platform have 18", first, digits)
	}
	for name, at := range map[string]time.Time{"the same instant": now, "a clock that went back": now.Add(-time.Hour), "before the epoch": time.Unix(0, 0)} {
		before := s.Next(now)
		if next := s.Next(at); next <= before {
			t.Errorf("%s: %d after %d", name, next, before)
		}
	}
	if later := s.Next(now.Add(time.Second)); later <= first+1<<20 {
		t.Errorf("a second later the id is only %d above", later-first)
	}
	if last := new(id.Sequence).Next(time.Date(2288, 1, 1, 0, 0, 0, 0, time.UTC)); last <= 0 {
		t.Errorf("in 2288 the id is %d", last)
	}
}

func TestSequenceResumes(t *testing.T) {
	var s id.Sequence
	taken := s.Next(now)
	var next id.Sequence // of the next process, whose clock is behind
	next.Resume(taken)
	next.Resume(taken - 5) // what is lower changes nothing
	if n := next.Next(now.Add(-time.Hour)); n != taken+1 {
		t.Errorf("the next id is %d, the last was %d", n, taken)
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		make func() string
		want string
	}{
		"UUID":   {id.UUID, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		"ULID":   {func() string { return id.ULID(now) }, `^01KEZ[0-9A-HJKMNP-TV-Z]{21}$`},
		"Hex":    {func() string { return id.Hex(16) }, `^[0-9a-f]{32}$`},
		"Secret": {func() string { return id.Secret(32) }, `^[A-Za-z0-9_-]{43}$`},
	} {
		seen := map[string]bool{}
		for range 1000 {
			v := c.make()
			if !regexp.MustCompile(c.want).MatchString(v) {
				t.Fatalf("%s is %q", name, v)
			}
			seen[v] = true
		}
		if len(seen) != 1000 {
			t.Errorf("%s: %d of 1000 are different", name, len(seen))
		}
	}
	if a, b := id.ULID(now), id.ULID(now.Add(time.Millisecond)); a >= b {
		t.Errorf("the ULID %s is not before the later %s", a, b)
	}
}

func TestDerivedBelongsToItsWords(t *testing.T) {
	if got, want := id.Derived("people", "0", "Aoi"), id.Derived("people", "0", "Aoi"); got != want || len(got) != 32 {
		t.Errorf("%s, then %s", got, want)
	}
	for _, other := range [][]string{{"people", "0Aoi"}, {"people0", "Aoi"}, {"people", "0", "Aoi", ""}, {"people", "1", "Aoi"}, {}} {
		if id.Derived(other...) == id.Derived("people", "0", "Aoi") {
			t.Errorf("%q gives the same id", other)
		}
	}
}
