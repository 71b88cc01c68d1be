package miniapp_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

func send(s *stage.Stage, channelID, body string) {
	s.T.Helper()
	if a := call(s, sendCall, stateless(s, channelID), body); a.Status != 200 {
		s.T.Fatalf("send: %d %s", a.Status, a.Body)
	}
}

// TestMessagesAreSeen: who used the app finds its messages in the chat of its
// region, reads them, and opens the app from there.
func TestMessagesAreSeen(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		send(s, cafeApp, sending("order_done_en", `{"name":"Latte","button_uri_1":"detailView?userId=1"}`, issue(s, cafeApp, stage.Aoi, cafeLIFF)))
		s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Aoi+`","messages":[{"type":"text","text":"hello"}]}`)
		send(s, tokyoApp, sending("booked_ja", `{"when":"`+strings.Repeat("あ", 37)+`"}`, issue(s, tokyoApp, stage.Aoi, tokyoLIFF)))

		const one = `"unreadCount":1,"lastMessage":{"id":"*","from":{"type":"account","id":"`
		want := `{"chats":[{"id":"miniapp-notice-jp","type":"account","name":"LINEミニアプリ お知らせ",` + one + tokyoApp +
			`","name":"Tokyo booking","iconUrl":"https://example.com/icon.png"},"sentAt":"*","message":`
		list := s.Sim("GET", "/people/"+stage.Aoi+"/chats", "")
		head, rest, _ := strings.Cut(list, `{"type":"flex"`)
		if !stage.Like(want, head) {
			t.Errorf("first the newest:\n%s\nwant\n%s", head, want)
		}
		cafe, region := strings.Index(rest, `{"id":"1656000001"`), strings.Index(rest, `{"id":"miniapp-notice","type":"account","name":"LINE MINI App Notice",`)
		if cafe < 0 || region < cafe {
			t.Errorf("the order of chats: %s", list)
		}
		if others := s.Sim("GET", "/people/"+stage.Ben+"/chats", ""); strings.Contains(others, "miniapp") {
			t.Errorf("Ben has %s", others)
		}

		lines := s.Sim("GET", notices+"/messages", "")
		for _, want := range []string{`"from":{"type":"account","id":"` + cafeApp + `","name":"Cafe orders"}`, `"text":"order done"`, `"text":"Latte"`, `"label":"View details"`,
			`"uri":"https://miniapp.line.me/1656000021-AbCdEfGh/detailView?userId=1"`, `"uri":"https://miniapp.line.me/1656000021-AbCdEfGh"`, `"read":false`} {
			if !strings.Contains(lines, want) {
				t.Errorf("no %s in %s", want, lines)
			}
		}
		tokyo := s.Sim("GET", notices+"-jp/messages", "")
		if !strings.Contains(tokyo, `"text":"`+strings.Repeat("あ", 36)+`..."`) || !strings.Contains(tokyo, `"url":"https://example.com/icon.png"`) {
			t.Errorf("no ellipsis or icon in %s", tokyo)
		}
		for _, chat := range []string{lines, tokyo} { // what is shown is a message that the platform would take
			sent := chat[strings.Index(chat, `"message":`)+len(`"message":`) : strings.Index(chat, `,"read"`)]
			if a := s.As(stage.Cafe, "POST", "/v2/bot/message/validate/push", `{"messages":[`+sent+`]}`); a.Status != 200 {
				t.Errorf("what a template makes is no message: %s %s", a.Body, sent)
			}
		}

		id := field(t, lines, "id")
		press := `{"type":"uri","label":"View details","uri":"https://miniapp.line.me/1656000021-AbCdEfGh/detailView?userId=1"}`
		in := `"chat":{"channelId":"miniapp-notice"}`
		got := s.Sim("POST", "/people/"+stage.Aoi+"/taps", `{`+in+`,"messageId":"`+id+`","action":`+press+`}`)
		if got != `{"type":"uri","webhookEventIds":[],"uri":"https://miniapp.line.me/1656000021-AbCdEfGh/detailView?userId=1"}` {
			t.Errorf("a tap: %s", got)
		}
		did := s.Effect(func() { s.Sim("POST", "/people/"+stage.Aoi+"/events", `{"type":"read",`+in+`}`) })
		if did != "service_reads+1 | read" {
			t.Errorf("reading did %q", did)
		}
		if did = s.Effect(func() { s.Sim("POST", "/people/"+stage.Aoi+"/events", `{"type":"read",`+in+`}`) }); did != "" {
			t.Errorf("reading again did %q", did)
		}
		list = s.Sim("GET", "/people/"+stage.Aoi+"/chats", "")
		if !strings.Contains(list, `"name":"LINE MINI App Notice","unreadCount":0`) || !strings.Contains(s.Sim("GET", notices+"/messages", ""), `"read":true`) {
			t.Errorf("it is not read: %s", list)
		}

		if opened := s.Sim("POST", "/people/"+stage.Aoi+"/liff", `{"liffId":"`+cafeLIFF+`","path":"/detailView",`+in+`}`); !strings.Contains(opened, "http://127.0.0.1:9100/app") {
			t.Errorf("the app opens at %s", opened)
		}

		s.Restart()
		if again := s.Sim("GET", notices+"-jp/messages", ""); again != tokyo {
			t.Errorf("after a restart: %s", again)
		}
		for _, c := range []struct {
			name, call, body string
			status           int
			want             string
		}{
			{"to write", "POST /sim/v1/people/" + stage.Aoi + "/messages", `{` + in + `,"message":{"type":"text","text":"a"}}`, 409,
				`{"message":"chat: only LINE MINI Apps write there, and there is only reading and tapping"}`},
			{"another chat's message", "GET /sim/v1" + notices + "-jp/messages?before=" + id, "", 400, `{"message":"before: there is no message ` + id + `"}`},
			{"no number", "GET /sim/v1" + notices + "/messages?before=x", "", 400, `{"message":"before: there is no message x"}`},
			{"another's message", "POST /sim/v1/people/" + stage.Ben + "/taps", `{` + in + `,"messageId":"` + id + `","action":` + press + `}`, 404,
				`{"message":"messageId: no account's message ` + id + ` in this chat"}`},
			{"a file", "GET /sim/v1" + notices + "/messages/" + id + "/content", "", 404, `{"message":"chat: service messages have no files"}`},
			{"no such region", "GET /sim/v1" + notices + "-fr/messages", "", 404, `{"message":"channelId: there is no channel \"miniapp-notice-fr\""}`},
		} {
			method, path, _ := strings.Cut(c.call, " ")
			if a := s.Do(method, path, c.body); a.Status != c.status || a.Body != c.want {
				t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
			}
		}
	})
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		token := issue(s, cafeApp, stage.Aoi, cafeLIFF)
		for range 3 {
			a := call(s, sendCall, stateless(s, cafeApp), sending("plain_ko", `{}`, token))
			token = field(t, a.Body, "notificationToken")
		}
		last := s.Sim("GET", notices+"/messages?limit=2", "")
		if n := strings.Count(last, `"sentAt"`); n != 2 {
			t.Fatalf("%d messages: %s", n, last)
		}
		first := s.Sim("GET", notices+"/messages?before="+field(t, last, "id"), "")
		if strings.Count(first, `"sentAt"`) != 1 || field(t, first, "id") >= field(t, last, "id") {
			t.Errorf("before them: %s", first)
		}
	})
}

