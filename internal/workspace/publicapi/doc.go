// Package publicapi is the workspace's public API, /public/v1: programs read the
// history of the workspace's official accounts with an API key.
//
// It owns the operations with their parameters, cursors, rate limit headers and
// the OpenAPI document, which is written from the same table. It does not own
// the keys (key), the accounts (account) or the reading of a history (archive).
//
// Another workspace's account answers, byte for byte, like one that does not
// exist: nobody learns from here what others have.
package publicapi
