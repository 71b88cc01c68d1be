package flexhtml

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// action is what the renderer itself needs of an action object; the script that
// runs it reads the whole object from data-action. Imagemap actions say linkUri
// where all others say uri.
type action struct {
	Type        word           `json:"type"`
	Label       word           `json:"label"`
	DisplayText word           `json:"displayText"`
	Text        word           `json:"text"`
	URI         word           `json:"uri"`
	LinkURI     word           `json:"linkUri"`
	AltURI      object[altURI] `json:"altUri"`
}

type altURI struct {
	Desktop word `json:"desktop"`
}

// readAction reads an action object; ok is false when there is none.
func readAction(raw jsontext.Value) (a action, ok bool) {
	if raw.Kind() != '{' {
		return a, false
	}
	return a, json.Unmarshal(raw, &a, lenient) == nil
}

// refused tells whether the action leads to a link we never follow. LINE
// refuses such a message, but the log and the simulator still draw it.
func (a action) refused() bool {
	for _, uri := range []word{a.URI, a.LinkURI, a.AltURI.v.Desktop} {
		if uri != "" && !linkAllowed(string(uri)) {
			return true
		}
	}
	return false
}

// nameOf is what to call an element with this action that shows no words.
func (ctx Context) nameOf(a action) string {
	for _, text := range []word{a.Label, a.DisplayText, a.Text, a.URI, a.LinkURI, a.Type} {
		if text != "" {
			return string(text)
		}
	}
	return ctx.says().Action
}

// tappable tells whether an element with this action can be tapped.
func (ctx Context) tappable(raw jsontext.Value) bool {
	if !ctx.Interactive {
		return false
	}
	a, ok := readAction(raw)
	return ok && !a.refused()
}

// inside is what matters of an element's content when the element is tapped.
type inside struct {
	// tappable content makes the element a group rather than a button, because
	// the contents of a button are hidden from assistive technology.
	tappable bool
	// wordless content has no name of its own, so the action gives it one.
	wordless bool
}

// noInside is for elements that hold words and nothing to tap.
func noInside() inside { return inside{} }

// tap gives the attributes that make an element carry an action.
func (ctx Context) tap(raw jsontext.Value, content func() inside) g.Node {
	if !ctx.Interactive {
		return nil
	}
	a, ok := readAction(raw)
	switch {
	case !ok:
		return nil
	case a.refused():
		return g.Attr("data-refused", "uri")
	}
	in := content()
	role := "button"
	if in.tappable {
		role = "group"
	}
	return g.Group{
		actionData(raw), g.Attr("role", role), g.Attr("tabindex", "0"),
		g.If(in.wordless, g.Attr("aria-label", ctx.nameOf(a))),
	}
}

func actionData(raw jsontext.Value) g.Node {
	return g.Attr("data-action", strings.ToValidUTF8(string(raw), "\uFFFD"))
}

// button is a labelled button of a template, a quick reply or a Flex button: a
// real <button> where it can be tapped, inert text where it cannot, so that an
// inert message may stand inside a link.
func (ctx Context) button(class string, raw jsontext.Value, content ...g.Node) g.Node {
	if !ctx.tappable(raw) {
		a, ok := readAction(raw)
		return g.El("span", g.Attr("class", class), g.Group(content),
			g.If(ok && a.refused(), g.Attr("data-refused", "uri")))
	}
	return g.El("button", g.Attr("type", "button"), g.Attr("class", class), actionData(raw), g.Group(content))
}

// quickReply is the quickReply member of a message.
type quickReply struct {
	Items list[object[quickItem]] `json:"items"`
}

type quickItem struct {
	ImageURL word           `json:"imageUrl"`
	Action   jsontext.Value `json:"action"`
}

// QuickReply draws the quick reply bar of a message, nil if it has none. The
// caller decides which message's bar is shown: LINE shows only that of the last
// message, until it is used or another message arrives.
//
// https://developers.line.biz/en/reference/messaging-api/#quick-reply
func QuickReply(raw jsontext.Value, ctx Context) g.Node {
	m, err := readMessage(raw)
	if err != nil || len(m.QuickReply.v.Items) == 0 {
		return nil
	}
	items := make(g.Group, 0, len(m.QuickReply.v.Items))
	for _, item := range m.QuickReply.v.Items {
		a, ok := readAction(item.v.Action)
		if !ok {
			continue
		}
		items = append(items, ctx.button("msg-quick-item", item.v.Action,
			quickIcon(item.v.ImageURL, a.Type), g.El("span", g.Text(string(a.Label)))))
	}
	if len(items) == 0 {
		return nil
	}
	return g.El("div", g.Attr("class", "msg-quick"), g.Attr("role", "group"),
		g.Attr("aria-label", ctx.says().QuickReplies), ctx.lang(), items)
}

// quickIcon is the icon of a quick reply button: the bot's own, or a default for
// the three actions that have one.
func quickIcon(url, actionType word) g.Node {
	if src, ok := mediaURL(string(url)); ok {
		return picture(src, "", g.Attr("class", "msg-quick-icon"))
	}
	switch actionType {
	case "camera", "cameraRoll", "location":
		return drawing("msg-quick-icon", icons[string(actionType)])
	}
	return nil
}

// icons are our own line drawings on a 24 by 24 grid, as SVG path data.
var icons = map[string]string{
	"camera":     "M3 7h4l2-3h6l2 3h4v13H3zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
	"cameraRoll": "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M16 8.5a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
	"location":   "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zM12 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
	"file":       "M6 2h8l5 5v15H6zM14 2v5h5M9 12h7M9 16h7",
	"coupon":     "M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4zM14 7v2M14 11v2M14 15v2",
}

// drawing is a decorative SVG picture of one path.
func drawing(class, path string) g.Node {
	return g.El("svg", g.Attr("class", class), g.Attr("viewBox", "0 0 24 24"), g.Attr("aria-hidden", "true"),
		g.El("path", g.Attr("d", path)))
}
