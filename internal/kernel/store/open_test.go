package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaiwa/internal/kernel/store"
)

// upgraded is notes and the two versions after it.
var upgraded = fstest.MapFS{
	"0001_notes.sql": notes["0001_notes.sql"],
	"0002_tags.sql":  {Data: []byte(`CREATE TABLE tags (note TEXT NOT NULL, picture BLOB, no INTEGER PRIMARY KEY);`)},
	"0010_rank.sql":  {Data: []byte(`ALTER TABLE notes ADD COLUMN rank BIGINT NOT NULL DEFAULT 7; INSERT INTO tags (note, no) VALUES ('x', 9000000000)`)},
	"readme.txt":     {Data: []byte(`no migration`)},
}

func TestOpenUpgrades(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		first := open(t, dsn, store.Options{})
		update(t, first, func(tx *store.Tx) error { return insert(tx, "a") })
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time there is nothing to do
			db := open(t, dsn, store.Options{Migrations: upgraded})
			var rank, tags, version int64
			err := db.View(t.Context(), func(tx *store.Tx) error {
				return errors.Join(tx.Row(`SELECT rank FROM notes WHERE id = $1`, []any{"a"}, &rank),
					tx.Row(`SELECT SUM(no) FROM tags`, nil, &tags),
					tx.Row(`SELECT version FROM schema_version`, nil, &version))
			})
			if err != nil || rank != 7 || tags != 9000000000 || version != 10 {
				t.Errorf("rank %d, tags %d, version %d, %v", rank, tags, version, err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestOpenLeavesNothingOfAFailedUpgrade(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		open(t, dsn, store.Options{}).Close()
		bad := fstest.MapFS{"0001_notes.sql": notes["0001_notes.sql"], "0002_a.sql": upgraded["0002_tags.sql"],
			"0003_b.sql": {Data: []byte(`CREATE TABLE more (id TEXT); CREATE NONSENSE`)}}
		_, err := store.Open(t.Context(), dsn, store.Options{Migrations: bad})
		if err == nil || !strings.Contains(err.Error(), "0003_b.sql") {
			t.Fatalf("the error does not name the file: %v", err)
		}
		db := open(t, dsn, store.Options{Migrations: upgraded}) // makes the tables that must not be there
		wantIDs(t, db)
	})
}

func TestOpenRefusesMigrationWithoutNumber(t *testing.T) {
	_, err := store.Open(t.Context(), "memory:", store.Options{Migrations: fstest.MapFS{"first.sql": {}}})
	if err == nil || !strings.Contains(err.Error(), "first.sql") {
		t.Errorf("Open: %v", err)
	}
}

func TestOpenRefusesANewerStore(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn, store.Options{Migrations: upgraded})
		update(t, db, func(tx *store.Tx) error { return insert(tx, "a") })
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before := files(t, dsn)
		_, err := store.Open(t.Context(), dsn, store.Options{Migrations: notes})
		if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "schema 10") || !strings.Contains(err.Error(), "knows 1") {
			t.Fatalf("Open: %v", err)
		}
		after := files(t, dsn)
		for name := range before {
			if !bytes.Equal(before[name], after[name]) {
				t.Errorf("%s has changed", name)
			}
		}
		if len(before) != len(after) {
			t.Errorf("there were %d files, now %d", len(before), len(after))
		}
		db = open(t, dsn, store.Options{Migrations: upgraded})
		wantIDs(t, db, "a")
	})
}

