package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver

	"kaiwa/internal/kernel/store/sqlite"
)

// dialect is all that differs between the engines.
type dialect interface {
	name() string
	open() error
	connect(ctx context.Context, readOnly bool) (connection, error)
	close() error
	beginRead() string
	beginWrite() string
	schema(statement string) string // of a migration's statement
	census() string                 // counts our table of versions, and all tables
	translate(error) error
	retryable(error) bool
}

type sqliteDialect struct {
	path     string
	volatile bool // of a memory: store: nothing need survive
	// held is the file, locked: two servers on one store would deliver each
	// other's webhooks and answer from memories that the other made stale. SQLite's
	// own locks are of another kind. It is closed last, because to close any handle
	// of a file takes a process's SQLite locks on it away.
	held *os.File
	// made says that open found no file. Then undo has close remove what was made.
	made, undo bool
}

func (*sqliteDialect) name() string { return "sqlite" }

func (d *sqliteDialect) open() error {
	if dir := filepath.Dir(d.path); dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("the folder of the store %s: %w", d.path, err)
		}
	}
	// SQLite creates files lazily; opening here gives one clear error.
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	made := err == nil
	if errors.Is(err, fs.ErrExist) {
		f, err = os.OpenFile(d.path, os.O_RDWR|os.O_CREATE, 0o600) // O_CREATE for a link to where nothing is yet
	}
	if err != nil {
		return fmt.Errorf("the store cannot be opened for writing: %w", err)
	}
	d.held = f
	if !lock(f) {
		return ErrInUse
	}
	d.made = made
	return nil
}

func (d *sqliteDialect) close() error {
	held := d.held
	if d.held = nil; held == nil {
		return nil
	}
	var err error
	if d.undo {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if e := os.Remove(d.path + suffix); !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
	}
	return errors.Join(err, held.Close())
}

func (d *sqliteDialect) connect(ctx context.Context, readOnly bool) (connection, error) {
	conn, err := sqlite.Open(d.path)
	if err != nil {
		return nil, err
	}
	c := &sqliteConn{dialect: d, conn: conn, stmts: map[string]*sqlite.Stmt{}}
	for _, q := range d.setup(readOnly) {
		if err := c.run(ctx, q); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (d *sqliteDialect) setup(readOnly bool) []string {
	sync := "FULL"
	if d.volatile {
		sync = "OFF"
	}
	q := []string{"PRAGMA busy_timeout=5000", "PRAGMA synchronous=" + sync, "PRAGMA wal_autocheckpoint=8000", "PRAGMA temp_store=MEMORY"}
	if readOnly {
		// Readers come when the writer has found the file to be ours: WAL is written into it.
		return append(q, "PRAGMA journal_mode=WAL", "PRAGMA query_only=1")
	}
	// Messages of a thousand chats go to a thousand pages of the index by chat; what
	// does not fit into the cache is read from the file again for each message.
	return append(q, "PRAGMA cache_size=-8000")
}

func (*sqliteDialect) beginRead() string         { return "BEGIN" }
func (*sqliteDialect) beginWrite() string        { return "BEGIN IMMEDIATE" }
func (*sqliteDialect) schema(stmt string) string { return stmt }
func (*sqliteDialect) census() string {
	return `SELECT COALESCE(SUM(name = 'schema_version'), 0), COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
}

// rewrite turns $1 into ?1: SQLite takes $1 for a name and would number the
// placeholders by their order of appearance.
func (*sqliteDialect) rewrite(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (*sqliteDialect) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite.Unique, sqlite.PrimaryKey, sqlite.RowID:
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	switch e.Code & sqlite.Mask {
	case sqlite.Full, sqlite.IO, sqlite.Busy, sqlite.ReadOnly, sqlite.CantOpen:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case sqlite.Interrupted:
		return fmt.Errorf("%w: %w", context.Canceled, err) // only a View is ever interrupted, when its caller has left
	}
	return err
}

func (*sqliteDialect) retryable(error) bool { return false }

type postgresDialect struct {
	dsn  string
	pool *sql.DB
}

func (*postgresDialect) name() string { return "postgres" }

func (d *postgresDialect) open() (err error) {
	if d.pool, err = sql.Open("pgx", d.dsn); err == nil {
		d.pool.SetMaxOpenConns(readers + 1)
	}
	return err
}

func (d *postgresDialect) close() error {
	if d.pool == nil {
		return nil
	}
	return d.pool.Close()
}

func (d *postgresDialect) connect(ctx context.Context, readOnly bool) (connection, error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if !readOnly {
		if err := d.claim(ctx, conn); err != nil {
			conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it, and keeps it out of the pool
			return nil, err
		}
	}
	return &sqlConn{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// ours is the advisory lock that says that a database has a server.
const ours = 0x4b61697761 // "Kaiwa"

// claimSpan is how long a dead server's backend may take to notice.
const claimSpan = 5 * time.Second

// claim takes the database for this server's writer, for as long as its
// connection lives: two servers on one store would deliver each other's webhooks.
// And a writer that follows a dead one begins when the dead one's last commit is
// through or was never to be.
func (d *postgresDialect) claim(ctx context.Context, conn *sql.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, claimSpan)
	defer cancel()
	for refused := false; ; refused = true {
		var got bool
		err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(ours)).Scan(&got)
		switch {
		case got:
			return nil
		case err != nil && refused && ctx.Err() != nil: // the time was over while it asked again
			return ErrInUse
		case err != nil:
			return err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return ErrInUse
		}
	}
}

func (*postgresDialect) beginRead() string  { return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" }
func (*postgresDialect) beginWrite() string { return "BEGIN" }

// schema spells the few types that the engines name differently.
func (*postgresDialect) schema(stmt string) string {
	return strings.NewReplacer("INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY", " BLOB", " BYTEA", "WITHOUT ROWID", "").Replace(stmt)
}

func (*postgresDialect) census() string {
	return `SELECT COUNT(*) FILTER (WHERE table_name = 'schema_version'), COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()`
}

func (*postgresDialect) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch {
		case e.Code == "23505":
			return fmt.Errorf("%w: %w", ErrConflict, err)
		case e.Code == "22021":
			return fmt.Errorf("%w: %w", ErrText, err)
		case strings.HasPrefix(e.Code, "57P"), strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "08"):
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err) // no answer of the server: the connection
}

// retryable: serialization failure, deadlock.
func (*postgresDialect) retryable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}
