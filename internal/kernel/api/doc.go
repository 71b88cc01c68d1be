// Package api is the only code that reads a request's body or writes a JSON
// answer. An operation is a row of a table (Op); one of four adapters (None,
// JSON, Form, Raw) decodes its input; it returns a value or an error, and never
// sees an http.ResponseWriter.
//
// It owns: routing, path hygiene, authentication's place in the order, request
// ids, body limits, strict JSON, rate limits, faults, the access log, the
// request log and the error bridges (one a family: how an error is spelled on
// the wire). It knows no operation and no rule of the platform.
package api
