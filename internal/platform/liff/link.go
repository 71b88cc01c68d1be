package liff

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	g "maragu.dev/gomponents"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
)

// primary is where a LIFF URL leads at first: the endpoint, with what followed
// the LIFF id in liff.state. The SDK then goes on from there.
// https://developers.line.biz/en/docs/liff/opening-liff-app/#redirect-flow
func primary(endpoint, extra string) string {
	if extra == "" {
		return endpoint
	}
	separator := "?"
	if strings.Contains(endpoint, "?") {
		separator = "&"
	}
	return endpoint + separator + "liff.state=" + url.QueryEscape(extra)
}

// fragment adds what only the page, and no server, gets to see.
func fragment(to string, values [][2]string) string {
	var b strings.Builder
	for _, v := range values {
		if v[1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(v[0] + "=" + url.QueryEscape(v[1]))
	}
	return to + "#" + b.String()
}

// linkForm are the addresses of LIFF apps, old ones too.
var linkForm = regexp.MustCompile(`(?i)^(?:https://(?:liff\.line\.me|miniapp\.line\.me|line\.me/R/app)/|line://app/)([0-9]{10}-[0-9A-Za-z]{8})($|[/?#].*)`)

// ParseURL takes a LIFF URL apart: the LIFF id, and what follows it.
// https://developers.line.biz/en/docs/liff/opening-liff-app/
func ParseURL(url string) (liffID, extra string, ok bool) {
	m := linkForm.FindStringSubmatch(url)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// link answers a LIFF URL in an ordinary browser: it goes on to the endpoint,
// where the SDK takes over. Other query parameters stay in liff.state.
func (r *Room) link(c *api.Call) (any, error) {
	if w := windows[c.Path("liffId")]; w != nil {
		return w.show(c)
	}
	var app *App
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		app, err = r.Find(tx, c.Path("liffId"))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		dialog.Protect(c)
		return dialog.Page(404, "Not found", g.Text("There is no such LIFF app."))
	}
	if err != nil {
		return nil, err
	}
	extra := c.Path("rest")
	if extra != "" {
		extra = "/" + extra
	}
	if q := c.RawQuery(); q != "" {
		extra += "?" + q
	}
	return dialog.Redirect(c, primary(app.View.URL, extra))
}
