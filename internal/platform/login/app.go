package login

import (
	"slices"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// AppGrant is what a LIFF app gets in the LIFF browser, where nobody has to log in.
type AppGrant struct {
	AccessToken string
	IDToken     string // without openid among the app's scopes: ""
	ExpiresIn   int64  // seconds
}

// GrantToApp issues tokens to a LIFF app that a person opened and agreed to in
// the LIFF browser; issuer is whom the ID token is to name.
func (r *Room) GrantToApp(tx *store.Tx, p *friend.Person, app App, issuer string) (AppGrant, error) {
	req := &codeRequest{Request: Request{ClientID: app.ChannelID, Scopes: app.Scopes, LiffID: app.LiffID, MaxAge: -1, channel: r.loginChannel(app.ChannelID)},
		AMR: byAutoLogin, AuthenticatedAt: tx.Millis()}
	if req.channel == nil {
		return AppGrant{}, store.ErrNotFound
	}
	if err := grant(tx, req.channel, p, app.Scopes); err != nil {
		return AppGrant{}, err
	}
	out, err := r.issue(tx, tokenRow{channelNo: req.channel.No, personNo: p.No, liffID: app.LiffID, scopes: app.Scopes, family: id.Hex(16), public: true})
	if err != nil || !slices.Contains(app.Scopes, "openid") {
		return AppGrant{AccessToken: out.AccessToken, ExpiresIn: out.ExpiresIn}, err
	}
	token, err := r.idToken(tx, issuer, p, req, true)
	return AppGrant{out.AccessToken, token, out.ExpiresIn}, err
}

// Agreed says whether a person granted all that an app asks for.
func (r *Room) Agreed(tx *store.Tx, p *friend.Person, app App) (bool, error) {
	ch := r.loginChannel(app.ChannelID)
	if ch == nil {
		return false, store.ErrNotFound
	}
	have, err := granted(tx, ch, p)
	return !slices.ContainsFunc(app.Scopes, func(s string) bool { return !slices.Contains(have, s) }), err
}

// Agree has a person agree to what an app asks for, and become a friend of the
// linked account if they add it.
func (r *Room) Agree(tx *store.Tx, p *friend.Person, app App, add bool) error {
	ch := r.loginChannel(app.ChannelID)
	if ch == nil {
		return store.ErrNotFound
	}
	if err := grant(tx, ch, p, app.Scopes); err != nil || !add {
		return err
	}
	_, err := r.Befriend(tx, ch, p)
	return err
}

// Addable is the linked account that an app asks the person to add, or nil.
func (r *Room) Addable(tx *store.Tx, p *friend.Person, app App) (*channel.Channel, error) {
	ch := r.loginChannel(app.ChannelID)
	if ch == nil || app.BotPrompt != "normal" && app.BotPrompt != "aggressive" {
		return nil, nil
	}
	return r.stranger(tx, ch, p)
}
