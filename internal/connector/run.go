package connector

import (
	"cmp"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Result is the answer of the API, whatever its status.
type Result struct {
	StatusCode int `json:"status_code"`
	// ResponseHeaders are named in lower case, as HTTP/2 has them; what stands
	// there several times is joined by commas.
	ResponseHeaders map[string]string `json:"response_headers"`
	// Reason is the reason phrase, such as OK.
	Reason string `json:"reason"`
	// JSONBody is the body, null when it is no JSON.
	JSONBody jsontext.Value `json:"json_body"`
	// Body is the body that is no JSON: a text, or Base64 when BodyEncoding says so.
	Body         *string `json:"body,omitzero"`
	BodyEncoding string  `json:"body_encoding,omitzero"`
}

// JSON is a value as it is printed: one line, members in the same order each time.
func JSON(v any) []byte {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err) // results are made of what has been read as JSON
	}
	return b
}

// Run runs an action. The error is an InputError, and nothing was sent, or a
// NoAnswerError.
func (c *Client) Run(ctx context.Context, name string, input []byte) (*Result, error) {
	r, err := prepare(name, input)
	if err != nil {
		return nil, err
	}
	return c.send(ctx, r.request)
}

// prepared is an action with its input, ready to be sent.
type prepared struct {
	action  *Action
	in      Values
	request *request
}

// prepare reads what an action is to do; the error is an InputError.
func prepare(name string, input []byte) (p prepared, err error) {
	if p.action, err = Find(name); err != nil {
		return p, err
	}
	if p.in, err = p.action.read(input); err != nil {
		return p, err
	}
	p.request, err = p.action.request(p.in)
	return p, err
}

// send sends a request as whom it is to be sent. A token that is refused is
// replaced once; the API refused it before the request took any effect.
func (c *Client) send(ctx context.Context, r *request) (*Result, error) {
	r.prepare()
	if r.action.History {
		key := cmp.Or(c.connection.APIKey, c.connection.AccessToken)
		if key == "" {
			return nil, unusable("%s reads a workspace's history: give api-key", r.action.Name)
		}
		return c.persist(ctx, r, key)
	}
	token, err := c.tokens.get(ctx, "")
	if err != nil {
		return nil, err
	}
	result, err := c.persist(ctx, r, token)
	if err != nil || result.StatusCode != http.StatusUnauthorized || c.tokens.url == nil {
		return result, err
	}
	if token, err = c.tokens.get(ctx, token); err != nil {
		return nil, err
	}
	return c.persist(ctx, r, token)
}

// answerMost is the largest answer that is taken, in bytes.
const answerMost = 256 << 20

// read reads an answer without the secrets that it may repeat.
func (c *Client) read(res *http.Response) (*Result, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, answerMost))
	if err != nil {
		return nil, err
	}
	result := &Result{StatusCode: res.StatusCode, ResponseHeaders: map[string]string{}}
	if _, result.Reason, _ = strings.Cut(res.Status, " "); result.Reason == "" {
		result.Reason = http.StatusText(res.StatusCode) // HTTP/2 has none
	}
	for name, values := range res.Header {
		result.ResponseHeaders[strings.ToLower(name)] = c.hide.in(strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD"))
	}
	if !utf8.Valid(body) {
		text := base64.StdEncoding.EncodeToString(body)
		result.Body, result.BodyEncoding = &text, "base64"
		return result, nil
	}
	text := c.hide.in(string(body))
	// What is held to be JSON must stand in the result, one level deeper.
	if v := jsontext.Value(text); isJSON(res.Header.Get("Content-Type"), text) && v.IsValid() && jsontext.Value("["+text+"]").IsValid() && v.Compact() == nil {
		result.JSONBody = v
		return result, nil
	}
	result.Body = &text
	return result, nil
}

// isJSON says whether a body is to be taken for JSON: by its type, or because
// it looks like it where the type says nothing.
func isJSON(mediaType, text string) bool {
	text = strings.TrimSpace(text)
	return strings.Contains(mediaType, "json") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}
