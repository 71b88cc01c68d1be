package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// The simulation API is for this machine's programs and its own pages only.
func TestGuard(t *testing.T) {
	a := newApp(Config{Listen: "127.0.0.1:5463"}, &World{})
	for _, c := range []struct {
		method, host, origin, site string
		want                       bool
	}{
		{"GET", "127.0.0.1:5463", "", "", true},
		{"POST", "localhost:5463", "", "", true},
		{"POST", "[::1]:5463", "", "", true},
		{"POST", "api.line.me", "", "", true},
		{"POST", "127.0.0.1:5463", "http://127.0.0.1:5463", "same-origin", true},
		{"POST", "127.0.0.1:5463", "http://127.0.0.1:5463", "", true},
		{"GET", "127.0.0.1:5463", "", "none", true},
		{"GET", "evil.example", "", "", false},
		{"GET", "127.0.0.1.evil.example", "", "", false},
		{"GET", "192.168.0.1", "", "", false},
		{"GET", "", "", "", false},
		{"GET", "127.0.0.1:5463", "http://evil.example", "", false},
		{"GET", "127.0.0.1:5463", "http://127.0.0.1:1", "", false},
		{"GET", "127.0.0.1:5463", "null", "", false},
		{"GET", "127.0.0.1:5463", "", "cross-site", false},
		{"GET", "127.0.0.1:5463", "", "same-site", false},
		{"POST", "127.0.0.1:5463", "http://evil.example", "", false},
		{"POST", "127.0.0.1:5463", "http://evil.example", "cross-site", false},
	} {
		r := httptest.NewRequest(c.method, "/sim/v1/world", nil)
		r.Host = c.host
		for name, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		if _, _, err := a.guard(r); (err == nil) != c.want {
			t.Errorf("%s at %q, Origin %q, Sec-Fetch-Site %q: %v", c.method, c.host, c.origin, c.site, err)
		}
	}
}

// What is behind the front has one reading of a path, and no second request on
// a connection whose first one's length could be read in two ways.
func TestFront(t *testing.T) {
	a := newApp(Config{}, &World{})
	said := func(what string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { plain(w, http.StatusOK, what) })
	}
	front := a.front(map[string]http.Handler{"/_": said("pages"), "/sim/v1": said("sim")}, said("platform"))
	for path, want := range map[string]string{
		"/_/": "pages", "/_": "pages", "/_x": "platform", "/sim/v1/world": "sim", "/sim/v11": "platform", "/v2/bot/info": "platform",
		"/_/../sim/v1/world": "platform", "/_//": "platform", "/sim/v1/%2e%2e/x": "platform", "/healthz": `{"status":"ok"}`,
	} {
		r := httptest.NewRequest("GET", "http://127.0.0.1"+path, nil)
		r.TransferEncoding = []string{"chunked"}
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		if w.Body.String() != want || w.Header().Get("Connection") != "close" {
			t.Errorf("%s: %d %s, Connection %q", path, w.Code, w.Body, w.Header().Get("Connection"))
		}
	}
}