// files reads all files of a SQLite store; of PostgreSQL there are none to see.
func files(t *testing.T, dsn string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	path, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok {
		return out
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if out[e.Name()], err = os.ReadFile(filepath.Join(filepath.Dir(path), e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestCloseLeavesOneFile(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "odd name?#%20.db")
	db := open(t, dsn, store.Options{})
	update(t, db, func(tx *store.Tx) error { return insert(tx, "a") })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if f := files(t, dsn); len(f) != 1 || len(f["odd name?#%20.db"]) == 0 {
		t.Errorf("the folder holds %d files", len(f))
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	wantIDs(t, open(t, dsn, store.Options{}), "a")
}

func TestMemoryStoreGoesAway(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	left := func() int {
		e, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(e)
	}
	a, b := open(t, "memory:", store.Options{}), open(t, "memory:", store.Options{})
	update(t, a, func(tx *store.Tx) error { return insert(tx, "a") })
	wantIDs(t, a, "a")
	wantIDs(t, b) // each its own
	if left() == 0 {
		t.Fatal("this test does not see the folder of the store")
	}
	for _, db := range []*store.DB{a, b} {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := store.Open(t.Context(), "memory:", store.Options{Migrations: fstest.MapFS{"0001_x.sql": {Data: []byte("NONSENSE")}}})
	if err == nil {
		t.Error("nonsense was taken for a migration")
	}
	if n := left(); n != 0 {
		t.Errorf("%d folders are left", n)
	}
}

// A start that comes to nothing leaves no file behind, and one that was there alone.
func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kaiwa.db")
	left := func() string {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return strings.Join(names, " ")
	}
	nonsense := store.Options{Migrations: fstest.MapFS{"0001_x.sql": {Data: []byte("NONSENSE")}}}
	if _, err := store.Open(t.Context(), "sqlite:"+path, nonsense); err == nil || left() != "" {
		t.Errorf("%v; %q is left of a store that could not be opened", err, left())
	}
	db := open(t, "sqlite:"+path, store.Options{})
	update(t, db, func(tx *store.Tx) error { return insert(tx, "a") })
	if err := db.Discard(); err != nil || left() != "" {
		t.Errorf("%v; %q is left of a store that was made and discarded", err, left())
	}
	if err := open(t, "sqlite:"+path, store.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, "sqlite:"+path, store.Options{})
	update(t, db, func(tx *store.Tx) error { return insert(tx, "b") })
	if err := db.Discard(); err != nil {
		t.Fatal(err)
	}
	wantIDs(t, open(t, "sqlite:"+path, store.Options{}), "b")
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("not a database, but a text that is long enough to be read as one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dsn, says string }{
		"no such folder":         {"sqlite:" + filepath.Join(dir, "none", "kaiwa.db"), "none"},
		"a folder":               {"sqlite:" + dir, "cannot be opened for writing"},
		"a file for a folder":    {"sqlite:" + filepath.Join(file, "kaiwa.db"), "file"},
		"no database":            {"sqlite:" + file, "not a database"},
		"no path":                {"sqlite:", "needs a path"},
		"SQLite's memory":        {"sqlite::memory:", "is memory: alone"},
		"unknown":                {"mysql://me:secret@host/db", "postgres://"},
		"nothing":                {"", "unknown store"},
		"no server":              {"postgres://me:secret@127.0.0.1:1/db?connect_timeout=5", "unavailable"},
		"no server's URL at all": {"postgres://me:secret@127.0.0.1:port/db", ""},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), c.dsn, store.Options{Migrations: notes})
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v does not say %q", err, c.says)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%v shows the password", err)
			}
		})
	}
	if got, _ := os.ReadFile(file); !bytes.HasPrefix(got, []byte("not a database")) {
		t.Error("the file that is no database was changed")
	}
}

func TestExistsLooksAtTheFileOnly(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "kaiwa.db")
	if store.Exists(dsn) || store.Exists("memory:") || store.Exists("postgres://127.0.0.1:1/none") {
		t.Error("a store that nobody made exists")
	}
	open(t, dsn, store.Options{}).Close()
	if !store.Exists(dsn) {
		t.Error("a store that was made does not exist")
	}
}

// Two servers on one store would each answer from a memory that the other makes stale.
func TestOpenRefusesAStoreInUse(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		first := open(t, dsn, store.Options{})
		update(t, first, func(tx *store.Tx) error { return insert(tx, "a") })
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // time enough to connect on a busy machine
		defer cancel()
		if _, err := store.Open(ctx, dsn, store.Options{Migrations: notes}); !errors.Is(err, store.ErrInUse) || err.Error() != store.ErrInUse.Error() {
			t.Errorf("a second server: %v", err)
		}
		update(t, first, func(tx *store.Tx) error { return insert(tx, "b") })
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		wantIDs(t, open(t, dsn, store.Options{}), "a", "b")
	})
}

func TestOpenLeavesAnotherProgramsDatabaseAlone(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		theirs := fstest.MapFS{"0001_customers.sql": {Data: []byte(`CREATE TABLE customers (id TEXT NOT NULL)`)}}
		db, err := store.Open(t.Context(), dsn, store.Options{Migrations: theirs})
		if err != nil {
			t.Fatal(err)
		}
		update(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec(`DROP TABLE schema_version`)
			return err
		})
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		path, isFile := strings.CutPrefix(dsn, "sqlite:")
		before, _ := os.ReadFile(path)
		if _, err := store.Open(t.Context(), dsn, store.Options{Migrations: notes}); !errors.Is(err, store.ErrForeign) {
			t.Errorf("opened: %v", err)
		}
		if after, _ := os.ReadFile(path); isFile && !bytes.Equal(before, after) {
			t.Error("the file was changed")
		}
	})
}
