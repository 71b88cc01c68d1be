package ui

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
)

func TestChatListSaysWhoWroteWhatAndHowMuchIsUnread(t *testing.T) {
	w := newWorld(t)
	w.push(aoi, `{"type":"text","text":"One"}`, `{"type":"flex","altText":"Today's menu","contents":{"type":"bubble"}}`)
	p := w.get("/_/phone/" + aoi)
	row := p.one("#c-" + cafe)
	if row == nil {
		t.Fatal("the cafe is not in the list")
	}
	if got := row.one(".chat-name").words(); got != "Kaiwa Cafe Official account" {
		t.Errorf("name %q", got)
	}
	if got := row.one(".chat-line").words(); got != "Today's menu" {
		t.Errorf("last line %q, want the altText", got)
	}
	if got := row.one(".unread").words(); got != "2 unread" {
		t.Errorf("unread %q", got)
	}
	if p.one("#c-"+lunch) == nil {
		t.Error("the group is not in the list")
	}
	room := "R0000000000000000000000000000d001"
	w.update(func(tx *store.Tx) error {
		holder, err := w.config.Sim.Friends.Resolve(tx, aoi)
		if err == nil {
			_, err = w.config.Sim.Talk.Gather(tx, chat.Gathering{Kind: chat.Multi, ID: room, Provider: "demo", People: []*friend.Person{holder}, Quiet: true})
		}
		return err
	})
	if got := w.get("/_/phone/" + aoi).one("#c-" + room + " .chat-name").words(); got != "Multi-person chat" {
		t.Errorf("a room is called %q", got)
	}
	if got := w.get("/_/phone/" + chen).one("#chats").words(); !strings.HasPrefix(got, "No friends yet") {
		t.Errorf("a person without friends sees %q", got)
	}
}

func TestChatShowsMessagesAsTheyWereSaid(t *testing.T) {
	w := newWorld(t)
	mine := w.say(aoi, "<i>Hello</i>")
	ids := w.push(aoi,
		`{"type":"text","text":"Welcome"}`,
		`{"type":"text","text":"Second"}`,
		`{"type":"text","text":"As Mika","sender":{"name":"Mika","iconUrl":"https://example.com/mika.png"}}`,
		`{"type":"template","altText":"?","template":{"type":"confirm","text":"Sure?","actions":[{"type":"postback","label":"Yes","data":"y"},{"type":"message","label":"No","text":"no"}]}}`)
	p := w.get(cafeChat)
	own := p.one("#m-" + mine)
	if !own.matches(".own") || own.one("p").words() != "<i>Hello</i>" || own.one(".read").words() != "Read" {
		t.Errorf("own message: %q", own.words())
	}
	first, second, mika := p.one("#m-"+ids[0]), p.one("#m-"+ids[1]), p.one("#m-"+ids[2])
	if first.matches(".own") || first.matches(".more-of") || first.one(".who").words() != "Kaiwa Cafe" {
		t.Errorf("first answer: class %q, who %q", first.attr("class"), first.one(".who").words())
	}
	if !second.matches(".more-of") {
		t.Error("the second message of a sender stands alone")
	}
	if mika.matches(".more-of") || mika.one(".who").words() != "Mika from Kaiwa Cafe" || mika.one(".avatar img").attr("src") != "https://example.com/mika.png" {
		t.Errorf("sender override: class %q, who %q", mika.attr("class"), mika.one(".who").words())
	}
	if got := p.one("#m-" + ids[3]).one("button[data-action]"); got != nil {
		t.Error("a confirm template has two buttons")
	}
	if got := p.one("#m-" + ids[3]).all("button[data-action]")[0].attr("data-action"); got != `{"type":"postback","label":"Yes","data":"y"}` {
		t.Errorf("action %s", got)
	}
	if days := p.all("#messages .day"); len(days) != 1 {
		t.Errorf("%d dividers of days, want 1", len(days))
	}
}

func TestChatDividesDaysInTheAccountsZone(t *testing.T) {
	w := newWorld(t)
	w.clock.Set(time.Date(2126, 1, 15, 14, 50, 0, 0, time.UTC)) // 23:50 in Tokyo
	w.say(aoi, "Tonight")
	w.clock.Set(time.Date(2126, 1, 15, 15, 10, 0, 0, time.UTC))
	w.say(aoi, "Tomorrow already")
	var days []string
	for _, d := range w.get(cafeChat).all(".day") {
		days = append(days, d.words())
	}
	if got := fmt.Sprint(days); got != "[Tue, 15 January 2126 Wed, 16 January 2126]" {
		t.Errorf("days %s", got)
	}
	if got := w.get(cafeChat + "?lang=ja").all(".day")[0].words(); got != "2126年1月15日（火）" {
		t.Errorf("in Japanese %s", got)
	}
}

