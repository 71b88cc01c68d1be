// Package kit runs the built program for tests and benchmarks: the same binary,
// started as a user would, spoken to over HTTP.
package kit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "kaiwa/internal/app" // so that Go does not take old results for those of a changed program
)

// Options of a server.
type Options struct {
	// World is the text of a world file; "" is the built-in demo.
	World string
	// Store is --store; "" is a new SQLite file in the test's folder.
	Store string
	Args  []string
	Env   []string
}

// Server is a running program.
type Server struct {
	URL string
	// Store is what --store was, to open the same data again.
	Store string

	tb      testing.TB
	options Options
	cmd     *exec.Cmd
	stderr  *tail
	done    chan struct{}
}

var build = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "..", "..")
	// One place for each checkout, so that test processes leave one program
	// behind and not one each; a rename, because another one may be running it.
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("kaiwa-test-%x", sha256.Sum256([]byte(root)))[:24])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	fresh := filepath.Join(dir, fmt.Sprintf("kaiwa.%d", os.Getpid()))
	cmd := exec.Command("go", "build", "-o", fresh, "./cmd/kaiwa")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	bin := filepath.Join(dir, "kaiwa")
	return bin, os.Rename(fresh, bin)
})

// Binary is the path of the program, built once a test process.
func Binary(tb testing.TB) string {
	tb.Helper()
	bin, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return bin
}

// Start runs the program and returns when it is ready; the test's end stops it.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	if o.Store == "" {
		o.Store = "sqlite:" + filepath.Join(tb.TempDir(), "kaiwa.db")
	}
	s := &Server{tb: tb, options: o, Store: o.Store}
	s.run()
	tb.Cleanup(s.Stop)
	return s
}

func (s *Server) run() {
	s.tb.Helper()
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--store", s.options.Store}, s.options.Args...)
	if s.options.World != "" {
		path := filepath.Join(s.tb.TempDir(), "world.yaml")
		if err := os.WriteFile(path, []byte(s.options.World), 0o600); err != nil {
			s.tb.Fatal(err)
		}
		args = append(args, "--world", path)
	}
	s.cmd = exec.Command(Binary(s.tb), args...)
	s.cmd.Env = append(os.Environ(), s.options.Env...)
	s.stderr = &tail{}
	s.cmd.Stderr = s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.tb.Fatal(err)
	}
	s.done = make(chan struct{})
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "kaiwa ready ")
	go func(cmd *exec.Cmd, done chan struct{}) {
		io.Copy(io.Discard, out)
		cmd.Wait()
		close(done)
	}(s.cmd, s.done)
	if err != nil || !ok {
		s.tb.Fatalf("the server did not become ready: %v %q\n%s", err, line, s.stderr)
	}
	s.URL = url
}

// Kill ends the program as a power cut would end the process: kill -9.
func (s *Server) Kill() {
	s.cmd.Process.Kill()
	<-s.done
}

// Stop ends the program as an operator would; it must end well.
func (s *Server) Stop() {
	s.tb.Helper()
	select {
	case <-s.done:
		return
	default:
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.done:
	case <-time.After(20 * time.Second):
		s.cmd.Process.Kill()
		<-s.done
		s.tb.Errorf("the server did not stop within 20 s of SIGTERM\n%s", s.stderr)
		return
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.tb.Errorf("the server stopped with exit code %d\n%s", code, s.stderr)
	}
}

// Restart runs the program again on the same store, on a port of its own.
func (s *Server) Restart() { s.run() }

// Pid is the process id.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Log is the end of what the program wrote to standard error.
func (s *Server) Log() string { return s.stderr.String() }

// Do sends a request and reads the answer; header is name, value, name, value.
func (s *Server) Do(method, path, body string, header ...string) Answer {
	s.tb.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.tb.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.tb.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(b)}
}

// Answer of the server.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// RunCommand runs the program with other arguments to its end.
func RunCommand(tb testing.TB, stdin string, env []string, args ...string) (code int, stdout, stderr string) {
	tb.Helper()
	cmd := exec.Command(Binary(tb), args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Dir = tb.TempDir()
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		tb.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// tail keeps the last of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailMost = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if len(t.b) > 2*tailMost {
		t.b = append([]byte(nil), t.b[len(t.b)-tailMost:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
