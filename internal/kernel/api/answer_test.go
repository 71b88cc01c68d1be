package api_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/kernel/api"
)

// answering is an operation without authentication that gives v.
func answering(v any) api.Op {
	return api.Op{ID: "answer", Pattern: "GET /answer", Open: true, Run: api.None(func(*api.Call) (any, error) { return v, nil })}
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		value  any
		status int
		header map[string]string // "" means absent
		body   string
	}{
		"value":        {note{Text: "é<"}, 200, map[string]string{"Content-Type": "application/json", "Content-Length": "14"}, `{"text":"é<"}`},
		"empty object": {api.Object{}, 200, map[string]string{"Content-Length": "2"}, `{}`},
		"empty":        {api.Empty{}, 200, map[string]string{"Content-Type": "", "Content-Length": "0"}, ``},
		"status":       {api.Status{Code: 202, Body: api.Object{}}, 202, nil, `{}`},
		"no content":   {api.Status{Code: 204, Body: api.Empty{}}, 204, map[string]string{"Content-Type": ""}, ``},
		"binary": {api.Binary{Type: "image/png", Length: 3, Body: strings.NewReader("abc")}, 200,
			map[string]string{"Content-Type": "image/png", "Content-Length": "3", "Content-Disposition": ""}, "abc"},
		"file": {api.Binary{Type: "text/csv", Length: 1, FileName: `a "b" あ.csv`, Body: strings.NewReader("x")}, 200,
			map[string]string{"Content-Disposition": "attachment; filename*=utf-8''a%20%22b%22%20%E3%81%82.csv"}, "x"},
		"accepted binary": {api.Status{Code: 201, Body: api.Binary{Type: "text/plain", Length: 1, Body: strings.NewReader("x")}}, 201, nil, "x"},
		"stream": {api.Stream{Type: "application/x-ndjson", Write: func(w io.Writer, flush func()) error {
			io.WriteString(w, "1\n")
			flush()
			_, err := io.WriteString(w, "2\n")
			return err
		}}, 200, map[string]string{"Content-Type": "application/x-ndjson", "Content-Length": ""}, "1\n2\n"},
		"what cannot be written": {note{Text: "\xff"}, 500, nil, `{"message":"The server met an error. Its log tells more."}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, family, answering(c.value))
			got := b.call("GET", "/answer", "")
			b.want(got, c.status, c.body)
			for h, want := range c.header {
				if got.header.Get(h) != want {
					t.Errorf("%s: %q, want %q", h, got.header.Get(h), want)
				}
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Cache-Control") == "" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
}

// TestHeadersOnTheWire: the request id is in lower case on HTTP/1.1, new for
// each request, and what an operation sets is spelled as it says.
func TestHeadersOnTheWire(t *testing.T) {
	b := newBench(t, family, api.Op{ID: "a", Pattern: "GET /a", Open: true, Run: api.None(func(c *api.Call) (any, error) {
		c.SetHeader("x-line-accepted-request-id", c.RequestID)
		c.SetHeader("Cache-Control", "no-store")
		return api.Object{}, nil
	})})
	s := b.listen()
	ids := map[string]bool{}
	for _, path := range []string{"/a", "/a", "/nowhere", "/a%2f"} {
		got := b.raw(s, "GET "+path+" HTTP/1.1", "Host: x", "Connection: close", "", "")
		m := regexp.MustCompile(`\r\nx-line-request-id: ([0-9a-f-]{36})\r\n`).FindStringSubmatch(got)
		if m == nil {
			t.Fatalf("%s: %s", path, got)
		}
		ids[m[1]] = true
		if path == "/a" && (!strings.Contains(got, "\r\nx-line-accepted-request-id: "+m[1]+"\r\n") || strings.Count(got, "Cache-Control: ") != 1) {
			t.Errorf("%s: %s", path, got)
		}
	}
	if len(ids) != 4 {
		t.Errorf("%d different ids of 4 requests", len(ids))
	}
	plain := family
	plain.RequestIDHeader = ""
	if got := newBench(t, plain, answering(api.Object{})).call("GET", "/answer", ""); got.requestID() != "" {
		t.Errorf("a family without the header answers %v", got.header)
	}
}

// TestNoBodyWhereNoneMayBe: bytes after a 204, or after HEAD, would be taken for the next answer.
func TestNoBodyWhereNoneMayBe(t *testing.T) {
	b := newBench(t, family, answering(api.Status{Code: 204, Body: api.Empty{}}),
		api.Op{ID: "get", Pattern: "GET /get", Open: true, Run: api.None(func(*api.Call) (any, error) { return note{Text: "abc"}, nil })})
	s := b.listen()
	got := b.raw(s, "GET /answer HTTP/1.1", "Host: x", "Connection: close", "", "")
	if !strings.HasPrefix(got, "HTTP/1.1 204 ") || !strings.HasSuffix(got, "\r\n\r\n") || strings.Contains(got, "Content-Length") {
		t.Error(got)
	}
	got = b.raw(s, "HEAD /get HTTP/1.1", "Host: x", "Connection: close", "", "")
	if !strings.HasPrefix(got, "HTTP/1.1 200 ") || !strings.HasSuffix(got, "\r\n\r\n") || !strings.Contains(got, "Content-Length: 14\r\n") {
		t.Error(got)
	}
}

// TestHTTP2 is served as well, without TLS too.
func TestHTTP2(t *testing.T) {
	b := newBench(t, family, answering(api.Status{Code: 204, Body: api.Empty{}}),
		api.Op{ID: "get", Pattern: "GET /get", Open: true, Run: api.None(func(*api.Call) (any, error) { return note{Text: "abc"}, nil })})
	s := httptest.NewUnstartedServer(b.routes)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	defer s.Close()
	transport := &http.Transport{Protocols: s.Config.Protocols}
	defer transport.CloseIdleConnections()
	for path, want := range map[string]string{"/answer": "204 ", "/get": `200 {"text":"abc"}`, "/nowhere": `404 {"message":"Not found"}`} {
		res, err := (&http.Client{Transport: transport}).Get(s.URL + path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if got := fmt.Sprint(res.StatusCode, " ", string(body)); got != want || err != nil || res.ProtoMajor != 2 {
			t.Errorf("%s: %s %s, %v", path, res.Proto, got, err)
		}
	}
}

// TestHalfAnAnswerDoesNotLookWhole: the connection breaks instead.
func TestHalfAnAnswerDoesNotLookWhole(t *testing.T) {
	for name, v := range map[string]any{
		"stream that fails": api.Stream{Type: "text/plain", Write: func(w io.Writer, flush func()) error {
			io.WriteString(w, "half")
			flush()
			return errors.New("the rest is gone")
		}},
		"stream that panics": api.Stream{Type: "text/plain", Write: func(w io.Writer, flush func()) error {
			io.WriteString(w, "half")
			flush()
			panic("on purpose")
		}},
		"file that is shorter": api.Binary{Type: "text/plain", Length: 100, Body: strings.NewReader("half")},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, family, answering(v))
			s := b.listen()
			res, err := s.Client().Get(s.URL + "/answer")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if text, err := io.ReadAll(res.Body); err == nil || string(text) != "half" {
				t.Errorf("read %q, %v", text, err)
			}
			again, err := s.Client().Get(s.URL + "/nowhere")
			if err != nil || again.StatusCode != 404 {
				t.Fatalf("afterwards: %v", err)
			}
			again.Body.Close()
			if noted := b.panics.Load() == 1; noted != strings.Contains(name, "panics") {
				t.Errorf("%d panics noted", b.panics.Load())
			}
		})
	}
}
