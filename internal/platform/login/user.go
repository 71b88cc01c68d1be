package login

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// User is who calls with a user access token.
type User struct {
	Person  *friend.Person
	Channel *channel.Channel
	LiffID  string // of the LIFF app that the token was issued to, or ""
	Scopes  []string
	// Hash stands for the token in the store.
	Hash  string
	token tokenRow
}

// Has says whether the token was issued with a scope.
func (u *User) Has(scope string) bool { return u.token.has(scope) }

// ExpiresIn is how long the token is still good for.
func (u *User) ExpiresIn(now time.Time) time.Duration {
	return time.UnixMilli(u.token.expiresAt).Sub(now)
}

// Caller is the user that makes an authenticated call.
func Caller(c *api.Call) *User { return c.Principal.(*User) }

// Authenticate recognises a user access token. The error is an *api.Error with
// status 401, or the store's.
func (r *Room) Authenticate(req *http.Request) (owner string, principal any, err error) {
	scheme, value, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if value = strings.TrimSpace(value); !strings.EqualFold(scheme, "Bearer") || value == "" {
		return "", nil, errNoHeader
	}
	var u *User
	err = r.DB.View(req.Context(), func(tx *store.Tx) error {
		u, err = r.User(tx, value)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return u.Channel.ID, u, nil
}

// User is who a user access token was issued to; the error is an *api.Error with
// status 401, or the store's.
func (r *Room) User(tx *store.Tx, value string) (*User, error) {
	t, err := find(tx, byAccess, value)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errTokenBad
	case err != nil:
		return nil, err
	case t.revokedAt != 0:
		return nil, errTokenGone
	case t.expiresAt <= tx.Millis():
		return nil, errTokenOld
	}
	ch := r.Channels.ByNo(t.channelNo)
	p, err := r.Friends.ByNo(tx, t.personNo)
	if errors.Is(err, store.ErrNotFound) || ch == nil {
		return nil, errTokenBad
	}
	return &User{p, ch, t.liffID, t.scopes, hashOf(value), t}, err
}

type profile struct {
	UserID        string `json:"userId"`
	DisplayName   string `json:"displayName"`
	PictureURL    string `json:"pictureUrl,omitzero"`
	StatusMessage string `json:"statusMessage,omitzero"`
}

// profile tells the user's profile; it needs the scope profile.
// https://developers.line.biz/en/reference/line-login/#get-user-profile
func (r *Room) profile(c *api.Call) (any, error) {
	u := Caller(c)
	if !u.Has("profile") {
		return nil, errPermission
	}
	p := u.Person
	return profile{p.UserID, p.Profile.DisplayName, p.Profile.PictureURL, p.Profile.StatusMessage}, nil
}

type userinfo struct {
	Subject string `json:"sub"`
	Name    string `json:"name,omitzero"`
	Picture string `json:"picture,omitzero"`
}

// userinfo is OpenID Connect's; it needs the scope openid.
// https://developers.line.biz/en/reference/line-login/#userinfo
func (r *Room) userinfo(c *api.Call) (any, error) {
	u := Caller(c)
	if !u.Has("openid") {
		return nil, errScope
	}
	v := userinfo{Subject: u.Person.UserID}
	if u.Has("profile") {
		v.Name, v.Picture = u.Person.Profile.DisplayName, u.Person.Profile.PictureURL
	}
	return v, nil
}

// friendship tells whether the user is a friend of the channel's linked
// official account.
// https://developers.line.biz/en/reference/line-login/#get-friendship-status
func (r *Room) friendship(c *api.Call) (any, error) {
	u := Caller(c)
	if !u.Has("profile") {
		return nil, errPermission
	}
	if c.Query().Get("officialAccountId") != "" {
		return nil, api.Errorf(api.Forbidden, "LOGIN_MULTI_LINKED_BOT_PROMPT feature license is required.")
	}
	bot := r.LinkedBot(u.Channel)
	if bot == nil {
		return nil, api.Errorf(api.Invalid, "There is no login bot linked to this channel.")
	}
	var out struct {
		FriendFlag bool `json:"friendFlag"`
	}
	err := r.DB.View(c, func(tx *store.Tx) error {
		f, err := r.Friends.Friendship(tx, bot, u.Person)
		out.FriendFlag = f.State == friend.Friend
		return err
	})
	return out, err
}