// TestText: where params go, and what is left out.
func TestText(t *testing.T) {
	s := stage.Start(t, "", world)
	for name, c := range map[string]struct{ template, params, want, without string }{
		"an optional param":       {"order_done_en", `{"name":"a","table":"seven"}`, `"text":"seven"`, ""},
		"no title":                {"bare_th", `{}`, `"altText":"Cafe orders"`, "bare"},
		"no optional param":       {"order_done_en", `{"name":"a"}`, `"text":"a"`, `"table"`},
		"a param of none":         {"order_done_en", `{"name":"a","key1":"value1"}`, `"text":"a"`, "value1"},
		"no button":               {"order_done_en", `{"name":"a"}`, `"text":"a"`, `"button"`},
		"a param in title":        {"thanks_ja", `{"text":"Aoi","button_uri_1":"a"}`, `"text":"Thank you, Aoi"`, ""},
		"a subtitle":              {"thanks_ja", `{"text":"Aoi","button_uri_1":"a"}`, `"text":"From the cafe"`, ""},
		"a placeholder as value":  {"thanks_ja", `{"text":"{text}","button_uri_1":"a"}`, `"text":"Said: {text}"`, ""},
		"the first button":        {"thanks_ja", `{"text":"a","button_uri_1":"https://example.com/"}`, `{"label":"Open","type":"uri","uri":"https://example.com/"}`, `"More"`},
		"both buttons":            {"thanks_ja", `{"text":"a","button_uri_1":"/x","button_uri_2":"?a=1"}`, `"uri":"https://miniapp.line.me/1656000021-AbCdEfGh?a=1"`, ""},
		"100 are shown":           {"thanks_ja", `{"text":"` + strings.Repeat("a", 94) + `","button_uri_1":"a"}`, `"text":"Said: ` + strings.Repeat("a", 94) + `"`, ""},
		"101 have an ellipsis":    {"thanks_ja", `{"text":"` + strings.Repeat("a", 95) + `","button_uri_1":"a"}`, `"text":"Said: ` + strings.Repeat("a", 94) + `..."`, ""},
		"clusters are not broken": {"order_done_en", `{"name":"` + strings.Repeat("👨‍👩‍👧", 40) + `"}`, `"text":"` + strings.Repeat("👨‍👩‍👧", 36) + `..."`, ""},
	} {
		send(s, cafeApp, sending(c.template, c.params, issue(s, cafeApp, stage.Aoi, cafeLIFF)))
		got := s.Sim("GET", notices+"/messages?limit=1", "")
		if !strings.Contains(got, c.want) || c.without != "" && strings.Contains(got, c.without) {
			t.Errorf("%s: %s\nwant %s, not %q", name, got, c.want, c.without)
		}
	}
}

// TestWorldTellsTemplates: with what was made up for them.
func TestWorldTellsTemplates(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		world := s.Sim("GET", "/world", "")
		for _, want := range []string{
			`{"id":"1656000022","type":"miniapp","name":"Tokyo booking","provider":"Kaiwa","friends":0,"region":"JP","iconUrl":"https://example.com/icon.png",` +
				`"serviceMessageTemplates":[{"name":"booked_ja","params":["when"],"optionalParams":["button_uri_1"],"layout":"detailed","title":"booked",` +
				`"details":[{"label":"when","text":"{when}"}],"buttons":[{"label":"詳細を見る","uri":"{button_uri_1}"}]}],`,
			`"serviceMessageTemplates":[{"name":"bare_th",`,
		} {
			if !strings.Contains(world, want) {
				t.Errorf("the world lacks\n%s\nin\n%s", want, world)
			}
		}
	})
}
