package docs

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/ui/page"
)

// Docs serves the documentation.
type Docs struct {
	Shell *page.Shell
	API   page.API
}

// Path is where the documentation is, and where its document comes from.
const (
	Path         = "/_/docs"
	documentPath = "/public/v1/openapi.json"
)

// Routes mounts the pages.
func (x *Docs) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, x.page)
	mux.HandleFunc("GET "+Path+"/{operation}", x.one)
	mux.HandleFunc("POST "+Path+"/{operation}/try", x.try)
}

func (x *Docs) document(r *http.Request) (document, error) {
	a, err := x.API.Call(r.Context(), http.MethodGet, documentPath, "", "")
	if err == nil && a.Status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", documentPath, a.Status)
	}
	if err != nil {
		return document{}, err
	}
	return read(a.Body)
}

// one leads to an operation on the page; with ?try=1 to its form.
func (x *Docs) one(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("operation")
	if r.FormValue("try") != "" {
		id = "try-" + id
	}
	http.Redirect(w, r, Path+"#"+url.PathEscape(id), http.StatusSeeOther)
}

func (x *Docs) page(w http.ResponseWriter, r *http.Request) { x.write(w, r, attempt{}) }

// write sends the page, with the answer to an attempt where there was one.
func (x *Docs) write(w http.ResponseWriter, r *http.Request, a attempt) {
	d, err := x.document(r)
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	v := view{lang: page.ReaderOf(r).Lang, document: d, base: page.Base(r), attempt: a}
	x.Shell.Write(w, r, page.Page{Title: wordTitle.In(v.lang), Current: "docs", Position: x.Shell.Position(),
		Styles: []string{"docs.css"}, Scripts: []string{"docs.js"}, Body: v.body()})
}

// view is the page of one document.
type view struct {
	lang page.Lang
	document
	base    string
	attempt attempt
}

func (v view) body() g.Node {
	l := v.lang
	return h.Div(h.Class("docs"),
		h.Nav(h.Aria("label", wordOperations.In(l)), h.Ul(h.Role("list"), g.Map(v.operations(), func(o operation) g.Node {
			return h.Li(h.A(h.Href("#"+o.ID), g.Text(o.Summary)))
		}))),
		h.Div(
			h.H1(g.Text(v.Info.Title)), h.P(h.Class("lead"), h.Lang("en"), g.Text(v.Info.Description)),
			h.Section(h.H2(g.Text(wordKeys.In(l))), h.P(g.Text(wordKeysWhy.In(l)+" "), h.A(h.Href("/_/workspace/"), g.Text(wordGetKey.In(l)))),
				h.Pre(h.Class("code"), g.Text("Authorization: Bearer API_KEY\nX-API-KEY: API_KEY"))),
			h.Section(h.Class("section"), h.H2(g.Text(wordLimits.In(l))), h.P(g.Text(wordLimitsWhy.In(l))), v.headers()),
			h.Section(h.Class("section"), h.H2(g.Text(wordErrors.In(l))), h.P(g.Text(wordErrorsWhy.In(l)))),
			g.Map(v.operations(), v.operation)))
}

func (v view) headers() g.Node {
	names := make([]string, 0, len(v.Components.Headers))
	for name := range v.Components.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	return h.Dl(h.Lang("en"), g.Map(names, func(name string) g.Node {
		return g.Group{h.Dt(h.Class("mono"), g.Text(name)), h.Dd(g.Text(v.Components.Headers[name].Description))}
	}))
}

// operation is one operation: what it does and takes, what it answers, how to
// call it, and a form that does.
func (v view) operation(o operation) g.Node {
	l := v.lang
	statuses := make([]string, 0, len(o.Responses))
	for status := range o.Responses {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	return h.Section(h.ID(o.ID), h.Class("operation"),
		h.H2(h.Lang("en"), g.Text(o.Summary)),
		h.P(h.Class("mono route"), h.Span(h.Class("badge"), g.Text(o.method)), g.Text(" "+o.path)),
		h.P(h.Lang("en"), g.Text(o.Description)),
		g.If(len(o.Parameters) > 0, g.Group{h.H3(g.Text(wordParameters.In(l))), v.parameters(o)}),
		h.H3(g.Text(wordAnswers.In(l))),
		h.Dl(h.Lang("en"), g.Map(statuses, func(status string) g.Node {
			return g.Group{h.Dt(h.Class("mono"), g.Text(status)), h.Dd(g.Text(o.Responses[status].Description))}
		})),
		v.fieldsOf(o),
		page.Snippet(l, "curl-"+o.ID, page.Curl{Base: v.base, Path: example(o), Token: "API_KEY"}.String()),
		v.form(o))
}

func (v view) parameters(o operation) g.Node {
	return v.table(len(o.Parameters), func(i int) []g.Node {
		p := o.Parameters[i]
		return v.row(p.Name, p.Schema, p.Required, p.Description)
	})
}

// fieldsOf is what a good JSON answer holds.
func (v view) fieldsOf(o operation) g.Node {
	list := v.fields(o.Responses["200"].Content["application/json"].Schema, "", 0)
	if len(list) == 0 {
		return nil
	}
	return h.Details(h.Summary(g.Text(wordBody.In(v.lang))), v.table(len(list), func(i int) []g.Node {
		return v.row(list[i].path, list[i].schema, false, list[i].schema.Description)
	}))
}

func (v view) row(name string, s schema, required bool, text string) []g.Node {
	if len(s.Enum) > 0 {
		text = strings.TrimSpace(text + " " + strings.Join(s.Enum, ", ") + ".")
	}
	return []g.Node{
		h.Td(h.Class("mono"), g.Text(name), g.If(required, h.Span(h.Class("badge"), g.Text(wordRequired.In(v.lang))))),
		h.Td(h.Class("mono"), g.Text(s.kind()+s.bounds())),
		h.Td(h.Lang("en"), g.Text(text)),
	}
}

func (v view) table(rows int, cells func(int) []g.Node) g.Node {
	body := make(g.Group, 0, rows)
	for i := range rows {
		body = append(body, h.Tr(cells(i)...))
	}
	return h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("group"), h.Aria("label", wordParameters.In(v.lang)), h.Table(
		h.THead(h.Tr(g.Map([]page.Phrase{wordName, wordType, wordMeaning}, func(p page.Phrase) g.Node { return h.Th(h.Scope("col"), g.Text(p.In(v.lang))) }))),
		h.TBody(body)))
}

// bounds are the limits and the default of a value, if it has any.
func (s schema) bounds() string {
	var b strings.Builder
	if s.Minimum != nil && s.Maximum != nil {
		fmt.Fprintf(&b, " %v–%v", *s.Minimum, *s.Maximum)
	}
	if s.Default != nil {
		fmt.Fprintf(&b, " = %v", s.Default)
	}
	return b.String()
}

// example is a path with words in the places of its parameters.
func example(o operation) string {
	path := o.path
	for _, p := range o.Parameters {
		path = strings.ReplaceAll(path, "{"+p.Name+"}", strings.ToUpper(p.Name))
	}
	return path
}
