package phone

import (
	"fmt"
	"net/http"
	"net/url"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// sheet is a LIFF app over what the phone shows: a chat, or the list of chats.
type sheet struct {
	scene
	app    sim.LIFFApp
	chatID string // "" for no chat
	path   string // what followed the LIFF id in the link
	// under is the phone below the sheet.
	under  g.Node
	topics []string
	script string
	at     sim.ChatRef
}

// liffPath is where an app opens on the phone.
func (s scene) liffPath(chatID string, to sim.LIFFLink) string {
	q := url.Values{}
	if chatID != "" {
		q.Set("chat", chatID)
	}
	if to.Path != "" {
		q.Set("path", to.Path)
	}
	path := s.path() + "/liff/" + url.PathEscape(to.LiffID)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// toLIFF is where a tap on a link leads: the app's id is in the query.
func (p *Phone) toLIFF(w http.ResponseWriter, r *http.Request, s scene) error {
	http.Redirect(w, r, s.liffPath(r.FormValue("chat"), sim.LIFFLink{LiffID: r.FormValue("liffId"), Path: r.FormValue("path")}), http.StatusSeeOther)
	return nil
}

// liffPage opens an app over a chat, or asks the person to agree to it first.
func (p *Phone) liffPage(w http.ResponseWriter, r *http.Request, s scene) error {
	position := p.Shell.Position()
	t, err := p.sheet(r, s)
	if err != nil {
		return err
	}
	over := t.consent()
	if t.app.Agreed {
		opened, err := p.Sim.OpenLIFF(r.Context(), s.person.UserID, p.Sim.Login.IssuerAt(s.base), sim.LIFFOpening{LiffID: t.app.LiffID, Chat: t.at, Path: t.path})
		if err != nil {
			return err
		}
		over = t.opened(opened)
	}
	return p.shown(w, r, s, page.Page{Title: t.app.Title(), Position: position, Topics: t.topics, Scripts: []string{t.script}},
		h.Div(h.Class("covered"), h.Div(g.Attr("inert"), t.under), h.Div(h.Class("cover"), over)), t.byCodes())
}

// sheet reads what a sheet needs; api.NotFound where there is no such app or chat.
func (p *Phone) sheet(r *http.Request, s scene) (t sheet, err error) {
	t = sheet{scene: s, chatID: r.FormValue("chat"), path: r.FormValue("path")}
	if t.app, err = p.Sim.LIFFApp(r.Context(), s.person.UserID, r.PathValue("liffId")); err != nil {
		return t, err
	}
	if t.chatID == "" {
		chats, err := p.Sim.Chats(r.Context(), s.person.UserID)
		t.under, t.topics, t.script = s.chatsPane(chats, nil), []string{"chats:" + s.person.UserID}, "chats.js"
		return t, err
	}
	c, err := s.thread(t.chatID, "")
	if err == nil {
		err = c.openMenu()
	}
	if err != nil {
		return t, err
	}
	t.under, t.topics, t.script, t.at = c.pane("", false), c.topics(), "chat.js", c.chat.ChatRef
	return t, nil
}

// back is what lies under the sheet.
func (t sheet) back() string {
	if t.chatID == "" {
		return t.scene.path()
	}
	return t.chatPath(t.chatID)
}

// own is where the sheet itself is.
func (t sheet) own() string {
	return t.liffPath(t.chatID, sim.LIFFLink{LiffID: t.app.LiffID, Path: t.path})
}

// consent asks for what the app wants to know and do.
func (t sheet) consent() g.Node {
	l := t.lang
	scopes := t.app.Scopes()
	return h.Section(h.Class("liff liff-full"), h.Role("dialog"), h.Aria("labelledby", "liff-title"),
		h.Form(h.Class("store"), h.Method("post"), h.Action(t.own()),
			h.H1(h.ID("liff-title"), g.Text(t.app.Title())),
			h.P(g.Text(fmt.Sprintf(wordAppAsks.In(l), t.name()))),
			h.Ul(g.Map(scopes, func(scope string) g.Node { return h.Li(g.Text(scopeWords[scope].In(l))) })),
			g.Iff(t.app.Bot != nil, func() g.Node {
				return h.Label(h.Class("row start"), h.Input(h.Type("checkbox"), h.Name("addFriend"), h.Value("1"), h.Checked()),
					h.Span(g.Text(fmt.Sprintf(wordAddFriend.In(l), t.app.Bot.Account.DisplayName))))
			}),
			h.Div(h.Class("row"), h.Button(h.Class("button"), h.Name("consent"), h.Value("allow"), g.Text(wordAllow.In(l))),
				h.Button(h.Class("button plain"), h.Name("consent"), h.Value("cancel"), g.Text(wordCancel.In(l))))))
}

// agreeToLIFF takes the answer.
func (p *Phone) agreeToLIFF(w http.ResponseWriter, r *http.Request, s scene) error {
	t := sheet{scene: s, chatID: r.URL.Query().Get("chat"), path: r.URL.Query().Get("path")}
	app, err := p.Sim.LIFFApp(r.Context(), s.person.UserID, r.PathValue("liffId"))
	if err != nil {
		return err
	}
	t.app = app
	to := t.back()
	if r.FormValue("consent") == "allow" {
		if err := p.Sim.AgreeToLIFF(r.Context(), s.person.UserID, app.LiffID, r.FormValue("addFriend") != ""); err != nil {
			return err
		}
		to = t.own()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// sandbox is what an app may do in its frame: all that a page of its own may,
// but lead the phone elsewhere.
const sandbox = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads"

// opened is the app in its frame, under a bar of the phone's own.
func (t sheet) opened(o sim.LIFFOpened) g.Node {
	l := t.lang
	may := sandbox
	if at, err := url.Parse(o.URL); err == nil && at.Scheme+"://"+at.Host != t.base {
		may += " allow-same-origin" // as the phone itself it could take the phone over
	}
	external := g.If(t.app.View.ModuleMode == nil || !*t.app.View.ModuleMode, h.A(h.Class("back"), h.Href("/"+t.app.LiffID+escaped(t.path)), h.Target("_blank"),
		h.Rel("noopener noreferrer"), h.Title(wordExternal.In(l)), h.Aria("label", wordExternal.In(l)), icon("M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5")))
	return h.Section(h.Class("liff liff-"+t.app.View.Type), h.Role("dialog"), h.Aria("label", t.app.Title()),
		h.Header(h.Class("top"), h.H1(g.Text(t.app.Title())), external,
			h.A(h.Class("back"), h.Href(t.own()), h.Title(wordReload.In(l)), h.Aria("label", wordReload.In(l)), icon("M19 8a8 8 0 1 0 1 6M20 3v5h-5")),
			h.A(h.Class("back"), h.Href(t.back()), h.Title(page.Close.In(l)), h.Aria("label", page.Close.In(l)), icon("M6 6l12 12M18 6L6 18"))),
		h.IFrame(h.Src(o.URL), h.Name(o.Frame), h.Title(t.app.Title()), g.Attr("sandbox", may), g.Attr("allow", "camera; microphone; geolocation; clipboard-write")))
}

// escaped passes on what followed a LIFF id, if it can stand after one in a path of ours.
func escaped(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return u.String()
}

// byCodes is how to open the app by the API.
func (t sheet) byCodes() g.Node {
	body := fmt.Sprintf(`{"liffId":"%s"`, t.app.LiffID)
	if t.chatID != "" {
		body += `,"chat":` + inJSON(t.at)
	}
	return t.byCode(wordOpenByCode, "as-person", page.Curl{Path: "/sim/v1/people/" + t.person.UserID + "/liff", Body: body + "}"})
}
