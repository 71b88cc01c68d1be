package connector

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/test/kit"
)

const (
	cafe   = "1656000001"
	secret = "0123456789abcdef0123456789abcdef"
	aoi    = "U00000000000000000000000000000a01"
	ben    = "U00000000000000000000000000000a02"
	apiKey = "kaiwa_connector_test_key"
	team   = "C0000000000000000000000000000c001"
	hello  = `"messages":[{"type":"text","text":"Hello"}]`
)

const world = `
channels:
  - id: "1656000001"
    name: Kaiwa Cafe
    secret: 0123456789abcdef0123456789abcdef
    accessToken: dev-token-1
    account: {userId: Ub0000000000000000000000000000001, basicId: "@kaiwacafe", status: verified}
    quota: 500
    webhook: {endpoint: "%s"}
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001"]}
groups:
  - {groupId: C0000000000000000000000000000c001, name: Team, members: [U00000000000000000000000000000a01, U00000000000000000000000000000a02], channels: ["1656000001"]}
workspaces:
  - {name: Cafe, apiKey: kaiwa_connector_test_key, rateLimit: {requests: 1000, per: 1m}, accounts: [{channel: "1656000001"}]}
`

// result is what `kaiwa action run` prints.
type result struct {
	StatusCode      int               `json:"status_code"`
	ResponseHeaders map[string]string `json:"response_headers"`
	Reason          string            `json:"reason"`
	JSONBody        jsontext.Value    `json:"json_body"`
	Body            string            `json:"body"`
	BodyEncoding    string            `json:"body_encoding"`
}

// newServer is a server whose account has a bot that keeps reply tokens.
func newServer(t *testing.T) (*kit.Server, <-chan string) {
	t.Helper()
	tokens := make(chan string, 10)
	bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if m := regexp.MustCompile(`"replyToken":"([0-9a-f]+)"`).FindSubmatch(body); m != nil {
			tokens <- string(m[1])
		}
	}))
	t.Cleanup(bot.Close)
	return kit.Start(t, kit.Options{World: fmt.Sprintf(world, bot.URL)}), tokens
}

// environment is how a user configures the connector for a server.
func environment(t *testing.T, url string) []string {
	return []string{"KAIWA_URL=" + url, "KAIWA_TOKEN_URL=" + url + "/v2/oauth/accessToken", "KAIWA_CLIENT_ID=" + cafe, "KAIWA_CLIENT_SECRET=" + secret,
		"KAIWA_API_KEY=" + apiKey, "XDG_CACHE_HOME=" + t.TempDir()}
}

// run runs an action that the API answers.
func run(t *testing.T, env []string, action, input string, args ...string) result {
	t.Helper()
	code, stdout, stderr := kit.RunCommand(t, input, env, append([]string{"action", "run", action, "--input", "-"}, args...)...)
	var r result
	if err := json.Unmarshal([]byte(stdout), &r, json.RejectUnknownMembers(true)); err != nil || code != 0 {
		t.Fatalf("%s: exit %d, %v\n%s\n%s", action, code, err, stdout, stderr)
	}
	if strings.Count(stdout, "\n") != 1 || strings.Contains(stdout+stderr, secret) {
		t.Errorf("%s printed %q %q", action, stdout, stderr)
	}
	return r
}

