package richmenu_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestAliases(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		first, second, bare := menu(s, "a", postback), menu(s, "b", postback), create(s, "c", postback)
		const (
			at      = "/v2/bot/richmenu/alias"
			noMenu  = `{"message":"richmenu not found","details":[]}`
			noAlias = `{"message":"richmenu alias not found","details":[]}`
			badName = `{"message":"The value for the 'richMenuAliasId' parameter is invalid"}`
		)
		body := func(alias, id string) string { return `{"richMenuAliasId":"` + alias + `","richMenuId":"` + id + `"}` }
		to := func(id string) string { return `{"richMenuId":"` + id + `"}` }
		badMenu, badAlias := details("1", "invalid richMenuId", "richMenuId"), details("1", "invalid richMenuAliasId", "richMenuAliasId")
		s.Play(t, []stage.Step{
			{Name: "none", Call: "GET " + at + "/list", As: stage.Cafe, Status: 200, Want: `{"aliases":[]}`},
			{Name: "created", Call: "POST " + at, As: stage.Cafe, Body: body("b", first), Status: 200, Want: `{}`, Effect: "rich_menu_aliases+1"},
			{Name: "a second for the same menu", Call: "POST " + at, As: stage.Cafe, Body: body("a-_9", first), Status: 200, Want: `{}`, Effect: "rich_menu_aliases+1"},
			{Name: "taken", Call: "POST " + at, As: stage.Cafe, Body: body("b", second), Status: 400, Want: `{"message":"conflict richmenu alias id","details":[]}`},
			{Name: "no menu", Call: "POST " + at, As: stage.Cafe, Body: body("c", missing), Status: 400, Want: noMenu},
			{Name: "without a picture", Call: "POST " + at, As: stage.Cafe, Body: body("c", bare), Status: 400, Want: noMenu},
			{Name: "another channel's menu", Call: "POST " + at, As: stage.Shop, Body: body("c", first), Status: 400, Want: noMenu},
			{Name: "a malformed menu", Call: "POST " + at, As: stage.Cafe, Body: body("c", "x"), Status: 400, Want: badMenu},
			{Name: "a malformed alias", Call: "POST " + at, As: stage.Cafe, Body: body("C", first), Status: 400, Want: badAlias},
			{Name: "too long", Call: "POST " + at, As: stage.Cafe, Body: body(strings.Repeat("a", 33), first), Status: 400, Want: badAlias},
			{Name: "got", Call: "GET " + at + "/b", As: stage.Cafe, Status: 200, Want: body("b", first)},
			{Name: "in the list", Call: "GET " + at + "/list", As: stage.Cafe, Status: 200, Want: `{"aliases":[` + body("a-_9", first) + `,` + body("b", first) + `]}`},
			{Name: "not another channel's", Call: "GET " + at + "/b", As: stage.Shop, Status: 404, Want: noAlias},
			{Name: "none of that name", Call: "GET " + at + "/c", As: stage.Cafe, Status: 404, Want: noAlias},
			{Name: "malformed to get", Call: "GET " + at + "/C", As: stage.Cafe, Status: 400, Want: badName},
			{Name: "malformed to update", Call: "POST " + at + "/C", As: stage.Cafe, Body: to(second), Status: 400, Want: badName},
			{Name: "malformed to delete", Call: "DELETE " + at + "/C", As: stage.Cafe, Status: 400, Want: badName},
			{Name: "updated", Call: "POST " + at + "/b", As: stage.Cafe, Body: to(second), Status: 200, Want: `{}`},
			{Name: "leads to the other", Call: "GET " + at + "/b", As: stage.Cafe, Status: 200, Want: body("b", second)},
			{Name: "none to update", Call: "POST " + at + "/c", As: stage.Cafe, Body: to(second), Status: 404, Want: noAlias},
			{Name: "updated to no menu", Call: "POST " + at + "/b", As: stage.Cafe, Body: to(missing), Status: 400, Want: noMenu},
			{Name: "updated to one without a picture", Call: "POST " + at + "/b", As: stage.Cafe, Body: to(bare), Status: 400, Want: noMenu},
			{Name: "updated to a malformed one", Call: "POST " + at + "/b", As: stage.Cafe, Body: to("x"), Status: 400, Want: badMenu},
			{Name: "deleted", Call: "DELETE " + at + "/b", As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_aliases-1"},
			{Name: "deleted again", Call: "DELETE " + at + "/b", As: stage.Cafe, Status: 404, Want: noAlias},
			{Name: "one that its menu outlived not", Call: "DELETE /v2/bot/richmenu/" + first, As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_images-1 rich_menus-1 | richMenu"},
			{Name: "stays and leads nowhere", Call: "GET " + at + "/a-_9", As: stage.Cafe, Status: 200, Want: body("a-_9", first)},
			{Name: "content", Call: "POST " + at, As: stage.Cafe, Body: body("content", second), Status: 200, Want: `{}`, Effect: "rich_menu_aliases+1"},
			{Name: "content is no picture", Call: "GET " + at + "/content", As: stage.Cafe, Status: 200, Want: body("content", second)},
			{Name: "content updated", Call: "POST " + at + "/content", As: stage.Cafe, Body: to(second), Status: 200, Want: `{}`},
			{Name: "content deleted", Call: "DELETE " + at + "/content", As: stage.Cafe, Status: 200, Want: `{}`, Effect: "rich_menu_aliases-1"},
		})
	})
}

func TestAThousandAliases(t *testing.T) {
	s := stage.Start(t, "", "")
	id := menu(s, "a", postback)
	add := func(i int) stage.Answer {
		return s.As(stage.Cafe, "POST", "/v2/bot/richmenu/alias", fmt.Sprintf(`{"richMenuAliasId":"a%d","richMenuId":%q}`, i, id))
	}
	for i := range 1000 {
		if a := add(i); a.Status != 200 {
			t.Fatalf("%d: %d %s", i, a.Status, a.Body)
		}
	}
	if a := add(1000); a.Status != 400 || a.Body != `{"message":"The maximum number of rich menu aliases has been reached"}` {
		t.Errorf("the 1001st: %d %s", a.Status, a.Body)
	}
	ok(s, "DELETE", "/v2/bot/richmenu/alias/a0", "")
	if a := add(1000); a.Status != 200 {
		t.Errorf("after one was deleted: %d %s", a.Status, a.Body)
	}
}
