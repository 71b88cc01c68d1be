package e2e

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/edge"
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
	site := appSite(t)
	server := exec.CommandContext(t.Context(), program, "serve", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--store", "memory:", "--world", world(t, site))
	server.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir()) // the local CA of this test alone
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
	tests.Env = append(os.Environ(), "KAIWA_URL="+address, "KAIWA_TLS="+secure(t, address), "KAIWA_APP="+site, "KAIWA_CHROMIUM="+chromium)
	tests.WaitDelay = time.Second
	timer := time.AfterFunc(patience, func() { tests.Process.Kill() })
	defer timer.Stop()
	if said, err := tests.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// secure is the address of the server's TLS port.
func secure(t *testing.T, url string) string {
	t.Helper()
	ways, err := edge.Ask(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(ways.TLS, "https://")
}

// world is the built-in world with a LIFF app and a LINE MINI App, whose pages are at site.
func world(t *testing.T, site string) string {
	t.Helper()
	demo, err := os.ReadFile(filepath.Join("..", "internal", "app", "demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	const scopes = "    scopes: [profile, openid, email]\n"
	text := strings.Replace(string(demo), scopes, scopes+
		"    liff: [{liffId: 1656000002-AbCdEfGh, view: {type: tall, url: \""+site+"/liff/\"}, scope: [profile, openid, chat_message.write], botPrompt: normal}]\n", 1)
	if text == string(demo) {
		t.Fatal("the built-in world has no login channel to add a LIFF app to")
	}
	text = strings.Replace(text, "people:\n", "  - {id: \"1656000003\", type: miniapp, name: Cafe orders, secret: cccccccccccccccccccccccccccccccc, serviceMessageTemplates: [{name: order_done_en, params: [name]}],\n"+
		"     liff: [{liffId: 1656000003-AbCdEfGh, view: {type: compact, url: \""+site+"/order/\"}}]}\npeople:\n", 1)
	path := filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// appSite serves the pages of a LIFF app: each of them has the official SDK,
// bundled from npm for the browser, and nothing else.
func appSite(t *testing.T) string {
	t.Helper()
	bundle := exec.CommandContext(t.Context(), filepath.Join("node_modules", ".bin", "esbuild"), "--bundle", "--format=iife")
	bundle.Stdin = strings.NewReader(`import liff from "@line/liff"; globalThis.liff = liff`)
	sdk, err := bundle.Output()
	if err != nil {
		t.Fatalf("bundling the LIFF SDK: %v", err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/liff.js" {
			w.Header().Set("Content-Type", "text/javascript")
			w.Write(sdk)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><title>App</title><script src="/liff.js"></script>`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
