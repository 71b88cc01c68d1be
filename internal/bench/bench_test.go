package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

func TestQuantile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	for _, c := range []struct {
		sorted []time.Duration
		q      float64
		want   time.Duration
	}{{nil, 0.5, 0}, {hundred[:1], 0.5, 1}, {hundred[:1], 1, 1}, {hundred[:2], 0.5, 1}, {hundred[:3], 0.5, 2}, {hundred, 0.5, 50},
		{hundred, 0.99, 99}, {hundred, 0.999, 100}, {hundred, 1, 100}, {hundred, 0, 1}} {
		if got := quantile(c.sorted, c.q); got != c.want {
			t.Errorf("quantile %g of %d: %d, want %d", c.q, len(c.sorted), got, c.want)
		}
	}
}

func TestParseCPU(t *testing.T) {
	stat := "17 (a) (b c) S 1 17 17 0 -1 4194560 1 0 0 0 250 50 9 9 20 0 5 0 100 1000 10"
	if got, err := parseCPU(stat); err != nil || got != 3*time.Second {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "17 (a) S 1", "17 (a) S 1 17 17 0 -1 4194560 1 0 0 0 x 50 9 9"} {
		if _, err := parseCPU(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestOwnProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here")
	}
	before, err := cpu(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for after := before; after == before; { // until it has used another hundredth of a second
		if after, err = cpu(os.Getpid()); err != nil || after < before {
			t.Fatalf("%v after %v, %v", after, before, err)
		}
	}
	if mb, err := resident(os.Getpid()); err != nil || mb < 1 || mb > 10_000 {
		t.Errorf("%g MB, %v", mb, err)
	}
}

func TestWorldIsYAML(t *testing.T) {
	w := world{friends: 3, crowd: 7, endpoint: "http://127.0.0.1:9/"}
	var read struct {
		Limits   any
		Channels []struct{ ID, AccessToken string }
		People   []struct {
			UserID   string   `yaml:"userId"`
			FriendOf []string `yaml:"friendOf"`
		}
		Crowd []struct{ Count int }
	}
	if err := yaml.Unmarshal([]byte(w.yaml()), &read); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range read.People {
		ids = append(ids, p.UserID)
	}
	if read.Limits != "off" || read.Channels[0].ID != benchChannel || !slices.Equal(ids, w.people()) || len(ids[0]) != 33 || read.Crowd[0].Count != 7 {
		t.Errorf("%+v", read)
	}
}

// serve answers every request with that status and body.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func TestExchange(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		answer := fmt.Sprint(r.Method, " ", r.URL, " ", r.Header.Get("Authorization"), " ", string(body))
		if r.URL.Path == "/long" {
			answer = long
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		if r.URL.Path == "/teapot" {
			w.WriteHeader(http.StatusTeapot)
		}
		io.WriteString(w, answer)
	})
	w, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, c := range []struct {
		request []byte
		status  int
		body    string
	}{
		{request("POST", "/a?b=c", address, `{"n":1}`, "Authorization: Bearer x"), 200, `POST /a?b=c Bearer x {"n":1}`},
		{request("GET", "/long", address, ""), 200, long},
		{request("GET", "/teapot", address, ""), 418, "GET /teapot  "},
	} {
		status, body, err := w.exchange(c.request)
		if err != nil || status != c.status || string(body) != c.body {
			t.Errorf("%d %.60s, %v", status, body, err)
		}
	}
}

func TestExchangeRefusesWhatItCannotRead(t *testing.T) {
	for name, answer := range map[string]string{"no length": "HTTP/1.1 200 OK\r\n\r\n", "no status": "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", "cut": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			if c, err := l.Accept(); err == nil {
				c.Read(make([]byte, 100))
				io.WriteString(c, answer)
				c.Close()
			}
		}()
		w, err := dial(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.exchange([]byte("GET / HTTP/1.1\r\n\r\n")); err == nil {
			t.Errorf("%s: no error", name)
		}
		w.Close()
	}
}

func exchanges(status int) func(*wire, int) func(int) error {
	return func(w *wire, _ int) func(int) error {
		return func(int) error {
			got, body, err := w.exchange([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
			return want(status, got, body, err)
		}
	}
}

func TestLoadCounts(t *testing.T) {
	var served, fail atomic.Int64
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n := served.Add(1); n <= fail.Load() {
			w.Header().Set("Content-Length", "2")
			w.WriteHeader(http.StatusTooManyRequests)
			io.WriteString(w, "no")
			return
		}
		w.Header().Set("Content-Length", "0")
	})
	fail.Store(3)
	tally, err := load{address: address, connections: 4, requests: 50, job: exchanges(200)}.run(t.Context())
	if err != nil || tally.done() != 47 || tally.errors != 3 || served.Load() != 50 || tally.firstErr == nil || tally.firstErr.Error() != "answered 429: no" {
		t.Errorf("%d done, %d errors (%v), %d served, %v", tally.done(), tally.errors, tally.firstErr, served.Load(), err)
	}
	if !slices.IsSorted(tally.latencies) || tally.latencies[0] <= 0 || tally.latencies[46] > tally.took {
		t.Errorf("latencies from %v to %v in %v", tally.latencies[0], tally.latencies[46], tally.took)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := (load{address: address, connections: 2, duration: time.Hour, job: exchanges(200)}).run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestPushAtATarget drives a server that is there already.
func TestPushAtATarget(t *testing.T) {
	var wrong atomic.Int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != "POST" || r.URL.Path != "/v2/bot/message/push" || r.Header.Get("Authorization") != "Bearer secret" || !strings.Contains(string(body), `"to":"U1"`) {
			wrong.Add(1)
		}
		w.Header().Set("Content-Length", "0")
	})
	f, err := Push(t.Context(), Options{Target: "http://" + address, Token: "secret", To: "U1", Connections: 2, Requests: 20})
	if err != nil || wrong.Load() > 0 || f.Requests != 20 || f.Errors != 0 || f.P50 <= 0 || f.Max < f.P99 || f.RequestsPerSecond <= 0 || f.ServerCPUMicros != 0 {
		t.Errorf("%+v, %d wrong requests, %v", f, wrong.Load(), err)
	}
	line, err := f.JSON()
	if err != nil || strings.Contains(string(line), "\n") || !strings.Contains(string(line), `"bench":"push"`) {
		t.Errorf("%s, %v", line, err)
	}
	if _, err := Push(t.Context(), Options{Target: "https://" + address, Connections: 1, Requests: 1}); err == nil {
		t.Error("an https target was taken")
	}
}

// TestReceiver: who waits for a message hears of that one, whatever else comes.
func TestReceiver(t *testing.T) {
	in, err := receive()
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	arrived := in.expect(3)
	for _, text := range []string{"hello", webhookMark + "3.x.", webhookMark + "9.7.", webhookMark + "3.6.", webhookMark + "3.7."} {
		resp, err := http.Post(in.url(), "application/json", strings.NewReader(`{"text":"`+text+`"}`))
		if err != nil || resp.StatusCode != 200 {
			t.Fatal(resp, err)
		}
		resp.Body.Close()
	}
	if err := in.wait(t.Context(), arrived, 7); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := in.wait(ctx, arrived, 8); !errors.Is(err, context.Canceled) {
		t.Errorf("a message that never came: %v", err)
	}
}
