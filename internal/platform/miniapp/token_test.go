package miniapp_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const message = `"message":`

func TestTokensAreRenewedBySends(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		app := stateless(s, cafeApp)
		liff := liffToken(s, stage.Aoi, cafeLIFF)
		s.Play(t, []stage.Step{
			{Name: "issue", Call: issueCall, Header: bearer(app), Body: `{"liffAccessToken":"` + liff + `"}`, Status: 200,
				Want: `{"notificationToken":"*","expiresIn":31536000,"remainingCount":5,"sessionId":"*"}`, Effect: "notifier_tokens+1"},
			{Name: "again by the same access token", Call: issueCall, Header: bearer(app), Body: `{"liffAccessToken":"` + liff + `"}`, Status: 400,
				Want: `{"message":"[liffAccessToken] has already been used to issue a notification token"}`},
		})
		first := call(s, issueCall, app, `{"liffAccessToken":"`+liffToken(s, stage.Aoi, cafeLIFF)+`"}`).Body
		session, token := field(t, first, "sessionId"), field(t, first, "notificationToken")
		s.Advance("94s")
		for left := 4; left >= 1; left-- {
			a := call(s, sendCall, app, sending("order_done_en", `{"name":"Aoi"}`, token))
			want := fmt.Sprintf(`{"notificationToken":"*","expiresIn":3153*,"remainingCount":%d,"sessionId":"%s"}`, left, session)
			if a.Status != 200 || !stage.Like(want, a.Body) {
				t.Fatalf("with %d left: %d %s", left, a.Status, a.Body)
			}
			var seconds int
			if _, err := fmt.Sscanf(a.Body[strings.Index(a.Body, `"expiresIn":`):], `"expiresIn":%d`, &seconds); err != nil || seconds > 31535906 || seconds < 31535806 {
				t.Errorf("it expires in %d seconds, %v", seconds, err)
			}
			if old := call(s, sendCall, app, sending("order_done_en", `{"name":"Aoi"}`, token)); old.Status != 401 || old.Body != `{"message":"Invalid notifier token"}` {
				t.Errorf("the token before: %d %s", old.Status, old.Body)
			}
			token = field(t, a.Body, "notificationToken")
		}
		s.Play(t, []stage.Step{
			{Name: "the last one", Call: sendCall, Header: bearer(app), Body: sending("order_done_en", `{"name":"Aoi"}`, token), Status: 200,
				Want: `{"expiresIn":0,"remainingCount":0}`, Effect: "service_messages+1 | message"},
			{Name: "one more", Call: sendCall, Header: bearer(app), Body: sending("order_done_en", `{"name":"Aoi"}`, token), Status: 401,
				Want: `{"message":"Invalid notifier token"}`},
		})

		old := issue(s, cafeApp, stage.Aoi, cafeLIFF)
		s.Advance("8759h59m50s")
		a := call(s, sendCall, stateless(s, cafeApp), sending("plain_ko", `{}`, old))
		if a.Status != 200 || !stage.Like(`{"notificationToken":"*","expiresIn":*,"remainingCount":4,"sessionId":"*"}`, a.Body) {
			t.Fatalf("in its last seconds: %d %s", a.Status, a.Body)
		}
		s.Advance("10s")
		if a := call(s, sendCall, stateless(s, cafeApp), sending("plain_ko", `{}`, field(t, a.Body, "notificationToken"))); a.Status != 401 {
			t.Errorf("a year later: %d %s", a.Status, a.Body)
		}
	})
}

