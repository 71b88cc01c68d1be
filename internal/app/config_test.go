package app_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"kaiwa/internal/app"
	"kaiwa/internal/edge"
)

func TestConfigValidate(t *testing.T) {
	base := app.Config{Listen: "127.0.0.1:0", Store: "memory:", LogFormat: "text"}
	for _, c := range []struct {
		name   string
		change func(*app.Config)
		want   string
	}{
		{"as it is", func(*app.Config) {}, ""},
		{"by name", func(c *app.Config) { c.Listen = "localhost:5463" }, ""},
		{"IPv6", func(c *app.Config) { c.Listen = "[::1]:5463" }, ""},
		{"no port", func(c *app.Config) { c.Listen = "127.0.0.1" }, "want HOST:PORT"},
		{"no such port", func(c *app.Config) { c.Listen = "127.0.0.1:70000" }, "no such port"},
		{"open without a token", func(c *app.Config) { c.Listen = "0.0.0.0:5463" }, "set KAIWA_SIM_TOKEN"},
		{"open on all addresses", func(c *app.Config) { c.Listen = ":5463" }, "set KAIWA_SIM_TOKEN"},
		{"open with a token", func(c *app.Config) { c.Listen, c.SimToken = "0.0.0.0:5463", "secret" }, ""},
		{"another log", func(c *app.Config) { c.LogFormat = "xml" }, "text or json"},
	} {
		config := base
		c.change(&config)
		err := config.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestConfigFromEnv(t *testing.T) {
	read := func(args []string, env ...string) (app.Config, error) {
		var config app.Config
		flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
		flags.SetOutput(io.Discard)
		config.Flags(flags)
		if err := flags.Parse(args); err != nil {
			return config, err
		}
		return config, app.FromEnv(flags, env)
	}
	config, err := read([]string{"--store", "memory:"}, "KAIWA_STORE=sqlite:other.db", "KAIWA_LOG_FORMAT=json", "KAIWA_WORLD=w.yaml", "PATH=/bin", "NOTHING")
	if err != nil || config.Store != "memory:" || config.LogFormat != "json" || config.World != "w.yaml" || config.Listen != app.Defaults.Listen {
		t.Errorf("%+v %v", config, err)
	}
}

// On a listener that others can reach, the simulation API wants the token and nothing else does.
func TestOpenListener(t *testing.T) {
	t.Setenv("HOME", t.TempDir()) // where the proxy's certificates go
	t.Setenv("XDG_CONFIG_HOME", "")
	a, err := app.Start(t.Context(), app.Config{Listen: "0.0.0.0:0", ProxyListen: "0.0.0.0:0", Store: "memory:", LogFormat: "text", SimToken: "secret"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct {
		method, path, header string
		status               int
	}{
		{"GET", "/sim/v1/world", "", 401},
		{"GET", "/sim/v1/world", "Bearer wrong", 401},
		{"GET", "/sim/v1/world", "Bearer ", 401},
		{"GET", "/sim/v1/events", "", 401},
		{"POST", "/sim/v1/reset", "", 401},
		{"DELETE", "/sim/v1/faults", "Bearer dev-token-1", 401},
		{"GET", "/sim/v1/world", "Bearer secret", 200},
		{"GET", "/v2/bot/info", "Bearer dev-token-1", 200},
		{"GET", "/v2/bot/info", "Bearer secret", 401},
		{"GET", "/healthz", "", 200},
		{"GET", "/readyz", "", 200},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, a.URL()+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			req.Header.Set("Authorization", c.header)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s %s with %q: %d, want %d", c.method, c.path, c.header, res.StatusCode, c.status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	// Who asks how to get in is told addresses that can be reached.
	ways, err := edge.Ask(t.Context(), strings.Replace(a.URL(), "0.0.0.0", "127.0.0.2", 1), "secret")
	if err != nil || !strings.HasPrefix(a.URL(), "http://0.0.0.0:") || !strings.HasPrefix(ways.URL, "http://127.0.0.2:") || !strings.HasPrefix(ways.Proxy, "http://127.0.0.2:") {
		t.Errorf("%s leads to %+v, %v", a.URL(), ways, err)
	}
}

// A stop that comes before the server is ready is a stop like any other.
func TestStopDuringTheStart(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	code := app.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0"}, app.IO{Stdout: &stdout, Stderr: &stderr})
	if left, err := os.ReadDir("."); code != 0 || stdout.String()+stderr.String() != "" || err != nil || len(left) != 0 {
		t.Errorf("exit code %d, %q, %q, left %v %v", code, stdout.String(), stderr.String(), left, err)
	}
}

// stopper is a standard output that ends the program when something is written to it.
type stopper struct {
	strings.Builder
	stop context.CancelFunc
}

func (s *stopper) Write(b []byte) (int, error) {
	s.stop()
	return s.Builder.Write(b)
}

// Programs read the one line of standard output, and with json all of standard error.
func TestWhatServePrints(t *testing.T) {
	for format, greets := range map[string]bool{"text": true, "json": false} {
		dir := t.TempDir()
		stderr, err := os.Create(filepath.Join(dir, "stderr"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		stdout := &stopper{stop: cancel}
		code := app.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--store", "memory:", "--log-format", format}, app.IO{Stdout: stdout, Stderr: stderr})
		said, err := os.ReadFile(stderr.Name())
		if err != nil || stderr.Close() != nil {
			t.Fatal(err)
		}
		if out := stdout.String(); code != 0 || !strings.HasPrefix(out, "kaiwa ready http://127.0.0.1:") || strings.Index(out, "\n") != len(out)-1 {
			t.Errorf("%s: exit code %d, %q", format, code, out)
		}
		if strings.Contains(string(said), "Open http://") != greets {
			t.Errorf("%s: %s", format, said)
		}
	}
}
