package connector

import (
	"slices"
	"strings"
)

// Action is one row of the table: a request of the platform, or of a
// workspace's history.
type Action struct {
	// Name is the title in snake case; Aliases are names of further titles.
	Name    string
	Aliases []string
	Title   string
	// Operation is the platform's operationId.
	Operation string
	Method    string
	// Path holds the inputs that stand in it as {name}.
	Path    string
	Inputs  []Input
	Outputs []Output
	// Sends says which kind of send the action is, if it is one.
	Sends Send
	// Check is the path of the operation that validates the same body without
	// any effect; "" where the platform has none.
	Check string
	// Form is how the body is written; JSON unless it says otherwise.
	Form Form
	// Data actions are served by the platform's host for files.
	Data bool
	// History actions read a workspace's public API, with its API key.
	History bool
}

// Send is a kind of send, by the platform's own word.
type Send string

// The kinds of sends. A reply is the one that never gets a retry key.
const (
	Reply      Send = "reply"
	Push       Send = "push"
	Multicast  Send = "multicast"
	Narrowcast Send = "narrowcast"
	Broadcast  Send = "broadcast"
	Phone      Send = "phone" // by phone number
)

// retryKey says whether the platform takes a retry key for that kind of send.
func (s Send) retryKey() bool {
	return s == Push || s == Multicast || s == Narrowcast || s == Broadcast
}

// Many says whether such a send reaches more than one chat.
func (s Send) Many() bool { return s == Multicast || s == Narrowcast || s == Broadcast }

// Form is how a request's body is written.
type Form int

// The forms of bodies.
const (
	JSONBody Form = iota
	// FormBody takes the input "file", a text, as an uploaded file.
	FormBody
	// FileBody takes "contentBase64" as the body and "contentType" as its type.
	FileBody
)

// Type is the type of an input or output in JSON Schema's words.
type Type string

// The types.
const (
	String  Type = "string"
	Number  Type = "number"
	Integer Type = "integer"
	Boolean Type = "boolean"
	Object  Type = "object"
	Strings Type = "array of strings"
	Objects Type = "array of objects"
	// OneOrMore is a string, or a list of strings; it is sent as a list.
	OneOrMore Type = "string or array of strings"
)

// Input is one input of an action. Where it goes follows from the action: into
// the path that names it, the query of a GET, else the body; "headers" become
// request headers.
type Input struct {
	Name     string
	Type     Type
	Required bool
	About    string
	// Members are those of an object whose members the action itself knows.
	Members []Input
	// Unused inputs are taken, for callers who always give them, and not sent.
	Unused bool
}

// Output is a member of json_body.
type Output struct {
	Name string
	Type Type
}

// Place is where an input goes.
type Place string

// The places.
const (
	InPath    Place = "path"
	InQuery   Place = "query"
	InBody    Place = "body"
	InForm    Place = "form"
	InHeaders Place = "headers"
	Nowhere   Place = "nowhere"
)

// Place says where an input of the action goes.
func (a *Action) Place(in Input) Place {
	switch {
	case in.Unused:
		return Nowhere
	case in.Name == "headers":
		return InHeaders
	case strings.Contains(a.Path, "{"+in.Name+"}"):
		return InPath
	case a.Method == "GET":
		return InQuery
	case a.Form == FormBody:
		return InForm
	}
	return InBody
}

// Writes says whether the action changes anything.
func (a *Action) Writes() bool { return a.Method != "GET" && !strings.Contains(a.Path, "/validate/") }

// Names are all names of the action.
func (a *Action) Names() []string { return append([]string{a.Name}, a.Aliases...) }

// Actions is the table, in the order in which it is told.
func Actions() []Action {
	return slices.Concat(messageActions(), accountActions(), menuActions(), audienceActions(), insightActions(), offerActions(), historyActions())
}

// Find finds an action by one of its names.
func Find(name string) (*Action, error) {
	for _, a := range Actions() {
		if slices.Contains(a.Names(), name) {
			return &a, nil
		}
	}
	return nil, unusable("unknown action %q; `kaiwa action list` names them all", name)
}

// must is a required input, may an optional one.
func must(name string, t Type, about string) Input {
	return Input{Name: name, Type: t, Required: true, About: about}
}

func may(name string, t Type, about string) Input { return Input{Name: name, Type: t, About: about} }

// gives lists outputs as "name type" pairs in one text, to keep rows short; a
// name alone is a string.
func gives(list ...string) (outputs []Output) {
	for _, text := range list {
		name, t, ok := strings.Cut(text, " ")
		if !ok {
			t = string(String)
		}
		outputs = append(outputs, Output{name, Type(t)})
	}
	return outputs
}
