package webhook

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/channel"
)

// call makes an authenticated call of a channel.
type caller func(method, path, body string) (int, string)

func (w *world) api(channelID string) caller {
	routes := api.NewRoutes(&api.Server{Clock: &w.clock, Limits: new(limit.Buckets), Faults: &w.faults, Log: slog.New(slog.DiscardHandler)},
		api.Family{Errors: api.LineErrors})
	routes.Add(api.Family{Errors: api.LineErrors, BodyMost: 2 << 20, LimitedText: "limited", Authenticate: func(*http.Request) (string, any, error) {
		return channelID, w.channels.Get(channelID), nil
	}}, w.room.Ops())
	return func(method, path, body string) (int, string) {
		r := httptest.NewRequestWithContext(w.t.Context(), method, "/v2/bot/channel/webhook/"+path, strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		rec := httptest.NewRecorder()
		routes.ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}
}

func TestEndpointSetAndGet(t *testing.T) {
	w := newWorld(t)
	w.channel("1656000001", channel.Webhook{Active: true})
	call := w.api("1656000001")
	steps := []struct {
		method, body string
		status       int
		want         string
	}{
		{"GET", "", 404, `{"message":"Webhook endpoint not found"}`},
		{"PUT", `{"endpoint":"https://example.com/test"}`, 200, `{}`},
		{"GET", "", 200, `{"endpoint":"https://example.com/test","active":true}`},
		{"PUT", `{"endpoint":"nonsense"}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		{"PUT", `{}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		{"PUT", `{"endpoint":null}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		{"GET", "", 200, `{"endpoint":"https://example.com/test","active":true}`},
	}
	for i, s := range steps {
		if code, body := call(s.method, "endpoint", s.body); code != s.status || body != s.want {
			t.Errorf("step %d, %s %s: %d %s", i+1, s.method, s.body, code, body)
		}
	}
	if err := w.channels.Load(t.Context()); err != nil || w.channels.Get("1656000001").Webhook.Endpoint != "https://example.com/test" {
		t.Errorf("it is not in the store: %v", err)
	}
	w.channel("1656000001", channel.Webhook{Endpoint: "https://example.com/test"})
	if _, body := call("GET", "endpoint", ""); body != `{"endpoint":"https://example.com/test","active":false}` {
		t.Error(body)
	}
}

func TestEndpointURLs(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("a", 480)
	tests := map[string]struct{ any, public bool }{
		"https://example.com/callback":         {true, true},
		"https://example.com:8443/c?a=b&c=%20": {true, true},
		"HTTPS://EXAMPLE.com":                  {true, true},
		"https://example.com/会話":               {true, true},
		"https://[2001:db8::1]/":               {true, true},
		long:                                   {true, true},
		long + "a":                             {false, false},
		"http://127.0.0.1:9000/callback":       {true, false},
		"http://localhost/":                    {true, false},
		"":                                     {false, false},
		"https://":                             {false, false},
		"https:///path":                        {false, false},
		"https:example.com":                    {false, false},
		"//example.com":                        {false, false},
		"example.com/callback":                 {false, false},
		"ftp://example.com":                    {false, false},
		"javascript:alert(1)":                  {false, false},
		"https://user:password@example.com/":   {false, false},
		"https://example.com/a b":              {false, false},
		" https://example.com":                 {false, false},
		"https://example.com/\n":               {false, false},
		"https://exa mple.com/":                {false, false},
		"https://exa%20mple.com/":              {false, false},
		"https://例え.jp/":                       {false, false},
		"https://.example.com/":                {false, false},
		"https://example..com/":                {false, false},
		"https://example.com:/":                {false, false},
		"https://example.com:0/":               {false, false},
		"https://example.com:65536/":           {false, false},
		"https://example.com:x/":               {false, false},
		"https://example.com/%zz":              {false, false},
		"https://example.com/<>":               {false, false},
	}
	for _, public := range []bool{false, true} {
		w := openWorld(t, "memory:", public)
		for endpoint, want := range tests {
			ok := want.any
			if public {
				ok = want.public
			}
			if w.room.valid(endpoint) != ok {
				t.Errorf("public %v: valid(%q) is %v", public, endpoint, !ok)
			}
		}
	}
}

func TestEndpointTest(t *testing.T) {
	gone := listen(t)
	gone.Close()
	good, bad := newBot(t, status(200)), newBot(t, status(400))
	hang := newBot(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	tests := map[string]struct {
		configured, body string
		status           int
		want             string // TIME stands for the timestamp
	}{
		"configured, no body":  {good.URL, "", 200, `{"success":true,"timestamp":"TIME","statusCode":200,"reason":"OK","detail":"200"}`},
		"configured, empty":    {good.URL, "{}", 200, `{"success":true,"timestamp":"TIME","statusCode":200,"reason":"OK","detail":"200"}`},
		"configured, null":     {good.URL, `{"endpoint":null}`, 200, `{"success":true,"timestamp":"TIME","statusCode":200,"reason":"OK","detail":"200"}`},
		"given":                {bad.URL, `{"endpoint":"` + good.URL + `"}`, 200, `{"success":true,"timestamp":"TIME","statusCode":200,"reason":"OK","detail":"200"}`},
		"given, none set":      {"", `{"endpoint":"` + good.URL + `"}`, 200, `{"success":true,"timestamp":"TIME","statusCode":200,"reason":"OK","detail":"200"}`},
		"none":                 {"", "{}", 404, `{"message":"Webhook endpoint not found"}`},
		"no URL":               {good.URL, `{"endpoint":"nonsense"}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		"empty URL":            {good.URL, `{"endpoint":""}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		"unknown host":         {good.URL, `{"endpoint":"https://bot.invalid/"}`, 400, `{"message":"Invalid webhook endpoint URL"}`},
		"error status":         {bad.URL, "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":400,"reason":"ERROR_STATUS_CODE","detail":"400"}`},
		"no answer":            {hang.URL, "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":0,"reason":"REQUEST_TIMEOUT","detail":"Request timeout"}`},
		"nobody listens":       {"http://" + gone.Addr().String(), "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":0,"reason":"COULD_NOT_CONNECT","detail":"Connection failed: http://` + gone.Addr().String() + `"}`},
		"no TLS":               {"https" + good.URL[4:], "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":0,"reason":"COULD_NOT_CONNECT","detail":"No SSL/TLS record: https` + good.URL[4:] + `"}`},
		"closed":               {"http://" + speaker(t, ""), "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":0,"reason":"UNCLASSIFIED","detail":""}`},
		"closed in handshake":  {"https://" + speaker(t, "") + "/webhook", "{}", 200, `{"success":false,"timestamp":"TIME","statusCode":0,"reason":"COULD_NOT_CONNECT","detail":"TLS handshake failure: URL"}`},
		"a wrong type is 400":  {good.URL, `{"endpoint":1}`, 400, `{"message":"The property, 'endpoint', in the request body is invalid (line: 1, column: 13)"}`},
		"text that is no JSON": {good.URL, `{`, 400, `{"message":"The request body could not be parsed as JSON (line: 1, column: 2)"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if name == "no answer" {
				w.room.sender.span = 100 * time.Millisecond
			}
			w.channel("1656000001", channel.Webhook{Endpoint: tt.configured, Active: true})
			code, body := w.api("1656000001")("POST", "test", tt.body)
			var got testResponse
			if code == 200 {
				if err := json.Unmarshal([]byte(body), &got); err != nil {
					t.Fatal(err)
				}
				at, err := time.Parse("2006-01-02T15:04:05.000Z", got.Timestamp)
				if d := w.clock.Now().Sub(at); err != nil || d < 0 || d > time.Minute {
					t.Errorf("timestamp %q", got.Timestamp)
				}
			}
			want := strings.NewReplacer(`"TIME"`, `"`+got.Timestamp+`"`, "webhook endpoint URL", "webhook endpoint URL", "URL", tt.configured).Replace(tt.want)
			if code != tt.status || body != want {
				t.Errorf("%d %s\nwant %s", code, body, want)
			}
			if page, err := w.room.Log(t.Context(), LogQuery{}); err != nil || len(page.Webhooks) != 0 || w.room.Attempts()[ok] != 0 {
				t.Errorf("a test stands in the log or the statistics: %+v %v", page, err)
			}
		})
	}
	for _, p := range good.got() {
		if p.body != `{"destination":"`+botID+`","events":[]}` {
			t.Error("the test sent", p.body)
		}
	}
	if len(good.got()) != 5 {
		t.Errorf("%d tests arrived", len(good.got()))
	}
}

func TestLimitsOfTheOperations(t *testing.T) {
	w := newWorld(t)
	w.channel("1656000001", channel.Webhook{Active: true})
	call := w.api("1656000001")
	for _, tt := range []struct {
		method, path, body string
		allowed            int
	}{
		{"POST", "test", "", 60},
		{"GET", "endpoint", "", 1000},
		{"PUT", "endpoint", "{}", 1000},
	} {
		n := 0
		for ; n <= tt.allowed+100; n++ {
			if code, _ := call(tt.method, tt.path, tt.body); code == 429 {
				break
			}
		}
		// The bucket fills again while it is emptied.
		if n < tt.allowed || n > tt.allowed+tt.allowed/10 {
			t.Errorf("%s %s: %d calls were allowed", tt.method, tt.path, n)
		}
	}
}
