package api_test

import (
	"errors"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
)

// TestBridges: one error in the words of each family.
func TestBridges(t *testing.T) {
	type bridge = func(error) (*api.Error, string, []byte)
	syntax := &api.BadJSON{Line: 2, Column: 5}
	property := &api.BadJSON{Property: "messages[0].text", Line: 1, Column: 9}
	twice := &api.BadJSON{Duplicate: "to", Line: 3, Column: 7}
	within := &api.BadJSON{Property: "messages[1]", Duplicate: "type", Line: 11, Column: 13, Cause: &jsontext.SyntacticError{}}
	oauth := &api.Error{Code: api.Invalid, Reason: "invalid_request", Message: "no grant_type"}
	bare := &api.Error{Code: api.Unauthorized, Reason: "invalid_client"}
	own := &api.Error{Code: api.Forbidden, Message: "not yours", Extra: []api.Member{{Name: "more", Value: 1}}}
	for name, c := range map[string]struct {
		bridge bridge
		err    error
		status int
		kind   string
		body   string
	}{
		"line, syntax":   {api.LineErrors, syntax, 400, "application/json", `{"message":"The request body could not be parsed as JSON (line: 2, column: 5)"}`},
		"line, property": {api.LineErrors, property, 400, "application/json", `{"message":"The property, 'messages[0].text', in the request body is invalid (line: 1, column: 9)"}`},
		"line, duplicate": {api.LineErrors, twice, 400, "application/json",
			`{"message":"The request body could not be parsed as JSON (line: 3, column: 7)","details":[{"message":"Duplicate field 'to'"}]}`},
		"line, duplicate within": {api.LineErrors, within, 400, "application/json",
			`{"message":"The property, 'messages[1]', in the request body is invalid (line: 11, column: 13)","details":[{"message":"Duplicate field 'type'"}]}`},
		"line, own":            {api.LineErrors, own, 403, "application/json", `{"message":"not yours","more":1}`},
		"oauth":                {api.OAuthErrors, oauth, 400, "application/json", `{"error":"invalid_request","error_description":"no grant_type"}`},
		"oauth, bare":          {api.OAuthErrors, bare, 401, "application/json", `{"error":"invalid_client"}`},
		"oauth, no reason":     {api.OAuthErrors, own, 403, "application/json", `{"message":"not yours","more":1}`},
		"plain, syntax":        {api.PlainErrors, syntax, 400, "application/json", `{"message":"The body is no valid JSON (line 2, column 5)"}`},
		"plain, property":      {api.PlainErrors, property, 400, "application/json", `{"message":"messages[0].text is not of the right type (line 1, column 9)"}`},
		"plain, syntax within": {api.PlainErrors, within, 400, "application/json", `{"message":"The body is no valid JSON (line 11, column 13)"}`},
		"plain, own":           {api.PlainErrors, own, 403, "application/json", `{"message":"not yours"}`},
		"problem, own":         {api.ProblemErrors, own, 403, "application/problem+json", `{"type":"about:blank","title":"Forbidden","status":403,"detail":"not yours","more":1}`},
		"problem, syntax":      {api.ProblemErrors, syntax, 400, "application/problem+json", `{"type":"about:blank","title":"Bad Request","status":400,"detail":"The body is no valid JSON (line 2, column 5)"}`},
		"problem, internal":    {api.ProblemErrors, errors.New("secret"), 500, "application/problem+json", `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"The server met an error. Its log tells more."}`},
	} {
		e, kind, body := c.bridge(c.err)
		if e.Status() != c.status || kind != c.kind || string(body) != c.body {
			t.Errorf("%s: %d %s %s", name, e.Status(), kind, body)
		}
	}
}

// TestEveryCodeHasAStatusAndATitle, so that none is answered as 0 or without words.
func TestEveryCodeHasAStatusAndATitle(t *testing.T) {
	for code := api.Internal; code <= api.Unavailable; code++ {
		e, _, body := api.ProblemErrors(api.Errorf(code, "m"))
		var in struct {
			Title  string `json:"title"`
			Status int    `json:"status"`
		}
		if err := api.Decode(body, &in); err != nil || in.Status < 400 || in.Status != e.Status() || in.Title == "" {
			t.Errorf("code %d: %s, %v", code, body, err)
		}
	}
}
