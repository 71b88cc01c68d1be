package docs

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/ui/page"
)

// attempt is a call that somebody tried on the page.
type attempt struct {
	operation string
	key       string
	values    url.Values
	target    string
	answer    page.Answer
}

// try makes the call of an operation's form, in this process, as a client with
// that key would make it. With the header Kaiwa-Part it answers the result
// alone, for the script.
func (x *Docs) try(w http.ResponseWriter, r *http.Request) {
	d, err := x.document(r)
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	o, ok := d.find(r.PathValue("operation"))
	if !ok || o.method != http.MethodGet {
		x.Shell.Lost(w, r)
		return
	}
	if err := r.ParseForm(); err != nil {
		x.Shell.Refused(w, r, "The form could not be read")
		return
	}
	a := attempt{operation: o.ID, key: strings.TrimSpace(r.PostForm.Get("key")), values: r.PostForm, target: target(o, r.PostForm)}
	if a.answer, err = x.API.Call(r.Context(), o.method, a.target, a.key, ""); err != nil {
		x.Shell.Refused(w, r, "That cannot be asked for: "+a.target)
		return
	}
	if r.Header.Get("Kaiwa-Part") == "" {
		x.write(w, r, a)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = view{lang: page.ReaderOf(r).Lang, attempt: a}.result(o).Render(w)
}

// target is the path and query of a call with what was filled in.
func target(o operation, values url.Values) string {
	path, query := o.path, url.Values{}
	for _, p := range o.Parameters {
		value := strings.TrimSpace(values.Get(p.Name))
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case value != "":
			query.Set(p.Name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// form asks for a key and the parameters.
func (v view) form(o operation) g.Node {
	l := v.lang
	filled := url.Values{}
	key := ""
	if v.attempt.operation == o.ID {
		filled, key = v.attempt.values, v.attempt.key
	}
	return h.Form(h.ID("try-"+o.ID), h.Class("card try"), h.Method("post"), h.Action(Path+"/"+o.ID+"/try#try-"+o.ID),
		h.H3(g.Text(wordTry.In(l))),
		h.Div(h.Class("inputs"),
			h.Label(g.Text(wordKey.In(l)), h.Input(h.Type("password"), h.Name("key"), h.Value(key), h.AutoComplete("off"), g.Attr("spellcheck", "false"))),
			g.Map(o.Parameters, func(p parameter) g.Node { return input(p, filled.Get(p.Name)) })),
		h.Button(h.Class("button"), g.Text(wordSend.In(l))),
		v.result(o))
}

// input is the field of a parameter: a choice where its values are known.
func input(p parameter, value string) g.Node {
	if len(p.Schema.Enum) == 0 {
		return h.Label(g.Text(p.Name), h.Input(h.Name(p.Name), h.Value(value), g.If(p.Required, h.Required())))
	}
	return h.Label(g.Text(p.Name), h.Select(h.Name(p.Name), h.Option(h.Value("")),
		g.Map(p.Schema.Enum, func(one string) g.Node { return h.Option(h.Value(one), g.If(one == value, h.Selected()), g.Text(one)) })))
}

// shownMost is how much of an answer is shown.
const shownMost = 64 << 10

// result is what came of an attempt at the operation.
func (v view) result(o operation) g.Node {
	id := h.ID("result-" + o.ID)
	if v.attempt.operation != o.ID {
		return h.Div(id, h.Role("status"))
	}
	a := v.attempt.answer
	badge := "badge good"
	if a.Status >= http.StatusBadRequest {
		badge = "badge bad"
	}
	var names []string
	for name := range a.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	var headers strings.Builder
	for _, name := range names {
		fmt.Fprintf(&headers, "%s: %s\n", name, strings.Join(a.Header[name], ", "))
	}
	return h.Div(id, h.Role("status"),
		h.P(h.Class("mono"), h.Span(h.Class(badge), g.Text(fmt.Sprint(a.Status, " ", http.StatusText(a.Status)))), g.Text(" "+v.attempt.target)),
		h.Pre(h.Class("code"), h.TabIndex("0"), g.Text(headers.String()+"\n"+v.shown(a))))
}

// shown is the body of an answer as one can read it.
func (v view) shown(a page.Answer) string {
	if !strings.Contains(a.Header.Get("Content-Type"), "json") {
		return fmt.Sprint(len(a.Body), " ", wordFile.In(v.lang))
	}
	text := jsontext.Value(a.Body)
	if text.Indent() != nil {
		text = a.Body
	}
	return strings.ToValidUTF8(string(text[:min(len(text), shownMost)]), "")
}
