package api

import (
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/limit"
)

// Family is a group of operations that authenticate and fail alike.
type Family struct {
	Name string
	// Errors spells refusals.
	Errors bridge
	// RequestIDHeader names the header that carries the request id; "" for none.
	RequestIDHeader string
	// Authenticate says who calls: an owner for limits and logs, and what the
	// operations need to know of it. nil: everybody may.
	Authenticate func(*http.Request) (owner string, principal any, err error)
	// Check may refuse a call after authentication and before its rate limit is taken.
	Check func(*Call) error
	// Metered is told of each call's rate bucket; it may set headers and refuse. nil: the plain limit.
	Metered func(*Call) error
	// Limit is the rate limit of operations without one of their own.
	Limit limit.Rate
	// Faultless families are never made to fail on demand: the one that takes faults back.
	Faultless bool
	// CrossOrigin families may be called by pages of any origin: what they show is
	// a token, never a cookie.
	CrossOrigin bool
	// BodyMost is the largest body in bytes.
	BodyMost int64
	// LimitedText and TooLargeText are the family's words for 429 and 413.
	LimitedText, TooLargeText string
}

// Server is what all families of one server share.
type Server struct {
	Clock    *clock.Clock
	Limits   *limit.Buckets
	Faults   *fault.Set
	Log      *slog.Logger
	Requests *RequestLog
	// OnPanic is told of each recovered panic.
	OnPanic func()
	// Access is told of each answered request and writes the access log. May be nil.
	Access func(Request)
	// Observe is told of each answered request. May be nil.
	Observe func(operation string, status int, took time.Duration)
}

// Routes is an http.Handler made of tables of operations.
type Routes struct {
	server   *Server
	fallback Family
	first    *http.ServeMux
	second   *http.ServeMux
	// plain are the operations whose patterns have no wildcards, by pattern: most
	// of what is called often. A mux would match each request twice.
	plain map[route]http.Handler
	// preflights are the paths of families that pages of other origins may call.
	preflights *http.ServeMux
	preflight  map[string]bool
	ops        []Op
}

type route struct{ method, path string }

// NewRoutes makes an empty routing table; fallback is the family that words
// the refusal of unknown paths.
func NewRoutes(s *Server, fallback Family) *Routes {
	return &Routes{server: s, fallback: fallback, first: http.NewServeMux(), second: http.NewServeMux(), plain: map[route]http.Handler{},
		preflights: http.NewServeMux(), preflight: map[string]bool{}}
}

// Add mounts operations of a family.
func (rt *Routes) Add(f Family, ops []Op) { rt.add(rt.second, f, ops) }

// AddFirst mounts operations whose patterns are tried before all others. Some
// official patterns overlap (a rich menu's image and a rich menu alias) in a
// way that one http.ServeMux refuses.
func (rt *Routes) AddFirst(f Family, ops []Op) { rt.add(rt.first, f, ops) }

func (rt *Routes) add(mux *http.ServeMux, f Family, ops []Op) {
	for _, op := range ops {
		op.validate()
		rt.ops = append(rt.ops, op)
		ep := &endpoint{server: rt.server, family: f, op: &op}
		mux.Handle(op.Pattern, ep)
		if _, path, _ := strings.Cut(op.Pattern, " "); f.CrossOrigin && !rt.preflight[path] {
			rt.preflight[path] = true
			rt.preflights.HandleFunc("OPTIONS "+path, allowOrigins)
		}
		if method, path, ok := strings.Cut(op.Pattern, " "); ok && !strings.Contains(path, "{") && !strings.HasSuffix(path, "/") {
			rt.plain[route{method, path}] = ep
		}
	}
}

// Ops lists what is mounted, in order.
func (rt *Routes) Ops() []Op { return rt.ops }

// Has says whether some method is mounted at the path of the request.
func (rt *Routes) Has(r *http.Request) bool { return len(rt.methods(r)) > 0 }

// ServeHTTP serves an operation, or words the refusal.
func (rt *Routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if PlainPath(r) {
		if h := rt.plain[route{r.Method, r.URL.Path}]; h != nil {
			h.ServeHTTP(w, r)
			return
		}
		for _, mux := range []*http.ServeMux{rt.first, rt.second, rt.preflights} {
			if _, pattern := mux.Handler(r); pattern != "" {
				mux.ServeHTTP(w, r)
				return
			}
		}
	}
	rt.Refuse(w, r)
}

// allowOrigins answers a browser that asks whether a page may call.
func allowOrigins(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
	h.Set("Access-Control-Allow-Headers", "authorization, content-type, accept")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// Refuse answers a request that no operation is mounted for: 405 where the path
// is known by another method, else 404.
func (rt *Routes) Refuse(w http.ResponseWriter, r *http.Request) {
	err := Errorf(NotFound, "Not found")
	if PlainPath(r) {
		if allowed := rt.methods(r); len(allowed) > 0 {
			err = Errorf(BadMethod, "The request method, '%s', is not supported", r.Method)
			err.Header = http.Header{"Allow": {strings.Join(allowed, ", ")}}
		}
	}
	refuse := Op{ID: "unknown", Open: true, Run: func(*Call, []byte) (any, error) { return nil, err }}
	(&endpoint{server: rt.server, family: rt.fallback, op: &refuse}).ServeHTTP(w, r)
}

func (rt *Routes) methods(r *http.Request) []string {
	var allowed []string
	probe := r.Clone(r.Context())
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe.Method = m
		for _, mux := range []*http.ServeMux{rt.first, rt.second} {
			if _, pattern := mux.Handler(probe); pattern != "" {
				allowed = append(allowed, m)
				break
			}
		}
	}
	return allowed
}

// PlainPath refuses paths that another reader could take for another path, or
// for no text: dot segments, empty segments, encoded slashes, NULs, invalid UTF-8.
func PlainPath(r *http.Request) bool {
	p := r.URL.EscapedPath()
	if !strings.HasPrefix(p, "/") || strings.Contains(p, "//") || dotted(p) {
		return false
	}
	if !strings.Contains(p, "%") {
		return true
	}
	low := strings.ToLower(p)
	return !strings.Contains(low, "%2f") && !strings.Contains(low, "%00") && !strings.Contains(low, "%2e") && !strings.Contains(low, "%5c") &&
		utf8.ValidString(r.URL.Path)
}

// dotted finds segments . and .., not those that only begin so (/.well-known).
func dotted(path string) bool {
	if !strings.Contains(path, "/.") {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
