package api_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/limit"
)

// bench is a routing table with its server, and what that was told.
type bench struct {
	t      testing.TB
	server *api.Server
	routes *api.Routes
	log    safeLog
	panics atomic.Int64
}

type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// bodyMost is the body limit of family.
const bodyMost = 1000

// family authenticates by a header, so that tests can play both.
var family = api.Family{
	Name: "test", Errors: api.LineErrors, RequestIDHeader: "x-line-request-id", BodyMost: bodyMost,
	LimitedText: "too often", TooLargeText: "too large",
	Authenticate: func(r *http.Request) (string, any, error) {
		owner, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			return "", nil, api.Errorf(api.Unauthorized, "who are you?")
		}
		return owner, "principal of " + owner, nil
	},
}

func newBench(t testing.TB, f api.Family, ops ...api.Op) *bench {
	b := &bench{t: t}
	b.server = &api.Server{Clock: &clock.Clock{}, Limits: &limit.Buckets{}, Faults: &fault.Set{}, Requests: &api.RequestLog{},
		Log: slog.New(slog.NewTextHandler(&b.log, nil)), OnPanic: func() { b.panics.Add(1) },
		Access: func(r api.Request) { fmt.Fprintf(&b.log, "%+v\n", r) }}
	b.routes = api.NewRoutes(b.server, f)
	b.routes.Add(f, ops)
	return b
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

// requestID is the header exactly as it is spelled, which Header.Get would not tell.
func (a answer) requestID() string {
	for name, values := range a.header {
		if name == "x-line-request-id" {
			return strings.Join(values, ", ")
		}
	}
	return ""
}

// call serves one request with a token; header lines are "Name: value".
func (b *bench) call(method, target, body string, header ...string) answer {
	b.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer 1656000001")
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if value == "" {
			r.Header.Del(name)
		} else {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	b.routes.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (b *bench) want(got answer, status int, body string) {
	b.t.Helper()
	if got.status != status || got.body != body {
		b.t.Errorf("%d %s\nwant %d %s", got.status, got.body, status, body)
	}
}

const asJSON = "Content-Type: application/json"

// listen serves on a real socket.
func (b *bench) listen() *httptest.Server {
	s := httptest.NewUnstartedServer(b.routes)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // panics on purpose
	s.Start()
	b.t.Cleanup(s.Close)
	return s
}

// raw sends the bytes as they are, on one connection, and gives all that comes
// back until the server closes it, or stays silent after the first answer.
func (b *bench) raw(s *httptest.Server, lines ...string) string {
	b.t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		b.t.Fatal(err)
	}
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")); err != nil {
		b.t.Fatal(err)
	}
	out, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, net.ErrClosed) && len(out) == 0 {
		b.t.Fatalf("no answer: %v", err)
	}
	return string(out)
}

// op is an operation that takes JSON and answers what it was given.
func op(id, pattern string) api.Op {
	return api.Op{ID: id, Pattern: pattern, Run: api.JSON(func(_ *api.Call, in note) (any, error) { return in, nil })}
}

type note struct {
	Text string `json:"text,omitzero"`
	N    int    `json:"n,omitzero"`
	List []struct {
		To string `json:"to"`
	} `json:"list,omitzero"`
	Extra any `json:"extra,omitzero"`
}
