package clients

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// richMenu is a menu with an area for each action.
func richMenu(name string, actions ...m.ActionInterface) *m.RichMenuRequest {
	r := &m.RichMenuRequest{Size: &m.RichMenuSize{Width: 2500, Height: 843}, Name: name, ChatBarText: "Tap here", Areas: []m.RichMenuArea{}}
	for i, a := range actions {
		r.Areas = append(r.Areas, m.RichMenuArea{Bounds: &m.RichMenuBounds{X: int64(i * 100), Width: 100, Height: 843}, Action: a})
	}
	return r
}

// allActions are one of each type that rich menus have.
func allActions() []m.ActionInterface {
	return []m.ActionInterface{
		&m.PostbackAction{Data: "buy", DisplayText: "Buy", InputOption: m.PostbackActionINPUT_OPTION_OPEN_KEYBOARD, FillInText: "One"},
		&m.MessageAction{Text: "hello"}, &m.UriAction{Uri: "https://example.com/", AltUri: &m.AltUri{Desktop: "https://example.com/pc"}},
		&m.DatetimePickerAction{Data: "when", Mode: m.DatetimePickerActionMODE_DATE, Min: "2026-01-01"},
		&m.RichMenuSwitchAction{RichMenuAliasId: "other", Data: "switched"}, &m.ClipboardAction{ClipboardText: "code"},
	}
}

// menu makes a menu with a picture and gives its id.
func (s *stage) menu(name string, actions ...m.ActionInterface) string {
	s.t.Helper()
	made, err := s.api.CreateRichMenu(richMenu(name, actions...))
	must(s.t, made, err)
	_, err = s.blob.SetRichMenuImage(made.RichMenuId, "image/png", bytes.NewReader(wide(s.t)))
	must(s.t, 0, err)
	return made.RichMenuId
}

// wide is a picture of 2500 x 843 pixels.
func wide(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, 0, png.Encode(&b, image.NewGray(image.Rect(0, 0, 2500, 843))))
	return b.Bytes()
}

func TestRichMenu(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	request := richMenu("Nice rich menu", allActions()...)
	_, err := s.api.ValidateRichMenuObject(request)
	must(t, 0, err)
	made, err := s.api.CreateRichMenu(request)
	must(t, made, err)
	got, err := s.api.GetRichMenu(made.RichMenuId)
	must(t, got, err)
	if got.RichMenuId != made.RichMenuId || got.Name != request.Name || got.Selected || *got.Size != *request.Size || got.ChatBarText != request.ChatBarText ||
		len(got.Areas) != len(request.Areas) || *got.Areas[5].Bounds != *request.Areas[5].Bounds {
		t.Errorf("%+v", got)
	}
	for i, a := range got.Areas { // the SDK reads what it wrote
		if a.Action.GetType() != request.Areas[i].Action.GetType() || cmp.Equal(reflect.Zero(reflect.TypeOf(a.Action)), a.Action) {
			t.Errorf("area %d: %+v", i, a.Action)
		}
	}
	list, err := s.api.GetRichMenuList()
	if must(t, list, err); len(list.Richmenus) != 1 || list.Richmenus[0].RichMenuId != made.RichMenuId {
		t.Errorf("list %+v", list)
	}
	_, err = s.blob.GetRichMenuImage(made.RichMenuId)
	refused(t, "a picture that is not there", err, 404, `{"message":"Not found"}`)
	_, err = s.blob.SetRichMenuImage(made.RichMenuId, "image/png", bytes.NewReader(wide(t)))
	must(t, 0, err)
	image, err := s.blob.GetRichMenuImage(made.RichMenuId)
	if body, kind := fetched(t, image, err); kind != "image/png" || !bytes.Equal(body, wide(t)) {
		t.Errorf("%d bytes of %s", len(body), kind)
	}
	_, err = s.blob.SetRichMenuImage(made.RichMenuId, "image/png", bytes.NewReader(wide(t)))
	refused(t, "a second picture", err, 400, `{"message":"An image has already been uploaded to the richmenu"}`)
	_, err = s.api.DeleteRichMenu(made.RichMenuId)
	must(t, 0, err)
	_, err = s.api.GetRichMenu(made.RichMenuId)
	refused(t, "a deleted menu", err, 404, `{"message":"Not found"}`)
	_, err = s.api.CreateRichMenu(&m.RichMenuRequest{Size: request.Size, ChatBarText: "x", Areas: []m.RichMenuArea{}})
	refused(t, "what is missing", err, 400, `{"message":"The request body has 2 error(s)","details":[{"message":"must be specified","property":"name"},{"message":"must be specified","property":"areas"}]}`)
}

