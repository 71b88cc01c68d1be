package login

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// session is that a browser's user has logged in: single sign-on.
type session struct {
	hash   string
	person *friend.Person
	amr    string
	at     int64 // of the authentication, unix milliseconds
}

const (
	cookieName  = "kaiwa_sso"
	sessionSpan = 30 * 24 * time.Hour
)

// Ways in which people prove who they are, as ID tokens name them.
const (
	byPassword  = "pwd"
	byQR        = "lineqr"
	bySSO       = "linesso"
	byAutoLogin = "lineautologin"
)

// session is the one of the browser that asks, if it may be used for the
// request: of a person of the channel's provider, and fresh enough. Else nil.
func (r *Room) session(c *api.Call, req *Request) (*session, error) {
	value := cookie(c)
	if value == "" {
		return nil, nil
	}
	s := &session{hash: hashOf(value)}
	err := r.DB.View(c, func(tx *store.Tx) error {
		var no, expires int64
		if err := tx.Row(`SELECT person_no, amr, authenticated_at, expires_at FROM login_sessions WHERE hash = $1`, []any{s.hash}, &no, &s.amr, &s.at, &expires); err != nil {
			return err
		}
		if expires <= c.Now.UnixMilli() {
			return store.ErrNotFound
		}
		p, err := r.Friends.ByNo(tx, no)
		s.person = p
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if s.person.Provider != req.channel.Provider || !req.fresh(s.at, c.Now) {
		return nil, nil
	}
	return s, nil
}

// auto says whether the browser is LINE's own, in which people need not log in.
func (s *session) auto(c *api.Call, req *Request) bool {
	return req.Prompt != "login" && req.query.Get("disable_auto_login") != "true" && strings.Contains(c.Header("User-Agent"), " Line/")
}

// begin logs a person in, in this browser.
func (r *Room) begin(c *api.Call, p *friend.Person, amr string) error {
	value := id.Secret(32)
	err := r.DB.Update(c, func(tx *store.Tx) error {
		if old := cookie(c); old != "" { // the browser's user changed: nobody is left logged in behind
			if _, err := tx.Exec(`DELETE FROM login_sessions WHERE hash = $1`, hashOf(old)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO login_sessions (hash, person_no, amr, authenticated_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			hashOf(value), p.No, amr, tx.Millis(), tx.Now.Add(sessionSpan).UnixMilli())
		return err
	})
	k := http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: int(sessionSpan / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.TLS()}
	c.SetHeader("Set-Cookie", k.String())
	return err
}

func cookie(c *api.Call) string {
	cookies, err := http.ParseCookie(c.Header("Cookie"))
	if err != nil {
		return ""
	}
	for _, k := range cookies {
		if k.Name == cookieName {
			return k.Value
		}
	}
	return ""
}
