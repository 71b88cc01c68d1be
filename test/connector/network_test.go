package connector

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"kaiwa/test/kit"
)

// proxy is an HTTP proxy that tunnels and forwards, and counts.
func proxy(t *testing.T) (address string, tunnels, forwards *atomic.Int32) {
	tunnels, forwards = new(atomic.Int32), new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			forwards.Add(1)
			r.RequestURI = ""
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				w.WriteHeader(502)
				return
			}
			defer res.Body.Close()
			for name, values := range res.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(res.StatusCode)
			io.Copy(w, res.Body)
			return
		}
		tunnels.Add(1)
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(502)
			return
		}
		from, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(from, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { io.Copy(to, from); to.Close() }()
		io.Copy(from, to)
		from.Close()
	}))
	t.Cleanup(server.Close)
	return server.URL, tunnels, forwards
}

// TestPrivateCAAndProxy reaches a server whose certificate only a private CA
// vouches for: with the CA, without it, unchecked, and each behind a proxy.
func TestPrivateCAAndProxy(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			io.WriteString(w, `{"access_token":"a-token","expires_in":900}`)
			return
		}
		io.WriteString(w, `{"userId":"Ub"}`)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is asked for
	server.StartTLS()
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	through, tunnels, forwards := proxy(t)
	for name, c := range map[string]struct {
		env     []string
		code    int
		calls   int32
		tunnels bool
		stderr  string
	}{
		"unknown CA":               {nil, 3, 0, false, "certificate"},
		"known CA":                 {[]string{"SSL_CERT_FILE=" + ca}, 0, 2, false, ""},
		"unchecked":                {[]string{"KAIWA_VERIFY_SSL=false"}, 0, 2, false, "certificates are not checked"},
		"unknown CA behind proxy":  {[]string{"KAIWA_HTTP_PROXY=" + through}, 3, 0, true, "certificate"},
		"known CA behind proxy":    {[]string{"KAIWA_HTTP_PROXY=" + through, "SSL_CERT_FILE=" + ca}, 0, 2, true, ""},
		"unchecked behind a proxy": {[]string{"KAIWA_HTTP_PROXY=" + strings.TrimPrefix(through, "http://"), "KAIWA_VERIFY_SSL=False"}, 0, 2, true, "not checked"},
	} {
		calls.Store(0)
		tunnels.Store(0)
		env := append([]string{"KAIWA_URL=" + server.URL, "KAIWA_TOKEN_URL=" + server.URL + "/token", "KAIWA_CLIENT_ID=" + cafe, "KAIWA_CLIENT_SECRET=" + secret, "XDG_CACHE_HOME=" + t.TempDir()}, c.env...)
		code, stdout, stderr := kit.RunCommand(t, "", env, "action", "run", "get_bot_info")
		if code != c.code || calls.Load() != c.calls || (tunnels.Load() > 0) != c.tunnels || !strings.Contains(stderr, c.stderr) || (stdout != "") != (code == 0) {
			t.Errorf("%s: exit %d, %d calls, %d tunnels\n%s%s", name, code, calls.Load(), tunnels.Load(), stdout, stderr)
		}
		if strings.Contains(stdout+stderr, secret) || c.stderr == "" && stderr != "" {
			t.Errorf("%s: %q", name, stderr)
		}
	}
	if forwards.Load() > 0 {
		t.Errorf("%d requests to https were not tunnelled", forwards.Load())
	}
}

// TestPlainProxy sends plain HTTP through the proxy, also to this machine.
func TestPlainProxy(t *testing.T) {
	server, _ := newServer(t)
	through, _, forwards := proxy(t)
	if r := run(t, environment(t, server.URL), "get_bot_info", ``, "--http-proxy", through); r.StatusCode != 200 || forwards.Load() != 2 {
		t.Errorf("%+v, %d forwarded", r, forwards.Load())
	}
}