func TestQuickRepliesAreThoseOfTheNewestMessageAlone(t *testing.T) {
	w := newWorld(t)
	const asks = `{"type":"text","text":"Which?","quickReply":{"items":[{"type":"action","action":{"type":"message","label":"This","text":"this"}}]}}`
	id := w.push(aoi, asks)[0]
	quick := w.get(cafeChat).one("#quick")
	if quick.attr("data-quick") != id || quick.one("button").words() != "This" {
		t.Fatalf("quick replies %q of %q", quick.words(), quick.attr("data-quick"))
	}
	w.say(aoi, "this")
	if quick := w.get(cafeChat).one("#quick"); quick.words() != "" || quick.attr("data-quick") != "" {
		t.Errorf("after an answer there is still %q", quick.words())
	}
}

func TestEveryFormOfTheComposerSends(t *testing.T) {
	cases := map[string]struct {
		form url.Values
		want string
	}{
		"text":     {url.Values{"text": {"Two\r\nlines"}}, `{"type":"text","text":"Two\nlines"}`},
		"sticker":  {url.Values{"sticker": {"11537/52002734"}, "text": {"not sent"}}, `{"type":"sticker","packageId":"11537","stickerId":"52002734"`},
		"location": {url.Values{"title": {"Here"}, "address": {"There"}, "latitude": {"-54.8"}, "longitude": {"-68.3"}}, `{"type":"location","title":"Here","address":"There","latitude":-54.8,"longitude":-68.3}`},
		"sample":   {url.Values{"photo": {"sample"}}, `{"type":"image"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			res := w.post(cafeChat+"/messages", c.form)
			if res.Code != http.StatusSeeOther || res.Header().Get("Location") != cafeChat {
				t.Fatalf("status %d to %q: %s", res.Code, res.Header().Get("Location"), res.Body)
			}
			list, err := w.config.Sim.Messages(t.Context(), aoi, cafe, 10, "")
			if err != nil || len(list) != 1 {
				t.Fatalf("%d messages, %v", len(list), err)
			}
			if got := string(list[0].Message); !strings.HasPrefix(got, c.want) {
				t.Errorf("sent %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestComposerRefusesWhatNoPhoneSends(t *testing.T) {
	w := newWorld(t)
	for name, form := range map[string]url.Values{
		"empty": {"text": {""}}, "no picture": {"photo": {"chosen"}}, "no number": {"latitude": {"north"}, "longitude": {"1"}},
	} {
		if res := w.post(cafeChat+"/messages", form); res.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", name, res.Code)
		}
	}
	if res := w.post("/_/phone/"+aoi+"/c/1656999999/messages", url.Values{"text": {"x"}}); res.Code != http.StatusNotFound {
		t.Errorf("unknown chat: status %d", res.Code)
	}
}

func TestDetailsOfAMessageAndTakingItBack(t *testing.T) {
	w := newWorld(t)
	id := w.say(aoi, "Oops")
	panel := w.get(cafeChat + "?m=" + id + "&panel=inspect").one("#panel")
	if got := panel.one("#json").words(); got != `{ "type": "text", "text": "Oops" }` {
		t.Errorf("JSON %s", got)
	}
	if got := panel.one("form").attr("action"); got != cafeChat+"/unsend" {
		t.Fatalf("form to %q", got)
	}
	if res := w.post(cafeChat+"/unsend", url.Values{"messageId": {id}}); res.Code != http.StatusSeeOther {
		t.Fatalf("unsend: status %d %s", res.Code, res.Body)
	}
	if got := w.get(cafeChat).one("#m-" + id).words(); got != "You unsent a message" {
		t.Errorf("the row says %q", got)
	}
	if got := w.get("/_/phone/" + aoi).one("#c-" + cafe).one(".chat-line").words(); got != "You unsent a message" {
		t.Errorf("the list says %q", got)
	}
}

// A text in a group can be edited, in the details of one's own message.
func TestEditingAMessage(t *testing.T) {
	w := newWorld(t)
	chat := "/_/phone/" + aoi + "/c/" + lunch
	w.post(chat+"/messages", url.Values{"text": {"At sevn"}})
	row := w.get(chat).one(".row.own")
	id := strings.TrimPrefix(row.attr("id"), "m-")
	forms := w.get(chat + "?m=" + id + "&panel=inspect").one("#panel").all("form")
	last := forms[len(forms)-1]
	if last.attr("action") != chat+"/edit" || last.one("textarea").words() != "At sevn" {
		t.Fatalf("form to %q with %q", last.attr("action"), last.one("textarea").words())
	}
	if res := w.post(chat+"/edit", url.Values{"messageId": {id}, "text": {"At\r\nseven"}}); res.Code != http.StatusSeeOther {
		t.Fatalf("edit: status %d %s", res.Code, res.Body)
	}
	row = w.get(chat).one("#m-" + id)
	if row.one(".msg").words() != "At seven" || row.one(".edited").words() != "Edited" {
		t.Errorf("the row says %q", row.words())
	}
	if res := w.post(chat+"/edit", url.Values{"messageId": {id}, "text": {""}}); res.Code != http.StatusBadRequest {
		t.Errorf("to nothing: status %d", res.Code)
	}
	others := w.get("/_/phone/" + ben + "/c/" + lunch + "?m=" + id + "&panel=inspect").one("#panel")
	alone := w.get(cafeChat + "?m=" + w.say(aoi, "Hi") + "&panel=inspect").one("#panel")
	if len(others.all("textarea")) > 0 || len(alone.all("textarea")) > 0 {
		t.Error("others' messages, or those to an account, can be edited")
	}
}

func TestReplyToAMessageShowsIt(t *testing.T) {
	w := newWorld(t)
	id := w.say(aoi, "What is open?")
	composer := w.get(cafeChat + "?quote=" + id).one("#quoting")
	if _, hidden := composer.attrs["hidden"]; hidden || composer.one("input").attr("value") != id {
		t.Fatal("the composer does not show what is replied to")
	}
	w.post(cafeChat+"/messages", url.Values{"text": {"I mean this"}, "quote": {id}})
	quoted := w.get(cafeChat).one("a.quoted[data-jump]")
	if quoted.words() != "Aoi What is open?" || quoted.attr("data-jump") != "m-"+id {
		t.Errorf("quoted block %q to %q", quoted.words(), quoted.attr("data-jump"))
	}
}

func TestLongChatsComeInPages(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for i := range 120 {
		ids = append(ids, w.say(aoi, fmt.Sprint("Line ", i)))
	}
	p := w.get(cafeChat)
	if rows := p.all("#messages .row"); len(rows) != 50 || rows[49].attr("id") != "m-"+ids[119] {
		t.Fatalf("%d rows", len(rows))
	}
	older := p.one("#older")
	if got := older.attr("data-older"); got != cafeChat+"/older?before="+ids[70] {
		t.Fatalf("older at %q", got)
	}
	part := w.get(older.attr("data-older"))
	if rows := part.all(".row"); len(rows) != 50 || rows[0].attr("id") != "m-"+ids[20] || part.one("#main") != nil {
		t.Errorf("the part has %d rows", len(rows))
	}
	last := w.get(cafeChat + "/older?before=" + ids[20])
	if _, hidden := last.one("#older").attrs["hidden"]; len(last.all(".row")) != 20 || !hidden {
		t.Error("the first page still leads to an older one")
	}
	far := w.get(cafeChat + "?m=" + ids[3])
	if far.one("#m-"+ids[3]+".chosen") == nil || far.one("#messages[data-past]") == nil || far.one("#newest").words() != "Newest messages ↓" {
		t.Error("a link to an old message does not show it")
	}
}

func TestWhatIsNotThereIsSaidSo(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/_/phone/U123", "/_/phone/" + aoi + "/c/1656999999", "/_/nothing", "/_/stickers/1/1.svg", "/_/static/x/none.js"} {
		if res := w.do(httptest.NewRequest(http.MethodGet, path, nil)); res.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, res.Code)
		}
	}
}

func TestGroupsShowEachSenderByName(t *testing.T) {
	w := newWorld(t)
	_, err := w.config.Sim.Say(t.Context(), ben, sim.Saying{Chat: sim.ChatRef{GroupID: lunch}, Message: text("Curry?")})
	if err != nil {
		t.Fatal(err)
	}
	p := w.get("/_/phone/" + aoi + "/c/" + lunch)
	if got := p.one("#messages .who").words(); got != "Ben <b>" {
		t.Errorf("who %q", got)
	}
	if got := p.one(".phone").attr("data-chat"); got != `{"groupId":"`+lunch+`"}` {
		t.Errorf("the script would send to %s", got)
	}
}

func TestABurstIsDrawnInFull(t *testing.T) {
	w := newWorld(t)
	w.get(cafeChat) // from now on changes are told
	first := w.say(aoi, "Before the burst")
	position := w.get(cafeChat).one("body").attr("data-position")
	const burst = 120 // more than two pages
	for i := range burst {
		w.push(aoi, fmt.Sprintf(`{"type":"text","text":"Line %d."}`, i))
	}
	if _, err := w.config.Sim.Happen(t.Context(), aoi, sim.Happening{Type: "unsend", MessageID: first}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.pages)
	defer server.Close()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_/events?topics=chat:"+aoi+":"+cafe+"&after="+position, nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var drawn strings.Builder
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for !strings.Contains(drawn.String(), "You unsent a message") && lines.Scan() {
		drawn.WriteString(lines.Text())
	}
	if lines.Err() != nil {
		t.Error("the message that was taken back is not drawn anew: ", lines.Err())
	}
	for i := range burst {
		if !strings.Contains(drawn.String(), fmt.Sprintf("Line %d.", i)) {
			t.Errorf("line %d is not drawn", i)
		}
	}
	if got := strings.LastIndex(drawn.String(), `"target":"quick"`); got < 0 {
		t.Error("the newest message leaves the quick replies as they were")
	}
}
