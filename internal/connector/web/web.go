package web

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/connector"
	"kaiwa/internal/kernel/api"
)

// Prefix begins every path.
const Prefix = "/connector/v1"

// Config is what the wiring tells.
type Config struct {
	// Family is that of the workspaces' public API: its keys, limits and errors.
	Family api.Family
	// Connection is how an account of the workspace is reached; "" is its only
	// one. An account that is not the workspace's is an api.NotFound.
	Connection func(ctx context.Context, workspaceID, accountID string) (connector.Connection, error)
	// OwnURL is this server's, where the history is.
	OwnURL func() string
}

// Room is the HTTP face.
type Room struct{ config Config }

// New makes the room.
func New(c Config) *Room { return &Room{c} }

// What is told of the actions is the same for all servers and is written when
// somebody first asks: it takes longer than all else of a server's start.
var (
	document = sync.OnceValue(openAPI)
	manifest = sync.OnceValue(func() []byte { return connector.YAML(connector.Manifest()) })
)

// bodyMost is the largest input in bytes: an audience's file has 1.5 million ids at most.
const bodyMost = 64 << 20

// Family is how the room authenticates, limits and fails.
func (r *Room) Family() api.Family {
	f := r.config.Family
	f.Name, f.BodyMost = "connector", bodyMost
	return f
}

// Ops are the operations, for api.Routes.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "runAction", Pattern: "POST " + Prefix + "/actions/{name}", Run: api.Raw(r.run)},
		{ID: "getConnectorOpenAPI", Pattern: "GET " + Prefix + "/openapi.json", Run: api.None(file("application/json", document)), Open: true},
		{ID: "getConnectorManifest", Pattern: "GET " + Prefix + "/manifest.yaml", Run: api.None(file("application/yaml", manifest)), Open: true},
	}
}

func file(mediaType string, text func() []byte) func(*api.Call) (any, error) {
	return func(*api.Call) (any, error) {
		return api.Binary{Type: mediaType, Length: int64(len(text())), Body: bytes.NewReader(text())}, nil
	}
}

func (r *Room) run(c *api.Call, body []byte) (any, error) {
	action, err := connector.Find(c.Path("name"))
	if err != nil {
		return nil, api.Errorf(api.NotFound, "There is no such action; %s/openapi.json names them all", Prefix)
	}
	dry := false
	if text := c.Query().Get("dryRun"); text != "" {
		if dry, err = strconv.ParseBool(text); err != nil {
			return nil, api.Errorf(api.Invalid, "dryRun is true or false")
		}
	}
	connection, err := r.connection(c, action)
	if err != nil {
		return nil, err
	}
	client, err := connector.New(connection)
	if err != nil {
		return nil, refusal(err)
	}
	if dry {
		forecast, err := client.DryRun(c, action.Name, body)
		if err != nil {
			return nil, refusal(err)
		}
		return jsontext.Value(connector.JSON(forecast)), nil
	}
	result, err := client.Run(c, action.Name, body)
	if err != nil {
		return nil, refusal(err)
	}
	return jsontext.Value(connector.JSON(result)), nil
}

// connection is how the action's request goes out. The API key goes to this
// server only, never to where a real account lives.
func (r *Room) connection(c *api.Call, action *connector.Action) (connector.Connection, error) {
	if action.History {
		return connector.Connection{URL: r.config.OwnURL(), APIKey: key(c)}, nil
	}
	return r.config.Connection(c, c.Owner, c.Query().Get("accountId"))
}

// key is the API key of the request, for the actions that read the history.
func key(c *api.Call) string {
	scheme, token, _ := strings.Cut(c.Header("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return c.Header("X-API-KEY")
}

// refusal is the error of a run that gave no answer of the API.
func refusal(err error) error {
	var bad *connector.InputError
	var none *connector.NoAnswerError
	switch {
	case errors.As(err, &bad):
		return api.Errorf(api.Invalid, "%s", bad.Reason)
	case errors.As(err, &none):
		return api.Errorf(api.Unavailable, "%s", none.Reason)
	}
	return err
}
