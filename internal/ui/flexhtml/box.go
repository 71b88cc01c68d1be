package flexhtml

import (
	g "maragu.dev/gomponents"
)

// place is where a component stands, as far as that decides how it is drawn.
type place struct {
	layout  string // of the box around it: horizontal, vertical or baseline
	spacing word   // of the box around it
	first   bool   // no component in the flow before it
	root    bool   // the top box of a block
	hero    bool   // directly in the hero block
	padding sides  // of the block, for its top box
	pointer string
	depth   int
}

func (p place) vertical() bool { return p.layout == "vertical" }

// component draws any Flex component.
func (f flexer) component(c *component, at place) g.Node {
	if at.depth > deepest {
		return placeholder(f.says().TooDeep)
	}
	switch c.Type {
	case "box":
		return f.box(c, at)
	case "text":
		return f.text(c, at)
	case "button":
		return f.buttonComponent(c, at)
	case "image":
		return f.image(c, at)
	case "icon":
		return f.icon(c, at)
	case "video":
		return f.video(c, at)
	case "separator":
		return f.separator(c, at)
	case "filler":
		return f.filler(c, at)
	case "spacer":
		return f.spacer(c, at)
	}
	return placeholder(because(f.says().UnknownComponent, string(c.Type)))
}

// flexOf is the component's share of the space along the box around it. An icon
// never grows; a filler exists only to grow; a box with a size of its own in a
// horizontal box does not share either.
func flexOf(c *component, at place) int {
	switch {
	case c.Type == "icon", c.Type == "separator":
		return 0
	case c.Type == "box" && !at.vertical() && (has(sizeLengths, c.Width) || has(sizeLengths, c.Height)):
		return 0
	case c.Flex.set:
		return c.Flex.whole(0, 100000)
	case c.Type == "filler", !at.vertical():
		return 1
	}
	return 0
}

func has(l lengths, w word) bool {
	_, ok := l.css(w)
	return ok
}

// placed starts a component's style with what all components share: flex,
// margin, position and offsets. CSS gap is of no use, since a margin replaces
// the spacing of its box and fillers take none.
func placed(c *component, at place) style {
	var s style
	if !at.root {
		s.set("flex", flexCSS(flexOf(c, at), at))
	}
	margin := "margin-inline-start"
	if at.vertical() {
		margin = "margin-top"
	}
	absolute := c.Position == "absolute"
	if !s.measure(margin, c.Margin, marginLengths) && !at.first && !absolute && c.Type != "filler" && c.Type != "spacer" {
		s.measure(margin, at.spacing, marginLengths)
	}
	if absolute {
		s.set("position", "absolute")
	}
	s.measure("top", c.OffsetTop, offsetLengths)
	if at.layout != "baseline" || absolute {
		s.measure("bottom", c.OffsetBottom, offsetLengths)
	}
	s.measure("inset-inline-start", c.OffsetStart, offsetLengths)
	s.measure("inset-inline-end", c.OffsetEnd, offsetLengths)
	return s
}

// flexCSS is the documented translation of flex into CSS.
func flexCSS(n int, at place) string {
	switch {
	case n == 0:
		return "0 0 auto"
	case at.vertical():
		return decimal(float64(n)) + " 0 auto"
	}
	return decimal(float64(n)) + " 0 0px"
}

// gravity aligns a component's content from top to bottom. In a baseline box the
// baseline decides instead.
func gravity(s *style, c *component, at place) {
	if at.layout != "baseline" {
		s.pick("justify-content", c.Gravity, gravities)
	}
}

func (f flexer) box(c *component, at place) g.Node {
	layout := layouts[string(c.Layout)]
	if layout == "" {
		return placeholder(because(f.says().UnknownLayout, string(c.Layout)))
	}
	s := placed(c, at)
	boxSize(&s, c)
	boxPadding(&s, c, at)
	boxSurface(&s, c)
	s.pick("justify-content", c.JustifyContent, justifications)
	if layout != "baseline" {
		s.pick("align-items", c.AlignItems, alignments)
	}
	return g.El("div", g.Attr("class", "fx-box fx-"+layout), s.attr(), f.pointer(at.pointer),
		f.tap(c.Action, func() inside { return contentOf(c.Contents) }), f.children(c, layout, at))
}

