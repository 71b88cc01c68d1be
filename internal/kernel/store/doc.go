// Package store is the one database of a Kaiwa server, behind one interface for
// both engines: SQLite (the default, a file) and PostgreSQL.
//
// It owns: opening, pragmas, numbered migrations, the group-commit writer, the
// pool of readers, prepared statements, counters, and the translation of driver
// errors to ErrNotFound, ErrConflict and ErrUnavailable. It does not own any
// table but its own two (schema_version, counters): rooms write their SQL
// themselves, one text for both engines with $1..$n placeholders.
//
// A function given to Update may be run again (after a serialization failure,
// or when a batch is split), so it must not keep state outside of its
// transaction; what has to happen once, after the commit, goes to Tx.After.
package store
