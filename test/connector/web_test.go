package connector

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"

	"kaiwa/internal/connector"
	"kaiwa/test/kit"
)

// TestHTTP runs actions as an automation platform does that has imported the
// document.
func TestHTTP(t *testing.T) {
	server, tokens := newServer(t)
	if a := server.Do("POST", "/sim/v1/people/"+aoi+"/messages", `{"chat":{"channelId":"`+cafe+`"},"message":{"type":"text","text":"Hi"}}`); a.Status != 200 {
		t.Fatal(a.Body)
	}
	for _, c := range []struct {
		action, input string
		status        int
		want          string
	}{
		{"display_a_loading_animation", `{"chatId":"` + aoi + `"}`, 200, `"status_code":202`},
		{"get_narrowcast_message_status", `{"requestId":"123e4567-e89b-12d3-a456-426614174000"}`, 200, `"status_code":404`},
		{"get_number_of_messages_sent_this_month", `{}`, 200, `"json_body":{"totalUsage":0}`},
		{"get_the_target_limit_for_messages_this_month", ``, 200, `"json_body":{"type":"limited","value":500}`},
		{"get_the_target_limit_for_sending_messages_this_month", ``, 200, `"json_body":{"type":"limited","value":500}`},
		{"send_broadcast_message?dryRun=true", `{` + hello + `}`, 200, `"cost":2`},
		{"send_broadcast_message", `{` + hello + `}`, 200, `"status_code":200`},
		{"send_multicast_message?accountId=" + cafe, `{"to":"` + aoi + `",` + hello + `}`, 200, `"status_code":200`},
		{"send_narrowcast_message", `{` + hello + `}`, 200, `"status_code":202`},
		{"send_push_message", `{"to":"` + aoi + `",` + hello + `}`, 200, `"json_body":{"sentMessages":[{"id":"`},
		{"send_reply_message", `{"replyToken":"` + <-tokens + `",` + hello + `}`, 200, `"json_body":{"sentMessages":[{"id":"`},
		{"get_number_of_sent_broadcast_messages", `{"date":"20250101"}`, 200, `"status_code":200`},
		{"get_number_of_sent_multicast_messages", `{"date":"20250101"}`, 200, `"status_code":200`},
		{"get_number_of_sent_push_messages", `{"date":"20250101"}`, 200, `"status_code":200`},
		{"get_number_of_sent_reply_messages", `{"date":"20250101"}`, 200, `"status_code":200`},
		{"validate_message_objects_of_a_broadcast_message", `{` + hello + `}`, 200, `"json_body":{}`},
		{"validate_message_objects_of_a_multicast_message", `{` + hello + `}`, 200, `"json_body":{}`},
		{"validate_message_objects_of_a_narrowcast_message", `{` + hello + `}`, 200, `"json_body":{}`},
		{"validate_message_objects_of_a_push_message", `{` + hello + `}`, 200, `"json_body":{}`},
		{"validate_message_objects_of_a_reply_message", `{` + hello + `}`, 200, `"json_body":{}`},
		{"get_message_history", `{"accountId":"` + cafe + `","limit":1}`, 200, `"text":"Hi"`},
		{"send_pigeon", `{}`, 404, "no such action"},
		{"send_push_message", `{` + hello + `}`, 400, `\"to\" is missing`},
		{"send_push_message", `{`, 400, "not a JSON object"},
		{"send_push_message?accountId=1656000009", `{"to":"` + aoi + `",` + hello + `}`, 404, "no such account"},
		{"send_push_message?dryRun=perhaps", `{"to":"` + aoi + `",` + hello + `}`, 400, "true or false"},
	} {
		a := server.Do("POST", "/connector/v1/actions/"+c.action, c.input, "Authorization", "Bearer "+apiKey)
		if a.Status != c.status || !strings.Contains(a.Body, c.want) || strings.Contains(a.Body, secret) || a.Status == 200 && !strings.HasPrefix(a.Body, `{"`) {
			t.Errorf("%s: %d %s", c.action, a.Status, a.Body)
		}
	}
	for _, header := range [][]string{nil, {"Authorization", "Bearer another"}, {"X-API-KEY", "another"}} {
		if a := server.Do("POST", "/connector/v1/actions/get_bot_info", `{}`, header...); a.Status != 401 {
			t.Errorf("%v: %d %s", header, a.Status, a.Body)
		}
	}
	if a := server.Do("POST", "/connector/v1/actions/get_bot_info", `{}`, "X-API-KEY", apiKey); a.Status != 200 || !strings.Contains(a.Body, "Ub0000000000000000000000000000001") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestRealAccount acts for an account that lives elsewhere: its requests go
// there with its token, and the workspace's key stays here.
func TestRealAccount(t *testing.T) {
	var seen []string
	real := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"userId":"Ureal"}`)
	}))
	defer real.Close()
	server := kit.Start(t, kit.Options{World: `
workspaces:
  - name: Real
    apiKey: kaiwa_connector_test_key
    accounts: [{name: Shop, baseUrl: "` + real.URL + `", channelId: "1656000077", channelSecret: 0123456789abcdef0123456789abcdef, channelAccessToken: real-token-1}]
`})
	for action, want := range map[string]string{"get_bot_info": "Ureal", "list_workspace_accounts": "1656000077"} {
		if a := server.Do("POST", "/connector/v1/actions/"+action, `{}`, "X-API-KEY", apiKey); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s", action, a.Status, a.Body)
		}
	}
	if strings.Join(seen, "; ") != "GET /v2/bot/info Bearer real-token-1" {
		t.Errorf("%q", seen)
	}
	real.Close()
	if a := server.Do("POST", "/connector/v1/actions/leave_group_chat", `{"groupId":"`+team+`"}`, "X-API-KEY", apiKey); a.Status != 503 || !strings.Contains(a.Body, "no answer") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestDescriptions reads the documents as platforms do.
func TestDescriptions(t *testing.T) {
	server, _ := newServer(t)
	a := server.Do("GET", "/connector/v1/openapi.json", "")
	document, err := openapi3.NewLoader().LoadFromData([]byte(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	for _, action := range connector.Actions() {
		for _, name := range action.Names() {
			item := document.Paths.Value("/connector/v1/actions/" + name)
			if item == nil || item.Post.OperationID != name || item.Post.Responses.Status(200) == nil || item.Post.RequestBody == nil {
				t.Errorf("%s is not described", name)
			}
		}
	}
	manifest := server.Do("GET", "/connector/v1/manifest.yaml", "")
	var read map[string]any
	if err := yaml.Unmarshal([]byte(manifest.Body), &read); err != nil || manifest.Status != 200 || len(read["actions"].([]any)) != len(connector.Actions()) {
		t.Errorf("%v %v", err, manifest.Status)
	}
	code, stdout, stderr := kit.RunCommand(t, "", nil, "action", "describe")
	if code != 0 || stdout != manifest.Body {
		t.Errorf("`kaiwa action describe` prints another manifest: exit %d %s", code, stderr)
	}
	if code, stdout, stderr = kit.RunCommand(t, "", nil, "action", "describe", "send_push_message"); code != 0 || !strings.Contains(stdout, `"required": [`) {
		t.Errorf("exit %d %s %s", code, stdout, stderr)
	}
	if code, stdout, stderr = kit.RunCommand(t, "", nil, "action", "list"); code != 0 || !strings.Contains(stdout, "get_the_target_limit_for_sending_messages_this_month") {
		t.Errorf("exit %d %s %s", code, stdout, stderr)
	}
}
