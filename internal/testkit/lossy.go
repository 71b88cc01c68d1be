package testkit

import (
	"bytes"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// committed is how the server says that a COMMIT is done: CommandComplete of
// https://www.postgresql.org/docs/current/protocol-message-formats.html
var committed = []byte("C\x00\x00\x00\x0bCOMMIT\x00")

// Lossy gives another way to a database of this server, one that can lose the
// answer to a commit: after lose is called, the next commit happens, but its
// connection breaks before the client hears of it.
func (c *Cluster) Lossy(t testing.TB, dsn string) (lossy string, lose func()) {
	t.Helper()
	dir := t.TempDir()
	front, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	var armed atomic.Bool
	var wg sync.WaitGroup
	t.Cleanup(func() {
		front.Close()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			client, err := front.Accept()
			if err != nil {
				return // the test is over
			}
			server, err := net.Dial("unix", filepath.Join(c.dir, ".s.PGSQL.5432"))
			if err != nil {
				client.Close()
				continue
			}
			wg.Go(func() {
				io.Copy(server, client)
				server.Close()
			})
			wg.Go(func() {
				defer client.Close()
				answer(client, server, &armed)
			})
		}
	})
	return strings.Replace(dsn, "host="+c.dir, "host="+dir, 1), func() { armed.Store(true) }
}

// answer hands on what the server says, up to the commit that is to be lost.
func answer(client io.Writer, server io.Reader, armed *atomic.Bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if bytes.Contains(buf[:n], committed) && armed.CompareAndSwap(true, false) {
			return
		}
		if _, gone := client.Write(buf[:n]); gone != nil || err != nil {
			return
		}
	}
}
