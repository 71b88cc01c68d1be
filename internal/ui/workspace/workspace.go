package workspace

import (
	"errors"
	"net/http"
	"sync"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/key"
)

// Settings serves the settings of workspaces.
type Settings struct {
	Shell    *page.Shell
	Accounts *account.Room
	Keys     *key.Room
	Feed     *feed.Feed

	mu sync.Mutex
	// issued are new keys until they are shown, which is once, by a number that
	// stands in the address.
	issued map[string]issued
}

// issued is a key that its owner has yet to see.
type issued struct {
	workspaceID, secret string
	until               time.Time
}

// Routes mounts the settings.
func (x *Settings) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_/workspace/{$}", x.choose)
	mux.HandleFunc("GET /_/workspace/{ws}", x.toKeys)
	mux.HandleFunc("GET /_/workspace/{ws}/settings/{$}", x.toKeys)
	mux.HandleFunc("GET /_/workspace/{ws}/settings/api-keys", x.in(x.keys))
	mux.HandleFunc("POST /_/workspace/{ws}/settings/api-keys", x.in(x.issue))
	mux.HandleFunc("POST /_/workspace/{ws}/settings/api-keys/{key}/regenerate", x.in(x.regenerate))
	mux.HandleFunc("POST /_/workspace/{ws}/settings/api-keys/{key}/delete", x.in(x.remove))
}

// Live registers what the pages listen to: keys:{workspace}.
func (x *Settings) Live(s *live.Streams) { s.On("keys", x.changed) }

// choose goes to the only workspace, or lists them.
func (x *Settings) choose(w http.ResponseWriter, r *http.Request) {
	list := x.Accounts.List()
	if len(list) == 1 {
		http.Redirect(w, r, keysPath(list[0].ID), http.StatusSeeOther)
		return
	}
	l := page.ReaderOf(r).Lang
	var body g.Node = h.P(h.Class("lead"), g.Text(wordNone.In(l)))
	if len(list) > 0 {
		body = h.Ul(h.Class("grid"), g.Map(list, func(v account.Workspace) g.Node {
			return h.Li(h.Class("card"), h.H3(h.A(h.Href(keysPath(v.ID)), g.Text(v.Name))))
		}))
	}
	x.Shell.Write(w, r, page.Page{Title: wordWorkspaces.In(l), Current: "workspace", Position: x.Shell.Position(),
		Body: g.Group{h.H1(g.Text(wordWorkspaces.In(l))), body}})
}

func (x *Settings) toKeys(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, keysPath(r.PathValue("ws")), http.StatusSeeOther)
}

func keysPath(workspaceID string) string { return "/_/workspace/" + workspaceID + "/settings/api-keys" }

// in finds the workspace of the path, and answers what went wrong.
func (x *Settings) in(run func(http.ResponseWriter, *http.Request, account.Workspace) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ws, ok := x.Accounts.Workspace(r.PathValue("ws"))
		if !ok {
			x.Shell.Lost(w, r)
			return
		}
		switch err := run(w, r, ws); {
		case errors.Is(err, store.ErrNotFound):
			x.Shell.Refused(w, r, wordGone.In(page.ReaderOf(r).Lang))
		case err != nil:
			x.Shell.Failed(w, r, err)
		}
	}
}
