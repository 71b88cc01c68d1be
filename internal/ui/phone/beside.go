package phone

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/platform/chat"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// beside is what stands next to the phone: the details of a message, or how to
// do the same from code.
func (p *Phone) beside(t thread, panel string) g.Node {
	if panel == "inspect" && t.chosen != "" {
		return t.details()
	}
	if t.chat.mute() {
		return nil
	}
	return g.Group{t.asPerson(t.chat.ChatRef), p.asAccount(t)}
}

// details shows one message as it is stored, and what can be done with it.
func (t thread) details() g.Node {
	l := t.lang
	m := t.message(t.chosen)
	if m == nil {
		return h.P(h.Class("card"), g.Text(wordGone.In(l)))
	}
	body := jsontext.Value(append([]byte(nil), m.Message...))
	if body.Indent() != nil {
		body = m.Message
	}
	return h.Section(h.Class("card"),
		h.Div(h.Class("row spread"), h.H2(g.Text(wordDetails.In(l))), h.A(h.Class("dots"), h.Href(t.chatPath(t.chat.ID)), h.Aria("label", page.Close.In(l)), g.Text("✕"))),
		h.Dl(
			h.Dt(g.Text(wordMessageID.In(l))), h.Dd(h.Class("mono"), g.Text(m.ID)),
			h.Dt(g.Text(wordSentAt.In(l))), h.Dd(g.Text(m.SentAt.In(t.chat.zone).Format("2006-01-02 15:04:05.000")+" ("+t.chat.zone.String()+")"))),
		h.Div(h.Class("row"),
			g.If(m.UnsentAt == nil, h.A(h.Class("button plain small"), h.Href(t.address("quote="+m.ID)), h.Data("quote", m.ID), g.Text(wordQuote.In(l)))),
			h.A(h.Class("button plain small"), h.Href(t.address("m="+m.ID)), g.Text(wordLink.In(l))),
			g.If(t.own(*m) && m.UnsentAt == nil, h.Form(h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/unsend"),
				h.Input(h.Type("hidden"), h.Name("messageId"), h.Value(m.ID)),
				h.Button(h.Class("button plain small"), g.Text(wordUnsend.In(l)))))),
		g.If(t.editable(*m), t.editForm(*m)),
		g.If(len(body) > 0, page.Snippet(l, "json", string(body))))
}

// editable: people can change texts that they sent in groups.
func (t thread) editable(m sim.MessageView) bool {
	return t.own(m) && m.UnsentAt == nil && t.chat.Type == chat.Group && textOf(m).Type == "text"
}

func (t thread) editForm(m sim.MessageView) g.Node {
	return h.Form(h.Class("fields"), h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/edit"), h.Input(h.Type("hidden"), h.Name("messageId"), h.Value(m.ID)),
		h.Label(g.Text(wordNewText.In(t.lang)), h.Textarea(h.Name("text"), h.Required(), h.Rows("3"), g.Text(textOf(m).Text))),
		h.Div(h.Button(h.Class("button plain small"), g.Text(wordEdit.In(t.lang)))))
}

// textOf reads a message as a person wrote it.
func textOf(m sim.MessageView) (u chat.Utterance) {
	// One that cannot be read is no text of a person's.
	_ = json.Unmarshal(m.Message, &u)
	return u
}

// asPerson is the call of the simulation API that does what the phone does.
func (s scene) asPerson(in sim.ChatRef) g.Node {
	return s.byCode(wordAsPerson, "as-person", page.Curl{Path: "/sim/v1/people/" + s.person.UserID + "/messages",
		Body: fmt.Sprintf(`{"chat":%s,"message":{"type":"text","text":"Hello"}}`, inJSON(in))})
}

// asAccount is the push that a bot would send into this chat, nil where no bot
// is in it, or its token is not ours to show.
func (p *Phone) asAccount(t thread) g.Node {
	if t.chat.Account == nil {
		return nil
	}
	to := t.chat.ID
	if t.chat.Type == "account" {
		to = t.person.UserID
	}
	token := p.Token(t.ctx, t.chat.Account.ID)
	if token == "" {
		return nil
	}
	return t.byCode(wordAsAccount, "as-account", page.Curl{Path: "/v2/bot/message/push", Token: token,
		Body: fmt.Sprintf(`{"to":"%s","messages":[{"type":"text","text":"Hello from the bot"}]}`, to)})
}

// byCode shows a call under its heading.
func (s scene) byCode(heading page.Phrase, id string, call page.Curl) g.Node {
	call.Base = s.base
	return h.Section(h.Class("card"), h.H2(g.Text(heading.In(s.lang))), page.Snippet(s.lang, id, call.String()))
}
