package workspace

import (
	"net/http"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/ui/page"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/key"
)

// keys is the page of a workspace's API keys.
func (x *Settings) keys(w http.ResponseWriter, r *http.Request, ws account.Workspace) error {
	position := x.Shell.Position()
	list, err := x.Keys.List(r.Context(), ws.ID)
	if err != nil {
		return err
	}
	l := page.ReaderOf(r).Lang
	var shown, empty g.Node
	if secret := x.take(r.FormValue("issued"), ws.ID); secret != "" {
		shown = once(l, ws.ID, secret)
	}
	if len(list) == 0 {
		empty = h.Div(h.Class("section"), h.P(g.Text(wordEmptyWhy.In(l))),
			page.Snippet(l, "first-call", page.Curl{Base: page.Base(r), Path: "/public/v1/accounts", Token: "API_KEY"}.String()))
	}
	x.Shell.Write(w, r, page.Page{Title: wordKeys.In(l) + " · " + ws.Name, Current: "workspace", Position: position, Topics: []string{"keys:" + ws.ID},
		Body: g.Group{
			h.P(h.Class("quiet"), g.Text(ws.Name)),
			h.Div(h.Class("row spread"), h.H1(g.Text(wordKeys.In(l))),
				h.Form(h.Method("post"), h.Action(keysPath(ws.ID)), h.Button(h.Class("button"), g.Text(wordIssue.In(l))))),
			h.P(h.Class("lead"), g.Text(wordLead.In(l)+" "), h.A(h.Href("/_/docs"), g.Text(wordDocs.In(l)))),
			shown,
			table(l, ws.ID, list), empty,
			h.P(h.Class("quiet section"), g.Textf(wordLimit.In(l), ws.Rate.Requests, int(ws.Rate.Per.Seconds()))),
			h.P(h.Class("quiet"), g.Text(wordAdvice.In(l))),
		}})
	return nil
}

// once shows a new key for the only time.
func once(l page.Lang, workspaceID, secret string) g.Node {
	return h.Section(h.Class("card once"), h.Role("status"), h.Aria("labelledby", "issued-title"),
		h.H2(h.ID("issued-title"), g.Text(wordIssued.In(l))),
		h.P(g.Text(wordOnce.In(l))),
		h.Pre(h.Class("code"), h.ID("secret"), h.TabIndex("0"), g.Text(secret)),
		h.Div(h.Class("row"),
			h.Button(h.Type("button"), h.Class("button"), h.Data("copy", "secret"), g.Text(wordCopyKey.In(l))),
			h.A(h.Class("button plain"), h.Href(keysPath(workspaceID)), g.Text(wordStored.In(l)))))
}

func table(l page.Lang, workspaceID string, list []key.Key) g.Node {
	if len(list) == 0 {
		return h.Div(h.ID("keys"), h.Data("live", ""), h.Class("card empty"), h.H2(g.Text(wordEmpty.In(l))))
	}
	return h.Div(h.ID("keys"), h.Data("live", ""), h.Class("card scroll"),
		h.Table(
			h.THead(h.Tr(g.Map([]page.Phrase{wordKey, wordCreated, wordUsed, wordActions}, func(p page.Phrase) g.Node {
				return h.Th(h.Scope("col"), g.Text(p.In(l)))
			}))),
			h.TBody(g.Map(list, func(k key.Key) g.Node { return row(l, workspaceID, k) }))))
}

func row(l page.Lang, workspaceID string, k key.Key) g.Node {
	name := masked(k)
	return h.Tr(
		h.Td(h.Class("mono"), g.Text(name)), h.Td(h.Data("label", wordCreated.In(l)), when(k.CreatedAt)),
		h.Td(h.Data("label", wordUsed.In(l)), g.If(k.LastUsedAt.IsZero(), g.Text(wordNever.In(l))), g.If(!k.LastUsedAt.IsZero(), when(k.LastUsedAt))),
		h.Td(h.Div(h.Class("row"),
			ask(l, question{"regenerate-" + k.ID, keysPath(workspaceID) + "/" + k.ID + "/regenerate", name, wordRegenerate, askRegenerate, askRegenerateWhy}),
			ask(l, question{"delete-" + k.ID, keysPath(workspaceID) + "/" + k.ID + "/delete", name, wordDelete, askDelete, askDeleteWhy}))))
}

// masked is what is left of a key to tell it from others.
func masked(k key.Key) string { return k.Prefix + "…" + k.LastFour }

// when is a real time, in Japan's zone, to the minute.
func when(t time.Time) g.Node {
	in := t.In(time.FixedZone("UTC+9", 9*3600))
	return h.Time(h.DateTime(t.Format(time.RFC3339)), g.Text(in.Format("2006-01-02 15:04")+" UTC+9"))
}

// question is something that cannot be undone and is asked first.
type question struct {
	id, action, key string
	verb, ask, why  page.Phrase
}

// ask is the way to a question. Without a script the link shows the dialog that
// it points at; the question is always asked.
func ask(l page.Lang, q question) g.Node {
	return g.Group{
		h.A(h.Class("button plain small"), h.Href("#"+q.id), h.Data("dialog", q.id), g.Text(q.verb.In(l))),
		h.Dialog(h.ID(q.id), h.Aria("labelledby", q.id+"-title"),
			h.H2(h.ID(q.id+"-title"), g.Text(q.ask.In(l))), h.P(h.Class("mono"), g.Text(q.key)), h.P(g.Text(q.why.In(l))),
			h.Form(h.Method("post"), h.Action(q.action), h.Div(h.Class("row"),
				h.A(h.Class("button plain"), h.Href("#keys"), h.Data("close", ""), g.Text(page.Cancel.In(l))),
				h.Button(h.Class("button danger"), g.Text(q.verb.In(l)))))),
	}
}