// TestSeed runs every action of the connector that users know.
func TestSeed(t *testing.T) {
	server, tokens := newServer(t)
	env := environment(t, server.URL)
	if a := server.Do("POST", "/sim/v1/people/"+aoi+"/messages", `{"chat":{"channelId":"`+cafe+`"},"message":{"type":"text","text":"Hi"}}`); a.Status != 200 {
		t.Fatal(a.Body)
	}
	narrowcast := ""
	for _, c := range []struct {
		action, input string
		status        int
		body          string // a regular expression
	}{
		{"display_a_loading_animation", `{"chatId":"` + aoi + `","loadingSeconds":5}`, 202, `^\{\}$`},
		{"get_number_of_messages_sent_this_month", ``, 200, `^\{"totalUsage":0\}$`},
		{"get_the_target_limit_for_messages_this_month", ``, 200, `^\{"type":"limited","value":500\}$`},
		{"get_the_target_limit_for_sending_messages_this_month", ``, 200, `^\{"type":"limited","value":500\}$`},
		{"send_push_message", `{"to":"` + aoi + `",` + hello + `}`, 200, `^\{"sentMessages":\[\{"id":"\d+","quoteToken":".+"\}\]\}$`},
		{"send_multicast_message", `{"to":"` + ben + `",` + hello + `,"headers":{"X-Line-Retry-Key":"123e4567-e89b-12d3-a456-426614174000"}}`, 200, `^\{\}$`},
		{"send_multicast_message", `{"to":["` + ben + `","nobody"],` + hello + `}`, 400, `^\{"message":"The property, 'to\[1\]'`},
		{"send_broadcast_message", `{"to":"` + aoi + `",` + hello + `}`, 200, `^\{\}$`},
		{"send_narrowcast_message", `{` + hello + `,"limit":{"max":1}}`, 202, `^\{\}$`},
		{"get_narrowcast_message_status", `{"requestId":"NARROWCAST"}`, 200, `"phase":"`},
		{"send_reply_message", `{"replyToken":"` + <-tokens + `",` + hello + `}`, 200, `^\{"sentMessages":\[\{"id":"\d+"`},
		{"get_number_of_sent_broadcast_messages", `{"date":"20250101"}`, 200, `"status":"`},
		{"get_number_of_sent_multicast_messages", `{"date":"20250101"}`, 200, `"status":"`},
		{"get_number_of_sent_push_messages", `{"date":"20250101"}`, 200, `"status":"`},
		{"get_number_of_sent_reply_messages", `{"date":"20250101"}`, 200, `"status":"`},
		{"validate_message_objects_of_a_broadcast_message", `{` + hello + `}`, 200, `^\{\}$`},
		{"validate_message_objects_of_a_multicast_message", `{` + hello + `}`, 200, `^\{\}$`},
		{"validate_message_objects_of_a_narrowcast_message", `{` + hello + `}`, 200, `^\{\}$`},
		{"validate_message_objects_of_a_push_message", `{` + hello + `}`, 200, `^\{\}$`},
		{"validate_message_objects_of_a_reply_message", `{` + hello + `}`, 200, `^\{\}$`},
		{"validate_message_objects_of_a_push_message", `{"messages":[]}`, 400, `"message":`},
		{"get_message_history", `{"accountId":"` + cafe + `","direction":"incoming"}`, 200, `"text":"Hi"`},
		{"list_workspace_accounts", ``, 200, `"id":"1656000001"`},
	} {
		r := run(t, env, c.action, strings.Replace(c.input, "NARROWCAST", narrowcast, 1))
		if r.StatusCode != c.status || r.Reason != http.StatusText(c.status) || r.ResponseHeaders["content-type"] != "application/json" ||
			!regexp.MustCompile(c.body).Match(r.JSONBody) {
			t.Errorf("%s: %d %s %v %s", c.action, r.StatusCode, r.Reason, r.ResponseHeaders, r.JSONBody)
		}
		if c.action == "send_narrowcast_message" {
			narrowcast = r.ResponseHeaders["x-line-request-id"]
		}
	}
}

