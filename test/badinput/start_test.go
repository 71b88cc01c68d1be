package badinput

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/test/kit"
)

// outcome of a run of the program.
type outcome struct {
	code           int
	stdout, stderr string
}

// run starts the program and waits for its end; one that begins to serve is
// killed and fails the test.
func run(t *testing.T, cmd func(ctx context.Context) *exec.Cmd) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := cmd(ctx)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("it did not end:\n%s%s", &out, &errs)
	}
	return outcome{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// unusable holds an outcome to the contract's: exit 2, one line on standard
// error that tells why, nothing on standard output.
func (o outcome) unusable(t *testing.T, why string) {
	t.Helper()
	if o.code != 2 {
		t.Errorf("exit %d, want 2\n%s", o.code, o.stderr)
	}
	if o.stdout != "" {
		t.Errorf("standard output: %q", o.stdout)
	}
	if strings.Count(o.stderr, "\n") != 1 || !strings.HasPrefix(o.stderr, "kaiwa: ") || !strings.Contains(o.stderr, why) {
		t.Errorf("standard error is not one line with %q:\n%s", why, o.stderr)
	}
}

// state is what stands in a folder: names, sizes and contents.
func state(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %d %x\n", path, len(content), sha256.Sum256(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// place is a folder in which the program is started.
type place struct{ dir string }

func (p place) path(name string) string { return filepath.Join(p.dir, name) }
func (p place) store() string           { return "sqlite:" + p.path("kaiwa.db") }

func (p place) write(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.WriteFile(p.path(name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return p.path(name)
}

// serve has the program begin to serve in the place, with more arguments and environment.
func (p place) serve(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	return run(t, func(ctx context.Context) *exec.Cmd {
		c := exec.CommandContext(ctx, kit.Binary(t), append([]string{"serve", "--listen", "127.0.0.1:0", "--store", p.store()}, args...)...)
		c.Dir, c.Env = p.dir, append(os.Environ(), env...)
		return c
	})
}

func TestUnusableArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  []string
		args []string
		why  string
	}{
		{nil, []string{"nonsense"}, `unknown command "nonsense"`},
		{nil, []string{"serve", "--nonsense"}, "--nonsense"},
		{nil, []string{"serve", "-x"}, "'x'"},
		{nil, []string{"serve", "extra"}, `"extra"`},
		{nil, []string{"serve", "--listen"}, "--listen"},
		{nil, []string{"serve", "--listen", "nowhere"}, `"nowhere"`},
		{nil, []string{"serve", "--listen", "127.0.0.1:99999"}, "no such port"},
		{nil, []string{"serve", "--log-format", "xml"}, `--log-format "xml"`},
		{nil, []string{"serve", "--store", ""}, "unknown store"},
		{nil, []string{"serve", "--store", "sqlite:"}, "needs a path"},
		{nil, []string{"serve", "--store", "kaiwa.db"}, `unknown store "kaiwa.db"`},
		{nil, []string{"serve", "--listen", "127.0.0.1:0", "--store", "postgres://kaiwa@127.0.0.1:1/none"}, "`user=kaiwa database=none`: 127.0.0.1:1"},
		{nil, []string{"serve", "--world", "/nonexistent/world.yaml"}, "/nonexistent/world.yaml"},
		{nil, []string{"serve", "--world", "/"}, "cannot be read"},
		{nil, []string{"bench"}, "say what"},
		{nil, []string{"bench", "nonsense"}, `unknown command "nonsense"`},
		{nil, []string{"bench", "push", "--connections", "0"}, "--connections"},
		{nil, []string{"bench", "push", "--friends", "0"}, "--friends"},
		{nil, []string{"bench", "broadcast", "--friends", "-1"}, "--friends"},
		{nil, []string{"version", "--nonsense"}, "--nonsense"},
		{nil, []string{"version", "extra"}, `"extra"`},
		{[]string{"KAIWA_LISTEN=nowhere"}, []string{"serve"}, `"nowhere"`},
		{[]string{"KAIWA_STORE=nowhere"}, []string{"serve"}, `"nowhere"`},
		{[]string{"KAIWA_LOG_FORMAT=xml"}, []string{"serve"}, `"xml"`},
		{[]string{"KAIWA_SIM_TOKEN="}, []string{"serve", "--listen", "0.0.0.0:0"}, "KAIWA_SIM_TOKEN"},
		{[]string{"KAIWA_SIM_TOKEN="}, []string{"serve", "--listen", ":0"}, "KAIWA_SIM_TOKEN"},
		{[]string{"KAIWA_SIM_TOKEN="}, []string{"serve", "--listen", "[::]:0"}, "KAIWA_SIM_TOKEN"},
	} {
		t.Run(strings.Join(append(c.env, c.args...), " "), func(t *testing.T) {
			dir := t.TempDir()
			o := run(t, func(ctx context.Context) *exec.Cmd {
				cmd := exec.CommandContext(ctx, kit.Binary(t), c.args...)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), c.env...)
				return cmd
			})
			o.unusable(t, c.why)
			if s := state(t, dir); s != "" {
				t.Errorf("it left\n%s", s)
			}
		})
	}
}

