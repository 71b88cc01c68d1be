package badinput

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"kaiwa/test/kit"
)

// knock sends a request with headers of its own choosing, Host among them.
func (v *victim) knock(method, path string, header map[string]string) int {
	v.t.Helper()
	request := method + " " + path + " HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
	if header["Host"] == "" {
		request += "Host: " + v.host() + "\r\n"
	}
	for name, value := range header {
		request += name + ": " + value + "\r\n"
	}
	answers, closed := v.raw([]byte(request + "\r\n{}"))
	if len(answers) != 1 || !closed {
		v.t.Errorf("%s %s %v: answered %v, closed %v", method, path, header, answers, closed)
		return 0
	}
	return answers[0]
}

// controls are what only this machine's own programs and pages may use.
var controls = []struct{ method, path string }{
	{"GET", "/sim/v1/world"}, {"POST", "/sim/v1/people"}, {"POST", "/sim/v1/reset"}, {"DELETE", "/sim/v1/faults"}, {"GET", "/_/"},
}

// A name that somebody else's DNS points here shows in Host (rebinding).
func TestHostileHost(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	_, port, _ := strings.Cut(v.host(), ":")
	for _, host := range []string{"evil.example", "evil.example:" + port, "127.0.0.1.evil.example", "localhost.evil.example", "evil.localhost.example", "127.0.0.1.nip.io:" + port,
		"api.line.me.evil.example", "evil-api.line.me", "xapi.line.me", "0.0.0.0", "169.254.169.254", "192.168.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:192.168.0.1]",
		"localhost.", "api.line.me.", "l\u00f6calhost"} {
		for _, c := range controls {
			if status := v.knock(c.method, c.path, map[string]string{"Host": host}); status != http.StatusForbidden && status != http.StatusBadRequest {
				t.Errorf("%s %s at Host %q: %d", c.method, c.path, host, status)
			}
			target := c.method + " http://" + host + c.path // an absolute URL says the host as well
			answers, _ := v.raw([]byte(target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
			if len(answers) != 1 || answers[0] != http.StatusForbidden && answers[0] != http.StatusBadRequest {
				t.Errorf("%s: %v", target, answers)
			}
		}
	}
	for _, host := range []string{v.host(), "localhost:" + port, "127.0.0.1", "[::1]:" + port, "api.line.me", "API.LINE.ME:80"} {
		if status := v.knock("GET", "/sim/v1/world", map[string]string{"Host": host}); status != http.StatusOK {
			t.Errorf("Host %q: %d", host, status)
		}
	}
}

// A page of another site must neither act nor read.
func TestHostileOrigin(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	before := v.Do("GET", "/sim/v1/world", "").Body
	for _, header := range []map[string]string{
		{"Origin": "http://evil.example"}, {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "cross-site"},
		{"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "http://localhost:1", "Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "same-site"},
		{"Origin": "file://"}, {"Origin": "chrome-extension://abc"}, {"Origin": "http://" + v.host() + ".evil.example"}, {"Origin": "nonsense"}, {"Sec-Fetch-Site": "unheard-of"},
	} {
		for _, c := range controls {
			if c.path == "/_/" { // a link to the pages may stand anywhere; what they do is tested below
				continue
			}
			if status := v.knock(c.method, c.path, header); status != http.StatusForbidden {
				t.Errorf("%s %s with %v: %d", c.method, c.path, header, status)
			}
		}
		if status := v.knock("POST", "/_/", header); status != http.StatusForbidden {
			t.Errorf("POST /_/ with %v: %d", header, status)
		}
	}
	if after := v.Do("GET", "/sim/v1/world", "").Body; after != before {
		t.Errorf("the world was changed:\n%s\n%s", before, after)
	}
	for _, header := range []map[string]string{{"Origin": v.URL}, {"Origin": v.URL, "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}} {
		if status := v.knock("GET", "/sim/v1/world", header); status != http.StatusOK {
			t.Errorf("its own page, %v: %d", header, status)
		}
	}
	a := v.Do("OPTIONS", "/sim/v1/world", "", "Origin", "http://evil.example", "Access-Control-Request-Method", "POST")
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("another site is told that it may: %s", name)
		}
	}
}

// Beyond loopback, who does not know the token plays nobody.
func TestListenerBeyondLoopback(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-of-the-operator"
	v := newVictim(t, kit.Options{Args: []string{"--listen", "0.0.0.0:0"}, Env: []string{"KAIWA_SIM_TOKEN=" + secret}})
	_, port, _ := strings.Cut(strings.ReplaceAll(v.host(), "[::]", "0.0.0.0"), ":")
	v.URL = "http://127.0.0.1:" + port
	for _, c := range controls {
		for _, header := range [][]string{{}, {"Authorization", "Bearer"}, {"Authorization", "Bearer "}, {"Authorization", "Bearer wrong"}, {"Authorization", "bearer" + secret},
			{"Authorization", "Bearer " + secret + "x"}, {"Authorization", "Bearer " + secret[1:]}, {"Authorization", "Bearer " + token}, {"Authorization", "Basic Og=="},
			{"X-Forwarded-For", "127.0.0.1"}, {"Host", "127.0.0.1"}} {
			a := v.Do(c.method, c.path, "{}", header...)
			if a.Status != http.StatusUnauthorized || bytes.Contains([]byte(a.Body), []byte(secret)) {
				t.Errorf("%s %s with %v: %d %s", c.method, c.path, header, a.Status, a.Body)
			}
		}
	}
	if a := v.Do("GET", "/sim/v1/world", "", "Authorization", "Bearer "+secret); a.Status != http.StatusOK {
		t.Errorf("with the token: %d %s", a.Status, a.Body)
	}
	if strings.Contains(v.Log(), secret) {
		t.Error("the log shows the token")
	}
}
