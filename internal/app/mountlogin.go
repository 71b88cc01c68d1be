package app

import (
	"context"
	"net/http"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/login"
	"kaiwa/internal/platform/token"
)

// loginRoom makes LINE Login.
func (a *App) loginRoom() *login.Room {
	return login.New(login.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Tokens: a.tokens,
		App: func(ctx context.Context, liffID string) (login.App, error) { return a.liff.LoginApp(ctx, liffID) },
		AppsOf: func(ctx context.Context, channelID string) ([]login.App, error) {
			return a.liff.LoginAppsOf(ctx, channelID)
		},
		Opened:    func(tx *store.Tx, o login.Opened) error { return a.liff.Opened(tx, o) },
		OwnIssuer: func() bool { return a.ownIssuer.Load() }})
}

// pageFamily is of the platform's own pages: a form that another site sends is
// refused, and what goes wrong is said in words.
func pageFamily(messaging api.Family) api.Family {
	f := messaging
	f.Name, f.Errors, f.RequestIDHeader, f.Check = "pages", api.PlainErrors, "", nil
	cross := http.NewCrossOriginProtection()
	f.Authenticate = func(r *http.Request) (string, any, error) {
		if err := cross.Check(r); err != nil {
			return "", nil, api.Errorf(api.Forbidden, "This form may only be sent from the page that it stands on.")
		}
		return "", nil, nil
	}
	return f
}

// mountLogin mounts LINE Login and the channel access tokens, which share paths.
func (a *App) mountLogin(platform *api.Routes, messaging, oauth api.Family) {
	oauth.CrossOrigin = true
	platform.Add(oauth, a.login.Share(a.tokens.Ops()))
	platform.Add(oauth, a.login.OpenOps())
	platform.Add(pageFamily(messaging), a.login.PageOps())
	platform.Add(pageFamily(messaging), a.links.PageOps())
	user := messaging
	user.Name, user.Authenticate, user.Check, user.CrossOrigin = "user", a.login.Authenticate, nil, true
	platform.Add(user, a.login.UserOps())
	user.Errors = api.OAuthErrors
	platform.Add(user, a.login.UserInfoOps())
	app := messaging
	app.Name, app.Check, app.Authenticate = "app", nil, a.tokens.AuthenticateApp(token.V21, token.Stateless)
	platform.Add(app, a.login.ChannelOps())
}
