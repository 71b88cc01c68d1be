package clients

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	grant         = "client_credentials"
)

// assertion is a JWT signed with a channel's key; what more says replaces claims.
func (s *stage) assertion(kid, channel string, more object) string {
	s.t.Helper()
	claims := object{"iss": channel, "sub": channel, "aud": "https://api.line.me/", "exp": s.now().Add(25 * time.Minute).Unix(), "token_exp": 24 * 60 * 60}
	for name, v := range more {
		claims[name] = v
	}
	payload, err := json.Marshal(claims)
	must(s.t, payload, err)
	key, err := signingKey()
	must(s.t, key, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, (&jose.SignerOptions{}).WithType("JWT"))
	must(s.t, signer, err)
	signed, err := signer.Sign(payload)
	must(s.t, signed, err)
	text, err := signed.CompactSerialize()
	return must(s.t, text, err)
}

// usable checks that a token opens the Messaging API, or that it does not.
func (s *stage) usable(token string, want bool) {
	s.t.Helper()
	info, err := s.client(token).GetBotInfo()
	switch {
	case want && (err != nil || info.UserId != cafeUser):
		s.t.Errorf("a valid token: %+v %v", info, err)
	case !want:
		refused(s.t, "an invalid token", err, 401, `{"message":"Authentication failed. Confirm that the access token in the authorization header is valid."}`)
	}
}

func TestTokenByJWT(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	issued, err := s.tokens.IssueChannelTokenByJWT(grant, assertionType, s.assertion("key-1", cafe, nil))
	must(t, issued, err)
	if issued.TokenType != "Bearer" || issued.ExpiresIn != 24*60*60 || issued.KeyId == "" {
		t.Errorf("issued: %+v", issued)
	}
	s.usable(issued.AccessToken, true)

	verified, err := s.tokens.VerifyChannelTokenByJWT(issued.AccessToken)
	must(t, verified, err)
	if verified.ClientId != cafe || verified.ExpiresIn <= 24*60*60-60 || verified.ExpiresIn > 24*60*60 {
		t.Errorf("verified: %+v", verified)
	}
	s.keyIDs(issued.KeyId)

	_, err = s.tokens.RevokeChannelTokenByJWT(cafe, cafeSecret, issued.AccessToken)
	must(t, 0, err)
	s.usable(issued.AccessToken, false)
	s.keyIDs()
	if _, err = s.tokens.RevokeChannelTokenByJWT(cafe, cafeSecret, issued.AccessToken); err != nil {
		t.Errorf("revoking it again: %v", err)
	}

	// The token's own expiry follows the virtual clock.
	short, err := s.tokens.IssueChannelTokenByJWT(grant, assertionType, s.assertion("key-1", cafe, object{"token_exp": 600}))
	must(t, short, err)
	s.advance(9 * time.Minute)
	s.usable(short.AccessToken, true)
	s.advance(time.Minute)
	s.usable(short.AccessToken, false)
	_, err = s.tokens.VerifyChannelTokenByJWT(short.AccessToken)
	refused(t, "an expired token", err, 400, `{"error":"invalid_request","error_description":"The access token expired"}`)
	_, err = s.tokens.VerifyChannelTokenByJWT("no-token")
	refused(t, "no JWS", err, 400, `{"error":"invalid_request","error_description":"The access token not JWS"}`)
	_, err = s.tokens.RevokeChannelTokenByJWT(cafe, cafeSecret, "no-token")
	refused(t, "revoking no JWS", err, 400, `{"error":"invalid_request","error_description":"The access token not JWS"}`)
}

// keyIDs checks the key ids of the cafe's valid tokens.
func (s *stage) keyIDs(want ...string) {
	s.t.Helper()
	got, err := s.tokens.GetsAllValidChannelAccessTokenKeyIds(assertionType, s.assertion("key-1", cafe, nil))
	must(s.t, got, err)
	if fmt.Sprint(got.Kids) != fmt.Sprint(want) {
		s.t.Errorf("key ids %v, want %v", got.Kids, want)
	}
}

