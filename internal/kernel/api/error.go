package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/store"
)

// Code is what kind of refusal an error is.
type Code int

// The codes, with the HTTP status each family answers unless Error.Status says otherwise.
const (
	Internal      Code = iota // 500
	Invalid                   // 400
	Unauthorized              // 401
	Forbidden                 // 403
	NotFound                  // 404
	BadMethod                 // 405
	Conflict                  // 409
	Gone                      // 410
	TooLarge                  // 413
	MediaType                 // 415
	Unprocessable             // 422
	Locked                    // 423
	Limited                   // 429
	Unavailable               // 503
)

var statuses = map[Code]int{Internal: 500, Invalid: 400, Unauthorized: 401, Forbidden: 403, NotFound: 404, BadMethod: 405,
	Conflict: 409, Gone: 410, TooLarge: 413, MediaType: 415, Unprocessable: 422, Locked: 423, Limited: 429, Unavailable: 503}

// Detail is one of several things that are wrong: where, and what.
type Detail struct {
	Message  string `json:"message,omitzero"`
	Property string `json:"property,omitzero"`
}

// Error is a refusal that the caller may read. All other errors are logged and
// answered as Internal.
type Error struct {
	Code    Code
	Message string
	Details []Detail
	// EmptyDetails writes "details":[] where the platform does so.
	EmptyDetails bool
	// Reason is the machine-readable error of families that have one (OAuth's "invalid_request").
	Reason string
	// Extra members of the body, in order.
	Extra []Member
	// Header is added to the answer.
	Header http.Header
}

// Member is one further member of an error's body.
type Member struct {
	Name  string
	Value any
}

func (e *Error) Error() string { return e.Message }

// Status is the HTTP status of the error.
func (e *Error) Status() int { return statuses[e.Code] }

// Errorf makes an Error.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// BadJSON is a body that cannot be read as what the operation takes. Families
// word it their own way.
type BadJSON struct {
	// Property is the path of the value of a wrong type, such as
	// messages[0].text; of a text that is no JSON, the element of an array in
	// which it is none, or empty.
	Property string
	// Duplicate is a name that an object has twice.
	Duplicate    string
	Line, Column int
	Cause        error
}

// Mistyped says that the text is JSON and Property of the wrong type.
func (e *BadJSON) Mistyped() bool {
	var syntax *jsontext.SyntacticError
	return e.Property != "" && !errors.As(e.Cause, &syntax)
}

func (e *BadJSON) Error() string {
	return fmt.Sprintf("line %d, column %d: %v", e.Line, e.Column, e.Cause)
}

// known turns any error into the Error to be answered; internal says that its
// text must be logged and not sent.
func known(err error) (e *Error, internal bool) {
	if errors.As(err, &e) {
		return e, false
	}
	if errors.Is(err, store.ErrUnavailable) {
		return &Error{Code: Unavailable, Message: "The server cannot store anything now. Try again later.",
			Header: http.Header{"Retry-After": {"1"}}}, true
	}
	if errors.Is(err, store.ErrText) {
		return Errorf(Invalid, "The request has a text with NUL or invalid UTF-8"), false
	}
	return &Error{Code: Internal, Message: "The server met an error. Its log tells more."}, true
}
