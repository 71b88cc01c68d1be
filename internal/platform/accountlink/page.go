package accountlink

import (
	"errors"
	"net/url"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/friend"
)

// page asks who follows the link; with userId that is said already.
// https://developers.line.biz/en/docs/messaging-api/linking-accounts/#step-four-verifying-user-id
func (r *Room) page(c *api.Call) (any, error) {
	q := c.Query()
	if q.Get("userId") != "" {
		return r.sent(c, q)
	}
	token, nonce := q.Get("linkToken"), q.Get("nonce")
	var t ticket
	var people []*friend.Person
	err := checkNonce(nonce)
	if err == nil {
		err = r.db.View(c, func(tx *store.Tx) error {
			var err error
			if t, err = r.find(tx, token); err == nil {
				people, err = r.friends.OfProvider(tx, t.channel.Provider)
			}
			return err
		})
	}
	if err != nil {
		return problem(c, err)
	}
	dialog.Protect(c)
	return dialog.Page(200, "Link your account with "+t.channel.Account.DisplayName,
		h.P(g.Text("The account will know your LINE account as a user of its own service.")),
		h.Form(h.Method("post"), h.Action(path), dialog.Hidden("linkToken", token), dialog.Hidden("nonce", nonce),
			dialog.Person(people, ""), h.Button(h.Class("main"), g.Text("Link"))))
}

// sent takes the page's form.
func (r *Room) sent(c *api.Call, in url.Values) (any, error) {
	var ok bool
	err := r.db.Update(c, func(tx *store.Tx) error {
		p, err := r.friends.Resolve(tx, in.Get("userId"))
		if errors.Is(err, store.ErrNotFound) {
			return api.Errorf(api.Invalid, "userId: there is no such person")
		}
		if err == nil {
			ok, _, err = r.Link(tx, p, in.Get("linkToken"), in.Get("nonce"))
		}
		return err
	})
	if err == nil && !ok {
		err = api.Errorf(api.Invalid, "This link was made for somebody else, or for somebody who is no friend of the account.")
	}
	if err != nil {
		return problem(c, err)
	}
	dialog.Protect(c)
	return dialog.Page(200, "Your account is linked", h.P(g.Text("You can close this page and go back to the chat.")))
}

// problem is the page of a refusal; other errors stay errors.
func problem(c *api.Call, err error) (any, error) {
	var refusal *api.Error
	if !errors.As(err, &refusal) {
		return nil, err
	}
	dialog.Protect(c)
	return dialog.Page(400, "Your account was not linked", h.P(h.Role("alert"), g.Text(refusal.Message)))
}
