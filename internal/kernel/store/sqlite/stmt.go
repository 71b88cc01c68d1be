package sqlite

import (
	"fmt"

	lib "modernc.org/sqlite/lib"
)

// Stmt is a prepared statement.
type Stmt struct {
	conn            *Conn
	handle          uintptr
	params, columns int
	// memory holds the bound texts until the statement is run with others.
	memory     uintptr
	size, used int
	busy       bool
}

// memoryKept bounds what a statement keeps between its runs, in bytes.
const memoryKept = 64 << 10

// Close frees the statement.
func (s *Stmt) Close() error {
	if s.handle == 0 {
		return nil
	}
	lib.Xsqlite3_finalize(s.conn.tls, s.handle) // its error is that of the last run, which was told then
	s.conn.free(s.memory)
	s.handle, s.memory, s.size = 0, 0, 0
	return nil
}

// Busy says whether rows of the statement are still open: it cannot be run then.
func (s *Stmt) Busy() bool { return s.busy }

// Exec runs the statement to its end and says how many rows the last INSERT,
// UPDATE or DELETE changed.
func (s *Stmt) Exec(args []any) (changed int64, err error) {
	if err := s.bind(args); err != nil {
		return 0, err
	}
	for more := true; more && err == nil; {
		more, err = s.step()
	}
	s.reset()
	if err != nil {
		return 0, err
	}
	return lib.Xsqlite3_changes64(s.conn.tls, s.conn.db), nil
}

// Query runs the statement up to its first row. Close the rows.
func (s *Stmt) Query(args []any) (*Rows, error) {
	if err := s.bind(args); err != nil {
		return nil, err
	}
	more, err := s.step()
	if err != nil {
		s.reset()
		return nil, err
	}
	s.busy = true
	return &Rows{stmt: s, first: true, more: more}, nil
}

// step runs up to the next row; false says that the statement is done.
func (s *Stmt) step() (bool, error) {
	switch rc := lib.Xsqlite3_step(s.conn.tls, s.handle); rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.conn.failure(rc)
	}
}

// reset makes the statement ready for its next run. What it returns is the
// error of this run once more.
func (s *Stmt) reset() {
	lib.Xsqlite3_reset(s.conn.tls, s.handle)
	s.busy = false
	if s.size > memoryKept {
		lib.Xsqlite3_clear_bindings(s.conn.tls, s.handle)
		s.conn.free(s.memory)
		s.memory, s.size = 0, 0
	}
}

// Rows are the rows of a statement.
type Rows struct {
	stmt        *Stmt // nil when they are closed
	first, more bool
	err         error
}

// Next goes to the next row; false says that there is none, or an error.
func (r *Rows) Next() bool {
	switch {
	case r.stmt == nil || !r.more:
		return false
	case r.first:
		r.first = false
		return true
	}
	r.more, r.err = r.stmt.step()
	return r.more
}

// Err is the error that ended the rows, if one did.
func (r *Rows) Err() error { return r.err }

// Close ends the rows; closing twice is no error.
func (r *Rows) Close() error {
	if r.stmt != nil {
		r.stmt.reset()
		r.stmt = nil
	}
	return nil
}

// Scan reads the row's columns into pointers: to whole numbers, strings, bytes,
// booleans and types made of them.
func (r *Rows) Scan(dest ...any) error {
	if r.stmt == nil || !r.more || r.first {
		return fmt.Errorf("sqlite: Scan without a row")
	}
	if len(dest) != r.stmt.columns {
		return fmt.Errorf("sqlite: %d columns for %d destinations", r.stmt.columns, len(dest))
	}
	for i, d := range dest {
		if err := r.stmt.value(int32(i)).into(d); err != nil {
			return fmt.Errorf("sqlite: column %d: %w", i, err)
		}
	}
	return nil
}
