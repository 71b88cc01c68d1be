package richmenu_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestMenus(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "none yet", Call: "GET /v2/bot/richmenu/list", As: stage.Cafe, Status: 200, Want: `{"richmenus":[]}`},
			{Name: "a valid one", Call: "POST /v2/bot/richmenu/validate", As: stage.Cafe, Body: object("a", postback), Status: 200, Want: `{}`},
			{Name: "created", Call: "POST /v2/bot/richmenu", As: stage.Cafe, Body: object("a", postback), Status: 200,
				Want: `{"richMenuId":"richmenu-*"}`, Effect: "rich_menus+1"},
		})
		first := strings.Split(ok(s, "GET", "/v2/bot/richmenu/list", "").Body, `"`)[5]
		second := create(s, "b", ` {"type":"uri", "label":"l","uri":"https://example.com"}`)
		form := `{"richMenuId":"*","name":"a","size":{"width":800,"height":250},"chatBarText":"Tap","selected":true,` +
			`"areas":[{"bounds":{"x":0,"y":0,"width":400,"height":250},"action":{"type":"postback","data":"d"}}]}`
		other := strings.NewReplacer(`"a"`, `"b"`, `{"type":"postback","data":"d"}`, `{"type":"uri","label":"l","uri":"https://example.com"}`).Replace(form)
		s.Play(t, []stage.Step{
			{Name: "got", Call: "GET /v2/bot/richmenu/" + first, As: stage.Cafe, Status: 200, Want: form},
			{Name: "in the list, the oldest first", Call: "GET /v2/bot/richmenu/list", As: stage.Cafe, Status: 200, Want: `{"richmenus":[` + form + `,` + other + `]}`},
			{Name: "not another channel's", Call: "GET /v2/bot/richmenu/" + first, As: stage.Shop, Status: 404, Want: notFound},
			{Name: "nor in its list", Call: "GET /v2/bot/richmenu/list", As: stage.Shop, Status: 200, Want: `{"richmenus":[]}`},
			{Name: "nor to delete", Call: "DELETE /v2/bot/richmenu/" + first, As: stage.Shop, Status: 404, Want: notFound},
			{Name: "none of that id", Call: "GET /v2/bot/richmenu/" + missing, As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "malformed", Call: "GET /v2/bot/richmenu/richmenu-1", As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "deleted", Call: "DELETE /v2/bot/richmenu/" + first, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menus-1 | richMenu"},
			{Name: "deleted again", Call: "DELETE /v2/bot/richmenu/" + first, As: stage.Cafe, Status: 404, Want: notFound},
		})
		s.Restart()
		s.Play(t, []stage.Step{{Name: "after a restart", Call: "GET /v2/bot/richmenu/" + second, As: stage.Cafe, Status: 200, Want: other}})
		s.Sim("POST", "/reset", "")
		s.Play(t, []stage.Step{{Name: "after a reset", Call: "GET /v2/bot/richmenu/list", As: stage.Cafe, Status: 200, Want: `{"richmenus":[]}`}})
	})
}

// The table of what create and validate refuse, in the platform's words where
// they are known; package object has the other rules.
func TestRefusedObjects(t *testing.T) {
	s := stage.Start(t, "", "")
	unparsed := `{"message":"The request body could not be parsed as JSON (line: 1, column: 1)"}`
	for _, c := range []struct{ name, body, want string }{
		{"no name", strings.Replace(object("a", postback), `"name":"a",`, "", 1), details("1", "must be specified", "name")},
		{"a wrong scheme", object("a", `{"type":"uri","uri":"mail://x"}`), details("1", "invalid uri", "areas[0].action.uri")},
		{"too narrow", strings.Replace(object("a"), "800", "799", 1), details("1", "invalid property", "size.width")},
		{"an array", `[]`, unparsed},
		{"a word", `"menu"`, unparsed},
	} {
		for _, call := range []string{"POST /v2/bot/richmenu", "POST /v2/bot/richmenu/validate"} {
			s.Play(t, []stage.Step{{Name: c.name + " " + call, Call: call, As: stage.Cafe, Body: c.body, Status: 400, Want: c.want}})
		}
	}
	s.Play(t, []stage.Step{
		{Name: "no JSON", Call: "POST /v2/bot/richmenu", As: stage.Cafe, Body: object("a"), Header: []string{"Content-Type", "text/plain"}, Status: 415,
			Want: `{"message":"The content type, text/plain, is not supported"}`},
	})
}

func TestAThousandMenus(t *testing.T) {
	s := stage.Start(t, "", "")
	for i := range 1000 {
		if i%100 == 0 {
			s.Advance("1h") // 100 an hour
		}
		create(s, "a")
	}
	s.Advance("1h")
	full := `{"message":"The maximum number of rich menus has been reached"}`
	s.Play(t, []stage.Step{
		{Name: "one too many", Call: "POST /v2/bot/richmenu", As: stage.Cafe, Body: object("a"), Status: 400, Want: full},
		{Name: "each account has its own", Call: "POST /v2/bot/richmenu", As: stage.Shop, Body: object("a"), Status: 200, Want: `{"richMenuId":"richmenu-*"}`, Effect: "rich_menus+1"},
	})
	list := ok(s, "GET", "/v2/bot/richmenu/list", "").Body
	ok(s, "DELETE", "/v2/bot/richmenu/"+strings.Split(list, `"`)[5], "")
	create(s, "again")
}

func TestRates(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, c := range []struct {
		name, method, path, body string
		most                     int
	}{
		{"create", "POST", "/v2/bot/richmenu", object("a"), 100},
		{"delete", "DELETE", "/v2/bot/richmenu/" + missing, "", 100},
		{"delete alias", "DELETE", "/v2/bot/richmenu/alias/a", "", 100},
		{"list", "GET", "/v2/bot/richmenu/list", "", 10},
		{"batch", "POST", "/v2/bot/richmenu/batch", `{"operations":[{"type":"unlinkAll"}]}`, 3},
		{"progress", "GET", "/v2/bot/richmenu/progress/batch", "", 100},
		{"summary", "GET", "/v2/bot/insight/richmenu/" + missing + "/summary", "", 60},
		{"daily", "GET", "/v2/bot/insight/richmenu/" + missing + "/daily", "", 60},
	} {
		allowed := 0
		for range c.most + 2 {
			if s.As(stage.Cafe, c.method, c.path, c.body).Status != 429 {
				allowed++
			}
		}
		// The clock goes on: a call or two a second too many may have passed at 10 a second.
		if allowed < c.most || allowed > c.most+1 {
			t.Errorf("%s: %d were allowed, want %d", c.name, allowed, c.most)
		}
	}
}
