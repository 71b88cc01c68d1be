package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kaiwa/internal/kernel/clock"
)

// In a bubble time stands still unless somebody waits for it, so that these
// tests can compare exactly.
func TestClockRunsOnFromWhatItWasSetTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock.Clock
		if !c.Now().Equal(time.Now()) || c.Virtual() || c.Offset() != 0 {
			t.Errorf("a new clock shows %v, virtual %t, offset %v", c.Now(), c.Virtual(), c.Offset())
		}
		for _, to := range []time.Time{
			time.Date(2036, 2, 29, 23, 59, 59, 999, time.UTC),
			time.Date(1999, 12, 31, 0, 0, 0, 0, time.FixedZone("JST", 9*60*60)),
		} {
			c.Set(to)
			<-time.After(90 * time.Minute) // of the bubble
			if want := to.Add(90 * time.Minute); !c.Now().Equal(want) || !c.Virtual() {
				t.Errorf("set to %v, 90 minutes later it shows %v", to, c.Now())
			}
			if zone, _ := c.Now().Zone(); zone != "UTC" {
				t.Errorf("its zone is %s", zone)
			}
		}
		var next clock.Clock // of the next process
		next.Restore(c.Virtual(), c.Offset())
		if !next.Now().Equal(c.Now()) || !next.Virtual() {
			t.Errorf("restored it shows %v instead of %v", next.Now(), c.Now())
		}
		c.Real()
		if !c.Now().Equal(time.Now()) || c.Virtual() {
			t.Errorf("real again it shows %v", c.Now())
		}
	})
}

func TestMovedWakesAllWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock.Clock
		for _, move := range []func(){func() { c.Set(time.Now().Add(time.Hour)) }, c.Real, func() { c.Restore(true, time.Minute) }} {
			var wg sync.WaitGroup
			woken := make(chan struct{}, 3)
			for range cap(woken) {
				moved := c.Moved()
				wg.Go(func() {
					<-moved
					woken <- struct{}{}
				})
			}
			synctest.Wait()
			if len(woken) != 0 {
				t.Fatal("woken before the clock was set")
			}
			move()
			wg.Wait()
			select {
			case <-c.Moved():
				t.Error("Moved tells of a move that is past")
			default:
			}
		}
	})
}
