package richmenu_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestDefault(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first, second, bare := menu(s, "a", postback), menu(s, "b", postback), create(s, "c", postback)
		const at = "/v2/bot/user/all/richmenu"
		named := func(id string) string { return `{"richMenuId":"` + id + `"}` }
		s.Play(t, []stage.Step{
			{Name: "none", Call: "GET " + at, As: stage.Cafe, Status: 404, Want: noDefault},
			{Name: "none to take away", Call: "DELETE " + at, As: stage.Cafe, Status: 200, Want: `{}`},
			{Name: "without a picture", Call: "POST " + at + "/" + bare, As: stage.Cafe, Status: 400, Want: needImage},
			{Name: "no menu", Call: "POST " + at + "/" + missing, As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "malformed", Call: "POST " + at + "/x", As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "another channel's", Call: "POST " + at + "/" + first, As: stage.Shop, Status: 404, Want: notFound},
			{Name: "set", Call: "POST " + at + "/" + first, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_defaults+1 | richMenu"},
			{Name: "set to another", Call: "POST " + at + "/" + second, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "| richMenu"},
			{Name: "got", Call: "GET " + at, As: stage.Cafe, Status: 200, Want: named(second)},
			{Name: "no other account's", Call: "GET " + at, As: stage.Shop, Status: 404, Want: noDefault},
			{Name: "nobody's own", Call: "GET /v2/bot/user/" + stage.Aoi + "/richmenu", As: stage.Cafe, Status: 404, Want: noMenu},
			{Name: "cancelled", Call: "DELETE " + at, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_defaults-1 | richMenu"},
			{Name: "gone", Call: "GET " + at, As: stage.Cafe, Status: 404, Want: noDefault},
		})
		setDefault(s, first)
		ok(s, "DELETE", "/v2/bot/richmenu/"+first, "")
		s.Play(t, []stage.Step{{Name: "of a deleted menu", Call: "GET " + at, As: stage.Cafe, Status: 404, Want: noDefault}})
	})
}

func TestLinks(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first, second, bare := menu(s, "a", postback), menu(s, "b", postback), create(s, "c", postback)
		at := func(user string) string { return "/v2/bot/user/" + user + "/richmenu" }
		s.Play(t, []stage.Step{
			{Name: "none", Call: "GET " + at(stage.Aoi), As: stage.Cafe, Status: 404, Want: noMenu},
			{Name: "none to take away", Call: "DELETE " + at(stage.Aoi), As: stage.Cafe, Status: 200, Want: `{}`},
			{Name: "without a picture", Call: "POST " + at(stage.Aoi) + "/" + bare, As: stage.Cafe, Status: 400, Want: needImage},
			{Name: "no menu", Call: "POST " + at(stage.Aoi) + "/" + missing, As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "malformed user", Call: "POST " + at("U1") + "/" + first, As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "malformed user to ask for", Call: "GET " + at("U1"), As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "malformed user to unlink", Call: "DELETE " + at("U1"), As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "linked", Call: "POST " + at(stage.Aoi) + "/" + first, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_links+1 | richMenu"},
			{Name: "linked to another", Call: "POST " + at(stage.Aoi) + "/" + second, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "| richMenu"},
			{Name: "got", Call: "GET " + at(stage.Aoi), As: stage.Cafe, Status: 200, Want: `{"richMenuId":"` + second + `"}`},
			{Name: "not of another account", Call: "GET " + at(stage.Aoi), As: stage.Shop, Status: 404, Want: noMenu},
			{Name: "unlinked", Call: "DELETE " + at(stage.Aoi), As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_links-1 | richMenu"},
			{Name: "gone", Call: "GET " + at(stage.Aoi), As: stage.Cafe, Status: 404, Want: noMenu},
		})
		for name, user := range map[string]string{"no friend": stage.Chen, "one who blocked": stage.Dan, "nobody": stage.Nobody, "of another provider": stage.Eve} {
			s.Play(t, []stage.Step{
				{Name: name + " is not linked", Call: "POST " + at(user) + "/" + first, As: stage.Cafe, Status: 200, Want: `{}`},
				{Name: name + " has none", Call: "GET " + at(user), As: stage.Cafe, Status: 404, Want: noMenu},
				{Name: name + " is not unlinked", Call: "DELETE " + at(user), As: stage.Cafe, Status: 200, Want: `{}`},
			})
		}
		link(s, stage.Aoi, first)
		link(s, stage.Ben, second)
		ok(s, "DELETE", "/v2/bot/richmenu/"+first, "")
		if has(s, stage.Aoi) != "" || has(s, stage.Ben) != second {
			t.Errorf("after deletion aoi has %q, ben %q", has(s, stage.Aoi), has(s, stage.Ben))
		}
		s.Restart()
		if has(s, stage.Ben) != second {
			t.Errorf("after a restart ben has %q", has(s, stage.Ben))
		}
	})
}

