package connector

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
)

// Schema is a JSON Schema (2020-12), to be written as JSON or YAML.
type Schema = yaml.MapSlice

func pair(name string, value any) yaml.MapItem { return yaml.MapItem{Key: name, Value: value} }

// schema is the JSON Schema of a type.
func (t Type) schema() Schema {
	switch t {
	case Strings:
		return Schema{pair("type", "array"), pair("items", Schema{pair("type", "string")})}
	case Objects:
		return Schema{pair("type", "array"), pair("items", Schema{pair("type", "object")})}
	case OneOrMore:
		return Schema{pair("anyOf", []Schema{String.schema(), Strings.schema()})}
	}
	return Schema{pair("type", string(t))}
}

func objectOf(inputs []Input) Schema {
	properties, required := Schema{}, []string{}
	for _, in := range inputs {
		s := in.Type.schema()
		if in.Members != nil {
			s = objectOf(in.Members)
		}
		properties = append(properties, pair(in.Name, append(s, pair("description", in.About))))
		if in.Required {
			required = append(required, in.Name)
		}
	}
	s := Schema{pair("type", "object"), pair("properties", properties)}
	if len(required) > 0 {
		s = append(s, pair("required", required))
	}
	return append(s, pair("additionalProperties", false))
}

// InputSchema is the JSON Schema of the action's input.
func (a *Action) InputSchema() Schema { return objectOf(a.Inputs) }

// OutputSchema is the JSON Schema of what a run of the action gives.
func (a *Action) OutputSchema() Schema {
	members := Schema{}
	for _, out := range a.Outputs {
		members = append(members, pair(out.Name, out.Type.schema()))
	}
	body := Schema{pair("type", []string{"object", "array", "null"}), pair("description", "The answer's body; null when it is no JSON")}
	if len(members) > 0 {
		body = append(body, pair("properties", members))
	}
	return Schema{pair("type", "object"), pair("properties", Schema{
		pair("status_code", append(Integer.schema(), pair("description", "HTTP status of the answer"))),
		pair("response_headers", append(Object.schema(), pair("additionalProperties", String.schema()))),
		pair("reason", append(String.schema(), pair("description", "Reason phrase of the answer"))),
		pair("json_body", body),
		pair("body", append(String.schema(), pair("description", "The answer's body where it is no JSON"))),
		pair("body_encoding", Schema{pair("const", "base64"), pair("description", "Says that body is Base64, for it is no text")}),
	}), pair("required", []string{"status_code", "response_headers", "reason", "json_body"})}
}

// Describe is everything that the table says of the action.
func (a *Action) Describe() Schema {
	d := Schema{pair("name", a.Name)}
	if len(a.Aliases) > 0 {
		d = append(d, pair("aliases", a.Aliases))
	}
	d = append(d, pair("title", a.Title), pair("operation", a.Operation), pair("method", a.Method), pair("path", a.Path))
	if a.Sends != "" {
		d = append(d, pair("sends", string(a.Sends)))
	}
	places := Schema{}
	for _, in := range a.Inputs {
		places = append(places, pair(in.Name, string(a.Place(in))))
	}
	authentication := "access token"
	if a.History {
		authentication = "API key of the workspace"
	}
	return append(d, pair("authentication", authentication), pair("places", places), pair("input", a.InputSchema()), pair("output", a.OutputSchema()))
}

// options are those of a connection, as the manifest tells them.
var options = []Input{
	must("url", String, "Base URL of the Messaging API"),
	may("token_url", String, "URL that gives access tokens by OAuth 2.0 client credentials"),
	may("client_id", String, "Channel id"),
	may("client_secret", String, "Channel secret"),
	may("access_token", String, "A fixed channel access token, instead of the three above"),
	may("api_key", String, "API key of a workspace, for the actions that read its history; access_token if left out"),
	may("verify_ssl", Boolean, "Whether certificates are checked; true if left out"),
	may("http_proxy", String, "URL of a proxy for all requests"),
}

// secretOptions are to be kept and shown as secrets.
var secretOptions = []string{"client_secret", "access_token", "api_key"}

// Manifest is the whole connector for a platform that reads manifests: what to
// ask for, the actions, the triggers.
func Manifest() Schema {
	connection := Schema{}
	for _, in := range options {
		s := append(in.Type.schema(), pair("description", in.About))
		if slices.Contains(secretOptions, in.Name) {
			s = append(s, pair("writeOnly", true))
		}
		connection = append(connection, pair(in.Name, s))
	}
	var actions, triggers []Schema
	for _, a := range Actions() {
		actions = append(actions, a.Describe())
	}
	for _, t := range Triggers() {
		triggers = append(triggers, t.describe())
	}
	return Schema{pair("manifest", 1), pair("name", "line"), pair("title", "LINE Messaging API"),
		pair("description", "Actions of the LINE Messaging API and of a Kaiwa workspace's history"),
		pair("connection", Schema{pair("type", "object"), pair("properties", connection), pair("required", []string{"url"})}),
		pair("actions", actions), pair("triggers", triggers)}
}

// YAML writes a description.
func YAML(s Schema) []byte {
	b, err := yaml.MarshalWithOptions(s, yaml.IndentSequence(true))
	if err != nil {
		panic(err) // the table cannot be written down
	}
	return b
}

// AsJSON is a description as indented JSON.
func AsJSON(s Schema) []byte {
	b, err := yaml.YAMLToJSON(YAML(s))
	if err != nil {
		panic(err)
	}
	v := jsontext.Value(b)
	if err := v.Indent(jsontext.WithIndent("  ")); err != nil {
		panic(err)
	}
	return v
}
