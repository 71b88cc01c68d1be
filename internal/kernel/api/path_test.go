package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"kaiwa/internal/kernel/api"
)

func TestPlainPath(t *testing.T) {
	for p, want := range map[string]bool{
		"/":                                 true,
		"/v2/bot/message/push":              true,
		"/v2/bot/message/push/":             true,
		"/v2/bot/profile/U0;a=b":            true,
		"/v2/bot/richmenu/alias/a.b..c":     true,
		"/.well-known/openid-configuration": true, // a segment that only begins with a dot
		"/a/...":                            true,
		"/a/..b/.c":                         true,
		"/caf%C3%A9/%E3%81%82":              true,
		"/a%252fb":                          true,
		"":                                  false,
		"*":                                 false,
		"//":                                false,
		"//v2/bot":                          false,
		"/v2//bot":                          false,
		"/v2/bot//":                         false,
		"/.":                                false,
		"/..":                               false,
		"/v2/./bot":                         false,
		"/v2/../bot":                        false,
		"/v2/bot/..":                        false,
		"/v2/bot/.":                         false,
		"/v2/%2e%2e/bot":                    false,
		"/v2/%2E%2e/bot":                    false,
		"/v2/.%2e/bot":                      false,
		"/v2/%2e":                           false,
		"/v2%2fbot":                         false,
		"/v2%2Fbot":                         false,
		"/v2/bot%00":                        false,
		"/v2%5cbot":                         false,
		"/v2%5Cbot":                         false,
		"/v2/a%ffb":                         false, // no text at all
	} {
		r := &http.Request{URL: &url.URL{}}
		if p == "*" {
			r.URL.Path = "*"
		} else if u, err := url.ParseRequestURI("http://host" + p); err != nil {
			t.Fatal(err)
		} else {
			r.URL = u
		}
		if got := api.PlainPath(r); got != want {
			t.Errorf("%q: %t", p, got)
		}
	}
}

// pathBench has operations of several shapes; each answers its own id.
func pathBench(t testing.TB) *bench {
	b := newBench(t, family)
	row := func(id, pattern string) api.Op {
		return api.Op{ID: id, Pattern: pattern, Open: true, Run: api.None(func(c *api.Call) (any, error) {
			return struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			}{id, c.Path("name")}, nil
		})}
	}
	b.routes.Add(family, []api.Op{row("get", "GET /v2/bot/thing/{name}"), row("put", "PUT /v2/bot/thing/{name}"), row("list", "GET /v2/bot/thing/list"),
		row("post", "POST /v2/bot/thing"), row("config", "GET /.well-known/openid-configuration"), row("alias", "GET /v2/bot/richmenu/alias/{name}")})
	b.routes.AddFirst(family, []api.Op{row("image", "GET /v2/bot/richmenu/{name}/content")})
	return b
}

