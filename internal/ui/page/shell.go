package page

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/ui/static"
)

// Shell is the frame around every page.
type Shell struct {
	Clock  *clock.Clock
	Faults *fault.Set
	Log    *slog.Logger
	// Nav is the top bar, in order.
	Nav []Link
	// Position is where the stream of live updates now stands. A page notes it
	// before it reads anything, so that no change falls between page and stream.
	Position func() string
}

// Link is an entry of the top bar.
type Link struct {
	Key   string
	URL   string
	Label Phrase
}

// Page is what a screen adds to the frame.
type Page struct {
	Title string
	// Current is the key of the entry of the top bar the page belongs to.
	Current string
	// Position is what Shell.Position said before the screen read its data.
	Position string
	// Topics are the live updates the page listens to, beside those of the shell.
	Topics []string
	// Styles and Scripts are names of static files, beside those of the shell.
	Styles, Scripts []string
	// Class is put on the body, for the layout.
	Class string
	// Status is the HTTP status; 0 means 200.
	Status int
	Body   g.Node
}

// Topics of the shell itself.
const (
	TopicClock  = "clock"
	TopicFaults = "faults"
)

// Write sends the page to the reader.
func (s *Shell) Write(w http.ResponseWriter, r *http.Request, p Page) {
	reader := ReaderOf(r)
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	if p.Status == 0 {
		p.Status = http.StatusOK
	}
	w.WriteHeader(p.Status)
	if err := s.document(r, reader, p).Render(w); err != nil {
		s.Log.DebugContext(r.Context(), "page not sent in full", "path", r.URL.Path, "error", err)
	}
}

func (s *Shell) document(r *http.Request, reader Reader, p Page) g.Node {
	topics := append([]string{TopicClock, TopicFaults}, p.Topics...)
	return h.Doctype(h.HTML(h.Lang(string(reader.Lang)), g.If(reader.Theme != System, h.Data("theme", string(reader.Theme))),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1, viewport-fit=cover")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.TitleEl(g.Text(p.Title+" · Kaiwa")),
			h.Link(h.Rel("icon"), h.Href(static.URL("mark.svg"))),
			g.Map(append([]string{"tokens.css", "shell.css"}, p.Styles...), func(name string) g.Node {
				return h.Link(h.Rel("stylesheet"), h.Href(static.URL(name)))
			}),
			g.Map(append([]string{"shell.js"}, p.Scripts...), func(name string) g.Node {
				return h.Script(h.Type("module"), h.Src(static.URL(name)))
			}),
		),
		h.Body(g.If(p.Class != "", h.Class(p.Class)), h.Data("topics", strings.Join(topics, " ")), h.Data("position", p.Position),
			h.Data("copied", wordCopied.In(reader.Lang)), h.Data("broken", wordBroken.In(reader.Lang)+": "),
			h.A(h.Class("skip"), h.Href("#main"), g.Text(wordSkip.In(reader.Lang))),
			s.bar(r, reader, p.Current),
			s.FaultBar(reader.Lang),
			h.P(h.Class("offline"), h.ID("offline"), h.Role("status"), g.Attr("hidden"), g.Text(wordOffline.In(reader.Lang))),
			h.Main(h.ID("main"), p.Body),
		)))
}

func (s *Shell) bar(r *http.Request, reader Reader, current string) g.Node {
	return h.Header(h.Class("bar"),
		h.A(h.Class("brand"), h.Href("/_/"), h.Aria("label", "Kaiwa"), h.Img(h.Src(static.URL("mark.svg")), h.Alt(""), h.Width("24"), h.Height("24")), h.Span(g.Text("Kaiwa"))),
		h.Nav(h.Aria("label", wordMain.In(reader.Lang)), g.Map(s.Nav, func(l Link) g.Node {
			return h.A(h.Href(l.URL), g.If(l.Key == current, h.Aria("current", "page")), g.Text(l.Label.In(reader.Lang)))
		})),
		s.ClockChip(reader.Lang),
		display(r, reader),
	)
}

