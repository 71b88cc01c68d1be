package publicapi_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/publicapi"
)

func TestOneMessage(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		conversation(k)
		k.say(
			row{id: 30, at: 10_000, account: 1, chat: aoiChat, sender: aoiNo, kind: "image", body: `{"type":"image"}`, unsentAt: day.UnixMilli() + 11_000},
			row{id: 31, at: 10_001, account: 1, chat: aoiChat, sender: -1, origin: push, kind: "text", body: "{\n  \"type\": \"text\",\r\n  \"text\": \"a\\nb\"\n}"},
			row{id: 32, at: 10_002, account: 1, chat: benChat, sender: 99},
			row{id: 33, at: 10_003, chat: teamChat, sender: aoiNo, heardBy: []int64{1}, editedAt: day.UnixMilli() + 12_000},
			row{id: 34, at: 10_004, chat: teamChat, sender: aoiNo, heardBy: []int64{1}, body: `{"type":"text"}`, editedAt: day.UnixMilli() + 12_000, unsentAt: day.UnixMilli() + 13_000},
		)
		k.file(18, "image/jpeg", "", "JPEG", "!")
		account := `"accountId":"1656000001"`
		self := `"sender":{"type":"account","id":"1656000001","name":"Cafe \"One\""}`
		fromAoi := `"sender":{"type":"user","id":"` + aoi + `","name":"Aoi <3"}`
		for id, want := range map[string]string{
			"10": `{"id":"10",` + account + `,"chat":{"type":"user","id":"` + aoi + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:00.000Z","origin":"user","message":{"type":"text","text":"message 10"}}`,
			"11": `{"id":"11",` + account + `,"chat":{"type":"user","id":"` + aoi + `"},"direction":"outgoing",` + self +
				`,"sentAt":"2026-01-15T00:00:00.000Z","origin":"reply","requestId":"r-11","message":{"type":"text","text":"message 11"}}`,
			"13": `{"id":"13",` + account + `,"chat":{"type":"group","id":"` + team + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:00.000Z","origin":"user","message":{"type":"text","text":"message 13"}}`,
			"17": `{"id":"17",` + account + `,"chat":{"type":"many","recipientCount":1},"direction":"outgoing",` + self +
				`,"sentAt":"2026-01-15T00:00:02.000Z","origin":"multicast","message":{"type":"text","text":"message 17"}}`,
			"18": `{"id":"18",` + account + `,"chat":{"type":"user","id":"` + aoi + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:02.000Z","origin":"user","message":{"type":"image","contentProvider":{"type":"line"}},` +
				`"content":{"type":"image/jpeg","length":5,"url":"` + k.url + `/public/v1/accounts/1656000001/messages/18/content"}}`,
			"30": `{"id":"30",` + account + `,"chat":{"type":"user","id":"` + aoi + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:10.000Z","origin":"user","message":{"type":"image"},"unsentAt":"2026-01-15T00:00:11.000Z"}`,
			"31": `{"id":"31",` + account + `,"chat":{"type":"user","id":"` + aoi + `"},"direction":"outgoing",` + self +
				`,"sentAt":"2026-01-15T00:00:10.001Z","origin":"push","message":{"type":"text","text":"a\nb"}}`,
			"32": `{"id":"32",` + account + `,"chat":{"type":"user","id":"` + ben + `"},"direction":"incoming","sender":{"type":"user"}` +
				`,"sentAt":"2026-01-15T00:00:10.002Z","origin":"user","message":{"type":"text","text":"message 32"}}`,
			"33": `{"id":"33",` + account + `,"chat":{"type":"group","id":"` + team + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:10.003Z","origin":"user","message":{"type":"text","text":"message 33"},"editedAt":"2026-01-15T00:00:12.000Z"}`,
			"34": `{"id":"34",` + account + `,"chat":{"type":"group","id":"` + team + `"},"direction":"incoming",` + fromAoi +
				`,"sentAt":"2026-01-15T00:00:10.004Z","origin":"user","message":{"type":"text"},"unsentAt":"2026-01-15T00:00:13.000Z"}`,
		} {
			a := k.get(cafeKey, "/accounts/"+cafe+"/messages/"+id)
			if d := cmp.Diff(want, a.body); a.status != 200 || d != "" || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("message %s: %d %s", id, a.status, d)
			}
			// In a page and in a stream it is written the same way.
			page := k.get(cafeKey, messagesOf(cafe, "")).body
			if !strings.Contains(page, want) || jsontext.Value(page).IsValid() == false {
				t.Errorf("message %s is another one in its page", id)
			}
			lines := k.get(cafeKey, messagesOf(cafe, ""), "Accept", "application/x-ndjson").body
			if !strings.Contains("\n"+lines, "\n"+want+"\n") {
				t.Errorf("message %s is another one in its stream", id)
			}
		}
		// A send to many stands in its recipient's chat like any other message.
		if one := k.get(cafeKey, messagesOf(cafe, "chatId="+ben+"&limit=2")).body; !strings.Contains(one, `{"id":"17",`+account+`,"chat":{"type":"user","id":"`+ben+`"}`) {
			t.Errorf("Ben's chat: %s", one)
		}
	})
}