func TestTokenByJWTLimit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var keys []string
	for range 30 {
		issued, err := s.tokens.IssueChannelTokenByJWT(grant, assertionType, s.assertion("key-1", cafe, nil))
		keys = append(keys, must(t, issued, err).KeyId)
	}
	_, err := s.tokens.IssueChannelTokenByJWT(grant, assertionType, s.assertion("key-1", cafe, nil))
	refused(t, "the 31st token", err, 400, `{"message":"The maximum number of access tokens has already been issued"}`)
	s.keyIDs(keys...)
	s.advance(24 * time.Hour) // expired tokens do not count
	_, err = s.tokens.IssueChannelTokenByJWT(grant, assertionType, s.assertion("key-1", cafe, nil))
	must(t, 0, err)
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const noKey = `{"message":"Cannot find channel key that satisfies the conditions"}`
	for _, c := range []struct {
		name, jwt string
		status    int
		body      string
	}{
		{"another channel's key", s.assertion("key-1", tea, nil), 400, `{"error":"invalid_client","error_description":"iss and clientId of key do not match"}`},
		{"an unknown key", s.assertion("key-9", cafe, nil), 404, noKey},
	} {
		_, err := s.tokens.IssueChannelTokenByJWT(grant, assertionType, c.jwt)
		refused(t, c.name, err, c.status, c.body)
	}
	_, err := s.tokens.IssueStatelessChannelToken(grant, assertionType, s.assertion("key-9", cafe, nil), "", "")
	refused(t, "stateless by an unknown key", err, 404, noKey)
	_, err = s.tokens.GetsAllValidChannelAccessTokenKeyIds(assertionType, s.assertion("key-9", cafe, nil))
	refused(t, "key ids by an unknown key", err, 404, noKey)
	_, err = s.tokens.GetsAllValidChannelAccessTokenKeyIds(assertionType, s.assertion("key-1", cafe, object{"exp": s.now().Add(-time.Second).Unix()}))
	refused(t, "an expired assertion", err, 400, `{"error":"invalid_client","error_description":"Invalid exp"}`)
	_, err = s.tokens.IssueChannelToken(grant, "1656999999", cafeSecret)
	refused(t, "an unknown channel", err, 400, `{"error":"invalid_client","error_description":"invalid client_id"}`)
	_, err = s.tokens.IssueChannelToken(grant, cafe, teaSecret)
	refused(t, "a wrong secret", err, 400, `{"error":"invalid_client","error_description":"invalid client_secret"}`)
	_, err = s.tokens.VerifyChannelToken("not a token")
	refused(t, "a malformed token", err, 400, `{"error":"invalid_request","error_description":"access_token in invalid format"}`)
	_, err = s.tokens.RevokeChannelToken("not a token")
	refused(t, "revoking a malformed token", err, 400, `{"error":"invalid_request"}`)
}

func TestShortLivedToken(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var issued []string
	for range 31 {
		token, err := s.tokens.IssueChannelToken(grant, cafe, cafeSecret)
		must(t, token, err)
		if token.TokenType != "Bearer" || token.ExpiresIn != 2592000 {
			t.Fatalf("issued: %+v", token)
		}
		issued = append(issued, token.AccessToken)
	}
	s.usable(issued[0], false) // the 31st revoked the oldest
	s.usable(issued[1], true)
	s.usable(issued[30], true)
	verified, err := s.tokens.VerifyChannelToken(issued[30])
	must(t, verified, err)
	if verified.ClientId != cafe || verified.ExpiresIn <= 2592000-60 || verified.ExpiresIn > 2592000 {
		t.Errorf("verified: %+v", verified)
	}
	_, err = s.tokens.RevokeChannelToken(issued[30])
	must(t, 0, err)
	s.usable(issued[30], false)
	_, err = s.tokens.VerifyChannelToken(issued[30])
	refused(t, "a revoked token", err, 400, `{"error":"invalid_request","error_description":"access_token invalid"}`)
	if _, err = s.tokens.RevokeChannelToken(issued[30]); err != nil {
		t.Errorf("revoking it again: %v", err)
	}
	s.advance(30 * 24 * time.Hour)
	s.usable(issued[29], false)
	s.usable(cafeToken, true) // the long-lived one of the world file stays
	if verified, err = s.tokens.VerifyChannelToken(cafeToken); err != nil || verified.ClientId != cafe {
		t.Errorf("the long-lived token: %+v %v", verified, err)
	}
}

func TestStatelessToken(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	// The SDK sends all five fields, blank ones too.
	bySecret, err := s.tokens.IssueStatelessChannelToken(grant, "", "", cafe, cafeSecret)
	must(t, bySecret, err)
	byJWT, err := s.tokens.IssueStatelessChannelToken(grant, assertionType, s.assertion("key-1", cafe, nil), "", "")
	must(t, byJWT, err)
	for _, token := range []struct {
		value, kind string
		seconds     int32
	}{{bySecret.AccessToken, bySecret.TokenType, bySecret.ExpiresIn}, {byJWT.AccessToken, byJWT.TokenType, byJWT.ExpiresIn}} {
		if token.kind != "Bearer" || token.seconds != 900 || strings.Count(token.value, ".") != 2 {
			t.Errorf("issued: %+v", token)
		}
		s.usable(token.value, true)
		if verified, err := s.tokens.VerifyChannelTokenByJWT(token.value); err != nil || verified.ClientId != cafe || verified.ExpiresIn > 900 {
			t.Errorf("verified: %+v %v", verified, err)
		}
	}
	s.advance(14 * time.Minute)
	s.usable(bySecret.AccessToken, true)
	s.advance(time.Minute)
	s.usable(bySecret.AccessToken, false)
}

// The texts of 401 tell a missing header from a wrong token; bots look for both.
func TestUnauthorized(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const required = `{"message":"Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"}`
	for _, header := range []string{"", "Bearer", "Basic abc", cafeToken} {
		answer := s.server.Do("GET", "/v2/bot/info", "", "Authorization", header)
		if answer.Status != 401 || answer.Body != required {
			t.Errorf("%q: %d %s", header, answer.Status, answer.Body)
		}
	}
	s.usable("dev-token-0", false)
	s.usable("x.y.z", false)
}
