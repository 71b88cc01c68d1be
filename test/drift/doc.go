// Package drift holds the server against the platform's official descriptions
// (OpenAPI files of line-openapi), so that a difference is noticed when either
// side moves.
//
// It owns the reading of those files, the list of operations that are still
// missing (missing.txt) and the table of answers that deliberately differ from
// what the files say (exceptions.go). It does not own the files: they lie in
// ../shared/openapi beside the checkout, and what needs them says so and is
// skipped where they are absent.
//
// https://developers.line.biz/en/reference/messaging-api/
package drift
