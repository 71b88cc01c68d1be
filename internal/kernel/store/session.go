package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"
)

// session is one connection with its prepared statements. SQLite compiles a
// statement anew each time unless it is kept, which doubles its cost.
type session struct {
	db       *DB
	dialect  dialect
	readOnly bool
	conn     *sql.Conn
	stmts    map[string]*sql.Stmt
}

func (db *DB) session(ctx context.Context, readOnly bool) (*session, error) {
	s := &session{db: db, dialect: db.dialect, readOnly: readOnly}
	return s, s.connect(ctx)
}

func (s *session) connect(ctx context.Context) error {
	s.close()
	s.stmts = map[string]*sql.Stmt{}
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	for _, q := range s.dialect.setup(s.readOnly) {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			conn.Close()
			return errors.Join(ErrUnavailable, err)
		}
	}
	s.conn = conn
	return nil
}

// begin starts a transaction and renews the connection once if it has died
// since the last one (a restarted PostgreSQL).
func (s *session) begin(ctx context.Context, begin string) error {
	for again := false; ; again = true {
		if s.conn == nil {
			dial, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			err := s.connect(dial)
			cancel()
			if err != nil {
				return err
			}
		}
		err := s.exec(ctx, begin)
		if err == nil {
			return nil
		}
		if again || ctx.Err() != nil {
			return errors.Join(ErrUnavailable, err)
		}
		s.discard()
	}
}

// end closes a transaction whatever the caller's context says; a connection
// that cannot even do that is not used again.
func (s *session) end(how string) {
	if s.conn == nil {
		return
	}
	if err := s.exec(context.Background(), how); err != nil {
		s.discard()
	}
}

// close gives the connection back with nothing open on it. The pool does not
// know of the statements, and an unfinished one would keep SQLite's files open.
func (s *session) close() {
	if s.conn == nil {
		return
	}
	s.forget()
	s.conn.Close()
	s.conn = nil
}

// discard is close for a connection that nobody is to use again.
func (s *session) discard() {
	if s.conn == nil {
		return
	}
	s.forget()
	s.conn.Raw(func(any) error { return driver.ErrBadConn })
	s.conn.Close()
	s.conn = nil
}

func (s *session) forget() {
	for _, st := range s.stmts {
		st.Close()
	}
	s.stmts = nil
}

func (s *session) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.stmts[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, s.dialect.rewrite(query))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

var errNoConnection = errors.Join(ErrUnavailable, errors.New("store: connection lost"))

func (s *session) exec(ctx context.Context, query string) error {
	_, err := s.change(ctx, query, nil)
	return err
}

func (s *session) change(ctx context.Context, query string, args []any) (int64, error) {
	if s.conn == nil {
		return 0, errNoConnection
	}
	st, err := s.prepared(ctx, query)
	if err != nil {
		return 0, s.dialect.translate(err)
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, s.dialect.translate(err)
	}
	n, err := res.RowsAffected()
	return n, err
}

func (s *session) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if s.conn == nil {
		return nil, errNoConnection
	}
	st, err := s.prepared(ctx, query)
	if err != nil {
		return nil, s.dialect.translate(err)
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, s.dialect.translate(err)
	}
	return rows, nil
}