// TestAtTheSameMoment: of calls with one token at the same moment one takes effect.
func TestAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		app, token, liff := stateless(s, cafeApp), issue(s, cafeApp, stage.Aoi, cafeLIFF), liffToken(s, stage.Aoi, cafeLIFF)
		for _, c := range []struct {
			what, body string
			refused    int
		}{{sendCall, sending("plain_ko", `{}`, token), 401}, {issueCall, `{"liffAccessToken":"` + liff + `"}`, 400}} {
			const many = 8
			answers := make(chan int, many)
			var wg sync.WaitGroup
			for range many {
				wg.Go(func() { answers <- call(s, c.what, app, c.body).Status })
			}
			wg.Wait()
			count := map[int]int{}
			for range many {
				count[<-answers]++
			}
			if count[200] != 1 || count[c.refused] != many-1 {
				t.Errorf("%s: answers %v", c.what, count)
			}
		}
		if got := strings.Count(s.Sim("GET", notices+"/messages", ""), message); got != 1 {
			t.Errorf("%d messages", got)
		}
	})
}

func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		app, token := stateless(s, cafeApp), issue(s, cafeApp, stage.Aoi, cafeLIFF)
		revoked := liffToken(s, stage.Aoi, cafeLIFF)
		if a := s.Do("POST", "/oauth2/v2.1/revoke", "client_id="+cafeApp+"&client_secret="+secrets[cafeApp]+"&access_token="+revoked,
			"Content-Type", "application/x-www-form-urlencoded"); a.Status != 200 {
			t.Fatalf("revoke: %d %s", a.Status, a.Body)
		}
		const (
			bad    = `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`
			barred = `{"message":"This channel is not authorized to send service messages"}`
			absent = `{"message":"The specified template is not found"}`
			dead   = `{"message":"Invalid notifier token"}`
			length = `{"message":"[params.name] must be at most 50 characters"}`
		)
		of := func(liff string) string { return `{"liffAccessToken":"` + liff + `"}` }
		done := func(params string) string { return sending("order_done_en", params, token) }
		family := strings.Repeat("👨‍👩‍👧", 50)
		type row struct {
			name, call, as, body string
			status               int
			want                 string
		}
		for _, c := range []row{
			{"no access token", issueCall, app, `{}`, 400, `{"message":"[liffAccessToken] must not be blank"}`},
			{"a blank access token", issueCall, app, of(" "), 400, `{"message":"[liffAccessToken] must not be blank"}`},
			{"no JSON", issueCall, app, `{`, 400, `{"message":"The request body could not be parsed as JSON (line: 1, column: *)"}`},
			{"of another type", issueCall, app, `{"liffAccessToken":1}`, 400, `{"message":"The property, 'liffAccessToken', in the request body is invalid (line: 1, column: *)"}`},
			{"an unknown access token", issueCall, app, of("x"), 401, `{"message":"invalid token"}`},
			{"a revoked access token", issueCall, app, of(revoked), 401, `{"message":"The access token revoked"}`},
			{"an access token of another MINI App", issueCall, app, of(liffToken(s, stage.Aoi, tokyoLIFF)), 401, `{"message":"invalid token"}`},
			{"an unknown channel token", issueCall, "x", of("x"), 401, bad},
			{"a long-lived channel token", issueCall, "long-lived", of("x"), 401, bad},
			{"a Messaging API channel", issueCall, "cafe-token", of("x"), 401, bad},
			{"the person's token for the channel's", issueCall, liffToken(s, stage.Aoi, cafeLIFF), of("x"), 401, bad},
			{"a LINE Login channel", issueCall, stateless(s, "1656000023"), of(liffToken(s, stage.Aoi, loginLIFF)), 403, barred},

			{"no target", "POST /message/v3/notifier/send", app, done(`{"name":"a"}`), 400, `{"message":"[target] must be service"}`},
			{"another target", "POST /message/v3/notifier/send?target=user", app, done(`{"name":"a"}`), 400, `{"message":"[target] must be service"}`},
			{"no template", sendCall, app, `{"params":{},"notificationToken":"` + token + `"}`, 400, `{"message":"[templateName] must not be blank"}`},
			{"no params", sendCall, app, `{"templateName":"plain_ko","notificationToken":"` + token + `"}`, 400, `{"message":"[params] must not be null"}`},
			{"params of another type", sendCall, app, done(`[]`), 400, `{"message":"The property, 'params', in the request body is invalid (line: 1, column: *)"}`},
			{"a param of another type", sendCall, app, done(`{"name":1}`), 400, `{"message":"The property, 'params.name', in the request body is invalid (line: 1, column: *)"}`},
			{"no token", sendCall, app, `{"templateName":"plain_ko","params":{}}`, 400, `{"message":"[notificationToken] must not be blank"}`},
			{"no required param", sendCall, app, done(`{"key1":"value1"}`), 400, `{"message":"[params.name] must not be blank"}`},
			{"an empty required param", sendCall, app, done(`{"name":""}`), 400, `{"message":"[params.name] must not be blank"}`},
			{"51 in a detail", sendCall, app, done(`{"name":"` + family + `x"}`), 400, length},
			{"151 in a simple one", sendCall, app, sending("thanks_ja", `{"text":"`+strings.Repeat("a", 145)+`","button_uri_1":"a"}`, token), 400,
				`{"message":"[params.text] must be at most 150 characters"}`},
			{"a button that runs a script", sendCall, app, sending("thanks_ja", `{"text":"a","button_uri_1":"javascript:alert(1)"}`, token), 400,
				`{"message":"[params.button_uri_1] must be a URL"}`},
			{"a long button", sendCall, app, sending("thanks_ja", `{"text":"a","button_uri_1":"https://example.com/`+strings.Repeat("a", 981)+`"}`, token), 400,
				`{"message":"[params.button_uri_1] must be a URL"}`},
			{"an unknown token", sendCall, app, sending("plain_ko", `{}`, "x"), 401, dead},
			{"another MINI App's token", sendCall, stateless(s, tokyoApp), sending("booked_ja", `{"when":"a"}`, token), 401, dead},
			{"an unknown template", sendCall, app, sending("your_template_name_en", `{"key1":"value1"}`, token), 403, absent},
			{"a template of another language", sendCall, app, sending("order_done_ja", `{"name":"a"}`, token), 403, absent},
			{"another MINI App's template", sendCall, app, sending("booked_ja", `{"when":"a"}`, token), 403, absent},
			{"no template's form", sendCall, app, sending(`a\u0000_en`, `{}`, token), 403, absent},
			{"a long-lived channel token", sendCall, "long-lived", done(`{"name":"a"}`), 401, bad},
			{"an unknown channel token", sendCall, "x", done(`{"name":"a"}`), 401, bad},
			{"a LINE Login channel", sendCall, stateless(s, "1656000023"), done(`{"name":"a"}`), 403, barred},
		} {
			s.Play(t, []stage.Step{{Name: c.name, Call: c.call, Header: bearer(c.as), Body: c.body, Status: c.status, Want: c.want}})
		}
		s.Play(t, []stage.Step{
			{Name: "no Authorization", Call: sendCall, Body: done(`{"name":"a"}`), Status: 401,
				Want: `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`},
			{Name: "what was refused left the token good", Call: sendCall, Header: bearer(app), Body: done(`{"name":"` + family + `"}`), Status: 200,
				Want: `{"notificationToken":"*","expiresIn":*,"remainingCount":4,"sessionId":"*"}`, Effect: "service_messages+1 | message"},
			{Name: "a short-lived token", Call: sendCall, Header: bearer(channelToken(s, "/v2/oauth/accessToken", cafeApp)),
				Body: sending("plain_ko", `{}`, issue(s, cafeApp, stage.Ben, cafeLIFF)), Status: 200,
				Want: `{"notificationToken":"*","expiresIn":*,"remainingCount":4,"sessionId":"*"}`, Effect: "service_messages+1 | message"},
		})
		late := liffToken(s, stage.Aoi, cafeLIFF)
		s.Advance("12h")
		s.Play(t, []stage.Step{
			{Name: "an expired access token", Call: issueCall, Header: bearer(stateless(s, cafeApp)), Body: of(late), Status: 401, Want: `{"message":"The access token expired"}`},
			{Name: "an expired channel token", Call: issueCall, Header: bearer(app), Body: of(late), Status: 401, Want: bad},
		})
	})
}
