package token

import "kaiwa/internal/kernel/api"

// oauth is a refusal in OAuth's shape, {"error", "error_description"}.
func oauth(reason, description string) *api.Error {
	return &api.Error{Code: api.Invalid, Reason: reason, Message: description}
}

// The refusals of the token endpoints. Two of them have the Messaging API's
// shape, {"message"}, because the platform answers them so.
// https://developers.line.biz/en/reference/messaging-api/#channel-access-token
var (
	errParameters = oauth("invalid_request", "some parameters missed or invalid")

	errClientID     = oauth("invalid_client", "invalid client_id")
	errClientSecret = oauth("invalid_client", "invalid client_secret")
	errCredentials  = oauth("invalid_request", "Invalid 'client_credentials'.")

	errTooMany = api.Errorf(api.Invalid, "The maximum number of access tokens has already been issued")
	errNoKey   = api.Errorf(api.NotFound, "Cannot find channel key that satisfies the conditions")

	errIssuer    = oauth("invalid_client", "iss and clientId of key do not match")
	errExpiry    = oauth("invalid_client", "Invalid exp")
	errAssertion = oauth("invalid_client", "JWT format error") // reported for what is no JWT at all
	// The platform does not publish the words of the further assertion errors;
	// these follow the pattern of "Invalid exp".
	errSignature   = oauth("invalid_client", "Invalid signature")
	errSubject     = oauth("invalid_client", "Invalid sub")
	errAudience    = oauth("invalid_client", "Invalid aud")
	errTokenExpiry = oauth("invalid_client", "Invalid token_exp")

	errNotJWS    = oauth("invalid_request", "The access token not JWS")
	errMalformed = oauth("invalid_request", "The access token malformed")
	errExpired   = oauth("invalid_request", "The access token expired")
	// The platform names these two reasons elsewhere, not at these endpoints.
	errRevoked = oauth("invalid_request", "The access token revoked")
	errForeign = oauth("invalid_request", "client_id does not match")

	errInvalid       = oauth("invalid_request", "access_token invalid")
	errFormat        = oauth("invalid_request", "access_token in invalid format")
	errRevokedFormat = oauth("invalid_request", "")
)

// The refusals of calls that show no valid token.
var (
	errNoHeader = api.Errorf(api.Unauthorized, "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'")
	errNoAccess = api.Errorf(api.Unauthorized, "Authentication failed. Confirm that the access token in the authorization header is valid.")
)
