package ui

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
)

// as calls the platform as the cafe, and gives the answer's body.
func (w *world) as(method, path, kind, body string) string {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+devToken)
	r.Header.Set("Content-Type", kind)
	res := httptest.NewRecorder()
	w.config.API.ServeHTTP(res, r)
	if res.Code != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", method, path, res.Code, res.Body)
	}
	return res.Body.String()
}

// menu makes a rich menu the default one and gives its id.
func (w *world) menu(selected, areas string) string {
	w.t.Helper()
	made := w.as("POST", "/v2/bot/richmenu", "application/json",
		`{"size":{"width":1000,"height":500},"selected":`+selected+`,"name":"n","chatBarText":"<Menu>","areas":[`+areas+`]}`)
	var v struct {
		ID string `json:"richMenuId"`
	}
	if err := json.Unmarshal([]byte(made), &v); err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1000, 500))); err != nil {
		w.t.Fatal(err)
	}
	w.as("POST", "/v2/bot/richmenu/"+v.ID+"/content", "image/png", b.String())
	w.as("POST", "/v2/bot/user/all/richmenu/"+v.ID, "", "")
	return v.ID
}

const menuAreas = `{"bounds":{"x":0,"y":0,"width":500,"height":501},"action":{"type":"message","label":"Hi","text":"hi"}},
	{"bounds":{"x":500,"y":250,"width":500,"height":250},"action":{"type":"uri","uri":"https://example.com/?a=1&b=2"}}`

func TestRichMenuLiesUnderItsChat(t *testing.T) {
	w := newWorld(t)
	if got := w.get(cafeChat).one("#menu"); !got.matches("[hidden]") {
		t.Error("a chat without a rich menu shows one")
	}
	id := w.menu("true", menuAreas)
	p := w.get(cafeChat)
	menu := p.one("#menu")
	if !menu.matches("[open]") || menu.one("summary").words() != "<Menu>" {
		t.Errorf("bar %q, open %t", menu.one("summary").words(), menu.matches("[open]"))
	}
	if got := menu.one("img").attr("src"); got != "/_/richmenus/"+id {
		t.Errorf("picture at %s", got)
	}
	areas := menu.all("button")
	if len(areas) != 2 || areas[1].attr("style") != "left:50%;top:50%;width:50%;height:50%;" || areas[1].attr("data-area") != "1" ||
		areas[0].attr("aria-label") != "Hi" || areas[1].attr("data-action") != `{"type":"uri","uri":"https://example.com/?a=1&b=2"}` {
		t.Errorf("areas %v %v", areas[0].attrs, areas[1].attrs)
	}
	res := w.do(httptest.NewRequest(http.MethodGet, "/_/richmenus/"+id, nil))
	if res.Code != http.StatusOK || res.Header().Get("Content-Type") != "image/png" || !strings.Contains(res.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("picture: %d %v", res.Code, res.Header())
	}
	for _, unknown := range []string{"x", "richmenu-00000000000000000000000000000000"} {
		if res := w.do(httptest.NewRequest(http.MethodGet, "/_/richmenus/"+unknown, nil)); res.Code != http.StatusNotFound {
			t.Errorf("%s: %d", unknown, res.Code)
		}
	}
	if got := w.get("/_/phone/" + aoi + "/c/" + lunch).one("#menu"); !got.matches("[hidden]") {
		t.Error("a group shows a rich menu")
	}
	w.menu("false", menuAreas)
	if got := w.get(cafeChat).one("#menu"); got.matches("[open]") || got.one("summary") == nil {
		t.Error("a menu that is not selected is open at first")
	}
}