func TestRichMenuOfPeople(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.menu("a", allActions()...), s.menu("b", allActions()...)
	const none = `{"message":"no default richmenu","details":[]}`
	_, err := s.api.GetDefaultRichMenuId()
	refused(t, "no default", err, 404, none)
	_, err = s.api.SetDefaultRichMenu(a)
	must(t, 0, err)
	def, err := s.api.GetDefaultRichMenuId()
	if must(t, def, err); def.RichMenuId != a {
		t.Errorf("the default is %s", def.RichMenuId)
	}
	_, err = s.api.CancelDefaultRichMenu()
	must(t, 0, err)
	_, err = s.api.GetDefaultRichMenuId()
	refused(t, "no default any more", err, 404, none)

	has := func(what, person, want string) {
		t.Helper()
		got, err := s.api.GetRichMenuIdOfUser(person)
		if want == "" {
			refused(t, what, err, 404, `{"message":"the user has no richmenu","details":[]}`)
		} else if must(t, got, err); got.RichMenuId != want {
			t.Errorf("%s: %s, want %s", what, got.RichMenuId, want)
		}
	}
	_, err = s.api.LinkRichMenuIdToUser(aoi, a)
	must(t, 0, err)
	has("linked", aoi, a)
	_, err = s.api.UnlinkRichMenuIdFromUser(aoi)
	must(t, 0, err)
	has("unlinked", aoi, "")
	_, err = s.api.LinkRichMenuIdToUsers(&m.RichMenuBulkLinkRequest{RichMenuId: a, UserIds: []string{aoi, ben, chen, dai, lost}})
	must(t, 0, err)
	s.advance(time.Minute)
	has("linked in bulk", aoi, a)
	has("linked in bulk", ben, a)
	has("no friend", chen, "")
	_, err = s.api.UnlinkRichMenuIdFromUsers(&m.RichMenuBulkUnlinkRequest{UserIds: []string{ben, lost}})
	must(t, 0, err)
	s.advance(time.Minute)
	has("unlinked in bulk", ben, "")
	_, err = s.api.LinkRichMenuIdToUser(ben, b)
	must(t, 0, err)

	request := &m.RichMenuBatchRequest{ResumeRequestKey: "key", Operations: []m.RichMenuBatchOperationInterface{
		&m.RichMenuBatchLinkOperation{From: a, To: b}, &m.RichMenuBatchUnlinkOperation{From: b}}}
	_, err = s.api.ValidateRichMenuBatchRequest(request)
	must(t, 0, err)
	res, _, err := s.api.RichMenuBatchWithHttpInfo(request)
	must(t, res, err)
	id := res.Header.Get("x-line-request-id")
	progress, err := s.api.GetRichMenuBatchProgress(id)
	if must(t, progress, err); progress.Phase != m.RichMenuBatchProgressPhase_ONGOING || !progress.CompletedTime.IsZero() {
		t.Errorf("at once %+v", progress)
	}
	s.advance(time.Minute)
	progress, err = s.api.GetRichMenuBatchProgress(id)
	if must(t, progress, err); progress.Phase != m.RichMenuBatchProgressPhase_SUCCEEDED || !progress.CompletedTime.After(progress.AcceptedTime) {
		t.Errorf("a minute later %+v", progress)
	}
	has("replaced", aoi, b)
	has("unlinked at once, not after it was replaced", ben, "")
	_, err = s.api.RichMenuBatch(&m.RichMenuBatchRequest{Operations: []m.RichMenuBatchOperationInterface{&m.RichMenuBatchUnlinkAllOperation{}}})
	must(t, 0, err)
	s.advance(time.Minute)
	has("all unlinked", aoi, "")
}

