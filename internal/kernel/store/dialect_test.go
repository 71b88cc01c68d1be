package store_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"kaiwa/internal/kernel/store"
)

func TestPlaceholdersBindByNumber(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		update(t, db, func(tx *store.Tx) error {
			// Out of order, and one of them twice.
			_, err := tx.Exec(`INSERT INTO notes (n, body, id) VALUES ($3, $2, $1)`, "the id", "the body", int64(42))
			if err != nil {
				return err
			}
			n, err := tx.Exec(`UPDATE notes SET body = $2 WHERE id = $1 AND body <> $2`, "the id", "new")
			if n != 1 {
				t.Errorf("%d rows changed", n)
			}
			return err
		})
		err := db.View(t.Context(), func(tx *store.Tx) error {
			var body string
			var n int64
			if err := tx.Row(`SELECT body, n FROM notes WHERE n = $2 AND id = $1`, []any{"the id", int64(42)}, &body, &n); err != nil {
				return err
			}
			if body != "new" || n != 42 {
				t.Errorf("body %q, n %d", body, n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPlaceholdersAboveNine(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		args := []any{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}
		var got string
		err := db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Row(`SELECT CAST($11 AS TEXT) || CAST($1 AS TEXT) || CAST($10 AS TEXT) || CAST($2 AS TEXT) || CAST($3 AS TEXT) || CAST($4 AS TEXT) ||
				CAST($5 AS TEXT) || CAST($6 AS TEXT) || CAST($7 AS TEXT) || CAST($8 AS TEXT) || CAST($9 AS TEXT)`, args, &got)
		})
		if err != nil || got != "kajbcdefghi" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestErrorsAreTheSameOnBothEngines(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		args  []any
		want  error // nil: an error that is none of the store's own
	}{
		"primary key":   {`INSERT INTO notes (id, body, n) VALUES ('a', '', 0)`, nil, store.ErrConflict},
		"unique":        {`INSERT INTO unique_notes (id, code) VALUES ('b', 'code')`, nil, store.ErrConflict},
		"not null":      {`INSERT INTO notes (id, n) VALUES ('b', 0)`, nil, nil},
		"check":         {`INSERT INTO unique_notes (id, code) VALUES ('b', '')`, nil, nil},
		"no such table": {`INSERT INTO nowhere (id) VALUES ($1)`, []any{"b"}, nil},
		"syntax":        {`INSERT INTO`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, dsn string) {
				db := open(t, dsn, store.Options{})
				update(t, db, func(tx *store.Tx) error {
					_, err1 := tx.Exec(`CREATE TABLE unique_notes (id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE CHECK (code <> ''))`)
					_, err2 := tx.Exec(`INSERT INTO unique_notes (id, code) VALUES ('a', 'code')`)
					return errors.Join(err1, err2, insert(tx, "a"))
				})
				err := db.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(c.query, c.args...); return err })
				if got := foreign(err); c.want == nil && !errors.Is(got, errAny) || c.want != nil && !errors.Is(got, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
				wantIDs(t, db, "a")
			})
		})
	}
}

// TestTextKeepsItsBytes is for what users write: the engines must give it back as it was.
func TestTextKeepsItsBytes(t *testing.T) {
	texts := []string{"", "$1 ?1 $", "'; DROP TABLE notes; --", "こんにちは 👩‍👩‍👧 ส", "\u2028\ufeff\u202e", strings.Repeat("長", 100_000), "a\tb\r\nc\\0"}
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		for i, text := range texts {
			var got string
			update(t, db, func(tx *store.Tx) error {
				return tx.Row(`INSERT INTO notes (id, body, n) VALUES ($1, $2, 0) RETURNING body`, []any{strconv.Itoa(i), text}, &got)
			})
			if got != text {
				t.Errorf("%.40q came back as %.40q", text, got)
			}
		}
	})
}

// PostgreSQL holds neither NUL nor invalid UTF-8; a request that asks for one is
// at fault, not the store. The rest of its batch goes on.
func TestTextThatNoEngineNeedHold(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{})
		want := store.ErrNotFound // SQLite just finds nothing
		if db.Engine() == "postgres" {
			want = store.ErrText
		}
		for _, text := range []string{"\x00", "a\xff"} {
			find := func(tx *store.Tx) error {
				var n int64
				return tx.Row(`SELECT n FROM notes WHERE id = $1`, []any{text}, &n)
			}
			for how, err := range map[string]error{"View": db.View(t.Context(), find), "Update": db.Update(t.Context(), find)} {
				if !errors.Is(err, want) {
					t.Errorf("%s of %q: %v", how, text, err)
				}
			}
		}
		update(t, db, func(tx *store.Tx) error { return insert(tx, "a") })
		wantIDs(t, db, "a")
	})
}
