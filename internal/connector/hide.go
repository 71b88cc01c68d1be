package connector

import (
	"net/url"
	"strings"
	"sync"
)

// hider takes secrets out of texts that go to people, logs and models: servers
// and libraries may repeat what they were sent.
type hider struct{ secrets *secrets }

type secrets struct {
	mu   sync.Mutex
	list []string
}

// shortest is the length from which a text counts as a secret: replacing a
// shorter one would spoil answers and hide nothing.
const shortest = 4

func hiderOf(c Connection) hider {
	h := hider{&secrets{}}
	h.add(c.ClientSecret)
	h.add(c.AccessToken)
	h.add(c.APIKey)
	if u, err := url.Parse(c.HTTPProxy); err == nil && u.User != nil {
		password, _ := u.User.Password()
		h.add(password)
	}
	return h
}

// add takes a secret, in the spelling of forms and URLs as well.
func (h hider) add(secret string) {
	if len(secret) < shortest {
		return
	}
	h.secrets.mu.Lock()
	defer h.secrets.mu.Unlock()
	for _, s := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
		h.secrets.list = append(h.secrets.list, s, "[hidden]")
	}
}

// in is the text without secrets.
func (h hider) in(text string) string {
	h.secrets.mu.Lock()
	defer h.secrets.mu.Unlock()
	return strings.NewReplacer(h.secrets.list...).Replace(text)
}
