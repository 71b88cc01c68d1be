package flexhtml

import (
	g "maragu.dev/gomponents"
)

// image draws an image component: the outer element is the component's space,
// the frame inside is the drawing area of size and aspectRatio, which shrinks
// when the space is narrower.
func (f flexer) image(c *component, at place) g.Node {
	outer := placed(c, at)
	gravity(&outer, c, at)
	outer.pick("align-items", c.Align, imageAligns)
	var area style
	width, ok := imageLengths.css(c.Size)
	switch {
	case c.Size == "full":
		width = "100%"
	case !ok:
		width, _ = imageLengths.css("md")
	}
	area.set("width", width)
	aspect(&area, c.AspectRatio)
	area.paint("background-color", c.BackgroundColor)
	class := "fx-image"
	if width[len(width)-1] == '%' && (at.vertical() || c.Position == "absolute" || flexOf(c, at) == 0) {
		class += " fx-broad"
	}
	return g.El("div", g.Attr("class", class), outer.attr(), f.pointer(at.pointer), f.tap(c.Action, noInside),
		f.frame("fx-frame", area, c))
}

// frame draws a picture in its drawing area, or says why it is not there.
func (ctx Context) frame(class string, area style, c *component) g.Node {
	src, ok := mediaURL(string(c.URL))
	if !ok {
		return g.El("div", g.Attr("class", class), area.attr(), g.Attr("data-broken", because(ctx.says().Image, ctx.says().NotWeb)))
	}
	if c.AspectMode == "cover" {
		class += " fx-cover"
	}
	alt := ""
	if a, ok := readAction(c.Action); ok {
		alt = ctx.nameOf(a)
	}
	return g.El("div", g.Attr("class", class), area.attr(), picture(src, alt))
}

func aspect(s *style, r word) {
	w, h := ratio(r)
	s.set("aspect-ratio", decimal(w)+"/"+decimal(h))
}

// icon draws an icon: one line of its font size tall, its bottom on the
// baseline.
func (f flexer) icon(c *component, at place) g.Node {
	s := placed(c, at)
	fontSize(&s, c.Size, bool(c.Scaling))
	w, h := ratio(c.AspectRatio)
	s.set("width", decimal(w/h)+"em")
	src, ok := mediaURL(string(c.URL))
	if !ok {
		return g.El("span", g.Attr("class", "fx-icon"), s.attr(), f.pointer(at.pointer),
			g.Attr("data-broken", because(f.says().Icon, f.says().NotWeb)))
	}
	return g.El("span", g.Attr("class", "fx-icon"), s.attr(), f.pointer(at.pointer), picture(src, ""))
}

// video draws the video of a hero block. Where LINE would not play it, because
// the client is old, the bubble is too small or part of a carousel, its
// altContent stands in.
func (f flexer) video(c *component, at place) g.Node {
	src, ok := mediaURL(string(c.URL))
	if f.Legacy || f.carousel || !at.hero || !bubbles[f.size].video || !ok {
		return f.instead(c, at)
	}
	poster := firstURL("", c.PreviewURL)
	var s style
	aspect(&s, c.AspectRatio)
	a, hasAction := readAction(c.Action)
	return g.El("div", g.Attr("class", "fx-video"), s.attr(), f.pointer(at.pointer),
		player(src, poster),
		g.Iff(hasAction && a.Label != "", func() g.Node {
			return f.button("msg-more", c.Action, g.Text(string(a.Label)))
		}))
}

func (f flexer) instead(c *component, at place) g.Node {
	if len(c.AltContent) == 0 || c.AltContent[0].Type == "video" {
		return placeholder(f.says().NoAltContent)
	}
	at.pointer = f.at(at.pointer, "altContent", -1)
	at.depth++
	return f.component(&c.AltContent[0], at)
}

// player is a <video> that loads nothing before somebody plays it.
func player(src, poster string, more ...g.Node) g.Node {
	return g.El("video", g.Attr("src", src), g.If(poster != "", g.Attr("poster", poster)),
		g.Attr("controls"), g.Attr("playsinline"), g.Attr("preload", "none"), g.Group(more))
}