// No error may show the password of a store.
func TestPasswordsAreNotShown(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"mysql://kaiwa:hunter2@127.0.0.1/db", "postgres://kaiwa:hunter2@127.0.0.1:1/db", "postgres://kaiwa:hunter2@127.0.0.1:port/%zz",
		"POSTGRES://kaiwa:hunter2@127.0.0.1:1/db"} {
		o := place{t.TempDir()}.serve(t, nil, "--store", dsn)
		o.unusable(t, "store")
		if strings.Contains(o.stderr, "hunter2") {
			t.Errorf("%s", o.stderr)
		}
	}
}

func TestUnusableWorldMakesNoStore(t *testing.T) {
	t.Parallel()
	const a = "U00000000000000000000000000000a01"
	for name, c := range map[string]struct{ text, why string }{
		"unknown key":               {"people:\n  - userId: " + a + "\n    nickname: A\n", `line 3: unknown field "nickname"`},
		"unknown key at the top":    {"peeple: []\n", `line 1: unknown field "peeple"`},
		"no YAML":                   {"people: [\n", "line 1"},
		"no mapping":                {"just a text\n", "line 1"},
		"wrong type":                {"channels: [{quota: many}]\n", `line 1: "many"`},
		"bad channel id":            {"channels: [{id: \"12\"}]\n", `channels[0]: id: "12" is not 10 digits`},
		"bad user id":               {"people: [{userId: U00000000000000000000000000000A01}]\n", "people[0]: userId"},
		"duplicate id":              {"people: [{userId: " + a + "}, {userId: " + a + "}]\n", "people[1]: person " + a + " is there twice"},
		"unknown reference":         {"people: [{friendOf: [\"1656000001\"]}]\n", `there is no channel "1656000001"`},
		"reference of a wrong kind": {"channels: [{id: \"1656000001\", type: login}]\npeople: [{friendOf: [\"1656000001\"]}]\n", "people[0]: channelId: 1656000001 is no messaging channel"},
		"one token twice":           {"channels: [{accessToken: t}, {accessToken: t}]\n", "channels[1].accessToken"},
		"bad clock":                 {"clock: soon\n", `clock: "soon"`},
		"bad choice":                {"limits: sometimes\n", `limits: "sometimes"`},
	} {
		t.Run(name, func(t *testing.T) {
			p := place{t.TempDir()}
			world := p.write(t, "world.yaml", c.text)
			before := state(t, p.dir)
			p.serve(t, nil, "--world", world).unusable(t, c.why)
			if after := state(t, p.dir); after != before {
				t.Errorf("before\n%safter\n%s", before, after)
			}
		})
	}
}

