package testkit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Cluster is a PostgreSQL server of this test process, reached through a
// socket in its own folder, so that it needs no port and meets no other server.
type Cluster struct {
	bin, dir string
	keeper   *exec.Cmd
	lifeline io.Closer
}

// NewCluster starts a server for one test alone, which may restart it.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	requirePrograms(t)
	c, err := startCluster()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// Database is the dsn of a new, empty database of this server.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	return database(t, "postgres:///postgres?user=postgres&sslmode=disable&host="+c.dir)
}

// Restart stops the server as a crash would and returns when it serves again.
func (c *Cluster) Restart() error {
	return c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-m", "immediate", "-w", "restart")
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// programs is the folder of the newest installed server, "" when there is none.
func programs() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // where Debian puts them
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

func requirePrograms(t testing.TB) {
	t.Helper()
	if programs() == "" {
		t.Skip("no PostgreSQL to test with: install Debian's package postgresql, or name a server in KAIWA_TEST_POSTGRES")
	}
}

func startCluster() (*Cluster, error) {
	// Not under TMPDIR: a socket's path may have 107 bytes, and the user that
	// the server runs as must be able to get there.
	dir, err := os.MkdirTemp("/tmp", "kaiwa-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: programs(), dir: dir}
	if who := c.credential(); who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	if err := c.keep(); err != nil {
		return nil, err
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	// Without fsync what was acknowledged still survives the server, if not the machine.
	options := "-k " + dir + " -c listen_addresses= -c max_connections=300 -c shared_buffers=32MB -c fsync=off"
	if err := c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(dir, "log"), "-o", options, "-w", "start"); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// keep starts a shell that stops the server and removes its folder as soon as
// this process ends, however it ends: it waits for the end of a pipe that only
// this process holds open.
func (c *Cluster) keep() error {
	const script = `cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"`
	c.keeper = exec.Command("sh", "-c", script, "keeper", c.bin, c.dir)
	c.keeper.Dir = "/"
	// A group of its own: an interrupt at the terminal is not for the keeper.
	c.keeper.SysProcAttr = &syscall.SysProcAttr{Credential: c.credential(), Setpgid: true}
	pipe, err := c.keeper.StdinPipe()
	if err != nil {
		return err
	}
	c.lifeline = pipe
	return c.keeper.Start()
}

func (c *Cluster) stop() error {
	c.lifeline.Close()
	return c.keeper.Wait()
}

func (c *Cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.credential()}
	// A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
	out, err := os.CreateTemp("", "kaiwa-postgres-*.out")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return nil
}

// credential is the unprivileged user of a server that root starts, which
// PostgreSQL demands; nil when this process is no root.
func (c *Cluster) credential() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return nil
}
