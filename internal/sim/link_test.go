package sim_test

import (
	"strconv"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// A URL in a text can be tapped like an action, and counts as one.
func TestTapOnALinkInAText(t *testing.T) {
	s := stage.Start(t, "", "")
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/push", `{"to":"`+stage.Aoi+`","customAggregationUnits":["u"],"messages":[`+
		text("See https://example.com/a?b=1#c\\n新しいhttp://example.com/次")+`]}`)
	if a.Status != 200 {
		t.Fatal(a.Body)
	}
	words, plain := newest(s), push(s, stage.Aoi, text("none"))
	uriOf := func(url string) string { return `"action":{"type":"uri","uri":"` + url + `"}` }
	opened := func(url string) string { return `{"type":"uri",` + noEvents + `,"uri":"` + url + `"}` }
	call, missing := "POST /sim/v1/people/"+stage.Aoi+"/taps", "action: no such action stands in the message"
	body := func(id, with string) string {
		return `{"chat":` + ref(stage.Cafe) + `,"messageId":"` + id + `",` + with + `}`
	}
	s.Play(t, []stage.Step{
		tap("the first", words, uriOf("https://example.com/a?b=1#c"), opened("https://example.com/a?b=1#c"), "interaction_links+1 interaction_people+5 interaction_totals+5 interaction_units+1"),
		tap("before other letters", words, uriOf("http://example.com/"), opened("http://example.com/"), "interaction_links+1 interaction_people+2 interaction_totals+3"),
		refused("a part of it", call, body(words, uriOf("https://example.com/a")), 400, missing),
		refused("another action", call, body(words, `"action":{"type":"postback","uri":"http://example.com/"}`), 400, missing),
		refused("in another text", call, body(plain, uriOf("http://example.com/")), 400, missing),
	})
}

// newest is the id of the last message that Aoi sees from the Cafe.
func newest(s *stage.Stage) string {
	s.T.Helper()
	var id int64
	s.Row(`SELECT MAX(id) FROM messages`, nil, &id)
	return strconv.FormatInt(id, 10)
}

// A tap on a link to a LIFF app of this world says which; others are links.
func TestLinkToLIFF(t *testing.T) {
	s := stage.Start(t, "", `
channels:
  - {id: "1656000001", name: Cafe, accessToken: cafe-token}
  - {id: "1656000011", type: login, name: Web, liff: [{liffId: 1656000011-AbCdEfGh, view: {type: tall, url: "http://127.0.0.1:9100/"}}]}
people: [{userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}]
`)
	for url, want := range map[string]string{
		"https://liff.line.me/1656000011-AbCdEfGh/shop?item=1#a": `,"liff":{"liffId":"1656000011-AbCdEfGh","path":"/shop?item=1#a"}}`,
		"https://miniapp.line.me/1656000011-AbCdEfGh":            `,"liff":{"liffId":"1656000011-AbCdEfGh"}}`,
		"https://liff.line.me/1656000011-zzzzzzzz":               `}`,
	} {
		id := push(s, stage.Aoi, `{"type":"text","text":"See `+url+`"}`)
		got := s.Sim("POST", "/people/"+stage.Aoi+"/taps", `{"chat":{"channelId":"1656000001"},"messageId":"`+id+`","action":{"type":"uri","uri":"`+url+`"}}`)
		if want = `"uri":"` + url + `"` + want; !strings.HasSuffix(strings.TrimSpace(got), want) {
			t.Errorf("%s: %s", url, got)
		}
	}
}
