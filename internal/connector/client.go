package connector

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Connection is how the API is reached, and as whom.
type Connection struct {
	// URL is the Messaging API's base URL, such as https://api.line.me.
	URL string
	// TokenURL gives access tokens for ClientID (a channel id) and ClientSecret
	// by OAuth 2.0 client credentials: short-lived or stateless ones, as it likes.
	TokenURL, ClientID, ClientSecret string
	// AccessToken is the alternative: a fixed token.
	AccessToken string
	// APIKey is that of the workspace whose history is read; AccessToken if empty.
	APIKey string
	// AnyCertificate switches the check of certificates off.
	AnyCertificate bool
	// HTTPProxy is the URL of a proxy for all requests; "" goes by the
	// environment (HTTPS_PROXY, NO_PROXY).
	HTTPProxy string
	// CacheDir keeps tokens from one run to the next; "" keeps none.
	CacheDir string
	// Now is the time by which tokens expire; time.Now if nil.
	Now func() time.Time
	// Pauses are the waits before a request is tried again, where that is safe.
	// nil: half a second, then two; an empty list: no second try.
	Pauses []time.Duration
	// Transport sends requests; made of the options above if nil.
	Transport http.RoundTripper
}

// Client runs actions.
type Client struct {
	connection Connection
	http       *http.Client
	base       *url.URL
	tokens     *tokens
	hide       hider
}

// NoAnswerError says that no answer of the API came.
type NoAnswerError struct{ Reason string }

// Error implements error.
func (e *NoAnswerError) Error() string { return e.Reason }

// patience is how long one try of a request may last.
const patience = 60 * time.Second

// New makes a client, or says by an InputError what is missing.
func New(c Connection) (*Client, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pauses == nil {
		c.Pauses = []time.Duration{500 * time.Millisecond, 2 * time.Second}
	}
	base, err := parseURL("url", c.URL)
	if err != nil {
		return nil, err
	}
	client := &Client{connection: c, base: base, hide: hiderOf(c)}
	if client.connection.Transport == nil {
		if client.connection.Transport, err = c.transport(); err != nil {
			return nil, err
		}
	}
	client.http = &http.Client{Transport: client.connection.Transport, Timeout: patience,
		// A redirect is an answer like another: following it could carry the token elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	client.tokens, err = newTokens(client)
	return client, err
}

// parseURL reads the URL of an option. It names no part of it in errors: people
// put secrets into URLs.
func parseURL(option, text string) (*url.URL, error) {
	if text == "" {
		return nil, unusable("%s is not given", option)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, unusable("%s is no http or https URL", option)
	case u.User != nil:
		return nil, unusable("%s must not hold a user or password", option)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, unusable("%s must not hold a query or fragment", option)
	}
	return u, nil
}

func (c Connection) transport() (http.RoundTripper, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	// The root certificates are the system's, or those of SSL_CERT_FILE.
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: c.AnyCertificate} //nolint:gosec // only when a user asks for it, who is told
	if c.HTTPProxy != "" {
		text := c.HTTPProxy
		if !strings.Contains(text, "://") {
			text = "http://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			return nil, unusable("http-proxy is no URL of a proxy")
		}
		t.Proxy = http.ProxyURL(u)
	}
	return t, nil
}

// The platform keeps files under a host name of their own.
const (
	platformHost     = "api.line.me"
	platformDataHost = "api-data.line.me"
)

// address is the whole URL of a request.
func (c *Client) address(r *request) string {
	host := c.base.Host
	if r.action.Data && host == platformHost {
		host = platformDataHost
	}
	return c.base.Scheme + "://" + host + strings.TrimSuffix(c.base.EscapedPath(), "/") + r.path
}

// once sends a request one time.
func (c *Client) once(ctx context.Context, r *request, token string) (*Result, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.address(r), strings.NewReader(string(r.body)))
	if err != nil {
		return nil, &InputError{c.hide.in(err.Error())}
	}
	req.Header = r.header.Clone()
	req.Header.Set("User-Agent", "kaiwa-connector")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.noAnswer("no answer of "+c.base.Host, err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusProxyAuthRequired { // a proxy's word, never the API's
		return nil, c.noAnswer("no answer of "+c.base.Host, errors.New("the proxy asks for a user and password"))
	}
	result, err := c.read(res)
	if err != nil {
		return nil, c.noAnswer("the answer of "+c.base.Host+" broke off", err)
	}
	return result, nil
}

func (c *Client) noAnswer(what string, err error) error {
	return &NoAnswerError{c.hide.in(fmt.Sprintf("%s: %s", what, strings.ReplaceAll(err.Error(), "\n", " ")))}
}
