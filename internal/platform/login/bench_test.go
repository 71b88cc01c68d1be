package login_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync/atomic"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// BenchmarkLogin is the way from the authorization request of somebody who has
// logged in and agreed before to a token with an ES256 ID token: two requests
// and two commits, client included. Durable, on SQLite.
func BenchmarkLogin(b *testing.B) {
	s := stage.Start(b, testkit.SQLite(b), world)
	client := loggedIn(b, s)
	var codes atomic.Int64
	b.SetParallelism(32) // as many people as log in at a time: they share commits
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			redeemOne(b, s, client)
			codes.Add(1)
		}
	})
	b.ReportMetric(float64(codes.Load())/b.Elapsed().Seconds(), "tokens/s")
}

func redeemOne(b *testing.B, s *stage.Stage, client *http.Client) {
	b.Helper()
	res, err := client.Get(s.URL + authorize(ask("prompt", "none")))
	if err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
	to, err := res.Location()
	if err != nil || to.Query().Get("code") == "" {
		b.Fatalf("%s %v", res.Header.Get("Location"), err)
	}
	token, err := client.PostForm(s.URL+"/oauth2/v2.1/token", redemption(to.Query().Get("code"), "id_token_key_type", "JWK"))
	if err != nil {
		b.Fatal(err)
	}
	token.Body.Close()
	if token.StatusCode != http.StatusOK {
		b.Fatal(token.Status)
	}
}

// loggedIn is a browser whose user agreed to all that is asked.
func loggedIn(b *testing.B, s *stage.Stage) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 64}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	consent := "/oauth2/v2.1/authorize/consent?" + ask().Encode()
	for _, step := range []struct {
		path string
		form url.Values
	}{{"/oauth2/v2.1/login", url.Values{"returnUri": {consent}, "userId": {stage.Aoi}}}, {consent, url.Values{"consent": {"allow"}}}} {
		res, err := client.PostForm(s.URL+step.path, step.form)
		if err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusFound {
			b.Fatal(res.Status)
		}
	}
	return client
}
