package liff_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

func post(s *stage.Stage, path, form string) string {
	s.T.Helper()
	res, err := http.Post(s.URL+path, "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		s.T.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		s.T.Fatalf("%s: %d %s %v", path, res.StatusCode, body, err)
	}
	return string(body)
}

func field(s *stage.Stage, body, name string) string {
	s.T.Helper()
	found := regexp.MustCompile(`"` + name + `":"([^"]*)"`).FindStringSubmatch(body)
	if found == nil {
		s.T.Fatalf("no %s in %s", name, body)
	}
	return found[1]
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

func TestServerAPI(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := start(t, dsn)
		token, foreign := channelToken(s, web, webSecret), channelToken(s, other, otherKey)
		const apps = "/liff/v1/apps"
		full := `{"view":{"type":"full","url":"https://app.example.com/x?a=1","moduleMode":true},"description":"Online shop","features":{"qrCode":true},"permanentLinkPattern":"concat","scope":["openid"],"botPrompt":"aggressive"}`
		one := func(detail, property string) string {
			return `{"message":"The request body has 1 error(s)","details":[{"message":"` + detail + `","property":"` + property + `"}]}`
		}
		refused := func(name, body, want string) stage.Step {
			return stage.Step{Name: name, Call: "POST " + apps, Header: bearer(token), Body: body, Status: 400, Want: want}
		}
		s.Play(t, []stage.Step{
			{Name: "of the world", Call: "GET " + apps, Header: bearer(token), Status: 200,
				Want: `{"apps":[{"liffId":"` + app + `","view":{"type":"tall","url":"` + endpoint + `"},"scope":["profile","openid","chat_message.write"],"botPrompt":"normal"}]}`},
			{Name: "no token", Call: "GET " + apps, Status: 401, Want: `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`},
			{Name: "a messaging channel", Call: "GET " + apps, As: stage.Cafe, Status: 401, Want: `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`},
			{Name: "add", Call: "POST " + apps, Header: bearer(token), Body: full, Status: 200, Want: `{"liffId":"` + web + `-*"}`, Effect: "liff_apps+1"},
			refused("no view", `{}`, one("must be specified", "view")),
			refused("no type", `{"view":{"url":"https://a.example.com"}}`, one("Must be one of the following values: [compact, tall, full]", "view.type")),
			refused("another type", `{"view":{"type":"huge","url":"https://a.example.com"}}`, one("Must be one of the following values: [compact, tall, full]", "view.type")),
			refused("no url", `{"view":{"type":"full"}}`, one("invalid uri", "view.url")),
			refused("http", `{"view":{"type":"full","url":"http://127.0.0.1/"}}`, one("invalid uri", "view.url")),
			refused("a fragment", `{"view":{"type":"full","url":"https://a.example.com/#a"}}`, one("invalid uri", "view.url")),
			refused("a script", `{"view":{"type":"full","url":"javascript:alert(1)"}}`, one("invalid uri", "view.url")),
			refused("the platform's name", `{"view":{"type":"full","url":"https://a.example.com"},"description":"My LINE app"}`, one("must not contain LINE", "description")),
			refused("another pattern", `{"view":{"type":"full","url":"https://a.example.com"},"permanentLinkPattern":"replace"}`, one("Must be one of the following values: [concat]", "permanentLinkPattern")),
			refused("another scope", `{"view":{"type":"full","url":"https://a.example.com"},"scope":["profile","phone"]}`,
				one("Must be one of the following values: [openid, email, profile, chat_message.write]", "scope[1]")),
			refused("another prompt", `{"view":{"type":"full","url":"https://a.example.com"},"botPrompt":"loud"}`, one("Must be one of the following values: [normal, aggressive, none]", "botPrompt")),
			{Name: "update", Call: "PUT " + apps + "/" + app, Header: bearer(token), Body: `{"view":{"url":"https://app.example.com/new"}}`, Status: 200, Want: ""},
			{Name: "update of another's", Call: "PUT " + apps + "/" + app, Header: bearer(foreign), Body: `{}`, Status: 404, Want: `{"message":"not found"}`},
			{Name: "update of none", Call: "PUT " + apps + "/1656000011-zzzzzzzz", Header: bearer(token), Body: `{}`, Status: 404, Want: `{"message":"not found"}`},
			{Name: "update to http", Call: "PUT " + apps + "/" + app, Header: bearer(token), Body: `{"view":{"url":"http://a.example.com"}}`, Status: 400, Want: one("invalid uri", "view.url")},
			{Name: "both", Call: "GET " + apps, Header: bearer(token), Status: 200,
				Want: `{"apps":[{"liffId":"` + app + `","view":{"type":"tall","url":"https://app.example.com/new"},"scope":["profile","openid","chat_message.write"],"botPrompt":"normal"},{"liffId":"*","view":{"type":"full","url":"https://app.example.com/x?a=1","moduleMode":true},"description":"Online shop","features":{"qrCode":true},"permanentLinkPattern":"concat","scope":["openid"],"botPrompt":"aggressive"}]}`},
			{Name: "delete of another's", Call: "DELETE " + apps + "/" + bare, Header: bearer(token), Status: 404, Want: `{"message":"not found"}`},
			{Name: "delete", Call: "DELETE " + apps + "/" + bare, Header: bearer(foreign), Status: 200, Want: "", Effect: "liff_apps-1"},
			{Name: "none left", Call: "GET " + apps, Header: bearer(foreign), Status: 404, Want: `{"message":"not found"}`},
		})
		for range 28 {
			s.Play(t, []stage.Step{{Name: "up to thirty", Call: "POST " + apps, Header: bearer(token), Body: full, Status: 200, Want: `{"liffId":"*"}`, Effect: "liff_apps+1"}})
		}
		s.Play(t, []stage.Step{refused("thirty-one", full, `{"message":"The maximum number of LIFF apps that can be added to the channel has been reached."}`)})
	})
}

