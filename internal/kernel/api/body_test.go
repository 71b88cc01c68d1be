package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kaiwa/internal/kernel/api"
)

// takers are operations of each adapter; each answers what it has read.
func takers() []api.Op {
	return []api.Op{
		op("json", "POST /json"),
		{ID: "form", Pattern: "POST /form", Run: api.Form(func(_ *api.Call, in url.Values) (any, error) { return note{Text: in.Encode()}, nil })},
		{ID: "raw", Pattern: "POST /raw", Run: api.Raw(func(_ *api.Call, in []byte) (any, error) { return note{N: len(in)}, nil })},
		{ID: "none", Pattern: "POST /none", Run: api.None(func(c *api.Call) (any, error) {
			n, ok := c.QueryInt("n")
			return note{Text: fmt.Sprint(ok), N: int(n)}, nil
		})},
	}
}

func TestMediaTypes(t *testing.T) {
	b := newBench(t, family, takers()...)
	for _, c := range []struct {
		path, kind, body string
		status           int
		answer           string
	}{
		{"/json", "application/json", `{"text":"a"}`, 200, `{"text":"a"}`},
		{"/json", "application/json; charset=UTF-8", `{"text":"a"}`, 200, `{"text":"a"}`},
		{"/json", "APPLICATION/JSON;charset=utf-8", `{}`, 200, `{}`},
		{"/json", "text/json", `{}`, 415, `{"message":"The content type, text/json, is not supported"}`},
		{"/json", "", `{}`, 415, `{"message":"The content type, application/octet-stream, is not supported"}`},
		{"/json", "application/json, text/plain", `{}`, 415, `{"message":"The content type, application/json, text/plain, is not supported"}`},
		{"/json", "application/json-patch+json", `{}`, 415, `{"message":"The content type, application/json-patch+json, is not supported"}`},
		{"/json", "multipart/form-data; boundary=x", `{}`, 415, `{"message":"The content type, multipart/form-data; boundary=x, is not supported"}`},
		{"/json", "application/json", ``, 400, `{"message":"The request body could not be parsed as JSON (line: 1, column: 1)"}`},
		{"/json", "application/json", `{"n":"x"}`, 400, `{"message":"The property, 'n', in the request body is invalid (line: 1, column: 6)"}`},
		{"/form", "application/x-www-form-urlencoded", `b=2&a=1+1&a=%E3%81%82`, 200, `{"text":"a=1+1&a=%E3%81%82&b=2"}`},
		{"/form", "application/x-www-form-urlencoded;charset=utf-8", ``, 200, `{}`},
		{"/form", "application/x-www-form-urlencoded", `a=%zz`, 400, `{"message":"The form could not be read"}`},
		{"/form", "application/x-www-form-urlencoded", `a=1;b=2`, 400, `{"message":"The form could not be read"}`},
		{"/form", "application/json", `{}`, 415, `{"message":"The content type, application/json, is not supported"}`},
		{"/raw", "image/png", "\x89PNG\x00", 200, `{"n":5}`},
		{"/raw", "", "abc", 200, `{"n":3}`},
		{"/none", "whatever", `{"not":"read"`, 200, `{"text":"true"}`},
		{"/none?n=-12", "", ``, 200, `{"text":"true","n":-12}`},
		{"/none?n=", "", ``, 200, `{"text":"true"}`},
		{"/none?n=1.5", "", ``, 200, `{"text":"false"}`},
		{"/none?n=99999999999999999999", "", ``, 200, `{"text":"false","n":9223372036854775807}`},
	} {
		t.Run(c.path+" "+c.kind, func(t *testing.T) {
			b.t = t
			b.want(b.call("POST", c.path, c.body, "Content-Type: "+c.kind), c.status, c.answer)
		})
	}
}