func TestRouting(t *testing.T) {
	b := pathBench(t)
	found := func(id, name string) string { return `{"id":"` + id + `","name":"` + name + `"}` }
	const unknown = `{"message":"Not found"}`
	for target, c := range map[string]struct {
		status int
		body   string
		allow  string
	}{
		"GET /v2/bot/thing/a":                   {200, found("get", "a"), ""},
		"HEAD /v2/bot/thing/a":                  {200, found("get", "a"), ""},
		"PUT /v2/bot/thing/a":                   {200, found("put", "a"), ""},
		"GET /v2/bot/thing/list":                {200, found("list", ""), ""},
		"POST /v2/bot/thing":                    {200, found("post", ""), ""},
		"GET /v2/bot/thing/%E3%81%82":           {200, found("get", "あ"), ""},
		"GET /.well-known/openid-configuration": {200, found("config", ""), ""},
		"GET /v2/bot/richmenu/alias/content":    {200, found("image", "alias"), ""},
		"GET /v2/bot/richmenu/alias/a":          {200, found("alias", "a"), ""},
		"GET /v2/bot/richmenu/x/content?a=1":    {200, found("image", "x"), ""},
		"POST /v2/bot/thing/a":                  {405, `{"message":"The request method, 'POST', is not supported"}`, "GET, PUT"},
		"DELETE /v2/bot/thing/list":             {405, `{"message":"The request method, 'DELETE', is not supported"}`, "GET, PUT"},
		"GET /v2/bot/thing":                     {405, `{"message":"The request method, 'GET', is not supported"}`, "POST"},
		"PATCH /v2/bot/richmenu/x/content":      {405, `{"message":"The request method, 'PATCH', is not supported"}`, "GET"},
		"HEAD /v2/bot/thing":                    {405, `{"message":"The request method, 'HEAD', is not supported"}`, "POST"},
		"GET /v2/bot/other":                     {404, unknown, ""},
		"GET /":                                 {404, unknown, ""},
		"POST /v2/bot/thing/":                   {404, unknown, ""},
		"GET //v2/bot/thing/a":                  {404, unknown, ""},
		"GET /v2/bot//thing/a":                  {404, unknown, ""},
		"GET /v2/bot/x/../thing/a":              {404, unknown, ""},
		"GET /v2/bot/x/%2e%2e/thing/a":          {404, unknown, ""},
		"GET /v2/bot/thing/%2e%2e":              {404, unknown, ""},
		"GET /v2/bot/thing/a%2fb":               {404, unknown, ""},
		"GET /v2/bot/thing/a%00":                {404, unknown, ""},
		"GET /v2/bot/thing/a%5c..%5cb":          {404, unknown, ""},
		"GET /v2/bot/thing/%ff":                 {404, unknown, ""},
		"POST /v2/bot/x/%2e%2e/thing/a":         {404, unknown, ""},
		"GET /V2/bot/thing/a":                   {404, unknown, ""},
		"PRI /v2/bot/thing/a":                   {405, `{"message":"The request method, 'PRI', is not supported"}`, "GET, PUT"},
	} {
		method, path, _ := strings.Cut(target, " ")
		got := b.call(method, path, "")
		if got.status != c.status || got.body != c.body || got.header.Get("Allow") != c.allow {
			t.Errorf("%s: %d %s, Allow %q", target, got.status, got.body, got.header.Get("Allow"))
		}
		if c.status != 200 && got.header.Get("Location") != "" {
			t.Errorf("%s is redirected", target)
		}
	}
}

func TestHas(t *testing.T) {
	b := pathBench(t)
	for target, want := range map[string]bool{"/v2/bot/thing/a": true, "/v2/bot/thing": true, "/v2/bot/other": false} {
		if got := b.routes.Has(httptest.NewRequest("PATCH", target, nil)); got != want {
			t.Errorf("%s: %t", target, got)
		}
	}
	if ops := b.routes.Ops(); len(ops) != 7 || ops[0].ID != "get" || ops[6].ID != "image" {
		t.Errorf("%d operations: %v", len(ops), ops)
	}
}

func TestIncompleteOperations(t *testing.T) {
	run := api.None(func(*api.Call) (any, error) { return nil, nil })
	for name, bad := range map[string]api.Op{
		"no id":      {Pattern: "GET /a", Run: run},
		"no run":     {ID: "a", Pattern: "GET /a"},
		"no method":  {ID: "a", Pattern: "/a", Run: run},
		"no pattern": {ID: "a", Run: run},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: mounted", name)
				}
			}()
			newBench(t, family, bad)
		}()
	}
}

// FuzzPlainPath: a path that is let through means the same to every reader,
// and no path is redirected or fails inside.
func FuzzPlainPath(f *testing.F) {
	for _, seed := range []string{"/", "/v2/bot/thing/a", "/v2/bot/%2e%2e/x", "//a", "/a%2fb", "/a%00", "/.well-known/x", "/a/..", "/%ff", "/a;b/%5c", "/%25%32%65"} {
		f.Add(seed)
	}
	b := pathBench(f)
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || u.Scheme != "" {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL, r.RequestURI = u, target
		w := httptest.NewRecorder()
		b.routes.ServeHTTP(w, r)
		if w.Code >= 300 && w.Code < 400 || w.Code >= 500 {
			t.Fatalf("%q is answered with %d", target, w.Code)
		}
		if !api.PlainPath(r) {
			if w.Code != http.StatusNotFound {
				t.Fatalf("%q is answered with %d", target, w.Code)
			}
			return
		}
		if clean := path.Clean(u.Path); clean != u.Path && clean+"/" != u.Path {
			t.Fatalf("%q is read as %q, which others read as %q", target, u.Path, clean)
		}
		if strings.ContainsAny(u.Path, "\x00\\") && !strings.Contains(target, "\\") {
			t.Fatalf("%q is read as %q", target, u.Path)
		}
		if strings.Count(u.Path, "/") != strings.Count(u.EscapedPath(), "/") {
			t.Fatalf("%q hides a slash", target)
		}
	})
}
