// Package edge is the way in for clients that cannot change their URLs: TLS with
// a certificate of a local CA for the platform's host names, a proxy that
// answers for them, and the environment that sends a program there.
//
// It owns connections up to the HTTP handler and the CA. It does not own what is
// answered (app).
package edge
