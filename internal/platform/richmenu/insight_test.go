package richmenu_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// tap has a person tap an area of the cafe's menu.
func tap(s *stage.Stage, user string, area int) {
	s.T.Helper()
	s.Sim("POST", "/people/"+user+"/taps", fmt.Sprintf(`{"chat":{"channelId":%q},"richMenuArea":%d}`, stage.Cafe, area))
}

func read(s *stage.Stage, user string) {
	s.T.Helper()
	s.Sim("POST", "/people/"+user+"/events", `{"type":"read","chat":{"channelId":"`+stage.Cafe+`"}}`)
}

const copies = `{"type":"clipboard","clipboardText":"c"}` // a tap without a webhook

// The numbers of a menu that 20 people tapped, over two days and a pause.
func TestInsight(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(crowd(30))
		s.Sim("POST", "/reset", "")
		id := menu(s, "a", copies, copies)
		setDefault(s, id)
		people := followers(s)[:21]
		summary := "GET /v2/bot/insight/richmenu/" + id + "/summary?from=20260101&to=20260131"
		daily := "GET /v2/bot/insight/richmenu/" + id + "/daily?from=20260101&to=20260131"
		alone := `{"richMenuId":"` + id + `"}`
		for _, user := range people[:19] {
			tap(s, user, 0)
		}
		tap(s, people[0], 0) // again, in the same open chat
		for range 2 {
			read(s, people[20]) // who sees it and does not tap
		}
		s.Advance("10m")
		read(s, people[20]) // and opens the chat once more
		s.Play(t, []stage.Step{{Name: "nothing is told of today", Call: summary, As: stage.Cafe, Status: 200, Want: alone}})
		s.Until("2026-01-16T00:00:00+09:00")
		s.Play(t, []stage.Step{
			{Name: "19 people are too few", Call: summary, As: stage.Cafe, Status: 200, Want: alone},
			{Name: "by day too", Call: daily, As: stage.Cafe, Status: 200, Want: alone},
		})
		s.Until("2026-01-17T12:00:00+09:00")
		tap(s, people[19], 1)
		tap(s, people[0], 1)
		s.Until("2026-01-18T00:00:00+09:00")
		click := func(n string) string { return `{"bounds":{"x":0,"y":0,"width":400,"height":250},"metrics":` + n + `}` }
		s.Play(t, []stage.Step{
			{Name: "20 are enough", Call: summary, As: stage.Cafe, Status: 200,
				Want: `{"richMenuId":"` + id + `","metricsFrom":"20260115","metricsTo":"20260117","impression":{"metrics":{"count":23,"uniqueUsers":21}},"clicks":[` +
					click(`{"count":20,"uniqueUsers":19}`) + `,` + click(`{"count":2,"uniqueUsers":2}`) + `]}`},
			{Name: "a period of one of the days has too few", Call: strings.Replace(summary, "20260101", "20260116", 1), As: stage.Cafe, Status: 200, Want: alone},
			{Name: "by day, those without any too", Call: daily, As: stage.Cafe, Status: 200,
				Want: `{"richMenuId":"` + id + `","metricsFrom":"20260115","metricsTo":"20260117","impression":{"metrics":[` +
					days("21,20", "0,0", "2,2") + `]},"clicks":[` + click(`[`+days("20,19", "0,0", "0,0")+`]`) + `,` + click(`[`+days("0,0", "0,0", "2,2")+`]`) + `]}`},
			{Name: "not another channel's", Call: summary, As: stage.Shop, Status: 404, Want: notFound},
		})
		ok(s, "DELETE", "/v2/bot/richmenu/"+id, "")
		s.Play(t, []stage.Step{{Name: "deleted", Call: summary, As: stage.Cafe, Status: 404, Want: notFound}})
	})
}

// days are the metrics of the 15th and the days after it, each "count,uniqueUsers".
func days(list ...string) string {
	var words []string
	for i, n := range list {
		count, users, _ := strings.Cut(n, ",")
		words = append(words, fmt.Sprintf(`{"date":"202601%d","count":%s,"uniqueUsers":%s}`, 15+i, count, users))
	}
	return strings.Join(words, ",")
}

