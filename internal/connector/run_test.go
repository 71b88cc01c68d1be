package connector

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// api is a server that answers as a test says and keeps what it was asked.
type api struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []asked
	answer func(n int, r asked) (status int, body string)
}

type asked struct {
	Method, Path, Body string
	Header             http.Header
}

func newAPI(t *testing.T, answer func(n int, r asked) (int, string)) *api {
	a := &api{answer: answer}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	one := asked{r.Method, r.URL.RequestURI(), string(body), r.Header}
	a.asked = append(a.asked, one)
	n := len(a.asked)
	a.mu.Unlock()
	status, text := a.answer(n, one)
	if status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, text)
}

func (a *api) client(t *testing.T, c Connection) *Client {
	t.Helper()
	c.URL = a.URL
	if c.AccessToken == "" && c.TokenURL == "" {
		c.AccessToken = "fixed-token"
	}
	c.Pauses = []time.Duration{0, 0}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func fine(int, asked) (int, string) { return 200, "{}" }

func TestRequests(t *testing.T) {
	const text = `"messages":[{"type":"text","text":"Hi"}]`
	for _, c := range []struct{ action, input, method, path, body string }{
		{"send_push_message", `{"to":"U1",` + text + `,"notificationDisabled":true}`, "POST", "/v2/bot/message/push", `{` + text + `,"notificationDisabled":true,"to":"U1"}`},
		{"send_multicast_message", `{"to":"U1",` + text + `}`, "POST", "/v2/bot/message/multicast", `{` + text + `,"to":["U1"]}`},
		{"send_multicast_message", `{"to":["U1","U2"],` + text + `}`, "POST", "/v2/bot/message/multicast", `{` + text + `,"to":["U1","U2"]}`},
		{"send_broadcast_message", `{"to":"U1",` + text + `}`, "POST", "/v2/bot/message/broadcast", `{` + text + `}`},
		{"send_reply_message", `{"replyToken":"r",` + text + `,"headers":{"X-Line-Retry-Key":"k"}}`, "POST", "/v2/bot/message/reply", `{` + text + `,"replyToken":"r"}`},
		{"validate_message_objects_of_a_push_message", `{"to":"U1",` + text + `}`, "POST", "/v2/bot/message/validate/push", `{` + text + `}`},
		{"get_number_of_sent_push_messages", `{"date":"2025&x=1"}`, "GET", "/v2/bot/message/delivery/push?date=2025%26x%3D1", ""},
		{"get_the_target_limit_for_sending_messages_this_month", ``, "GET", "/v2/bot/message/quota", ""},
		{"get_the_target_limit_for_messages_this_month", `{}`, "GET", "/v2/bot/message/quota", ""},
		{"get_profile", `{"userId":"U1/../x"}`, "GET", "/v2/bot/profile/U1%2F..%2Fx", ""},
		{"get_a_list_of_followers", `{"limit":10,"start":null}`, "GET", "/v2/bot/followers/ids?limit=10", ""},
		{"get_list_of_coupons", `{"status":["RUNNING","CLOSED"]}`, "GET", "/v2/bot/coupon?status=RUNNING&status=CLOSED", ""},
		{"rename_an_audience", `{"audienceGroupId":5614991017776,"description":"New"}`, "PUT", "/v2/bot/audienceGroup/5614991017776/updateDescription", `{"description":"New"}`},
		{"delete_rich_menu", `{"richMenuId":"r1"}`, "DELETE", "/v2/bot/richmenu/r1", ""},
		{"test_webhook_endpoint", ``, "POST", "/v2/bot/channel/webhook/test", "{}"},
		{"upload_rich_menu_image", `{"richMenuId":"r1","contentType":"image/png","contentBase64":"UE5H"}`, "POST", "/v2/bot/richmenu/r1/content", "PNG"},
	} {
		a := newAPI(t, fine)
		if result, err := a.client(t, Connection{}).Run(t.Context(), c.action, []byte(c.input)); err != nil || result.StatusCode != 200 {
			t.Errorf("%s: %v %v", c.action, result, err)
			continue
		}
		got := a.asked[0]
		if d := cmp.Diff([]string{c.method, c.path, c.body, "Bearer fixed-token"}, []string{got.Method, got.Path, got.Body, got.Header.Get("Authorization")}); d != "" {
			t.Errorf("%s: %s", c.action, d)
		}
	}
}

func TestAudienceFile(t *testing.T) {
	a := newAPI(t, fine)
	if _, err := a.client(t, Connection{}).Run(t.Context(), "create_audience_for_uploading_user_ids_by_file", []byte(`{"description":"Few","file":"U1\nU2"}`)); err != nil {
		t.Fatal(err)
	}
	got := a.asked[0]
	r, _ := http.NewRequest("POST", "/", strings.NewReader(got.Body))
	r.Header = got.Header
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		t.Fatal(err)
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(f); string(b) != "U1\nU2" || r.FormValue("description") != "Few" {
		t.Errorf("%q %q", b, r.FormValue("description"))
	}
}

func TestUnusableInput(t *testing.T) {
	a := newAPI(t, fine)
	client := a.client(t, Connection{})
	for _, c := range []struct{ action, input, reason string }{
		{"send_pigeon", `{}`, "unknown action"},
		{"send_push_message", `{"messages":[]}`, `"to" is missing`},
		{"send_push_message", `{"to":null,"messages":[]}`, `"to" is missing`},
		{"send_push_message", `{"to":1,"messages":[]}`, `"to" is no string`},
		{"send_push_message", `{"to":["U1"],"messages":[]}`, `"to" is no string`},
		{"send_push_message", `{"to":"U1","messages":"Hi"}`, `"messages" is no array of objects`},
		{"send_push_message", `{"to":"U1","messages":["Hi"]}`, `"messages" is no array of objects`},
		{"send_push_message", `{"to":"U1","messages":[],"notificationDisabled":"yes"}`, "no boolean"},
		{"send_push_message", `{"to":"U1","messages":[],"mesages":1}`, `unknown input "mesages"`},
		{"send_push_message", `{"to":"U1","messages":[],"headers":{"Authorization":"Bearer x"}}`, `unknown input "headers.Authorization"`},
		{"send_push_message", `{"to":"U1","messages":[],"headers":{"X-Line-Retry-Key":1}}`, "no string"},
		{"send_push_message", `{"to":"U1","messages":[],"headers":{"X-Line-Retry-Key":"a\r\nb: c"}}`, "character"},
		{"send_narrowcast_message", `{"messages":[],"limit":{"max":"9"}}`, `"limit.max" is no number`},
		{"send_multicast_message", `{"to":[1],"messages":[]}`, "string or array of strings"},
		{"get_number_of_sent_push_messages", `{"date":20250101}`, `"date" is no string`},
		{"display_a_loading_animation", `{"chatId":"U1","loadingSeconds":"20"}`, "no number"},
		{"get_profile", `{"userId":""}`, "no id"},
		{"get_profile", `{"userId":".."}`, "no id"},
		{"get_audience_data", `{"audienceGroupId":1.5}`, "no integer"},
		{"get_message_history", `[]`, "not a JSON object"},
		{"get_bot_info", `null`, "not a JSON object"},
		{"get_bot_info", `{"a":1,"a":2}`, "not a JSON object"},
		{"get_bot_info", `{`, "not a JSON object"},
		{"upload_rich_menu_image", `{"richMenuId":"r","contentType":"image/png","contentBase64":"%"}`, "no Base64"},
	} {
		_, err := client.Run(t.Context(), c.action, []byte(c.input))
		if bad := (*InputError)(nil); !errors.As(err, &bad) || !strings.Contains(bad.Reason, c.reason) {
			t.Errorf("%s %s: %v", c.action, c.input, err)
		}
	}
	if len(a.asked) > 0 {
		t.Errorf("was asked: %v", a.asked)
	}
}

func TestRetries(t *testing.T) {
	const messages = `"messages":[{"type":"text","text":"Hi"}]`
	flaky := func(n int, _ asked) (int, string) { return []int{500, 0, 200}[min(n, 3)-1], "{}" }
	refuses := func(int, asked) (int, string) { return 500, "{}" }
	for name, c := range map[string]struct {
		action, input string
		answer        func(int, asked) (int, string)
		tries, status int
	}{
		"push":       {"send_push_message", `{"to":"U1",` + messages + `}`, flaky, 3, 200},
		"multicast":  {"send_multicast_message", `{"to":"U1",` + messages + `}`, flaky, 3, 200},
		"narrowcast": {"send_narrowcast_message", `{` + messages + `}`, flaky, 3, 200},
		"broadcast":  {"send_broadcast_message", `{` + messages + `}`, flaky, 3, 200},
		"reply":      {"send_reply_message", `{"replyToken":"r",` + messages + `}`, flaky, 1, 500},
		"read":       {"get_bot_info", ``, flaky, 3, 200},
		"creation":   {"create_rich_menu_alias", `{"richMenuAliasId":"a","richMenuId":"r"}`, flaky, 1, 500},
		"for ever":   {"get_bot_info", ``, refuses, 3, 500},
		"refused":    {"get_bot_info", ``, func(int, asked) (int, string) { return 429, "{}" }, 1, 429},
	} {
		a := newAPI(t, c.answer)
		result, err := a.client(t, Connection{}).Run(t.Context(), c.action, []byte(c.input))
		if err != nil || result.StatusCode != c.status || len(a.asked) != c.tries {
			t.Errorf("%s: %v %v after %d tries", name, result, err, len(a.asked))
			continue
		}
		action, _ := Find(c.action)
		for _, r := range a.asked {
			key := r.Header.Get("X-Line-Retry-Key")
			if (len(key) == 36) != action.Sends.retryKey() || key != a.asked[0].Header.Get("X-Line-Retry-Key") {
				t.Errorf("%s: retry key %q", name, key)
			}
		}
	}
}

func TestOwnRetryKeyAndNoneForReplies(t *testing.T) {
	const key = "123e4567-e89b-12d3-a456-426614174000"
	a := newAPI(t, fine)
	client := a.client(t, Connection{})
	for action, input := range map[string]string{"send_push_message": `{"to":"U1","messages":[],"headers":{"X-Line-Retry-Key":"` + key + `"}}`,
		"send_reply_message": `{"replyToken":"r","messages":[],"headers":{"X-Line-Retry-Key":"` + key + `"}}`} {
		a.asked = nil
		if _, err := client.Run(t.Context(), action, []byte(input)); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"send_push_message": key}[action]
		if got := a.asked[0].Header.Get("X-Line-Retry-Key"); got != want {
			t.Errorf("%s: %q", action, got)
		}
	}
}

