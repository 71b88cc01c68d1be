package liff

import (
	_ "embed" // the bus's script
	"errors"
	"net/url"
	"regexp"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/login"
)

// An app opens other apps in windows of their own, sub-windows. Theirs and its
// own page talk over a bus: a hidden frame in each, both of the same origin.

//go:embed bus.js
var busScript string

var busForm = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)

// bus is the hidden frame; it may stand in any app's page.
func (r *Room) bus(c *api.Call, in url.Values) (any, error) {
	id := in.Get("identifier")
	if !busForm.MatchString(id) {
		return nil, api.Errorf(api.Invalid, "invalid identifier")
	}
	c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src "+hashOf(busScript)+"; base-uri 'none'")
	return dialog.Page(200, "Message bus", h.Div(h.ID("bus"), h.Data("id", id)), h.Script(g.Raw(busScript)))
}

// origin tells where a sub-window's page will be.
func (r *Room) origin(c *api.Call) (any, error) {
	out := struct {
		Origin string `json:"origin"`
		Common bool   `json:"subwindowCommonModule"`
	}{ownOrigin, true}
	if windows[c.Path("liffId")] != nil {
		return out, nil
	}
	return out, r.DB.View(c, func(tx *store.Tx) error {
		a, err := r.Find(tx, c.Path("liffId"))
		if errors.Is(err, store.ErrNotFound) {
			return errUnknown
		}
		if err != nil {
			return err
		}
		u, err := url.Parse(a.View.URL)
		if err == nil {
			out.Origin = u.Scheme + "://" + u.Host
		}
		return err
	})
}

// featureToken is what an app asks for that another app led to.
func (r *Room) featureToken(c *api.Call) (any, error) {
	u := login.Caller(c)
	if u.LiffID != c.Path("liffId") {
		return nil, errUnknown
	}
	return struct {
		FeatureToken string `json:"featureToken"`
	}{login.Hash(u.Hash)}, nil
}