// used makes a store that was in use and well closed, and gives its place.
func used(t *testing.T) place {
	t.Helper()
	p := place{t.TempDir()}
	s := kit.Start(t, kit.Options{Store: p.store()})
	if a := s.Do("POST", "/v2/bot/message/push", `{"to":"U00000000000000000000000000000a01","messages":[{"type":"text","text":"kept"}]}`,
		"Authorization", "Bearer dev-token-1"); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Stop()
	return p
}

func TestUnusableStoreIsLeftAlone(t *testing.T) {
	t.Parallel()
	good := used(t)
	content, err := os.ReadFile(good.path("kaiwa.db"))
	if err != nil {
		t.Fatal(err)
	}
	scrambled := func(from, to int) string {
		b := bytes.Clone(content)
		for i := from; i < min(to, len(b)); i++ {
			b[i] = b[i]*7 + 13
		}
		return string(b)
	}
	for name, c := range map[string]struct{ content, why string }{
		"a text":            {"this is no database, it is a letter\n", "not a database"},
		"noise":             {scrambled(0, len(content)), "not a database"},
		"a broken schema":   {scrambled(100, 4096), "malformed"},
		"broken pages":      {scrambled(4096, len(content)), "malformed"},
		"half of it":        {string(content[:40000]), "malformed"},
		"a newer store":     {"", "newer"},
		"somebody else's":   {"", "another program"},
		"an unusable world": {string(content), "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			p := place{t.TempDir()}
			args := []string{}
			switch name {
			case "a newer store":
				p.write(t, "kaiwa.db", string(content))
				p.change(t, `UPDATE schema_version SET version = 9999`)
			case "somebody else's":
				p.change(t, `DROP TABLE schema_version`)
			case "an unusable world":
				args = []string{"--world", p.write(t, "world.yaml", "peeple: []\n")}
				fallthrough
			default:
				p.write(t, "kaiwa.db", c.content)
			}
			before := state(t, p.dir)
			p.serve(t, nil, args...).unusable(t, c.why)
			if after := state(t, p.dir); after != before {
				t.Errorf("before\n%safter\n%s", before, after)
			}
		})
	}
}

// change runs a statement on the place's database, from outside of the program.
func (p place) change(t *testing.T, statement string) {
	t.Helper()
	db, err := store.Open(t.Context(), p.store(), store.Options{Migrations: os.DirFS(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(statement)
		return err
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, p := range []place{{t.TempDir()}, used(t)} {
		before := state(t, p.dir)
		p.serve(t, nil, "--listen", l.Addr().String()).unusable(t, "cannot listen on "+l.Addr().String())
		if after := state(t, p.dir); after != before {
			t.Errorf("before\n%safter\n%s", before, after)
		}
	}
}

func TestStoreInUse(t *testing.T) {
	t.Parallel()
	p := place{t.TempDir()}
	s := kit.Start(t, kit.Options{Store: p.store()})
	p.serve(t, nil).unusable(t, "in use")
	if a := s.Do("GET", "/readyz", ""); a.Status != 200 {
		t.Errorf("the first server: %d %s", a.Status, a.Body)
	}
}

// A reset with a file that is wrong by now keeps the world that is there.
func TestResetToAnUnusableWorld(t *testing.T) {
	t.Parallel()
	p := place{t.TempDir()}
	world := p.write(t, "world.yaml", "people: [{userId: U00000000000000000000000000000a01, displayName: Aoi}]\n")
	s := kit.Start(t, kit.Options{Store: p.store(), Args: []string{"--world", world}})
	before := s.Do("GET", "/sim/v1/world", "").Body
	p.write(t, "world.yaml", "channels: [{id: \"1656000001\", type: login}]\npeople: [{friendOf: [\"1656000001\"]}]\n")
	if a := s.Do("POST", "/sim/v1/reset", ""); a.Status != 409 || !strings.Contains(a.Body, "no messaging channel") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if after := s.Do("GET", "/sim/v1/world", "").Body; after != before || !strings.Contains(after, "Aoi") {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}
