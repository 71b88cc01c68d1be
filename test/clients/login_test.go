package clients

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kaiwa/test/kit"
)

const (
	loginID     = "1656000011"
	loginSecret = "cccccccccccccccccccccccccccccccc"
	loginWorld  = `
channels:
  - id: "1656000011"
    type: login
    name: Web app
    secret: cccccccccccccccccccccccccccccccc
    callbackUrls: ["https://app.example.com/callback"]
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, email: aoi@example.com}
issuer: own
`
)

// relyingParty is a web app that logs people in with the usual Go libraries, and
// a person's browser.
type relyingParty struct {
	t        *testing.T
	provider *oidc.Provider
	config   oauth2.Config
	browser  *http.Client
}

func newRelyingParty(t *testing.T) *relyingParty {
	t.Helper()
	s := kit.Start(t, kit.Options{World: loginWorld})
	provider, err := oidc.NewProvider(t.Context(), s.URL)
	must(t, provider, err)
	jar, err := cookiejar.New(nil)
	must(t, jar, err)
	return &relyingParty{t: t, provider: provider, browser: &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "app.example.com" {
			return http.ErrUseLastResponse
		}
		return nil
	}}, config: oauth2.Config{ClientID: loginID, ClientSecret: loginSecret, Endpoint: provider.Endpoint(), RedirectURL: "https://app.example.com/callback",
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}}
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hiddenOnes = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// submit sends the first form of a page, with these values beside its hidden ones.
func (p *relyingParty) submit(res *http.Response, values url.Values) *http.Response {
	p.t.Helper()
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	must(p.t, page, err)
	action := formAction.FindSubmatch(page)
	if action == nil {
		p.t.Fatalf("%s %s has no form: %s", res.Request.URL, res.Status, page)
	}
	to, err := res.Request.URL.Parse(strings.ReplaceAll(string(action[1]), "&amp;", "&"))
	must(p.t, to, err)
	for _, h := range hiddenOnes.FindAllSubmatch(page, -1) {
		values.Add(string(h[1]), strings.ReplaceAll(string(h[2]), "&amp;", "&"))
	}
	next, err := p.browser.PostForm(to.String(), values)
	return must(p.t, next, err)
}

// visit goes from the authorization request to the callback, and gives its query.
func (p *relyingParty) visit(to, consent string) url.Values {
	p.t.Helper()
	res, err := p.browser.Get(to)
	must(p.t, res, err)
	if res.StatusCode == http.StatusOK {
		res = p.submit(res, url.Values{"userId": {aoi}})
	}
	if res.StatusCode == http.StatusOK {
		res = p.submit(res, url.Values{"consent": {consent}, "scope": {"email"}})
	}
	defer res.Body.Close()
	back, err := res.Location()
	return must(p.t, back, err).Query()
}

func TestGoOIDC(t *testing.T) {
	p := newRelyingParty(t)
	verifier := oauth2.GenerateVerifier()
	got := p.visit(p.config.AuthCodeURL("state-1", oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(verifier)), "allow")
	if got.Get("state") != "state-1" {
		t.Fatalf("the callback got %v", got)
	}
	// The usual JSON Web Key way: the platform signs so when it is asked to.
	token, err := p.config.Exchange(t.Context(), got.Get("code"), oauth2.VerifierOption(verifier), oauth2.SetAuthURLParam("id_token_key_type", "JWK"))
	must(t, token, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := p.provider.Verifier(&oidc.Config{ClientID: loginID, SupportedSigningAlgs: []string{oidc.ES256}}).Verify(t.Context(), raw)
	must(t, id, err)
	var claims struct {
		Name, Email string
	}
	if err := id.Claims(&claims); err != nil || id.Subject != aoi || id.Nonce != "nonce-1" || claims.Name != "Aoi" || claims.Email != "aoi@example.com" {
		t.Errorf("the ID token says %+v %+v %v", id, claims, err)
	}
	info, err := p.provider.UserInfo(t.Context(), p.config.TokenSource(t.Context(), token))
	if must(t, info, err); info.Subject != aoi {
		t.Errorf("userinfo says %+v", info)
	}
	// A token that ran out is renewed by the refresh token.
	old := *token
	old.AccessToken, old.Expiry = "", token.Expiry.AddDate(-1, 0, 0)
	renewed, err := p.config.TokenSource(t.Context(), &old).Token()
	if must(t, renewed, err); renewed.AccessToken == token.AccessToken || renewed.RefreshToken != token.RefreshToken {
		t.Errorf("renewed: %+v", renewed)
	}
}

func TestGoOIDCRefusals(t *testing.T) {
	p := newRelyingParty(t)
	if got := p.visit(p.config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "none")), "allow"); got.Get("error") != "LOGIN_REQUIRED" {
		t.Errorf("prompt=none: %v", got)
	}
	if got := p.visit(p.config.AuthCodeURL("s"), "cancel"); got.Get("error") != "ACCESS_DENIED" {
		t.Errorf("refused: %v", got)
	}
	verifier := oauth2.GenerateVerifier()
	code := p.visit(p.config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier)), "allow").Get("code")
	refused := func(name string, c oauth2.Config, reason string, options ...oauth2.AuthCodeOption) {
		t.Helper()
		_, err := c.Exchange(context.Background(), code, options...)
		if err == nil || !strings.Contains(err.Error(), `"`+reason+`"`) {
			t.Errorf("%s: %v, want %s", name, err, reason)
		}
	}
	right := oauth2.VerifierOption(verifier)
	refused("another verifier", p.config, "invalid_grant", oauth2.VerifierOption(oauth2.GenerateVerifier()))
	refused("no verifier", p.config, "invalid_grant")
	elsewhere := p.config
	elsewhere.RedirectURL = "https://app.example.com/callback?a=1"
	refused("another redirect", elsewhere, "invalid_grant", right)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		wrong := p.config
		wrong.ClientSecret, wrong.Endpoint.AuthStyle = strings.Repeat("d", 32), style
		refused("a wrong secret", wrong, "invalid_client", right)
	}
	if _, err := p.config.Exchange(t.Context(), code, right); err != nil {
		t.Fatal(err)
	}
	refused("a used code", p.config, "invalid_grant", right)
}
