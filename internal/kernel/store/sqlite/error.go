package sqlite

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Error is a failure that SQLite reports.
type Error struct {
	// Code is the extended result code: https://www.sqlite.org/rescode.html
	Code int
	text string
}

func (e *Error) Error() string { return e.text }

// The codes that the store tells apart. Those with a mask are primary codes:
// the extended code's lower eight bits.
const (
	Unique     = lib.SQLITE_CONSTRAINT_UNIQUE
	PrimaryKey = lib.SQLITE_CONSTRAINT_PRIMARYKEY
	RowID      = lib.SQLITE_CONSTRAINT_ROWID

	Mask        = 0xff
	Full        = lib.SQLITE_FULL
	IO          = lib.SQLITE_IOERR
	Busy        = lib.SQLITE_BUSY
	ReadOnly    = lib.SQLITE_READONLY
	CantOpen    = lib.SQLITE_CANTOPEN
	Interrupted = lib.SQLITE_INTERRUPT
)

// check turns a result code into an error; nil for success.
func (c *Conn) check(rc int32) error {
	if rc == lib.SQLITE_OK {
		return nil
	}
	return c.failure(rc)
}

func (c *Conn) failure(rc int32) error {
	kind := libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))
	text := kind
	if c.db != 0 {
		if more := libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db)); more != kind {
			text += ": " + more
		}
	}
	return &Error{Code: int(rc), text: fmt.Sprintf("%s (%d)", text, rc)}
}
