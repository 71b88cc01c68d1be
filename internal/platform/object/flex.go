package object

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	bubbleLimit   = 30 << 10 // bytes of JSON
	carouselLimit = 50 << 10
	mostBubbles   = 12
	mostAnimated  = 10 // images of one message
)

var (
	containers = []string{"bubble", "carousel"}
	bubbleOnly = []string{"bubble"}
	boxOnly    = []string{"box"}
	spanOnly   = []string{"span"}
	inHero     = []string{"box", "image", "video"}
	inVideo    = []string{"box", "image"}
	inBox      = []string{"box", "button", "image", "text", "separator", "filler"}
	inBaseline = []string{"icon", "text", "filler"}
	inEither   = append(slices.Clone(inBox), "icon")
	blocks     = []string{"header", "hero", "body", "footer"}
	videoSizes = []string{"kilo", "mega", "giga"}
)

var blockStyle = shapeOf(color("backgroundColor"), boolean("separator"), color("separatorColor"))

// bubbleShape is a bubble; https://developers.line.biz/en/reference/messaging-api/#bubble
var bubbleShape = shapeOf(
	enum("size", "nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
	enum("direction", "ltr", "rtl"),
	component("header", boxOnly),
	component("hero", inHero),
	component("body", boxOnly),
	component("footer", boxOnly),
	inner("styles", shapeOf(
		inner("header", blockStyle),
		inner("hero", blockStyle),
		inner("body", blockStyle),
		inner("footer", blockStyle),
	)),
	tap,
).with(crossBubble)

// container checks the contents of a Flex Message.
// https://developers.line.biz/en/reference/messaging-api/#container
func (c *checker) container(n int32) {
	kind, ok := c.typeOf(n, containers)
	switch {
	case !ok:
		return
	case kind == "carousel":
		c.carousel(n)
	default:
		c.bubble(n, true)
	}
	if c.animated > mostAnimated {
		c.add("", tooManyAnimated)
	}
}

// bubble checks one bubble; alone says that it is not in a carousel.
func (c *checker) bubble(n int32, alone bool) {
	if c.tooBig(n, bubbleLimit) {
		c.add("", tooBigBubble)
	}
	var at slots
	c.object(n, bubbleShape, &at)
	hero := bubbleShape.at(&at, "hero")
	if hero == 0 || c.nodes[hero].kind != '{' || string(c.textOf(c.member(hero, "type"))) != "video" {
		return
	}
	if size := c.stringOf(bubbleShape.at(&at, "size")); !alone {
		c.add("hero", noVideo)
	} else if size != "" && !slices.Contains(videoSizes, size) {
		c.add("hero", invalidProperty)
	}
}

// carousel checks a carousel and its bubbles, all of which must be of one size.
// https://developers.line.biz/en/reference/messaging-api/#f-carousel
func (c *checker) carousel(n int32) {
	if c.tooBig(n, carouselLimit) {
		c.add("", tooBigCarousel)
	}
	list := c.member(n, "contents")
	switch {
	case list == 0 || c.nodes[list].kind == 'n':
		c.missing("contents")
		return
	case c.nodes[list].kind != '[':
		c.wrongType("contents")
		return
	}
	if size := c.size(list); size > mostBubbles {
		c.add("contents", notMore(mostBubbles))
	} else if size == 0 {
		c.add("contents", notLess(1))
	}
	depth, first := c.push("contents"), ""
	for m, i := list+1, 0; m < c.nodes[list].next; m, i = c.nodes[m].next, i+1 {
		back := c.pushIndex(i)
		if c.nodes[m].kind != '{' {
			c.wrongType("")
		} else if _, ok := c.typeOf(m, bubbleOnly); ok {
			c.bubble(m, false)
			size := c.stringOf(c.member(m, "size"))
			if size == "" {
				size = "mega"
			}
			if i == 0 {
				first = size
			} else if size != first {
				c.add("size", mustBeOneSize)
			}
		}
		c.path = c.path[:back]
	}
	c.path = c.path[:depth]
}

// tooBig compares the size without blanks, which a caller's layout may add.
func (c *checker) tooBig(n int32, limit int) bool {
	raw := c.raw(n)
	if len(raw) <= limit {
		return false
	}
	compact := jsontext.Value(slices.Clone(raw))
	return compact.Compact() == nil && len(compact) > limit
}

// component checks the object at n to be one of the given types of components.
func (c *checker) component(n int32, types []string) {
	if c.nodes[n].kind != '{' {
		c.wrongType("")
		return
	}
	if kind, ok := c.typeOf(n, types); ok {
		var at slots
		c.object(n, componentShapes[kind], &at)
	}
}

// components checks the elements of the array that is the named property.
func (c *checker) components(name string, n int32, types []string) {
	if n == 0 || c.nodes[n].kind != '[' {
		return
	}
	depth := c.push(name)
	for m, i := n+1, 0; m < c.nodes[n].next; m, i = c.nodes[m].next, i+1 {
		back := c.pushIndex(i)
		c.component(m, types)
		c.path = c.path[:back]
	}
	c.path = c.path[:depth]
}

// box checks what is in a box, which depends on its layout. In a box without a
// known layout anything that some box may hold passes, to tell the cause only.
func (c *checker) box(s *shape, at *slots) {
	types := inEither
	switch string(c.textOf(s.at(at, "layout"))) {
	case "horizontal", "vertical":
		types = inBox
	case "baseline":
		types = inBaseline
	}
	c.components("contents", s.at(at, "contents"), types)
}

// flexText checks that a text has spans or, without any, a text.
func (c *checker) flexText(s *shape, at *slots) {
	spans := s.at(at, "contents")
	if spans != 0 && c.nodes[spans].kind == '[' && c.size(spans) > 0 {
		c.components("contents", spans, spanOnly)
		return
	}
	if text := s.at(at, "text"); text == 0 {
		c.add("", invalidText)
		c.add("", noText)
	} else if c.nodes[text].kind == '"' && !c.filled(text) {
		c.add("text", mustBeNonEmpty)
	}
}

// crossed checks an object's properties against each other. The tables name the
// check instead of holding it, because checks read the tables again.
func (c *checker) crossed(s *shape, at *slots) {
	switch s.cross {
	case crossTemplateText:
		c.templateText(s, at, 160)
	case crossColumn:
		c.templateText(s, at, 120)
	case crossColumns:
		c.columns(s, at)
	case crossBox:
		c.box(s, at)
	case crossText:
		c.flexText(s, at)
	case crossImage:
		if n := s.at(at, "animated"); n != 0 && c.nodes[n].kind == 't' {
			c.animated++
		}
	case crossVideo:
		if n := s.at(at, "altContent"); n != 0 && c.nodes[n].kind == '{' {
			depth := c.push("altContent")
			c.component(n, inVideo)
			c.path = c.path[:depth]
		}
	case crossBubble:
		if !slices.ContainsFunc(blocks, func(b string) bool { return s.at(at, b) != 0 }) {
			c.add("", noBlock)
		}
	}
}
