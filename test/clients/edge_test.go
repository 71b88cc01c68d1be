package clients

import (
	"crypto/tls"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kaiwa/test/kit"
)

// way is a server with all ways in, and the environment of a user who has no other.
type way struct {
	server *kit.Server
	home   []string
}

func newWay(t *testing.T, args ...string) way {
	t.Helper()
	dir := t.TempDir()
	home := []string{"HOME=" + dir, "XDG_CONFIG_HOME=" + filepath.Join(dir, "config"), "XDG_CACHE_HOME=" + filepath.Join(dir, "cache"), "NODE_OPTIONS=", "HTTPS_PROXY=", "https_proxy="}
	return way{kit.Start(t, kit.Options{Args: args, Env: home}), home}
}

const push = `{"to":"U00000000000000000000000000000a01","messages":[{"type":"text","text":"hello"}]}`

func (w way) run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return kit.RunCommand(t, "", w.home, args...)
}

// A program that knows the platform's URLs only finds the server by what kaiwa
// env prints and kaiwa run sets: by proxy, and by TLS alone where it can.
func TestRunUnmodifiedPrograms(t *testing.T) {
	w := newWay(t, "--proxy-listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0")
	for name, command := range map[string][]string{
		"curl": {"curl", "-sS", "https://api.line.me/v2/bot/message/push", "-H", "Authorization: Bearer dev-token-1", "-H", "Content-Type: application/json", "-d", push},
		"node": {"node", "-e", `fetch("https://api.line.me/v2/bot/message/push", {method: "POST", headers: {Authorization: "Bearer dev-token-1", "Content-Type": "application/json"},
			body: ` + "`" + push + "`" + `}).then((r) => r.text()).then(console.log)`},
		"node:https": {"node", "-e", `require("https").request("https://api.line.me/v2/bot/message/push", {method: "POST", headers: {Authorization: "Bearer dev-token-1", "Content-Type": "application/json"}},
			(r) => r.pipe(process.stdout)).end(` + "`" + push + "`" + `)`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skipf("skipped: %s is not installed", command[0])
			}
			code, out, errs := w.run(t, append([]string{"run", "--url", w.server.URL, "--"}, command...)...)
			if code != 0 || !strings.Contains(out, `{"sentMessages":[{"id":"`) {
				t.Errorf("%d %s %s", code, out, errs)
			}
		})
	}
	t.Run("the Node SDK", func(t *testing.T) {
		// An unmodified bot: it names no URL at all.
		const bot = `import { LineBotClient } from "@line/bot-sdk";
			const client = LineBotClient.fromChannelAccessToken({ channelAccessToken: "dev-token-1" });
			console.log((await client.getBotInfo()).displayName, JSON.stringify(await client.pushMessage({ to: "U00000000000000000000000000000a01", messages: [{ type: "text", text: "hello" }] })));`
		at, err := filepath.Abs("node")
		must(t, at, err)
		if _, err := os.Stat(filepath.Join(at, "node_modules", "@line", "bot-sdk")); err != nil {
			t.Skip("skipped: the Node SDK is not installed; run npm ci in test/clients/node")
		}
		code, out, errs := w.run(t, "run", "--url", w.server.URL, "--", "sh", "-c", `cd "$1" && exec node --input-type=module -e "$2"`, "sh", at, bot)
		if code != 0 || !strings.HasPrefix(out, `Kaiwa Cafe {"sentMessages":[{"id":"`) {
			t.Errorf("%d %s %s", code, out, errs)
		}
	})
	if code, _, _ := w.run(t, "run", "--url", w.server.URL, "--", "sh", "-c", "exit 7"); code != 7 {
		t.Errorf("the command's exit code 7 became %d", code)
	}
	if code, _, errs := w.run(t, "run", "--url", w.server.URL, "--", "/does/not/exist"); code != 2 || strings.Count(errs, "\n") != 1 {
		t.Errorf("no such command: %d %q", code, errs)
	}
	if code, out, errs := w.run(t, "env", "--url", "http://127.0.0.1:1"); code != 2 || out != "" || !strings.Contains(errs, "no server answers at http://127.0.0.1:1") {
		t.Errorf("no server: %d %q %q", code, out, errs)
	}
}

var export = regexp.MustCompile(`(?m)^export ([A-Za-z_]+)='([^']*)'$`)

func TestEnv(t *testing.T) {
	w := newWay(t, "--tls-listen", "127.0.0.1:0", "--proxy-listen", "127.0.0.1:0")
	code, out, errs := w.run(t, "env", "--url", w.server.URL)
	values := map[string]string{}
	for _, m := range export.FindAllStringSubmatch(out, -1) {
		values[m[1]] = m[2]
	}
	if code != 0 || errs != "" || values["KAIWA_URL"] != w.server.URL || !strings.HasPrefix(values["HTTPS_PROXY"], "http://127.0.0.1:") ||
		values["SSL_CERT_FILE"] == "" || values["NODE_EXTRA_CA_CERTS"] == "" || !strings.Contains(out, "To be rid of it") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	plain := newWay(t)
	if code, out, _ := plain.run(t, "env", "--url", plain.server.URL); code != 0 || strings.Contains(out, "HTTPS_PROXY") || !strings.Contains(out, "export KAIWA_URL='"+plain.server.URL+"'") {
		t.Errorf("without other ways in: %d %s", code, out)
	}
	// The port of TLS answers under the server's own address too.
	secure := regexp.MustCompile(`"tls":"([^"]*)"`).FindStringSubmatch(w.server.Do("GET", "/sim/v1/edge", "").Body)[1]
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	res, err := client.Get(secure + "/healthz")
	must(t, res, err)
	res.Body.Close()
	if res.StatusCode != 200 || res.TLS.Version < tls.VersionTLS12 {
		t.Errorf("%d, TLS %x", res.StatusCode, res.TLS.Version)
	}
}

// What cannot be listened on, or would be open to others, is one line and nothing else.
func TestEdgeFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--tls-listen", "x"}, `--tls-listen "x": want HOST:PORT`},
		{[]string{"--proxy-listen", "127.0.0.1:99999"}, `--proxy-listen "127.0.0.1:99999": want HOST:PORT`},
		{[]string{"--tls-listen", "0.0.0.0:0"}, "can be reached from other machines"},
		{[]string{"--proxy-passthrough"}, "give --proxy-listen as well"},
	} {
		code, out, errs := kit.RunCommand(t, "", nil, append([]string{"serve", "--listen", "127.0.0.1:0", "--store", "memory:"}, c.args...)...)
		if code != 2 || out != "" || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: %d %q %q", c.args, code, out, errs)
		}
	}
}
