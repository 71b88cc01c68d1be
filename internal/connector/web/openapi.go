package web

import (
	"github.com/goccy/go-yaml"

	"kaiwa/internal/connector"
)

type object = yaml.MapSlice

func pair(name string, value any) yaml.MapItem { return yaml.MapItem{Key: name, Value: value} }

// openAPI writes the OpenAPI 3.1 document: a path for each action, so that a
// platform that imports it shows each as a step of its own.
// https://spec.openapis.org/oas/v3.1.1.html
func openAPI() []byte {
	paths := object{}
	for _, a := range connector.Actions() {
		for _, name := range a.Names() {
			paths = append(paths, pair(Prefix+"/actions/"+name, object{pair("post", describe(a, name))}))
		}
	}
	problem := object{pair("type", "object"), pair("properties", object{pair("type", text("")), pair("title", text("")),
		pair("status", object{pair("type", "integer")}), pair("detail", text("What is wrong"))})}
	return connector.AsJSON(object{
		pair("openapi", "3.1.0"),
		pair("info", object{pair("title", "Kaiwa connector"), pair("version", "1"),
			pair("description", "Runs actions of the LINE Messaging API for the workspace's accounts, and reads their history. 200 says that the API answered; status_code is its status.")}),
		pair("servers", []object{{pair("url", "/")}}),
		pair("security", []object{{pair("bearer", []string{})}, {pair("header", []string{})}}),
		pair("paths", paths),
		pair("components", object{
			pair("schemas", object{pair("Problem", problem)}),
			pair("securitySchemes", object{
				pair("bearer", object{pair("type", "http"), pair("scheme", "bearer"), pair("description", "An API key of the workspace")}),
				pair("header", object{pair("type", "apiKey"), pair("in", "header"), pair("name", "X-API-KEY"), pair("description", "The same key, in a header of its own")}),
			}),
		}),
	})
}

func text(description string) object {
	return object{pair("type", "string"), pair("description", description)}
}

func describe(a connector.Action, name string) object {
	in := []object{{pair("name", "accountId"), pair("in", "query"), pair("description", "Which of the workspace's accounts acts; may be left out when it has one"), pair("schema", object{pair("type", "string")})},
		{pair("name", "dryRun"), pair("in", "query"), pair("description", "If true, nothing is sent; tells what would be"), pair("schema", object{pair("type", "boolean")})}}
	refused := func(description string) object {
		return object{pair("description", description), pair("content", object{pair("application/problem+json",
			object{pair("schema", object{pair("$ref", "#/components/schemas/Problem")})})})}
	}
	return object{pair("operationId", name), pair("summary", a.Title), pair("description", a.Method+" "+a.Path), pair("parameters", in),
		pair("requestBody", object{pair("required", required(a)), pair("content", media(a.InputSchema()))}),
		pair("responses", object{
			pair("200", object{pair("description", "The API answered"), pair("content", media(a.OutputSchema()))}),
			pair("400", refused("The input is missing something or wrongly typed; nothing was sent")),
			pair("401", refused("The API key is missing, unknown or was replaced")),
			pair("404", refused("The workspace has no such account")),
			pair("429", refused("The rate limit is reached")),
			pair("503", refused("No answer of the API came")),
		})}
}

func media(schema object) object {
	return object{pair("application/json", object{pair("schema", schema)})}
}

func required(a connector.Action) bool {
	for _, in := range a.Inputs {
		if in.Required {
			return true
		}
	}
	return false
}
