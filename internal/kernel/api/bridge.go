package api

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// A bridge spells an error the way a family's clients read it. Each is given
// the refusal, or the *BadJSON, and returns status, media type and body.
type bridge func(err error) (e *Error, contentType string, body []byte)

// Members writes a JSON object with its members in the given order.
func Members(list []Member) jsontext.Value {
	b := []byte{'{'}
	for i, m := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b, _ = jsontext.AppendQuote(b, m.Name)
		b = append(b, ':')
		v, err := Encode(m.Value)
		if err != nil {
			v = []byte("null")
		}
		b = append(b, v...)
	}
	return append(b, '}')
}

const jsonType = "application/json"

// LineErrors is {"message", "details"}: the Messaging API.
// https://developers.line.biz/en/reference/messaging-api/#error-responses
func LineErrors(err error) (*Error, string, []byte) {
	e := refusal(err, func(bad *BadJSON) *Error {
		e := Errorf(Invalid, "The property, '%s', in the request body is invalid (line: %d, column: %d)", bad.Property, bad.Line, bad.Column)
		if bad.Property == "" {
			e.Message = fmt.Sprintf("The request body could not be parsed as JSON (line: %d, column: %d)", bad.Line, bad.Column)
		}
		if bad.Duplicate != "" {
			e.Details = []Detail{{Message: "Duplicate field '" + bad.Duplicate + "'"}}
		}
		return e
	})
	list := []Member{{"message", e.Message}}
	if len(e.Details) > 0 || e.EmptyDetails {
		list = append(list, Member{"details", append([]Detail{}, e.Details...)})
	}
	return e, jsonType, Members(append(list, e.Extra...))
}

// OAuthErrors is {"error", "error_description"}; an error without a Reason is
// written as LINE's {"message"}, as the token endpoints do.
func OAuthErrors(err error) (*Error, string, []byte) {
	var own *Error
	if errors.As(err, &own) && own.Reason != "" {
		list := []Member{{"error", own.Reason}}
		if own.Message != "" {
			list = append(list, Member{"error_description", own.Message})
		}
		return own, jsonType, Members(list)
	}
	return LineErrors(err)
}

// PlainErrors is {"message"} with the reason in words: the simulation API.
func PlainErrors(err error) (*Error, string, []byte) {
	e := refusal(err, func(bad *BadJSON) *Error { return Errorf(Invalid, "%s", bad.plain()) })
	return e, jsonType, Members([]Member{{"message", e.Message}})
}

// ProblemErrors is RFC 9457 problem details: the public API.
func ProblemErrors(err error) (*Error, string, []byte) {
	e := refusal(err, func(bad *BadJSON) *Error { return Errorf(Invalid, "%s", bad.plain()) })
	list := []Member{{"type", "about:blank"}, {"title", titles[e.Code]}, {"status", e.Status()}, {"detail", e.Message}}
	return e, "application/problem+json", Members(append(list, e.Extra...))
}

var titles = map[Code]string{Internal: "Internal Server Error", Invalid: "Bad Request", Unauthorized: "Unauthorized", Forbidden: "Forbidden",
	NotFound: "Not Found", BadMethod: "Method Not Allowed", Conflict: "Conflict", Gone: "Gone", TooLarge: "Content Too Large",
	MediaType: "Unsupported Media Type", Unprocessable: "Unprocessable Content", Locked: "Locked", Limited: "Too Many Requests", Unavailable: "Service Unavailable"}

func (e *BadJSON) plain() string {
	if !e.Mistyped() {
		return fmt.Sprintf("The body is no valid JSON (line %d, column %d)", e.Line, e.Column)
	}
	return fmt.Sprintf("%s is not of the right type (line %d, column %d)", e.Property, e.Line, e.Column)
}

func refusal(err error, badJSON func(*BadJSON) *Error) *Error {
	var bad *BadJSON
	if errors.As(err, &bad) {
		return badJSON(bad)
	}
	e, _ := known(err)
	return e
}
