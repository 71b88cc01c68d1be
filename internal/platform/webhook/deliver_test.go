package webhook

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
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

func TestFaultsOnTheWayOut(t *testing.T) {
	tests := map[string]struct {
		match          fault.Match
		effect         fault.Effect
		status         int
		reason, detail string
		posts          int
	}{
		"status":            {fault.Match{Webhook: true}, fault.Effect{Status: 503}, 503, errorStatusCode, "503", 0},
		"dropped":           {fault.Match{Webhook: true}, fault.Effect{DropConnection: true}, 0, unclassified, "Session closed unexpectedly", 0},
		"late, yet in time": {fault.Match{Webhook: true}, fault.Effect{Latency: fault.Duration(30 * time.Millisecond)}, 200, ok, "200", 1},
		"by path":           {fault.Match{Webhook: true, Path: "/callback", Method: "POST", ChannelID: "1656000001"}, fault.Effect{Status: 500}, 500, errorStatusCode, "500", 0},
		"another path":      {fault.Match{Webhook: true, Path: "/other"}, fault.Effect{Status: 500}, 200, ok, "200", 1},
		"another channel":   {fault.Match{Webhook: true, ChannelID: "1656000002"}, fault.Effect{Status: 500}, 200, ok, "200", 1},
		"of the API":        {fault.Match{}, fault.Effect{Status: 500}, 200, ok, "200", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), newBot(t, status(200))
			w.faults.Put([]fault.Rule{{Match: tt.match, Effect: tt.effect}})
			begun := time.Now()
			out := w.emit(w.channel("1656000001", b.hook()), text("U1", "hi"))
			w.settle()
			a := w.entry(out.EventID).Attempts[0]
			if a.Status != tt.status || a.Reason != tt.reason || a.Detail != tt.detail || len(b.got()) != tt.posts {
				t.Errorf("%+v, %d posts", a, len(b.got()))
			}
			if time.Since(begun) < time.Duration(tt.effect.Latency) {
				t.Error("the latency was not waited for")
			}
		})
	}
}

func TestBuiltinFailures(t *testing.T) {
	tests := map[string]struct {
		answer func(context.Context, *channel.Channel, []byte) error
		reason string
	}{
		"error":   {func(context.Context, *channel.Channel, []byte) error { return errors.New("no") }, unclassified},
		"panic":   {func(context.Context, *channel.Channel, []byte) error { panic("no") }, unclassified},
		"timeout": {func(ctx context.Context, _ *channel.Channel, _ []byte) error { <-ctx.Done(); return ctx.Err() }, requestTimeout},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t, "memory:", false)
			w.room.Builtin(tt.answer)
			w.room.sender.span = 20 * time.Millisecond
			w.begin()
			out := w.emit(w.channel("1656000001", channel.Webhook{}), text("U1", "hi"))
			w.settle()
			if e := w.entry(out.EventID); e.Status != failed || e.Attempts[0].Reason != tt.reason {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestOrderPerChat(t *testing.T) {
	const chats, each = 12, 40
	w := newWorld(t)
	b := newBot(t, status(200))
	ch := w.channel("1656000001", b.hook())
	var wg sync.WaitGroup
	for c := range chats {
		wg.Go(func() {
			for i := range each {
				w.emit(ch, text("U"+strconv.Itoa(c), strconv.Itoa(i)))
			}
		})
	}
	wg.Wait()
	w.settle()
	next := map[string]int{}
	for _, p := range b.got() {
		if want := strconv.Itoa(next[p.event.Source.UserID]); p.event.Message.Text != want {
			t.Fatalf("chat %s got %s where %s was due", p.event.Source.UserID, p.event.Message.Text, want)
		}
		next[p.event.Source.UserID]++
	}
	if len(b.got()) != chats*each {
		t.Errorf("%d of %d delivered", len(b.got()), chats*each)
	}
}

func TestADeadReceiverDelaysNobodyElse(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	dead := newBot(t, func(http.ResponseWriter, *http.Request) { <-release })
	arrived := make(chan struct{}, 1)
	alive := newBot(t, func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} })
	slow, quick := w.channel("1656000001", dead.hook()), w.channel("1656000002", alive.hook())
	for i := range 3 * window {
		w.emit(slow, text("U"+strconv.Itoa(i), "hi"))
	}
	begun := time.Now()
	w.emit(quick, text("U1", "hi"))
	select {
	case <-arrived:
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it took %v beside a dead receiver", took)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing arrived beside a dead receiver")
	}
	close(release)
	w.settle()
}

