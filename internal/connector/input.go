package connector

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// InputError says why an input cannot be used. Nothing was sent.
type InputError struct{ Reason string }

// Error implements error.
func (e *InputError) Error() string { return e.Reason }

func unusable(format string, args ...any) error { return &InputError{fmt.Sprintf(format, args...)} }

// Values are the inputs of a call as they came, by name.
type Values map[string]jsontext.Value

// read holds the text of a call's inputs against the action: one JSON object
// with the required inputs, of the right types, and nothing else. A null counts
// as left out.
func (a *Action) read(text []byte) (Values, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	var in Values
	if err := json.Unmarshal(text, &in); err != nil || in == nil {
		return nil, unusable("the input of %s is not a JSON object%s", a.Name, because(err))
	}
	for name, v := range in {
		if v.Kind() == 'n' {
			delete(in, name)
		}
	}
	return in, a.check(in, a.Inputs, "")
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// check names the first thing that is wrong, in the order of the table.
func (a *Action) check(in Values, inputs []Input, within string) error {
	for _, want := range inputs {
		v, given := in[want.Name]
		name := within + want.Name
		switch {
		case !given && want.Required:
			return unusable("%s: the input %q is missing: %s", a.Name, name, want.About)
		case !given:
			continue
		case !want.Type.fits(v):
			return unusable("%s: the input %q is no %s", a.Name, name, want.Type)
		case want.Members != nil:
			var members Values
			if err := json.Unmarshal(v, &members); err != nil {
				return unusable("%s: the input %q cannot be read", a.Name, name)
			}
			for member, v := range members {
				if v.Kind() == 'n' {
					delete(members, member)
				}
			}
			if err := a.check(members, want.Members, name+"."); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(keys(in)) {
		if !slices.ContainsFunc(inputs, func(i Input) bool { return i.Name == name || within == "headers." && strings.EqualFold(i.Name, name) }) {
			return unusable("%s: unknown input %q", a.Name, within+name)
		}
	}
	return nil
}

func keys(in Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range in {
			if !yield(name) {
				return
			}
		}
	}
}

// fits says whether a JSON value is of the type.
func (t Type) fits(v jsontext.Value) bool {
	switch t {
	case String:
		return v.Kind() == '"'
	case Number:
		return v.Kind() == '0'
	case Integer:
		return v.Kind() == '0' && !bytes.ContainsAny(v, ".eE")
	case Boolean:
		return v.Kind() == 't' || v.Kind() == 'f'
	case Object:
		return v.Kind() == '{'
	case OneOrMore:
		return v.Kind() == '"' || Strings.fits(v)
	}
	var list []jsontext.Value
	if v.Kind() != '[' || json.Unmarshal(v, &list) != nil {
		return false
	}
	want := jsontext.Kind('"')
	if t == Objects {
		want = '{'
	}
	return !slices.ContainsFunc(list, func(v jsontext.Value) bool { return v.Kind() != want })
}

// plain is a value as it stands in a path, a query or a form: a string without
// its quotes, anything else as it is written.
func plain(v jsontext.Value) string {
	var s string
	if v.Kind() == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// request is what an action sends, before it is known where to.
type request struct {
	action *Action
	method string
	path   string // with query
	header http.Header
	body   []byte
}

// request writes the inputs where they go.
func (a *Action) request(in Values) (*request, error) {
	r := &request{action: a, method: a.Method, path: a.Path, header: http.Header{}}
	query, body := url.Values{}, Values{}
	for _, want := range a.Inputs {
		v, given := in[want.Name]
		if !given {
			continue
		}
		switch a.Place(want) {
		case InPath:
			segment := plain(v)
			if segment == "" || segment == "." || segment == ".." {
				return nil, unusable("%s: the input %q is no id", a.Name, want.Name)
			}
			r.path = strings.Replace(r.path, "{"+want.Name+"}", url.PathEscape(segment), 1)
		case InQuery:
			addQuery(query, want, v)
		case InHeaders:
			if err := r.addHeaders(want, v); err != nil {
				return nil, err
			}
		case InBody, InForm:
			if want.Type == OneOrMore && v.Kind() == '"' {
				v = slices.Concat([]byte("["), v, []byte("]"))
			}
			body[want.Name] = v
		}
	}
	if len(query) > 0 {
		r.path += "?" + query.Encode()
	}
	return r, r.write(body)
}

func addQuery(query url.Values, want Input, v jsontext.Value) {
	if want.Type != Strings {
		query.Set(want.Name, plain(v))
		return
	}
	var list []string
	if json.Unmarshal(v, &list) == nil {
		query[want.Name] = list
	}
}

func (r *request) addHeaders(want Input, v jsontext.Value) error {
	var given map[string]string
	if err := json.Unmarshal(v, &given); err != nil {
		return unusable("%s: the input %q is no object of strings", r.action.Name, want.Name)
	}
	for name, value := range given {
		if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }) {
			return unusable("%s: the header %q holds a character that headers cannot have", r.action.Name, name)
		}
		if value != "" {
			r.header.Set(name, value)
		}
	}
	return nil
}

// write makes the body of what is left.
func (r *request) write(body Values) (err error) {
	switch {
	case r.method == http.MethodGet || r.method == http.MethodDelete:
	case r.action.Form == FileBody:
		r.header.Set("Content-Type", plain(body["contentType"]))
		if r.body, err = base64.StdEncoding.DecodeString(plain(body["contentBase64"])); err != nil {
			return unusable("%s: the input \"contentBase64\" is no Base64", r.action.Name)
		}
		if strings.ContainsFunc(r.header.Get("Content-Type"), func(c rune) bool { return c < ' ' || c > '~' }) {
			return unusable("%s: the input \"contentType\" is no media type", r.action.Name)
		}
	case r.action.Form == FormBody:
		return r.writeForm(body)
	case len(body) > 0 || r.action.hasBody():
		r.header.Set("Content-Type", "application/json")
		r.body, err = json.Marshal(body, json.Deterministic(true))
	}
	return err
}

// hasBody says whether any input goes into the body, so that an empty one is
// still sent as an object.
func (a *Action) hasBody() bool {
	return slices.ContainsFunc(a.Inputs, func(i Input) bool { return a.Place(i) == InBody })
}

func (r *request) writeForm(body Values) error {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, want := range r.action.Inputs {
		v, given := body[want.Name]
		if !given {
			continue
		}
		create := form.CreateFormField
		if want.Name == "file" {
			create = func(name string) (io.Writer, error) { return form.CreateFormFile(name, "file.txt") }
		}
		part, err := create(want.Name)
		if err == nil {
			_, err = io.WriteString(part, plain(v))
		}
		if err != nil {
			return err
		}
	}
	if err := form.Close(); err != nil {
		return err
	}
	r.header.Set("Content-Type", form.FormDataContentType())
	r.body = b.Bytes()
	return nil
}