func TestRichMenuAlias(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.menu("a", allActions()...), s.menu("b", allActions()...)
	empty, err := s.api.GetRichMenuAliasList()
	if must(t, empty, err); len(empty.Aliases) != 0 {
		t.Errorf("%+v", empty)
	}
	_, err = s.api.CreateRichMenuAlias(&m.CreateRichMenuAliasRequest{RichMenuAliasId: "other", RichMenuId: a})
	must(t, 0, err)
	_, err = s.api.CreateRichMenuAlias(&m.CreateRichMenuAliasRequest{RichMenuAliasId: "other", RichMenuId: b})
	refused(t, "a name that is taken", err, 400, `{"message":"conflict richmenu alias id","details":[]}`)
	_, err = s.api.UpdateRichMenuAlias("other", &m.UpdateRichMenuAliasRequest{RichMenuId: b})
	must(t, 0, err)
	got, err := s.api.GetRichMenuAlias("other")
	if must(t, got, err); got.RichMenuAliasId != "other" || got.RichMenuId != b {
		t.Errorf("%+v", got)
	}
	list, err := s.api.GetRichMenuAliasList()
	if must(t, list, err); len(list.Aliases) != 1 || list.Aliases[0] != *got {
		t.Errorf("%+v", list)
	}

	// A tap on the area that switches gives the person the alias' menu.
	_, err = s.api.SetDefaultRichMenu(a)
	must(t, 0, err)
	sim[object](s, "POST", "/people/"+aoi+"/taps", object{"chat": in(cafe), "richMenuArea": 4})
	event, _ := one[webhook.PostbackEvent](t, s)
	if want := map[string]string{"newRichMenuAliasId": "other", "status": "SUCCESS"}; event.Postback.Data != "switched" || !cmp.Equal(event.Postback.Params, want) {
		t.Errorf("%+v", event.Postback)
	}
	own, err := s.api.GetRichMenuIdOfUser(aoi)
	if must(t, own, err); own.RichMenuId != b {
		t.Errorf("after the switch %s", own.RichMenuId)
	}
	_, err = s.api.DeleteRichMenuAlias("other")
	must(t, 0, err)
	_, err = s.api.GetRichMenuAlias("other")
	refused(t, "a deleted alias", err, 404, `{"message":"richmenu alias not found","details":[]}`)
	sim[object](s, "POST", "/people/"+aoi+"/taps", object{"chat": in(cafe), "richMenuArea": 4})
	event, _ = one[webhook.PostbackEvent](t, s)
	if want := map[string]string{"status": "RICHMENU_ALIAS_ID_NOTFOUND"}; !cmp.Equal(event.Postback.Params, want) {
		t.Errorf("%+v", event.Postback)
	}
}

// The Go SDK does not know these operations yet; their answers are held against
// their descriptions all the same.
func TestRichMenuInsight(t *testing.T) {
	t.Parallel()
	s := newStage(t, "crowd:\n  - {channel: \"1656000001\", count: 30, seed: 1}\n")
	id := s.menu("a", &m.ClipboardAction{ClipboardText: "code"})
	_, err := s.api.SetDefaultRichMenu(id)
	must(t, 0, err)
	people, err := s.api.GetFollowers("", 100)
	must(t, people, err)
	for _, person := range people.UserIds[:20] {
		sim[object](s, "POST", "/people/"+person+"/taps", object{"chat": in(cafe), "richMenuArea": 0})
	}
	asked := func(what string) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+"/v2/bot/insight/richmenu/"+id+"/"+what+"?from=20260101&to=20260131", nil)
		must(t, req, err).Header.Set("Authorization", "Bearer "+cafeToken)
		res, err := s.http.Do(req)
		must(t, res, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return string(must(t, body, err))
	}
	metrics := map[string]string{"summary": `{"count":20,"uniqueUsers":20}`, "daily": `[{"date":"20260115","count":20,"uniqueUsers":20}]`}
	for what := range metrics {
		if got := asked(what); got != `{"richMenuId":"`+id+`"}` {
			t.Errorf("%s on the same day: %s", what, got)
		}
	}
	s.set("2026-01-16T00:00:00+09:00")
	for what, n := range metrics {
		want := `{"richMenuId":"` + id + `","metricsFrom":"20260115","metricsTo":"20260115","impression":{"metrics":` + n +
			`},"clicks":[{"bounds":{"x":0,"y":0,"width":100,"height":843},"metrics":` + n + `}]}`
		if got := asked(what); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
}
