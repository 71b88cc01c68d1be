package clients

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const invalidEndpoint = `{"message":"Invalid webhook endpoint URL"}`

func TestWebhookEndpoint(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got, err := s.api.GetWebhookEndpoint()
	if must(t, got, err); got.Endpoint != s.bot.url+"/callback" || !got.Active {
		t.Errorf("the world's endpoint: %+v", got)
	}
	_, err = s.client(teaToken).GetWebhookEndpoint()
	refused(t, "none set", err, 404, `{"message":"Webhook endpoint not found"}`)
	_, err = s.client(teaToken).TestWebhookEndpoint(&m.TestWebhookEndpointRequest{})
	refused(t, "testing none", err, 404, `{"message":"Webhook endpoint not found"}`)

	long := "https://example.com/" + strings.Repeat("a", 480)
	for _, endpoint := range []string{"https://example.com/webhook?a=b", long, s.bot.url + "/moved"} {
		_, err = s.api.SetWebhookEndpoint(&m.SetWebhookEndpointRequest{Endpoint: endpoint})
		must(t, 0, err)
		if got, err = s.api.GetWebhookEndpoint(); err != nil || got.Endpoint != endpoint || !got.Active {
			t.Errorf("set %s, got %+v %v", endpoint, got, err)
		}
	}
	for _, endpoint := range []string{"", "example.com", "ftp://example.com/", "https://", "https:///path", "https://exa mple.com/", long + "a"} {
		_, err = s.api.SetWebhookEndpoint(&m.SetWebhookEndpointRequest{Endpoint: endpoint})
		refused(t, endpoint, err, 400, invalidEndpoint)
		if endpoint == "" {
			continue // the SDK leaves it out, which asks for the endpoint that is set
		}
		_, err = s.api.TestWebhookEndpoint(&m.TestWebhookEndpointRequest{Endpoint: endpoint})
		refused(t, "testing "+endpoint, err, 400, invalidEndpoint)
	}
	s.writes(aoi, cafe, "to the new address")
	if s.settle(); len(s.bot.took()) != 1 {
		t.Error("the event did not go to the endpoint set last")
	}
}

// Only https reaches bots where the world says that webhooks go as on the platform.
func TestPublicTargets(t *testing.T) {
	t.Parallel()
	s := newStage(t, "webhookTargets: public\n")
	_, err := s.api.SetWebhookEndpoint(&m.SetWebhookEndpointRequest{Endpoint: "http://example.com/"})
	refused(t, "http", err, 400, invalidEndpoint)
	got, err := s.api.TestWebhookEndpoint(&m.TestWebhookEndpointRequest{Endpoint: "https://127.0.0.1:9/"})
	if must(t, got, err); got.Success || got.Reason != "COULD_NOT_CONNECT" {
		t.Errorf("loopback: %+v", got)
	}
}

// The test of an endpoint tells how it went, with 200 also when it went wrong.
func TestWebhookTest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	mux := http.NewServeMux()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	mux.HandleFunc("/created", status(201))
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/created", http.StatusFound) })
	mux.HandleFunc("/wrong", status(400))
	mux.HandleFunc("/broken", status(503))
	mux.HandleFunc("/silent", func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then does the server notice that the client left
		<-r.Context().Done()
	})
	mux.HandleFunc("/rude", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	open, secret, closed := httptest.NewServer(mux), httptest.NewUnstartedServer(mux), httptest.NewServer(mux)
	secret.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of the refused certificate
	secret.StartTLS()
	t.Cleanup(open.Close)
	t.Cleanup(secret.Close)
	closed.Close()
	for _, c := range []struct {
		endpoint, reason, detail string
		status                   int32
		success                  bool
	}{
		{"", "OK", "200", 200, true},
		{s.bot.url + "/callback", "OK", "200", 200, true},
		{open.URL + "/created", "OK", "201", 201, true},
		{open.URL + "/moved", "ERROR_STATUS_CODE", "302", 302, false},
		{open.URL + "/wrong", "ERROR_STATUS_CODE", "400", 400, false},
		{open.URL + "/broken", "ERROR_STATUS_CODE", "503", 503, false},
		{open.URL + "/silent", "REQUEST_TIMEOUT", "Request timeout", 0, false},
		{open.URL + "/rude", "UNCLASSIFIED", "", 0, false},
		{closed.URL + "/", "COULD_NOT_CONNECT", "Connection failed: " + closed.URL + "/", 0, false},
		{secret.URL + "/created", "COULD_NOT_CONNECT", "TLS handshake failure: " + secret.URL + "/created", 0, false},
		{"https" + strings.TrimPrefix(open.URL, "http") + "/created", "COULD_NOT_CONNECT", "No SSL/TLS record: https" + strings.TrimPrefix(open.URL, "http") + "/created", 0, false},
	} {
		before := s.now().Truncate(time.Millisecond)
		got, err := s.api.TestWebhookEndpoint(&m.TestWebhookEndpointRequest{Endpoint: c.endpoint})
		must(t, got, err)
		if got.Success != c.success || got.Reason != c.reason || got.Detail != c.detail || got.StatusCode != c.status {
			t.Errorf("%s: %+v", c.endpoint, got)
		}
		if got.Timestamp.Before(before) || got.Timestamp.After(s.now()) {
			t.Errorf("%s: at %s, asked at %s", c.endpoint, got.Timestamp, before)
		}
	}
	// The SDK checked the signatures of what the bot got: requests without events.
	calls := s.bot.took()
	if len(calls) != 2 || string(calls[0].body) != `{"destination":"`+cafeUser+`","events":[]}` {
		t.Errorf("the bot got %s", bodies(calls))
	}
	_, err := s.api.TestWebhookEndpoint(&m.TestWebhookEndpointRequest{Endpoint: "https://no-such-host.invalid/"})
	refused(t, "a name that does not resolve", err, 400, invalidEndpoint)
}
