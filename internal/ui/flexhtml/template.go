package flexhtml

import (
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// template is the template member of a template message.
type template struct {
	Type             word                 `json:"type"`
	ImageAspectRatio word                 `json:"imageAspectRatio"`
	ImageSize        word                 `json:"imageSize"`
	Columns          list[object[column]] `json:"columns"`
	column
}

// column is a column of a carousel or image carousel, and also the body of a
// buttons or confirm template, which has the same members.
type column struct {
	ThumbnailImageURL    word                 `json:"thumbnailImageUrl"`
	ImageBackgroundColor word                 `json:"imageBackgroundColor"`
	Title                word                 `json:"title"`
	Text                 word                 `json:"text"`
	DefaultAction        jsontext.Value       `json:"defaultAction"`
	Actions              list[jsontext.Value] `json:"actions"`
	ImageURL             word                 `json:"imageUrl"`
	Action               jsontext.Value       `json:"action"`
}

// template draws a template message.
//
// https://developers.line.biz/en/reference/messaging-api/#template-messages
func (ctx Context) template(m message) g.Node {
	t := m.Template.v
	named := g.Group{g.Attr("role", "group"), g.Attr("aria-label", name(m.AltText, ctx.says().Template))}
	switch t.Type {
	case "buttons":
		return ctx.root("msg-template", named, ctx.card("div", "msg-column", t, t.column))
	case "confirm":
		return ctx.root("msg-template", named, ctx.card("div", "msg-column msg-confirm", t, t.column))
	case "carousel":
		return ctx.root("msg-template msg-wide", named, ctx.columns(t, func(c column) g.Node {
			return ctx.card("li", "msg-column", t, c)
		}))
	case "image_carousel":
		return ctx.root("msg-template msg-wide", named, ctx.columns(t, ctx.tile))
	}
	return ctx.root("msg-template", named, placeholder(because(ctx.says().UnknownTemplate, string(t.Type))))
}

// columns draws the columns of a carousel template side by side.
func (ctx Context) columns(t template, draw func(column) g.Node) g.Node {
	items := make(g.Group, 0, len(t.Columns))
	for _, c := range t.Columns {
		items = append(items, draw(c.v))
	}
	return ctx.scroller("msg-columns", items)
}

// card draws one column: image, title and text, which carry the default action,
// above the buttons.
func (ctx Context) card(tag, class string, t template, c column) g.Node {
	buttons := make(g.Group, 0, len(c.Actions))
	for _, raw := range c.Actions {
		a, _ := readAction(raw)
		buttons = append(buttons, ctx.button("msg-button", raw, g.Text(string(a.Label))))
	}
	return g.El(tag, g.Attr("class", class),
		g.El("div", g.Attr("class", "msg-column-body"), ctx.tap(c.DefaultAction, noInside),
			ctx.thumbnail(t, c),
			g.If(c.Title != "", g.El("strong", g.Text(string(c.Title)))),
			g.El("p", g.Text(string(c.Text)))),
		g.If(len(buttons) > 0, g.El("div", g.Attr("class", "msg-buttons"), buttons)))
}

// thumbnail is the image of a card, nil if it has none.
func (ctx Context) thumbnail(t template, c column) g.Node {
	if c.ThumbnailImageURL == "" {
		return nil
	}
	class := "fx-frame msg-thumbnail"
	if t.ImageAspectRatio == "square" {
		class += " msg-square"
	}
	aspectMode := word("cover")
	if t.ImageSize == "contain" {
		aspectMode = "fit"
	}
	var s style
	s.paint("background-color", c.ImageBackgroundColor)
	return ctx.frame(class, s, &component{URL: c.ThumbnailImageURL, AspectMode: aspectMode})
}

// tile draws one column of an image carousel: a square picture that is its own
// button, with the label on it.
func (ctx Context) tile(c column) g.Node {
	a, _ := readAction(c.Action)
	src, ok := mediaURL(string(c.ImageURL))
	return g.El("li", g.Attr("class", "msg-column msg-tile"), ctx.button("msg-tile-tap", c.Action,
		g.Iff(ok, func() g.Node { return picture(src, ctx.nameOf(a)) }),
		g.Iff(!ok, func() g.Node {
			return g.El("span", g.Attr("class", "msg-placeholder"), g.Text(because(ctx.says().Image, ctx.says().NotWeb)))
		}),
		g.If(a.Label != "", g.El("span", g.Attr("class", "msg-tile-label"), g.Attr("aria-hidden", "true"), g.Text(string(a.Label))))))
}
