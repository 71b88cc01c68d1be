package module_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const pushToAoi = `{"to":"` + stage.Aoi + `","messages":[{"type":"text","text":"hi"}]}`

// granted attaches Booking to the Shop with these scopes alone.
func granted(s *stage.Stage, scopes string) {
	s.T.Helper()
	if a := post(s, exchange, use(allow(s, shopBot, "scope", scopes), "scope", scopes)); a.Status != 200 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
}

func TestCallers(t *testing.T) {
	s := stage.Start(t, "", world)
	const push = "POST /v2/bot/message/push"
	sent := `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`
	token, stateless := tokenOf(s, booking, bookingSecret), issued(s, "/oauth2/v3/token", booking, bookingSecret)
	again := "#delivered.push+1 #usage+1 messages+1 | message"
	s.Play(t, []stage.Step{
		{Name: "as the account", Call: push, Header: as(token, cafeBot), Body: pushToAoi, Status: 200, Want: sent,
			Effect: "#delivered.push+1 #usage+1 chats+1 messages+1 | message"},
		{Name: "with a stateless token", Call: push, Header: as(stateless, cafeBot), Body: pushToAoi, Status: 200, Want: sent, Effect: again},
		{Name: "with a retry key", Call: push, Header: append(as(token, cafeBot), "X-Line-Retry-Key", "123e4567-e89b-12d3-a456-426614174000"), Body: pushToAoi,
			Status: 200, Want: sent, Effect: strings.Replace(again, " |", " retry_keys+1 |", 1)},
		{Name: "the account's information", Call: "GET /v2/bot/info", Header: as(token, cafeBot), Status: 200,
			Want: `{"userId":"` + cafeBot + `","basicId":"@cafe","displayName":"Cafe","chatMode":"bot","markAsReadMode":"auto"}`},
		{Name: "without the header", Call: push, Header: []string{"Authorization", "Bearer " + token}, Body: pushToAoi, Status: 403, Want: denied},
		{Name: "with an empty header", Call: push, Header: as(token, ""), Body: pushToAoi, Status: 403, Want: denied},
		{Name: "for an account it is not attached to", Call: push, Header: as(token, shopBot), Body: pushToAoi, Status: 403, Want: denied},
		{Name: "for nobody", Call: push, Header: as(token, stage.Aoi), Body: pushToAoi, Status: 403, Want: denied},
		{Name: "with no token", Call: push, Header: []string{"X-Line-Bot-Id", cafeBot}, Body: pushToAoi, Status: 401, Want: `{"message":"*"}`},
		{Name: "what is not for modules", Call: "POST /bot/pnp/push", Header: as(token, cafeBot), Body: `{}`, Status: 403, Want: denied},
		{Name: "an account's webhook", Call: "GET /v2/bot/channel/webhook/endpoint", Header: as(token, cafeBot), Status: 403, Want: denied},
		{Name: "an account with a header that it does not need", Call: push, Header: append(as("cafe-token", shopBot), "X-Other", ""), Body: pushToAoi, Status: 200,
			Want: sent, Effect: again},
		{Name: "an unknown path", Call: "GET /v2/bot/nothing", Header: as(token, cafeBot), Status: 404, Want: `{"message":"Not found"}`},
	})
	// The request log has what a module did under the module.
	if log := s.Sim("GET", "/requests?channelId="+booking, ""); !strings.Contains(log, "/v2/bot/message/push") {
		t.Errorf("%s", log)
	}
}

