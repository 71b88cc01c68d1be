package badinput

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kaiwa/test/kit"
)

// places are paths of every kind that the server serves.
var places = []string{"/v2/bot/message/push", "/v2/bot/info", "/oauth2/v2.1/verify", "/sim/v1/world", "/sim/v1/people", "/public/v1/accounts",
	"/public/v1/openapi.json", "/_/", "/healthz", "/readyz", "/metrics", "/", "/docs", "/nowhere"}

// A request whose length can be read in two ways must not carry a second one
// past a proxy: the connection ends with the first answer.
func TestSmuggling(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	const second = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
	for _, path := range places {
		head := func(method string) string {
			return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n"
		}
		for name, request := range map[string]string{
			"length and chunks":      head("POST") + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
			"chunks and length":      head("POST") + "Transfer-Encoding: chunked\r\nContent-Length: 100\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + second,
			"chunks alone":           head("POST") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
			"chunks of a GET":        head("GET") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
			"two lengths":            head("POST") + "Content-Length: 0\r\nContent-Length: 2\r\n\r\n{}" + second,
			"chunks twice":           head("POST") + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
			"chunks and more":        head("POST") + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + second,
			"something like chunks":  head("POST") + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second,
			"a space before a colon": head("POST") + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + second,
			"a length of -1":         head("POST") + "Content-Length: -1\r\n\r\n" + second,
			"a length of +2":         head("POST") + "Content-Length: +2\r\n\r\n{}" + second,
			"a length of 2, 2":       head("POST") + "Content-Length: 2, 3\r\n\r\n{}" + second,
			"a length in hex":        head("POST") + "Content-Length: 0x2\r\n\r\n{}" + second,
		} {
			answers, closed := v.raw([]byte(request))
			// 501 is net/http's word for a coding that it does not know.
			if len(answers) != 1 || !closed || answers[0] >= 500 && answers[0] != http.StatusNotImplemented {
				t.Errorf("%s, %s: answered %v, closed %v", path, name, answers, closed)
			}
		}
	}
}

