package miniapp_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const (
	cafeApp   = "1656000021" // no region
	tokyoApp  = "1656000022" // of Japan, with an icon
	tokyoLIFF = "1656000022-AbCdEfGh"
	cafeLIFF  = "1656000021-AbCdEfGh"
	loginLIFF = "1656000023-AbCdEfGh" // of a LINE Login channel

	issueCall = "POST /message/v3/notifier/token"
	sendCall  = "POST /message/v3/notifier/send?target=service"
)

const world = `
clock: 2026-01-15T09:00:00+09:00
channels:
  - {id: "1656000001", name: Cafe, accessToken: cafe-token, account: {displayName: Kaiwa Cafe}}
  - id: "1656000021"
    type: miniapp
    name: Cafe orders
    secret: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    accessToken: long-lived
    liff: [{liffId: 1656000021-AbCdEfGh, view: {type: full, url: "http://127.0.0.1:9100/app"}, scope: [profile, openid]}]
    serviceMessageTemplates:
      - {name: order_done_en, params: [name], optionalParams: [table]}
      - name: thanks_ja
        layout: simple
        params: [text, button_uri_1]
        optionalParams: [button_uri_2]
        title: "Thank you, {text}"
        subtitle: From the cafe
        details: [{text: "Said: {text}"}]
        buttons: [{label: Open, uri: "{button_uri_1}"}, {label: More, uri: "{button_uri_2}"}]
      - {name: plain_ko}
      - {name: bare_th, optionalParams: [what], title: "{what}"}
  - id: "1656000022"
    type: miniapp
    name: Tokyo booking
    secret: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    region: JP
    iconUrl: https://example.com/icon.png
    liff: [{liffId: 1656000022-AbCdEfGh, view: {type: full, url: "http://127.0.0.1:9100/tokyo"}, scope: [profile, openid]}]
    serviceMessageTemplates: [{name: booked_ja, params: [when]}]
  - id: "1656000023"
    type: login
    name: Web
    secret: cccccccccccccccccccccccccccccccc
    liff: [{liffId: 1656000023-AbCdEfGh, view: {type: full, url: "http://127.0.0.1:9100/web"}, scope: [profile]}]
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben}
`

var secrets = map[string]string{cafeApp: strings.Repeat("a", 32), tokyoApp: strings.Repeat("b", 32), "1656000023": strings.Repeat("c", 32)}

func each(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, world)) })
}

// channelToken is a channel access token that the path issues.
func channelToken(s *stage.Stage, path, id string) string {
	s.T.Helper()
	a := s.Do("POST", path, "grant_type=client_credentials&client_id="+id+"&client_secret="+secrets[id], "Content-Type", "application/x-www-form-urlencoded")
	return field(s.T, a.Body, "access_token")
}

func stateless(s *stage.Stage, id string) string {
	s.T.Helper()
	return channelToken(s, "/oauth2/v3/token", id)
}

// liffToken is the access token that a person's LIFF browser gets.
func liffToken(s *stage.Stage, person, liffID string) string {
	s.T.Helper()
	opened := field(s.T, s.Sim("POST", "/people/"+person+"/liff", `{"liffId":"`+liffID+`"}`), "url")
	_, fragment, _ := strings.Cut(opened, "#")
	q, err := url.ParseQuery(strings.ReplaceAll(fragment, `\u0026`, "&"))
	if err != nil || q.Get("access_token") == "" {
		s.T.Fatalf("no access token in %s: %v", opened, err)
	}
	return q.Get("access_token")
}

// issue is a new service notification token of a person.
func issue(s *stage.Stage, channelID, person, liffID string) string {
	s.T.Helper()
	a := call(s, issueCall, stateless(s, channelID), `{"liffAccessToken":"`+liffToken(s, person, liffID)+`"}`)
	return field(s.T, a.Body, "notificationToken")
}

func call(s *stage.Stage, what, token, body string) stage.Answer {
	s.T.Helper()
	method, path, _ := strings.Cut(what, " ")
	return s.Do(method, path, body, bearer(token)...)
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// sending is a good request to send a template.
func sending(template, params, token string) string {
	return `{"templateName":"` + template + `","params":` + params + `,"notificationToken":"` + token + `"}`
}

func field(t testing.TB, body, name string) string {
	t.Helper()
	found := regexp.MustCompile(`"` + name + `":"([^"]*)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no %s in %s", name, body)
	}
	return found[1]
}

const notices = "/people/" + stage.Aoi + "/chats/miniapp-notice"
