package durability

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// A kill on the way to a later time leaves the clock there: what was written on
// the way has times up to it, and must not lie in the future.
func TestKilledWhileTheClockMoves(t *testing.T) {
	s := newStage(t, false)
	deliveries := 0
	s.bot.answer = func(delivery) int {
		if deliveries++; deliveries == 2 { // the redelivery, while the clock stands on its way
			close(s.arrived)
			<-s.release
		}
		return http.StatusInternalServerError
	}
	s.say(steady, "hello")
	before := s.now()
	go func() { // its answer never comes
		res, err := http.Post(s.URL+"/sim/v1/clock", "application/json", strings.NewReader(`{"advance":"10h"}`))
		if err == nil {
			res.Body.Close()
		}
	}()
	<-s.arrived
	s.crash()
	if after := s.now(); after.Before(before.Add(10 * time.Hour)) {
		t.Errorf("the clock was to go from %s to ten hours later and shows %s", before, after)
	}
}

func (s *stage) now() time.Time {
	s.t.Helper()
	var v struct {
		Now time.Time `json:"now"`
	}
	if err := json.Unmarshal([]byte(s.must("GET", "/sim/v1/clock", "").Body), &v); err != nil {
		s.t.Fatal(err)
	}
	return v.Now
}