func TestAcceptDecidesTheForm(t *testing.T) {
	k := open(t, sqlite(t))
	conversation(k)
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "application/json": "application/json",
		"application/x-ndjson": "application/x-ndjson", "Application/X-NDJSON; charset=utf-8": "application/x-ndjson",
		"application/json, application/x-ndjson;q=0.5":     "application/json",
		"application/json;q=0.5,application/x-ndjson;q=.9": "application/x-ndjson",
		"application/x-ndjson;q=0":                         "application/json",
	} {
		a := k.get(cafeKey, messagesOf(cafe, "limit=1"), "Accept", accept)
		if a.status != 200 || a.header.Get("Content-Type") != want || a.header.Get("Vary") != "Accept" {
			t.Errorf("Accept %q: %d %v", accept, a.status, a.header)
		}
	}
}

func TestContent(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		k.say(
			row{id: 1, account: 1, chat: aoiChat, sender: aoiNo, kind: "image"},
			row{id: 2, account: 1, chat: aoiChat, sender: aoiNo},
			row{id: 3, account: 1, chat: aoiChat, sender: aoiNo, kind: "file", body: `{"type":"file"}`, unsentAt: day.UnixMilli()},
			row{id: 4, chat: teamChat, sender: aoiNo, kind: "file", heardBy: []int64{1}},
			row{id: 5, account: 1, chat: aoiChat, sender: aoiNo, body: `{"type":"text"}`, unsentAt: day.UnixMilli()},
			row{id: 6, account: 2, chat: shopAoiChat, sender: aoiNo, kind: "image"},
			row{id: 7, account: 1, chat: aoiChat, sender: -1, origin: push, kind: "image"},
		)
		k.file(1, "image/png", "", "the first piece, ", "the second")
		k.file(4, "application/pdf", "menü.pdf", "%PDF")
		k.file(6, "image/png", "", "the shop's")
		for _, c := range []struct {
			id     string
			status int
			kind   string
			body   string
		}{
			{"1", 200, "image/png", "the first piece, the second"},
			{"4", 200, "application/pdf", "%PDF"},
			{"2", 404, "application/problem+json", "The message has no file"},
			{"7", 404, "application/problem+json", "The message has no file"},
			{"3", 410, "application/problem+json", "unsent"},
			{"5", 410, "application/problem+json", "unsent"},
			{"6", 404, "application/problem+json", "no such message"},
			{"9", 404, "application/problem+json", "no such message"},
			{"x", 404, "application/problem+json", "no such message"},
			{"01", 404, "application/problem+json", "no such message"},
		} {
			a := k.get(cafeKey, "/accounts/"+cafe+"/messages/"+c.id+"/content")
			if a.status != c.status || a.header.Get("Content-Type") != c.kind || !strings.Contains(a.body, c.body) {
				t.Errorf("content of %s: %d %v %q", c.id, a.status, a.header, a.body)
			}
			if c.status == 200 && (a.body != c.body || a.header.Get("Content-Length") != strconv.Itoa(len(c.body))) {
				t.Errorf("content of %s: %q", c.id, a.body)
			}
		}
		if a := k.get(cafeKey, "/accounts/"+cafe+"/messages/4/content"); a.header.Get("Content-Disposition") != "attachment; filename*=utf-8''men%C3%BC.pdf" {
			t.Errorf("file name: %q", a.header.Get("Content-Disposition"))
		}
		// The URL in the message opens with the same key.
		_, url, _ := strings.Cut(k.get(cafeKey, "/accounts/"+cafe+"/messages/1").body, `"url":"`)
		url, _, _ = strings.Cut(url, `"`)
		if got := k.get(cafeKey, strings.TrimPrefix(url, k.url+publicapi.Prefix)); got.body != "the first piece, the second" {
			t.Errorf("content.url: %d %s", got.status, got.body)
		}
	})
}

