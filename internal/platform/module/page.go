package module

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/dialog"
)

// page is what an account's admin sees: a plain form that needs no JavaScript.
type page struct {
	Module   string
	Scopes   []string
	Accounts []*channel.Channel
	Problem  string
}

func show(c *api.Call, status int, p page) (any, error) {
	dialog.Protect(c)
	problem := g.If(p.Problem != "", h.P(h.Role("alert"), g.Text(p.Problem)))
	if p.Module == "" {
		return dialog.Page(status, "This link does not work", problem)
	}
	return dialog.Page(status, p.Module+" wants to be attached", problem, h.P(g.Text("It asks to use:")),
		h.Ul(g.Map(p.Scopes, func(scope string) g.Node { return h.Li(h.Code(g.Text(scope))) })),
		h.Form(h.Method("post"), choice(p.Accounts), h.Button(h.Name("consent"), h.Value("cancel"), g.Text("Cancel"))))
}

// choice is of the official account, with the button that attaches the module to it.
func choice(accounts []*channel.Channel) g.Node {
	if len(accounts) == 0 {
		return h.P(g.Text("There is no official account that it can be attached to."))
	}
	return g.Group{h.FieldSet(h.Legend(g.Text("Official account")), accountButtons(accounts)),
		h.Button(h.Class("main"), h.Name("consent"), h.Value("allow"), g.Text("Link"))}
}

func accountButtons(accounts []*channel.Channel) g.Node {
	var list g.Group
	for i, a := range accounts {
		list = append(list, h.Label(h.Class("check"), h.Input(h.Type("radio"), h.Name("botId"), h.Value(a.Account.UserID), g.If(i == 0, h.Checked())),
			h.Span(g.Text(a.Account.DisplayName+" ("+a.Account.BasicID+")"))))
	}
	return list
}