func TestBulk(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first, second := menu(s, "a", postback), menu(s, "b", postback)
		const linkAt, unlinkAt = "/v2/bot/richmenu/bulk/link", "/v2/bot/richmenu/bulk/unlink"
		everybody := ids(stage.Aoi, stage.Ben, stage.Chen, stage.Dan, stage.Eve, stage.Nobody, stage.Aoi)
		ok(s, "POST", linkAt, `{"richMenuId":"`+first+`","userIds":`+everybody+`}`)
		s.Advance("0s")
		for _, user := range []string{stage.Aoi, stage.Ben} {
			if has(s, user) != first {
				t.Errorf("%s has %q", user, has(s, user))
			}
		}
		if n := links(s); n != 2 {
			t.Errorf("%d links, want only those of friends", n)
		}
		// Both in one moment: the later request counts.
		ok(s, "POST", unlinkAt, `{"userIds":`+everybody+`}`)
		ok(s, "POST", linkAt, `{"richMenuId":"`+second+`","userIds":`+ids(stage.Ben)+`}`)
		s.Advance("1m")
		if has(s, stage.Aoi) != "" || has(s, stage.Ben) != second {
			t.Errorf("aoi has %q, ben %q", has(s, stage.Aoi), has(s, stage.Ben))
		}
		ok(s, "DELETE", unlinkAt, `{"userIds":`+everybody+`}`) // as the collection spells it
		s.Advance("0s")
		if n := links(s); n != 0 {
			t.Errorf("%d links after all were taken away", n)
		}
	})
}

// links counts all links that are stored.
func links(s *stage.Stage) (n int) {
	s.T.Helper()
	s.Row(`SELECT COUNT(*) FROM rich_menu_links`, nil, &n)
	return n
}

func TestRefusedBulk(t *testing.T) {
	s := stage.Start(t, "", "")
	id, bare := menu(s, "a", postback), create(s, "b", postback)
	malformed := func(i int) string {
		return fmt.Sprintf(`{"message":"The property, 'userIds[%d]', in the request body is invalid (line: -, column: -)"}`, i)
	}
	many := strings.Repeat(`"`+stage.Aoi+`",`, 500) + `"` + stage.Aoi + `"`
	size := details("1", "Size must be between 1 and 500", "userIds")
	for _, c := range []struct {
		name, menu, users string
		status            int
		want              string
	}{
		{"a malformed user", id, `["U1"]`, 400, malformed(0)},
		{"a malformed user behind a good one", "x", `["` + stage.Aoi + `","` + strings.ToUpper(stage.Aoi) + `"]`, 400, malformed(1)},
		{"null for a user", id, `[null]`, 400, malformed(0)},
		{"a number for a user", id, `[1]`, 400, `{"message":"The property, 'userIds[0]', in the request body is invalid (line: *, column: *)"}`},
		{"a malformed menu", "richmenu-1", ids(stage.Aoi), 400, details("1", "invalid richMenuId", "richMenuId")},
		{"no menu", missing, ids(stage.Aoi), 404, `{"message":"richmenu not found","details":[]}`},
		{"a menu without a picture", bare, ids(stage.Aoi), 400, needImage},
		{"no users", id, `[]`, 400, size},
		{"501 users", id, `[` + many + `]`, 400, size},
	} {
		s.Play(t, []stage.Step{{Name: c.name, Call: "POST /v2/bot/richmenu/bulk/link", As: stage.Cafe, Body: `{"richMenuId":"` + c.menu + `","userIds":` + c.users + `}`,
			Status: c.status, Want: c.want}})
		if c.want == malformed(0) || c.want == malformed(1) || c.want == size {
			s.Play(t, []stage.Step{{Name: c.name + " to unlink", Call: "POST /v2/bot/richmenu/bulk/unlink", As: stage.Cafe, Body: `{"userIds":` + c.users + `}`,
				Status: c.status, Want: c.want}})
		}
	}
	s.Play(t, []stage.Step{{Name: "another channel's menu", Call: "POST /v2/bot/richmenu/bulk/link", As: stage.Shop, Body: `{"richMenuId":"` + id + `","userIds":` + ids(stage.Aoi) + `}`,
		Status: 404, Want: `{"message":"richmenu not found","details":[]}`}})
}

// What was promised is kept by a server that was stopped before it came to it;
// a menu that was deleted meanwhile is linked to nobody.
func TestBulkAfterARestart(t *testing.T) {
	s := stage.Start(t, "", "")
	kept, deleted := menu(s, "a", postback), menu(s, "b", postback)
	ok(s, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+kept+`","userIds":`+ids(stage.Aoi)+`}`)
	s.Restart()
	s.Advance("0s")
	if has(s, stage.Aoi) != kept {
		t.Errorf("aoi has %q", has(s, stage.Aoi))
	}
	ok(s, "POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"`+deleted+`","userIds":`+ids(stage.Aoi)+`}`)
	ok(s, "DELETE", "/v2/bot/richmenu/"+deleted, "")
	s.Advance("1m")
	if got := has(s, stage.Aoi); got == deleted {
		t.Errorf("aoi has %q", got)
	}
}
