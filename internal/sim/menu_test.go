package sim_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/testkit/stage"
)

// asCafe calls the platform as the cafe, which must succeed.
func asCafe(s *stage.Stage, method, path, body string, header ...string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, method, path, body, header...)
	if a.Status != 200 {
		s.T.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a.Body
}

// richMenu makes a rich menu with a picture, an area for each action.
func richMenu(s *stage.Stage, name string, actions ...string) string {
	s.T.Helper()
	var areas []string
	for _, a := range actions {
		areas = append(areas, `{"bounds":{"x":0,"y":0,"width":9,"height":9},"action":`+a+`}`)
	}
	id := field(s, asCafe(s, "POST", "/v2/bot/richmenu", `{"size":{"width":800,"height":250},"selected":true,"name":"`+name+`","chatBarText":"Tap","areas":[`+
		strings.Join(areas, ",")+`]}`), "richMenuId")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 250))); err != nil {
		s.T.Fatal(err)
	}
	asCafe(s, "POST", "/v2/bot/richmenu/"+id+"/content", b.String(), "Content-Type", "image/png")
	return id
}

// shows is the rich menu in a person's chat, as the list of chats tells it.
func shows(s *stage.Stage, who, chat string) string {
	s.T.Helper()
	var v struct {
		Chats []struct {
			ID       string         `json:"id"`
			RichMenu jsontext.Value `json:"richMenu"`
		} `json:"chats"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who+"/chats", "")), &v); err != nil {
		s.T.Fatal(err)
	}
	for _, c := range v.Chats {
		if c.ID == chat {
			return string(c.RichMenu)
		}
	}
	return "no chat"
}

func area(n int) string {
	return fmt.Sprintf(`{"chat":{"channelId":%q},"richMenuArea":%d}`, stage.Cafe, n)
}

// A friend's own menu goes before the default, which all others see.
func TestRichMenuShown(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		own, all := richMenu(s, "own"), richMenu(s, "all")
		say(s, stage.Chen, stage.Cafe, text("a stranger writes"))
		told := func(id, name string) string {
			return `{"richMenuId":"` + id + `","name":"` + name + `","selected":true}`
		}
		if got := shows(s, stage.Aoi, stage.Cafe); got != "" {
			t.Errorf("before all: %s", got)
		}
		asCafe(s, "POST", "/v2/bot/user/all/richmenu/"+all, "")
		asCafe(s, "POST", "/v2/bot/user/"+stage.Aoi+"/richmenu/"+own, "")
		asCafe(s, "POST", "/v2/bot/user/"+stage.Chen+"/richmenu/"+own, "")
		for who, want := range map[string]string{stage.Aoi: told(own, "own"), stage.Ben: told(all, "all"), stage.Chen: told(all, "all")} {
			if got := shows(s, who, stage.Cafe); got != want {
				t.Errorf("%s sees %s, want %s", who, got, want)
			}
		}
		if got := shows(s, stage.Aoi, stage.Lunch); got != "" {
			t.Errorf("a group shows %s", got)
		}
		if got := shows(s, stage.Aoi, stage.Shop); got != "" {
			t.Errorf("the shop shows %s", got)
		}
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Sim("POST", "/people/"+stage.Aoi+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		if got := shows(s, stage.Aoi, stage.Cafe); got != told(own, "own") {
			t.Errorf("after a block that was taken back: %s", got)
		}
		asCafe(s, "DELETE", "/v2/bot/richmenu/"+own, "")
		if got := shows(s, stage.Aoi, stage.Cafe); got != told(all, "all") {
			t.Errorf("when the own one was deleted: %s", got)
		}
		asCafe(s, "DELETE", "/v2/bot/user/all/richmenu", "")
		if got := shows(s, stage.Aoi, stage.Cafe); got != "" {
			t.Errorf("after all: %s", got)
		}
	})
}

// An area does what its action does in a message.
func TestRichMenuTaps(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		tap := "POST /sim/v1/people/" + stage.Aoi + "/taps"
		s.Play(t, []stage.Step{refused("no menu", tap, area(0), 409, "richMenuArea: no rich menu is shown in this chat")})
		id := richMenu(s, "a",
			`{"type":"postback","data":"order","displayText":"A latte","inputOption":"openKeyboard","fillInText":"One\nmore"}`,
			`{"type":"message","text":"shops"}`,
			`{"type":"uri","uri":"https://example.com/menu"}`,
			`{"type":"datetimepicker","data":"book","mode":"date","min":"2026-01-01"}`,
			`{"type":"clipboard","clipboardText":"CODE"}`,
			`{"type":"camera","label":"Snap"}`)
		asCafe(s, "POST", "/v2/bot/user/all/richmenu/"+id, "")
		s.Heard()
		for _, c := range []struct{ name, body, want, heard string }{
			{"postback", area(0), `{"type":"postback","webhookEventIds":["*"],"messageId":"*","inputOption":"openKeyboard","fillInText":"One\nmore"}`,
				`"postback":{"data":"order"}`},
			{"message", area(1), `{"type":"message","webhookEventIds":["*"],"messageId":"*"}`, `"text":"shops"`},
			{"uri", area(2), `{"type":"uri","webhookEventIds":[],"uri":"https://example.com/menu"}`, ""},
			{"datetimepicker", strings.TrimSuffix(area(3), "}") + `,"datetime":"2026-01-02"}`, `{"type":"datetimepicker","webhookEventIds":["*"]}`,
				`"postback":{"data":"book","params":{"date":"2026-01-02"}}`},
			{"clipboard", area(4), `{"type":"clipboard","webhookEventIds":[],"clipboardText":"CODE"}`, ""},
			{"camera", area(5), `{"type":"camera","webhookEventIds":[]}`, ""},
		} {
			if got := s.Do("POST", "/sim/v1/people/"+stage.Aoi+"/taps", c.body); got.Status != 200 || !stage.Like(c.want, got.Body) {
				t.Errorf("%s: %d %s, want %s", c.name, got.Status, got.Body, c.want)
			}
			heard := ""
			for _, d := range s.Heard() {
				heard += d.Body
			}
			if !strings.Contains(heard, c.heard) || (c.heard == "") != (heard == "") {
				t.Errorf("%s: the bot heard %s", c.name, heard)
			}
		}
		s.Play(t, []stage.Step{
			refused("a date before the first", tap, strings.TrimSuffix(area(3), "}")+`,"datetime":"2025-01-02"}`, 400, `datetime: from "2026-01-01" to "" can be picked`),
			refused("an area beyond the last", tap, area(6), 400, "richMenuArea: the rich menu "+id+" has 6 areas, counted from 0"),
			refused("an area before the first", tap, area(-1), 400, "richMenuArea: the rich menu "+id+" has 6 areas, counted from 0"),
			refused("in a group", tap, `{"chat":{"groupId":"`+stage.Lunch+`"},"richMenuArea":0}`, 409, "richMenuArea: no rich menu is shown in this chat"),
			refused("of one who blocked the account", "POST /sim/v1/people/"+stage.Dan+"/taps", area(0), 409, stage.Dan+" has blocked this account; follow it first"),
		})
		var clicks int
		s.Row(`SELECT SUM(times) FROM rich_menu_counts WHERE area >= 0`, nil, &clicks)
		if clicks != 6 {
			t.Errorf("%d clicks are counted, want those that were not refused", clicks)
		}
	})
}

// A switch makes the alias' menu the person's own, and tells the bot whether it could.
func TestRichMenuSwitch(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		to := func(alias string) string {
			return `{"type":"richmenuswitch","richMenuAliasId":"` + alias + `","data":"to ` + alias + `"}`
		}
		first := richMenu(s, "a", to("b"), to("nowhere"), to("gone"))
		second, gone := richMenu(s, "b", to("b")), richMenu(s, "c")
		for alias, id := range map[string]string{"b": second, "gone": gone} {
			asCafe(s, "POST", "/v2/bot/richmenu/alias", `{"richMenuAliasId":"`+alias+`","richMenuId":"`+id+`"}`)
		}
		asCafe(s, "DELETE", "/v2/bot/richmenu/"+gone, "")
		asCafe(s, "POST", "/v2/bot/user/all/richmenu/"+first, "")
		own := func(who string) string { return s.As(stage.Cafe, "GET", "/v2/bot/user/"+who+"/richmenu", "").Body }
		none := `{"message":"the user has no richmenu","details":[]}`
		say(s, stage.Chen, stage.Cafe, text("a stranger writes"))
		s.Heard()
		for _, c := range []struct {
			who, status, params, own string
			area                     int
		}{
			{stage.Aoi, "RICHMENU_ALIAS_ID_NOTFOUND", `"to nowhere","params":{"status":"RICHMENU_ALIAS_ID_NOTFOUND"}`, none, 1},
			{stage.Aoi, "RICHMENU_NOTFOUND", `"to gone","params":{"status":"RICHMENU_NOTFOUND"}`, none, 2},
			{stage.Chen, "FAILED", `"to b","params":{"status":"FAILED"}`, none, 0},
			{stage.Aoi, "SUCCESS", `"to b","params":{"newRichMenuAliasId":"b","status":"SUCCESS"}`, `{"richMenuId":"` + second + `"}`, 0},
		} {
			want := `{"type":"richmenuswitch","webhookEventIds":["*"],"status":"` + c.status + `"}`
			if got := s.Sim("POST", "/people/"+c.who+"/taps", area(c.area)); !stage.Like(want, got) {
				t.Errorf("%s: %s", c.status, got)
			}
			heard := s.Heard()
			if len(heard) != 1 || !strings.Contains(heard[0].Body, `"postback":{"data":`+c.params+`}`) || heard[0].Event.ReplyToken == "" {
				t.Errorf("%s: the bot heard %v", c.status, heard)
			}
			if got := own(c.who); got != c.own {
				t.Errorf("%s: the own menu is %s", c.status, got)
			}
		}
		asCafe(s, "DELETE", "/v2/bot/user/all/richmenu", "")
		if got := shows(s, stage.Aoi, stage.Cafe); !strings.Contains(got, second) {
			t.Errorf("without a default the person sees %s", got)
		}
		s.Restart()
		if got := own(stage.Aoi); !strings.Contains(got, second) {
			t.Errorf("after a restart the own menu is %s", got)
		}
	})
}

// Listeners of those whom it concerns hear that a menu changed.
func TestRichMenuChangesAreTold(t *testing.T) {
	s := stage.Start(t, "", "")
	id := richMenu(s, "a")
	next := func(c <-chan stage.Change) string {
		for {
			select {
			case change := <-c:
				if change.Type == "richMenu" {
					return change.Data
				}
			case <-t.Context().Done():
				t.Fatal("nothing was told")
			}
		}
	}
	aoi, ben, eve := s.Listen(t, "?userId="+stage.Aoi), s.Listen(t, "?userId="+stage.Ben), s.Listen(t, "?userId="+stage.Eve)
	asCafe(s, "POST", "/v2/bot/user/"+stage.Aoi+"/richmenu/"+id, "")
	asCafe(s, "POST", "/v2/bot/user/all/richmenu/"+id, "")
	if got := next(aoi); !strings.Contains(got, `"userIds":["`+stage.Aoi+`"]`) || !strings.Contains(got, `"chatId":"`+stage.Cafe+`"`) {
		t.Errorf("aoi heard %s", got)
	}
	if got := next(ben); strings.Contains(got, "userIds") || !strings.Contains(got, `"channelId":"`+stage.Cafe+`"`) {
		t.Errorf("ben heard %s", got)
	}
	say(s, stage.Eve, stage.Foreign, text("hi"))
	if first := <-eve; first.Type == "richMenu" {
		t.Errorf("one of another provider heard %s", first.Data)
	}
}