// TestExamples runs the actions against a server that answers as the platform's
// examples in the connector's documentation.
func TestExamples(t *testing.T) {
	answers := map[string]string{
		"POST /v2/bot/chat/loading/start": `{}`, "GET /v2/bot/message/progress/narrowcast": `{"message":"Not found"}`, "GET /v2/bot/message/quota/consumption": `{"totalUsage":0}`,
		"GET /v2/bot/message/delivery/push": `{"status":"ready","success":0}`, "GET /v2/bot/message/quota": `{"type":"limited","value":500}`,
		"POST /v2/bot/message/broadcast": `{}`, "POST /v2/bot/message/multicast": `{"message":"The property, to[1], in the request body is invalid (line -, column -)"}`,
		"POST /v2/bot/message/narrowcast": `{"message":"invalid audience group ID {audience ID}"}`, "POST /v2/bot/message/push": `{"sentMessages":[]}`,
		"POST /v2/bot/message/reply": `{"sentMessages":[]}`, "POST /v2/bot/message/validate/push": `{}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oauth2/v3/token" {
			io.WriteString(w, `{"token_type":"Bearer","access_token":"a.stateless.token","expires_in":900}`)
			return
		}
		if r.Header.Get("Authorization") != "Bearer a.stateless.token" {
			t.Errorf("%s: %q", r.URL, r.Header)
		}
		for name, value := range map[string]string{"Server": "legy", "Content-Type": "application/json", "X-Line-Request-Id": "900e2954-b41a-4dc9-87f7-f7782d73368e", "X-Frame-Options": "DENY",
			"X-Xss-Protection": "1; mode=block", "Expires": "Mon, 03 Feb 2025 09:51:53 GMT", "Cache-Control": "max-age=0, no-cache, no-store", "Pragma": "no-cache"} {
			w.Header().Set(name, value)
		}
		io.WriteString(w, answers[r.Method+" "+r.URL.Path])
	}))
	defer server.Close()
	env := []string{"KAIWA_URL=" + server.URL + "/", "KAIWA_TOKEN_URL=" + server.URL + "/oauth2/v3/token", "KAIWA_CLIENT_ID=" + cafe, "KAIWA_CLIENT_SECRET=" + secret, "XDG_CACHE_HOME=" + t.TempDir()}
	for action, c := range map[string][2]string{
		"display_a_loading_animation":                          {`{"chatId":"` + aoi + `"}`, `{}`},
		"get_narrowcast_message_status":                        {`{"requestId":"x"}`, `{"message":"Not found"}`},
		"get_number_of_messages_sent_this_month":               {``, `{"totalUsage":0}`},
		"get_number_of_sent_push_messages":                     {`{"date":"20250212"}`, `{"status":"ready","success":0}`},
		"get_the_target_limit_for_sending_messages_this_month": {``, `{"type":"limited","value":500}`},
		"send_broadcast_message":                               {`{"to":"x",` + hello + `}`, `{}`},
		"send_multicast_message":                               {`{"to":"x",` + hello + `}`, answers["POST /v2/bot/message/multicast"]},
		"send_narrowcast_message":                              {`{` + hello + `}`, answers["POST /v2/bot/message/narrowcast"]},
		"send_push_message":                                    {`{"to":"x",` + hello + `}`, `{"sentMessages":[]}`},
		"send_reply_message":                                   {`{"replyToken":"x",` + hello + `,"headers":{"X-Line-Retry-Key":"123e4567-e89b-12d3-a456-426614174000"}}`, `{"sentMessages":[]}`},
		"validate_message_objects_of_a_push_message":           {`{` + hello + `}`, `{}`},
	} {
		r := run(t, env, action, c[0])
		if r.StatusCode != 200 || r.Reason != "OK" || string(r.JSONBody) != c[1] || r.ResponseHeaders["server"] != "legy" ||
			r.ResponseHeaders["x-line-request-id"] != "900e2954-b41a-4dc9-87f7-f7782d73368e" || r.ResponseHeaders["cache-control"] != "max-age=0, no-cache, no-store" {
			t.Errorf("%s: %+v %s", action, r, r.JSONBody)
		}
	}
}

// TestExitCodes shows what is wrong input and what is no answer.
func TestExitCodes(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		io.WriteString(w, `{"error":"invalid_client","error_description":"`+secret+`"}`)
	}))
	defer refusing.Close()
	broken := filepath.Join(t.TempDir(), "input.json")
	if err := os.WriteFile(broken, []byte(`{"to":`), 0o600); err != nil {
		t.Fatal(err)
	}
	fixed := []string{"--url", refusing.URL, "--access-token", "dev-token-1"}
	client := []string{"--url", refusing.URL, "--token-url", refusing.URL, "--client-id", cafe, "--client-secret", secret}
	push := `{"to":"` + aoi + `",` + hello + `}`
	for name, c := range map[string]struct {
		args   []string
		input  string
		code   int
		reason string
	}{
		"unknown action":    {append(fixed, "send_pigeon"), `{}`, 2, "unknown action"},
		"unknown flag":      {append(fixed, "send_push_message", "--colour", "red"), push, 2, "unknown flag"},
		"no action":         {fixed, push, 2, "accepts 1 arg"},
		"missing input":     {append(fixed, "send_push_message"), `{` + hello + `}`, 2, `"to" is missing`},
		"wrongly typed":     {append(fixed, "send_push_message"), `{"to":5,` + hello + `}`, 2, `"to" is no string`},
		"not JSON":          {append(fixed, "send_push_message"), `{"to":`, 2, "not a JSON object"},
		"broken file":       {append(fixed, "send_push_message", "--input", broken), ``, 2, "not a JSON object"},
		"no file":           {append(fixed, "send_push_message", "--input", broken+"x"), ``, 2, "no such file"},
		"no URL":            {[]string{"--access-token", "dev-token-1", "get_bot_info"}, ``, 2, "url is not given"},
		"no URL, but FTP":   {[]string{"--url", "ftp://127.0.0.1", "--access-token", "dev-token-1", "get_bot_info"}, ``, 2, "no http or https URL"},
		"no credentials":    {[]string{"--url", refusing.URL, "get_bot_info"}, ``, 2, "give access-token"},
		"no secret":         {[]string{"--url", refusing.URL, "--token-url", refusing.URL, "--client-id", "1", "get_bot_info"}, ``, 2, "client-secret is not given"},
		"what is verify":    {append(fixed, "get_bot_info", "--verify-ssl", "perhaps"), ``, 2, "true or false"},
		"what is the proxy": {append(fixed, "get_bot_info", "--http-proxy", "gopher://x"), ``, 2, "http-proxy"},
		"token refused":     {append(client, "get_bot_info"), ``, 3, "the token was refused"},
		"no network":        {[]string{"--url", closed.URL, "--access-token", "dev-token-1", "get_bot_info"}, ``, 3, "no answer"},
		"no token server":   {append(client, "--token-url", closed.URL, "get_bot_info"), ``, 3, "no token"},
		"no proxy":          {append(fixed, "get_bot_info", "--http-proxy", "http://user:pass-word@"+strings.TrimPrefix(closed.URL, "http://")), ``, 3, "no answer"},
		"API answers":       {append(fixed, "get_bot_info", "--client-secret", secret), ``, 0, ""},
	} {
		args := append([]string{"action", "run"}, c.args...)
		if name != "broken file" && name != "no file" {
			args = append(args, "--input", "-")
		}
		code, stdout, stderr := kit.RunCommand(t, c.input, []string{"XDG_CACHE_HOME=" + t.TempDir()}, args...)
		if code != c.code || !strings.Contains(stderr, c.reason) || (stdout == "") != (code != 0) {
			t.Errorf("%s: exit %d %q %q", name, code, stdout, stderr)
		}
		for _, hidden := range []string{secret, "dev-token-1", "pass-word"} {
			if strings.Contains(stdout+stderr, hidden) {
				t.Errorf("%s: tells a secret: %q %q", name, stdout, stderr)
			}
		}
	}
}
