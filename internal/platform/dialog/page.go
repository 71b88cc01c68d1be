package dialog

import (
	"bytes"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/friend"
)

// style is all that the pages look like: one column that a phone and a desktop
// can show, light and dark.
const style = `:root{color-scheme:light dark;--line:#0a7d33;--ink:#1b1f24;--quiet:#59636e;--paper:#fff;--edge:#d1d9e0}
@media(prefers-color-scheme:dark){:root{--line:#5ec27f;--ink:#f0f3f6;--quiet:#a8b1bb;--paper:#14171b;--edge:#3d444d}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
main{max-width:26rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.25rem;margin:0 0 1rem}p,li{overflow-wrap:anywhere}
.quiet{color:var(--quiet);font-size:.875rem}form{display:grid;gap:.75rem;margin:0 0 1.5rem}label{display:grid;gap:.25rem}
label.check{display:flex;gap:.5rem;align-items:baseline}select,input:not([type=checkbox],[type=radio]){font:inherit;color:inherit;background:transparent;border:1px solid var(--edge);border-radius:.5rem;padding:.5rem;width:100%}
option{color:#1b1f24;background:#fff}button{font:inherit;border-radius:.5rem;padding:.625rem 1rem;border:1px solid var(--line);background:transparent;color:var(--line);cursor:pointer}
button.main{background:var(--line);color:var(--paper)}ul{padding-left:1.25rem;margin:0}fieldset{display:grid;gap:.5rem;border:1px solid var(--edge);border-radius:.5rem;margin:0}`

// Page is an HTML answer of the platform's own, with that status.
func Page(status int, title string, body ...g.Node) (any, error) {
	var b bytes.Buffer
	err := h.Doctype(h.HTML(h.Lang("en"),
		h.Head(h.Meta(h.Charset("utf-8")), h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("referrer"), h.Content("no-referrer")), h.TitleEl(g.Text(title)), h.StyleEl(g.Raw(style))),
		h.Body(h.Main(h.H1(g.Text(title)), g.Group(body))))).Render(&b)
	return api.Status{Code: status, Body: api.Binary{Type: "text/html; charset=utf-8", Length: int64(b.Len()), Body: &b}}, err
}

// Redirect sends the browser on.
func Redirect(c *api.Call, location string) (any, error) {
	c.SetHeader("Location", location)
	return api.Status{Code: 302, Body: api.Empty{}}, nil
}

// Protect keeps a page from being framed by another site, where a person could
// be made to press its buttons unseen, and from running any script.
func Protect(c *api.Call) {
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; frame-ancestors 'none'")
}

// Hidden are hidden fields that carry what the form was opened with.
func Hidden(name, value string) g.Node {
	return h.Input(h.Type("hidden"), h.Name(name), h.Value(value))
}

// peopleMost is how many people a list to choose from holds; beyond it an id is typed.
const peopleMost = 500

// Person is the control by which the browser's user says who they are: a list
// named userId, or a field of that name where the world has too many people.
func Person(people []*friend.Person, chosen string) g.Node {
	if len(people) == 0 || len(people) > peopleMost {
		return h.Label(g.Text("User ID"), h.Input(h.Name("userId"), h.Value(chosen), h.Required(), h.Pattern("U[0-9a-f]{32}"), h.AutoComplete("off")))
	}
	return h.Label(g.Text("Person"), h.Select(h.Name("userId"), g.Map(people, func(p *friend.Person) g.Node {
		return h.Option(h.Value(p.UserID), g.If(p.UserID == chosen, h.Selected()), g.Text(p.Profile.DisplayName+" ("+p.UserID[:9]+"…)"))
	})))
}
