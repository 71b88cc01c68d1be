package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"kaiwa/internal/kernel/store/sqlite"
)

// connection is one connection to an engine, with its prepared statements:
// compiling a statement anew each time doubles its cost. It is for one
// goroutine at a time. Its errors are the engine's own.
type connection interface {
	// run runs a statement that is not worth keeping prepared.
	run(ctx context.Context, query string) error
	// change runs a statement and says how many rows it changed.
	change(ctx context.Context, query string, args []any) (int64, error)
	query(ctx context.Context, query string, args []any) (Rows, error)
	// watch makes what runs end soon after ctx does, until it is called off.
	watch(ctx context.Context) (off func())
	close()
	// discard is close for a connection that nobody is to use again.
	discard()
}

// Rows are the rows of a query, as in database/sql.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// sqliteConn is a connection to SQLite.
type sqliteConn struct {
	dialect *sqliteDialect
	conn    *sqlite.Conn
	stmts   map[string]*sqlite.Stmt
}

func (c *sqliteConn) run(_ context.Context, query string) error {
	st, err := c.conn.Prepare(query)
	if err != nil {
		return err
	}
	defer st.Close()
	_, err = st.Exec(nil)
	return err
}

// prepared is the statement of a query, kept for the next time. A query that
// runs within itself gets a second one, for once.
func (c *sqliteConn) prepared(query string) (st *sqlite.Stmt, once bool, err error) {
	st = c.stmts[query]
	if st != nil && !st.Busy() {
		return st, false, nil
	}
	once = st != nil
	if st, err = c.conn.Prepare(c.dialect.rewrite(query)); err == nil && !once {
		c.stmts[query] = st
	}
	return st, once, err
}

func (c *sqliteConn) change(ctx context.Context, query string, args []any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	st, once, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	if once {
		defer st.Close()
	}
	return st.Exec(args)
}

func (c *sqliteConn) query(ctx context.Context, query string, args []any) (Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	st, once, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	rows, err := st.Query(args)
	switch {
	case err != nil:
		if once {
			st.Close()
		}
		return nil, err
	case once:
		return onceRows{rows, st}, nil
	}
	return rows, nil
}

// onceRows close their statement with them.
type onceRows struct {
	*sqlite.Rows
	stmt *sqlite.Stmt
}

func (r onceRows) Close() error {
	r.Rows.Close()
	return r.stmt.Close()
}

func (c *sqliteConn) watch(ctx context.Context) (off func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.conn.Interrupt()
		close(interrupted)
	})
	return func() {
		if !stop() {
			<-interrupted // or it would hit the connection's next user
		}
	}
}

// close gives up the statements too: one left open would keep SQLite's files open.
func (c *sqliteConn) close() {
	for _, st := range c.stmts {
		st.Close()
	}
	c.conn.Close()
}

func (c *sqliteConn) discard() { c.close() }

// sqlConn is a connection of database/sql: PostgreSQL.
type sqlConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *sqlConn) run(ctx context.Context, query string) error {
	_, err := c.conn.ExecContext(ctx, query)
	return err
}

func (c *sqlConn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := c.stmts[query]; ok {
		return st, nil
	}
	st, err := c.conn.PrepareContext(ctx, query)
	if err == nil {
		c.stmts[query] = st
	}
	return st, err
}

func (c *sqlConn) change(ctx context.Context, query string, args []any) (int64, error) {
	st, err := c.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *sqlConn) query(ctx context.Context, query string, args []any) (Rows, error) {
	st, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// watch: the driver minds the context of each statement itself.
func (c *sqlConn) watch(context.Context) (off func()) { return func() {} }

func (c *sqlConn) close() {
	c.forget()
	c.conn.Close()
}

func (c *sqlConn) discard() {
	c.forget()
	c.conn.Raw(func(any) error { return driver.ErrBadConn })
	c.conn.Close()
}

// forget closes the statements; the pool does not know of them.
func (c *sqlConn) forget() {
	for _, st := range c.stmts {
		st.Close()
	}
	c.stmts = nil
}
