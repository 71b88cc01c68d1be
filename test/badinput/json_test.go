package badinput

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/testkit"
	"kaiwa/test/kit"
)

// door is one way in for JSON.
type door struct {
	name, method, path, auth string
	// with makes a body that is accepted, around a member of an unknown name.
	with func(member string) string
}

var doors = []door{
	{"push", "POST", "/v2/bot/message/push", "Bearer " + token, func(m string) string {
		return `{"to":"` + aoi + `","messages":[{"type":"text","text":"hello"}]` + m + `}`
	}},
	{"validate", "POST", "/v2/bot/message/validate/push", "Bearer " + token, func(m string) string {
		return `{"messages":[{"type":"text","text":"hello"}]` + m + `}`
	}},
	{"rich menu", "POST", "/v2/bot/richmenu/validate", "Bearer " + token, func(m string) string {
		return `{"size":{"width":800,"height":250},"selected":true,"name":"n","chatBarText":"c","areas":[]` + m + `}`
	}},
	{"endpoint", "PUT", "/v2/bot/channel/webhook/endpoint", "Bearer " + token, func(m string) string {
		return `{"endpoint":"http://127.0.0.1:1/"` + m + `}`
	}},
	{"say", "POST", "/sim/v1/people/" + aoi + "/messages", "", func(m string) string {
		return `{"chat":{"channelId":"` + cafe + `"},"message":{"type":"text","text":"hello"}` + m + `}`
	}},
	{"follow", "POST", "/sim/v1/people/" + aoi + "/follow", "", func(m string) string {
		return `{"channelId":"` + cafe + `"` + m + `}`
	}},
}

func (v *victim) ask(d door, body io.Reader) (int, string) {
	v.t.Helper()
	req, err := http.NewRequest(d.method, v.URL+d.path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if d.auth != "" {
		req.Header.Set("Authorization", d.auth)
	}
	client := &http.Client{Timeout: prompt}
	res, err := client.Do(req)
	if err != nil {
		// A body that is refused before it is read through may break the connection.
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Errorf("%s: %v", d.name, err)
	}
	return res.StatusCode, string(b)
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func TestBrokenJSONIsRefused(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		v := newVictim(t, kit.Options{Store: dsn})
		for _, d := range doors {
			for name, c := range map[string]struct {
				body string
				want int
			}{
				"64 deep":              {d.with(`,"x":` + nested(63)), 200},
				"65 deep":              {d.with(`,"x":` + nested(64)), 400},
				"65 deep, objects":     {d.with(`,"x":` + strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64)), 400},
				"100000 deep":          {d.with(`,"x":` + nested(100000)), 400},
				"100000 open":          {strings.Repeat("[", 100000), 400},
				"brackets in a text":   {d.with(`,"x":"` + strings.Repeat("[", 1000) + `"`), 200},
				"broken UTF-8":         {d.with(",\"x\":\"\xff\xfe\""), 400},
				"overlong UTF-8":       {d.with(",\"x\":\"\xc0\xaf\""), 400},
				"a surrogate in UTF-8": {d.with(",\"x\":\"\xed\xa0\x80\""), 400},
				"a lone surrogate":     {d.with(`,"x":"\ud800"`), 400},
				"a pair turned round":  {d.with(`,"x":"\udc00\ud800"`), 400},
				"a whole pair":         {d.with(`,"x":"\ud83d\ude00"`), 200},
				"a duplicate name":     {d.with(`,"x":1,"x":2`), 400},
				"a name spelled twice": {d.with(`,"x":1,"\u0078":2`), 400},
				"a duplicate inside":   {d.with(`,"x":{"y":1,"y":2}`), 400},
				"a raw NUL":            {d.with(",\"x\":\"\x00\""), 400},
				"a raw line break":     {d.with(",\"x\":\"\n\""), 400},
				"something behind":     {d.with("") + "{}", 400},
				"a comma too many":     {d.with(","), 400},
				"a comment":            {d.with("/* x */"), 400},
				"a byte order mark":    {"\ufeff" + d.with(""), 400},
				"UTF-16":               {"\xff\xfe{\x00}\x00", 400},
				"NaN":                  {d.with(`,"x":NaN`), 400},
				"a leading zero":       {d.with(`,"x":01`), 400},
				"a huge number":        {d.with(`,"x":1e999999999`), 200}, // unknown members are not read
				"a long number":        {d.with(`,"x":` + strings.Repeat("9", 100000)), 200},
				"nothing":              {"", 400},
				"a half":               {d.with("")[:20], 400},
				"null":                 {"null", 400},
				"a list":               {"[]", 400},
				"a text":               {`"text"`, 400},
				"a number":             {"12345678901234567890", 400},
			} {
				if d.name == "follow" && name == "null" || d.name == "follow" && name == "nothing" {
					continue // said below: these name no channel
				}
				start := time.Now()
				status, body := v.ask(d, strings.NewReader(c.body))
				if took := time.Since(start); status != c.want || took > prompt {
					t.Errorf("%s, %s: %d after %v, want %d: %.200s", d.name, name, status, took, c.want, body)
				}
			}
		}
	})
}

