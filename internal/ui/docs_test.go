package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestDocumentationShowsEveryOperation(t *testing.T) {
	p := newWorld(t).get("/_/docs")
	links := p.all(".docs nav a")
	if len(links) != 5 {
		t.Errorf("%d operations listed", len(links))
	}
	for _, link := range links {
		section := p.one(link.attr("href"))
		if section == nil {
			t.Fatalf("%s leads nowhere", link.attr("href"))
		}
		words := section.words()
		for _, want := range []string{"GET /public/v1/accounts", "200", "401", "429", "curl 'http://example.com/public/v1/accounts"} {
			if !strings.Contains(words, want) {
				t.Errorf("%s does not mention %s", link.attr("href"), want)
			}
		}
	}
	history := p.one("#listMessages")
	for _, want := range []string{"chatId", "accountId required", "incoming, outgoing", "1–1000", "messages[].sender.name"} {
		if !strings.Contains(history.words(), want) {
			t.Errorf("the history does not mention %q: %s", want, history.words())
		}
	}
	for _, want := range []string{"RateLimit-Remaining", "Retry-After", "Authorization: Bearer"} {
		if !strings.Contains(p.words(), want) {
			t.Errorf("the page does not mention %s", want)
		}
	}
}

func TestTryingAnOperation(t *testing.T) {
	w := newWorld(t)
	w.say(aoi, "Remember this")
	secret := w.follow(keysPage, nil).one("#secret").words()
	form := w.get("/_/docs").one("#try-listMessages")
	action, _, _ := strings.Cut(form.attr("action"), "#")
	res := w.post(action, url.Values{"key": {secret}, "accountId": {cafe}, "limit": {"10"}, "direction": {"incoming"}})
	if res.Code != http.StatusOK {
		t.Fatalf("status %d %s", res.Code, res.Body)
	}
	p := parse(t, res.Body.String())
	got := p.one("#result-listMessages").words()
	for _, want := range []string{"200 OK /public/v1/accounts/" + cafe + "/messages?direction=incoming&limit=10", "Ratelimit-Remaining:", "Remember this"} {
		if !strings.Contains(strings.ReplaceAll(got, "RateLimit-", "Ratelimit-"), want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if p.one("#try-listMessages").all("input")[0].attr("value") != secret {
		t.Error("the key must be typed again")
	}
	for _, c := range []struct {
		name, operation string
		form            url.Values
		want            string
	}{
		{"wrong key", "listAccounts", url.Values{"key": {"nope"}}, "401 Unauthorized"},
		{"wrong value", "listMessages", url.Values{"key": {secret}, "accountId": {cafe}, "limit": {"0"}}, "400 Bad Request"},
		{"no such account", "listChats", url.Values{"key": {secret}, "accountId": {"../accounts"}}, "404 Not Found"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/_/docs/"+c.operation+"/try", strings.NewReader(c.form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Kaiwa-Part", "result")
		part := parse(t, w.do(r).Body.String())
		if part.one("#main") != nil || !strings.HasPrefix(part.words(), c.want) {
			t.Errorf("%s: %q, want %s alone", c.name, part.words(), c.want)
		}
	}
	if res := w.post("/_/docs/dropTables/try", nil); res.Code != http.StatusNotFound {
		t.Errorf("unknown operation: status %d", res.Code)
	}
}

func TestAddressesOfOperations(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{"/_/docs/listChats": "/_/docs#listChats", "/_/docs/listChats?try=1": "/_/docs#try-listChats"} {
		if res := w.do(httptest.NewRequest(http.MethodGet, path, nil)); res.Header().Get("Location") != want {
			t.Errorf("%s leads to %q", path, res.Header().Get("Location"))
		}
	}
}
