package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// mark publishes a change that passes all filters, for untilMark.
func mark(s *stage.Stage) { s.T.Helper(); s.Sim("DELETE", "/faults", "") }

// untilMark reads a stream up to the mark.
func untilMark(s *stage.Stage, changes <-chan stage.Change) string {
	s.T.Helper()
	var types []string
	for c := range changes {
		if c.Type == "faults" {
			return strings.Join(types, " ")
		}
		if c.Type != "webhook" && c.Type != "request" {
			types = append(types, c.Type)
		}
	}
	s.T.Fatal("the stream ended")
	return ""
}

// Who is told of what: streams of two people and two channels, and of all.
func TestEventsFilter(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		streams := map[string]<-chan stage.Change{}
		for name, query := range map[string]string{"all": "", "aoi": "?userId=" + stage.Aoi, "ben": "?userId=" + stage.Ben, "cafe": "?channelId=" + stage.Cafe,
			"shop": "?channelId=" + stage.Shop, "aoi at shop": "?userId=" + stage.Aoi + "&channelId=" + stage.Shop} {
			streams[name] = s.Listen(t, query)
		}
		multicast := func(who string) {
			s.As(stage.Cafe, "POST", "/v2/bot/message/multicast", `{"to":["`+who+`"],"messages":[`+text("m")+`]}`)
		}
		var own string
		for _, c := range []struct {
			name string
			act  func()
			want map[string]string
		}{
			{"a push", func() { push(s, stage.Aoi, text("p")) }, map[string]string{"aoi": "message", "cafe": "message"}},
			{"a person speaks", func() { own = say(s, stage.Aoi, stage.Shop, text("s")) }, map[string]string{"aoi": "message", "shop": "message", "aoi at shop": "message"}},
			{"and takes it back", func() { s.Sim("POST", "/people/"+stage.Aoi+"/events", `{"type":"unsend","messageId":"`+own+`"}`) },
				map[string]string{"aoi": "unsend", "shop": "unsend", "aoi at shop": "unsend"}},
			{"in a group", func() { say(s, stage.Ben, stage.Lunch, text("g")) }, map[string]string{"aoi": "message", "ben": "message", "cafe": "message"}},
			{"in a group without them", func() { say(s, stage.Chen, stage.Family, text("g")) }, map[string]string{"aoi": "message"}},
			{"a broadcast", func() { s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("b")+`]}`) },
				map[string]string{"aoi": "message", "ben": "message", "cafe": "message"}},
			{"a multicast to one", func() { multicast(stage.Ben) }, map[string]string{"ben": "message", "cafe": "message"}},
			{"a broadcast of another account", func() { s.As(stage.Shop, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("b")+`]}`) },
				map[string]string{"aoi": "message", "shop": "message", "aoi at shop": "message"}},
			{"a read in a group", func() { s.Sim("POST", "/people/"+stage.Ben+"/events", `{"type":"read","chat":`+ref(stage.Lunch)+`}`) },
				map[string]string{"aoi": "read", "ben": "read", "cafe": "read"}},
			{"a block", func() { s.Sim("POST", "/people/"+stage.Ben+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`) }, map[string]string{"ben": "friendship", "cafe": "friendship"}},
			{"a broadcast to who is left", func() { s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("b")+`]}`) },
				map[string]string{"aoi": "message", "cafe": "message"}},
			{"one comes to a group", func() { s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"userIds":["`+stage.Chen+`"]}`) },
				map[string]string{"aoi": "members", "ben": "members", "cafe": "members"}},
			{"the clock", func() { s.Advance("1s") }, map[string]string{"aoi": "clock", "ben": "clock", "cafe": "clock", "shop": "clock", "aoi at shop": "clock"}},
			{"a request that nobody may make", func() { s.Do("GET", "/v2/bot/info", "") }, nil},
		} {
			c.act()
			mark(s)
			for name, stream := range streams {
				want := c.want[name]
				if name == "all" {
					for _, types := range c.want {
						want = types
					}
				}
				if got := untilMark(s, stream); got != want {
					t.Errorf("%s: the stream of %s was told %q, want %q", c.name, name, got, want)
				}
			}
		}
	})
}

func TestEventsRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Play(t, []stage.Step{
		refused("nobody", "GET /sim/v1/events?userId="+stage.Nobody, "", 404, "userId: there is no person "+stage.Nobody),
		refused("no channel", "GET /sim/v1/events?channelId=1", "", 404, `channelId: there is no channel "1"`),
	})
}

// A listener that comes back gets what it missed, once; one that missed too
// much, or knows numbers of an earlier run, is told to start anew.
func TestEventsResume(t *testing.T) {
	s := stage.Start(t, "", "")
	first := s.Listen(t, "")
	push(s, stage.Aoi, text("1"))
	var last stage.Change
	for last = range first {
		if last.Type == "message" {
			break
		}
	}
	push(s, stage.Aoi, text("2"))
	push(s, stage.Aoi, text("3"))
	again := s.Listen(t, "?userId="+stage.Aoi, "Last-Event-ID", last.ID)
	mark(s)
	if got := untilMark(s, again); got != "message message" {
		t.Errorf("after %s: %q", last.ID, got)
	}
	if c := <-s.Listen(t, "", "Last-Event-ID", "999999999"); c.Type != "reload" {
		t.Errorf("a number to come: %+v", c)
	}
	for range 2100 {
		s.Sim("DELETE", "/faults", "")
	}
	reload := <-s.Listen(t, "", "Last-Event-ID", last.ID)
	if reload.Type != "reload" || reload.Data != "{}" {
		t.Fatalf("too far back: %+v", reload)
	}
	push(s, stage.Aoi, text("4"))
	mark(s)
	if got := untilMark(s, s.Listen(t, "?userId="+stage.Aoi, "Last-Event-ID", reload.ID)); got != "message" {
		t.Errorf("from the reload on: %q", got)
	}
}
