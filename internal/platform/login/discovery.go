package login

import "kaiwa/internal/kernel/api"

// document is the OpenID provider's metadata, as the platform publishes it.
// https://developers.line.biz/en/docs/line-login/verify-id-token/#signature
type document struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	Scopes                []string `json:"scopes_supported"`
	JWKS                  string   `json:"jwks_uri"`
	ResponseTypes         []string `json:"response_types_supported"`
	SubjectTypes          []string `json:"subject_types_supported"`
	Algorithms            []string `json:"id_token_signing_alg_values_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
}

// discovery names the platform's URLs to whom asks under one of its host names,
// and this server's to whom asks under its address.
func (r *Room) discovery(c *api.Call) (any, error) {
	access, data := "https://access.line.me", "https://api.line.me"
	if !platformHost(c.Host()) {
		access, data = c.Origin(), c.Origin()
	}
	return document{r.Issuer(c), access + authorizePath, data + "/oauth2/v2.1/token", data + "/oauth2/v2.1/revoke", data + "/oauth2/v2.1/userinfo",
		[]string{"openid", "profile", "email"}, data + "/oauth2/v2.1/certs", []string{"code"}, []string{"pairwise"}, []string{"ES256"}, []string{"S256"}}, nil
}
