package insight_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const noMedia = `"mediaPlayed":null,"mediaPlayed25Percent":null,"mediaPlayed50Percent":null,"mediaPlayed75Percent":null,"mediaPlayed100Percent":null,` +
	`"uniqueMediaPlayed":null,"uniqueMediaPlayed25Percent":null,"uniqueMediaPlayed50Percent":null,"uniqueMediaPlayed75Percent":null,"uniqueMediaPlayed100Percent":null`

const halfPlayed = `"mediaPlayed":31,"mediaPlayed25Percent":25,"mediaPlayed50Percent":25,"mediaPlayed75Percent":null,"mediaPlayed100Percent":null,` +
	`"uniqueMediaPlayed":30,"uniqueMediaPlayed25Percent":25,"uniqueMediaPlayed50Percent":25,"uniqueMediaPlayed75Percent":null,"uniqueMediaPlayed100Percent":null`

// statistics are what is told of a broadcast of offers to 102 people on the world's first day.
func statistics(id, overview, messages, clicks string) string {
	return `{"overview":{"requestId":"` + id + `","timestamp":176843*,"delivered":102,` + overview + `},"messages":[` + messages + `],"clicks":[` + clicks + `]}`
}

func TestEvent(t *testing.T) {
	eachCrowded(t, func(t *testing.T, s *stage.Stage) {
		id := broadcast(s, offers)
		path := "message/event?requestId=" + id
		nothing := statistics(id, `"uniqueImpression":null,"uniqueClick":null,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null`, "", "")
		s.Play(t, []stage.Step{get("before anybody saw it", path, 200, nothing)})

		people := members(s, 40)
		at := latest(s, people[0], 2)
		for _, who := range people[:19] {
			read(s, who)
			read(s, who) // sees nothing new
		}
		s.Play(t, []stage.Step{get("19 saw it", path, 200, nothing)})
		for i, who := range people[19:30] {
			read(s, who)
			if i == 0 {
				s.Play(t, []stage.Step{get("20 saw it", path, 200, statistics(id,
					`"uniqueImpression":20,"uniqueClick":null,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null`,
					`{"seq":1,"impression":20,`+noMedia+`},{"seq":2,"impression":20,`+noMedia+`}`, ""))})
			}
		}
		for i, who := range people[:30] {
			click(s, who, at[0], shopped)
			if i < 10 { // twenty more clicks of ten people, and twenty of ten on the other link
				click(s, who, at[0], shopped)
				click(s, who, at[0], `{"type":"uri","label":"About","uri":"https://example.com/about"}`)
				click(s, who, at[0], `{"type":"uri","label":"About","uri":"https://example.com/about"}`)
			}
			if i < 5 {
				play(s, who, at[1], "24")
			} else {
				play(s, who, at[1], "50")
			}
		}
		play(s, people[0], at[1], "0")
		all := statistics(id, `"uniqueImpression":30,"uniqueClick":30,"uniqueMediaPlayed":30,"uniqueMediaPlayed100Percent":null`,
			`{"seq":1,"impression":30,`+noMedia+`},{"seq":2,"impression":30,`+halfPlayed+`}`,
			`{"seq":1,"url":"https://example.com/shop?a=1","click":40,"uniqueClick":30,"uniqueClickOfRequest":30}`)
		s.Play(t, []stage.Step{get("30 saw, clicked and played it", path, 200, all)})
		s.Advance("24h")
		s.Play(t, []stage.Step{get("the next day", path, 200, all)})

		s.Until("2026-01-29T08:59:50+09:00") // ten seconds before the fourteen days are over
		read(s, people[30])
		click(s, people[30], at[0], shopped)
		later := strings.NewReplacer(`"uniqueImpression":30,"uniqueClick":30`, `"uniqueImpression":31,"uniqueClick":31`, `"impression":30`, `"impression":31`,
			`"click":40,"uniqueClick":30,"uniqueClickOfRequest":30`, `"click":41,"uniqueClick":31,"uniqueClickOfRequest":31`).Replace(all)
		s.Play(t, []stage.Step{get("within fourteen days", path, 200, later)})
		s.Advance("1m")
		read(s, people[31])
		click(s, people[31], at[0], shopped)
		play(s, people[31], at[1], "100")
		s.Play(t, []stage.Step{get("after fourteen days", path, 200, later)})
		s.Restart()
		s.Play(t, []stage.Step{get("after a restart", path, 200, later)})
	})
}

