package login

import (
	"net/url"

	"kaiwa/internal/kernel/api"
)

// PageOps are what a browser is sent to; they need no token and name none.
func (r *Room) PageOps() []api.Op {
	return []api.Op{
		{ID: "login.authorize", Pattern: "GET /oauth2/v2.1/authorize", Run: api.None(r.authorize)},
		{ID: "login.liffAuthorize", Pattern: "GET /liff/v1/authorize", Run: api.None(r.authorize)},
		{ID: "login.page", Pattern: "GET /oauth2/v2.1/login", Run: api.None(r.loginPage)},
		{ID: "login.logIn", Pattern: "POST /oauth2/v2.1/login", Run: api.Form(r.logIn)},
		{ID: "login.consent", Pattern: "GET /oauth2/v2.1/authorize/consent", Run: api.None(r.consentPage)},
		{ID: "login.agree", Pattern: "POST /oauth2/v2.1/authorize/consent", Run: api.Form(r.agree)},
	}
}

// OpenOps are the provider's own, which carry their proof themselves, in
// OAuth's manner.
// https://developers.line.biz/en/reference/line-login/
func (r *Room) OpenOps() []api.Op {
	return []api.Op{
		{ID: "login.discovery", Pattern: "GET /.well-known/openid-configuration", Run: api.None(r.discovery), Open: true},
		{ID: "login.keys", Pattern: "GET /oauth2/v2.1/certs", Run: api.None(r.keys), Open: true},
		{ID: "login.verifyIDToken", Pattern: "POST /oauth2/v2.1/verify", Run: api.Form(r.verifyIDToken), Open: true},
	}
}

// UserInfoOps are OpenID Connect's, with a user access token.
func (r *Room) UserInfoOps() []api.Op {
	return []api.Op{
		{ID: "login.userinfo", Pattern: "GET /oauth2/v2.1/userinfo", Run: api.None(r.userinfo)},
		{ID: "login.userinfoByPost", Pattern: "POST /oauth2/v2.1/userinfo", Run: api.None(r.userinfo)},
	}
}

// UserOps take a user access token.
func (r *Room) UserOps() []api.Op {
	return []api.Op{
		{ID: "login.profile", Pattern: "GET /v2/profile", Run: api.None(r.profile)},
		{ID: "login.friendship", Pattern: "GET /friendship/v1/status", Run: api.None(r.friendship)},
	}
}

// ChannelOps take a channel access token of the LINE Login channel.
func (r *Room) ChannelOps() []api.Op {
	return []api.Op{{ID: "login.deauthorize", Pattern: "POST /user/v1/deauthorize", Run: api.JSON(r.deauthorize)}}
}

// Share makes operations of channel access tokens serve user tokens too: the
// platform has both on the same paths.
func (r *Room) Share(ops []api.Op) []api.Op {
	for i := range ops {
		op := ops[i].Run
		switch ops[i].ID {
		case "issueChannelTokenByJWT":
			ops[i].Run = func(c *api.Call, body []byte) (any, error) {
				switch formOf(body).Get("grant_type") {
				case "authorization_code":
					return api.Form(r.redeem)(c, body)
				case "refresh_token":
					return api.Form(r.refresh)(c, body)
				}
				return op(c, body)
			}
		case "verifyChannelTokenByJWT":
			ops[i].Run = func(c *api.Call, body []byte) (any, error) {
				t, ok, err := r.known(c, byAccess, c.Query().Get("access_token"))
				if err != nil {
					return nil, err
				}
				if ok {
					return r.verify(c, t)
				}
				return op(c, body)
			}
		case "revokeChannelTokenByJWT":
			ops[i].Run = func(c *api.Call, body []byte) (any, error) {
				form := formOf(body)
				_, ok, err := r.known(c, byAccess, form.Get("access_token"))
				if err != nil {
					return nil, err
				}
				if ok || form.Has("refresh_token") {
					return api.Form(r.revoke)(c, body)
				}
				return op(c, body)
			}
		}
	}
	return ops
}

// formOf is a look at a form that is read for good, and refused, elsewhere.
func formOf(body []byte) url.Values {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	return form
}