// ClockChip shows the virtual clock while it is apart from real time. The
// script lets it run on; without one it shows when the page was made.
func (s *Shell) ClockChip(l Lang) g.Node {
	if !s.Clock.Virtual() {
		return h.Span(h.ID("clock"), g.Attr("hidden"))
	}
	now := s.Clock.Now()
	return h.Span(h.ID("clock"), h.Class("chip"), h.Title(wordClock.In(l)),
		h.Span(h.Class("quiet"), g.Text(wordClock.In(l)+" ")),
		h.Time(h.DateTime(now.Format(time.RFC3339)), h.Data("runs", ""), g.Text(now.Format("2006-01-02 15:04")+" UTC")))
}

// FaultBar is the coloured bar that shows while any fault is on, so that no
// developer hunts a bug that somebody switched on.
func (s *Shell) FaultBar(l Lang) g.Node {
	if len(s.Faults.Rules()) == 0 {
		return h.Div(h.ID("faults"), g.Attr("hidden"))
	}
	return h.Div(h.ID("faults"), h.Class("fault-bar"), h.Role("status"), g.Text("⚠ "+wordFaults.In(l)))
}

// display is the menu of language and theme: a form that works without script.
func display(r *http.Request, reader Reader) g.Node {
	l := reader.Lang
	themes := []struct {
		theme Theme
		label Phrase
	}{{System, wordSystem}, {Light, wordLight}, {Dark, wordDark}}
	return h.Details(h.Class("display"),
		h.Summary(h.Title(wordSettings.In(l)), h.Span(h.Aria("hidden", "true"), g.Text("文A")), h.Span(h.Class("sr"), g.Text(wordSettings.In(l)))),
		h.Form(h.Class("sheet"), h.Method("post"), h.Action("/_/display"),
			h.Input(h.Type("hidden"), h.Name("back"), h.Value(r.URL.RequestURI())),
			h.Label(g.Text(wordLanguage.In(l)), h.Select(h.Name("lang"), g.Map(Langs, func(o struct {
				Lang Lang
				Name string
			}) g.Node {
				return h.Option(h.Value(string(o.Lang)), h.Lang(string(o.Lang)), g.If(o.Lang == l, h.Selected()), g.Text(o.Name))
			}))),
			h.Label(g.Text(wordTheme.In(l)), h.Select(h.Name("theme"), g.Map(themes, func(o struct {
				theme Theme
				label Phrase
			}) g.Node {
				return h.Option(h.Value(string(o.theme)), g.If(o.theme == reader.Theme, h.Selected()), g.Text(o.label.In(l)))
			}))),
			h.Button(h.Class("button"), g.Text(wordApply.In(l))),
		))
}

// Routes mounts what the shell itself answers.
func (s *Shell) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /_/display", choose)
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("/_/", s.Lost)
}

// Lost says that there is no such page.
func (s *Shell) Lost(w http.ResponseWriter, r *http.Request) {
	l := ReaderOf(r).Lang
	s.Write(w, r, notice(l, http.StatusNotFound, wordLost, wordLostWhy))
}

// Failed says that the server could not do it; the reason goes to the log only.
func (s *Shell) Failed(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.ErrorContext(r.Context(), "page failed", "path", r.URL.Path, "error", err)
	l := ReaderOf(r).Lang
	s.Write(w, r, notice(l, http.StatusInternalServerError, wordFailed, wordFailWhy))
}

// Refused shows why an input was not taken.
func (s *Shell) Refused(w http.ResponseWriter, r *http.Request, why string) {
	l := ReaderOf(r).Lang
	s.Write(w, r, notice(l, http.StatusBadRequest, wordFailed, Say(why, why)))
}

func notice(l Lang, status int, title, why Phrase) Page {
	return Page{Title: title.In(l), Status: status, Body: h.Section(h.Class("notice"),
		h.H1(g.Text(title.In(l))), h.P(g.Text(why.In(l))), h.P(h.A(h.Class("button"), h.Href("/_/"), g.Text(wordHome.In(l)))))}
}
