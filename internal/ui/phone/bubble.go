package phone

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/flexhtml"
	"kaiwa/internal/ui/page"
)

// thread is a run of messages of a chat, oldest first, as one page shows them.
type thread struct {
	scene
	chat     talk
	messages []sim.MessageView
	// menu is the rich menu under the chat, once openMenu has read it; nil for none.
	menu *richmenu.Menu
	// chosen is the message the address names.
	chosen string
	// past says that newer messages follow.
	past bool
}

// extra is what a row needs of a message object besides what flexhtml draws.
type extra struct {
	QuotedMessageID string `json:"quotedMessageId"`
	QuoteToken      string `json:"quoteToken"`
	Sender          struct {
		Name    string `json:"name"`
		IconURL string `json:"iconUrl"`
	} `json:"sender"`
}

func extraOf(m sim.MessageView) (e extra) {
	if len(m.Message) > 0 {
		// A message that cannot be read has nothing extra; flexhtml says what it is.
		_ = json.Unmarshal(m.Message, &e)
	}
	return e
}

// own tells whether the holder of the phone wrote it.
func (t thread) own(m sim.MessageView) bool {
	return m.From.Type == "person" && m.From.ID == t.person.UserID
}

// rows draws the messages from one on, with a divider where a day begins.
func (t thread) rows(from int) g.Node {
	var out g.Group
	for i := max(from, 0); i < len(t.messages); i++ {
		day := t.chat.day(t.lang, t.messages[i].SentAt)
		if i == 0 || day != t.chat.day(t.lang, t.messages[i-1].SentAt) {
			out = append(out, t.divider(t.messages[i].SentAt, day))
		}
		out = append(out, t.row(i))
	}
	return out
}

func (t thread) divider(at time.Time, day string) g.Node {
	in := at.In(t.chat.zone)
	return h.Li(h.ID("d-"+in.Format("20060102")), h.Class("day"),
		h.Time(h.DateTime(in.Format("2006-01-02")), h.Title(wordZone.In(t.lang)+" "+t.chat.zone.String()), g.Text(day)))
}

// row draws one message with who wrote it and when. Messages of one sender
// within a minute stand together: only the first says who.
func (t thread) row(i int) g.Node {
	m := t.messages[i]
	id := "m-" + m.ID
	if m.UnsentAt != nil {
		return h.Li(h.ID(id), h.Class("note"), g.Text(t.unsentText(m)))
	}
	class := "row"
	own := t.own(m)
	if own {
		class += " own"
	}
	if i > 0 && t.together(t.messages[i-1], m) {
		class += " more-of"
	}
	if m.ID == t.chosen {
		class += " chosen"
	}
	draw := t.renderer(t.chat.ID)
	draw.MessageID, draw.Own, draw.Quoted = m.ID, own, t.quoted(m)
	draw.ContentURL, draw.PreviewURL = t.content(m, ""), t.content(m, "/preview")
	return h.Li(h.ID(id), h.Class(class),
		g.If(!own, page.Face(t.who(m), iconOf(m), m.From.ID)),
		h.Div(h.Class("said"),
			g.If(!own, h.Span(h.Class("who"), g.Text(t.who(m)))),
			flexhtml.Message(m.Message, draw),
			t.meta(m, own)))
}

// together tells whether two neighbours stand as one block.
func (t thread) together(before, m sim.MessageView) bool {
	return before.UnsentAt == nil && before.From == m.From && t.who(before) == t.who(m) && iconOf(before) == iconOf(m) && m.SentAt.Sub(before.SentAt) < time.Minute &&
		t.chat.day(page.English, before.SentAt) == t.chat.day(page.English, m.SentAt)
}

// meta is what stands beside a bubble: the Read mark, the time, which is the
// message's own address, and the way to its details.
func (t thread) meta(m sim.MessageView, own bool) g.Node {
	at := m.SentAt.In(t.chat.zone)
	link := t.address("m=" + m.ID)
	return h.Span(h.Class("meta"),
		g.If(own, t.readMark(m)),
		g.If(m.EditedAt != nil, h.Span(h.Class("edited"), g.Text(wordEdited.In(t.lang)))),
		h.A(h.Class("at"), h.Href(link), h.Time(h.DateTime(at.Format(time.RFC3339)), g.Text(at.Format("15:04")))),
		h.A(h.Class("dots"), h.Href(link+"&panel=inspect"), h.Aria("label", wordOptions.In(t.lang)), g.Text("⋯")))
}

