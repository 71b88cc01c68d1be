package phone

import (
	"net/http"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/flexhtml"
	"kaiwa/internal/ui/page"
)

// chatsPage is the list of a person's chats.
func (p *Phone) chatsPage(w http.ResponseWriter, r *http.Request, s scene) error {
	position := p.Shell.Position()
	chats, err := p.Sim.Chats(r.Context(), s.person.UserID)
	if err != nil {
		return err
	}
	shops, err := s.shops()
	if err != nil {
		return err
	}
	return p.shown(w, r, s, page.Page{
		Title: s.name() + " · " + wordChats.In(s.lang), Position: position,
		Topics: []string{"chats:" + s.person.UserID}, Scripts: []string{"chats.js"},
	}, s.chatsPane(chats, shops), s.inFirst(chats))
}

// chatsPane is the phone with the list in it.
func (s scene) chatsPane(chats []sim.ChatView, shops g.Node) g.Node {
	return h.Div(h.Class("phone"),
		h.Header(h.Class("top"), page.Face(s.name(), s.person.Profile.PictureURL, s.person.UserID), h.H1(g.Text(wordChats.In(s.lang))),
			h.Span(h.Class("whose"), g.Text(s.name()))),
		s.list(chats),
		shops,
	)
}

// inFirst is how to write by code in the first chat with an account.
func (s scene) inFirst(chats []sim.ChatView) g.Node {
	for _, c := range chats {
		if _, notice := miniapp.NoticeRegion(c.ID); c.Type == "account" && !notice {
			return s.asPerson(sim.ChatRef{ChannelID: c.ID})
		}
	}
	return nil
}

func (s scene) list(chats []sim.ChatView) g.Node {
	if len(chats) == 0 {
		return h.Div(h.ID("chats"), h.Data("live", ""), h.Class("empty"), h.H2(g.Text(wordNoChats.In(s.lang))), h.P(g.Text(wordNoChatsWhy.In(s.lang))))
	}
	return h.Ul(h.ID("chats"), h.Data("live", ""), h.Class("chats"), h.Role("list"), g.Map(chats, s.listed))
}

// listed is one chat of the list: who, the last line, when, how many unread.
func (s scene) listed(c sim.ChatView) g.Node {
	kind := " " + wordAccount.In(s.lang)
	switch c.Type {
	case "group":
		kind = " " + wordGroup.In(s.lang)
	case "room": // which has no name but its kind
		c.Name, kind = wordRoom.In(s.lang), ""
	}
	return h.Li(h.ID("c-"+c.ID), h.Data("unread", strconv.Itoa(c.UnreadCount)),
		h.A(h.Href(s.chatPath(c.ID)), page.Face(c.Name, c.PictureURL, c.ID),
			h.Span(h.Class("chat-name"), g.Text(c.Name), h.Span(h.Class("sr"), g.Text(kind))),
			h.Span(h.Class("chat-line"), g.Text(s.lastLine(c.LastMessage))),
			g.If(c.LastMessage != nil, s.lastTime(c.LastMessage)),
			g.If(c.UnreadCount > 0, h.Span(h.Class("unread"), g.Text(upTo(c.UnreadCount)), h.Span(h.Class("sr"), g.Text(" "+wordUnread.In(s.lang)))))))
}

// upTo shows a count as the badge has room for.
func upTo(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}

func (s scene) lastLine(m *sim.MessageView) string {
	switch {
	case m == nil:
		return ""
	case m.UnsentAt != nil:
		return thread{scene: s}.unsentText(*m)
	}
	return flexhtml.Preview(m.Message, s.renderer(""))
}

// lastTime is a time of today, or a date, in Japan's time: a list has accounts
// of several countries, and one zone reads better than many.
func (s scene) lastTime(m *sim.MessageView) g.Node {
	if m == nil {
		return nil
	}
	at, now := m.SentAt.In(zones["JP"]), s.now.In(zones["JP"])
	text := at.Format("2006-01-02")
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		text = at.Format("15:04")
	}
	return h.Time(h.DateTime(at.Format(time.RFC3339)), h.Title(wordZone.In(s.lang)+" "+at.Location().String()), g.Text(text))
}
