package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver
	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// dialect is all that differs between the engines.
type dialect interface {
	name() string
	open() (*sql.DB, error)
	setup(readOnly bool) []string
	beginRead() string
	beginWrite() string
	rewrite(query string) string    // of a statement with $n placeholders
	schema(statement string) string // of a migration's statement
	translate(error) error
	retryable(error) bool
}

type sqlite struct {
	path     string
	volatile bool // of a memory: store: nothing need survive
}

func (sqlite) name() string { return "sqlite" }

func (d sqlite) open() (*sql.DB, error) {
	if dir := filepath.Dir(d.path); dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("the folder of the store %s: %w", d.path, err)
		}
	}
	// The driver creates files lazily; opening here gives one clear error.
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the store cannot be opened for writing: %w", err)
	}
	f.Close()
	return sql.Open("sqlite", "file:"+(&url.URL{Path: d.path}).EscapedPath())
}

func (d sqlite) setup(readOnly bool) []string {
	sync := "FULL"
	if d.volatile {
		sync = "OFF"
	}
	q := []string{"PRAGMA busy_timeout=5000", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=" + sync,
		"PRAGMA wal_autocheckpoint=8000", "PRAGMA temp_store=MEMORY"}
	if readOnly {
		q = append(q, "PRAGMA query_only=1")
	}
	return q
}

func (sqlite) beginRead() string         { return "BEGIN" }
func (sqlite) beginWrite() string        { return "BEGIN IMMEDIATE" }
func (sqlite) schema(stmt string) string { return stmt }

// rewrite turns $1 into ?1: left alone, the driver binds by order of
// appearance, not by number.
func (sqlite) rewrite(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (sqlite) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlitedriver.Error
	if errors.As(err, &e) {
		switch code := e.Code(); {
		case code == sqlitelib.SQLITE_CONSTRAINT_UNIQUE, code == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY, code == sqlitelib.SQLITE_CONSTRAINT_ROWID:
			return fmt.Errorf("%w: %w", ErrConflict, err)
		case code&0xff == sqlitelib.SQLITE_FULL, code&0xff == sqlitelib.SQLITE_IOERR, code&0xff == sqlitelib.SQLITE_BUSY,
			code&0xff == sqlitelib.SQLITE_READONLY, code&0xff == sqlitelib.SQLITE_CANTOPEN:
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return err
}

func (sqlite) retryable(error) bool { return false }

type postgres struct{ dsn string }

func (postgres) name() string { return "postgres" }

func (d postgres) open() (*sql.DB, error) {
	db, err := sql.Open("pgx", d.dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers + 1)
	return db, nil
}

func (postgres) setup(bool) []string     { return nil }
func (postgres) beginRead() string       { return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" }
func (postgres) beginWrite() string      { return "BEGIN" }
func (postgres) rewrite(q string) string { return q }

// schema spells the few types that the engines name differently.
func (postgres) schema(stmt string) string {
	return strings.NewReplacer("INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY", " BLOB", " BYTEA", "WITHOUT ROWID", "").Replace(stmt)
}

func (postgres) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch {
		case e.Code == "23505":
			return fmt.Errorf("%w: %w", ErrConflict, err)
		case strings.HasPrefix(e.Code, "57P"), strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "08"):
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err) // no answer of the server: the connection
}

// retryable: serialization failure, deadlock.
func (postgres) retryable(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}
