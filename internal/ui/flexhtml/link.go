package flexhtml

import (
	"strings"
	"unicode"
	"unicode/utf8"

	g "maragu.dev/gomponents"
)

// linkAllowed passes links that may be followed: http, https, line, tel and
// mailto. Everything else, javascript: and data: above all, is refused, as is a
// link with control characters or spaces, which browsers strip or split.
func linkAllowed(url string) bool {
	return schemeIn(url, "http", "https", "line", "tel", "mailto")
}

// mediaURL passes a bot's URL of a picture, video or sound: http or https.
func mediaURL(url string) (string, bool) {
	return url, schemeIn(url, "http", "https")
}

// hostedURL passes a URL the caller gives for media it keeps itself, which may
// also be a path on its own host.
func hostedURL(url string) (string, bool) {
	own := strings.HasPrefix(url, "/") && !strings.HasPrefix(url, "//") && !strings.HasPrefix(url, "/\\")
	return url, own && clean(url) || schemeIn(url, "http", "https")
}

func schemeIn(url string, schemes ...string) bool {
	scheme, rest, ok := strings.Cut(url, ":")
	if !ok || rest == "" || !clean(url) {
		return false
	}
	for _, s := range schemes {
		if strings.EqualFold(scheme, s) {
			return s != "http" && s != "https" || len(rest) > 2 && rest[:2] == "//"
		}
	}
	return false
}

// clean is false for text with spaces, control characters or invalid UTF-8.
func clean(s string) bool {
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// picture is an <img>. The referrer stays private and loading waits until the
// picture is near the visible part of the chat.
func picture(src, alt string, more ...g.Node) g.Node {
	return g.El("img", g.Attr("src", src), g.Attr("alt", alt), g.Attr("referrerpolicy", "no-referrer"),
		g.Attr("loading", "lazy"), g.Attr("decoding", "async"), g.Group(more))
}

// anchor is a link out of the chat.
func anchor(class, href string, content ...g.Node) g.Node {
	return g.El("a", g.Attr("class", class), g.Attr("href", href), g.Attr("target", "_blank"),
		g.Attr("rel", "noopener noreferrer nofollow"), g.Group(content))
}

// linked turns the http and https addresses of a text into links.
func (ctx Context) linked(text string) g.Node {
	var out g.Group
	for text != "" {
		at := addressStart(text)
		if at < 0 {
			break
		}
		end := at + addressLength(text[at:])
		if at > 0 {
			out = append(out, g.Text(text[:at]))
		}
		if url, ok := mediaURL(text[at:end]); ok {
			out = append(out, ctx.link(url))
		} else {
			out = append(out, g.Text(text[at:end]))
		}
		text = text[end:]
	}
	if text != "" {
		out = append(out, g.Text(text))
	}
	return out
}

// link leads to a URL of a text, by the page of ours that opens it if there is one.
func (ctx Context) link(url string) g.Node {
	if ctx.Link != nil {
		if own := ctx.Link(url); own != "" {
			return g.El("a", g.Attr("class", "msg-link"), g.Attr("href", own), g.Text(url))
		}
	}
	return anchor("msg-link", url, g.Text(url))
}

// addressStart finds the first "http://" or "https://" in any case, -1 if none.
func addressStart(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "://")
		if i < 0 {
			return -1
		}
		for _, scheme := range []string{"https", "http"} {
			at := from + i - len(scheme)
			if at >= 0 && strings.EqualFold(text[at:from+i], scheme) {
				return at
			}
		}
		from += i + len("://")
	}
}

// addressLength is how far an address at the start of text reaches: to the first
// character that cannot stand in one, less the punctuation that belongs to the
// sentence around it. A closing bracket stays when its opening one is inside.
func addressLength(text string) int {
	end := len(text)
	for i, r := range text {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError || strings.ContainsRune("<>\"`{}|\\^「」『』【】（）、。，！？", r) {
			end = i
			break
		}
	}
	for end > 0 {
		last := text[end-1]
		if strings.IndexByte(".,;:!?'*", last) >= 0 {
			end--
			continue
		}
		if last == ')' && strings.Count(text[:end], ")") > strings.Count(text[:end], "(") ||
			last == ']' && strings.Count(text[:end], "]") > strings.Count(text[:end], "[") {
			end--
			continue
		}
		break
	}
	return end
}
