package object

import "github.com/go-json-experiment/json/jsontext"

// RichMenu is one accepted rich menu object.
type RichMenu struct {
	Name        string
	ChatBarText string
	Selected    bool
	Width       int64 // pixels
	Height      int64
	Areas       []MenuArea
}

// MenuArea is a tappable area of a rich menu.
type MenuArea struct {
	Bounds Bounds         `json:"bounds"`
	Action jsontext.Value `json:"action"`
}

// Bounds are where an area lies, in pixels from the upper left corner of its
// rich menu. Nothing keeps them within the menu: the platform's own examples
// reach one pixel beyond it.
type Bounds struct {
	X      int64 `json:"x"`
	Y      int64 `json:"y"`
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
}

// MenuFits says whether a picture of so many pixels, or the size of a rich
// menu, is one that the platform takes.
// https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image-requirements
func MenuFits(width, height int64) bool {
	return width >= 800 && width <= 2500 && height >= 250 && flatEnough(width, height)
}

// flatEnough: the width is at least 1.45 times the height.
func flatEnough(width, height int64) bool { return width*100 >= height*145 }

// pixelsMost is the largest number of pixels that the platform's specification allows.
const pixelsMost = 1<<31 - 1

// richMenuShape is a rich menu object. All that it has must be given.
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
var richMenuShape = shapeOf(
	inner("size", shapeOf(
		whole("width", 800).upTo(2500).required(),
		whole("height", 250).upTo(pixelsMost).required(),
	)).required(),
	boolean("selected").required(),
	shown("name", 300).required(),
	shown("chatBarText", 14).required(),
	list("areas", 0, 20, shapeOf(
		inner("bounds", shapeOf(
			whole("x", 0).upTo(pixelsMost).required(),
			whole("y", 0).upTo(pixelsMost).required(),
			whole("width", 1).upTo(pixelsMost).required(),
			whole("height", 1).upTo(pixelsMost).required(),
		)).required(),
		action("action", HolderRichMenu).required(),
	)).required(),
)

// ValidateRichMenu checks a rich menu object, which is a JSON object, and gives
// either what it says or its refusal: all that is wrong with it, at paths such
// as areas[0].action.uri.
func ValidateRichMenu(raw jsontext.Value) (RichMenu, *Error) {
	c := borrow(Options{})
	defer c.giveBack()
	c.path, c.slash, c.plain = c.path[:0], false, false
	if !c.parse(raw) || c.nodes[0].kind != '{' {
		return RichMenu{}, bodyError([]Problem{{"", invalidProperty}})
	}
	var at slots
	c.object(0, richMenuShape, &at)
	if c.content == nil {
		m := c.richMenu(&at)
		if flatEnough(m.Width, m.Height) {
			return m, nil
		}
		c.add("size", invalidProperty)
	}
	return RichMenu{}, bodyError(c.content)
}

// richMenu reads a rich menu in which nothing is wrong.
func (c *checker) richMenu(at *slots) RichMenu {
	of := func(name string) int32 { return richMenuShape.at(at, name) }
	size := of("size")
	m := RichMenu{Name: c.stringOf(of("name")), ChatBarText: c.stringOf(of("chatBarText")), Selected: c.nodes[of("selected")].kind == 't',
		Width: c.intOf(c.member(size, "width")), Height: c.intOf(c.member(size, "height")), Areas: []MenuArea{}}
	areas := of("areas")
	for n := areas + 1; n < c.nodes[areas].next; n = c.nodes[n].next {
		b := c.member(n, "bounds")
		m.Areas = append(m.Areas, MenuArea{
			Bounds: Bounds{c.intOf(c.member(b, "x")), c.intOf(c.member(b, "y")), c.intOf(c.member(b, "width")), c.intOf(c.member(b, "height"))},
			Action: c.menuAction(c.member(n, "action")),
		})
	}
	return m
}

// menuAction is an action in which nothing is wrong, without white space and
// what actions of its type do not have: it is kept, and a menu may have twenty.
func (c *checker) menuAction(n int32) jsontext.Value {
	return c.known(n, actionShapes[c.stringOf(c.member(n, "type"))], "type", "label")
}

// known writes the members of an object that its shape has, or that are named,
// and that are not null.
func (c *checker) known(n int32, s *shape, more ...string) jsontext.Value {
	out := jsontext.Value{'{'}
	for m := n + 1; m < c.nodes[n].next; m = c.nodes[m+1].next {
		name := c.text(m)
		i := s.index(name)
		if i < 0 && !isOneOf(more, name) || c.nodes[m+1].kind == 'n' {
			continue
		}
		value := jsontext.Value(c.raw(m + 1))
		if i >= 0 && s.rules[i].kind == kObject {
			value = c.known(m+1, s.rules[i].shape)
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, c.raw(m)...), ':'), value...)
	}
	return append(out, '}')
}
