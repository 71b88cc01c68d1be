package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver
)

// shared is the cluster that all tests of this process use: starting one takes
// about as long as hundreds of tests.
var shared = sync.OnceValues(startCluster)

// Postgres is the dsn of a new, empty PostgreSQL database. It lies in the
// server that KAIWA_TEST_POSTGRES names (a postgres:// URL whose role may
// create databases), else in a server that this process starts for itself; the
// test is skipped when there are no binaries to start one from.
func Postgres(t testing.TB) string {
	t.Helper()
	if server := os.Getenv("KAIWA_TEST_POSTGRES"); server != "" {
		return database(t, server)
	}
	requirePrograms(t)
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c.Database(t)
}

var databases atomic.Int64

// database creates a database in a server and drops it after the test.
func database(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("KAIWA_TEST_POSTGRES: %v", err)
	}
	// Several test processes may share a server, so the process is part of the name.
	name := fmt.Sprintf("kaiwa_test_%d_%d", os.Getpid(), databases.Add(1))
	admin(t, server, "CREATE DATABASE "+name+" TEMPLATE template0")
	t.Cleanup(func() { admin(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

func admin(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