// context is what the SDK reads of a context token.
func context(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("context token %s", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(payload)
}

func TestContextToken(t *testing.T) {
	s := start(t, testkit.SQLite(t))
	a := s.As("", "GET", "/liff/v2/apps/"+app+"/contextToken", "")
	got := context(t, field(s, a.Body, "contextToken"))
	for _, want := range []string{`"type":"external"`, `"liffId":"` + app + `"`, `"endpointUrl":"` + endpoint + `"`, `"permanentLinkPattern":"concat"`,
		`"scope":["profile","openid","chat_message.write"]`, `"shareTargetPicker":{"permission":true`} {
		if !strings.Contains(got, want) {
			t.Errorf("the context lacks %s: %s", want, got)
		}
	}
	s.Play(t, []stage.Step{
		{Name: "no app", Call: "GET /liff/v2/apps/1656000011-zzzzzzzz/contextToken", Status: 404, Want: `{"message":"not found"}`},
		{Name: "a bad token", Call: "GET /liff/v2/apps/" + app + "/contextToken", Header: bearer("nothing"), Status: 401, Want: `{"message":"invalid token"}`},
	})
	req, err := http.NewRequest("OPTIONS", s.URL+"/liff/v2/apps/"+app+"/contextToken", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "authorization") {
		t.Errorf("preflight: %d %v", res.StatusCode, res.Header)
	}
}

// open opens the app on the phone and gives what its page finds in the fragment.
func open(s *stage.Stage, person, chat string) url.Values {
	s.T.Helper()
	u, err := url.Parse(field(s, s.Sim("POST", "/people/"+person+"/liff", `{"liffId":"`+app+`","chat":`+chat+`}`), "url"))
	if err != nil {
		s.T.Fatal(err)
	}
	if got := u.Scheme + "://" + u.Host + u.Path; got != endpoint {
		s.T.Errorf("opened %s", got)
	}
	q, err := url.ParseQuery(u.EscapedFragment())
	if err != nil {
		s.T.Fatal(err)
	}
	return q
}

const here = `{"channelId":"1656000001"}`

// What the LIFF browser hands over works: who the user is, and saying something in the chat.
func TestLIFFBrowser(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := start(t, dsn)
		q := open(s, stage.Aoi, here)
		got := context(t, q.Get("context_token"))
		for _, want := range []string{`"type":"utou"`, `"userId":"` + stage.Aoi + `"`, `"viewType":"tall"`, `"accessTokenHash":"`} {
			if !strings.Contains(got, want) {
				t.Errorf("the context lacks %s: %s", want, got)
			}
		}
		if q.Get("client_id") != web || q.Get("feature_token") == "" {
			t.Errorf("fragment %v", q)
		}
		token := q.Get("access_token")
		id := post(s, "/oauth2/v2.1/verify", "id_token="+q.Get("id_token")+"&client_id="+web)
		if !strings.Contains(id, stage.Aoi) || !strings.Contains(id, "lineautologin") {
			t.Errorf("the ID token says %s", id)
		}
		share := func(messages string, status int, want, effect string) {
			t.Helper()
			s.Play(t, []stage.Step{{Name: messages, Call: "POST /message/v3/share", Header: bearer(token), Body: `{"messages":[` + messages + `]}`, Status: status, Want: want, Effect: effect}})
		}
		share(`{"type":"text","text":"from the app"}`, 200, "{}", "messages+1 reply_tokens+1 webhook_events+1 | message webhook")
		if d := s.Next(); d.Event.Message.Text != "from the app" || d.Event.ReplyToken == "" {
			t.Errorf("the bot heard %s", d.Body)
		}
		share(`{"type":"image","originalContentUrl":"https://example.com/a.jpg","previewImageUrl":"https://example.com/b.jpg"}`, 200, "{}", "messages+1 reply_tokens+1 webhook_events+1 | message webhook")
		if d := s.Next(); !strings.Contains(d.Body, `"contentProvider":{"type":"external","originalContentUrl":"https://example.com/a.jpg","previewImageUrl":"https://example.com/b.jpg"}`) {
			t.Errorf("the bot heard %s", d.Body)
		}
		share(`{"type":"flex","altText":"a","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"x"}]}}}`, 200, "{}", "messages+1 | message")
		property := func(p string) string {
			return `{"message":"The property, '` + p + `', in the request body is invalid (line: -, column: -)"}`
		}
		share(`{"type":"imagemap","baseUrl":"https://example.com/m","altText":"a","baseSize":{"width":1040,"height":1040},"actions":[{"type":"uri","linkUri":"https://example.com","area":{"x":0,"y":0,"width":9,"height":9}}]}`, 400, property("messages[0].type"), "")
		share(`{"type":"template","altText":"a","template":{"type":"confirm","text":"t","actions":[{"type":"message","label":"a","text":"b"},{"type":"uri","label":"c","uri":"https://example.com"}]}}`, 400, property("messages[0]"), "")
		share(`{"type":"text","text":"$","emojis":[{"index":0,"productId":"5ac1bfd5040ab15980c9b435","emojiId":"001"}]}`, 400, property("messages[0].emojis"), "")
		share(``, 400, `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 5","property":"messages"}]}`, "")
		outside := open(s, stage.Aoi, `{}`)
		s.Play(t, []stage.Step{{Name: "in no chat", Call: "POST /message/v3/share", Header: bearer(outside.Get("access_token")), Body: `{"messages":[{"type":"text","text":"a"}]}`,
			Status: 403, Want: `{"message":"user doesn't grant required permissions yet"}`}})
	})
}

