package flexhtml

import (
	"fmt"
	"net/url"

	g "maragu.dev/gomponents"
)

// contentProvider says where a person's media is: at LINE, or, when a LIFF app
// posted it, at external URLs.
type contentProvider struct {
	OriginalContentURL word `json:"originalContentUrl"`
	PreviewImageURL    word `json:"previewImageUrl"`
}

// content gives the URLs of a message's media and its preview, "" where there is
// none that may be shown.
func (ctx Context) content(m message) (original, preview string) {
	external := m.ContentProvider.v
	original = firstURL(ctx.ContentURL, m.OriginalContentURL, external.OriginalContentURL)
	preview = firstURL(ctx.PreviewURL, m.PreviewImageURL, external.PreviewImageURL)
	return original, preview
}

func firstURL(hosted string, others ...word) string {
	if u, ok := hostedURL(hosted); ok {
		return u
	}
	for _, other := range others {
		if u, ok := mediaURL(string(other)); ok {
			return u
		}
	}
	return ""
}

// image draws the preview, which opens the original.
func (ctx Context) image(m message) g.Node {
	original, preview := ctx.content(m)
	if preview == "" {
		preview = original
	}
	if preview == "" {
		return ctx.root("msg-image", placeholder(because(ctx.says().Photo, ctx.says().NoURL)))
	}
	if original == "" {
		return ctx.root("msg-image", picture(preview, ctx.says().Photo))
	}
	return ctx.root("msg-image", anchor("msg-open", original, picture(preview, ctx.says().Photo)))
}

func (ctx Context) video(m message) g.Node {
	original, preview := ctx.content(m)
	if original == "" {
		return ctx.root("msg-video", placeholder(because(ctx.says().Video, ctx.says().NoURL)))
	}
	return ctx.root("msg-video", player(original, preview, g.Attr("aria-label", ctx.says().Video)), duration(m.Duration))
}

func (ctx Context) audio(m message) g.Node {
	original, _ := ctx.content(m)
	if original == "" {
		return ctx.root("msg-audio", placeholder(because(ctx.says().Voice, ctx.says().NoURL)), duration(m.Duration))
	}
	return ctx.root("msg-audio", g.El("audio", g.Attr("src", original), g.Attr("controls"),
		g.Attr("preload", "none"), g.Attr("aria-label", ctx.says().Voice)), duration(m.Duration))
}

// duration shows milliseconds as minutes and seconds.
func duration(n num) g.Node {
	if !n.set {
		return nil
	}
	seconds := (n.whole(0, 1<<40) + 500) / 1000
	return g.El("span", g.Attr("class", "msg-duration"), g.Textf("%d:%02d", seconds/60, seconds%60))
}

// sticker draws a placeholder with the ids, unless the caller has a picture of
// its own: LINE's artwork is not ours to show.
func (ctx Context) sticker(m message) g.Node {
	label := ctx.says().Sticker + " " + string(m.PackageID) + "/" + string(m.StickerID)
	if m.Text != "" {
		label += ": " + string(m.Text)
	}
	if ctx.StickerURL != nil {
		if src, ok := hostedURL(ctx.StickerURL(string(m.PackageID), string(m.StickerID))); ok {
			return ctx.root("msg-sticker", ctx.Quoted, picture(src, label))
		}
	}
	return ctx.root("msg-sticker", ctx.Quoted,
		g.El("div", g.Attr("class", "msg-sticker-square"), g.Attr("role", "img"), g.Attr("aria-label", label),
			g.El("span", g.Text(ctx.says().Sticker)),
			g.El("span", g.Text(string(m.PackageID))), g.El("span", g.Text(string(m.StickerID))),
			g.If(m.Text != "", g.El("span", g.Attr("class", "msg-sticker-text"), g.Text(string(m.Text))))))
}

// file draws name and size; it is a download where the content is kept.
func (ctx Context) file(m message) g.Node {
	content := g.Group{
		drawing("msg-icon", icons["file"]),
		g.El("span", g.Attr("class", "msg-card-text"),
			g.El("strong", g.Text(name(m.FileName, ctx.says().File))),
			g.Iff(m.FileSize.set, func() g.Node { return g.El("small", g.Text(bytes(m.FileSize.f))) })),
	}
	if href, ok := hostedURL(ctx.ContentURL); ok {
		return ctx.root("msg-file msg-card", anchor("msg-open", href, g.Attr("download", string(m.FileName)), content))
	}
	return ctx.root("msg-file msg-card", g.El("div", g.Attr("class", "msg-open"), content))
}

func bytes(n float64) string {
	for _, unit := range []string{"B", "KB", "MB"} {
		if n < 1024 {
			return decimal(float64(int(n*10))/10) + " " + unit
		}
		n /= 1024
	}
	return fmt.Sprintf("%.1f GB", n)
}

// location draws title and address with a link to a map; the card itself has no
// map, so that showing a chat asks nobody for one.
func (ctx Context) location(m message) g.Node {
	card := g.Group{
		drawing("msg-icon", icons["location"]),
		g.El("span", g.Attr("class", "msg-card-text"),
			g.El("strong", g.Text(name(m.Title, ctx.says().Location))),
			g.If(m.Address != "", g.El("span", g.Text(string(m.Address)))),
			g.Iff(m.Latitude.set && m.Longitude.set, func() g.Node {
				return g.El("small", g.Textf("%.6f, %.6f", m.Latitude.f, m.Longitude.f))
			})),
	}
	if !m.Latitude.set || !m.Longitude.set {
		return ctx.root("msg-location msg-card", g.El("div", g.Attr("class", "msg-open"), card))
	}
	query := url.Values{"mlat": {decimal6(m.Latitude.f)}, "mlon": {decimal6(m.Longitude.f)}}
	return ctx.root("msg-location msg-card", anchor("msg-open", "https://www.openstreetmap.org/?"+query.Encode(), card))
}

func decimal6(n float64) string { return fmt.Sprintf("%.6f", n) }

// coupon draws the card of a coupon, of which the message holds only the id.
func (ctx Context) coupon(m message) g.Node {
	var c Coupon
	if ctx.Coupon != nil {
		c = ctx.Coupon(string(m.CouponID))
	}
	var head g.Node = drawing("msg-icon", icons["coupon"])
	if src, ok := hostedURL(c.ImageURL); ok {
		head = picture(src, "")
	}
	return ctx.root("msg-coupon msg-card", g.Attr("role", "group"), g.Attr("aria-label", ctx.says().Coupon),
		g.El("div", g.Attr("class", "msg-open"), head, g.El("span", g.Attr("class", "msg-card-text"),
			g.El("strong", g.Text(name(word(c.Title), ctx.says().Coupon))),
			line("span", "", c.Reward), line("span", "", c.Period), line("strong", "msg-code", c.Code), line("small", "", string(m.CouponID)),
			g.If(c.Used, line("span", "msg-used", ctx.says().Used)), line("span", "msg-used", c.Note),
			g.Iff(ctx.Interactive && c.Button != "", func() g.Node {
				return g.El("button", g.Attr("class", "msg-act"), g.Attr("form", c.Form), g.Attr("name", c.Act), g.Attr("value", string(m.CouponID)), g.Text(c.Button))
			}))))
}

// line is one line of a card's words, nothing where there are none.
func line(element, class, words string) g.Node {
	if words == "" {
		return nil
	}
	return g.El(element, g.If(class != "", g.Attr("class", class)), g.Text(words))
}
