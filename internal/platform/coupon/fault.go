package coupon

import (
	"fmt"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/object"
)

// fault is one violation. Unlike elsewhere on the platform its property is told
// even when it is empty.
type fault struct {
	Message  string `json:"message"`
	Property string `json:"property"`
}

// faults are the violations of one request.
type faults []fault

func (f *faults) add(property, message string) { *f = append(*f, fault{message, property}) }

// refusal tells all of them; nil when there are none.
func (f faults) refusal(code api.Code) error {
	if len(f) == 0 {
		return nil
	}
	return &api.Error{Code: code, Message: fmt.Sprintf("The request body has %d error(s)", len(f)), Extra: []api.Member{{Name: "details", Value: f}}}
}

// refused is a refusal of the request as a whole.
func refused(code api.Code, message string) error { return faults{{Message: message}}.refusal(code) }

func oneOf(values ...string) string {
	return "Must be one of the following values: [" + strings.Join(values, ",") + "]"
}

// length is in UTF-16 code units.
func (f *faults) length(property, value string, low, high int) {
	if n := object.UTF16Len(value); n < low || n > high {
		f.add(property, fmt.Sprintf("Size must be between %d and %d", low, high))
	}
}

func (f *faults) given(property string, is bool) bool {
	if !is {
		f.add(property, "Must be specified")
	}
	return is
}

func (f *faults) absent(property string, is bool) {
	if !is {
		f.add(property, "Must not be specified")
	}
}

func (f *faults) choice(property, value string, of ...string) bool {
	if !f.given(property, value != "") {
		return false
	}
	in := slices.Contains(of, value)
	if !in {
		f.add(property, oneOf(of...))
	}
	return in
}

func (f *faults) within(property string, value *int64, low, high int64) bool {
	switch {
	case !f.given(property, value != nil):
	case *value < low:
		f.add(property, fmt.Sprintf("Must be greater than or equal to %d", low))
	case *value > high:
		f.add(property, fmt.Sprintf("Must be less than or equal to %d", high))
	default:
		return true
	}
	return false
}
