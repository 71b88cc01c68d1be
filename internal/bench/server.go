package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Options say what to measure and how long.
type Options struct {
	// Program is the binary whose serve command is started. Migrations are its
	// store's, to fill a history in.
	Program    string
	Migrations fs.FS
	// Target is the URL of a server that runs already; with it Token, a channel
	// access token (for a history: an API key), ChannelID and To, a person who is
	// a friend, name what the server of our own has by its world file.
	Target, Token, ChannelID, To string
	Connections                  int
	Duration                     time.Duration
	Requests                     int64 // instead of Duration
	Friends, Messages            int64
	// Progress receives lines for the person who waits.
	Progress io.Writer
}

// server is what is measured.
type server struct {
	address string // host:port
	token   string
	channel string
	people  []string
	key     string // API key
	child   *exec.Cmd
	dir     string
	ready   time.Duration
	idle    float64 // megabytes
}

func (s *server) pid() int {
	if s.child == nil {
		return 0
	}
	return s.child.Process.Pid
}

// open starts a server with that world, or finds the target.
func open(ctx context.Context, o Options, w world) (*server, error) {
	if o.Target != "" {
		return target(o)
	}
	dir, err := os.MkdirTemp("", "kaiwa-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{token: benchToken, channel: benchChannel, key: benchKey, dir: dir, people: w.people()}
	if err := os.WriteFile(filepath.Join(dir, "world.yaml"), []byte(w.yaml()), 0o600); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if err := s.start(ctx, o.Program); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func target(o Options) (*server, error) {
	u, err := url.Parse(o.Target)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return nil, fmt.Errorf("--target %q: want http://HOST:PORT", o.Target)
	}
	return &server{address: u.Host, token: o.Token, key: o.Token, channel: o.ChannelID, people: []string{o.To}}, nil
}

func (s *server) dsn() string { return "sqlite:" + filepath.Join(s.dir, "kaiwa.db") }

// settle is how long a server has nothing to do before its memory is read.
const settle = time.Second

// start runs the program and waits for its line. It may be called again after stop.
func (s *server) start(ctx context.Context, program string) error {
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own
	cmd := exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--store", s.dsn(), "--world", filepath.Join(s.dir, "world.yaml"))
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	s.child = cmd
	stop := context.AfterFunc(ctx, func() { cmd.Process.Kill() })
	defer stop()
	line, err := bufio.NewReader(out).ReadString('\n')
	s.ready = time.Since(began)
	if err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("the server did not start: %w\n%s", err, text)
	}
	s.address = strings.TrimPrefix(strings.TrimSpace(line), "kaiwa ready http://")
	select {
	case <-time.After(settle):
	case <-ctx.Done():
		return ctx.Err()
	}
	s.idle, err = resident(s.pid())
	if errors.Is(err, os.ErrNotExist) {
		err = nil // no Linux
	}
	return err
}

// stop ends the server's process in the orderly way and keeps its files.
func (s *server) stop() error {
	if s.child == nil {
		return nil
	}
	s.child.Process.Signal(syscall.SIGTERM)
	err := s.child.Wait()
	s.child = nil
	return err
}

func (s *server) close() error {
	err := s.stop()
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}

// call is one exchange on a connection of its own.
func (s *server) call(method, path, body, authorization string) ([]byte, error) {
	w, err := dial(s.address)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	status, answer, err := w.exchange(request(method, path, s.address, body, "Authorization: Bearer "+authorization))
	if err := want(200, status, answer, err); err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return answer, nil
}

// describe adds to the figures what is known of the server's process.
func (s *server) describe(f *Figures, m meter) {
	f.ServerCPUMicros, f.LoadCPUMicros = m.perUnit(f.Requests)
	if s.child == nil {
		return
	}
	f.Ready, f.IdleMegabytes = millis(s.ready), s.idle
	f.ServerMegabytes, _ = resident(s.pid()) // left out where the system does not tell
}
