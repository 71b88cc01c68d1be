package app

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kaiwa/internal/edge"
	"kaiwa/internal/kernel/api"
)

// guard lets in who may play the people. On loopback that is every local
// program, but no web page of another site: neither directly (Sec-Fetch-Site,
// Origin) nor by a name that points here (DNS rebinding shows in Host). On
// other listeners it is who knows the token.
func (a *App) guard(r *http.Request) (owner string, principal any, err error) {
	if !a.config.Loopback() {
		if !a.knowsToken(r) {
			return "", nil, api.Errorf(api.Unauthorized, "This listener is not loopback: send Authorization: Bearer with the value of KAIWA_SIM_TOKEN")
		}
		return "sim", nil, nil
	}
	if !localHost(r.Host) {
		return "", nil, api.Errorf(api.Forbidden, "The host name %q is none of this machine's", r.Host)
	}
	if err := crossOrigin.Check(r); err != nil || foreign(r) {
		return "", nil, api.Errorf(api.Forbidden, "A page of another site may not use the simulation API")
	}
	return "sim", nil, nil
}

var crossOrigin = http.NewCrossOriginProtection()

// foreign refuses what CrossOriginProtection lets through: reads. A browser that
// sends no Sec-Fetch-Site still names the origin of a page that wants to read the answer.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		origin := r.Header.Get("Origin")
		u, err := url.Parse(origin)
		return origin != "" && (err != nil || u.Host != r.Host)
	}
	return true
}

func localHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return loopback(host) || slices.Contains(edge.Hosts, host)
}

// knowsToken takes the token as a bearer token, or as the password that a
// browser asked its person for.
func (a *App) knowsToken(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, given, ok = r.BasicAuth()
	}
	return ok && a.config.SimToken != "" && subtle.ConstantTimeCompare([]byte(given), []byte(a.config.SimToken)) == 1
}

// pages guards the user interface the same way; a browser is asked for the token.
func (a *App) pages(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.config.Loopback() {
			if !localHost(r.Host) {
				http.Error(w, "This host name is none of this machine's.", http.StatusForbidden)
				return
			}
		} else if !a.knowsToken(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="Kaiwa: the password is the value of KAIWA_SIM_TOKEN"`)
			http.Error(w, "The password is the value of KAIWA_SIM_TOKEN.", http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}
