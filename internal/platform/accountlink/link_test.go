package accountlink_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const nonce = "c29tZSByYW5kb20gYnl0ZXM="

func issues(name, as, userID string, status int, want, effect string) stage.Step {
	return stage.Step{Name: name, As: as, Call: "POST /v2/bot/user/" + userID + "/linkToken", Status: status, Want: want, Effect: effect}
}

func TestIssue(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const issued, notFound = "link_tokens+1", `{"message":"Not found"}`
		invalid := `{"message":"The value for the 'userId' parameter is invalid"}`
		s.Play(t, []stage.Step{
			issues("a friend", stage.Cafe, stage.Aoi, 200, `{"linkToken":"*"}`, issued),
			issues("another token", stage.Cafe, stage.Aoi, 200, `{"linkToken":"*"}`, issued),
			issues("a stranger", stage.Cafe, stage.Chen, 200, `{"linkToken":"*"}`, issued),
			issues("who blocked it", stage.Cafe, stage.Dan, 200, `{"linkToken":"*"}`, issued),
			issues("nobody", stage.Cafe, stage.Nobody, 404, notFound, ""),
			issues("of another provider", stage.Cafe, stage.Eve, 404, notFound, ""),
			issues("no user id", stage.Cafe, "aoi", 400, invalid, ""),
			issues("a group", stage.Cafe, stage.Lunch, 400, invalid, ""),
			issues("in upper case", stage.Cafe, strings.ToUpper(stage.Aoi), 400, invalid, ""),
		})
		if a := s.Do("POST", "/v2/bot/user/"+stage.Aoi+"/linkToken", ""); a.Status != 401 {
			t.Errorf("without a token: %d", a.Status)
		}
	})
}

// token is a new link token of an account's for a person.
func token(s *stage.Stage, as, userID string) string {
	s.T.Helper()
	var v struct {
		LinkToken string `json:"linkToken"`
	}
	a := s.As(as, "POST", "/v2/bot/user/"+userID+"/linkToken", "")
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil || len(v.LinkToken) != 32 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return v.LinkToken
}

func links(name, who, token, nonce string, status int, want, effect string) stage.Step {
	return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/events", Status: status, Want: want, Effect: effect,
		Body: `{"type":"accountLink","linkToken":"` + token + `","nonce":"` + nonce + `"}`}
}

// wrapped is the whole webhook of an accountLink event.
func wrapped(d stage.Delivery, result, more string) string {
	return fmt.Sprintf(`{"destination":"Ub0000000000000000000000000000001","events":[{"type":"accountLink","link":{"result":"%s","nonce":"%s"},"webhookEventId":"%s","deliveryContext":{"isRedelivery":false},"timestamp":%d,%s"mode":"active"}]}`,
		result, nonce, d.Event.ID, d.Event.Timestamp, more)
}

func TestLink(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const ids = `{"webhookEventIds":["*"]}`
		mine, theirs, strangers, blockers := token(s, stage.Cafe, stage.Aoi), token(s, stage.Cafe, stage.Aoi), token(s, stage.Cafe, stage.Chen), token(s, stage.Cafe, stage.Dan)
		s.Hold()
		const linked, failed = "chats+1 outbox+1 reply_tokens+1 webhook_events+1 | webhook", "outbox+1 webhook_events+1 | webhook"
		used := `{"message":"linkToken: it was used already"}`
		s.Play(t, []stage.Step{
			links("whom it was issued for", stage.Aoi, mine, nonce, 200, ids, linked),
			links("twice", stage.Aoi, mine, nonce, 409, used, ""),
			links("somebody else", stage.Ben, theirs, nonce, 200, ids, failed),
			links("a failure uses it up", stage.Aoi, theirs, nonce, 409, used, ""),
			links("who is no friend", stage.Chen, strangers, nonce, 200, ids, "chats+1 "+failed),
			links("who blocked the account", stage.Dan, blockers, nonce, 200, ids, "chats+1 "+failed),
		})
		s.Sim("DELETE", "/faults", "")
		heard := s.Heard()
		if len(heard) != 4 {
			t.Fatalf("%d webhooks", len(heard))
		}
		// Only those of one chat come in order; the one that succeeded first, here.
		slices.SortFunc(heard, func(a, b stage.Delivery) int { return strings.Compare(b.Event.ReplyToken, a.Event.ReplyToken) })
		ok := `"source":{"type":"user","userId":"` + stage.Aoi + `"},"replyToken":"` + heard[0].Event.ReplyToken + `",`
		if want := wrapped(heard[0], "ok", ok); heard[0].Body != want || heard[0].Event.ReplyToken == "" {
			t.Errorf("\n got %s\nwant %s", heard[0].Body, want)
		}
		for _, d := range heard[1:] { // without source and replyToken
			if want := wrapped(d, "failed", ""); d.Body != want {
				t.Errorf("\n got %s\nwant %s", d.Body, want)
			}
		}
		a := s.As(stage.Cafe, "POST", "/v2/bot/message/reply", `{"replyToken":"`+heard[0].Event.ReplyToken+`","messages":[{"type":"text","text":"linked"}]}`)
		if a.Status != 200 {
			t.Errorf("reply: %d %s", a.Status, a.Body)
		}
	})
}

// A token is good for one of those who come at the same moment.
func TestLinkOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		body := `{"type":"accountLink","linkToken":"` + token(s, stage.Cafe, stage.Aoi) + `","nonce":"` + nonce + `"}`
		statuses := make(chan int, 8)
		for range cap(statuses) {
			go func() { statuses <- s.Do("POST", "/sim/v1/people/"+stage.Aoi+"/events", body).Status }()
		}
		got := map[int]int{}
		for range cap(statuses) {
			got[<-statuses]++
		}
		if got[200] != 1 || got[409] != 7 {
			t.Errorf("statuses %v", got)
		}
		if heard := s.HeardTypes(); heard != "cafe:accountLink" {
			t.Errorf("heard %q", heard)
		}
	})
}

func TestLinkRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	fresh, late := token(s, stage.Cafe, stage.Aoi), token(s, stage.Cafe, stage.Aoi)
	unknown := `{"message":"linkToken: there is no such link token"}`
	length := `{"message":"nonce: 10 to 255 characters"}`
	s.Play(t, []stage.Step{
		links("an unknown token", stage.Aoi, strings.Repeat("0", 32), nonce, 400, unknown, ""),
		links("one of another form", stage.Aoi, "x\\u0000", nonce, 400, unknown, ""),
		links("none", stage.Aoi, "", nonce, 400, unknown, ""),
		links("a nonce of 9", stage.Aoi, fresh, "123456789", 400, length, ""),
		links("a nonce of 256", stage.Aoi, fresh, strings.Repeat("あ", 256), 400, length, ""),
		links("no nonce", stage.Aoi, fresh, "", 400, length, ""),
		links("a nonce of 255, with the same token", stage.Aoi, fresh, strings.Repeat("あ", 255), 200, `{"webhookEventIds":["*"]}`, "chats+1 reply_tokens+1 webhook_events+1 | webhook"),
	})
	s.Advance("10m")
	s.Play(t, []stage.Step{links("after 10 minutes", stage.Aoi, late, nonce, 409, `{"message":"linkToken: it has expired; link tokens are good for 10 minutes"}`, "")})
	if got := s.HeardTypes(); got != "cafe:accountLink" {
		t.Errorf("heard %q", got)
	}
	last := token(s, stage.Cafe, stage.Aoi)
	s.Advance("9m59s")
	s.Play(t, []stage.Step{links("before that", stage.Aoi, last, "1234567890", 200, `{"webhookEventIds":["*"]}`, "reply_tokens+1 webhook_events+1 | webhook")})
}

// The page works without a script: a form with the person to choose, and pages
// that say how it ended.
func TestPage(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const at = "/dialog/bot/accountLink"
		open := func(query url.Values) stage.Answer {
			return s.Do("GET", at+"?"+query.Encode(), "", "Host", "access.line.me")
		}
		send := func(form url.Values) stage.Answer {
			return s.Do("POST", at, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		}
		has := func(name string, a stage.Answer, status int, parts ...string) {
			t.Helper()
			if a.Status != status || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Header.Get("X-Line-Request-Id") != "" ||
				!strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%s: %d %v", name, a.Status, a.Header)
			}
			for _, part := range parts {
				if !strings.Contains(a.Body, part) {
					t.Errorf("%s: no %q in\n%s", name, part, a.Body)
				}
			}
		}
		first := token(s, stage.Cafe, stage.Aoi)
		in := url.Values{"linkToken": {first}, "nonce": {nonce}}
		page := open(in)
		has("the form", page, 200, `<form method="post" action="/dialog/bot/accountLink">`, `name="linkToken" value="`+first+`"`, `name="nonce" value="`+nonce+`"`,
			`<select name="userId">`, `<option value="`+stage.Aoi+`">`, `<option value="`+stage.Ben+`">`, "Kaiwa Cafe")
		if strings.Contains(page.Body, stage.Eve) {
			t.Error("people of another provider are offered")
		}
		in.Set("userId", stage.Aoi)
		has("sent", send(in), 200, "Your account is linked")
		has("sent again", send(in), 400, "was not linked", "it was used already")
		has("opened again", open(url.Values{"linkToken": {first}, "nonce": {nonce}}), 400, "it was used already")

		second := token(s, stage.Cafe, stage.Aoi)
		has("with the person given", open(url.Values{"linkToken": {second}, "nonce": {nonce}, "userId": {stage.Aoi}}), 200, "Your account is linked")
		third := token(s, stage.Cafe, stage.Aoi)
		has("by somebody else", send(url.Values{"linkToken": {third}, "nonce": {nonce}, "userId": {stage.Ben}}), 400, "made for somebody else")
		if got := s.HeardTypes(); got != "cafe:accountLink cafe:accountLink cafe:accountLink" {
			t.Errorf("heard %q", got)
		}

		fourth := token(s, stage.Cafe, stage.Aoi)
		has("a short nonce", open(url.Values{"linkToken": {fourth}, "nonce": {"short"}}), 400, "nonce: 10 to 255 characters")
		has("a nonce that is no text", s.Do("GET", at+"?linkToken="+fourth+"&nonce=%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF", ""), 400, "nonce: 10 to 255 characters")
		has("nobody", send(url.Values{"linkToken": {fourth}, "nonce": {nonce}, "userId": {stage.Nobody}}), 400, "there is no such person")
		has("no id", send(url.Values{"linkToken": {fourth}, "nonce": {nonce}, "userId": {"\x00"}}), 400, "there is no such person")
		has("nothing", open(nil), 400, "nonce")
		has("no such token", open(url.Values{"linkToken": {"nope"}, "nonce": {nonce}}), 400, "there is no such link token")
		s.Advance("11m")
		has("too late", open(url.Values{"linkToken": {fourth}, "nonce": {nonce}}), 400, "it has expired")
		if got := s.HeardTypes(); got != "" {
			t.Errorf("heard %q", got)
		}
		// Another site cannot have it sent in a browser.
		a := s.Do("POST", at, in.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site")
		if a.Status != 403 {
			t.Errorf("from another site: %d %s", a.Status, a.Body)
		}
	})
}
