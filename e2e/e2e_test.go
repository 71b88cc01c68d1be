package e2e

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long a file of tests may take, the start of the browser included.
const patience = 3 * time.Minute

func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("browser tests take a while; run without -short")
	}
	chromium := browser(t)
	program := filepath.Join(t.TempDir(), "kaiwa")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "kaiwa/cmd/kaiwa").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	files, err := filepath.Glob("*.test.mjs")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".test.mjs"), func(t *testing.T) { run(t, chromium, program, file) })
	}
}

// browser finds Chromium, Node and the npm packages, or skips and says what to do.
func browser(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", "playwright-core")); err != nil {
		t.Skip("the npm packages of the browser tests are not installed: run npm ci in e2e")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node.js is not installed, which runs the browser tests")
	}
	for _, name := range []string{os.Getenv("KAIWA_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Skip("Chromium is not installed; KAIWA_CHROMIUM may name another browser of its kind")
	return ""
}

// run gives a file of tests a server with the demo world.
func run(t *testing.T, chromium, program, file string) {
	server := exec.CommandContext(t.Context(), program, "serve", "--listen", "127.0.0.1:0", "--store", "memory:")
	var log bytes.Buffer
	server.Stderr = &log
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		server.Process.Kill()
		server.Wait()
		if t.Failed() {
			t.Logf("the server said:\n%s", log.String())
		}
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "kaiwa ready ")
	if err != nil || !ok {
		t.Fatalf("the server did not start: %q %v", line, err)
	}
	tests := exec.CommandContext(t.Context(), "node", "--test", "--test-timeout", "120000", file)
	tests.Env = append(os.Environ(), "KAIWA_URL="+address, "KAIWA_CHROMIUM="+chromium)
	tests.WaitDelay = time.Second
	timer := time.AfterFunc(patience, func() { tests.Process.Kill() })
	defer timer.Stop()
	if said, err := tests.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
