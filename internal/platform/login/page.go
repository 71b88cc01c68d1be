package login

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/dialog"
	"kaiwa/internal/platform/friend"
)

func text(s string) g.Node { return h.P(g.Text(s)) }

// returning reads where a login page leads back to: nowhere but to the consent
// page of a good request.
func (r *Room) returning(c *api.Call, returnURI string) (*Request, error) {
	query, ok := strings.CutPrefix(returnURI, consentPath+"?")
	if !ok {
		return nil, pageError{"Invalid returnUri value."}
	}
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, pageError{"Invalid returnUri value."}
	}
	req, bad, err := r.read(c, q)
	if err == nil && bad != nil {
		err = pageError{bad.description}
	}
	return req, err
}

// loginPage shows who can log in.
func (r *Room) loginPage(c *api.Call) (any, error) {
	req, err := r.returning(c, c.Query().Get("returnUri"))
	if err != nil {
		return r.unusable(c, err)
	}
	return r.showLogin(c, req, c.Query().Get("returnUri"), "")
}

func (r *Room) showLogin(c *api.Call, req *Request, returnURI, complaint string) (any, error) {
	people, err := r.people(c, req.channel.Provider)
	if err != nil {
		return nil, err
	}
	s, err := r.session(c, req)
	if err != nil {
		return nil, err
	}
	if req.Prompt == "login" {
		s = nil
	}
	qr := req.query.Get("initial_amr_display") == "lineqr"
	both := req.query.Get("switch_amr") != "false"
	status := 200
	if complaint != "" {
		status = 401
	}
	dialog.Protect(c)
	return dialog.Page(status, "Log in to "+req.channel.Name,
		g.If(complaint != "", h.P(h.Role("alert"), g.Text(complaint))),
		continueAs(s, returnURI),
		form(returnURI, dialog.Person(people, ""),
			g.If(!qr || both, button("method", byPassword, "Log in", !qr)),
			g.If(qr || both, button("method", byQR, "Log in with the QR code", qr))),
		g.If(!qr || both, form(returnURI, h.Label(g.Text("Email address"), h.Input(h.Type("email"), h.Name("email"), h.Required(), h.AutoComplete("off"))),
			h.Label(g.Text("Password (any)"), h.Input(h.Type("password"), h.Name("password"), h.Required(), h.AutoComplete("off"))),
			button("method", byPassword, "Log in by email", false))))
}

// continueAs offers single sign-on.
func continueAs(s *session, returnURI string) g.Node {
	if s == nil {
		return nil
	}
	return form(returnURI, dialog.Hidden("userId", s.person.UserID), button("method", bySSO, "Continue as "+s.person.Profile.DisplayName, true))
}

func form(returnURI string, body ...g.Node) g.Node {
	return h.Form(h.Method("post"), h.Action(loginPath), dialog.Hidden("returnUri", returnURI), g.Group(body))
}

func button(name, value, label string, main bool) g.Node {
	return h.Button(g.If(main, h.Class("main")), h.Name(name), h.Value(value), g.Text(label))
}

// people lists whom a login page offers.
func (r *Room) people(c *api.Call, provider string) (list []*friend.Person, err error) {
	err = r.DB.View(c, func(tx *store.Tx) error {
		list, err = r.Friends.OfProvider(tx, provider)
		return err
	})
	return list, err
}

// logIn takes the login page's form.
func (r *Room) logIn(c *api.Call, in url.Values) (any, error) {
	returnURI := in.Get("returnUri")
	req, err := r.returning(c, returnURI)
	if err != nil {
		return r.unusable(c, err)
	}
	method := cmp.Or(in.Get("method"), byPassword)
	p, err := r.claimed(c, req, in)
	if err != nil {
		return nil, err
	}
	if method == bySSO {
		// Single sign-on proves nothing anew: the session has to be there.
		s, err := r.session(c, req)
		if err != nil {
			return nil, err
		}
		if s == nil || p == nil || s.person.No != p.No || req.Prompt == "login" {
			return r.showLogin(c, req, returnURI, "Please log in.")
		}
		return dialog.Redirect(c, returnURI)
	}
	if p == nil || method != byPassword && method != byQR {
		return r.showLogin(c, req, returnURI, "Nobody can log in so.")
	}
	if err := r.begin(c, p, method); err != nil {
		return nil, err
	}
	return dialog.Redirect(c, returnURI)
}

// claimed is whom the form names, by user id or email address; nil for nobody.
func (r *Room) claimed(c *api.Call, req *Request, in url.Values) (*friend.Person, error) {
	if email := in.Get("email"); email != "" {
		people, err := r.people(c, req.channel.Provider)
		for _, p := range people {
			if strings.EqualFold(p.Profile.Email, email) {
				return p, err
			}
		}
		return nil, err
	}
	var p *friend.Person
	err := r.DB.View(c, func(tx *store.Tx) (err error) {
		p, err = r.Friends.Resolve(tx, in.Get("userId"))
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Provider != req.channel.Provider {
		return nil, nil
	}
	return p, err
}
