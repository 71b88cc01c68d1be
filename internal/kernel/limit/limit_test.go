package limit_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/limit"
)

var (
	now  = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	key  = limit.Key{Owner: "1656000001", Operation: "pushMessage"}
	rate = limit.Rate{Requests: 60, Per: time.Minute}
)

// allowed counts how many of n calls at one instant pass.
func allowed(b *limit.Buckets, k limit.Key, n int, at time.Time) (passed int) {
	for range n {
		if b.Allow(k, rate, at) {
			passed++
		}
	}
	return passed
}

func TestAllow(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration // since 60 requests were made
		want  int           // how many pass of 100
	}{
		"at once":              {0, 0},
		"just before a token":  {999 * time.Millisecond, 0},
		"at the token":         {time.Second, 1},
		"half of the span":     {30 * time.Second, 30},
		"the span":             {time.Minute, 60},
		"never more than full": {24 * time.Hour, 60},
		"a clock set back":     {-time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var b limit.Buckets
			if n := allowed(&b, key, 100, now); n != 60 {
				t.Fatalf("a new bucket allows %d", n)
			}
			if n := allowed(&b, key, 100, now.Add(c.after)); n != c.want {
				t.Errorf("%d pass, want %d", n, c.want)
			}
		})
	}
}

func TestBucketsAreApart(t *testing.T) {
	var b limit.Buckets
	allowed(&b, key, 60, now)
	for _, other := range []limit.Key{{Owner: "1656000002", Operation: key.Operation}, {Owner: key.Owner, Operation: "multicast"}} {
		if n := allowed(&b, other, 100, now); n != 60 {
			t.Errorf("%v allows %d", other, n)
		}
	}
	b.Reset()
	if n := allowed(&b, key, 100, now); n != 60 {
		t.Errorf("after a reset %d pass", n)
	}
}

func TestNoLimit(t *testing.T) {
	var b limit.Buckets
	for range 1000 {
		if !b.Allow(key, limit.Rate{}, now) {
			t.Fatal("the zero Rate refuses")
		}
	}
	b.Off(true)
	if n := allowed(&b, key, 1000, now); n != 1000 {
		t.Errorf("switched off, %d of 1000 pass", n)
	}
	b.Off(false)
	if n := allowed(&b, key, 1000, now); n != 60 {
		t.Errorf("switched on again, %d pass", n)
	}
}

// TestAllowIsExactUnderConcurrency: exactly as many pass as there are tokens.
func TestAllowIsExactUnderConcurrency(t *testing.T) {
	var b limit.Buckets
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() { passed.Add(int64(allowed(&b, key, 50, now))) })
	}
	wg.Wait()
	if n := passed.Load(); n != 60 {
		t.Errorf("%d pass", n)
	}
}