// A world file gives modules no long-lived token, and neither does anybody else.
func TestNoLongLivedToken(t *testing.T) {
	s := stage.Start(t, "", world)
	s.Rewrite(strings.Replace(world, "name: Booking,", "name: Booking, accessToken: booking-token,", 1))
	want := "channels[2]: accessToken: module channels have no long-lived channel access token"
	if a := s.Do("POST", "/sim/v1/reset", ""); a.Status != 409 || !strings.Contains(a.Body, want) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestWorldRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	for _, c := range []struct{ old, new, want string }{
		{`attachedTo: [{channel: "1656000001"}]`, `attachedTo: [{channel: "1657000002"}]`, `channels[2].attachedTo: there is no messaging channel \"1657000002\"`},
		{`attachedTo: [{channel: "1656000001"}]`, `attachedTo: [{channel: "1656000001", scopes: [all]}]`, `channels[2]: scopes: there is no scope \"all\" for modules`},
		{`phoneMessages: true`, `attachedTo: [{channel: "1656000002"}]`, `channels[0].attachedTo: 1656000001 is no module channel`},
		{`defaultActive: true, callbackUrls: ["https://rival.example.com/"]`, `defaultActive: true, attachedTo: [{channel: "1656000002"}, {channel: "1656000002"}]`, ``},
		{`defaultActive: true`, `defaultActive: true, attachedTo: [{channel: "1656000002"}]`,
			`channels[4].attachedTo: another module channel of this account is default active`},
	} {
		s.Rewrite(strings.ReplaceAll(world, c.old, c.new))
		a := s.Do("POST", "/sim/v1/reset", "")
		if c.want == "" && a.Status == 200 {
			continue
		}
		if a.Status != 409 || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s: %d %s", c.new, a.Status, a.Body)
		}
	}
}

// Each operation asks for its scope, and for no other.
func TestScopes(t *testing.T) {
	s := stage.Start(t, "", world)
	calls := map[string]string{
		"POST /v2/bot/message/push": "message:send", "POST /v2/bot/message/multicast": "message:send", "POST /v2/bot/message/broadcast": "message:send",
		"POST /v2/bot/message/reply": "message:send", "POST /v2/bot/message/narrowcast": "message:send", "GET /v2/bot/message/progress/narrowcast": "message:send",
		"GET /v2/bot/audienceGroup/list?page=1": "message:send", "GET /v2/bot/message/quota": "message:send", "GET /v2/bot/message/quota/consumption": "message:send",
		"POST /v2/bot/chat/loading/start": "message:send", "POST /v2/bot/chat/" + stage.Aoi + "/control/acquire": "message:receive",
		"POST /v2/bot/chat/" + stage.Aoi + "/control/release": "message:receive", "POST /v2/bot/user/all/richmenu/richmenu-1": "account:manage",
		"GET /v2/bot/insight/followers?date=20260101": "account:manage", "GET /v2/bot/insight/demographic": "account:manage",
		"GET /v2/bot/insight/message/delivery?date=20260101": "account:manage", "GET /v2/bot/insight/message/event?requestId=1": "account:manage",
		"POST /v2/bot/message/markAsRead": "message:mark_as_read", "POST /v2/bot/message/pnp/templated/push": "message:templated_pnp",
		"GET /v2/bot/message/delivery/pnp/templated?date=20260101": "message:templated_pnp", "GET /v2/bot/profile/" + stage.Aoi: "profile:read",
		"GET /v2/bot/group/" + stage.Lunch + "/summary": "profile:read", "GET /v2/bot/room/" + stage.Corner + "/members/count": "profile:read",
		"GET /v2/bot/coupon": "coupon:manage", "GET /v2/bot/coupon/1": "coupon:manage",
		"POST /v2/bot/user/" + stage.Aoi + "/linkToken": "", "GET /v2/bot/info": "",
	}
	token := tokenOf(s, booking, bookingSecret)
	for _, scope := range []string{"message:send", "message:receive", "account:manage", "message:mark_as_read", "message:templated_pnp", "profile:read", "coupon:manage"} {
		granted(s, scope)
		for call, needs := range calls {
			method, path, _ := strings.Cut(call, " ")
			body := ""
			if method == "POST" {
				body = "{}"
			}
			a := s.Do(method, path, body, as(token, shopBot)...)
			// The Shop has no phoneMessages: the room itself may say the same in other words of its own.
			refused := a.Status == 403 && a.Body == denied && (needs != "message:templated_pnp" || method != "POST")
			if allowed := needs == "" || needs == scope; refused == allowed && (needs != "message:templated_pnp" || method != "POST") {
				t.Errorf("%s with %s: %d %s", call, scope, a.Status, a.Body)
			}
		}
	}
}

