package token

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// Ops are the operations of the channel access token API. All are open: each
// carries its own proof in a secret, an assertion or the token itself.
// https://developers.line.biz/en/reference/messaging-api/#channel-access-token
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "issueChannelTokenByJWT", Pattern: "POST /oauth2/v2.1/token", Run: api.Form(r.issueByJWT), Open: true},
		{ID: "verifyChannelTokenByJWT", Pattern: "GET /oauth2/v2.1/verify", Run: api.None(r.verifyByJWT), Open: true},
		{ID: "getsAllValidChannelAccessTokenKeyIds", Pattern: "GET /oauth2/v2.1/tokens/kid", Run: api.None(r.keyIDs), Open: true},
		{ID: "revokeChannelTokenByJWT", Pattern: "POST /oauth2/v2.1/revoke", Run: api.Form(r.revokeByJWT), Open: true},
		{ID: "issueStatelessChannelToken", Pattern: "POST /oauth2/v3/token", Run: api.Form(r.issueStateless), Open: true},
		{ID: "issueChannelToken", Pattern: "POST /v2/oauth/accessToken", Run: api.Form(r.issueShortLived), Open: true,
			Limit: limit.Rate{Requests: 370, Per: time.Second}, AdmitLater: true},
		{ID: "verifyChannelToken", Pattern: "POST /v2/oauth/verify", Run: api.Form(r.verify), Open: true},
		{ID: "revokeChannelToken", Pattern: "POST /v2/oauth/revoke", Run: api.Form(r.revoke), Open: true},
	}
}
