package sqlite_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaiwa/internal/kernel/store/sqlite"
)

func open(t testing.TB) *sqlite.Conn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func prepare(t testing.TB, c *sqlite.Conn, query string) *sqlite.Stmt {
	t.Helper()
	st, err := c.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func exec(t testing.TB, c *sqlite.Conn, query string, args ...any) int64 {
	t.Helper()
	n, err := prepare(t, c, query).Exec(args)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type (
	number int
	word   string
	raw    []byte
)

// TestValues sends each kind of value there and back.
func TestValues(t *testing.T) {
	c := open(t)
	st := prepare(t, c, `SELECT ?1`)
	long := strings.Repeat("長い", 50_000)
	for name, v := range map[string]struct {
		in   any
		dest any
		ok   func(dest any) bool
	}{
		"int64":         {int64(-1 << 62), new(int64), func(d any) bool { return *d.(*int64) == -1<<62 }},
		"int":           {7, new(int), func(d any) bool { return *d.(*int) == 7 }},
		"text":          {"a\x00ü", new(string), func(d any) bool { return *d.(*string) == "a\x00ü" }},
		"no text":       {"", new(string), func(d any) bool { return *d.(*string) == "" }},
		"long text":     {long, new(string), func(d any) bool { return *d.(*string) == long }},
		"bytes":         {[]byte{0, 1, 255}, new([]byte), func(d any) bool { return bytes.Equal(*d.(*[]byte), []byte{0, 1, 255}) }},
		"empty bytes":   {[]byte{}, new([]byte), func(d any) bool { b := *d.(*[]byte); return b != nil && len(b) == 0 }},
		"nil bytes":     {[]byte(nil), &[]byte{1}, func(d any) bool { return *d.(*[]byte) == nil }},
		"nil":           {nil, &[]byte{1}, func(d any) bool { return *d.(*[]byte) == nil }},
		"true":          {true, new(bool), func(d any) bool { return *d.(*bool) }},
		"false":         {false, new(int), func(d any) bool { return *d.(*int) == 0 }},
		"float":         {1.5, new(float64), func(d any) bool { return *d.(*float64) == 1.5 }},
		"whole float":   {2.0, new(int64), func(d any) bool { return *d.(*int64) == 2 }},
		"digits":        {"42", new(int64), func(d any) bool { return *d.(*int64) == 42 }},
		"number's text": {int64(42), new(string), func(d any) bool { return *d.(*string) == "42" }},
		"own number":    {number(3), new(number), func(d any) bool { return *d.(*number) == 3 }},
		"own text":      {word("w"), new(word), func(d any) bool { return *d.(*word) == "w" }},
		"own bytes":     {raw("r"), new(raw), func(d any) bool { return string(*d.(*raw)) == "r" }},
	} {
		rows, err := st.Query([]any{v.in})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !rows.Next() {
			t.Fatalf("%s: no row", name)
		}
		if err := rows.Scan(v.dest); err != nil || !v.ok(v.dest) {
			t.Errorf("%s: %v, %v", name, v.dest, err)
		}
		if rows.Next() || rows.Err() != nil {
			t.Errorf("%s: more than one row, or %v", name, rows.Err())
		}
		rows.Close()
	}
}

func TestScanRefuses(t *testing.T) {
	c := open(t)
	for _, x := range []struct {
		query string
		dest  []any
		want  string
	}{
		{`SELECT NULL`, []any{new(int64)}, "NULL"},
		{`SELECT NULL`, []any{new(string)}, "NULL"},
		{`SELECT NULL`, []any{new(float64)}, "NULL"},
		{`SELECT 'a'`, []any{new(int64)}, "invalid syntax"},
		{`SELECT 1.5`, []any{new(int64)}, "whole number"},
		{`SELECT 300`, []any{new(int8)}, "too large"},
		{`SELECT 1, 2`, []any{new(int64)}, "2 columns for 1"},
		{`SELECT 1`, []any{new(struct{})}, "nothing can be read"},
		{`SELECT 1`, []any{1}, "no pointer"},
	} {
		rows, err := prepare(t, c, x.query).Query(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Scan(x.dest...); err == nil {
			t.Errorf("%s: Scan before Next succeeded", x.query)
		}
		rows.Next()
		if err := rows.Scan(x.dest...); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s into %T: %v", x.query, x.dest[0], err)
		}
		rows.Close()
		if rows.Next() {
			t.Errorf("%s: a row after Close", x.query)
		}
	}
}

func TestArguments(t *testing.T) {
	c := open(t)
	st := prepare(t, c, `SELECT ?1, ?2`)
	for want, args := range map[string][]any{"1 arguments for 2": {1}, "struct {}": {1, struct{}{}}, "[]int": {1, []int{1}}} {
		if _, err := st.Query(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if rows, err := st.Query([]any{1, 2}); err != nil || !rows.Next() {
		t.Errorf("after the errors: %v", err)
	}
	if !st.Busy() {
		t.Error("a statement with open rows is not busy")
	}
	if _, err := st.Exec([]any{1, 2}); err == nil {
		t.Error("a statement with open rows was run")
	}
}

func TestErrors(t *testing.T) {
	c := open(t)
	exec(t, c, `CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT UNIQUE, k TEXT NOT NULL)`)
	if n := exec(t, c, `INSERT INTO t VALUES (1, 'a', 'k'), (2, 'b', 'k')`); n != 2 {
		t.Errorf("%d rows inserted", n)
	}
	for query, want := range map[string]int{
		`INSERT INTO t VALUES (1, 'c', 'k')`: sqlite.RowID,
		`INSERT INTO t VALUES (3, 'a', 'k')`: sqlite.Unique,
	} {
		_, err := prepare(t, c, query).Exec(nil)
		var e *sqlite.Error
		// An INTEGER PRIMARY KEY is the rowid; SQLite calls its conflict one of the primary key.
		if !errors.As(err, &e) || e.Code != want && e.Code != sqlite.PrimaryKey {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := c.Prepare(`SELECT FROM nowhere`); err == nil || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("syntax: %v", err)
	}
	if _, err := c.Prepare(` -- nothing`); err == nil {
		t.Error("a comment was prepared")
	}
	if _, err := sqlite.Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that does not exist was opened")
	}
}

// TestInterrupt stops a statement that would never end.
func TestInterrupt(t *testing.T) {
	c := open(t)
	st := prepare(t, c, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`)
	rows, err := st.Query(nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	n := 0
	for rows.Next() {
		if n++; n == 1000 {
			go func() { c.Interrupt(); close(done) }()
		}
	}
	<-done
	var e *sqlite.Error
	if !errors.As(rows.Err(), &e) || e.Code&sqlite.Mask != sqlite.Interrupted {
		t.Errorf("after %d rows: %v", n, rows.Err())
	}
	rows.Close()
	if rows, err := st.Query(nil); err != nil || !rows.Next() {
		t.Errorf("after the interruption: %v", err)
	}
}

func TestInterruptAfterClose(t *testing.T) {
	c := open(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.Interrupt()
}
