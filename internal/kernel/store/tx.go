package store

import (
	"context"
	"errors"
	"time"
)

// Tx is a transaction. It is of use only inside of the function it was given to.
type Tx struct {
	// Now is the one instant of this transaction, of the server's clock.
	Now time.Time

	s        *session
	ctx      context.Context
	writable bool
	careful  bool // the batch met a failure: each closure gets a savepoint
	wrote    bool
	broken   error
	after    []func()
	counts   []count
	batch    map[Counter]int64
}

// Millis is Now in unix milliseconds, as all times are stored.
func (tx *Tx) Millis() int64 { return tx.Now.UnixMilli() }

// After has f run once, after the commit is synced and before the caller of
// Update goes on. It must be quick: the writer waits for it.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// write comes before each statement that changes something. Where closures get
// savepoints it opens this one's, late, because a closure that is refused
// before it writes needs none.
func (tx *Tx) write() error {
	if !tx.writable {
		return errWriteInView
	}
	if tx.wrote || tx.broken != nil {
		return tx.broken
	}
	if tx.careful {
		if err := tx.s.exec(tx.ctx, "SAVEPOINT one"); err != nil {
			tx.fail(err)
			return err
		}
	}
	tx.wrote = true
	return nil
}

var errWriteInView = errors.New("store: write in a View")

// Exec runs a statement that changes rows and says how many.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if err := tx.write(); err != nil {
		return 0, err
	}
	n, err := tx.s.change(tx.ctx, query, args)
	if err != nil {
		tx.fail(err)
	}
	return n, err
}

// fail remembers a statement's error: PostgreSQL refuses all that follows it,
// so a closure that swallows it must not go on or commit on SQLite either.
func (tx *Tx) fail(err error) {
	if tx.broken == nil && !errors.Is(err, ErrNotFound) {
		tx.broken = err
	}
}

// Row reads one row into dest; ErrNotFound when there is none.
func (tx *Tx) Row(query string, args []any, dest ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := tx.ended(rows); err != nil {
			return err
		}
		return ErrNotFound
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return tx.ended(rows)
}

// ended closes the rows and takes note of an error that came after the first of them.
func (tx *Tx) ended(rows Rows) error {
	err := rows.Err()
	if closing := rows.Close(); err == nil {
		err = closing
	}
	err = tx.s.dialect.translate(err)
	if err != nil {
		tx.fail(err)
	}
	return err
}

// Query reads rows. The statement may be an INSERT, UPDATE or DELETE with
// RETURNING when the transaction is an Update. Close the rows.
func (tx *Tx) Query(query string, args ...any) (Rows, error) {
	if tx.broken != nil {
		return nil, tx.broken
	}
	if tx.writable && !isSelect(query) {
		if err := tx.write(); err != nil {
			return nil, err
		}
	}
	rows, err := tx.s.query(tx.ctx, query, args)
	if err != nil {
		tx.fail(err)
	}
	return rows, err
}

// Each reads all rows; scan is called for each with the row's own Scan.
func (tx *Tx) Each(query string, args []any, scan func(scan func(...any) error) error) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return tx.ended(rows)
}

func isSelect(query string) bool {
	for i := range len(query) {
		switch query[i] {
		case ' ', '\n', '\t':
		case 'S', 's':
			return true
		default:
			return false
		}
	}
	return false
}