// The bucket is the module's for the account: other accounts and the account's
// own channel have theirs.
func TestRateLimits(t *testing.T) {
	s := stage.Start(t, "", world)
	granted(s, "account:manage")
	cafe, shop := as(tokenOf(s, booking, bookingSecret), cafeBot), as(tokenOf(s, booking, bookingSecret), shopBot)
	own := []string{"Authorization", "Bearer cafe-token"}
	const path = "/v2/bot/insight/demographic" // 60 an hour
	for range 60 {
		if a := s.Do("GET", path, "", cafe...); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	for _, c := range []struct {
		name   string
		header []string
		want   int
	}{{"the same", cafe, 429}, {"another account", shop, 200}, {"the account itself", own, 200}} {
		if a := s.Do("GET", path, "", c.header...); a.Status != c.want {
			t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
		}
	}
}

// A default active module that hears nothing is not the one to answer, and so is
// not told that it no longer is.
func TestDeafDefault(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(world, `defaultActive: true`, `defaultActive: true, attachedTo: [{channel: "1656000001", scopes: ["message:send"]}]`, 1))
	says(s, "hi")
	if got := modes(s); got != "booking:message:standby cafe:message:active" {
		t.Errorf("heard %q", got)
	}
	if a := turn(s, stage.Aoi, "acquire", "", as(tokenOf(s, booking, bookingSecret), cafeBot)); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if got := modes(s); got != "booking:activated:active" {
		t.Errorf("then heard %q", got)
	}
}