func TestRedeliverySchedule(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		return start.Add(d)
	}
	tests := []struct {
		attempt     int
		failed      string // after the first attempt
		next        string
		redelivered bool
	}{
		{1, "0s", "10s", true},
		{2, "10s", "40s", true},
		{3, "40s", "1m40s", true},
		{4, "1m40s", "3m40s", true},
		{5, "3m40s", "8m40s", true},
		{6, "8m40s", "", false},
		{7, "9m", "", false},
		{5, "5m30s", "10m", true}, // pulled in: what is due has happened within 10 minutes
		{2, "9m50s", "10m", true},
		{2, "11m", "11m30s", true}, // the server slept: plain pauses
	}
	for _, tt := range tests {
		got, again := redeliverAt(tt.attempt, start, at(tt.failed))
		if again != tt.redelivered || (again && !got.Equal(at(tt.next))) {
			t.Errorf("attempt %d failed after %s: %v, %v", tt.attempt, tt.failed, got.Sub(start), again)
		}
	}
}

func TestRedeliveryOnTheServersClock(t *testing.T) {
	tests := map[string]struct {
		redelivery bool
		succeeds   int // the attempt that succeeds, 0 none
		attempts   int
		status     string
	}{
		"off":               {false, 0, 1, failed},
		"on, never answers": {true, 0, 6, failed},
		"on, third time":    {true, 3, 3, delivered},
		"on, first time":    {true, 1, 1, delivered},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			n := 0
			b := newBot(t, func(w http.ResponseWriter, _ *http.Request) {
				if n++; n != tt.succeeds {
					w.WriteHeader(500)
				}
			})
			hook := b.hook()
			hook.Redelivery = tt.redelivery
			out := w.emit(w.channel("1656000001", hook), text("U1", `"isRedelivery":false`))
			w.settle()
			if len(b.got()) != 1 {
				t.Fatalf("%d at once", len(b.got()))
			}
			w.advance(10 * time.Minute)
			e := w.entry(out.EventID)
			if e.Status != tt.status || len(e.Attempts) != tt.attempts || len(b.got()) != tt.attempts {
				t.Fatalf("%s after %d attempts, %d posts", e.Status, len(e.Attempts), len(b.got()))
			}
			first := b.got()[0]
			for i, p := range b.got() {
				again := i > 0
				want := first.body
				if again {
					want = strings.Replace(first.body, `{"isRedelivery":false}`, `{"isRedelivery":true}`, 1)
				}
				if p.body != want || p.event.DeliveryContext.IsRedelivery != again || e.Attempts[i].IsRedelivery != again || e.Attempts[i].Request.Body != want {
					t.Errorf("attempt %d sent %s", i+1, p.body)
				}
				if again {
					waited := stamped(t, e.Attempts[i].StartedAt).Sub(stamped(t, e.Attempts[i-1].EndedAt))
					if d := waited - pauses[i-1]; d < 0 || d > time.Second {
						t.Errorf("attempt %d came %v after the one before", i+1, waited)
					}
				}
			}
		})
	}
}

