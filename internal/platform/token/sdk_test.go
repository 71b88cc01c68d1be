package token

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	client "github.com/line/line-bot-sdk-go/v8/linebot/channel_access_token"
)

// The official Go SDK, unmodified but for its base URL, goes through all operations.
func TestOfficialGoSDK(t *testing.T) {
	b := newBench(t, "memory:")
	server := httptest.NewServer(b.routes)
	defer server.Close()
	sdk, err := client.NewChannelAccessTokenAPI(client.WithEndpoint(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	const grant = "client_credentials"
	jwt := func() string { return b.asserting(time.Hour).Get("client_assertion") }
	valid := func(value string, want bool) {
		t.Helper()
		if status, _ := b.use("Bearer " + value); (status == 200) != want {
			t.Errorf("using the token: %d", status)
		}
	}

	v21, err := sdk.IssueChannelTokenByJWT(grant, assertionType, jwt())
	if err != nil {
		t.Fatal(err)
	}
	if v21.ExpiresIn != 3600 || v21.TokenType != "Bearer" || v21.KeyId == "" {
		t.Errorf("%+v", v21)
	}
	valid(v21.AccessToken, true)
	if ids, err := sdk.GetsAllValidChannelAccessTokenKeyIds(assertionType, jwt()); err != nil || len(ids.Kids) != 1 || ids.Kids[0] != v21.KeyId {
		t.Errorf("key ids: %+v %v", ids, err)
	}
	if said, err := sdk.VerifyChannelTokenByJWT(v21.AccessToken); err != nil || said.ClientId != cafe || said.ExpiresIn > 3600 {
		t.Errorf("verify: %+v %v", said, err)
	}
	if _, err := sdk.RevokeChannelTokenByJWT(cafe, cafeSecret, v21.AccessToken); err != nil {
		t.Errorf("revoke: %v", err)
	}
	valid(v21.AccessToken, false)

	// The SDK always sends all five fields, blank ones too.
	bySecret, err := sdk.IssueStatelessChannelToken(grant, "", "", cafe, cafeSecret)
	if err != nil || bySecret.ExpiresIn != 900 {
		t.Fatalf("stateless by secret: %+v %v", bySecret, err)
	}
	valid(bySecret.AccessToken, true)
	byJWT, err := sdk.IssueStatelessChannelToken(grant, assertionType, jwt(), "", "")
	if err != nil || byJWT.ExpiresIn != 900 {
		t.Fatalf("stateless by JWT: %+v %v", byJWT, err)
	}
	valid(byJWT.AccessToken, true)

	short, err := sdk.IssueChannelToken(grant, cafe, cafeSecret)
	if err != nil || short.ExpiresIn != 2592000 {
		t.Fatalf("short-lived: %+v %v", short, err)
	}
	valid(short.AccessToken, true)
	if said, err := sdk.VerifyChannelToken(short.AccessToken); err != nil || said.ClientId != cafe {
		t.Errorf("verify: %+v %v", said, err)
	}
	if _, err := sdk.RevokeChannelToken(short.AccessToken); err != nil {
		t.Errorf("revoke: %v", err)
	}
	valid(short.AccessToken, false)
	if _, err := sdk.VerifyChannelToken(short.AccessToken); err == nil || !strings.Contains(err.Error(), `unexpected status code: 400, {"error":"invalid_request","error_description":"access_token invalid"}`) {
		t.Errorf("verify a revoked token: %v", err)
	}
}
