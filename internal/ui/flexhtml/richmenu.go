package flexhtml

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// RichMenuArea is what can be tapped of a rich menu: bounds in pixels of the
// menu, and an action object.
type RichMenuArea struct {
	X, Y, Width, Height int64
	Action              jsontext.Value
}

// RichMenu draws the picture of a rich menu of so many pixels, with its areas
// over it: buttons named "area" that submit their index where no script runs
// their action.
//
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
func RichMenu(src string, width, height int64, areas []RichMenuArea, ctx Context) g.Node {
	whole := dimensions{float64(width), float64(height)}
	var s style
	s.set("aspect-ratio", decimal(whole.width)+"/"+decimal(whole.height))
	parts := g.Group{g.El("img", g.Attr("src", src), g.Attr("alt", ""))}
	for i, a := range areas {
		parts = append(parts, ctx.menuArea(i, a, whole))
	}
	return ctx.root("msg-menu", g.El("div", g.Attr("class", "msg-map"), s.attr(), parts))
}

func (ctx Context) menuArea(i int, m RichMenuArea, whole dimensions) g.Node {
	a, ok := readAction(m.Action)
	if !ok || !ctx.tappable(m.Action) {
		return nil
	}
	at := within(area{pixels(m.X), pixels(m.Y), pixels(m.Width), pixels(m.Height)}, whole)
	index, label := strconv.Itoa(i), ctx.nameOf(a)
	return g.El("button", g.Attr("class", "msg-area"), g.Attr("name", "area"), g.Attr("value", index), g.Attr("data-area", index),
		actionData(m.Action), at.attr(), g.Attr("title", label), g.Attr("aria-label", label))
}

func pixels(n int64) num { return num{set: true, f: float64(n)} }
