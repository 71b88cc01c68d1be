// Package badinput holds the proofs that wrong and hostile input is refused: by
// the command line before anything is changed, and over HTTP quickly, without a
// failure of the server's own.
//
// The package owns no product code. It drives the built binary from outside
// (test/kit); what it sends is broken on purpose.
package badinput
