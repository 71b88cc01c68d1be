package welcome

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/ui/page"
)

// view is how far somebody has come.
type view struct {
	lang page.Lang
	guest
	base, token string
	// done tells of each step, counted from 1, whether it has happened.
	done [4]bool
	// refused is the newest request of the Messaging API, if it was refused.
	refused  *api.Request
	verified *verification
}

// How far back the steps are looked for.
const (
	messagesBack = 100
	requestsBack = 5000 // all that the log remembers
	webhooksBack = 20
)

func (x *Welcome) view(ctx context.Context, l page.Lang, who guest, base string) (view, error) {
	v := view{lang: l, guest: who, base: base, token: x.Token(ctx, who.channel.ID), verified: x.last(who.channel.ID)}
	messages, err := x.Sim.Messages(ctx, who.person.UserID, who.channel.ID, messagesBack, "")
	if err != nil {
		return v, err
	}
	for _, m := range messages {
		v.done[1] = v.done[1] || m.From.Type == "person"
	}
	v.readRequests(x.Sim.Requests.List("", requestsBack, 0))
	v.done[3], err = x.connected(ctx, v)
	return v, err
}

// readRequests finds out whether a push was accepted, and what to say if the
// newest call was not. The list has the newest first.
func (v *view) readRequests(list []api.Request) {
	newest := true
	for _, r := range list {
		if !strings.HasPrefix(r.Path, "/v2/") {
			continue
		}
		if newest && r.Status >= http.StatusBadRequest {
			v.refused = &r
		}
		newest = false
		if r.Operation == "pushMessage" && r.ChannelID == v.channel.ID && r.Status == http.StatusOK {
			v.done[2] = true
			return
		}
	}
}

// connected tells whether the bot at the channel's URL has accepted a webhook.
func (x *Welcome) connected(ctx context.Context, v view) (bool, error) {
	hook := v.channel.Webhook
	if hook.Endpoint == "" || !hook.Active {
		return false, nil
	}
	if v.verified != nil && v.verified.Success && v.verified.url == hook.Endpoint {
		return true, nil
	}
	log, err := x.Sim.Hooks.Log(ctx, webhook.LogQuery{ChannelID: v.channel.ID, Limit: webhooksBack})
	for _, e := range log.Webhooks {
		for _, a := range e.Attempts {
			if a.URL == hook.Endpoint && a.Reason == "ok" {
				return true, nil
			}
		}
	}
	return false, err
}

func (v view) steps() g.Node {
	l := v.lang
	return h.Ol(h.Class("steps"), h.Role("list"),
		v.step(1, wordStep1, wordStep1Why, nil),
		v.step(2, wordStep2, wordStep2Why, g.Group{v.programs(), v.card()}),
		v.step(3, wordStep3, wordStep3Why, g.Group{
			h.Form(h.Method("post"), h.Action(Path+"/webhook"), h.Class("connect"),
				h.Input(h.Type("hidden"), h.Name("channel"), h.Value(v.channel.ID)),
				h.Label(g.Text(wordURL.In(l)), h.Input(h.Type("url"), h.Name("endpoint"), h.Required(), h.MaxLength("500"),
					h.Value(v.channel.Webhook.Endpoint), h.Placeholder("http://127.0.0.1:9000/callback"))),
				h.Button(h.Class("button"), g.Text(wordVerify.In(l)))),
			v.result()}),
		v.allDone())
}

func (v view) step(n int, title, why page.Phrase, more g.Node) g.Node {
	return h.Li(h.ID(fmt.Sprint("step-", n)), h.Class("card"), v.tick(n),
		h.Div(h.H2(g.Text(title.In(v.lang))), h.P(g.Text(why.In(v.lang))), more))
}

// tick says by sign and word whether a step is done.
func (v view) tick(n int) g.Node {
	id := h.ID(fmt.Sprint("tick-", n))
	if v.done[n] {
		return h.Span(id, h.Class("tick done"), h.Data("done", "1"), h.Span(h.Aria("hidden", "true"), g.Text("✓")), h.Span(h.Class("sr"), g.Text(wordDone.In(v.lang))))
	}
	return h.Span(id, h.Class("tick"), h.Span(h.Aria("hidden", "true"), g.Text(strconv.Itoa(n))), h.Span(h.Class("sr"), g.Text(wordOpen.In(v.lang))))
}

func (v view) allDone() g.Node {
	done := v.done[1] && v.done[2] && v.done[3]
	return h.Li(h.ID("all-done"), h.Class("card good"), g.If(!done, g.Attr("hidden")),
		h.P(h.Role("status"), g.Text(wordAllDone.In(v.lang)+" "), h.A(h.Href("/_/"), g.Text(wordHome.In(v.lang)))))
}

// card helps where the newest call went wrong.
func (v view) card() g.Node {
	if v.refused == nil {
		return h.Div(h.ID("received"), g.Attr("hidden"))
	}
	r := v.refused
	var hint g.Node = h.P(g.Text(wordHint.In(v.lang)))
	switch r.Status {
	case http.StatusUnauthorized:
		hint = g.Group{h.P(g.Text(wordHint401.In(v.lang))), page.Snippet(v.lang, "token", v.token)}
	case http.StatusNotFound:
		hint = h.P(g.Text(wordHint404.In(v.lang)))
	}
	return h.Div(h.ID("received"), h.Class("received"), h.Role("status"),
		h.P(g.Text(wordReceived.In(v.lang)+" "), h.Code(g.Text(fmt.Sprintf("%s %s", r.Method, r.Path))), g.Text(" "),
			h.Span(h.Class("badge bad"), g.Text(strconv.Itoa(r.Status))), g.If(r.Error != "", g.Text(" "+r.Error))),
		hint)
}
