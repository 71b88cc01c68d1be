package phone

import (
	"context"
	"net/http"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/store"
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
	t, err := p.thread(r.Context(), s, r.PathValue("chat"), query.Get("before"))
	if err != nil {
		return err
	}
	t.chosen = query.Get("m")
	if err := p.seek(r.Context(), &t); err != nil {
		return err
	}
	p.shown(w, r, s, page.Page{
		Title: t.chat.name, Position: position, Scripts: []string{"chat.js"}, Topics: t.topics(),
	}, t.pane(query.Get("quote"), query.Get("panel") == "location"), p.beside(r.Context(), t, query.Get("panel")))
	return nil
}

func (t thread) topics() []string {
	return []string{"chat:" + t.person.UserID + ":" + t.chat.id, "chats:" + t.person.UserID}
}

// thread reads a page of a chat: the newest messages, or those before one.
func (p *Phone) thread(ctx context.Context, s scene, chatID, before string) (thread, error) {
	c, ok := s.chat(chatID)
	if !ok {
		return thread{}, store.ErrNotFound
	}
	messages, err := p.Sim.Messages(ctx, s.person.UserID, chatID, pageOf, before)
	return thread{scene: s, chat: c, messages: messages, past: before != ""}, err
}

// seekMost is how many pages back a link to a message is followed.
const seekMost = 40

// seek turns the pages back to the one that holds the chosen message. When
// there is none, the newest stay.
func (p *Phone) seek(ctx context.Context, t *thread) error {
	if t.chosen == "" {
		return nil
	}
	at := *t
	for range seekMost {
		if at.index(at.chosen) >= 0 {
			*t = at
			return nil
		}
		if len(at.messages) < pageOf {
			return nil
		}
		older, err := p.thread(ctx, at.scene, at.chat.id, at.messages[0].ID)
		if err != nil {
			return err
		}
		at.messages, at.past = older.messages, true
	}
	return nil
}

func (t thread) index(id string) int {
	return slices.IndexFunc(t.messages, func(m sim.MessageView) bool { return m.ID == id })
}

// find is the message of that id on the page, nil if it is not there.
func (t thread) find(id string) *sim.MessageView {
	if i := t.index(id); i >= 0 {
		return &t.messages[i]
	}
	return nil
}

// pane is the phone with the chat in it.
func (t thread) pane(quote string, locationOpen bool) g.Node {
	l := t.lang
	return h.Div(h.Class("phone"), h.Data("user", t.person.UserID), h.Data("chat", t.chat.json()), h.Data("sample", samplePath),
		h.Header(h.Class("top"),
			h.A(h.Class("back"), h.Href(t.path()), h.Aria("label", wordBack.In(l)), icon("M15 5l-7 7 7 7")),
			page.Face(t.chat.name, t.chat.pictureURL, t.chat.id), h.H1(g.Text(t.chat.name)), h.Span(h.Class("whose"), g.Text(t.person.DisplayName))),
		h.Div(h.ID("scroll"), h.Class("scroller"), h.TabIndex("0"), h.Role("group"), h.Aria("label", wordMessages.In(l)),
			t.olderLink(),
			h.Ol(h.ID("messages"), h.Class("messages"), h.Data("live", ""), g.If(t.past, h.Data("past", "")), t.rows(0)),
			g.If(len(t.messages) == 0, h.P(h.ID("quiet"), h.Class("note"), g.Text(wordQuiet.In(l))))),
		h.Div(h.Aria("live", "polite"), h.P(h.ID("announce"), h.Class("sr"), h.Data("live", ""))),
		h.A(h.ID("newest"), h.Class("pill"), h.Href(t.chatPath(t.chat.id)), g.If(!t.past, g.Attr("hidden")),
			g.If(t.past, g.Text(wordNewest.In(l))), g.If(!t.past, g.Text(wordNew.In(l))), g.Text(" ↓")),
		t.quickReplies(),
		t.composer(t.find(quote)),
		t.dialogs(locationOpen),
	)
}

// olderLink leads to the page before this one. The script loads it in place.
func (t thread) olderLink() g.Node {
	if len(t.messages) < pageOf {
		return h.Span(h.ID("older"), g.Attr("hidden"))
	}
	first := t.messages[0].ID
	return h.A(h.ID("older"), h.Class("older"), h.Href("?before="+first), h.Data("older", t.chatPath(t.chat.id)+"/older?before="+first),
		g.Text(wordOlder.In(t.lang)))
}

// older answers the script with the rows of the page before a message, and the
// link to the next.
func (p *Phone) older(w http.ResponseWriter, r *http.Request, s scene) error {
	t, err := p.thread(r.Context(), s, r.PathValue("chat"), r.FormValue("before"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return g.Group{t.olderLink(), t.rows(0)}.Render(w)
}