func TestURLsUnderTLS(t *testing.T) {
	k := open(t, sqlite(t))
	k.say(row{id: 1, account: 1, chat: aoiChat, sender: aoiNo, kind: "image"})
	k.file(1, "image/png", "", "x")
	for _, c := range []struct {
		tls   bool
		proto string
		want  string
	}{{true, "", "https://kaiwa.example/public"}, {false, "https", "https://kaiwa.example/public"}, {false, "", "http://kaiwa.example/public"}} {
		r := httptest.NewRequest(http.MethodGet, "http://kaiwa.example/public/v1"+messagesOf(cafe, ""), nil)
		r.Header.Set("X-API-KEY", cafeKey)
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		k.routes.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `"url":"`+c.want) {
			t.Errorf("%+v: %s", c, w.Body)
		}
	}
}

func TestAccountsAndChats(t *testing.T) {
	eachStore(t, func(t *testing.T, k *kit) {
		conversation(k)
		k.update(func(tx *store.Tx) error {
			return k.accounts.Connect(tx, "w1", account.Config{ChannelID: "2000000001", Name: "Real one", BaseURL: "https://api.line.me"})
		})
		connected := k.accounts.Get("w1", cafe).ConnectedAt.Format("2006-01-02T15:04:05.000Z")
		later := k.accounts.Get("w1", "2000000001").ConnectedAt.Format("2006-01-02T15:04:05.000Z")
		want := `{"accounts":[{"id":"1656000001","name":"Cafe \"One\"","basicId":"@cafe","connectedAt":"` + connected +
			`"},{"id":"2000000001","name":"Real one","connectedAt":"` + later + `"}]}`
		if a := k.get(cafeKey, "/accounts"); a.status != 200 || a.body != want {
			t.Errorf("accounts: %d %s, want %s", a.status, a.body, want)
		}
		chats := "/accounts/" + cafe + "/chats"
		list := []string{
			`{"id":"` + aoi + `","type":"user","name":"Aoi <3","lastMessageAt":"2026-01-15T00:00:09.000Z","messageCount":4}`,
			`{"id":"` + ben + `","type":"user","name":"Ben","lastMessageAt":"2026-01-15T00:00:03.000Z","messageCount":2}`,
			`{"id":"` + room + `","type":"room","lastMessageAt":"2026-01-15T00:00:02.000Z","messageCount":1}`,
			`{"id":"` + team + `","type":"group","name":"Team","lastMessageAt":"2026-01-15T00:00:01.000Z","messageCount":2}`,
		}
		if a := k.get(cafeKey, chats); a.body != `{"chats":[`+strings.Join(list, ",")+`],"nextCursor":null}` {
			t.Errorf("chats: %d %s", a.status, a.body)
		}
		for limit := 1; limit <= 3; limit++ {
			path := chats + "?limit=" + strconv.Itoa(limit)
			next := path
			var got []string
			for pages := 0; pages < 5; pages++ {
				body := k.get(cafeKey, next).body
				items, cursor, _ := strings.Cut(strings.TrimPrefix(body, `{"chats":[`), `],"nextCursor":`)
				got = append(got, items)
				if cursor == "null}" {
					break
				}
				next = path + "&cursor=" + strings.Trim(cursor, `"}`)
			}
			if d := cmp.Diff(strings.Join(list, ","), strings.Join(got, ",")); d != "" {
				t.Errorf("chats, %d a page: %s", limit, d)
			}
		}
		if a := k.get(cafeKey, "/accounts/2000000001/chats"); a.body != `{"chats":[],"nextCursor":null}` {
			t.Errorf("an account without chats: %d %s", a.status, a.body)
		}
		if a := k.get(cafeKey, messagesOf("2000000001", "")); a.body != `{"messages":[],"nextCursor":null}` {
			t.Errorf("an account without messages: %d %s", a.status, a.body)
		}
	})
}

// operations are all paths of the API for an account and a message.
func operations(account, message string) []string {
	base := "/accounts/" + account
	return []string{base + "/chats", base + "/messages", base + "/messages?chatId=" + aoi + "&limit=2", base + "/messages?limit=0",
		base + "/messages?cursor=x", base + "/messages/" + message, base + "/messages/" + message + "/content"}
}