// A body that cannot be read is refused and has no effect.
func TestBrokenChunks(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	body := `{"to":"` + aoi + `","messages":[{"type":"text","text":"mark-broken-chunk"}]}`
	size := fmt.Sprintf("%x", len(body))
	for name, chunks := range map[string]string{
		"a bare line feed":    size + "\n" + body + "\r\n0\r\n\r\n",
		"no size":             "\r\n" + body + "\r\n0\r\n\r\n",
		"no hex":              "zz\r\n" + body + "\r\n0\r\n\r\n",
		"a negative size":     "-" + size + "\r\n" + body + "\r\n0\r\n\r\n",
		"a size too large":    "ffffffffffffffffff\r\n" + body + "\r\n0\r\n\r\n",
		"a size too small":    "5\r\n" + body + "\r\n0\r\n\r\n",
		"a long extension":    size + ";" + strings.Repeat("x", 10000) + "\r\n" + body + "\r\n0\r\n\r\n",
		"no line end":         size + "\r\n" + body + "0\r\n\r\n",
		"a space in the size": size[:1] + " " + size[1:] + "\r\n" + body + "\r\n0\r\n\r\n",
	} {
		answers, closed := v.raw([]byte("POST /v2/bot/message/push HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token +
			"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
		if !slices.Equal(answers, []int{400}) || !closed {
			t.Errorf("%s: answered %v, closed %v", name, answers, closed)
		}
	}
	if chat := v.Do("GET", "/sim/v1/people/"+aoi+"/chats/"+cafe+"/messages", ""); strings.Contains(chat.Body, "mark-broken-chunk") {
		t.Errorf("a broken body took effect: %s", chat.Body)
	}
}

func TestBrokenHeads(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	get := "GET /v2/bot/info HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		request string
		want    []int // any of them
	}{
		"a head over 16 KiB":    {get + "X-Large: " + strings.Repeat("x", 16<<10) + "\r\n\r\n", []int{431}},
		"a large header":        {get + "X-Large: " + strings.Repeat("x", 40<<10) + "\r\n\r\n", []int{431}},
		"a huge header":         {get + "X-Large: " + strings.Repeat("x", 10<<20) + "\r\n\r\n", []int{431}},
		"many headers":          {get + many(100000, "X-%d: y\r\n") + "\r\n", []int{431}},
		"a large cookie":        {get + "Cookie: " + strings.Repeat("a=b; ", 10000) + "\r\n\r\n", []int{431}},
		"a large path":          {"GET /" + strings.Repeat("a", 1<<20) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", []int{431, 414}},
		"a large query":         {"GET /v2/bot/info?" + strings.Repeat("a=b&", 2000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", []int{401}},
		"a large token":         {get + "Authorization: Bearer " + strings.Repeat("x", 15000) + "\r\n\r\n", []int{401}},
		"NUL in a header":       {get + "X-Nul: a\x00b\r\n\r\n", []int{400}},
		"a header without name": {get + ": x\r\n\r\n", []int{400}},
		"a header of no colon":  {get + "nonsense\r\n\r\n", []int{400}},
		"two hosts":             {get + "Host: 127.0.0.2\r\n\r\n", []int{400}},
		"no host":               {"GET /v2/bot/info HTTP/1.1\r\nConnection: close\r\n\r\n", []int{400}},
		"a broken host":         {"GET /v2/bot/info HTTP/1.1\r\nHost: a b\r\n\r\n", []int{400}},
		"no version":            {"GET /v2/bot/info\r\n\r\n", []int{400}},
		"HTTP/9":                {"GET /v2/bot/info HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n", []int{400, 505}},
		"a broken method":       {"G@T /v2/bot/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", []int{400}},
		"an unknown method":     {"BREW /v2/bot/info HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n", []int{405}},
		"CONNECT":               {"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n", []int{400, 404, 405}},
		"noise":                 {strings.Repeat("\xff\x00\x80", 1000) + "\r\n\r\n", []int{400, 431}},
		"TLS":                   {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400}},
	} {
		answers, closed := v.raw([]byte(c.request))
		if len(answers) != 1 || !slices.Contains(c.want, answers[0]) || !closed {
			t.Errorf("%s: answered %v, closed %v, want one of %v", name, answers, closed, c.want)
		}
	}
}

// A path has one reading only: what another reader could take for another path
// leads nowhere, and no redirect tells a proxy otherwise.
func TestPathTricks(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	for _, path := range []string{
		"/v2/bot/../../sim/v1/world", "/v2/bot/%2e%2e/%2e%2e/sim/v1/world", "/v2/bot/%2E%2E/info", "/v2/bot/.%2e/bot/info", "/v2/bot/./info",
		"//v2/bot/info", "/v2//bot/info", "/v2/bot//info", "///", "//sim/v1/world", "//evil.example/sim/v1/world", "/sim/v1//world",
		"/v2%2fbot%2finfo", "/v2/bot%2Finfo", "/v2/bot/message/%2f%2f/content", "/v2/bot/info%00", "/v2/bot/%00/info", "/v2/bot/info%5c..", `/v2\bot\info`,
		"/sim/v1/../v1/world", "/sim/v1/%2e%2e/v1/world", "/sim/v1/people/%2e%2e/chats", "/sim/v1/people/..%2f..%2f/chats", "/sim%2fv1/world",
		"/public/v1/../../sim/v1/world", "/public/v1/%2e%2e/%2e%2e/sim/v1/world", "/public//v1/accounts", "/public/v1/accounts/..%2f..", "/public/v1/accounts/%00",
		"/_/../sim/v1/world", "/_/%2e%2e/sim/v1/world", "/_//", "/_/..%2f..%2fetc/passwd", "/_/static/../../../etc/passwd", "/_/static/%2e%2e/%2e%2e/etc/passwd",
		"/healthz/../sim/v1/world", "/healthz//", "/metrics/%2e%2e/sim/v1/world", "/%2e%2e/%2e%2e/etc/passwd", "/..%c0%af..%c0%afetc/passwd",
		"/v2/bot/info;x=y", "/sim/v1/world;jsessionid=1", "/V2/BOT/INFO", "/v2/bot/info/", "/v2/bot/info.json",
	} {
		for _, host := range []string{"127.0.0.1", "api.line.me"} {
			for _, target := range []string{path, "http://" + host + path} {
				answers, closed := v.raw([]byte("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n"))
				if len(answers) != 1 || answers[0] != http.StatusBadRequest && answers[0] != http.StatusNotFound || !closed {
					t.Errorf("%s at %s: answered %v, closed %v", target, host, answers, closed)
				}
			}
		}
	}
}
