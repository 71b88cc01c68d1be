package webhook

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/platform/channel"
)

func TestSignatureOfTheDocumentation(t *testing.T) {
	got := Signature(secret, []byte(`{"destination":"`+botID+`","events":[]}`))
	if got != "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=" {
		t.Error(got)
	}
}

// TestBytesOnTheWire reads a request as a socket gets it.
func TestBytesOnTheWire(t *testing.T) {
	w := newWorld(t)
	l := listen(t)
	got := make(chan [2]string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		var head strings.Builder
		length := 0
		for {
			line, err := in.ReadString('\n')
			head.WriteString(line)
			if n, found := strings.CutPrefix(line, "Content-Length: "); found {
				length, _ = strconv.Atoi(strings.TrimSpace(n))
			}
			if err != nil || line == "\r\n" {
				break
			}
		}
		body := make([]byte, length)
		io.ReadFull(in, body)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		got <- [2]string{head.String(), string(body)}
	}()
	ch := w.channel("1656000001", channel.Webhook{Endpoint: "http://" + l.Addr().String() + "/callback?key=1#part", Active: true})
	out := w.emit(ch, text("U1", "こんにちは"))
	w.settle()
	request := <-got
	want := "POST /callback?key=1 HTTP/1.1\r\nHost: " + l.Addr().String() + "\r\nUser-Agent: LineBotWebhook/2.0\r\nContent-Length: " +
		strconv.Itoa(len(request[1])) + "\r\nContent-Type: application/json; charset=utf-8\r\nx-line-signature: " +
		Signature(secret, []byte(request[1])) + "\r\n\r\n"
	if request[0] != want {
		t.Errorf("got\n%swant\n%s", request[0], want)
	}
	e := w.entry(out.EventID)
	if a := e.Attempts[0]; a.Request.Body != request[1] || a.Request.Headers["x-line-signature"] != Signature(secret, []byte(request[1])) ||
		a.Request.Headers["Content-Length"] != strconv.Itoa(len(request[1])) {
		t.Errorf("the log has %+v", a.Request)
	}
}

func listen(t testing.TB) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// speaker answers every connection with what it is told, and closes it.
func speaker(t *testing.T, says string) string {
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.Read(make([]byte, 4096))
				io.WriteString(conn, says)
			}()
		}
	}()
	return l.Addr().String()
}

func TestHowAnAttemptEnds(t *testing.T) {
	gone := listen(t)
	gone.Close()
	redirect := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/callback" {
			t.Error("a redirect was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	early := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	long := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 1<<20)) }
	selfSigned := httptest.NewUnstartedServer(status(200))
	selfSigned.Config.ErrorLog = log.New(io.Discard, "", 0)
	selfSigned.StartTLS()
	t.Cleanup(selfSigned.Close)
	plain := newBot(t, status(200))
	tests := map[string]struct {
		url            string
		answer         http.HandlerFunc
		status         int
		reason, detail string
	}{
		"200":                     {"", status(200), 200, ok, "200"},
		"204":                     {"", status(204), 204, ok, "204"},
		"299 is 2xx":              {"", status(299), 299, ok, "299"},
		"a long answer":           {"", long, 200, ok, "200"},
		"answered, never ended":   {"", early, 200, ok, "200"},
		"redirect":                {"", redirect, 302, errorStatusCode, "302"},
		"400":                     {"", status(400), 400, errorStatusCode, "400"},
		"500":                     {"", status(500), 500, errorStatusCode, "500"},
		"no answer":               {"", hang, 0, requestTimeout, "Request timeout"},
		"nobody listens":          {"http://" + gone.Addr().String(), nil, 0, couldNotConnect, "Connection failed"},
		"unknown host":            {"http://bot.invalid/callback", nil, 0, couldNotConnect, "Unknown host"},
		"no URL":                  {"http://[::1", nil, 0, couldNotConnect, "Invalid URL syntax"},
		"no web URL":              {"ftp://example.com/", nil, 0, couldNotConnect, "Invalid URL syntax"},
		"self-signed certificate": {selfSigned.URL, nil, 0, couldNotConnect, "TLS handshake failure"},
		"https to plain http":     {"https" + strings.TrimPrefix(plain.URL, "http"), nil, 0, couldNotConnect, "No SSL/TLS record"},
		"https to something else": {"https://" + speaker(t, "hello, this is no TLS"), nil, 0, couldNotConnect, "No SSL/TLS record"},
		"closed in the handshake": {"https://" + speaker(t, ""), nil, 0, couldNotConnect, "TLS handshake failure"},
		"closed without answer":   {"http://" + speaker(t, ""), nil, 0, unclassified, "Session closed unexpectedly"},
		"no HTTP":                 {"http://" + speaker(t, "hello\r\n\r\n"), nil, 0, unclassified, "Unclassified webhook dispatch error"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.reason == requestTimeout || strings.Contains(name, "never ended") {
				w.room.sender.span = 150 * time.Millisecond
			}
			if tt.answer != nil {
				tt.url = newBot(t, tt.answer).URL + "/callback"
			}
			out := w.emit(w.channel("1656000001", channel.Webhook{Endpoint: tt.url, Active: true}), text("U1", "hi"))
			w.settle()
			e := w.entry(out.EventID)
			want := failed
			if tt.reason == ok {
				want = delivered
			}
			if e.Status != want || len(e.Attempts) != 1 {
				t.Fatalf("%+v", e)
			}
			if a := e.Attempts[0]; a.Status != tt.status || a.Reason != tt.reason || a.Detail != tt.detail || a.EndedAt == "" || a.URL != tt.url {
				t.Errorf("%+v", a)
			}
			if n := w.room.Attempts(); n[tt.reason] != 1 {
				t.Errorf("counted %v", n)
			}
		})
	}
}

func TestFailuresOnTheWay(t *testing.T) {
	tests := map[string]struct {
		dial   func(ctx context.Context, network, addr string) (net.Conn, error)
		detail string
	}{
		"connecting": {func(context.Context, string, string) (net.Conn, error) {
			<-t.Context().Done() // a dial may go on when the request has given up
			return nil, io.EOF
		}, "Connection timeout"},
		"resolving": {(&net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}}).DialContext, "DNS Query timeout"},
		"no such name": {func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "bot.example.com", IsNotFound: true}}
		}, "Unknown host"},
		"a name server that is slow": {func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", Name: "bot.example.com", IsTimeout: true}}
		}, "DNS Query timeout"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSender(new(fault.Set), new(atomic.Bool))
			s.span = 50 * time.Millisecond
			s.transport.DialContext = tt.dial
			res := s.post(t.Context(), pack(&channel.Channel{}, "http://bot.example.com/", "{}"))
			if res.reason != couldNotConnect || res.detail != tt.detail {
				t.Errorf("%+v", res)
			}
		})
	}
}

func TestTheTimeLimitIsThePlatforms(t *testing.T) {
	if s := newSender(nil, new(atomic.Bool)); s.span != 2*time.Second {
		t.Error(s.span)
	}
}

func TestHTTPSWithHTTP2(t *testing.T) {
	w := newWorld(t)
	var proto string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { proto = r.Proto }))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	w.room.sender.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	out := w.emit(w.channel("1656000001", channel.Webhook{Endpoint: server.URL, Active: true}), text("U1", "hi"))
	w.settle()
	if e := w.entry(out.EventID); e.Status != delivered || proto != "HTTP/2.0" {
		t.Errorf("%s by %s", e.Status, proto)
	}
}
