package edge_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/edge"
)

func openCA(t *testing.T) *edge.CA {
	t.Helper()
	ca, err := edge.OpenCA(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func pool(t *testing.T, ca *edge.CA) *x509.CertPool {
	t.Helper()
	p := x509.NewCertPool()
	if !p.AppendCertsFromPEM(ca.PEM) {
		t.Fatal("the CA's certificate is no PEM")
	}
	return p
}

// The CA stays the same for who trusts it, its key is the user's alone, and it
// vouches for the platform's names and nothing else.
func TestCA(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kaiwa")
	first, err := edge.OpenCA(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := edge.OpenCA(dir)
	if err != nil || string(first.PEM) != string(second.PEM) {
		t.Errorf("opened again it is another: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "ca-key.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is %v %v", info.Mode(), err)
	}
	leaf, err := second.TLS().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append([]string{"localhost", "127.0.0.1"}, edge.Hosts...) {
		if _, err := leaf.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: pool(t, first)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	constrained, err := x509.ParseCertificate(leaf.Certificate[1])
	if err != nil || !constrained.PermittedDNSDomainsCritical || len(constrained.PermittedDNSDomains) != 4 || !constrained.MaxPathLenZero {
		t.Errorf("the CA is not constrained: %v %v", constrained.PermittedDNSDomains, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ca-key.pem"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := edge.OpenCA(dir); err == nil {
		t.Error("a broken key is taken")
	}
}

type way struct {
	ca    *edge.CA
	proxy *url.URL
}

func start(t *testing.T, passthrough bool) way {
	t.Helper()
	ca := openCA(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := edge.NewProxy(&http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host+" "+r.Proto+" "+r.URL.Path)
	})}, ca, passthrough)
	p.Serve(l)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return way{ca, &url.URL{Scheme: "http", Host: l.Addr().String()}}
}

func (w way) client(t *testing.T, change func(*tls.Config)) *http.Client {
	t.Helper()
	c := &tls.Config{RootCAs: pool(t, w.ca)}
	if change != nil {
		change(c)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(w.proxy), TLSClientConfig: c, ForceAttemptHTTP2: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func get(t *testing.T, c *http.Client, url string) (int, string, error) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), nil
}

func TestProxy(t *testing.T) {
	w := start(t, false)
	h2 := w.client(t, nil)
	for _, host := range edge.Hosts {
		if status, body, err := get(t, h2, "https://"+host+"/a"); err != nil || status != 200 || body != host+" HTTP/2.0 /a" {
			t.Errorf("%s: %d %s %v", host, status, body, err)
		}
	}
	h1 := w.client(t, nil)
	h1.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	h1.Transport.(*http.Transport).TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	if _, body, err := get(t, h1, "https://api.line.me/b"); err != nil || body != "api.line.me HTTP/1.1 /b" {
		t.Errorf("HTTP/1.1: %s %v", body, err)
	}
	if _, body, err := get(t, h1, "http://api.line.me/c"); err != nil || body != "api.line.me HTTP/1.1 /c" {
		t.Errorf("plain: %s %v", body, err)
	}
	if status, body, err := get(t, h1, "http://example.com/"); err != nil || status != 403 || !strings.Contains(body, "--proxy-passthrough") {
		t.Errorf("another host: %d %s %v", status, body, err)
	}
	if _, _, err := get(t, h1, "https://example.com/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("CONNECT to another host: %v", err)
	}
	if _, _, err := get(t, h1, "https://api.line.me.example.com/"); err == nil {
		t.Error("a host that only begins like the platform's is answered")
	}
	if _, _, err := get(t, w.client(t, func(c *tls.Config) { c.RootCAs = nil }), "https://api.line.me/"); err == nil {
		t.Error("a client that does not trust the CA is content")
	}
	var old tls.RecordHeaderError
	if _, _, err := get(t, w.client(t, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }), "https://api.line.me/"); err == nil || errors.As(err, &old) {
		t.Errorf("TLS 1.1: %v", err)
	}
	direct := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool(t, w.ca), ServerName: "api.line.me"}}}
	t.Cleanup(direct.CloseIdleConnections)
	if status, _, err := get(t, direct, "https://"+w.proxy.Host+"/d"); err != nil || status != 200 {
		t.Errorf("TLS without CONNECT: %d %v", status, err)
	}
	if status, body, err := get(t, http.DefaultClient, w.proxy.String()+"/e"); err != nil || status != 400 || !strings.Contains(body, "HTTPS_PROXY") {
		t.Errorf("asked as a server: %d %s %v", status, body, err)
	}
}

func TestPassthrough(t *testing.T) {
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "other") }))
	defer other.Close()
	plain := httptest.NewServer(other.Config.Handler)
	defer plain.Close()
	w := start(t, true)
	c := w.client(t, func(c *tls.Config) { c.RootCAs.AddCert(other.Certificate()) })
	c.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) { return w.proxy, nil }
	for _, to := range []string{other.URL, plain.URL} {
		if status, body, err := get(t, c, to); err != nil || status != 200 || body != "other" {
			t.Errorf("%s: %d %s %v", to, status, body, err)
		}
	}
	if _, body, err := get(t, c, "https://api.line.me/x"); err != nil || body != "api.line.me HTTP/2.0 /x" {
		t.Errorf("the platform: %s %v", body, err)
	}
}
