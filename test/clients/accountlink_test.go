package clients

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// A bot links accounts as the guide shows: token, link, page, event, answer.
func TestAccountLink(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const nonce = "AAECAwQFBgcICQoLDA0ODw=="
	issue := func() string {
		t.Helper()
		answer, err := s.api.IssueLinkToken(aoi)
		if must(t, answer, err); len(answer.LinkToken) != 32 {
			t.Errorf("token %q", answer.LinkToken)
		}
		return answer.LinkToken
	}
	// follow opens the page, chooses a person and sends the form.
	follow := func(token, person string) (status int, page string) {
		t.Helper()
		at := s.server.URL + "/dialog/bot/accountLink"
		res, err := http.Get(at + "?" + url.Values{"linkToken": {token}, "nonce": {nonce}}.Encode())
		must(t, res, err)
		form, err := io.ReadAll(res.Body)
		res.Body.Close()
		if must(t, form, err); res.StatusCode != 200 {
			return res.StatusCode, string(form)
		}
		if !strings.Contains(string(form), `name="userId"`) || !strings.Contains(string(form), person) {
			t.Errorf("the page: %s", form)
		}
		res, err = http.PostForm(at, url.Values{"linkToken": {token}, "nonce": {nonce}, "userId": {person}})
		must(t, res, err)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		return res.StatusCode, string(must(t, body, err))
	}

	first := issue()
	if status, page := follow(first, aoi); status != 200 {
		t.Errorf("%d %s", status, page)
	}
	e, _ := one[webhook.AccountLinkEvent](t, s)
	if e.Link == nil || e.Link.Result != webhook.LinkContentRESULT_OK || e.Link.Nonce != nonce || e.Source != from(aoi) || !replyToken.MatchString(e.ReplyToken) {
		t.Errorf("ok: %+v of %+v", e.Link, e)
	}
	answer, err := s.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: text("Linked")})
	must(t, answer, err)
	if status, page := follow(first, aoi); status != 400 || !strings.Contains(page, "used already") {
		t.Errorf("twice: %d %s", status, page)
	}

	if status, page := follow(issue(), ben); status != 400 {
		t.Errorf("somebody else: %d %s", status, page)
	}
	e, c := one[webhook.AccountLinkEvent](t, s)
	if e.Link.Result != webhook.LinkContentRESULT_FAILED || e.Link.Nonce != nonce || e.Source != nil || e.ReplyToken != "" || strings.Contains(string(c.body), aoi) {
		t.Errorf("failed: %s", c.body)
	}

	late := issue()
	s.advance(10 * time.Minute)
	if status, page := follow(late, aoi); status != 400 || !strings.Contains(page, "expired") {
		t.Errorf("late: %d %s", status, page)
	}
	s.does(aoi, object{"type": "accountLink", "linkToken": issue(), "nonce": nonce})
	if e, _ := one[webhook.AccountLinkEvent](t, s); e.Link.Result != webhook.LinkContentRESULT_OK {
		t.Errorf("by the simulation: %+v", e)
	}
	_, err = s.api.IssueLinkToken("aoi")
	refused(t, "no user id", err, 400, `{"message":"The value for the 'userId' parameter is invalid"}`)
	_, err = s.api.IssueLinkToken(lost)
	refused(t, "nobody", err, 404, notFound)
}

// A person edits a text in a group; the SDK, which does not know that event
// yet, hands it on as unknown.
func TestMessageEditedEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	said := s.writes(ben, team, "at sevn")
	one[webhook.MessageEvent](t, s)
	s.does(ben, object{"type": "edit", "messageId": said.MessageID, "text": "at seven"})
	_, c := one[webhook.UnknownEvent](t, s)
	if c.meta.Type != "messageEdited" || c.meta.Message.ID != said.MessageID || c.meta.Message.MarkAsReadToken != "" ||
		c.meta.Source.GroupID != team || c.meta.Source.UserID != ben || !strings.Contains(string(c.body), `"text":"at seven"`) {
		t.Errorf("edited: %s", c.body)
	}
	answer, err := s.api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: c.meta.ReplyToken, Messages: text("Seven it is")})
	must(t, answer, err)
	if got := s.texts(aoi, team); !strings.Contains(got, "at seven") || strings.Contains(got, "sevn") {
		t.Errorf("aoi sees %s", got)
	}
}
