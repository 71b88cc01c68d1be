package agent

import (
	"context"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"kaiwa/internal/connector"
)

// Guard is which sends the tools may make. Dry runs are always allowed.
type Guard string

// The guards.
const (
	// None allows no send.
	None Guard = "none"
	// One allows sends to one chat: pushes and replies. It is the usual one: a
	// model that is mistaken then bothers one chat and not all friends.
	One Guard = "one"
	// All allows broadcasts, multicasts and narrowcasts too.
	All Guard = "all"
)

// Valid says whether there is such a guard.
func (g Guard) Valid() bool { return g == None || g == One || g == All }

// refuses is why the guard lets an action not pass; "" when it may.
func (g Guard) refuses(a *connector.Action) string {
	switch {
	case a.Sends == "" || g == All || g == One && !a.Sends.Many():
		return ""
	case g == None:
		return a.Name + " sends messages, which this server was told not to do. Use \"dry_run\": true, or start it with --allow-sends one or all."
	}
	return a.Name + " sends to many people, which this server was told not to do. Use \"dry_run\": true, or start it with --allow-sends all."
}

// dryRun is the further input of tools that write.
const dryRun = "dry_run"

// Server makes a server of the tools. version is the program's.
func Server(client *connector.Client, guard Guard, version string) *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "kaiwa", Title: "LINE actions", Version: version}, &mcp.ServerOptions{
		Instructions: "Tools run actions of the LINE Messaging API and read a workspace's message history. Each result has the API's status_code; below 300 it worked. " +
			"Tools that change something take \"dry_run\": true, which validates, tells who would receive it and what it would cost of the month's quota, and sends nothing."})
	for _, a := range connector.Actions() {
		for _, name := range a.Names() {
			server.AddTool(tool(a, name), call(client, guard, a))
		}
	}
	return server
}

func tool(a connector.Action, name string) *mcp.Tool {
	schema := map[string]any{}
	if err := json.Unmarshal(connector.AsJSON(a.InputSchema()), &schema); err != nil {
		panic(err) // the table cannot be written down
	}
	if a.Writes() {
		schema["properties"].(map[string]any)[dryRun] = map[string]any{"type": "boolean", "description": "If true, nothing is sent or changed; tells what would be"}
	}
	deletes := a.Method == "DELETE"
	return &mcp.Tool{Name: name, Title: a.Title, Description: describe(a), InputSchema: schema,
		Annotations: &mcp.ToolAnnotations{Title: a.Title, ReadOnlyHint: !a.Writes(), DestructiveHint: &deletes, IdempotentHint: !a.Writes() || deletes}}
}

func describe(a connector.Action) string {
	text := a.Title + " (" + a.Method + " " + a.Path + ")."
	switch {
	case a.Sends.Many():
		text += " Reaches many people; look at a dry run first."
	case a.Sends != "":
		text += " Sends to people; look at a dry run first."
	}
	return text
}

// call runs an action for a tool's caller. What goes wrong is told in the
// result, where the model sees it and can mend its input.
func call(client *connector.Client, guard Guard, a connector.Action) mcp.ToolHandler {
	return func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		input, dry, err := split(a, r.Params.Arguments)
		if err != nil {
			return failed(err.Error()), nil
		}
		if why := guard.refuses(&a); why != "" && !dry {
			return failed(why), nil
		}
		if dry {
			forecast, err := client.DryRun(ctx, a.Name, input)
			if err != nil {
				return failed(err.Error()), nil
			}
			return told(connector.JSON(forecast), forecast.Valid != nil && !*forecast.Valid), nil
		}
		result, err := client.Run(ctx, a.Name, input)
		if err != nil {
			return failed(err.Error()), nil
		}
		return told(connector.JSON(result), result.StatusCode >= 400), nil
	}
}

// split takes the dry run's input out of a call's arguments.
func split(a connector.Action, arguments []byte) (input []byte, dry bool, err error) {
	if len(arguments) == 0 || string(arguments) == "null" { // as clients write that there are none
		return nil, false, nil
	}
	if !a.Writes() {
		return arguments, false, nil
	}
	in := connector.Values{}
	if err := json.Unmarshal(arguments, &in); err != nil {
		return nil, false, fmt.Errorf("the arguments are not a JSON object: %w", err)
	}
	v, given := in[dryRun]
	if !given {
		return arguments, false, nil
	}
	if err := json.Unmarshal(v, &dry); err != nil {
		return nil, false, fmt.Errorf("%s is no boolean", dryRun)
	}
	delete(in, dryRun)
	return connector.JSON(in), dry, nil
}

func told(text jsontext.Value, wrong bool) *mcp.CallToolResult {
	var structured any
	if err := json.Unmarshal(text, &structured); err != nil {
		return failed("the answer cannot be read")
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}, StructuredContent: structured, IsError: wrong}
}

func failed(why string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: why}}, IsError: true}
}

// Serve serves until the input ends or the context does.
func Serve(ctx context.Context, server *mcp.Server, in io.Reader, out io.Writer) error {
	return server.Run(ctx, &mcp.IOTransport{Reader: io.NopCloser(in), Writer: output{out}})
}

// output is standard output, which a session's end leaves open.
type output struct{ io.Writer }

// Close implements io.Closer.
func (output) Close() error { return nil }
