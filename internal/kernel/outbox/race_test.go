//go:build race

package outbox_test

// raced says that the race detector watches, which makes SQLite, whose Go was
// once C, slower by an order of magnitude.
const raced = true
