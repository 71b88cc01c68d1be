package liff_test

import (
	"net/url"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// TestWindows: what the SDK asks before it opens a window, and what the window does.
func TestWindows(t *testing.T) {
	s := start(t, testkit.SQLite(t))
	token := opening(s, here)
	foreign := foreignOpening(s)
	get := func(name, path, want string, status int) stage.Step {
		return stage.Step{Name: name, Call: path, Header: bearer(token), Status: status, Want: want}
	}
	form := func(name, path string, in url.Values, want string, status int) stage.Step {
		return stage.Step{Name: name, Call: "POST " + path, Header: []string{"Content-Type", "application/x-www-form-urlencoded"}, Body: in.Encode(), Status: status, Want: want}
	}
	const validate, unknown = "/oauth2/v2.1/liff/friendship/validate", `{"message":"not found"}`
	asked := func(window, token, liffID string) url.Values {
		return url.Values{"window": {window}, "answer": {"allow"}, "asked": {`{"liffId":"` + liffID + `","accessToken":"` + token + `"}`}}
	}
	more := form("more", "/liff/v2/window", asked("permission", token, app), `{"newAccessToken":"*","newIdToken":"*"}`, 200)
	more.Effect = "liff_contexts+1 login_tokens+1"
	s.Play(t, []stage.Step{
		get("an app's origin", "GET /liff/v2/sub/"+app+"/origin", `{"origin":"http://127.0.0.1:9100","subwindowCommonModule":true}`, 200),
		get("the platform's", "GET /liff/v2/sub/1656032314-CWSCEjzU/origin", `{"origin":"https://liff-ext.line.me","subwindowCommonModule":true}`, 200),
		get("no app's", "GET /liff/v2/sub/1656000011-zzzzzzzz/origin", unknown, 404),
		get("feature token", "GET /liff/v2/apps/"+app+"/featureToken", `{"featureToken":"*"}`, 200),
		get("feature token of another app", "GET /liff/v2/apps/"+bare+"/featureToken", unknown, 404),
		get("nothing to ask for", "GET /liff/v2/incrementalAgreement/unauthorizedPermissions?liffId="+app, `[]`, 200),
		get("of another app", "GET /liff/v2/incrementalAgreement/unauthorizedPermissions?liffId="+bare, unknown, 404),
		get("may ask", "POST /liff/v2/oaadd/rateLimit?liffId="+app, `{}`, 200),
		get("may ask for another app", "POST /liff/v2/oaadd/rateLimit?liffId="+bare, unknown, 404),
		form("valid", validate, url.Values{"accessToken": {token}}, `{"valid":true}`, 200),
		form("another account", validate, url.Values{"accessToken": {token}, "officialAccountId": {"@nobody"}},
			`{"valid":false,"error":{"code":"BOT_NOT_RESOLVED","message":"The LINE Official Account could not be found."}}`, 200),
		form("the linked one instead", validate, url.Values{"accessToken": {token}, "officialAccountId": {"@nobody"}, "officialAccountFallback": {"true"}}, `{"valid":true}`, 200),
		form("no linked account", validate, url.Values{"accessToken": {foreign}},
			`{"valid":false,"error":{"code":"BOT_NOT_RESOLVED","message":"The LINE Official Account could not be found."}}`, 200),
		form("a template", validate, url.Values{"accessToken": {token}, "templateId": {"t"}},
			`{"valid":false,"error":{"code":"INVALID_TEMPLATE_ID","message":"The template could not be found."}}`, 200),
		form("no token", validate, nil, `{"message":"invalid token"}`, 401),
		form("no identifier", "/liff/v2/sub/messageHandler", url.Values{"identifier": {`"><script>`}}, `{"message":"invalid identifier"}`, 400),
		form("a window of a bad token", "/liff/v2/window", asked("friendship", "nothing", app), `{"message":"invalid token"}`, 401),
		form("a window of another app", "/liff/v2/window", asked("friendship", token, bare), unknown, 404),
		form("no such window", "/liff/v2/window", asked("other", token, app), `{"message":"window: friendship or permission"}`, 400),
		form("nobody asks", "/liff/v2/window", nil, `{"message":"asked: what the app asks for"}`, 400),
		form("friends already", "/liff/v2/window", asked("friendship", token, app), `{}`, 200),
		more,
	})
}
