package app_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// Every path of the platform answers as the platform does; pages and the
// simulation API do not carry its request id.
func TestMounts(t *testing.T) {
	s := stage.Start(t, "", "")
	const notFound = `{"message":"Not found"}`
	const problem = `{"type":"about:blank","title":"Not Found","status":404,"detail":"Not found"}`
	for _, c := range []struct {
		method, path, accept string
		status               int
		body, location       string
		requestID            bool
	}{
		{"GET", "/healthz", "", 200, `{"status":"ok"}`, "", false},
		{"GET", "/readyz", "", 200, `{"status":"ready"}`, "", false},
		{"GET", "/", "*/*", 404, notFound, "", true},
		{"GET", "/v2/bot/nothing", "", 404, notFound, "", true},
		{"GET", "/oauth2/nothing", "", 404, notFound, "", true},
		{"GET", "/liff/v1/nothing", "", 404, notFound, "", true},
		{"GET", "//v2/bot/info", "", 404, notFound, "", true},
		{"GET", "/v2/bot/../bot/info", "", 404, notFound, "", true},
		{"GET", "/v2/bot/%2e%2e/bot/info", "", 404, notFound, "", true},
		{"GET", "/v2/bot%2finfo", "", 404, notFound, "", true},
		{"GET", "/v2/bot/info%00", "", 404, notFound, "", true},
		{"GET", "/v2/bot/info/", "", 404, notFound, "", true},
		{"DELETE", "/v2/bot/info", "", 405, `{"message":"The request method, 'DELETE', is not supported"}`, "", true},
		{"GET", "/v2/bot/message/push", "", 405, `{"message":"The request method, 'GET', is not supported"}`, "", true},
		{"GET", "/sim/v1/nothing", "", 404, notFound, "", false},
		{"GET", "/public", "", 404, problem, "", false},
		{"GET", "/public/v2/accounts", "", 404, problem, "", false},
		{"GET", "/public/v1/accounts/%2e%2e/x", "", 404, problem, "", false},
		{"GET", "/connector/v1//actions", "", 404, problem, "", false},
	} {
		a := s.Do(c.method, c.path, "", "Accept", c.accept)
		if a.Status != c.status || a.Body != c.body || a.Header.Get("Location") != c.location || (a.Header.Get("x-line-request-id") != "") != c.requestID {
			t.Errorf("%s %s: %d %s %v", c.method, c.path, a.Status, a.Body, a.Header)
		}
	}
	if a := s.Do("GET", "/metrics", ""); a.Status != 200 || !strings.Contains(a.Body, "kaiwa_panics_total 0") || !strings.Contains(a.Body, "kaiwa_queue_depth 0") ||
		!strings.Contains(a.Body, "kaiwa_oldest_undelivered_webhook_seconds 0") {
		t.Errorf("metrics: %d %s", a.Status, a.Body)
	}
}

// A page of another site reaches nothing of the simulation API, by no name.
func TestSimulationIsForThisMachine(t *testing.T) {
	s := stage.Start(t, "", "")
	own := strings.TrimPrefix(s.URL, "http://")
	calls := []string{"GET /world", "POST /people", "POST /people/" + stage.Aoi + "/follow", "POST /people/" + stage.Aoi + "/messages", "POST /people/" + stage.Aoi + "/taps",
		"POST /people/" + stage.Aoi + "/events", "GET /people/" + stage.Aoi + "/chats", "GET /people/" + stage.Aoi + "/chats/" + stage.Cafe + "/messages", "POST /groups",
		"POST /groups/" + stage.Lunch + "/leave", "GET /events", "GET /webhooks", "POST /webhooks/x/redeliver", "GET /requests", "GET /clock", "POST /clock", "GET /faults", "PUT /faults",
		"DELETE /faults", "POST /reset"}
	for _, hostile := range [][]string{
		{"Host", "evil.example"}, {"Host", "evil.example:5463"}, {"Host", "127.0.0.1.evil.example"}, {"Host", "localhost.evil.example"}, {"Host", "192.168.1.2"}, {"Host", "line.me"},
		{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Origin", "http://localhost:1"},
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
		{"Host", "evil.example", "Origin", "http://evil.example", "Sec-Fetch-Site", "same-origin"},
	} {
		for _, call := range calls {
			method, path, _ := strings.Cut(call, " ")
			var a stage.Answer
			did := s.Effect(func() { a = s.Do(method, "/sim/v1"+path, `{}`, hostile...) })
			if a.Status != 403 || did != "" || !strings.HasPrefix(a.Body, `{"message":"`) {
				t.Errorf("%v: %s: %d %s, did %q", hostile, call, a.Status, a.Body, did)
			}
		}
	}
	for _, friendly := range [][]string{{}, {"Host", "localhost:" + own[strings.LastIndex(own, ":")+1:]}, {"Host", "[::1]:5463"}, {"Host", "api.line.me"}, {"Host", "API-DATA.line.me:443"},
		{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}} {
		if a := s.Do("GET", "/sim/v1/world", "", friendly...); a.Status != 200 {
			t.Errorf("%v: %d %s", friendly, a.Status, a.Body)
		}
	}
}

// The platform answers whoever asks, by whatever name.
func TestPlatformTakesAnyHost(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, host := range []string{"api.line.me", "api-data.line.me", "bot.example", "127.0.0.1"} {
		if a := s.As(stage.Cafe, "GET", "/v2/bot/info", "", "Host", host); a.Status != 200 {
			t.Errorf("%s: %d %s", host, a.Status, a.Body)
		}
	}
}