func TestRefusedInsight(t *testing.T) {
	s := stage.Start(t, "", "")
	id := menu(s, "a", postback)
	bad := `{"message":"Bad Request"}`
	old := `{"message":"Parameter from must be the same date as, or after 2023-01-15."}`
	for _, c := range []struct {
		name, query, path string
		status            int
		want              string
	}{
		{"no dates", "", "", 400, bad},
		{"no from", "?to=20260101", "", 400, bad},
		{"no to", "?from=20260101", "", 400, bad},
		{"a malformed from", "?from=2026-01-01&to=20260101", "", 400, bad},
		{"no such day", "?from=20260101&to=20260132", "", 400, bad},
		{"backwards", "?from=20260102&to=20260101", "", 400, `{"message":"Parameter to must be the same date as, or after parameter from."}`},
		{"one day", "?from=20260101&to=20260101", "", 200, `{"richMenuId":"` + id + `"}`},
		{"396 days", "?from=20250101&to=20260201", "summary", 200, `{"richMenuId":"` + id + `"}`},
		{"397 days", "?from=20250101&to=20260202", "summary", 400, `{"message":"Date range exceeds. Max range is 396 days."}`},
		{"99 days", "?from=20250101&to=20250410", "daily", 200, `{"richMenuId":"` + id + `"}`},
		{"100 days", "?from=20250101&to=20250411", "daily", 400, `{"message":"Date range exceeds. Max range is 99 days."}`},
		{"three years ago", "?from=20230115&to=20230115", "", 200, `{"richMenuId":"` + id + `"}`},
		{"before that", "?from=20230114&to=20230115", "", 400, old},
	} {
		paths := []string{c.path}
		if c.path == "" {
			paths = []string{"summary", "daily"}
		}
		for _, path := range paths {
			s.Play(t, []stage.Step{{Name: c.name + " " + path, Call: "GET /v2/bot/insight/richmenu/" + id + "/" + path + c.query, As: stage.Cafe, Status: c.status, Want: c.want}})
		}
	}
	for _, unknown := range []string{missing, "x"} {
		s.Play(t, []stage.Step{
			{Name: "summary of " + unknown, Call: "GET /v2/bot/insight/richmenu/" + unknown + "/summary?from=20260101&to=20260101", As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "daily of " + unknown, Call: "GET /v2/bot/insight/richmenu/" + unknown + "/daily?from=20260101&to=20260101", As: stage.Cafe, Status: 404, Want: notFound},
		})
	}
}

// Seeing is counted when an open menu comes before somebody: at the first look,
// at another menu, after a while.
func TestImpressions(t *testing.T) {
	s := stage.Start(t, "", "")
	open := menu(s, "a", `{"type":"richmenuswitch","richMenuAliasId":"b","data":"d"}`)
	other := menu(s, "c", `{"type":"richmenuswitch","richMenuAliasId":"a","data":"d"}`)
	for alias, id := range map[string]string{"a": open, "b": other} {
		ok(s, "POST", "/v2/bot/richmenu/alias", `{"richMenuAliasId":"`+alias+`","richMenuId":"`+id+`"}`)
	}
	setDefault(s, open)
	var got []int
	note := func() {
		var n int
		s.Row(`SELECT COALESCE(SUM(times), 0) FROM rich_menu_counts WHERE area = -1`, nil, &n)
		got = append(got, n)
	}
	for _, act := range []func(){
		func() { read(s, stage.Aoi) },                  // 1
		func() { read(s, stage.Aoi) },                  // still open
		func() { s.Advance("4m"); read(s, stage.Aoi) }, // still open
		func() { s.Advance("4m"); read(s, stage.Aoi) }, // never left for five minutes
		func() { s.Advance("6m"); read(s, stage.Aoi) }, // 2
		func() { tap(s, stage.Aoi, 0) },                // 3: the other menu
		func() { tap(s, stage.Aoi, 0) },                // 4: back again
		func() { read(s, stage.Ben) },                  // 5: another person
		func() { read(s, stage.Dan) },                  // 6: who blocked the account sees the default
	} {
		act()
		note()
	}
	if want := []int{1, 1, 1, 1, 2, 3, 4, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("impressions %v, want %v", got, want)
	}
}
