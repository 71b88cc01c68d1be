package flexhtml

import (
	"strings"

	g "maragu.dev/gomponents"
)

// text draws a text component. The outer element is the space the component
// gets, which gravity needs; the inner one is the text.
func (f flexer) text(c *component, at place) g.Node {
	outer := placed(c, at)
	gravity(&outer, c, at)
	outer.pick("text-align", c.Align, textAligns)
	var inner style
	fontSize(&inner, c.Size, bool(c.Scaling))
	fontFace(&inner, c)
	class := "fx-line"
	if c.Wrap {
		class = "fx-line fx-wrap"
		wrapping(&inner, c)
	}
	return g.El("div", g.Attr("class", "fx-text"), outer.attr(), f.pointer(at.pointer),
		g.If(c.AdjustMode == "shrink-to-fit", g.Attr("data-shrink")), f.tap(c.Action, noInside),
		g.El("p", g.Attr("class", class), inner.attr(), f.words(c, at)))
}

// words is what a text says: its spans, or else its text.
func (f flexer) words(c *component, at place) g.Node {
	if len(c.Contents) == 0 {
		return g.Text(flexText(c.Text, bool(c.Wrap)))
	}
	spans := make(g.Group, 0, len(c.Contents))
	for i := range c.Contents {
		span := &c.Contents[i]
		if span.Type != "span" {
			continue
		}
		var s style
		if has(fontLengths, span.Size) {
			fontSize(&s, span.Size, bool(c.Scaling))
		}
		fontFace(&s, span)
		spans = append(spans, g.El("span", s.attr(), f.pointer(f.at(at.pointer, "contents", i)),
			g.Text(flexText(span.Text, bool(c.Wrap)))))
	}
	return spans
}

// flexText is the text as shown: a line break counts only in wrapped text.
func flexText(text word, wrap bool) string {
	if wrap {
		return string(text)
	}
	return breaks.Replace(string(text))
}

var breaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// fontSize sets the size of text, span or icon; unknown sizes are the default.
func fontSize(s *style, size word, scaling bool) {
	value, ok := fontLengths.css(size)
	if !ok {
		value, _ = fontLengths.css("md")
	}
	s.set("font-size", scaled(value, scaling))
}

// fontFace sets what text and span share besides the size.
func fontFace(s *style, c *component) {
	s.paint("color", c.Color)
	s.pick("font-weight", c.Weight, weights)
	s.pick("font-style", c.Style, slants)
	if c.Decoration != "none" {
		s.pick("text-decoration", c.Decoration, decorations)
	}
}

// wrapping sets what only wrapped text has. The extra space between lines is
// taken off again above the first and below the last.
func wrapping(s *style, c *component) {
	if lines := c.MaxLines.whole(0, 10000); lines > 0 {
		s.set("-webkit-line-clamp", decimal(float64(lines)))
		s.set("display", "-webkit-box")
	}
	if spacing, ok := plainLengths.css(c.LineSpacing); ok {
		s.set("line-height", "calc(1.4em + "+spacing+")")
		s.set("margin-block", "calc("+spacing+"/-2)")
	}
}

// buttonComponent draws a button. Its colour is that of the text for the link
// style and of the background for the others.
func (f flexer) buttonComponent(c *component, at place) g.Node {
	outer := placed(c, at)
	gravity(&outer, c, at)
	look := buttonStyles[string(c.Style)]
	if look == "" {
		look = "link"
	}
	var inner style
	height, ok := buttonHeights[string(c.Height)]
	if !ok {
		height = buttonHeights["md"]
	}
	inner.set("height", px(height))
	if look == "link" {
		inner.paint("color", c.Color)
	} else {
		inner.paint("background-color", c.Color)
	}
	if c.Scaling {
		inner.set("font-size", scaled("16px", true))
	}
	a, _ := readAction(c.Action)
	return g.El("div", g.Attr("class", "fx-button"), outer.attr(), f.pointer(at.pointer),
		g.If(c.AdjustMode == "shrink-to-fit", g.Attr("data-shrink")),
		f.button("fx-tap fx-"+look, c.Action, inner.attr(), g.El("span", g.Attr("class", "fx-label"), g.Text(string(a.Label)))))
}
