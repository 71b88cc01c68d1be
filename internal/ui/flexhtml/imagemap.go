package flexhtml

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
)

// size is the base size of an imagemap in pixels; its width is always 1040.
type size struct {
	Width  num `json:"width"`
	Height num `json:"height"`
}

// area is a rectangle of an imagemap in pixels of the base size.
type area struct {
	X      num `json:"x"`
	Y      num `json:"y"`
	Width  num `json:"width"`
	Height num `json:"height"`
}

type imagemapVideo struct {
	OriginalContentURL word                 `json:"originalContentUrl"`
	PreviewImageURL    word                 `json:"previewImageUrl"`
	Area               object[area]         `json:"area"`
	ExternalLink       object[externalLink] `json:"externalLink"`
}

type externalLink struct {
	LinkURI word `json:"linkUri"`
	Label   word `json:"label"`
}

// imagemap draws the picture with its areas as buttons over it, placed in
// percent so that they follow the picture's width.
//
// https://developers.line.biz/en/reference/messaging-api/#imagemap-message
func (ctx Context) imagemap(m message) g.Node {
	base := baseSize(m.BaseSize.v)
	var s style
	s.set("aspect-ratio", decimal(base.width)+"/"+decimal(base.height))
	parts := g.Group{ctx.imagemapPicture(m)}
	if m.Video.v.OriginalContentURL != "" {
		parts = append(parts, ctx.imagemapPlayer(m.Video.v, base))
	}
	for _, raw := range m.Actions {
		parts = append(parts, ctx.area(raw, base))
	}
	return ctx.root("msg-imagemap", g.Attr("role", "group"), g.Attr("aria-label", name(m.AltText, ctx.says().Imagemap)),
		g.El("div", g.Attr("class", "msg-map"), s.attr(), parts))
}

type dimensions struct{ width, height float64 }

func baseSize(s size) dimensions {
	base := dimensions{1040, 1040}
	if s.Width.f >= 1 && s.Width.f <= 1e5 {
		base.width = s.Width.f
	}
	if s.Height.f >= 1 && s.Height.f <= 1e5 {
		base.height = s.Height.f
	}
	return base
}

// imagemapPicture lets the browser choose among the widths the bot serves. The
// URLs are the base URL, a slash and the width, with no extension.
func (ctx Context) imagemapPicture(m message) g.Node {
	base, ok := mediaURL(string(m.BaseURL))
	if !ok {
		return placeholder(because(ctx.says().Imagemap, ctx.says().NotWeb))
	}
	var sources []string
	for _, width := range imagemapWidths {
		w := strconv.Itoa(width)
		sources = append(sources, base+"/"+w+" "+w+"w")
	}
	return picture(base+"/1040", "", g.Attr("srcset", strings.Join(sources, ", ")), g.Attr("sizes", "300px"))
}

// within gives the style that lays an area over the picture.
func within(a area, base dimensions) style {
	var s style
	s.set("left", percent(a.X, base.width))
	s.set("top", percent(a.Y, base.height))
	s.set("width", percent(a.Width, base.width))
	s.set("height", percent(a.Height, base.height))
	return s
}

func percent(n num, of float64) string {
	share := n.f / of * 100
	return decimal(min(max(share, 0), 1000)) + "%"
}

func (ctx Context) area(raw jsontext.Value, base dimensions) g.Node {
	a, ok := readAction(raw)
	var place struct {
		Area object[area] `json:"area"`
	}
	if !ok || json.Unmarshal(raw, &place, lenient) != nil {
		return nil
	}
	label := ctx.nameOf(a)
	s := within(place.Area.v, base)
	return ctx.button("msg-area", raw, s.attr(), g.Attr("title", label), g.If(ctx.Interactive, g.Attr("aria-label", label)))
}

// imagemapPlayer is the video over an imagemap. The app shows the external link
// when the video has ended; here it stands in the corner of the video.
func (ctx Context) imagemapPlayer(v imagemapVideo, base dimensions) g.Node {
	src, ok := mediaURL(string(v.OriginalContentURL))
	if !ok {
		return placeholder(because(ctx.says().Video, ctx.says().NotWeb))
	}
	poster := firstURL("", v.PreviewImageURL)
	s := within(v.Area.v, base)
	link := v.ExternalLink.v
	return g.El("div", g.Attr("class", "msg-map-video"), s.attr(), player(src, poster),
		g.Iff(linkAllowed(string(link.LinkURI)), func() g.Node {
			return anchor("msg-more", string(link.LinkURI), g.Text(name(link.Label, ctx.says().More)))
		}))
}
