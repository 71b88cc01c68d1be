package sim_test

import (
	"testing"
	"time"

	"kaiwa/internal/testkit/stage"
)

func now(s *stage.Stage) (at time.Time, mode string) {
	s.T.Helper()
	body := s.Sim("GET", "/clock", "")
	at, err := time.Parse(time.RFC3339Nano, field(s, body, "now"))
	if err != nil {
		s.T.Fatal(err)
	}
	return at, field(s, body, "mode")
}

// expectNow compares the clock with an instant: it may have run on a little.
func expectNow(t *testing.T, s *stage.Stage, want, mode string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, want)
	if err != nil {
		t.Fatal(err)
	}
	got, gotMode := now(s)
	if late := got.Sub(at); late < 0 || late > 20*time.Second || gotMode != mode {
		t.Errorf("the clock shows %s (%s), want %s (%s)", got, gotMode, want, mode)
	}
}

func TestClock(t *testing.T) {
	s := stage.Start(t, "", "")
	expectNow(t, s, "2026-01-15T00:00:00Z", "virtual")
	s.Advance("36h")
	expectNow(t, s, "2026-01-16T12:00:00Z", "virtual")
	s.Until("2026-03-01T00:00:00+09:00")
	expectNow(t, s, "2026-02-28T15:00:00Z", "virtual")
	const call = "POST /sim/v1/clock"
	for _, step := range []stage.Step{
		refused("nothing", call, `{}`, 400, "give one of advance, set and mode"),
		refused("two", call, `{"advance":"1h","mode":"real"}`, 400, "give one of advance, set and mode"),
		refused("no duration", call, `{"advance":"tomorrow"}`, 400, "advance: a duration such as 36h or 23h59m59s, forward only"),
		refused("a number", call, `{"advance":5}`, 400, "advance is not of the right type (line 1, column 12)"),
		refused("back", call, `{"advance":"-1s"}`, 400, "advance: a duration such as 36h or 23h59m59s, forward only"),
		refused("no time", call, `{"set":"2026-03-01"}`, 400, "set: an RFC 3339 time such as 2026-01-15T09:00:00+09:00"),
		refused("virtual", call, `{"mode":"virtual"}`, 400, "mode: only real can be asked for; advance and set make the clock virtual"),
		refused("set too far", call, `{"set":"9999-01-01T00:00:00Z"}`, 400, "the clock goes to the year 2200 and no further"),
		refused("advance too far", call, `{"advance":"2000000h"}`, 400, "the clock goes to the year 2200 and no further"),
		refused("no JSON", call, `{`, 400, "The body is no valid JSON (line 1, column 2)"),
	} {
		s.Play(t, []stage.Step{step})
	}
	s.Play(t, []stage.Step{{Name: "set back", Call: call, Body: `{"set":"2026-01-01T00:00:00Z"}`, Status: 409,
		Want: `{"message":"set: the clock goes forward only, it is 2026-02-28T15:00:*Z"}`}})
	s.Sim("POST", "/clock", `{"mode":"real"}`)
	if at, mode := now(s); mode != "real" || time.Since(at).Abs() > 5*time.Second {
		t.Errorf("real time is %s (%s)", at, mode)
	}
	s.Advance("0s")
	if _, mode := now(s); mode != "virtual" {
		t.Errorf("advance makes the clock %s", mode)
	}
}

func TestClockSurvivesARestart(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Until("2030-01-01T00:00:00Z")
		s.Restart()
		expectNow(t, s, "2030-01-01T00:00:00Z", "virtual")
		id := push(s, stage.Aoi, text("a"))
		s.Sim("POST", "/clock", `{"mode":"real"}`)
		s.Restart()
		if _, mode := now(s); mode != "real" {
			t.Errorf("after a restart the clock is %s", mode)
		}
		// Ids rise even though time went back.
		if later := push(s, stage.Aoi, text("b")); len(later) != len(id) || later <= id {
			t.Errorf("message %s came after %s", later, id)
		}
	})
}

// What is due on the way has happened when the call returns: a redelivery, at its time.
func TestAdvanceRunsWhatIsDue(t *testing.T) {
	s := stage.Start(t, "", replaceOnce(t, stage.World, `"BOT/cafe", redelivery: false`, `"BOT/cafe", redelivery: true`))
	s.Sim("PUT", "/faults", `{"match":{"webhook":true},"effect":{"status":500,"times":2}}`)
	say(s, stage.Aoi, stage.Cafe, text("a"))
	if heard := s.Heard(); len(heard) != 0 {
		t.Fatalf("heard %+v", heard)
	}
	s.Advance("10m")
	heard := s.Heard()
	if len(heard) != 1 {
		t.Fatalf("heard %+v", heard)
	}
	var attempts int
	if s.Row(`SELECT COUNT(*) FROM webhook_attempts`, nil, &attempts); attempts != 3 {
		t.Errorf("%d attempts", attempts)
	}
}