// Bodies whose length is not said first are read as well, and held to the limit.
func TestChunkedBodies(t *testing.T) {
	s := stage.Start(t, "", world)
	token := tokenOf(s, booking, bookingSecret)
	for text, want := range map[string]int{"hi": 200, strings.Repeat("a", 3<<20): 413, strings.Repeat("a", 17<<20): 413} {
		body := `{"to":"` + aoiOfCafe + `","messages":[{"type":"text","text":"` + text + `"}]}`
		req, err := http.NewRequest("POST", s.URL+"/v2/bot/message/push", struct{ io.Reader }{strings.NewReader(body)})
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for i, h := 0, as(token, cafeBot); i < len(h); i += 2 {
			req.Header.Set(h[i], h[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != want {
			t.Errorf("%d bytes: %d", len(body), res.StatusCode)
		}
	}
}

// Who is known by what: modules have ids of their own for people.
func TestUserIDs(t *testing.T) {
	s := stage.Start(t, "", world)
	h := as(tokenOf(s, booking, bookingSecret), cafeBot)
	name := `{"displayName":"Aoi","userId":"` + aoiOfCafe + `"}`
	others := "L" + stage.Aoi + "-" + shopBot
	invalid := `{"message":"The value for the 'userId' parameter is invalid"}`
	push := func(to, text string) string {
		return `{"to":"` + to + `","messages":[{"type":"text","text":"` + text + `"}]}`
	}
	sent := `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`
	s.Play(t, []stage.Step{
		{Name: "in a path", Call: "GET /v2/bot/profile/" + aoiOfCafe, Header: h, Status: 200, Want: name},
		{Name: "as the account knows it", Call: "GET /v2/bot/profile/" + stage.Aoi, Header: h, Status: 200, Want: name},
		{Name: "of another account", Call: "GET /v2/bot/profile/" + others, Header: h, Status: 400, Want: invalid},
		{Name: "from the account itself", Call: "GET /v2/bot/profile/" + aoiOfCafe, As: stage.Cafe, Status: 400, Want: invalid},
		{Name: "in a body", Call: "POST /v2/bot/message/push", Header: h, Body: push(aoiOfCafe, aoiOfCafe), Status: 200, Want: sent,
			Effect: "#delivered.push+1 #usage+1 chats+1 messages+1 | message"},
		{Name: "an account's own body is left as it is", Call: "POST /v2/bot/message/push", Header: as("cafe-token", cafeBot), Body: push(aoiOfCafe, "a"), Status: 400,
			Want: `{"message":"The property, 'to', in the request body is invalid (line: -, column: -)"}`},
		{Name: "of another account in a body", Call: "POST /v2/bot/message/push", Header: h, Body: push(others, "a"), Status: 400,
			Want: `{"message":"The property, 'to', in the request body is invalid (line: -, column: -)"}`},
		{Name: "a body too large", Call: "POST /v2/bot/message/push", Header: h, Body: push(aoiOfCafe, strings.Repeat("a", 3<<20)), Status: 413,
			Want: `{"message":"The request body is too large"}`},
		{Name: "a list", Call: "POST /v2/bot/message/multicast", Header: h, Body: `{"to":["` + aoiOfCafe + `"],"messages":[{"type":"text","text":"b"}]}`, Status: 200,
			Want: `{}`, Effect: "#delivered.multicast+1 #usage+1 chats+1 messages+1 sends+1 | message"},
	})
	lines := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", "")
	if strings.Count(lines, `"text":"b"`) != 1 {
		t.Errorf("%s", lines)
	}
}

func TestBots(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		granted(s, "message:send")
		token := tokenOf(s, booking, bookingSecret)
		h := []string{"Authorization", "Bearer " + token}
		cafe, shop := `{"userId":"`+cafeBot+`","basicId":"@cafe","displayName":"Cafe"}`, `{"userId":"`+shopBot+`","basicId":"@shop","displayName":"Shop"}`
		bad := func(name string) string { return `{"message":"The value for the '` + name + `' parameter is invalid"}` }
		const start = `{"message":"Invalid start param"}`
		first := s.Do("GET", "/v2/bot/list?limit=1", "", h...)
		_, next, _ := strings.Cut(strings.TrimSuffix(first.Body, `"}`), `"next":"`)
		s.Play(t, []stage.Step{
			{Name: "all", Call: "GET /v2/bot/list", Header: h, Status: 200, Want: `{"bots":[` + cafe + `,` + shop + `]}`},
			{Name: "a page", Call: "GET /v2/bot/list?limit=1", Header: h, Status: 200, Want: `{"bots":[` + cafe + `],"next":"*"}`},
			{Name: "the next page", Call: "GET /v2/bot/list?limit=1&start=" + url.QueryEscape(next), Header: h, Status: 200, Want: `{"bots":[` + shop + `]}`},
			{Name: "the SDK's default", Call: "GET /v2/bot/list?limit=0", Header: h, Status: 200, Want: `{"bots":[` + cafe + `,` + shop + `]}`},
			{Name: "too many", Call: "GET /v2/bot/list?limit=101", Header: h, Status: 400, Want: bad("limit")},
			{Name: "no number", Call: "GET /v2/bot/list?limit=x", Header: h, Status: 400, Want: bad("limit")},
			{Name: "a made-up start", Call: "GET /v2/bot/list?start=abc", Header: h, Status: 400, Want: start},
			{Name: "another module's start", Call: "GET /v2/bot/list?start=" + url.QueryEscape(next), Header: []string{"Authorization", "Bearer " + tokenOf(s, market, marketSecret)},
				Status: 400, Want: start},
			{Name: "a module of no account", Call: "GET /v2/bot/list", Header: []string{"Authorization", "Bearer " + tokenOf(s, market, marketSecret)}, Status: 200, Want: `{"bots":[]}`},
			{Name: "an account", Call: "GET /v2/bot/list", As: stage.Cafe, Status: 403, Want: denied},
			{Name: "nobody", Call: "GET /v2/bot/list", Status: 401, Want: `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`},
		})
		s.Advance("24h1s")
		s.Play(t, []stage.Step{{Name: "after a day", Call: "GET /v2/bot/list?start=" + url.QueryEscape(next), Header: h, Status: 400, Want: start}})
	})
}

func TestDetach(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		const call = "POST /v2/bot/channel/detach"
		token := tokenOf(s, booking, bookingSecret)
		h := []string{"Authorization", "Bearer " + token}
		if a := s.Do("POST", "/v2/bot/chat/"+stage.Aoi+"/control/acquire", "", as(token, cafeBot)...); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s.Heard()
		none, bad := `{"message":"Specified channel is not detachable"}`, `{"message":"user/group/room Id is not available."}`
		s.Play(t, []stage.Step{
			{Name: "not attached", Call: call, Header: h, Body: `{"botId":"` + shopBot + `"}`, Status: 400, Want: none},
			{Name: "no bot", Call: call, Header: h, Body: `{"botId":"` + stage.Aoi + `"}`, Status: 400, Want: bad},
			{Name: "no id", Call: call, Header: h, Body: `{}`, Status: 400, Want: bad},
			{Name: "by an account", Call: call, As: stage.Cafe, Body: `{"botId":"` + cafeBot + `"}`, Status: 400, Want: none},
			{Name: "attached", Call: call, Header: h, Body: `{"botId":"` + cafeBot + `"}`, Status: 200,
				Effect: "module_attachments-1 module_controls-1 webhook_events+1 | webhook"},
			{Name: "again", Call: call, Header: h, Body: `{"botId":"` + cafeBot + `"}`, Status: 400, Want: none},
			{Name: "then it may do nothing", Call: "POST /v2/bot/message/push", Header: as(token, cafeBot), Body: pushToAoi, Status: 403, Want: denied},
		})
		got := s.Next()
		want := `{"destination":"` + cafeBot + `","events":[{"type":"module","module":{"type":"detached","botId":"` + cafeBot +
			`"},"webhookEventId":"*","deliveryContext":{"isRedelivery":false},"timestamp":*,"mode":"active"}]}`
		if got.Path != "/booking" || !stage.Like(want, got.Body) {
			t.Errorf("%s %s", got.Path, got.Body)
		}
		says(s, "hi")
		if heard := modes(s); heard != "cafe:message:active" {
			t.Errorf("then heard %q", heard)
		}
	})
}

