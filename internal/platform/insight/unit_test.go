package insight_test

import (
	"testing"

	"kaiwa/internal/testkit/stage"
)

// What happens counts for its day, and one who comes back on another day is one
// person of the period.
func TestUnit(t *testing.T) {
	eachCrowded(t, func(t *testing.T, s *stage.Stage) {
		people := members(s, 30)
		const unit = `"customAggregationUnits":["promotion_a"]`
		const none = `{"overview":{"uniqueImpression":null,"uniqueClick":null,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null},"messages":[],"clicks":[]}`
		path := func(from, to string) string {
			return "message/event/aggregation?customAggregationUnit=promotion_a&from=" + from + "&to=" + to
		}
		counted := func(times, unique string) string {
			return `{"overview":{"uniqueImpression":` + unique + `,"uniqueClick":` + unique + `,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null},` +
				`"messages":[{"seq":1,"impression":` + times + `,"uniqueImpression":` + unique + `,` + noMedia + `},{"seq":2,"impression":` + times +
				`,"uniqueImpression":` + unique + `,` + noMedia + `}],` +
				`"clicks":[{"seq":1,"url":"https://example.com/shop?a=1","click":` + times + `,"uniqueClick":` + unique + `,"uniqueClickOfRequest":` + unique + `}]}`
		}
		// Each gets it by push on the first day, and twenty by multicast on the next.
		for _, who := range people[:25] {
			send(s, "push", `{"to":"`+who+`","messages":[`+offers+`],`+unit+`}`)
			read(s, who)
			click(s, who, latest(s, who, 2)[0], shopped)
		}
		first := counted("25", "25")
		s.Play(t, []stage.Step{
			get("the day itself", path("20260115", "20260115"), 200, first),
			get("the day before", path("20260114", "20260114"), 200, none),
			get("another unit", "message/event/aggregation?customAggregationUnit=Promotion_a&from=20260115&to=20260115", 200, none),
		})
		s.Advance("24h")
		to := ""
		for _, who := range people[5:30] {
			to += `,"` + who + `"`
		}
		send(s, "multicast", `{"to":[`+to[1:]+`],"messages":[`+offers+`],`+unit+`}`)
		for _, who := range people[5:30] {
			read(s, who)
			click(s, who, latest(s, who, 2)[0], shopped)
		}
		s.Play(t, []stage.Step{
			get("the first day", path("20260115", "20260115"), 200, first),
			get("the second day", path("20260116", "20260116"), 200, first),
			get("both", path("20260115", "20260116"), 200, counted("50", "30")),
			get("thirty days", path("20260110", "20260209"), 200, counted("50", "30")),
			get("the day after", path("20260117", "20260216"), 200, none),
		})
		s.Until("2026-01-29T09:00:10+09:00")
		click(s, people[29], latest(s, people[29], 2)[0], shopped) // sent on the second day
		click(s, people[0], latest(s, people[0], 2)[0], shopped)   // on the first: two weeks ago
		got := s.As(stage.Cafe, "GET", "/v2/bot/insight/"+path("20260115", "20260129"), "").Body
		if want := counted("50", "30"); got == want || !stage.Like(replaced(want, `"click":50`, `"click":51`), got) {
			t.Errorf("of each message fourteen days count: %s", got)
		}
	})
}

// A unit counts for the group that it was sent to, each of its members.
func TestUnitInAGroup(t *testing.T) {
	s := stage.Start(t, "", "")
	send(s, "push", `{"to":"`+stage.Lunch+`","messages":[{"type":"text","text":"a"}],"customAggregationUnits":["u"]}`)
	for _, who := range []string{stage.Aoi, stage.Ben} {
		s.Sim("POST", "/people/"+who+"/events", `{"type":"read","chat":{"groupId":"`+stage.Lunch+`"}}`)
	}
	var people int64
	s.Row(`SELECT COUNT(*) FROM interaction_people WHERE kind = 1 AND seq = 1`, nil, &people)
	if people != 2 {
		t.Errorf("%d people saw it, want 2", people)
	}
}

func TestUnitRefuses(t *testing.T) {
	s := stage.Start(t, "", "")
	const refused = `{"message":null,"key":null,"stacktrace":null,"code":null}`
	const none = `{"overview":{"uniqueImpression":null,"uniqueClick":null,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null},"messages":[],"clicks":[]}`
	const path = "message/event/aggregation?"
	s.Play(t, []stage.Step{
		get("no unit", path+"from=20260101&to=20260101", 400, refused),
		get("no from", path+"customAggregationUnit=a&to=20260101", 400, refused),
		get("no to", path+"customAggregationUnit=a&from=20260101", 400, refused),
		get("no day", path+"customAggregationUnit=a&from=20260230&to=20260301", 400, refused),
		get("another form", path+"customAggregationUnit=a&from=2026-01-01&to=20260102", 400, refused),
		get("backwards", path+"customAggregationUnit=a&from=20260102&to=20260101", 400, refused),
		get("more than thirty days later", path+"customAggregationUnit=a&from=20260301&to=20260401", 400, refused),
		get("thirty days later", path+"customAggregationUnit=a&from=20260301&to=20260331", 200, none),
		get("what can be no name", path+"customAggregationUnit=new-item-%00&from=20260301&to=20260331", 200, none),
	})
}
