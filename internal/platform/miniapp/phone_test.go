package miniapp_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const phone = "/_/phone/" + stage.Aoi

// TestPhoneShowsMessages: the pages draw the chat, its messages and where they
// lead; nobody writes there.
func TestPhoneShowsMessages(t *testing.T) {
	s := stage.Start(t, "", world)
	if page := s.Do("GET", phone+"/c/miniapp-notice", ""); page.Status != 200 {
		t.Errorf("a chat without messages: %d", page.Status)
	}
	send(s, cafeApp, sending("order_done_en", `{"name":"Latte","button_uri_1":"orders/1"}`, issue(s, cafeApp, stage.Aoi, cafeLIFF)))
	send(s, tokyoApp, sending("booked_ja", `{"when":"noon"}`, issue(s, tokyoApp, stage.Aoi, tokyoLIFF)))

	list := s.Do("GET", phone, "").Body
	for _, want := range []string{`href="/_/phone/` + stage.Aoi + `/c/miniapp-notice"`, "LINE MINI App Notice", "order done", "LINEミニアプリ お知らせ", "booked"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %s:\n%s", want, list)
		}
	}
	if !strings.Contains(list, `{&#34;channelId&#34;:&#34;1656000001&#34;}`) {
		t.Errorf("what shows how to write names another chat than the cafe's: %s", list)
	}
	page := s.Do("GET", phone+"/c/miniapp-notice-jp", "").Body
	for _, want := range []string{"<h1>LINEミニアプリ お知らせ</h1>", `<span class="who">Tokyo booking</span>`, `src="https://example.com/icon.png"`, "noon",
		`&#34;uri&#34;:&#34;https://miniapp.line.me/1656000022-AbCdEfGh&#34;`, `class="composer" hidden`} {
		if !strings.Contains(page, want) {
			t.Errorf("the chat lacks %s:\n%s", want, page)
		}
	}
	if page = s.Do("GET", phone+"/c/miniapp-notice", "").Body; !strings.Contains(page, `&#34;uri&#34;:&#34;https://miniapp.line.me/1656000021-AbCdEfGh/orders/1&#34;`) || strings.Contains(page, "noon") {
		t.Errorf("the chat of another region:\n%s", page)
	}
	id := field(t, s.Sim("GET", notices+"/messages", ""), "id")
	if page := s.Do("GET", phone+"/c/miniapp-notice?m="+id+"&panel=inspect", "").Body; !strings.Contains(page, "&#34;altText&#34;: &#34;order done&#34;") {
		t.Errorf("no details of a message:\n%s", page)
	}
}

// TestOpenPhoneFollows: a message shows at once where the chat or the list is open.
func TestOpenPhoneFollows(t *testing.T) {
	s := stage.Start(t, "", world)
	for topic, want := range map[string]string{
		"chat:" + stage.Aoi + ":miniapp-notice": `"op":"append","target":"messages"`,
		"chats:" + stage.Aoi:                    `"op":"replace","target":"chats"`,
	} {
		token := issue(s, cafeApp, stage.Aoi, cafeLIFF)
		ctx, stop := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/_/events?topics="+topic, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() && lines.Text() != "" { // the position
		}
		send(s, cafeApp, sending("order_done_en", `{"name":"Latte"}`, token))
		got := ""
		for got == "" && lines.Scan() {
			got, _ = strings.CutPrefix(lines.Text(), "data: [")
			if !strings.HasPrefix(lines.Text(), "data: [") {
				got = ""
			}
		}
		if !strings.Contains(got, want) || !strings.Contains(got, "order done") {
			t.Errorf("%s: %.500s", topic, got)
		}
		stop()
		res.Body.Close()
	}
}
