package welcome

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/ui/page"
)

// verification is the result of a Verify: what the platform's test operation
// answers, and what it had sent.
// https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint
type verification struct {
	Success    bool   `json:"success"`
	StatusCode int    `json:"statusCode"`
	Reason     string `json:"reason"`
	Detail     string `json:"detail"`
	url        string
	sent       string
}

// connect saves the webhook URL, switches webhooks on and verifies the bot, by
// the operations that a bot's own program would use.
func (x *Welcome) connect(w http.ResponseWriter, r *http.Request) {
	ch := x.Sim.Channels.Get(r.FormValue("channel"))
	if ch == nil || ch.Type != channel.Messaging {
		x.Shell.Lost(w, r)
		return
	}
	v, err := x.verify(r.Context(), ch, r.FormValue("endpoint"))
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	x.mu.Lock()
	if x.verified == nil {
		x.verified = map[string]*verification{}
	}
	x.verified[ch.ID] = v
	x.mu.Unlock()
	x.Sim.Feed.Publish(feed.Change{Type: "verified", ChannelID: ch.ID, UserIDs: []string{}})
	http.Redirect(w, r, Path+"#step-3", http.StatusSeeOther)
}

func (x *Welcome) verify(ctx context.Context, ch *channel.Channel, endpoint string) (*verification, error) {
	const path = "/v2/bot/channel/webhook/"
	token := x.Token(ctx, ch.ID)
	body, err := json.Marshal(map[string]string{"endpoint": endpoint})
	if err != nil {
		return nil, err
	}
	set, err := x.API.Call(ctx, http.MethodPut, path+"endpoint", token, string(body))
	if err != nil || set.Status != http.StatusOK {
		return refusal(endpoint, set), err
	}
	// The operation sets the URL alone; a person who connects a bot wants it called.
	if err := x.Sim.Channels.Change(ctx, ch.ID, func(c *channel.Channel) { c.Webhook.Active = true }); err != nil {
		return nil, err
	}
	test, err := x.API.Call(ctx, http.MethodPost, path+"test", token, string(body))
	if err != nil || test.Status != http.StatusOK {
		return refusal(endpoint, test), err
	}
	v := &verification{url: endpoint, sent: request(ch, endpoint)}
	return v, json.Unmarshal(test.Body, v)
}

// refusal is a verification that the platform itself did not take.
func refusal(endpoint string, a page.Answer) *verification {
	v := &verification{url: endpoint, StatusCode: a.Status}
	var why struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(a.Body, &why) == nil {
		v.Detail = why.Message
	}
	return v
}

// request is the webhook that the test sends, as it goes over the wire.
func request(ch *channel.Channel, endpoint string) string {
	body := fmt.Sprintf(`{"destination":"%s","events":[]}`, ch.Account.UserID)
	return fmt.Sprintf("POST %s\nContent-Type: application/json; charset=utf-8\nUser-Agent: LineBotWebhook/2.0\nX-Line-Signature: %s\n\n%s",
		endpoint, webhook.Signature(ch.Secret, []byte(body)), body)
}

func (x *Welcome) last(channelID string) *verification {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.verified[channelID]
}

// result shows the last Verify.
func (v view) result() g.Node {
	r := v.verified
	if r == nil {
		return h.Div(h.ID("verified"), g.Attr("hidden"))
	}
	word, badge := wordNot, "badge bad"
	if r.Success {
		word, badge = wordVerified, "badge good"
	}
	return h.Div(h.ID("verified"), h.Class("received"), h.Role("status"),
		h.P(g.Text(word.In(v.lang)+" "), h.Span(h.Class(badge), g.Textf("%d %s", r.StatusCode, r.Reason)), g.Text(" "+r.Detail)),
		g.If(r.sent != "", h.Details(h.Summary(g.Text(wordSent.In(v.lang))), page.Snippet(v.lang, "sent", r.sent))))
}
