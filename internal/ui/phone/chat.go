package phone

import (
	"errors"
	"net/http"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// pageOf is how many messages one page of a chat has.
const pageOf = 50

// chatPage is one chat. ?before= shows the page before a message, ?m= points at
// one, &panel=inspect shows its details, ?quote= replies to it.
func (p *Phone) chatPage(w http.ResponseWriter, r *http.Request, s scene) error {
	position := p.Shell.Position()
	query := r.URL.Query()
	t, err := s.thread(r.PathValue("chat"), query.Get("before"))
	if err != nil {
		return err
	}
	t.chosen = query.Get("m")
	if err := errors.Join(t.seek(t.chosen, t.chosen), t.openMenu()); err != nil {
		return err
	}
	return p.shown(w, r, s, page.Page{
		Title: t.chat.Name, Position: position, Scripts: []string{"chat.js"}, Topics: t.topics(),
	}, t.pane(query.Get("quote"), query.Get("panel") == "location"), p.beside(t, query.Get("panel")))
}

func (t thread) topics() []string {
	return []string{"chat:" + t.person.UserID + ":" + t.chat.ID, "chats:" + t.person.UserID}
}

// thread reads a page of a chat: the newest messages, or those before one.
func (s scene) thread(chatID, before string) (thread, error) {
	c, err := s.chat(chatID)
	if err != nil {
		return thread{}, err
	}
	messages, err := s.sim.Messages(s.ctx, s.person.UserID, chatID, pageOf, before)
	return thread{scene: s, chat: c, messages: messages, past: before != ""}, err
}

// seek turns to the page that ends in the last of some messages when the page
// here does not hold the first. When there is no such message, the page stays.
func (t *thread) seek(first, last string) error {
	if first == "" || t.index(first) >= 0 {
		return nil
	}
	m := t.message(last)
	if m == nil {
		return nil
	}
	older, err := t.sim.Messages(t.ctx, t.person.UserID, t.chat.ID, pageOf-1, last)
	t.messages, t.past = append(older, *m), true
	return err
}

func (t thread) index(id string) int {
	return slices.IndexFunc(t.messages, func(m sim.MessageView) bool { return m.ID == id })
}

// message is one of the chat, on the page or not; nil if it does not stand there.
func (t thread) message(id string) *sim.MessageView {
	if i := t.index(id); i >= 0 {
		return &t.messages[i]
	}
	if id == "" {
		return nil
	}
	m, err := t.sim.Message(t.ctx, t.person.UserID, t.chat.ID, id)
	if err != nil {
		return nil
	}
	return &m
}

// address is the chat's own, with a query: pages of others show it too.
func (t thread) address(query string) string { return t.chatPath(t.chat.ID) + "?" + query }

// pane is the phone with the chat in it.
func (t thread) pane(quote string, locationOpen bool) g.Node {
	l := t.lang
	return h.Div(h.Class("phone"), h.Data("user", t.person.UserID), h.Data("chat", inJSON(t.chat.ChatRef)), h.Data("sample", samplePath), h.Data("liff", t.path()+"/liff?chat="+t.chat.ID+"&"),
		h.Header(h.Class("top"),
			h.A(h.Class("back"), h.Href(t.path()), h.Aria("label", wordBack.In(l)), icon("M15 5l-7 7 7 7")),
			page.Face(t.chat.Name, t.chat.PictureURL, t.chat.ID), h.H1(g.Text(t.chat.title())), h.Span(h.Class("whose"), g.Text(t.name()))),
		h.Div(h.ID("scroll"), h.Class("scroller"), h.TabIndex("0"), h.Role("group"), h.Aria("label", wordMessages.In(l)),
			t.olderLink(),
			h.Ol(h.ID("messages"), h.Class("messages"), h.Data("live", ""), g.If(t.past, h.Data("past", "")), t.rows(0)),
			g.If(len(t.messages) == 0, h.P(h.ID("quiet"), h.Class("note"), g.Text(wordQuiet.In(l)))),
			t.loading(false)),
		h.Div(h.Aria("live", "polite"), announced("")),
		h.A(h.ID("newest"), h.Class("pill"), h.Href(t.chatPath(t.chat.ID)), g.If(!t.past, g.Attr("hidden")),
			g.If(t.past, g.Text(wordNewest.In(l))), g.If(!t.past, g.Text(wordNew.In(l))), g.Text(" ↓")),
		t.quickReplies(),
		h.Form(h.ID(couponForm), h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/coupons")),
		t.composer(t.message(quote)),
		t.richMenu(t.chat.ID, t.menu, t.menu != nil && t.menu.Selected),
		t.dialogs(locationOpen),
	)
}

// olderLink leads to the page before this one. The script loads it in place.
func (t thread) olderLink() g.Node {
	if len(t.messages) < pageOf {
		return h.Span(h.ID("older"), g.Attr("hidden"))
	}
	first := t.messages[0].ID
	return h.A(h.ID("older"), h.Class("older"), h.Href(t.address("before="+first)), h.Data("older", t.chatPath(t.chat.ID)+"/older?before="+first),
		g.Text(wordOlder.In(t.lang)))
}

// older answers the script with the rows of the page before a message, and the
// link to the next.
func (p *Phone) older(w http.ResponseWriter, r *http.Request, s scene) error {
	t, err := s.thread(r.PathValue("chat"), r.FormValue("before"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return g.Group{t.olderLink(), t.rows(0)}.Render(w)
}
