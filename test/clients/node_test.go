package clients

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNode runs the tests of the official Node SDK, each file with a server of
// its own.
func TestNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("skipped: node is not installed")
	}
	if _, err := os.Stat(filepath.Join("node", "node_modules", "@line", "bot-sdk")); err != nil {
		t.Skip("skipped: the Node SDK is not installed; run npm ci in test/clients/node")
	}
	files, err := filepath.Glob(filepath.Join("node", "*.test.mjs"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Node tests: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			runNode(t, node, filepath.Base(file))
		})
	}
}

var passed = regexp.MustCompile(`(?m)^# pass ([1-9][0-9]*)$`)

func runNode(t *testing.T, node, file string) {
	s := newStage(t)
	server, err := url.Parse(s.server.URL)
	must(t, server, err)
	recorded := httptest.NewServer(NewRecorder(t).Proxy(server))
	t.Cleanup(recorded.Close)
	key, err := signingKey()
	must(t, key, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, der, err)
	cmd := exec.CommandContext(t.Context(), node, "--test", "--test-reporter=tap", file)
	cmd.Dir = "node"
	cmd.Env = append(os.Environ(), "KAIWA_URL="+s.server.URL, "KAIWA_RECORDED_URL="+recorded.URL,
		"KAIWA_ASSERTION_KEY="+string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	out, err := cmd.CombinedOutput()
	if err != nil || !passed.Match(out) {
		t.Errorf("node --test %s: %v\n%s", file, err, out)
	}
}

// The lock files must not tie an install to one registry.
func TestLockFilesNameNoRegistry(t *testing.T) {
	for _, dir := range []string{"node", filepath.Join("..", "collection"), filepath.Join("..", "..", "e2e")} {
		lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
		must(t, lock, err)
		if text := string(lock); strings.Contains(text, `"resolved"`) || !strings.Contains(text, `"integrity"`) {
			t.Errorf("%s/package-lock.json names where its packages came from; .npmrc must say omit-lockfile-registry-resolved=true", dir)
		}
	}
}
