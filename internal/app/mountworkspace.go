package app

import (
	"net/http"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/ui"
	"kaiwa/internal/workspace/publicapi"
)

// publicPrefix begins the paths that are answered as the public API does, those
// of versions that there are none of yet among them.
const publicPrefix = "/public"

// mountWorkspace mounts the workspaces' public API. Its limits protect this
// server, so they run on real time whatever the virtual clock says.
func (a *App) mountWorkspace(server *api.Server, root map[string]http.Handler) {
	a.public = publicapi.New(a.keys, a.workspaces, a.archive, time.Now)
	routes := api.NewRoutes(server, a.public.Family())
	routes.Add(a.public.Family(), a.public.Ops())
	root[publicPrefix] = routes
}

// mountPages mounts the user interface.
func (a *App) mountPages(root map[string]http.Handler) {
	own := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.server.Handler.ServeHTTP(w, r) })
	root["/_"] = a.pages(ui.New(ui.Config{Sim: a.sim, Tokens: a.tokens, Workspaces: a.workspaces, Keys: a.keys, API: own, Log: a.log}))
}
