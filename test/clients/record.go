package clients

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/google/uuid"

	"kaiwa/test/drift"
)

// spec is the official descriptions, read once a process; nil where they are absent.
var spec = sync.OnceValues(func() (*drift.Spec, error) {
	s, err := drift.Load()
	if errors.Is(err, drift.ErrAbsent) {
		return nil, nil
	}
	return s, err
})

// Recorder is the way of an official client to the server. It hands everything
// on as it is and holds each answer against the official descriptions and
// against what all answers have in common; a difference fails the test.
type Recorder struct {
	tb   testing.TB
	spec *drift.Spec

	mu   sync.Mutex
	seen map[string]bool // request ids
}

// NewRecorder makes a recorder that reports to tb. Where the descriptions are
// absent it says so and checks only the rest.
func NewRecorder(tb testing.TB) *Recorder {
	tb.Helper()
	s, err := spec()
	if err != nil {
		tb.Fatal(err)
	}
	if s == nil {
		tb.Logf("answers are not held against the official descriptions: %v", drift.ErrAbsent)
	}
	return &Recorder{tb: tb, spec: s, seen: map[string]bool{}}
}

// RoundTrip implements http.RoundTripper.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	r.check(req, res, body)
	return res, nil
}

func (r *Recorder) check(req *http.Request, res *http.Response, body []byte) {
	id := res.Header.Get("X-Line-Request-Id")
	r.mu.Lock()
	again := r.seen[id]
	r.seen[id] = true
	r.mu.Unlock()
	if _, err := uuid.Parse(id); err != nil || again {
		r.tb.Errorf("%s %s: x-line-request-id %q is no new UUID", req.Method, req.URL.Path, id)
	}
	if r.spec == nil {
		return
	}
	err := r.spec.Check(drift.Answer{Method: req.Method, Path: req.URL.Path, Status: res.StatusCode, Header: res.Header, Body: body})
	if err != nil {
		r.tb.Error(err)
	}
}

// CheckWebhook holds a webhook's body against its official description.
func (r *Recorder) CheckWebhook(body []byte) {
	if r.spec == nil {
		return
	}
	if err := r.spec.CheckWebhook(body); err != nil {
		r.tb.Error(err)
	}
}

// Proxy serves the server at to for clients of other languages, so that their
// answers are recorded as well.
func (r *Recorder) Proxy(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{Transport: r, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(to) }}
}