// children draws what a box holds, in JSON order, which is also the order of
// painting.
func (f flexer) children(c *component, layout string, at place) g.Node {
	nodes := make(g.Group, 0, len(c.Contents))
	first := true
	for i := range c.Contents {
		child := &c.Contents[i]
		nodes = append(nodes, f.component(child, place{
			layout: layout, spacing: c.Spacing, first: first,
			pointer: f.at(at.pointer, "contents", i), depth: at.depth + 1,
		}))
		if child.Position != "absolute" {
			first = false
		}
	}
	return nodes
}

func boxSize(s *style, c *component) {
	s.measure("width", c.Width, sizeLengths)
	s.measure("max-width", c.MaxWidth, sizeLengths)
	s.measure("height", c.Height, sizeLengths)
	s.measure("max-height", c.MaxHeight, sizeLengths)
}

// boxPadding sets the padding. A side's own value beats paddingAll, and that
// beats what the block gives its top box.
func boxPadding(s *style, c *component, at place) {
	if !s.measure("padding", c.PaddingAll, paddingLengths) && at.root && at.padding != (sides{}) {
		p := at.padding
		s.set("padding", px(p[0])+" "+px(p[1])+" "+px(p[2])+" "+px(p[3]))
	}
	s.measure("padding-top", c.PaddingTop, paddingLengths)
	s.measure("padding-bottom", c.PaddingBottom, paddingLengths)
	s.measure("padding-inline-start", c.PaddingStart, paddingLengths)
	s.measure("padding-inline-end", c.PaddingEnd, paddingLengths)
}

func boxSurface(s *style, c *component) {
	s.paint("background-color", c.BackgroundColor)
	if image, ok := gradient(c.Background.v); ok {
		s.set("background-image", image)
	}
	s.measure("border-width", c.BorderWidth, borderLengths)
	s.paint("border-color", c.BorderColor)
	s.measure("border-radius", c.CornerRadius, cornerLengths)
}

// gradient is the CSS image of a box's linear gradient. Both languages count the
// angle clockwise from "bottom to top", and neither turns it with the direction
// of the text.
func gradient(b background) (string, bool) {
	if b.Type != "linearGradient" {
		return "", false
	}
	turn, okA := angle(b.Angle)
	start, okS := colour(b.StartColor)
	end, okE := colour(b.EndColor)
	if !okA || !okS || !okE {
		return "", false
	}
	middle := ""
	if centre, ok := colour(b.CenterColor); ok {
		position, ok := sizeLengths.css(b.CenterPosition)
		if !ok || position[len(position)-1] != '%' {
			position = "50%"
		}
		middle = centre + " " + position + ","
	}
	return "linear-gradient(" + turn + "," + start + "," + middle + end + ")", true
}

// separator draws a line across the box. It takes no space: the element is
// empty and the stylesheet draws the line over it.
func (f flexer) separator(c *component, at place) g.Node {
	s := placed(c, at)
	s.paint("color", c.Color)
	return g.El("div", g.Attr("class", "fx-separator"), s.attr(), f.pointer(at.pointer))
}

func (f flexer) filler(c *component, at place) g.Node {
	s := placed(c, at)
	return g.El("div", g.Attr("class", "fx-filler"), s.attr(), f.pointer(at.pointer))
}

// spacer draws the removed component of old messages: a fixed space.
func (f flexer) spacer(c *component, at place) g.Node {
	var s style
	size := word("md")
	if _, ok := spaces[string(c.Size)]; ok {
		size = c.Size
	}
	length, _ := cornerLengths.css(size)
	s.set("flex", "0 0 "+length)
	return g.El("div", g.Attr("class", "fx-filler"), s.attr(), f.pointer(at.pointer))
}
