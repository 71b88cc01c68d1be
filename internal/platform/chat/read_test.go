package chat_test

import (
	"fmt"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestUnreadCounts(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		expect := func(what, who, chat string, want int) {
			t.Helper()
			if got := unread(s, who, chat); got != want {
				t.Errorf("%s: %d unread, want %d", what, got, want)
			}
		}
		cafe := `{"type":"read","chat":` + ref(stage.Cafe) + `}`
		expect("before anything was said", stage.Aoi, stage.Cafe, 0)
		push(s, stage.Aoi, "1")
		push(s, stage.Aoi, "2")
		say(s, stage.Aoi, stage.Cafe, text("own"))
		s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", `{"messages":[`+text("all")+`,`+text("all")+`]}`)
		expect("two pushes and a broadcast of two", stage.Aoi, stage.Cafe, 4)
		happen(s, stage.Aoi, cafe)
		push(s, stage.Aoi, "3") // right after: in the same millisecond, if need be
		expect("after a read", stage.Aoi, stage.Cafe, 1)
		happen(s, stage.Aoi, cafe)
		expect("after another", stage.Aoi, stage.Cafe, 0)
		expect("of another person", stage.Ben, stage.Cafe, 2)
		say(s, stage.Ben, stage.Lunch, text("a"))
		push(s, stage.Lunch, "b")
		expect("in a group", stage.Aoi, stage.Lunch, 2)
		expect("one's own do not count", stage.Ben, stage.Lunch, 1)
		for i := range 120 {
			push(s, stage.Aoi, fmt.Sprint(i))
		}
		expect("more than a page", stage.Aoi, stage.Cafe, 120)
		s.Restart()
		expect("after a restart", stage.Aoi, stage.Cafe, 120)
	})
}

// read is whether the other side has read a message.
func TestReadMarks(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(replaceOnce(stage.World, `basicId: "@shop", displayName: Shop}`, `basicId: "@shop", displayName: Shop, chatMode: chat}`))
		s.Sim("POST", "/reset", "")
		marks := func(who, chat string) string {
			out := ""
			for _, m := range read(s, who, chat).Messages {
				out += map[bool]string{true: "r", false: "-"}[m.Read]
			}
			return out
		}
		expect := func(what, who, chat, want string) {
			t.Helper()
			if got := marks(who, chat); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		say(s, stage.Aoi, stage.Cafe, text("1"))
		push(s, stage.Aoi, "2")
		expect("an account in auto mode reads at once, the person not yet", stage.Aoi, stage.Cafe, "r-")
		happen(s, stage.Aoi, `{"type":"read","chat":`+ref(stage.Cafe)+`}`)
		push(s, stage.Aoi, "3")
		expect("the person has read", stage.Aoi, stage.Cafe, "rr-")
		say(s, stage.Aoi, stage.Shop, text("1"))
		expect("an account in manual mode has not", stage.Aoi, stage.Shop, "-")
		say(s, stage.Aoi, stage.Lunch, text("1"))
		expect("nobody in the group yet", stage.Aoi, stage.Lunch, "-")
		happen(s, stage.Aoi, `{"type":"read","chat":`+ref(stage.Lunch)+`}`)
		expect("one's own reading does not count", stage.Aoi, stage.Lunch, "-")
		happen(s, stage.Ben, `{"type":"read","chat":`+ref(stage.Lunch)+`}`)
		say(s, stage.Aoi, stage.Lunch, text("2"))
		expect("another has", stage.Aoi, stage.Lunch, "r-")
	})
}

func TestReadRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Play(t, []stage.Step{
		{Name: "a group they are not in", Call: "POST /sim/v1/people/" + stage.Chen + "/events", Body: `{"type":"read","chat":` + ref(stage.Lunch) + `}`, Status: 409,
			Want: `{"message":"` + stage.Chen + ` is not in ` + stage.Lunch + `"}`},
		{Name: "no chat", Call: "POST /sim/v1/people/" + stage.Chen + "/events", Body: `{"type":"read"}`, Status: 400,
			Want: `{"message":"chat: give one of channelId, groupId and roomId"}`},
		{Name: "nothing was said yet", Call: "POST /sim/v1/people/" + stage.Aoi + "/events", Body: `{"type":"read","chat":` + ref(stage.Lunch) + `}`, Status: 200,
			Want: `{"webhookEventIds":[]}`},
	})
	push(s, stage.Lunch, "a")
	s.Play(t, []stage.Step{{Name: "all there are told", Call: "POST /sim/v1/people/" + stage.Aoi + "/events", Body: `{"type":"read","chat":` + ref(stage.Lunch) + `}`, Status: 200,
		Want: `{"webhookEventIds":[]}`, Effect: "reads+1 | read"}})
}
