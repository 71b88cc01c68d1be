package login

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
)

// A phone in an ordinary browser shows LIFF apps in a frame. The SDK there takes
// it for an external browser and logs in; but who holds the phone has agreed
// already, so nobody is asked again. The frame's name carries the access token
// that the phone made when it opened the app: cookies would not reach the frame,
// which is of another site than the phone.

// FrameName is the name of the frame in which a phone shows a LIFF app.
func FrameName(accessToken string) string { return frameName + accessToken }

const (
	frameName = "kaiwa-liff "
	// opening is the parameter in which the page below passes the token on.
	opening = "liff_opening"
)

// Opened is that an app, which was opened with one access token, logged in and
// got another.
type Opened struct {
	From, To  string // hashes of the tokens
	ExpiresAt int64  // of the second, unix milliseconds
}

// passOn reads the frame's name, which no server sees.
const passOn = `if (name.startsWith("` + frameName + `")) location.replace(location.href + "&` + opening + `=" + encodeURIComponent(name.slice(11)))`

// onPhone answers a login in the frame of a phone: a code for whom the app was
// opened for. A page may be framed there, as it has nothing to press.
func (r *Room) onPhone(c *api.Call, req *Request) (any, error) {
	value := c.Query().Get(opening)
	if value == "" {
		return framed(c, "This app asks to log in, but it was not opened on a phone. Open it in a window of its own.", h.Script(g.Raw(passOn)))
	}
	var u *User
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		u, err = r.User(tx, value)
		return err
	})
	var refusal *api.Error
	if err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	if err != nil || u.LiffID != req.LiffID {
		return framed(c, "This app was opened too long ago. Close it and open it again.")
	}
	s := &session{person: u.Person, amr: byAutoLogin, at: c.Now.UnixMilli()}
	req.Prompt, req.Opening = "", u.Hash
	agreed, err := r.agreed(c, req, s)
	if err != nil {
		return nil, err
	}
	if !agreed { // it asks for more than when it was opened
		return framed(c, "This app asks for more than you agreed to. Close it and open it again.")
	}
	return r.finish(c, req, s, consent{scopes: req.Scopes})
}

func framed(c *api.Call, why string, script ...g.Node) (any, error) {
	sum := sha256.Sum256([]byte(passOn))
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"+
		base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'")
	return dialog.Page(200, "Log in", h.P(g.Text(why)), g.Group(script))
}
