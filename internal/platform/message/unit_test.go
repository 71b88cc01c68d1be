package message_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func inUnit(name string) string {
	return `{"to":"` + stage.Aoi + `","customAggregationUnits":["` + name + `"],` + hi + `}`
}

func TestUnits(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		newly := strings.Replace(again, " |", " units+1 |", 1)
		s.Play(t, []stage.Step{
			{Name: "a new name", Call: push, As: stage.Cafe, Body: inUnit("a"), Status: 200, Want: sentOne, Effect: strings.Replace(toPerson, " |", " units+1 |", 1)},
			{Name: "the same name", Call: push, As: stage.Cafe, Body: inUnit("a"), Status: 200, Want: sentOne, Effect: again},
			{Name: "case matters", Call: push, As: stage.Cafe, Body: inUnit("A"), Status: 200, Want: sentOne, Effect: newly},
			{Name: "another channel's", Call: push, As: stage.Shop, Body: inUnit("a"), Status: 200, Want: sentOne, Effect: strings.Replace(toPerson, " |", " units+1 |", 1)},
			{Name: "of a multicast", Call: multicast, As: stage.Cafe, Status: 200, Want: `{}`,
				Body:   `{"to":["` + stage.Aoi + `"],"customAggregationUnits":["m"],` + hi + `}`,
				Effect: "#delivered.multicast+1 #usage+1 chats+1 messages+1 sends+1 units+1 | message"},
			{Name: "a refused send names none", Call: push, As: stage.Cafe, Status: 400, Want: failed,
				Body: `{"to":"` + stage.Nobody + `","customAggregationUnits":["n"],` + hi + `}`},
		})
		var unit string
		if s.Row(`SELECT unit FROM messages ORDER BY id DESC LIMIT 1`, nil, &unit); unit != "m" {
			t.Errorf("the message is of unit %q", unit)
		}
		s.Until("2026-02-01T00:00:00+09:00")
		s.Play(t, []stage.Step{{Name: "next month", Call: push, As: stage.Cafe, Body: inUnit("a"), Status: 200, Want: sentOne, Effect: newly}})
	})
}

// The name beyond the thousandth still sends; its unit is not recorded.
func TestUnitsMost(t *testing.T) {
	s := stage.Start(t, "", "")
	var wg sync.WaitGroup
	for part := range 8 {
		wg.Go(func() {
			for i := range 125 {
				if a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", inUnit(fmt.Sprint("unit_", part*125+i))); a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			}
		})
	}
	wg.Wait()
	s.Play(t, []stage.Step{
		{Name: "the 1,001st", Call: push, As: stage.Cafe, Body: inUnit("one_more"), Status: 200, Want: sentOne, Effect: again},
		{Name: "a known one", Call: push, As: stage.Cafe, Body: inUnit("unit_7"), Status: 200, Want: sentOne, Effect: again},
	})
	var units []string
	for i := range 2 {
		var unit string
		s.Row(`SELECT unit FROM messages ORDER BY id DESC LIMIT 1 OFFSET $1`, []any{i}, &unit)
		units = append(units, unit)
	}
	if units[0] != "unit_7" || units[1] != "" {
		t.Errorf("units %q", units)
	}
}

// The units of a month are listed as they came into use, a page at a time.
func TestUnitList(t *testing.T) {
	const (
		info   = "GET /v2/bot/message/aggregation/info"
		list   = "GET /v2/bot/message/aggregation/list"
		limits = `{"message":"The value for the 'limit' parameter is invalid"}`
		starts = `{"message":"Invalid start param"}`
	)
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "none is used", Call: info, As: stage.Cafe, Status: 200, Want: `{"numOfCustomAggregationUnits":0}`},
			{Name: "none is listed", Call: list, As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":[]}`},
		})
		for _, name := range []string{"c", "a", "B", "a"} {
			s.As(stage.Cafe, "POST", "/v2/bot/message/push", inUnit(name))
		}
		s.As(stage.Shop, "POST", "/v2/bot/message/push", inUnit("z"))
		a := s.As(stage.Cafe, "GET", "/v2/bot/message/aggregation/list?limit=2", "")
		_, rest, _ := strings.Cut(a.Body, `"next":"`)
		next, _, _ := strings.Cut(rest, `"`)
		s.As(stage.Cafe, "POST", "/v2/bot/message/push", inUnit("0")) // one more between the pages
		s.Play(t, []stage.Step{
			{Name: "used", Call: info, As: stage.Cafe, Status: 200, Want: `{"numOfCustomAggregationUnits":4}`},
			{Name: "another account's", Call: list, As: stage.Shop, Status: 200, Want: `{"customAggregationUnits":["z"]}`},
			{Name: "all", Call: list + "?limit=&start=", As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":["c","a","B","0"]}`},
			{Name: "exactly a page", Call: list + "?limit=4", As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":["c","a","B","0"]}`},
			{Name: "the first page", Call: list + "?limit=2", As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":["c","a"],"next":"*"}`},
			{Name: "the next page", Call: list + "?limit=100&start=" + next, As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":["B","0"]}`},
			{Name: "a limit of 0", Call: list + "?limit=0", As: stage.Cafe, Status: 400, Want: limits},
			{Name: "a limit of 101", Call: list + "?limit=101", As: stage.Cafe, Status: 400, Want: limits},
			{Name: "a limit that is no number", Call: list + "?limit=all", As: stage.Cafe, Status: 400, Want: limits},
			{Name: "a start that was made up", Call: list + "?start=YWJj", As: stage.Cafe, Status: 400, Want: starts},
			{Name: "another account's start", Call: list + "?start=" + next, As: stage.Shop, Status: 400, Want: starts},
			{Name: "another list's start", Call: "GET /v2/bot/followers/ids?start=" + next, As: stage.Cafe, Status: 400, Want: starts},
		})
		s.Advance("23h59m")
		s.Play(t, []stage.Step{{Name: "a day later", Call: list + "?start=" + next, As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":["B","0"]}`}})
		s.Advance("2m")
		s.Play(t, []stage.Step{{Name: "after a day", Call: list + "?start=" + next, As: stage.Cafe, Status: 400, Want: starts}})
		s.Until("2026-02-01T00:00:00+09:00")
		s.Play(t, []stage.Step{
			{Name: "next month", Call: info, As: stage.Cafe, Status: 200, Want: `{"numOfCustomAggregationUnits":0}`},
			{Name: "nothing next month", Call: list, As: stage.Cafe, Status: 200, Want: `{"customAggregationUnits":[]}`},
		})
	})
}