func (t thread) readMark(m sim.MessageView) g.Node {
	return h.Span(h.ID("r-"+m.ID), h.Class("read"), g.If(m.Read, g.Text(wordRead.In(t.lang))))
}

// who is the name above a bubble. An account may send under another name, and
// the app then says whose that is.
func (t thread) who(m sim.MessageView) string {
	if alias := extraOf(m).Sender.Name; alias != "" {
		account := t.nameOf(m.From.ID)
		if account == "" || account == alias {
			return alias
		}
		return fmt.Sprintf(wordFrom.In(t.lang), alias, account)
	}
	return m.From.Name
}

// iconOf is the picture beside a bubble, with the sender's override.
func iconOf(m sim.MessageView) string {
	if url := extraOf(m).Sender.IconURL; url != "" {
		return url
	}
	return m.From.IconURL
}

func (t thread) unsentText(m sim.MessageView) string {
	if t.own(m) {
		return wordYouUnsent.In(t.lang)
	}
	return fmt.Sprintf(wordUnsent.In(t.lang), m.From.Name)
}

// content is where the simulation API serves the file of a person's message.
// Accounts' messages carry their own URLs.
func (t thread) content(m sim.MessageView, which string) string {
	if m.From.Type != "person" {
		return ""
	}
	return "/sim/v1/people/" + t.person.UserID + "/chats/" + t.chat.ID + "/messages/" + m.ID + "/content" + which
}

// quoted is the block above a text that replies to another message, nil if it
// does not. It leads to that message.
func (t thread) quoted(m sim.MessageView) g.Node {
	id := t.quotes(m)
	if id == "" {
		return nil
	}
	q := t.message(id)
	if q == nil { // said before the person came, or to somebody else
		return h.Span(h.Class("quoted"), g.Text(wordEarlier.In(t.lang)))
	}
	return h.A(h.Class("quoted"), h.Href(t.address("m="+id)), h.Data("jump", "m-"+id), t.gist(*q))
}

// quotes is the id of the message that one replies to, "" if none. A person's
// names it; an account's has the token it was given for it.
func (t thread) quotes(m sim.MessageView) string {
	e := extraOf(m)
	if e.QuoteToken == "" || m.From.Type != "account" {
		return e.QuotedMessageID
	}
	if ch := t.sim.Channels.Get(m.From.ID); ch != nil {
		if id, ok := chat.QuotedID(ch, e.QuoteToken); ok {
			return strconv.FormatInt(id, 10)
		}
	}
	return ""
}

// gist is a message in one line, with who said it.
func (t thread) gist(m sim.MessageView) g.Node {
	text := "…"
	if m.UnsentAt == nil {
		text = flexhtml.Preview(m.Message, t.renderer(t.chat.ID))
	}
	return g.Group{h.Strong(g.Text(m.From.Name)), h.Span(g.Text(text))}
}

// announcement is what assistive technology hears of a new message: the whole
// of a card would be too much.
func (t thread) announcement() g.Node {
	text := ""
	if n := len(t.messages); n > 0 && t.messages[n-1].UnsentAt == nil && !t.own(t.messages[n-1]) {
		text = t.who(t.messages[n-1]) + ": " + flexhtml.Preview(t.messages[n-1].Message, t.renderer(t.chat.ID))
	}
	return announced(text)
}

func announced(text string) g.Node {
	return h.P(h.ID("announce"), h.Class("sr"), h.Data("live", ""), g.Text(text))
}

// loading is where an account shows that an answer is on its way.
func (t thread) loading(on bool) g.Node {
	return h.Div(h.ID("loading"), h.Data("live", ""), g.If(on, g.Group{page.Face(t.chat.Name, t.chat.PictureURL, t.chat.ID),
		h.Span(h.Class("msg msg-text waiting"), h.Aria("hidden", "true"), h.I(), h.I(), h.I())}))
}

// quickReplies is the bar above the input: that of the newest message alone.
func (t thread) quickReplies() g.Node {
	var bar g.Node
	last := ""
	if n := len(t.messages); n > 0 && t.messages[n-1].UnsentAt == nil && t.messages[n-1].From.Type == "account" {
		last = t.messages[n-1].ID
		bar = flexhtml.QuickReply(t.messages[n-1].Message, t.renderer(t.chat.ID))
	}
	return h.Div(h.ID("quick"), h.Data("live", ""), g.If(last != "", h.Data("quick", last)), bar)
}
