package phone

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// textMost is the longest text a person can send, in UTF-16 code units, which
// is also how browsers count maxlength.
const textMost = "5000"

// place is a location to send in one tap; the last one is the other side of the
// date line and the equator, where naive code goes wrong.
type place struct {
	title, address, latitude, longitude string
}

var places = []place{
	{"Tokyo Station", "1-9-1 Marunouchi, Chiyoda-ku, Tokyo", "35.681236", "139.767125"},
	{"Taipei 101", "No. 7, Section 5, Xinyi Road, Taipei", "25.033964", "121.564468"},
	{"Wat Arun", "158 Wang Doem Road, Bangkok", "13.743889", "100.488611"},
	{"Ushuaia", "Tierra del Fuego, Argentina", "-54.801912", "-68.302951"},
}

// composer is where the person writes: one form, whose buttons say what is sent.
func (t thread) composer(quoting *sim.MessageView) g.Node {
	l := t.lang
	return h.Form(h.ID("composer"), h.Class("composer"), g.If(t.chat.mute(), g.Attr("hidden")), h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/messages"), h.EncType("multipart/form-data"),
		h.Data("sending", wordSending.In(l)), h.Data("failed", wordNotSent.In(l)),
		t.quoting(quoting),
		h.Div(h.Class("write"),
			h.Details(h.Class("display up"),
				h.Summary(h.Aria("label", wordAttach.In(l)), h.Title(wordAttach.In(l)), icon("M12 5v14M5 12h14")),
				h.Div(h.Class("sheet"),
					h.Label(g.Text(wordFile.In(l)), h.Input(h.Type("file"), h.Name("content"), h.ID("file"))),
					h.Button(h.Class("button plain"), h.Name("photo"), h.Value("chosen"), g.Text(wordSendFile.In(l))),
					h.Button(h.Class("button plain"), h.Name("photo"), h.Value("sample"), g.Text(wordSample.In(l))),
					h.A(h.Class("button plain"), h.Href(t.address("panel=location")), h.Data("dialog", "location"), g.Text(wordLocation.In(l))),
				)),
			h.Details(h.Class("display up"),
				h.Summary(h.Aria("label", wordStickers.In(l)), h.Title(wordStickers.In(l)), icon("M12 3a9 9 0 1 0 9 9 9 9 0 0 0-9-9zM9 9v2M15 9v2M8 14q4 4 8 0")),
				h.Div(h.Class("sheet wide"), tray(l))),
			h.Textarea(h.ID("text"), h.Name("text"), h.Rows("1"), h.MaxLength(textMost), h.Aria("label", wordWrite.In(l)), h.Placeholder(wordWrite.In(l)), h.AutoComplete("off")),
			h.Button(h.Class("send"), h.Name("send"), h.Value("text"), h.Aria("label", wordSend.In(l)), h.Title(wordSend.In(l)), icon("M4 12l16-8-6 16-3-7z"))),
		h.P(h.ID("problem"), h.Class("error"), h.Role("alert"), g.Attr("hidden")))
}

// quoting shows which message is replied to.
func (t thread) quoting(m *sim.MessageView) g.Node {
	id, gist := "", g.Node(nil)
	if m != nil {
		id, gist = m.ID, t.gist(*m)
	}
	return h.Div(h.ID("quoting"), h.Class("quoting"), g.If(m == nil, g.Attr("hidden")),
		h.Input(h.Type("hidden"), h.Name("quote"), h.Value(id)),
		h.Span(h.Class("quoted"), gist),
		h.A(h.Class("dots"), h.Href(t.chatPath(t.chat.ID)), h.Data("unquote", ""), h.Aria("label", wordQuoteDone.In(t.lang)), g.Text("✕")))
}

// dialogs are what opens above the chat: the choice of a place, and the picker
// of datetimepicker actions, which a script fills.
func (t thread) dialogs(locationOpen bool) g.Node {
	l := t.lang
	return g.Group{
		h.Dialog(h.ID("location"), g.If(locationOpen, g.Attr("open")), h.Aria("labelledby", "location-title"),
			h.H2(h.ID("location-title"), g.Text(wordLocation.In(l))),
			h.Div(h.Class("row start"), g.Map(places, func(p place) g.Node {
				return h.Form(h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/messages"), h.Class("place"), p.fields("hidden", l),
					h.Button(h.Class("button plain small"), g.Text(p.title)))
			})),
			h.Form(h.Method("post"), h.Action(t.chatPath(t.chat.ID)+"/messages"), h.Class("place fields"),
				places[0].fields("text", l),
				h.Div(h.Class("row"), h.Button(h.Class("button plain"), h.Type("button"), h.Data("close", ""), g.Text(page.Cancel.In(l))),
					h.Button(h.Class("button"), g.Text(wordSendPlace.In(l)))))),
		h.Dialog(h.ID("datetime"), h.Aria("labelledby", "datetime-title"),
			h.Form(h.Method("dialog"), h.H2(h.ID("datetime-title"), g.Text(wordWhen.In(l))),
				h.Input(h.Name("datetime"), h.Type("datetime-local"), h.Aria("labelledby", "datetime-title"), h.Required()),
				h.Div(h.Class("row"), h.Button(h.Class("button plain"), h.Type("button"), h.Data("close", ""), g.Text(page.Cancel.In(l))),
					h.Button(h.Class("button"), h.Value("chosen"), g.Text(wordChoose.In(l)))))),
	}
}

// fields are the inputs of a location message.
func (p place) fields(kind string, l page.Lang) g.Node {
	inputs := []struct {
		name, value string
		label       page.Phrase
	}{{"title", p.title, wordTitle}, {"address", p.address, wordAddress}, {"latitude", p.latitude, wordLatitude}, {"longitude", p.longitude, wordLongitude}}
	return g.Map(inputs, func(in struct {
		name, value string
		label       page.Phrase
	}) g.Node {
		field := h.Input(h.Type(kind), h.Name(in.name), h.Value(in.value), g.If(kind == "text", h.Required()))
		if kind == "hidden" {
			return field
		}
		return h.Label(g.Text(in.label.In(l)), field)
	})
}

// icon is a drawing of one line on a grid of 24.
func icon(path string) g.Node {
	return g.El("svg", h.Class("icon"), g.Attr("viewBox", "0 0 24 24"), h.Aria("hidden", "true"), g.El("path", g.Attr("d", path)))
}
