package docs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// document is the part of an OpenAPI 3.1 document that the page shows.
type document struct {
	Info struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"info"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
		Headers map[string]struct {
			Description string `json:"description"`
		} `json:"headers"`
	} `json:"components"`
}

type operation struct {
	ID          string            `json:"operationId"`
	Summary     string            `json:"summary"`
	Description string            `json:"description"`
	Parameters  []parameter       `json:"parameters"`
	Responses   map[string]answer `json:"responses"`

	method, path string
}

type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Required    bool   `json:"required"`
	Schema      schema `json:"schema"`
}

type answer struct {
	Description string `json:"description"`
	Content     map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

type schema struct {
	Ref         string            `json:"$ref"`
	Type        types             `json:"type"`
	Format      string            `json:"format"`
	Description string            `json:"description"`
	Enum        []string          `json:"enum"`
	Minimum     *float64          `json:"minimum"`
	Maximum     *float64          `json:"maximum"`
	Default     any               `json:"default"`
	Properties  map[string]schema `json:"properties"`
	Required    []string          `json:"required"`
	Items       *schema           `json:"items"`
}

// types is a type or a list of them.
type types []string

// UnmarshalJSON reads either form.
func (t *types) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		*t = types{""}
		return json.Unmarshal(text, &(*t)[0])
	}
	return json.Unmarshal(text, (*[]string)(t))
}

// read reads a document.
func read(text []byte) (document, error) {
	var d document
	return d, json.Unmarshal(text, &d)
}

// operations lists the operations by path: one that another's path begins with
// comes before it.
func (d document) operations() []operation {
	var list []operation
	for path, methods := range d.Paths {
		for method, o := range methods {
			o.method, o.path = strings.ToUpper(method), path
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b operation) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method)) })
	return list
}

// find is the operation of that id.
func (d document) find(id string) (operation, bool) {
	for _, o := range d.operations() {
		if o.ID == id {
			return o, true
		}
	}
	return operation{}, false
}

// follow is the schema that a reference names, or the schema itself.
func (d document) follow(s schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[name]
	}
	return s
}

// field is one property of an answer, by its path from the top.
type field struct {
	path     string
	schema   schema
	required bool
}

// depthMost ends what a document could make go round in circles.
const depthMost = 6

// fields lists the properties of a schema, inner ones after their outer one.
func (d document) fields(s schema, under string, depth int) []field {
	s = d.follow(s)
	if s.Items != nil {
		return d.fields(*s.Items, under+"[]", depth)
	}
	if depth > depthMost {
		return nil
	}
	var list []field
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		path := name
		if under != "" {
			path = under + "." + name
		}
		inner := d.follow(s.Properties[name])
		list = append(list, field{path, inner, slices.Contains(s.Required, name)})
		list = append(list, d.fields(inner, path, depth+1)...)
	}
	return list
}

// kind says in a few words what a value looks like.
func (s schema) kind() string {
	words := strings.Join(s.Type, " | ")
	if s.Items != nil && len(s.Items.Type) > 0 {
		words += " of " + strings.Join(s.Items.Type, " | ")
	}
	if s.Format != "" {
		words += " (" + s.Format + ")"
	}
	return words
}
