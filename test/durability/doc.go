// Package durability holds the proofs that what the program acknowledged stays:
// through kill -9 under load, in the order of its system calls, at the crash
// points of webhooks and through an orderly stop.
//
// The package owns no product code. It drives the built binary from outside
// (test/kit) and keeps a ledger of its own of every answer it saw; what the
// server says later is held against that ledger.
// KAIWA_KILLS sets how often the server is killed; 50 when it is left out.
package durability