func TestSuspend(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		granted(s, "message:send") // without message:receive nothing is told
		s.Heard()
		h := as(tokenOf(s, booking, bookingSecret), cafeBot)
		for _, c := range []struct {
			call, event string
			then        int
		}{{"suspend", "botSuspended", 403}, {"resume", "botResumed", 200}} {
			path := "/sim/v1/channels/" + stage.Cafe + "/" + c.call
			if a := s.Do("POST", path, ""); a.Status != 200 || !stage.Like(`{"webhookEventIds":["*"]}`, a.Body) {
				t.Fatalf("%s: %d %s", c.call, a.Status, a.Body)
			}
			got := s.Next()
			want := `{"destination":"` + cafeBot + `","events":[{"type":"` + c.event +
				`","webhookEventId":"*","deliveryContext":{"isRedelivery":false},"timestamp":*,"mode":"active"}]}`
			if got.Path != "/booking" || !stage.Like(want, got.Body) {
				t.Errorf("%s %s", got.Path, got.Body)
			}
			if a := s.Do("POST", path, ""); a.Status != 409 {
				t.Errorf("%s again: %d %s", c.call, a.Status, a.Body)
			}
			if a := s.Do("POST", "/v2/bot/message/push", pushToAoi, h...); a.Status != c.then {
				t.Errorf("after %s: %d %s", c.call, a.Status, a.Body)
			}
			s.Restart()
		}
		if ids := s.Sim("POST", "/channels/"+stage.Shop+"/suspend", ""); ids != `{"webhookEventIds":[]}` {
			t.Errorf("told of the Shop: %s", ids)
		}
		if a := s.Do("POST", "/sim/v1/channels/"+booking+"/suspend", ""); a.Status != 409 {
			t.Errorf("a module: %d %s", a.Status, a.Body)
		}
	})
}
