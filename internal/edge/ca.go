package edge

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Hosts are the platform's host names that the server answers for.
var Hosts = []string{"api.line.me", "api-data.line.me", "access.line.me", "liff.line.me", "miniapp.line.me", "manager.line.biz", "developers-oaplus.line.biz",
	"liff-subwindow.line.me", "liff-ext.line.me", "liff-shortcut.line.me", "liffsdk.line-scdn.net", "static.line-scdn.net"}

// constraints are the names that certificates of the CA can be good for: one that
// is stolen must not open anything else to its thief.
var constraints = []string{"line.me", "line.biz", "line-scdn.net", "localhost"}

const (
	caSpan   = 5 * 365 * 24 * time.Hour
	leafSpan = 90 * 24 * time.Hour
	// renewal is how long before its end a certificate is made anew.
	renewal = 30 * 24 * time.Hour
	caFile  = "ca.pem"
	keyFile = "ca-key.pem"
)

// CA is the local certificate authority. It is made once for each user of the
// machine, so that what trusts it goes on to after a restart.
type CA struct {
	// PEM is its certificate.
	PEM  []byte
	cert *x509.Certificate
	key  crypto.Signer

	mu   sync.Mutex
	leaf *tls.Certificate
}

// Dir is the folder of the CA of this user.
func Dir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("the local certificate authority has no folder: %w", err)
	}
	return filepath.Join(dir, "kaiwa"), nil
}

// OpenCA reads the CA of a folder, or makes one there.
func OpenCA(dir string) (*CA, error) {
	ca, err := readCA(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && time.Now().Add(renewal).After(ca.cert.NotAfter) {
		if err = makeCA(dir); err == nil {
			ca, err = readCA(dir)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the local certificate authority in %s: %w", dir, err)
	}
	return ca, nil
}

func readCA(dir string) (*CA, error) {
	ca := &CA{}
	var err error
	if ca.PEM, err = os.ReadFile(filepath.Join(dir, caFile)); err != nil {
		return nil, err
	}
	key, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(ca.PEM, key)
	if err != nil {
		return nil, err
	}
	ca.cert = pair.Leaf
	ca.key = pair.PrivateKey.(crypto.Signer)
	return ca, nil
}

func makeCA(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: "Kaiwa local CA", Organization: []string{"Kaiwa"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(caSpan), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, PermittedDNSDomainsCritical: true, PermittedDNSDomains: constraints,
		PermittedIPRanges: []*net.IPNet{{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}, {IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)}}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := replace(filepath.Join(dir, keyFile), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return replace(filepath.Join(dir, caFile), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}

// replace writes a file as a whole, so that no reader meets half of one.
func replace(path string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // the system has no randomness: nothing here can go on
	}
	return n
}

// TLS is how connections are secured: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
func (ca *CA) TLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return ca.certificate() }}
}

// certificate is one for all names, made anew in time.
func (ca *CA) certificate() (*tls.Certificate, error) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	if ca.leaf != nil && time.Now().Add(renewal).Before(ca.leaf.Leaf.NotAfter) {
		return ca.leaf, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: Hosts[0]}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(leafSpan),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: append([]string{"localhost"}, Hosts...),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, &key.PublicKey, ca.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	ca.leaf = &tls.Certificate{Certificate: [][]byte{der, ca.cert.Raw}, PrivateKey: key, Leaf: leaf}
	return ca.leaf, nil
}
