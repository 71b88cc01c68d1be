package store

import (
	"context"
	"errors"
	"time"
)

// session is a connection that is renewed when it dies.
type session struct {
	dialect  dialect
	readOnly bool
	conn     connection // nil when it died
}

func (db *DB) session(ctx context.Context, readOnly bool) (*session, error) {
	s := &session{dialect: db.dialect, readOnly: readOnly}
	return s, s.connect(ctx)
}

func (s *session) connect(ctx context.Context) error {
	s.close()
	conn, err := s.dialect.connect(ctx, s.readOnly)
	if errors.Is(err, ErrInUse) {
		return err
	}
	if err != nil {
		return errors.Join(ErrUnavailable, err)
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

// close gives the connection back with nothing open on it.
func (s *session) close() {
	if s.conn != nil {
		s.conn.close()
		s.conn = nil
	}
}

// discard is close for a connection that nobody is to use again.
func (s *session) discard() {
	if s.conn != nil {
		s.conn.discard()
		s.conn = nil
	}
}

func (s *session) exec(ctx context.Context, query string) error {
	_, err := s.change(ctx, query, nil)
	return err
}

var errNoConnection = errors.Join(ErrUnavailable, errors.New("store: connection lost"))

func (s *session) change(ctx context.Context, query string, args []any) (int64, error) {
	if s.conn == nil {
		return 0, errNoConnection
	}
	n, err := s.conn.change(ctx, query, args)
	return n, s.dialect.translate(err)
}

func (s *session) query(ctx context.Context, query string, args []any) (Rows, error) {
	if s.conn == nil {
		return nil, errNoConnection
	}
	rows, err := s.conn.query(ctx, query, args)
	if err != nil {
		return nil, s.dialect.translate(err)
	}
	return rows, nil
}