// TestBodyLimit sends bodies with their length, and in chunks without one.
func TestBodyLimit(t *testing.T) {
	b := newBench(t, family, takers()...)
	s := b.listen()
	for _, path := range []string{"/raw", "/none", "/json"} {
		for _, c := range []struct {
			size     int
			tooLarge bool
		}{{0, false}, {bodyMost, false}, {bodyMost + 1, true}, {100 * bodyMost, true}} {
			body := strings.Repeat(" ", c.size)
			chunked := ""
			if c.size > 0 {
				chunked = fmt.Sprintf("%x\r\n%s\r\n", c.size, body)
			}
			head := "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 1\r\nContent-Type: application/json\r\nConnection: close\r\n"
			for how, text := range map[string]string{
				"with its length": fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, c.size, body),
				"in chunks":       head + "Transfer-Encoding: chunked\r\n\r\n" + chunked + "0\r\n\r\n",
			} {
				got := b.raw(s, text)
				if refused := strings.HasPrefix(got, "HTTP/1.1 413 ") && strings.HasSuffix(got, `{"message":"too large"}`); refused != c.tooLarge {
					t.Errorf("%s, %d bytes %s: %s", path, c.size, how, got)
				}
				if !strings.HasPrefix(got, "HTTP/1.1 ") || strings.HasPrefix(got, "HTTP/1.1 5") {
					t.Errorf("%s, %d bytes %s: %s", path, c.size, how, got)
				}
			}
		}
	}
}

// TestAnnouncedLengthIsEnough: a body that is announced as too large is refused before it comes.
func TestAnnouncedLengthIsEnough(t *testing.T) {
	b := newBench(t, family, takers()...)
	got := b.raw(b.listen(), "POST /raw HTTP/1.1", "Host: x", "Authorization: Bearer 1", "Content-Length: 1073741824", "", "")
	if !strings.HasPrefix(got, "HTTP/1.1 413 ") || !strings.Contains(got, "Connection: close") {
		t.Error(got)
	}
}

func TestBrokenBodiesHaveNoEffect(t *testing.T) {
	var ran atomic.Int64
	b := newBench(t, family, api.Op{ID: "raw", Pattern: "POST /raw", Run: api.Raw(func(*api.Call, []byte) (any, error) { ran.Add(1); return nil, nil })})
	s := b.listen()
	head := "POST /raw HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 1\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, chunks := range map[string]string{
		"no size":              "\r\nabc\r\n0\r\n\r\n",
		"size that lies":       "2\r\nabcdef\r\n0\r\n\r\n",
		"no number":            "zz\r\nabc\r\n0\r\n\r\n",
		"huge size":            "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
		"line that never ends": strings.Repeat("0", 10_000),
	} {
		if got := b.raw(s, head+chunks); !strings.HasPrefix(got, "HTTP/1.1 400 ") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if ran.Load() != 0 {
		t.Errorf("the operation ran %d times", ran.Load())
	}
}

// TestNothingIsSmuggledBehindAChunkedBody: a request that claims two lengths is
// the last of its connection.
func TestNothingIsSmuggledBehindAChunkedBody(t *testing.T) {
	b := newBench(t, family, takers()...)
	got := b.raw(b.listen(),
		"POST /none HTTP/1.1", "Host: x", "Authorization: Bearer 1", "Content-Length: 4", "Transfer-Encoding: chunked", "",
		"0", "",
		"POST /raw HTTP/1.1", "Host: x", "Authorization: Bearer 1", "Content-Length: 0", "", "")
	if n := strings.Count(got, "HTTP/1.1 "); n != 1 || !strings.Contains(got, "Connection: close") {
		t.Errorf("%d answers: %s", n, got)
	}
}

// TestConnectionsAreKept: ordinary requests follow each other on one connection.
func TestConnectionsAreKept(t *testing.T) {
	b := newBench(t, family, takers()...)
	conn, err := net.Dial("tcp", b.listen().Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	for i, c := range []struct {
		path   string
		status int
	}{{"/raw", 200}, {"/nowhere", 404}, {"/json", 415}, {"/none", 200}} {
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 1\r\nContent-Length: 3\r\n\r\nabc", c.path)
		res, err := http.ReadResponse(r, nil)
		if err != nil || res.StatusCode != c.status || res.Close {
			t.Fatalf("request %d: %v, %v", i, res, err)
		}
		res.Body.Close()
	}
}
