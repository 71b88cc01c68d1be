package connector

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"kaiwa/internal/connector"
	"kaiwa/test/kit"
)

// connect starts `kaiwa mcp` and connects the official client to it.
func connect(t *testing.T, env []string, args ...string) *mcp.ClientSession {
	t.Helper()
	cmd := exec.Command(kit.Binary(t), append([]string{"mcp"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("`kaiwa mcp` did not end well: %v", err)
		}
	})
	return session
}

// use calls a tool and gives its text.
func use(t *testing.T, session *mcp.ClientSession, tool string, arguments map[string]any) (text string, wrong bool) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	for _, c := range result.Content {
		text += c.(*mcp.TextContent).Text
	}
	return text, result.IsError
}

func TestMCP(t *testing.T) {
	server, _ := newServer(t)
	session := connect(t, environment(t, server.URL))
	listed := map[string]*mcp.Tool{}
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		listed[tool.Name] = tool
	}
	for _, a := range connector.Actions() {
		for _, name := range a.Names() {
			tool := listed[name]
			if tool == nil || tool.InputSchema == nil || tool.Annotations.ReadOnlyHint == a.Writes() {
				t.Errorf("the tool %s is %+v", name, tool)
			}
		}
	}
	one := []any{map[string]any{"type": "text", "text": "Hello from a model"}}
	for _, c := range []struct {
		tool      string
		arguments map[string]any
		wrong     bool
		text      string
	}{
		{"send_push_message", map[string]any{"to": aoi, "messages": one, "dry_run": true}, false, `"cost":1`},
		{"get_number_of_messages_sent_this_month", nil, false, `{"totalUsage":0}`},
		{"send_push_message", map[string]any{"to": aoi, "messages": one}, false, `"status_code":200`},
		{"get_message_history", map[string]any{"accountId": cafe}, false, "Hello from a model"},
		{"send_push_message", map[string]any{"messages": one}, true, `"to" is missing`},
		{"send_push_message", map[string]any{"to": "nobody", "messages": one}, true, `"status_code":400`},
		{"send_push_message", map[string]any{"to": aoi, "messages": one, "dry_run": "yes"}, true, "no boolean"},
		{"send_push_message", map[string]any{"to": aoi, "messages": []any{}, "dry_run": true}, true, `"valid":false`},
		{"send_broadcast_message", map[string]any{"messages": one}, true, "--allow-sends all"},
		{"send_broadcast_message", map[string]any{"messages": one, "dry_run": false}, true, "--allow-sends all"},
		{"send_broadcast_message", map[string]any{"messages": one, "dry_run": true}, false, `"count":2`},
		{"get_number_of_messages_sent_this_month", nil, false, `{"totalUsage":1}`},
	} {
		text, wrong := use(t, session, c.tool, c.arguments)
		if wrong != c.wrong || !strings.Contains(text, c.text) || strings.Contains(text, secret) {
			t.Errorf("%s %v: wrong: %t, %s", c.tool, c.arguments, wrong, text)
		}
	}
}

func TestMCPGuards(t *testing.T) {
	server, _ := newServer(t)
	env := environment(t, server.URL)
	one := []any{map[string]any{"type": "text", "text": "Hello"}}
	for guard, allowed := range map[string][2]bool{"none": {false, false}, "one": {true, false}, "all": {true, true}} {
		session := connect(t, env, "--allow-sends", guard)
		for i, tool := range []string{"send_push_message", "send_multicast_message"} {
			if text, wrong := use(t, session, tool, map[string]any{"to": aoi, "messages": one}); wrong == allowed[i] {
				t.Errorf("%s, %s: %s", guard, tool, text)
			}
		}
	}
	if code, _, stderr := kit.RunCommand(t, "", env, "mcp", "--allow-sends", "some"); code != 2 || !strings.Contains(stderr, "none, one or all") {
		t.Errorf("exit %d %s", code, stderr)
	}
}
