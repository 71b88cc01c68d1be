package sim_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// Resets in the midst of traffic: every call is answered, none by a fault of
// the server's, and the last reset leaves the world as the file says.
func TestResetUnderLoad(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(stage.World + "crowd: [{channel: \"1656000001\", count: 1000, seed: 1}]\n")
		s.Sim("POST", "/reset", "")
		before := s.Sim("GET", "/world", "")
		var stop atomic.Bool
		var calls atomic.Int64
		var wg sync.WaitGroup
		body := `{"chat":` + ref(stage.Lunch) + `,"message":` + text("a") + `}`
		for _, act := range []func() stage.Answer{
			func() stage.Answer {
				return s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Lunch+`","messages":[`+text("a")+`]}`)
			},
			func() stage.Answer { return s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=5", "") },
			func() stage.Answer { return s.As(stage.Cafe, "GET", "/v2/bot/profile/"+stage.Aoi, "") },
			func() stage.Answer { return s.Do("POST", "/sim/v1/people/"+stage.Ben+"/messages", body) },
			func() stage.Answer { return s.Do("GET", "/sim/v1/people/"+stage.Aoi+"/chats", "") },
		} {
			wg.Go(func() {
				for !stop.Load() {
					a := act()
					if calls.Add(1); a.Status >= 500 {
						t.Errorf("%d %s", a.Status, a.Body)
						return
					}
				}
			})
		}
		for range 5 {
			s.Sim("POST", "/reset", "")
		}
		stop.Store(true)
		wg.Wait()
		if calls.Load() < 20 {
			t.Errorf("only %d calls", calls.Load())
		}
		s.Sim("POST", "/reset", "")
		if after := s.Sim("GET", "/world", ""); after != before {
			t.Errorf("\n got %s\nwant %s", after, before)
		}
		if panics := s.Do("GET", "/metrics", "").Body; !strings.Contains(panics, "kaiwa_panics_total 0") {
			t.Error("something panicked")
		}
	})
}
