package flexhtml

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// deepest is how far components may nest before a placeholder stands in; LINE
// accepts no such message, and a browser's layout would be the first to suffer.
const deepest = 40

// Flex draws a Flex container alone: a bubble or a carousel.
//
// https://developers.line.biz/en/reference/messaging-api/#flex-message
func Flex(contents jsontext.Value, ctx Context) g.Node {
	var c container
	if err := json.Unmarshal(contents, &c, lenient); err != nil {
		return placeholder(ctx.says().NotJSON)
	}
	return ctx.flex(c, ctx.says().Flex)
}

// flex draws a container under its accessible name.
func (ctx Context) flex(c container, name string) g.Node {
	var inner g.Node
	switch c.Type {
	case "bubble":
		inner = flexer{Context: ctx}.bubble("div", c, "")
	case "carousel":
		inner = flexer{Context: ctx, carousel: true}.bubbles(c)
	default:
		inner = placeholder(because(ctx.says().UnknownContainer, string(c.Type)))
	}
	class := "msg-flex"
	if c.Type == "carousel" || c.Size == "giga" {
		class += " msg-wide"
	}
	return ctx.root(class, g.Attr("role", "group"), g.Attr("aria-label", name), inner)
}

// flexer draws one container.
type flexer struct {
	Context
	carousel bool
	size     string
}

// bubbles draws a carousel.
func (f flexer) bubbles(c container) g.Node {
	items := make(g.Group, 0, len(c.Contents))
	for i, b := range c.Contents {
		pointer := f.at("", "contents", i)
		if b.Type != "bubble" {
			items = append(items, g.El("li", g.Attr("class", "fx-bubble"), f.pointer(pointer),
				placeholder(because(f.says().UnknownContainer, string(b.Type)))))
			continue
		}
		items = append(items, f.bubble("li", b, pointer))
	}
	return f.scroller("fx-carousel", items, f.pointer(""))
}

// scroller is a list that scrolls sideways. It takes the focus, so that the arrow
// keys scroll it; who has a mouse without a wheel has the buttons, which a
// script turns and disables at the ends.
func (ctx Context) scroller(class string, items g.Group, more ...g.Node) g.Node {
	list := g.El("ul", g.Attr("class", class), g.Attr("role", "list"), g.Attr("tabindex", "0"),
		g.Attr("aria-label", ctx.says().carousel(len(items))), g.Group(more), items)
	if !ctx.Interactive || len(items) < 2 {
		return list
	}
	turn := func(by, label, path string, more ...g.Node) g.Node {
		return g.El("button", g.Attr("type", "button"), g.Attr("class", "msg-turn"), g.Attr("data-turn", by),
			g.Attr("aria-label", label), g.Group(more), drawing("msg-icon", path))
	}
	return g.El("div", g.Attr("class", "msg-scroller"), list,
		turn("-1", ctx.says().Previous, "M15 5l-7 7 7 7", g.Attr("disabled")), turn("1", ctx.says().Next, "M9 5l7 7-7 7"))
}

// block is one of the four parts of a bubble.
type block struct {
	name    string
	root    sole[component]
	style   blockStyle
	padding sides
}

func (f flexer) bubble(tag string, c container, pointer string) g.Node {
	size := string(c.Size)
	if _, ok := bubbles[size]; !ok {
		size = defaultBubble
	}
	if f.Legacy && (size == "deca" || size == "hecto") {
		size = "kilo"
	}
	f.size = size
	facts, styles := bubbles[size], c.Styles.v
	body := facts.body
	if len(c.Footer) > 0 {
		body[2] = facts.bodyEnd
	}
	class := "fx-bubble fx-" + size
	var blocks g.Group
	for _, b := range []block{
		{"header", c.Header, styles.Header.v, facts.header},
		{"hero", c.Hero, styles.Hero.v, sides{}},
		{"body", c.Body, styles.Body.v, body},
		{"footer", c.Footer, styles.Footer.v, footerPadding},
	} {
		if len(b.root) == 0 {
			continue
		}
		blocks = append(blocks, f.block(b, len(blocks) == 0, pointer))
		if b.name == "body" {
			class += " fx-tall"
		}
	}
	if len(blocks) == 0 {
		blocks = g.Group{placeholder(f.says().EmptyBubble)}
	}
	var s style
	s.set("--fx-width", px(facts.width))
	s.set("border-radius", px(facts.corner))
	direction := "ltr"
	if c.Direction == "rtl" {
		direction = "rtl"
	}
	return g.El(tag, g.Attr("class", class), g.Attr("dir", direction), s.attr(), f.pointer(pointer),
		f.tap(c.Action, func() inside { return contentOf(c.Header, c.Hero, c.Body, c.Footer) }), blocks)
}

// block draws one block with the line above it, which the first block never has.
func (f flexer) block(b block, first bool, pointer string) g.Node {
	var s style
	s.paint("background-color", b.style.BackgroundColor)
	var line g.Node
	if bool(b.style.Separator) && !first {
		var ls style
		ls.paint("color", b.style.SeparatorColor)
		line = g.El("div", g.Attr("class", "fx-separator"), ls.attr())
	}
	root := f.component(&b.root[0], place{
		layout: "vertical", root: true, first: true, padding: b.padding,
		pointer: f.at(pointer, b.name, -1), hero: b.name == "hero",
	})
	return g.Group{line, g.El("div", g.Attr("class", "fx-block fx-"+b.name), s.attr(), root)}
}

// contentOf looks through components for actions and words.
func contentOf(groups ...[]component) inside {
	in := inside{wordless: true}
	for _, group := range groups {
		for i := range group {
			group[i].look(&in, 0)
		}
	}
	return in
}

func (c *component) look(in *inside, depth int) {
	hasAction := c.Action.Kind() == '{'
	if hasAction || c.Type == "video" {
		in.tappable = true
	}
	if c.Type == "text" || c.Type == "button" || c.Type == "image" && hasAction {
		in.wordless = false
	}
	for i := range c.Contents {
		if depth < deepest && c.Contents[i].Type != "span" {
			c.Contents[i].look(in, depth+1)
		}
	}
}

// at extends a JSON Pointer by a member and, from 0, an index. Without
// Context.Pointers nobody reads it and it stays empty.
func (f flexer) at(pointer, member string, index int) string {
	if !f.Pointers {
		return ""
	}
	pointer += "/" + member
	if index >= 0 {
		pointer += "/" + strconv.Itoa(index)
	}
	return pointer
}

func (f flexer) pointer(pointer string) g.Node {
	if !f.Pointers {
		return nil
	}
	return g.Attr("data-pointer", pointer)
}
