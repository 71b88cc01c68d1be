// Package docs is the documentation of the workspace's public API, drawn from
// the OpenAPI document that the API itself serves, with a way to try each
// operation.
//
// It owns no fact about the API: what the document does not say is not said
// here either.
package docs