// TestTokens runs through the life of a token: fetched, kept over runs and
// apart for each client, expired, refused in mid-run.
func TestTokens(t *testing.T) {
	now, issued, valid := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), 0, ""
	server := newAPI(t, nil)
	server.answer = func(_ int, r asked) (int, string) {
		if r.Path == "/token" {
			if !strings.Contains(r.Body, "client_secret=right+secret") || !strings.Contains(r.Body, "grant_type=client_credentials") {
				return 400, `{"error":"invalid_client","error_description":"invalid ` + r.Body + `"}`
			}
			issued++
			valid = "token-number-" + string(rune('0'+issued))
			return 200, `{"access_token":"` + valid + `","expires_in":900,"token_type":"Bearer"}`
		}
		if r.Header.Get("Authorization") != "Bearer "+valid {
			return 401, `{"message":"not ` + r.Header.Get("Authorization") + `"}`
		}
		return 200, `{"echo":"` + r.Header.Get("Authorization") + `"}`
	}
	dir := t.TempDir()
	run := func(id, secret string) (*Result, error) {
		client := server.client(t, Connection{TokenURL: server.URL + "/token", ClientID: id, ClientSecret: secret, CacheDir: dir, Now: func() time.Time { return now }})
		return client.Run(context.Background(), "get_bot_info", nil)
	}
	for _, step := range []struct {
		name   string
		after  time.Duration
		spoil  bool
		id     string
		issued int
	}{
		{"first", 0, false, "1", 1},
		{"kept", 10 * time.Minute, false, "1", 1},
		{"shortly before its end", 5*time.Minute - 10*time.Second, false, "1", 2},
		{"refused in mid-run", 0, true, "1", 3},
		{"the new one is kept", 0, false, "1", 3},
		{"another client", 0, false, "2", 4},
	} {
		now = now.Add(step.after)
		if step.spoil {
			valid = "another"
		}
		result, err := run(step.id, "right secret")
		if err != nil || result.StatusCode != 200 || issued != step.issued {
			t.Errorf("%s: %v %v, %d tokens issued", step.name, result, err, issued)
		} else if text := string(JSON(result)); strings.Contains(text, "token-number") {
			t.Errorf("%s tells the token: %s", step.name, text)
		}
	}
	valid, issued = "another", -100
	server.mu.Lock()
	before := len(server.asked)
	server.mu.Unlock()
	tokenURL := server.answer
	server.answer = func(n int, r asked) (int, string) {
		if r.Path == "/token" {
			return 403, `{"error":"access_denied"}`
		}
		return tokenURL(n, r)
	}
	if _, err := run("1", "right secret"); !isNoAnswer(err) || len(server.asked) != before+2 {
		t.Errorf("refused in mid-run, and no other token: %v", err)
	}
	server.answer = tokenURL
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Errorf("%v", files)
	} else if info, _ := os.Stat(files[0]); info.Mode().Perm() != 0o600 {
		t.Errorf("%v", info.Mode())
	}
	_, err := run("1", "wrong secret")
	if !isNoAnswer(err) || !strings.Contains(err.Error(), "refused") || strings.Contains(err.Error(), "wrong+secret") {
		t.Errorf("wrong secret: %v", err)
	}
}

