package drift

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
)

// Answer is a response of the server and the request it answers.
type Answer struct {
	Method, Path string
	Status       int
	Header       http.Header
	Body         []byte
}

// Check holds an answer against its operation's description; nil is a match.
// An answer to what is no official operation is not held against anything.
func (s *Spec) Check(a Answer) error {
	o := s.Find(a.Method, a.Path)
	if o == nil {
		return nil
	}
	if err := s.check(o, a); err != nil {
		return fmt.Errorf("%s answered %d, and its description (%s) says otherwise: %w\n%s", o, a.Status, o.File, err, shortened(a.Body))
	}
	return nil
}

func (s *Spec) check(o *Operation, a Answer) error {
	for _, x := range exceptions {
		if x.operation == o.ID && x.status == a.Status {
			err := x.holds(s, a)
			if err == nil {
				return nil
			}
			if !x.also {
				return fmt.Errorf("%w (exception: %s)", err, x.reason)
			}
		}
	}
	response := o.spec.Responses.Status(a.Status)
	switch {
	case response != nil && len(response.Value.Content) > 0:
		return described(response.Value, a)
	case response != nil && a.Status < 400:
		return s.bodiless(o, a)
	case a.Status < 400:
		return errors.New("a status that is not described")
	case o.doc.Components.Schemas["ErrorResponse"] == nil:
		return valid(s.line, a)
	}
	// Hardly any operation describes its errors; those that do share one form.
	return valid(o.doc.Components.Schemas["ErrorResponse"].Value, a)
}

// bodiless checks a success for which no body is described. The Messaging API
// answers {} there, which its SDKs decode; the others answer nothing at all.
// https://developers.line.biz/en/reference/messaging-api/#common-specifications
func (s *Spec) bodiless(o *Operation, a Answer) error {
	if o.File == "messaging-api.yml" {
		return emptyObject(s, a)
	}
	return nothing(s, a)
}

func described(response *openapi3.Response, a Answer) error {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("Content-Type %q: %w", a.Header.Get("Content-Type"), err)
	}
	media := response.Content.Get(kind)
	if media == nil {
		return fmt.Errorf("Content-Type %q is not described", kind)
	}
	if media.Schema.Value.Format == "binary" {
		return nil
	}
	return valid(media.Schema.Value, a)
}

// valid checks a JSON body, what the schema says and that it says everything
// that stands there.
func valid(schema *openapi3.Schema, a Answer) error {
	if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		return fmt.Errorf("Content-Type %q is not application/json", kind)
	}
	var v any
	if err := json.Unmarshal(a.Body, &v); err != nil {
		return err
	}
	return errors.Join(schema.VisitJSON(v, openapi3.MultiErrors()), unknown(schema, v, ""))
}

// CheckWebhook holds the body of a webhook request against its description.
func (s *Spec) CheckWebhook(body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	retype(v)
	if err := errors.Join(s.callback.VisitJSON(v, openapi3.MultiErrors()), unknown(s.callback, v, "")); err != nil {
		return fmt.Errorf("a webhook differs from its description (webhook.yml): %w\n%s", err, shortened(body))
	}
	return nil
}

// unknown finds properties that the schema does not name. The platform may add
// some at any time; a server that says nothing but what is described may not.
func unknown(schema *openapi3.Schema, v any, at string) error {
	var errs []error
	switch v := v.(type) {
	case []any:
		item := itemOf(schema)
		for i, x := range v {
			if item != nil {
				errs = append(errs, unknown(item, x, fmt.Sprintf("%s[%d]", at, i)))
			}
		}
	case map[string]any:
		named := map[string]*openapi3.Schema{}
		free := properties(schema, v, named)
		for name, x := range v {
			switch p := named[name]; {
			case p != nil:
				errs = append(errs, unknown(p, x, at+"."+name))
			case !free:
				errs = append(errs, fmt.Errorf("property %s.%s is not described", at, name))
			}
		}
	}
	return errors.Join(errs...)
}

func itemOf(schema *openapi3.Schema) *openapi3.Schema {
	if schema.Items == nil {
		return nil
	}
	return schema.Items.Value
}

// properties gathers what a schema names for this very value; free says that
// anything else may stand there too.
func properties(schema *openapi3.Schema, v map[string]any, named map[string]*openapi3.Schema) (free bool) {
	for name, p := range schema.Properties {
		named[name] = p.Value
	}
	more := schema.AdditionalProperties
	free = more.Schema != nil || more.Has != nil && *more.Has
	for _, part := range schema.AllOf {
		free = properties(part.Value, v, named) || free
	}
	if d := schema.Discriminator; d != nil {
		kind, _ := v[d.PropertyName].(string)
		for _, one := range schema.OneOf {
			if one.Ref == d.Mapping[kind].Ref {
				free = properties(one.Value, v, named) || free
			}
		}
	}
	return free
}

// shortened is enough of a body to see what is meant.
func shortened(body []byte) string {
	const most = 1000
	if len(body) > most {
		return string(body[:most]) + "..."
	}
	return string(body)
}
