package publicapi

import (
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
)

// openAPI writes the OpenAPI 3.1 document of the table.
// https://spec.openapis.org/oas/v3.1.1.html
func (a *API) openAPI() []byte {
	paths := map[string]any{}
	for _, o := range a.table() {
		if !o.open {
			paths[Prefix+o.path] = map[string]any{"get": o.describe()}
		}
	}
	b, err := json.Marshal(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{"title": "Kaiwa public API", "version": "1", "description": "Reads the history of a workspace's official accounts. " +
			"Times are RFC 3339; those in answers are UTC with milliseconds. Facts that are absent are left out."},
		"servers":  []any{map[string]any{"url": "/"}},
		"security": []any{map[string]any{"bearer": []string{}}, map[string]any{"header": []string{}}},
		"paths":    paths,
		"components": map[string]any{
			"schemas": schemas,
			"headers": headers,
			"securitySchemes": map[string]any{
				"bearer": map[string]any{"type": "http", "scheme": "bearer", "description": "An API key of the workspace."},
				"header": map[string]any{"type": "apiKey", "in": "header", "name": "X-API-KEY", "description": "The same key, in a header of its own."},
			},
		},
	}, json.Deterministic(true))
	if err != nil {
		panic(err) // the table cannot be written down
	}
	return b
}

var headers = map[string]any{
	"RateLimit-Limit":     header("How many requests a window of the rate limit allows."),
	"RateLimit-Remaining": header("How many of them are left."),
	"RateLimit-Reset":     header("In how many seconds the window ends and all are there again."),
	"Retry-After":         header("After how many seconds to try again."),
}

func header(description string) map[string]any {
	return map[string]any{"description": description, "schema": whole}
}

func (o *operation) describe() map[string]any {
	answers := map[string]any{}
	content := map[string]any{}
	for media, s := range o.results {
		content[media] = map[string]any{"schema": s}
	}
	answers["200"] = map[string]any{"description": o.summary, "headers": limitHeaders(false), "content": content}
	for _, status := range append([]int{401, 429}, o.refusals...) {
		answers[strconv.Itoa(status)] = map[string]any{"description": meaning[status], "headers": limitHeaders(status == 429),
			"content": map[string]any{"application/problem+json": map[string]any{"schema": ref("Problem")}}}
	}
	d := map[string]any{"operationId": o.id, "summary": o.summary, "description": o.text, "responses": answers}
	list := []any{}
	for _, p := range o.parameters {
		list = append(list, map[string]any{"name": p.name, "in": p.in, "description": p.text, "required": p.in == "path", "schema": p.schema})
	}
	if len(list) > 0 {
		d["parameters"] = list
	}
	return d
}

var meaning = map[int]string{
	http.StatusBadRequest:      "A parameter is out of range or cannot be read; detail names it.",
	http.StatusUnauthorized:    "The API key is missing, unknown or was replaced.",
	http.StatusNotFound:        "There is no such account or message in the workspace.",
	http.StatusGone:            "The message was unsent.",
	http.StatusTooManyRequests: "The rate limit is reached.",
}

func limitHeaders(refused bool) map[string]any {
	list := map[string]any{}
	for name := range headers {
		if name != "Retry-After" || refused {
			list[name] = map[string]any{"$ref": "#/components/headers/" + name}
		}
	}
	return list
}
