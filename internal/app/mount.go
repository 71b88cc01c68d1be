package app

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kaiwa/internal/connector/web"
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/workspace/publicapi"
)

// bodyMost is the platform's cap on a request's body; simMost lets a person send a video.
const (
	bodyMost = 2 << 20
	simMost  = 100 << 20
)

// handler is the literal list of what the server serves.
func (a *App) handler() http.Handler {
	server := &api.Server{Clock: a.clock, Limits: a.limits, Faults: a.faults, Log: a.log, Requests: a.requests,
		OnPanic: a.metrics.panics.Inc, Observe: a.metrics.request, Access: a.buffer.access(a.config.LogFormat)}
	a.requests.Added = a.metrics.added(a.feed)

	messaging := api.Family{Name: "messaging", Errors: api.LineErrors, RequestIDHeader: requestID, Authenticate: a.modules.Authenticate,
		Check: a.check, Limit: limit.Rate{Requests: 2000, Per: time.Second}, BodyMost: bodyMost,
		LimitedText: "The API rate limit has been exceeded. Try again later.", TooLargeText: "The request body is too large"}
	oauth := messaging
	oauth.Name, oauth.Errors, oauth.Authenticate, oauth.Check = "oauth", api.OAuthErrors, nil, nil

	platform := api.NewRoutes(server, messaging)
	platform.AddFirst(messaging, a.chats.Ops())
	platform.AddFirst(messaging, a.richMenus.DataOps())
	platform.AddFirst(messaging, a.audiences.DataOps())
	a.mountLogin(platform, messaging, oauth)
	a.mountLIFF(platform, messaging)
	platform.Add(pageFamily(messaging), a.modules.PageOps())
	platform.Add(oauth, a.modules.AttachOps())
	platform.Add(messaging, a.channels.Ops())
	platform.Add(messaging, a.hooks.Ops())
	platform.Add(messaging, a.friends.Ops())
	platform.Add(messaging, a.messages.Ops())
	for _, ops := range [][]api.Op{a.groups.Ops(), a.presence.Ops(), a.links.Ops(), a.richMenus.Ops(), a.audiences.Ops(), a.insight.Ops(),
		a.coupons.Ops(), a.memberships.Ops(), a.missions.Ops(), a.modules.Ops(), a.pnp.Ops()} {
		platform.Add(messaging, ops)
	}

	simulation := api.Family{Name: "sim", Errors: simErrors, Authenticate: a.guard, Faultless: true, BodyMost: simMost,
		LimitedText: "Too many requests", TooLargeText: "The body is too large: 100 MB at most"}
	simRoutes := api.NewRoutes(server, simulation)
	simRoutes.Add(simulation, a.sim.Ops())
	simRoutes.Add(simulation, a.edgeOps())

	shopRoutes := api.NewRoutes(server, a.shops.Family())
	shopRoutes.Add(a.shops.Family(), a.shops.Ops())

	root := map[string]http.Handler{"/sim/v1": simRoutes, shop.Prefix: shopRoutes}
	a.mountWorkspace(server, root)
	a.mountConnector(server, root)
	a.mountPages(root)
	return a.front(root, a.orLinks(server, messaging, a.modules.Translate(platform)))
}

// simErrors answers a body of another type as what it is to the simulation API,
// whose contract knows no 415: one that cannot be read.
func simErrors(err error) (*api.Error, string, []byte) {
	if e, ok := errors.AsType[*api.Error](err); ok && e.Code == api.MediaType {
		err = api.Errorf(api.Invalid, "%s: send application/json", e.Message)
	}
	return api.PlainErrors(err)
}

// check is what may refuse a call of the Messaging API before it takes from a rate limit.
func (a *App) check(c *api.Call) error {
	if err := a.modules.Check(c); err != nil {
		return err
	}
	return message.CheckRetryKey(c)
}

// requestID is spelled in lower case on HTTP/1.1, as on the platform.
const requestID = "x-line-request-id"

// front sends a request where its path says.
func (a *App) front(root map[string]http.Handler, platform http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			// What follows a chunked body on this connection could have been smuggled in.
			w.Header().Set("Connection", "close")
		}
		if !api.PlainPath(r) { // operations' tables say that there is nothing; http.ServeMux would redirect
			for _, prefix := range []string{shop.Prefix, publicPrefix, web.Prefix} { // whose errors have another form than the platform's
				if under(r.URL.Path, prefix) {
					root[prefix].ServeHTTP(w, r)
					return
				}
			}
			platform.ServeHTTP(w, r)
			return
		}
		switch r.URL.Path {
		case "/healthz":
			plain(w, http.StatusOK, `{"status":"ok"}`)
			return
		case "/readyz":
			a.ready(w, r)
			return
		case "/metrics":
			a.metrics.handler.ServeHTTP(w, r)
			return
		case "/":
			if strings.Contains(r.Header.Get("Accept"), "text/html") && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
				w.Header().Set("Location", "/_/")
				w.WriteHeader(http.StatusFound)
				return
			}
		case "/docs":
			w.Header().Set("Location", "/_/docs")
			w.WriteHeader(http.StatusFound)
			return
		}
		if gated(r.URL.Path) {
			a.gate.RLock()
			defer a.gate.RUnlock()
		}
		for prefix, h := range root {
			if under(r.URL.Path, prefix) {
				h.ServeHTTP(w, r)
				return
			}
		}
		platform.ServeHTTP(w, r)
	})
}

func under(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

// gated says whether a reset waits for the request, and the request for a reset.
// Not so the reset itself, what may last as long as its client likes (event
// streams, histories), and pages and actions, which call the gated paths in their turn.
func gated(path string) bool {
	return path != "/sim/v1/reset" && path != "/sim/v1/events" && !strings.HasPrefix(path, "/_/") && !strings.HasPrefix(path, publicapi.Prefix) &&
		!strings.HasPrefix(path, web.Prefix)
}

func plain(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write([]byte(body))
}