// TestTenancy asks for everything with every kind of credentials: what is
// another workspace's answers, byte for byte, like what does not exist.
func TestTenancy(t *testing.T) {
	k := open(t, sqlite(t))
	conversation(k)
	k.file(18, "image/png", "", "canary")
	revoked, issued, err := k.keys.Issue(t.Context(), "w1")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.keys.Revoke(t.Context(), "w1", issued.ID); err != nil {
		t.Fatal(err)
	}
	replaced, issued, err := k.keys.Issue(t.Context(), "w1")
	if err != nil {
		t.Fatal(err)
	}
	fresh, _, err := k.keys.Regenerate(t.Context(), "w1", issued.ID)
	if err != nil {
		t.Fatal(err)
	}
	homeless, _, err := k.keys.Issue(t.Context(), "w9") // a workspace that is not there
	if err != nil {
		t.Fatal(err)
	}
	before := k.get(cafeKey, messagesOf(cafe, ""), "Accept", "application/x-ndjson").body
	for name, c := range map[string]struct {
		headers []string
		status  int // of the cafe's paths
	}{
		"none":                    {nil, 401},
		"unknown":                 {[]string{"Authorization", "Bearer kaiwa_nobody"}, 401},
		"revoked":                 {[]string{"Authorization", "Bearer " + revoked}, 401},
		"replaced":                {[]string{"X-API-KEY", replaced}, 401},
		"of no workspace":         {[]string{"X-API-KEY", homeless}, 401},
		"another scheme":          {[]string{"Authorization", "Basic " + cafeKey}, 401},
		"another workspace's":     {[]string{"Authorization", "Bearer " + shopKey}, 404},
		"another's in X-API-KEY":  {[]string{"X-API-KEY", shopKey}, 404},
		"own":                     {[]string{"authorization", "bearer  " + cafeKey}, 200},
		"own, new, in X-API-KEY":  {[]string{"X-API-KEY", fresh}, 200},
		"own beside other scheme": {[]string{"Authorization", "Basic eA==", "X-API-KEY", fresh}, 200},
	} {
		mine, nobodys := operations(cafe, "18"), operations("9999999999", "18")
		for i := range mine {
			got, unknown := k.get("", mine[i], c.headers...), k.get("", nobodys[i], c.headers...)
			if c.status == 200 {
				if got.status != 200 && !strings.Contains(mine[i], "limit=0") && !strings.Contains(mine[i], "cursor=x") {
					t.Errorf("%s: %s: %d %s", name, mine[i], got.status, got.body)
				}
				continue
			}
			if got.status != c.status || got.body != unknown.body || got.status != unknown.status {
				t.Errorf("%s: %s: %d %s, but unknown: %d %s", name, mine[i], got.status, got.body, unknown.status, unknown.body)
			}
			for header, values := range got.header {
				if header != "Date" && !strings.HasPrefix(header, "Ratelimit-") && cmp.Diff(values, unknown.header[header]) != "" {
					t.Errorf("%s: %s: header %s is %q, of unknown %q", name, mine[i], header, values, unknown.header[header])
				}
			}
		}
		if a := k.get("", "/accounts", c.headers...); c.status != 404 && a.status != c.status || c.status == 404 && strings.Contains(a.body, cafe) {
			t.Errorf("%s: the list of accounts: %d %s", name, a.status, a.body)
		}
	}
	// Another account's message is unknown in one's own account too.
	for _, path := range []string{"/messages/%s", "/messages/%s/content"} {
		theirs := k.get(shopKey, "/accounts/"+shop+fmt.Sprintf(path, "18"))
		nobodys := k.get(shopKey, "/accounts/"+shop+fmt.Sprintf(path, "77"))
		if theirs.status != 404 || theirs.body != nobodys.body {
			t.Errorf("%s: %d %s, but unknown: %s", path, theirs.status, theirs.body, nobodys.body)
		}
	}
	if after := k.get(cafeKey, messagesOf(cafe, ""), "Accept", "application/x-ndjson").body; after != before {
		t.Error("the history changed by being asked for")
	}
}

func (a answer) limits() string {
	return a.header.Get("RateLimit-Limit") + " " + a.header.Get("RateLimit-Remaining") + " " + a.header.Get("RateLimit-Reset") + " " + a.header.Get("Retry-After")
}