func isNoAnswer(err error) bool {
	none := (*NoAnswerError)(nil)
	return errors.As(err, &none)
}

// TestProxyThatAsksForAPassword is no answer of the API.
func TestProxyThatAsksForAPassword(t *testing.T) {
	a := newAPI(t, func(int, asked) (int, string) { return 407, "" })
	if _, err := a.client(t, Connection{}).Run(t.Context(), "get_bot_info", nil); !isNoAnswer(err) || !strings.Contains(err.Error(), "proxy") {
		t.Errorf("%v", err)
	}
}

// TestInterrupted ends a run in its first pause.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := newAPI(t, func(int, asked) (int, string) { cancel(); return 0, "" })
	client, err := New(Connection{URL: a.URL, AccessToken: "fixed-token", Pauses: []time.Duration{time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Run(ctx, "get_bot_info", nil); !isNoAnswer(err) || len(a.asked) != 1 {
		t.Errorf("%v after %d tries", err, len(a.asked))
	}
}

func TestFixedTokenIsNotReplaced(t *testing.T) {
	a := newAPI(t, func(int, asked) (int, string) { return 401, "{}" })
	if result, err := a.client(t, Connection{}).Run(t.Context(), "get_bot_info", nil); err != nil || result.StatusCode != 401 || len(a.asked) != 1 {
		t.Errorf("%v %v %d", result, err, len(a.asked))
	}
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"JSON":         {"application/json", "{ \"a\": 12345678901234567890 }", `"json_body":{"a":12345678901234567890}}`},
		"text":         {"text/plain", "Hello", `"json_body":null,"body":"Hello"}`},
		"broken":       {"application/json", "{", `"json_body":null,"body":"{"}`},
		"twice":        {"application/json", `{"a":1,"a":2}`, `"json_body":null,"body":"{\"a\":1,\"a\":2}"}`},
		"list":         {"application/json", `["x"]`, `"json_body":["x"]}`},
		"no list":      {"application/json", `1],[2`, `"json_body":null,"body":"1],[2"}`},
		"empty":        {"", "", `"json_body":null,"body":""}`},
		"file":         {"image/png", "\x89PNG\xff", `"json_body":null,"body":"iVBOR/8=","body_encoding":"base64"}`},
		"repeats keys": {"application/json", `{"a":"fixed-token"}`, `"json_body":{"a":"[hidden]"}}`},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.Header()["Location"] = []string{"http://127.0.0.1:1/fixed-token"}
			w.WriteHeader(302) // is not followed
			io.WriteString(w, c.body)
		}))
		client, err := New(Connection{URL: server.URL, AccessToken: "fixed-token"})
		if err != nil {
			t.Fatal(err)
		}
		result, err := client.Run(t.Context(), "get_bot_info", nil)
		server.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := string(JSON(result)); !strings.HasSuffix(got, `"reason":"Found",`+c.want) || !strings.HasPrefix(got, `{"status_code":302,"response_headers":{"content-length":`) || strings.Contains(got, "fixed-token") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
