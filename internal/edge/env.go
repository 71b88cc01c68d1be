package edge

import (
	"context"
	"crypto/x509"
	_ "embed" // the preload of Node
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// Ways are the ways in to a running server.
type Ways struct {
	URL   string `json:"url"`
	TLS   string `json:"tls,omitzero"`   // "https://127.0.0.1:5464"
	Proxy string `json:"proxy,omitzero"` // "http://127.0.0.1:5465"
	CA    string `json:"ca,omitzero"`    // PEM
}

// WaysPath is where a server tells its ways in.
const WaysPath = "/sim/v1/edge"

// Ask asks the server at that URL. The token is for one on another machine.
func Ask(ctx context.Context, address, token string) (Ways, error) {
	var w Ways
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+WaysPath, nil)
	if err != nil {
		return w, err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := (&http.Client{Transport: &http.Transport{}}).Do(req) // no proxy: it is the server itself that is asked
	if err != nil {
		return w, fmt.Errorf("no server answers at %s: start one with kaiwa serve --proxy-listen 127.0.0.1:5464, or name it by --url", address)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the server at %s answers %s: %s", address, res.Status, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &w)
	}
	for _, way := range []*string{&w.URL, &w.TLS, &w.Proxy} {
		*way = reached(*way, req.URL.Hostname())
	}
	return w, err
}

// reached is the URL of a listener, at host where it listens on all addresses.
func reached(way, host string) string {
	u, err := url.Parse(way)
	if err != nil {
		return way
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err != nil || !ip.IsUnspecified() {
		return way
	}
	u.Host = net.JoinHostPort(host, u.Port())
	return u.String()
}

//go:embed node.cjs
var preload []byte

// Variable is one of the environment.
type Variable struct{ Name, Value string }

// Environment is what a program needs to find the server under the platform's
// names. It writes the files that it names into the user's cache folder.
func (w Ways) Environment(dir, nodeOptions string) ([]Variable, error) {
	list := []Variable{{"KAIWA_URL", w.URL}}
	way := w.Proxy
	if way == "" {
		way = w.TLS
	}
	if way == "" {
		return list, nil
	}
	files, err := write(dir, w.CA)
	if err != nil {
		return nil, err
	}
	if w.Proxy != "" {
		none := "127.0.0.1,localhost,::1"
		list = append(list, Variable{"HTTPS_PROXY", w.Proxy}, Variable{"https_proxy", w.Proxy}, Variable{"NO_PROXY", none}, Variable{"no_proxy", none})
	}
	_, address, _ := strings.Cut(way, "://")
	return append(list, Variable{"SSL_CERT_FILE", files.bundle}, Variable{"CURL_CA_BUNDLE", files.bundle}, Variable{"REQUESTS_CA_BUNDLE", files.bundle},
		Variable{"NODE_EXTRA_CA_CERTS", files.ca}, Variable{"KAIWA_EDGE", address}, Variable{"KAIWA_HOSTS", strings.Join(Hosts, ",")},
		Variable{"NODE_OPTIONS", strings.TrimSpace(nodeOptions + " --require=" + files.preload)}), nil
}

type written struct{ ca, bundle, preload string }

// write puts down the CA, the CA together with what the system trusts (for
// programs in which one file takes the place of all others), and Node's preload.
func write(dir, ca string) (written, error) {
	w := written{filepath.Join(dir, caFile), filepath.Join(dir, "bundle.pem"), filepath.Join(dir, "node.cjs")}
	if block, _ := pem.Decode([]byte(ca)); block == nil {
		return w, errors.New("the server's CA is unreadable")
	} else if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return w, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return w, err
	}
	return w, errors.Join(replace(w.ca, []byte(ca), 0o644), replace(w.bundle, append(systemRoots(), ca...), 0o644), replace(w.preload, preload, 0o644))
}

// rootFiles are where systems keep what they trust.
var rootFiles = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem"}

func systemRoots() []byte {
	for _, name := range rootFiles {
		if b, err := os.ReadFile(name); err == nil {
			return append(b, '\n')
		}
	}
	return nil
}

// Shell is the environment as lines for a shell, with how to take it back.
func Shell(list []Variable, w Ways) string {
	var b strings.Builder
	b.WriteString("# eval \"$(kaiwa env)\" sends this shell's programs to " + w.URL + ".\n")
	if w.Proxy == "" && w.TLS == "" {
		b.WriteString("# It was started without --proxy-listen and --tls-listen: only clients with a base URL of their own can reach it.\n")
	}
	for _, v := range list {
		fmt.Fprintf(&b, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
	}
	if w.CA != "" {
		dir, err := Dir()
		if err != nil {
			dir = "the user's configuration folder"
		}
		b.WriteString("# Programs that read these variables trust the local CA, and nothing else does. It can only vouch for the platform's\n" +
			"# host names and this machine. To trust it in a browser, import " + filepath.Join(dir, caFile) + " there; on Debian:\n" +
			"#   sudo cp " + filepath.Join(dir, caFile) + " /usr/local/share/ca-certificates/kaiwa.crt && sudo update-ca-certificates\n" +
			"# To be rid of it: sudo rm /usr/local/share/ca-certificates/kaiwa.crt && sudo update-ca-certificates --fresh; rm -r " + dir + "\n")
	}
	return b.String()
}