func TestSharing(t *testing.T) {
	s := start(t, testkit.SQLite(t))
	token := open(s, stage.Aoi, here).Get("access_token")
	ott := func() string {
		return field(s, s.As("", "GET", "/liff/v2/apps/"+app+"/ott", "", bearer(token)...).Body, "ott")
	}
	const path = "/oauth2/v2.1/liff/shareTargetPicker"
	result := func(ott string) string {
		return s.As("", "GET", path+"/result?liffId="+app+"&ott="+ott, "").Body
	}
	first := ott()
	if page := s.As("", "GET", path+"?liffId="+app+"&ott="+first, "").Body; !strings.Contains(page, "Lunch") || strings.Contains(page, "Origin-Opener") {
		t.Errorf("the picker shows %s", page)
	}
	if got := result(first); got != "{}" {
		t.Errorf("before: %s", got)
	}
	form := url.Values{"liffId": {app}, "ott": {first}, "messages": {`[{"type":"text","text":"shared"}]`}, "chatId": {stage.Lunch}, "share": {"send"}}
	if page := post(s, path+"/send", form.Encode()); !strings.Contains(page, "Shared") {
		t.Errorf("after sending: %s", page)
	}
	if d := s.Next(); d.Event.Message.Text != "shared" || !strings.Contains(string(d.Event.Source), stage.Lunch) {
		t.Errorf("the bot heard %s", d.Body)
	}
	if got := result(first); got != `{"result":"SUCCESS"}` {
		t.Errorf("after: %s", got)
	}
	second := ott()
	if got := post(s, path+"/result?liffId="+app+"&ott="+second, "result=CANCEL"); got != `{"status":"ok"}` || result(second) != `{"result":"CANCEL"}` {
		t.Errorf("closed: %s %s", got, result(second))
	}
	form.Set("ott", second)
	for name, body := range map[string]string{"once more": form.Encode(), "an unknown one": strings.Replace(form.Encode(), "ott="+second, "ott=x", 1)} {
		res, err := http.Post(s.URL+path+"/send", "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 400 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	s.Play(t, []stage.Step{{Name: "another app's", Call: "GET /liff/v2/apps/" + bare + "/ott", Header: bearer(token), Status: 404, Want: `{"message":"not found"}`}})
}

func TestLIFFURL(t *testing.T) {
	s := start(t, testkit.SQLite(t))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for from, to := range map[string]string{
		"/" + app:                               endpoint,
		"/" + app + "/":                         endpoint,
		"/" + app + "/a/b?c=d&e=%20":            endpoint + "?liff.state=" + url.QueryEscape("/a/b?c=d&e=%20"),
		"/" + app + "?c=d":                      endpoint + "?liff.state=" + url.QueryEscape("?c=d"),
		"/" + bare + "/x":                       "https://other.example.com/?a=1&liff.state=%2Fx",
		"/" + app + "/%2e%2e/x":                 "",
		"/" + app + "?https://evil.example.com": endpoint + "?liff.state=" + url.QueryEscape("?https://evil.example.com"),
		"/1656000011-zzzzzzzz":                  "",
	} {
		res, err := client.Get(s.URL + from)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := res.Header.Get("Location"); got != to || (to == "") != (res.StatusCode == 404) || to != "" && res.StatusCode != 302 {
			t.Errorf("%s: %d %s, want %s", from, res.StatusCode, got, to)
		}
	}
}