func TestRateLimit(t *testing.T) {
	k := open(t, sqlite(t))
	other, _, err := k.keys.Issue(t.Context(), "w3") // all keys of a workspace share its limit
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after  time.Duration
		path   string
		key    string
		status int
		limits string
	}{
		{0, "/accounts", tightKey, 200, "3 2 10 "},
		{1500 * time.Millisecond, "/accounts/nobody/chats", other, 404, "3 1 9 "},
		{0, "/accounts/" + cafe + "/messages?limit=0", tightKey, 400, "3 0 9 "},
		{0, "/accounts", tightKey, 429, "3 0 9 9"},
		{8499 * time.Millisecond, "/accounts/" + cafe + "/messages", other, 429, "3 0 1 1"},
		{0, "/accounts", cafeKey, 200, "1000000 999999 60 "}, // another workspace goes on
		{0, "/accounts", "wrong", 401, "6000 5999 60 "},
		{0, "/accounts", "", 401, "6000 5998 60 "},
		{0, "/openapi.json", "", 200, "6000 5999 60 "},
		{0, "/openapi.json", "wrong", 200, "6000 5998 60 "},
		{0, "/nowhere", tightKey, 404, "6000 5997 60 "},
		{time.Millisecond, "/accounts", tightKey, 200, "3 2 10 "},
	} {
		k.sleep(step.after)
		a := k.get(step.key, step.path)
		if a.status != step.status || a.limits() != step.limits {
			t.Errorf("%s with %q: %d %q, want %d %q: %s", step.path, step.key, a.status, a.limits(), step.status, step.limits, a.body)
		}
	}
	k.get(tightKey, "/accounts")
	k.get(tightKey, "/accounts")
	if a := k.get(tightKey, "/accounts"); a.status != 429 || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", a.status, a.body)
	}
	k.api.Reset()
	if a := k.get(tightKey, "/accounts"); a.limits() != "3 2 10 " {
		t.Errorf("after a reset: %d %q", a.status, a.limits())
	}
}

func TestGuessingKeysIsSlow(t *testing.T) {
	k := open(t, sqlite(t))
	guess := func(address, secret string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(http.MethodGet, "/public/v1/accounts", nil), httptest.NewRecorder()
		r.RemoteAddr = address
		r.Header.Set("X-API-KEY", secret)
		k.routes.ServeHTTP(w, r)
		return w
	}
	for range 6000 {
		if w := guess("192.0.2.1:5000", "a guess"); w.Code != 401 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	for _, c := range []struct {
		address, secret string
		status          int
	}{{"192.0.2.1:5001", "a guess", 429}, {"192.0.2.1:5000", cafeKey, 200}, {"192.0.2.2:5000", "a guess", 401}, {"[2001:db8::1]:5000", "", 401}} {
		if w := guess(c.address, c.secret); w.Code != c.status {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

func TestDocument(t *testing.T) {
	k := open(t, sqlite(t))
	a := k.get("", "/openapi.json")
	if a.status != 200 || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	described := 0
	for _, op := range k.api.Ops() {
		path := strings.TrimPrefix(op.Pattern, "GET ")
		item := doc.Paths.Value(path)
		if op.Open != (item == nil) {
			t.Errorf("%s: described: %t", path, item != nil)
		}
		if item == nil {
			continue
		}
		described++
		for _, status := range []int{200, 401, 429} {
			if item.Get == nil || item.Get.Responses.Status(status) == nil {
				t.Errorf("%s does not name %d", path, status)
			}
		}
		if item.Get.OperationID != op.ID {
			t.Errorf("%s is called %s, not %s", path, item.Get.OperationID, op.ID)
		}
	}
	conversation(k)
	k.file(18, "image/png", "", "x")
	for path, name := range map[string]string{messagesOf(cafe, "limit=9"): "MessagePage", messagesOf(cafe, "limit=1000"): "MessagePage",
		"/accounts/" + cafe + "/messages/18": "Message", "/accounts/" + cafe + "/messages/22": "Message", "/accounts/nobody/chats": "Problem"} {
		var v any
		body := k.get(cafeKey, path).body
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		if err := doc.Components.Schemas[name].Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s is no %s: %v", body, name, err)
		}
	}
	for path, status := range map[string]string{"/accounts": "/accounts", "/accounts/" + cafe + "/chats?limit=1": "/accounts/{accountId}/chats"} {
		var v any
		body := k.get(cafeKey, path).body
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		of200 := doc.Paths.Value(publicapi.Prefix + status).Get.Responses.Status(200).Value.Content.Get("application/json").Schema.Value
		if err := of200.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s of %s: %v", body, path, err)
		}
	}
	if described != 5 || doc.Paths.Len() != 5 || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s with %d of %d operations", doc.OpenAPI, described, doc.Paths.Len())
	}
}
