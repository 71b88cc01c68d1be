package app

import (
	"net/http"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/liff"
	"kaiwa/internal/platform/token"
)

// mountLIFF mounts LIFF's APIs, and those of LINE MINI Apps.
func (a *App) mountLIFF(platform *api.Routes, messaging api.Family) {
	app := messaging
	app.Name, app.Check, app.Authenticate = "liff", nil, a.tokens.AuthenticateApp(token.ShortLived, token.Stateless)
	platform.Add(app, a.liff.Ops())
	app.Name = "miniapp"
	platform.Add(app, a.miniApps.Ops())
	user := messaging
	user.Name, user.Authenticate, user.Check, user.CrossOrigin = "user", a.login.Authenticate, nil, true
	platform.Add(user, a.liff.UserOps())
	open := user
	open.Authenticate = nil
	platform.Add(open, a.liff.OpenOps())
	platform.Add(pageFamily(messaging), a.liff.PageOps())
}

// orLinks serves LIFF URLs, whose paths are known by the LIFF id that they begin
// with, and leaves all else to next.
func (a *App) orLinks(server *api.Server, messaging api.Family, next http.Handler) http.Handler {
	links := api.NewRoutes(server, pageFamily(messaging))
	links.Add(pageFamily(messaging), a.liff.LinkOps())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if liffURL(r.URL.Path) {
			links.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// liffURL says whether a path is of a LIFF URL.
func liffURL(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return liff.IDForm.MatchString(first)
}