// A page without a script submits the area.
func TestRichMenuWithoutAScript(t *testing.T) {
	w := newWorld(t)
	w.menu("true", menuAreas)
	tap := func(area string) *httptest.ResponseRecorder {
		return w.post(cafeChat+"/taps", url.Values{"area": {area}})
	}
	if res := tap("0"); res.Code != http.StatusSeeOther || res.Header().Get("Location") != cafeChat {
		t.Errorf("a message: %d to %s", res.Code, res.Header().Get("Location"))
	}
	if got := w.get(cafeChat).one("#messages .own p").words(); got != "hi" {
		t.Errorf("the person said %q", got)
	}
	if res := tap("1"); res.Code != http.StatusSeeOther || res.Header().Get("Location") != "https://example.com/?a=1&b=2" {
		t.Errorf("a link: %d to %s", res.Code, res.Header().Get("Location"))
	}
	for _, wrong := range []string{"2", "x", ""} {
		if res := tap(wrong); res.Code != http.StatusBadRequest {
			t.Errorf("area %q: %d", wrong, res.Code)
		}
	}
}

// What a page shows is counted: once, however often it is loaded.
func TestRichMenuOnAPageIsSeen(t *testing.T) {
	w := newWorld(t)
	w.menu("true", menuAreas)
	w.get(cafeChat)
	w.get(cafeChat)
	w.get("/_/phone/" + ben)
	if n := w.seen(); n != 1 {
		t.Errorf("%d impressions of one open menu", n)
	}
	w.menu("false", menuAreas)
	w.get("/_/phone/" + ben + "/c/" + cafe)
	if n := w.seen(); n != 1 {
		t.Errorf("%d impressions after a closed menu", n)
	}
}

// seen counts all impressions.
func (w *world) seen() (n int64) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT COALESCE(SUM(times), 0) FROM rich_menu_counts WHERE area = -1`, nil, &n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestOpenChatsFollowTheirRichMenu(t *testing.T) {
	w := newWorld(t)
	topic := "chat:" + aoi + ":" + cafe
	id := w.menu("false", menuAreas)
	w.as("POST", "/v2/bot/richmenu/alias", "application/json", `{"richMenuAliasId":"b","richMenuId":"`+id+`"}`)
	got := w.patches(topic, func() {
		w.menu("true", `{"bounds":{"x":0,"y":0,"width":9,"height":9},"action":{"type":"richmenuswitch","richMenuAliasId":"b","data":"d"}}`)
	})
	if !strings.Contains(got, `"op":"replace","target":"menu"`) || !strings.Contains(got, " open>") {
		t.Errorf("a new default: %s", got)
	}
	area := 0
	got = w.patches(topic, func() {
		if _, err := w.config.Sim.Tap(t.Context(), aoi, sim.Tapping{Chat: sim.ChatRef{ChannelID: cafe}, RichMenuArea: &area}); err != nil {
			t.Fatal(err)
		}
	})
	if !strings.Contains(got, id) || !strings.Contains(got, " open>") {
		t.Errorf("a menu that the person switched to stays open: %s", got)
	}
	got = w.patches(topic, func() { w.as("DELETE", "/v2/bot/user/all/richmenu", "", "") })
	if !strings.Contains(got, id) || strings.Contains(got, " open>") {
		t.Errorf("no default any more, but an own menu: %s", got)
	}
	turn := func(do func(*store.Tx, *channel.Channel, *friend.Person) ([]string, error)) {
		w.update(func(tx *store.Tx) error {
			p, err := w.config.Sim.Friends.Resolve(tx, aoi)
			if err == nil {
				_, err = do(tx, w.config.Sim.Channels.Get(cafe), p)
			}
			return err
		})
	}
	got = w.patches(topic, func() { turn(w.config.Sim.Talk.Unfollow) })
	if strings.Contains(got, id) || !strings.Contains(got, `"target":"menu"`) {
		t.Errorf("who blocks the account has no menu of their own: %s", got)
	}
	turn(w.config.Sim.Talk.Follow)
	got = w.patches(topic, func() { w.as("DELETE", "/v2/bot/user/"+aoi+"/richmenu", "", "") })
	if !strings.Contains(got, `id=\"menu\" data-live=\"\" hidden`) {
		t.Errorf("no menu any more: %s", got)
	}
}
