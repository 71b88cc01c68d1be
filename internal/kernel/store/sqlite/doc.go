// Package sqlite speaks to the SQLite library, as far as the store needs it:
// connections, statements that are prepared once and run often, rows, error codes.
// https://www.sqlite.org/c3ref/intro.html
//
// It exists because of what database/sql and its drivers cost for each statement:
// a push is three of them, and conversions, locks, column names and a dozen
// allocations took as long as SQLite itself (docs/performance.md has the
// figures). It does not own SQL, transactions or pooling: those are the store's.
//
// A connection, its statements and rows are for one goroutine at a time; only
// Interrupt may be called by another.
package sqlite
