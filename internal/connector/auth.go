package connector

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// tokens gives the access token: a fixed one, or one by OAuth 2.0 client
// credentials that is kept until it expires, in memory and in a file.
// https://developers.line.biz/en/reference/messaging-api/#issue-shortlived-channel-access-token
// https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token
type tokens struct {
	client *Client
	url    *url.URL // nil: the token is fixed

	mu      sync.Mutex
	current kept
}

// kept is a token as its file has it.
type kept struct {
	AccessToken string    `json:"access_token"`
	ExpiresAt   time.Time `json:"expires_at"`
}

func newTokens(client *Client) (*tokens, error) {
	c := client.connection
	t := &tokens{client: client}
	switch {
	case c.AccessToken != "":
		if strings.ContainsFunc(c.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, unusable("access-token holds a character that tokens cannot have")
		}
		t.current.AccessToken = c.AccessToken
		return t, nil
	case c.TokenURL == "" && c.ClientID == "" && c.ClientSecret == "":
		if c.APIKey != "" {
			return t, nil // enough for a workspace's history
		}
		return nil, unusable("give access-token, or token-url, client-id and client-secret")
	case c.ClientID == "":
		return nil, unusable("client-id is not given")
	case c.ClientSecret == "":
		return nil, unusable("client-secret is not given")
	}
	var err error
	t.url, err = parseURL("token-url", c.TokenURL)
	return t, err
}

// get is the token to use. A token that was refused is passed to have another;
// a fixed one comes back as it is.
func (t *tokens) get(ctx context.Context, refused string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.url == nil {
		if t.current.AccessToken == "" {
			return "", unusable("give access-token, or token-url, client-id and client-secret")
		}
		return t.current.AccessToken, nil
	}
	if t.current.AccessToken == "" {
		t.current = t.load()
	}
	if k := t.current; k.AccessToken != "" && k.AccessToken != refused && t.client.connection.Now().Before(k.ExpiresAt) {
		t.client.hide.add(k.AccessToken)
		return k.AccessToken, nil
	}
	fresh, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	t.current = fresh
	t.store(fresh)
	return fresh.AccessToken, nil
}

// fetch asks the token URL.
func (t *tokens) fetch(ctx context.Context) (kept, error) {
	c := t.client
	asked := c.connection.Now()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.connection.ClientID}, "client_secret": {c.connection.ClientSecret}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return kept{}, unusable("token-url cannot be asked")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "kaiwa-connector")
	res, err := c.http.Do(req)
	if err != nil {
		return kept{}, c.noAnswer("no token of "+t.url.Host, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return kept{}, c.noAnswer("no token of "+t.url.Host, err)
	}
	var answer struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"`
		Error       string  `json:"error"`
		Description string  `json:"error_description"`
	}
	err = json.Unmarshal(body, &answer)
	if res.StatusCode != http.StatusOK {
		return kept{}, c.noAnswer("the token was refused by "+t.url.Host, fmt.Errorf("%s %s %s", res.Status, answer.Error, answer.Description))
	}
	if err != nil || answer.AccessToken == "" {
		return kept{}, c.noAnswer("no token of "+t.url.Host, errors.New("its answer holds no access_token"))
	}
	c.hide.add(answer.AccessToken)
	// A token is given up shortly before its end, so that none ends on its way.
	life := time.Duration(answer.ExpiresIn * float64(time.Second))
	return kept{answer.AccessToken, asked.Add(life - min(life/10, 30*time.Second))}, nil
}

// file is where the token is kept: a place for each token URL and client. The
// secret is part of the name too, so that a wrong one does not find the token
// of the right one.
func (t *tokens) file() string {
	c := t.client.connection
	if c.CacheDir == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", t.url, c.ClientID, c.ClientSecret))
	return filepath.Join(c.CacheDir, fmt.Sprintf("token-%x.json", sum[:16]))
}

// load reads the file; one that is absent, broken or open to others holds nothing.
func (t *tokens) load() (k kept) {
	name := t.file()
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return kept{}
	}
	b, err := os.ReadFile(name)
	if err != nil || json.Unmarshal(b, &k) != nil {
		return kept{}
	}
	return k
}

// store writes the file anew under another name first: two runs at once never
// read half of it. A token that cannot be kept is still good for this run.
func (t *tokens) store(k kept) {
	name := t.file()
	if name == "" || os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return
	}
	b, err := json.Marshal(k)
	if err != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".token-*") // mode 0600
	if err != nil {
		return
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}
