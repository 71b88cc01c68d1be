package page

import (
	"net/http"
)

// policy is the Content-Security-Policy of every page. Bot content is hostile
// input, so no script runs but our own files. Inline style attributes are
// allowed since messages choose sizes and colours; the renderer checks them.
// Pictures may come from anywhere over http too, as loopback bots serve theirs so.
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
	"style-src-attr 'unsafe-inline'; img-src 'self' https: http: data: blob:; media-src 'self' https: http: data: blob:; " +
	"connect-src 'self'; frame-src *; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// Guard sets the security headers of the user interface and refuses what
// another site makes a browser send: the port is open to every page a
// developer visits. Requests without browser headers, such as curl's, pass.
func Guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "This form may only be sent from Kaiwa's own pages.", http.StatusForbidden)
	}))
	checked := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
		checked.ServeHTTP(w, r)
	})
}
