package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Errors that callers may test for with errors.Is.
var (
	ErrNotFound    = errors.New("store: not found")
	ErrConflict    = errors.New("store: conflict")
	ErrUnavailable = errors.New("store: unavailable")
	// ErrText says that a text has what the engine cannot hold: PostgreSQL takes
	// neither NUL nor invalid UTF-8, be it to write it or to look for it.
	ErrText = errors.New("store: text with NUL or invalid UTF-8")
	// ErrNewer says that the store was written by a newer program.
	ErrNewer = errors.New("store: written by a newer version")
	// ErrForeign says that the database holds another program's tables.
	ErrForeign = errors.New("store: the database of another program")
	// ErrInUse says that another process has the store open.
	ErrInUse = errors.New("store: in use by another server")
)

const (
	readers   = 4
	batchMost = 1024 // closures in one commit; measured in docs/performance.md
)

// DB is an open store.
type DB struct {
	dialect dialect
	now     func() time.Time
	readers chan *session
	queue   chan *job
	stop    chan struct{}
	stopped chan struct{}
	closing sync.Once
	scratch string // folder of a memory: store, removed at Close
	commits func(batch int, took time.Duration)
}

// Options of Open.
type Options struct {
	// Migrations holds files named NNNN_name.sql, applied in their order.
	Migrations fs.FS
	// Now is the clock whose time a transaction carries.
	Now func() time.Time
	// OnCommit, if set, is told of each commit: the batch's size and how long it took.
	OnCommit func(batch int, took time.Duration)
}

// Exists says whether a store stands there already, as far as a look at the
// files tells: of one that is no file it says no.
func Exists(dsn string) bool {
	path, isFile := strings.CutPrefix(dsn, "sqlite:")
	if !isFile {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// Open opens dsn: "sqlite:PATH", "memory:" or "postgres://...". It brings the
// schema up to date; a store with a higher version is refused with ErrNewer
// and left as it is. One that cannot be opened leaves no new file behind.
func Open(ctx context.Context, dsn string, opt Options) (*DB, error) {
	db := &DB{now: opt.Now, readers: make(chan *session, readers), queue: make(chan *job, batchMost), stop: make(chan struct{}), stopped: make(chan struct{}),
		commits: opt.OnCommit}
	if db.now == nil {
		db.now = time.Now
	}
	var err error
	switch {
	case dsn == "memory:":
		if db.scratch, err = os.MkdirTemp("", "kaiwa-memory-"); err != nil {
			return nil, err
		}
		db.dialect = &sqliteDialect{path: filepath.Join(db.scratch, "memory.db"), volatile: true}
	case strings.HasPrefix(dsn, "sqlite:"):
		path := strings.TrimPrefix(dsn, "sqlite:")
		if path == "" {
			return nil, errors.New("sqlite: needs a path, as in sqlite:kaiwa.db")
		}
		if path == ":memory:" { // SQLite's word for a database of one connection
			return nil, errors.New("a store that is not kept is memory: alone")
		}
		db.dialect = &sqliteDialect{path: path}
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		db.dialect = &postgresDialect{dsn: dsn}
	default:
		return nil, fmt.Errorf("unknown store %q: use sqlite:PATH, memory: or postgres://", redact(dsn))
	}
	if err := db.open(ctx, opt.Migrations); err != nil {
		db.forsake()
		return nil, errors.Join(err, db.release())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, migrations fs.FS) error {
	if err := db.dialect.open(); err != nil {
		return err
	}
	w, err := db.session(ctx, false)
	if err != nil {
		return err
	}
	if err := db.prepare(ctx, w, migrations); err != nil {
		w.close()
		return err
	}
	go db.write(w)
	return nil
}

func (db *DB) prepare(ctx context.Context, w *session, migrations fs.FS) error {
	if err := migrate(ctx, db.dialect, w, migrations); err != nil {
		return err
	}
	for range readers {
		r, err := db.session(ctx, true)
		if err != nil {
			return err
		}
		db.readers <- r
	}
	return nil
}

// Close waits for the commits under way and closes the store. Updates and Views
// that come later fail with ErrUnavailable; Views under way may end.
func (db *DB) Close() error {
	db.closing.Do(func() { close(db.stop) })
	<-db.stopped
	return db.release()
}

// Discard closes a store that nothing came of: the file is removed if it was Open
// that made it.
func (db *DB) Discard() error {
	db.forsake()
	return db.Close()
}

func (db *DB) forsake() {
	if d, ok := db.dialect.(*sqliteDialect); ok {
		d.undo = d.made
	}
}

func (db *DB) release() error {
	db.dismiss()
	var err error
	if db.dialect != nil {
		err = db.dialect.close()
	}
	if db.scratch != "" {
		err = errors.Join(err, os.RemoveAll(db.scratch))
	}
	return err
}

// dismiss closes the readers that are not in use.
func (db *DB) dismiss() {
	for {
		select {
		case s := <-db.readers:
			s.close()
		default:
			return
		}
	}
}

// handBack makes a reader free again, and closes it if the store was closed meanwhile.
func (db *DB) handBack(s *session) {
	db.readers <- s
	select {
	case <-db.stop:
		db.dismiss()
	default:
	}
}

// Engine names the engine: "sqlite" or "postgres".
func (db *DB) Engine() string { return db.dialect.name() }

// View runs fn in a read transaction: all it reads is of one moment.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	var s *session
	select {
	case s = <-db.readers:
	case <-db.stop:
		return ErrUnavailable
	case <-ctx.Done():
		return ctx.Err()
	}
	defer db.handBack(s)
	if err := s.begin(ctx, db.dialect.beginRead()); err != nil {
		return err
	}
	tx := &Tx{Now: db.now(), s: s, ctx: ctx}
	off := s.conn.watch(ctx)
	defer func() {
		tx.s = nil
		off()
		s.end("ROLLBACK")
	}()
	return fn(tx)
}

// Update runs fn in a write transaction and returns when it is committed and
// synced. Many callers share one commit; each fn has a savepoint of its own, so
// that one that fails takes nothing else with it.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	j := &job{fn: fn, done: make(chan struct{})}
	select {
	case <-db.stop:
		return ErrUnavailable
	default:
	}
	select {
	case db.queue <- j:
	case <-db.stop:
		return ErrUnavailable
	case <-ctx.Done():
		return ctx.Err()
	}
	// No way out on ctx here: once queued, the outcome must be known.
	select {
	case <-j.done:
		return j.err
	case <-db.stopped:
	}
	select {
	case <-j.done:
		return j.err
	default:
		return ErrUnavailable // it came into the queue after the writer had left
	}
}

func redact(dsn string) string {
	if i := strings.Index(dsn, "@"); i >= 0 {
		return "...@" + dsn[i+1:]
	}
	return dsn
}