func stamped(t *testing.T, s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRedeliverByHand(t *testing.T) {
	w := newWorld(t)
	code := 500
	b := newBot(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	hook := b.hook()
	hook.Redelivery = true
	ch := w.channel("1656000001", hook)
	out := w.emit(ch, text("U1", "hi"))
	w.settle()
	expect := func(step, status string, posts int) {
		t.Helper()
		w.settle()
		if e := w.entry(out.EventID); e.Status != status || len(b.got()) != posts {
			t.Errorf("%s: %s after %d posts", step, e.Status, len(b.got()))
		}
	}
	hand := func() {
		t.Helper()
		if err := w.room.Redeliver(t.Context(), out.EventID); err != nil {
			t.Fatal(err)
		}
	}
	hand()
	expect("by hand, it fails and the schedule stands", waiting, 2)
	code = 200
	hand()
	expect("by hand, it succeeds", delivered, 3)
	w.advance(10 * time.Minute)
	expect("the schedule has nothing left to do", delivered, 3)
	code = 500
	hand()
	expect("what was delivered stays delivered", delivered, 4)
	for i, p := range b.got() {
		if p.event.ID != out.EventID || p.event.DeliveryContext.IsRedelivery != (i > 0) {
			t.Errorf("post %d is %s", i+1, p.body)
		}
	}
	w.channel("1656000001", channel.Webhook{Endpoint: b.URL})
	if err := w.room.Redeliver(t.Context(), out.EventID); err == nil || !strings.Contains(err.Error(), "takes no webhooks") {
		t.Error(err)
	}
	if err := w.room.Redeliver(t.Context(), "01FZ74A0TDDPYRVKNK77XKC3ZR"); err == nil || !strings.HasPrefix(err.Error(), "No webhook event") {
		t.Error(err)
	}
}

// TestAfterACrash closes the store under deliveries, as a crash would, and
// opens it again.
func TestAfterACrash(t *testing.T) {
	for _, redelivery := range []bool{true, false} {
		t.Run(fmt.Sprint("redelivery ", redelivery), func(t *testing.T) {
			dsn := "sqlite:" + t.TempDir() + "/kaiwa.db"
			reached, release := make(chan struct{}, 1), make(chan struct{})
			b := newBot(t, func(http.ResponseWriter, *http.Request) {
				select {
				case reached <- struct{}{}:
				default: // only the first is waited for
				}
				<-release
			})
			hook := b.hook()
			hook.Redelivery = redelivery
			before := openWorld(t, dsn, false)
			before.begin()
			ch := before.channel("1656000001", hook)
			tried := before.emit(ch, text("U1", "tried"))
			<-reached
			untried := before.emit(ch, text("U1", "untried")) // waits for its turn in the chat
			before.db.Close()
			close(release)
			before.stop()

			after := openWorld(t, dsn, false)
			after.clock.Set(start.Add(time.Hour))
			after.begin()
			after.settle()
			posts := map[string][]bool{}
			for _, p := range b.got() {
				posts[p.event.ID] = append(posts[p.event.ID], p.event.DeliveryContext.IsRedelivery)
			}
			want := map[string][]bool{tried.EventID: {false}, untried.EventID: {false}}
			status := failed
			if redelivery {
				want[tried.EventID] = []bool{false, true}
				status = delivered
			}
			if !reflect.DeepEqual(posts, want) {
				t.Errorf("got %v, want %v", posts, want)
			}
			e := after.entry(tried.EventID)
			if a := e.Attempts[0]; e.Status != status || a.Reason != unclassified || a.Detail != dispatchError || a.EndedAt == "" {
				t.Errorf("%+v", e)
			}
			if e := after.entry(untried.EventID); e.Status != delivered || len(e.Attempts) != 1 || e.Attempts[0].IsRedelivery {
				t.Errorf("never tried: %+v", e)
			}
		})
	}
}

func TestInterruptedBeforeAnythingWasSent(t *testing.T) {
	w := openWorld(t, "memory:", false)
	w.queue.Pause(func(string) bool { return true })
	w.begin()
	b := newBot(t, status(200))
	out := w.emit(w.channel("1656000001", b.hook()), text("U1", "hi"))
	var no string
	w.update(func(tx *store.Tx) error {
		if err := tx.Row(`SELECT payload FROM outbox`, nil, &no); err != nil {
			return err
		}
		got, err := w.room.interrupted(tx, outbox.Item{Kind: kind, Payload: no, Attempts: 1})
		if err != nil || !got.Retry.Equal(tx.Now) {
			t.Errorf("%+v, %v", got, err)
		}
		return nil
	})
	if e := w.entry(out.EventID); e.Status != waiting {
		t.Errorf("%+v", e)
	}
}

func TestPublicAddressesOnly(t *testing.T) {
	tests := map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "2a00:1450:4001:81b::200e": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.100.100.200": false, "192.0.0.192": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.51.100.7": false, "203.0.113.9": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"168.63.129.16": false, "::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true,
		"::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::a00:1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
		"fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false, "100::1": false,
	}
	for address, want := range tests {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v", address, got)
		}
	}
}

// TestNothingPrivateIsDialled sees to it that no spelling of this machine's own
// address reaches it.
func TestNothingPrivateIsDialled(t *testing.T) {
	l := listen(t)
	touched := make(chan struct{}, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			touched <- struct{}{}
			conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	var public atomic.Bool
	public.Store(true)
	s := newSender(new(fault.Set), &public)
	hosts := []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1.", "１２７.0.0.1", "LOCALHOST", "a@127.0.0.1"}
	for _, host := range hosts {
		for _, scheme := range []string{"https", "http"} {
			res := s.post(t.Context(), pack(&channel.Channel{}, scheme+"://"+host+":"+port+"/", "{}"))
			if res.reason != couldNotConnect {
				t.Errorf("%s://%s: %+v", scheme, host, res)
			}
		}
	}
	if len(touched) > 0 {
		t.Errorf("%d connections reached this machine", len(touched))
	}
}