// Values of a wrong kind or size in the members that are read, and texts that a
// store could choke on.
func TestWrongValuesAreRefused(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		v := newVictim(t, kit.Options{Store: dsn})
		text := func(s string) string { return `{"to":"` + aoi + `","messages":[{"type":"text","text":` + s + `}]}` }
		say := func(chat, message string) string { return `{"chat":` + chat + `,"message":` + message + `}` }
		richMenu := func(name string, height float64) string {
			return fmt.Sprintf(`{"size":{"width":800,"height":%g},"selected":true,"name":%s,"chatBarText":"c","areas":[]}`, height, name)
		}
		sayPath, here := "/sim/v1/people/"+aoi+"/messages", `{"channelId":"`+cafe+`"}`
		for _, c := range []struct {
			method, path, body string
			want               []int
		}{
			{"POST", "/v2/bot/message/push", text("1e400"), []int{400}},
			{"POST", "/v2/bot/message/push", text(`"\u0000"`), []int{200, 400}},
			{"POST", "/v2/bot/message/push", text(`"` + strings.Repeat("😀", 2501) + `"`), []int{400}},
			{"POST", "/v2/bot/message/push", `{"to":"\u0000","messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"POST", "/v2/bot/message/push", `{"to":12345678901234567890123,"messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"POST", "/v2/bot/message/push", `{"to":"` + aoi + `","messages":` + strings.Replace(nested(1), "]", strings.Repeat("{},", 5000)+"{}]", 1) + `}`, []int{400}},
			{"POST", "/v2/bot/message/push", `{"to":"` + aoi + `","messages":[{"type":"text","text":"x","quoteToken":"\u0000"}]}`, []int{400}},
			{"POST", "/v2/bot/message/push", `{"to":"` + aoi + `","customAggregationUnits":["\u0000"],"messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"POST", "/v2/bot/message/reply", `{"replyToken":"\u0000","messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"POST", "/v2/bot/message/reply", `{"replyToken":"` + strings.Repeat("a", 1<<20) + `","messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"POST", "/v2/bot/message/multicast", `{"to":["\u0000"],"messages":[{"type":"text","text":"x"}]}`, []int{400}},
			{"PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"http://127.0.0.1/\u0000"}`, []int{400}},
			{"POST", "/v2/bot/richmenu", richMenu(`"\u0000"`, 250), []int{200, 400}},
			{"POST", "/v2/bot/richmenu", richMenu(`"n"`, 1e300), []int{400}},
			{"POST", "/v2/bot/richmenu/bulk/link", `{"richMenuId":"\u0000","userIds":["` + aoi + `"]}`, []int{400}},
			{"POST", "/v2/bot/richmenu/batch", `{"operations":[{"type":"unlinkAll"}],"resumeRequestKey":"\u0000"}`, []int{400}},
			{"POST", "/v2/bot/richmenu/alias", `{"richMenuAliasId":"\u0000","richMenuId":"\u0000"}`, []int{400}},
			{"POST", "/v2/bot/richmenu/alias/a%ff", `{"richMenuId":"x"}`, []int{400, 404}},
			{"POST", "/v2/bot/richmenu/x%ff/content", "", []int{404, 415}},
			{"GET", "/v2/bot/richmenu/progress/batch?requestId=%00", "", []int{400}},
			{"GET", "/v2/bot/insight/richmenu/%f0/summary?from=%00&to=20260101", "", []int{400, 404}},
			{"GET", "/v2/bot/profile/U%ff", "", []int{400, 404}},
			{"GET", "/v2/bot/message/99999999999999999999999/content", "", []int{404}},
			{"GET", "/v2/bot/message/-1/content", "", []int{404}},
			{"GET", "/v2/bot/followers/ids?start=%00&limit=1", "", []int{400}},
			{"GET", "/v2/bot/followers/ids?limit=99999999999999999999", "", []int{400}},
			{"GET", "/v2/bot/message/delivery/push?date=%ff%00", "", []int{400}},
			{"POST", sayPath, say(`{"groupId":"C\u0000"}`, `{"type":"text","text":"x"}`), []int{400, 404}},
			{"POST", sayPath, say(`{"roomId":"R\u0000"}`, `{"type":"text","text":"x"}`), []int{400, 404}},
			{"POST", sayPath, say(`{"channelId":"\u0000"}`, `{"type":"text","text":"x"}`), []int{400, 404}},
			{"POST", sayPath, say(here, `{"type":"text","text":"a\u0000b"}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"file","fileName":"a\u0000b","contentBase64":"eHh4"}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"location","latitude":1e999,"longitude":0}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"location","latitude":1e300,"longitude":0}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"location","title":"\u0000","latitude":1,"longitude":0}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"sticker","packageId":"\u0000","stickerId":"\u0000"}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"text","text":"x","quotedMessageId":"99999999999999999999"}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"text","text":"x","emojis":[{"index":9223372036854775807,"length":9223372036854775807}]}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"text","text":"x","mention":{"mentionees":[{"index":-1,"length":-9223372036854775808,"type":"user"}]}}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"audio","contentBase64":"eHh4","duration":-9223372036854775808}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"audio","contentBase64":"eHh4","duration":9223372036854775808}`), []int{400}},
			{"POST", sayPath, say(here, `{"type":"video","contentBase64":"eHh4","preparing":"9999999h"}`), []int{200, 400}},
			{"POST", sayPath, say(here, `{"type":"image","contentBase64":"!!!"}`), []int{400}},
			{"POST", "/sim/v1/people", `{"userId":"U0000000000000000000000000000bad1","displayName":"a\u0000b","provider":"\u0000"}`, []int{201, 400, 404}},
			{"POST", "/sim/v1/people/%ff/follow", `{"channelId":"` + cafe + `"}`, []int{400, 404}},
			{"GET", "/sim/v1/people/%ff/chats", "", []int{400, 404}},
			{"GET", "/sim/v1/people/" + aoi + "/chats/%ff/messages", "", []int{400, 404}},
			{"GET", "/sim/v1/people/" + aoi + "/chats/" + cafe + "/messages?before=%00", "", []int{400, 404}},
			{"GET", "/sim/v1/people/" + aoi + "/chats/" + cafe + "/messages?limit=99999999999999999999", "", []int{400}},
			{"GET", "/sim/v1/people/" + aoi + "/chats/C%ff/messages", "", []int{400, 404}},
			{"GET", "/sim/v1/webhooks?channelId=%00", "", []int{404}},
			{"GET", "/sim/v1/webhooks?channelId=%ff", "", []int{404}},
			{"GET", "/sim/v1/webhooks?cursor=zzzzzzzzzzzzzzzzzzzzzz", "", []int{400}},
			{"POST", "/sim/v1/webhooks/%ff/redeliver", "", []int{400, 404}},
			{"POST", "/sim/v1/groups", `{"name":"a\u0000b","userIds":["` + aoi + `"]}`, []int{201, 400}},
			{"POST", "/sim/v1/groups", `{"userIds":["\u0000"]}`, []int{400, 404}},
			{"POST", "/sim/v1/groups/C%ff/join", `{"userIds":["` + aoi + `"]}`, []int{400, 404}},
			{"POST", "/sim/v1/people/" + aoi + "/events", `{"type":"unsend","messageId":"\u0000"}`, []int{400, 404}},
			{"POST", "/sim/v1/people/" + aoi + "/events", `{"type":"beacon","hwid":"\u0000","beaconType":"enter"}`, []int{400, 404}},
			{"POST", "/sim/v1/people/" + aoi + "/taps", `{"chat":` + here + `,"messageId":"\u0000","quickReply":-1}`, []int{400, 404}},
			{"POST", "/sim/v1/clock", `{"advance":"-1s"}`, []int{400}},
			{"POST", "/sim/v1/clock", `{"advance":"99999999999h"}`, []int{400}},
			{"POST", "/sim/v1/clock", `{"set":"0001-01-01T00:00:00Z"}`, []int{400, 409}},
			{"PUT", "/sim/v1/faults", `{"effect":{"status":99999}}`, []int{400}},
			{"PUT", "/sim/v1/faults", `{"effect":{"status":500,"probability":1e999}}`, []int{400}},
			{"PUT", "/sim/v1/faults", `{"preset":"\u0000"}`, []int{400}},
			{"GET", "/public/v1/accounts/%ff/messages", "", []int{400, 404}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?chatId=%00", "", []int{200, 400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?chatId=%ff", "", []int{200, 400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?type=%00", "", []int{200, 400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?cursor=%00%ff", "", []int{400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?from=9999999999-01-01T00:00:00Z", "", []int{400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?from=9999-12-31T23:59:59.999999999-23:59", "", []int{200, 400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages?limit=99999999999999999999", "", []int{400}},
			{"GET", "/public/v1/accounts/" + cafe + "/messages/99999999999999999999", "", []int{404}},
			{"POST", "/v2/oauth/accessToken", "grant_type=client_credentials&client_id=%00&client_secret=%ff", []int{400}},
			{"POST", "/oauth2/v2.1/token", "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=%00.%00.%00", []int{400}},
			{"GET", "/oauth2/v2.1/verify?access_token=%00%ff", "", []int{400}},
			{"POST", "/oauth2/v2.1/revoke", "client_id=%00&client_secret=%00&access_token=%00", []int{200, 400}},
		} {
			status := v.try(c.method, c.path, c.body)
			ok := false
			for _, want := range c.want {
				ok = ok || status == want
			}
			if !ok {
				t.Errorf("%s %s %.200s: %d, want %v", c.method, c.path, c.body, status, c.want)
			}
		}
	})
}

// try sends with every credential that the path could ask for.
func (v *victim) try(method, path, body string) int {
	v.t.Helper()
	media, bearer := "application/json", token
	if strings.Contains(path, "/oauth") {
		media = "application/x-www-form-urlencoded"
	}
	if strings.HasPrefix(path, "/public") {
		bearer = apiKey
	}
	start := time.Now()
	a := v.Do(method, path, body, "Content-Type", media, "Authorization", "Bearer "+bearer)
	if took := time.Since(start); took > prompt {
		v.t.Errorf("%s %s took %v", method, path, took)
	}
	return a.Status
}

// stream hides the length of a body, so that it is sent in chunks.
type stream struct{ io.Reader }

func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	large := bytes.Repeat([]byte("a"), 10<<20)
	for _, d := range doors {
		for _, chunked := range []bool{false, true} {
			var body io.Reader = bytes.NewReader(large)
			if chunked {
				body = stream{body}
			}
			want := []int{413, 0} // 0: the connection broke while the rest was being sent
			if strings.HasPrefix(d.path, "/sim") {
				want = []int{400, 400} // large bodies are taken there, for videos
			}
			if status, text := v.ask(d, body); status != want[0] && status != want[1] {
				t.Errorf("%s, chunked %v: %d %.100s", d.name, chunked, status, text)
			}
		}
	}
	// A length that is announced and refused is not waited for.
	for _, d := range doors {
		request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n",
			d.method, d.path, d.auth)
		if answers, closed := v.raw([]byte(request)); len(answers) != 1 || answers[0] != 413 || !closed {
			t.Errorf("%s: a terabyte is answered %v, closed %v", d.name, answers, closed)
		}
	}
}