// TestRevokedToken takes the kept token away between two runs.
func TestRevokedToken(t *testing.T) {
	server, _ := newServer(t)
	env := environment(t, server.URL)
	if r := run(t, env, "get_bot_info", ``); r.StatusCode != 200 {
		t.Fatalf("%+v", r)
	}
	kept, _ := filepath.Glob(filepath.Join(strings.TrimPrefix(env[len(env)-1], "XDG_CACHE_HOME="), "kaiwa", "*"))
	if len(kept) != 1 {
		t.Fatalf("%v", kept)
	}
	text, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), `"access_token":"`)
	token, _, _ := strings.Cut(rest, `"`)
	if a := server.Do("POST", "/v2/oauth/revoke", "access_token="+url.QueryEscape(token), "Content-Type", "application/x-www-form-urlencoded"); a.Status != 200 {
		t.Fatal(a.Body)
	}
	if r := run(t, env, "send_push_message", `{"to":"`+aoi+`",`+hello+`}`); r.StatusCode != 200 {
		t.Errorf("%+v %s", r, r.JSONBody)
	}
	if again, err := os.ReadFile(kept[0]); err != nil || string(again) == string(text) {
		t.Errorf("the new token is not kept: %v", err)
	}
}

// TestDryRun shows that nothing is sent, and what is told instead.
func TestDryRun(t *testing.T) {
	server, _ := newServer(t)
	env := environment(t, server.URL)
	for _, c := range []struct{ action, input, want string }{
		{"send_push_message", `{"to":"` + aoi + `",` + hello + `}`, `"valid":true`},
		{"send_push_message", `{"to":"` + aoi + `",` + hello + `}`, `"recipients":{"count":1,"exact":true,"chats":["` + aoi + `"]},"quota":{"cost":1,"limit":500,"used":0,"remaining":500,"enough":true}`},
		{"send_push_message", `{"to":"` + team + `",` + hello + `}`, `"recipients":{"count":2,"exact":true`},
		{"send_push_message", `{"to":"U0000000000000000000000000000ffff",` + hello + `}`, `"count":0`},
		{"send_push_message", `{"to":"` + aoi + `","messages":[{"type":"text","text":""}]}`, `"valid":false,"validation":{"status_code":400`},
		{"send_multicast_message", `{"to":["` + aoi + `","` + ben + `","` + aoi + `"],` + hello + `}`, `"cost":2`},
		{"send_broadcast_message", `{` + hello + `}`, `"recipients":{"count":2,"exact":true,"note":"all friends"}`},
		{"send_narrowcast_message", `{` + hello + `,"limit":{"max":1}}`, `"recipients":{"count":1,"exact":false`},
		{"send_reply_message", `{"replyToken":"x",` + hello + `}`, `"cost":0`},
		{"leave_group_chat", `{"groupId":"` + team + `"}`, `"path":"/v2/bot/group/` + team + `/leave","valid":null}`},
	} {
		code, stdout, stderr := kit.RunCommand(t, c.input, env, "action", "run", c.action, "--input", "-", "--dry-run")
		if code != 0 || !strings.Contains(stdout, c.want) || !strings.HasPrefix(stdout, `{"dry_run":true`) {
			t.Errorf("%s: exit %d %s%s", c.action, code, stdout, stderr)
		}
	}
	code, stdout, _ := kit.RunCommand(t, `{"to":"`+aoi+`",`+hello+`}`, env, "action", "run", "send_push_message", "--input", "-", "--dry-run", "--access-token", "not-a-token")
	if code != 0 || !strings.Contains(stdout, `"valid":null,"validation":{"status_code":401`) || !strings.Contains(stdout, `"recipients":{"count":null`) || strings.Contains(stdout, "quota") {
		t.Errorf("a dry run that is not let in: exit %d %s", code, stdout)
	}
	if r := run(t, env, "get_number_of_messages_sent_this_month", ``); string(r.JSONBody) != `{"totalUsage":0}` {
		t.Errorf("a dry run sent something: %s", r.JSONBody)
	}
	if r := run(t, env, "get_group_chat_summary", `{"groupId":"`+team+`"}`); r.StatusCode != 200 {
		t.Errorf("a dry run left the group: %d", r.StatusCode)
	}
}
