// Package connector runs LINE actions from Go programs: the same actions, by the
// same names and inputs, as `kaiwa action`, against any Messaging API URL.
//
//	client, err := connector.New(connector.Connection{URL: "https://api.line.me", AccessToken: token})
//	...
//	result, err := client.Run(ctx, "send_push_message", []byte(`{"to": "U...", "messages": [{"type": "text", "text": "Hi"}]}`))
//
// A result is the API's answer whatever its status. An error is an *InputError
// (nothing was sent) or a *NoAnswerError (no answer of the API came); neither
// tells a secret. Sends to one or many get a retry key, so that trying again is
// safe; a reply never does.
package connector

import "kaiwa/internal/connector"

// Connection is how the API is reached, and as whom. Only URL and either
// AccessToken or TokenURL, ClientID and ClientSecret are needed.
type Connection = connector.Connection

// Client runs actions; it may be used by many goroutines at once.
type Client = connector.Client

// Result is the answer of the API.
type Result = connector.Result

// Forecast is what a dry run tells.
type Forecast = connector.Forecast

// Recipients are who would receive a send.
type Recipients = connector.Recipients

// Quota is what a send would cost.
type Quota = connector.Quota

// Action is a row of the table of actions.
type Action = connector.Action

// InputError says why an input cannot be used.
type InputError = connector.InputError

// NoAnswerError says why no answer of the API came.
type NoAnswerError = connector.NoAnswerError

// Triggered is an event that starts a workflow.
type Triggered = connector.Triggered

// ErrSignature says that a webhook is not signed with the channel secret.
var ErrSignature = connector.ErrSignature

// New makes a client, or says by an *InputError what the connection lacks.
func New(c Connection) (*Client, error) { return connector.New(c) }

// Actions are all actions, Find one of them by name.
func Actions() []Action { return connector.Actions() }

// Find finds an action by name; an *InputError when there is none.
func Find(name string) (*Action, error) { return connector.Find(name) }

// Manifest is the description of the whole connector in YAML.
func Manifest() []byte { return connector.YAML(connector.Manifest()) }

// Receive reads a webhook request, its X-Line-Signature header and the bytes of
// its body, and gives the events that are triggers.
func Receive(channelSecret, signature string, body []byte) ([]Triggered, error) {
	return connector.Receive(channelSecret, signature, body)
}