// A URL that stands in two messages is one URL of the request.
func TestEventOfOneLinkInTwoMessages(t *testing.T) {
	s := stage.Start(t, "", crowded)
	id := broadcast(s, strings.Split(offers, `,
	{"type":"video"`)[0]+`,{"type":"text","text":"q","quickReply":{"items":[{"type":"action","action":`+shopped+`}]}}`)
	people := members(s, 25)
	at := latest(s, people[0], 2)
	for _, who := range people {
		click(s, who, at[0], shopped)
		click(s, who, at[1], shopped)
	}
	s.Play(t, []stage.Step{get("both", "message/event?requestId="+id, 200, statistics(id,
		`"uniqueImpression":25,"uniqueClick":25,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null`,
		`{"seq":1,"impression":25,`+noMedia+`},{"seq":2,"impression":25,`+noMedia+`}`, // who clicks it sees it
		`{"seq":1,"url":"https://example.com/shop?a=1","click":25,"uniqueClick":25,"uniqueClickOfRequest":25},`+
			`{"seq":2,"url":"https://example.com/shop?a=1","click":25,"uniqueClick":25,"uniqueClickOfRequest":25}`))})
}

func TestEventRefuses(t *testing.T) {
	s := stage.Start(t, "", crowded)
	const missing = `{"message":"Not found"}`
	pushed, many := send(s, "push", `{"to":"`+stage.Aoi+`","messages":[{"type":"text","text":"a"}]}`),
		send(s, "multicast", `{"to":["`+stage.Aoi+`"],"messages":[{"type":"text","text":"a"}]}`)
	all := broadcast(s, offers)
	foreign := get("of another account", "message/event?requestId="+all, 404, missing)
	foreign.As = stage.Foreign
	s.Play(t, []stage.Step{
		get("no id", "message/event", 400, `{"message":"Bad Request"}`),
		get("no request of ours", "message/event?requestId=f70dd685-499a-4231-a441-f24b8d4fba21", 404, missing),
		get("no UUID", "message/event?requestId=%00", 404, missing),
		get("a push", "message/event?requestId="+pushed, 404, missing),
		get("a multicast", "message/event?requestId="+many, 404, missing),
		foreign,
	})
}

// A narrowcast is told from its acceptance on, and what it delivered when it is over.
func TestEventOfANarrowcast(t *testing.T) {
	eachCrowded(t, func(t *testing.T, s *stage.Stage) {
		const overview = `"uniqueImpression":null,"uniqueClick":null,"uniqueMediaPlayed":null,"uniqueMediaPlayed100Percent":null`
		narrowcast := func(more string) string {
			return s.As(stage.Cafe, "POST", "/v2/bot/message/narrowcast", `{"messages":[`+offers+`]`+more+`}`).Header.Get("x-line-request-id")
		}
		told := func(name, id, delivered, overview, rest string) stage.Step {
			return get(name, "message/event?requestId="+id, 200, `{"overview":{"requestId":"`+id+`","timestamp":176843*,"delivered":`+delivered+`,`+overview+`},`+rest+`}`)
		}
		const nothing = `"messages":[],"clicks":[]`
		id, none := narrowcast(""), narrowcast(`,"filter":{"demographic":{"type":"area","oneOf":["th_01"]}}`)
		s.Play(t, []stage.Step{told("on its way", id, "null", overview, nothing), told("to nobody, on its way", none, "null", overview, nothing)})
		s.Advance("10m")
		people := members(s, 20)
		for _, who := range people {
			read(s, who)
		}
		a := s.As(stage.Cafe, "GET", "/v2/bot/insight/message/event?requestId="+id, "")
		if !strings.Contains(a.Body, `"delivered":102,"uniqueImpression":20,`) || !strings.Contains(a.Body, `{"seq":2,"impression":20,`) {
			t.Errorf("delivered: %s", a.Body)
		}
		s.Play(t, []stage.Step{told("to nobody", none, "0", overview, nothing)})
		foreign := get("of another account", "message/event?requestId="+none, 404, `{"message":"Not found"}`)
		foreign.As = stage.Foreign
		s.Play(t, []stage.Step{foreign})
	})
}
