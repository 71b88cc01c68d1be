package login

import "kaiwa/internal/kernel/api"

// oauth is a refusal in OAuth's shape, {"error", "error_description"}.
func oauth(reason, description string) *api.Error {
	return &api.Error{Code: api.Invalid, Reason: reason, Message: description}
}

// The refusals of the token endpoints. The platform publishes few of the words;
// docs/divergences.md tells which are its own.
var (
	errParameters = oauth("invalid_request", "some parameters missed or invalid")
	errTwice      = oauth("invalid_request", "more than one client authentication")
	errClient     = oauth("invalid_client", "invalid client_id")
	errSecret     = oauth("invalid_client", "invalid client_secret")
	errCode       = oauth("invalid_grant", "invalid authorization code")
	errCodeOld    = oauth("invalid_grant", "authorization code expired")
	errCodeURI    = oauth("invalid_grant", "redirect_uri does not match")
	errVerifier   = oauth("invalid_grant", "code_verifier does not match")
	errRefresh    = oauth("invalid_grant", "invalid refresh token")
	errExpired    = oauth("invalid_request", "access token expired")
	errForeign    = oauth("invalid_request", "client_id does not match")
	errScope      = &api.Error{Code: api.Forbidden, Reason: "invalid_request", Message: "scope has not required permission"}
)

// The refusals of the ID token's verification.
// https://developers.line.biz/en/reference/line-login/#verify-id-token
var (
	errNoJWS      = oauth("invalid_request", "JWS format error")
	errIDToken    = oauth("invalid_request", "Invalid IdToken.")
	errIssuer     = oauth("invalid_request", "Invalid IdToken Issuer.")
	errIDExpired  = oauth("invalid_request", "IdToken expired.")
	errAudience   = oauth("invalid_request", "Invalid IdToken Audience.")
	errNonce      = oauth("invalid_request", "Invalid IdToken Nonce.")
	errIDSubject  = oauth("invalid_request", "Invalid IdToken Subject Identifier.")
	errNoHeader   = api.Errorf(api.Unauthorized, "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'")
	errTokenOld   = api.Errorf(api.Unauthorized, "The access token expired")
	errTokenGone  = api.Errorf(api.Unauthorized, "The access token revoked")
	errTokenBad   = api.Errorf(api.Unauthorized, "invalid token")
	errPermission = api.Errorf(api.Forbidden, "user doesn't grant required permissions yet")
)
