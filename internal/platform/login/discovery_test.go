package login_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// Under the platform's names everything is the platform's; under the server's own
// the endpoints are its own, and the issuer is whom the world says.
func TestDiscovery(t *testing.T) {
	const path = "/.well-known/openid-configuration"
	for world, own := range map[string]bool{"issuer: own\n": true, "issuer: line\n": false, "": false} {
		s := stage.Start(t, "", world)
		for _, host := range []string{"access.line.me", "api.line.me", "access.line.me:443", "Access.line.me"} {
			a := s.Do("GET", path, "", "Host", host)
			for _, want := range []string{`"issuer":"https://access.line.me"`, `"authorization_endpoint":"https://access.line.me/oauth2/v2.1/authorize"`,
				`"token_endpoint":"https://api.line.me/oauth2/v2.1/token"`, `"jwks_uri":"https://api.line.me/oauth2/v2.1/certs"`} {
				if a.Status != 200 || !strings.Contains(a.Body, want) {
					t.Errorf("%q at %s: %d %s, want %s", world, host, a.Status, a.Body, want)
				}
			}
		}
		issuer := "https://access.line.me"
		if own {
			issuer = s.URL
		}
		a := s.Do("GET", path, "")
		for _, want := range []string{`"issuer":"` + issuer + `"`, `"authorization_endpoint":"` + s.URL + `/oauth2/v2.1/authorize"`, `"jwks_uri":"` + s.URL + `/oauth2/v2.1/certs"`} {
			if a.Status != 200 || !strings.Contains(a.Body, want) {
				t.Errorf("%q: %d %s, want %s", world, a.Status, a.Body, want)
			}
		}
	}
}
