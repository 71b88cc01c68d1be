package phone

import (
	"net/http"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/flexhtml"
)

// menuPath is where the pictures of rich menus are served.
const menuPath = "/_/richmenus/"

// openMenu reads the rich menu that lies under the chat, and has the person see
// it when it is open at first.
func (t *thread) openMenu() (err error) {
	if t.menu, err = t.sim.RichMenu(t.ctx, t.person.UserID, t.chat.ID); err != nil || t.menu == nil || !t.menu.Selected {
		return err
	}
	// What cannot be counted, as on a full disk, can still be shown.
	_ = t.sim.Look(t.ctx, t.person.UserID, t.chat.ID)
	return nil
}

// richMenu is the bar that opens and closes a rich menu, and the menu: a form,
// so that areas can be tapped without a script. nil draws that there is none.
func (s scene) richMenu(chatID string, m *richmenu.Menu, opened bool) g.Node {
	if m == nil {
		return h.Div(h.ID("menu"), h.Data("live", ""), g.Attr("hidden"))
	}
	areas, err := m.Areas()
	if err != nil { // a picture without areas is better than no chat
		areas = nil
	}
	list := make([]flexhtml.RichMenuArea, len(areas))
	for i, a := range areas {
		list[i] = flexhtml.RichMenuArea{X: a.Bounds.X, Y: a.Bounds.Y, Width: a.Bounds.Width, Height: a.Bounds.Height, Action: a.Action}
	}
	return h.Details(h.ID("menu"), h.Class("menu"), h.Data("live", ""), g.If(opened, g.Attr("open")),
		h.Summary(h.Aria("keyshortcuts", "Alt+M"), g.Text(m.ChatBarText)),
		h.Form(h.Method("post"), h.Action(s.chatPath(chatID)+"/taps"), flexhtml.RichMenu(menuPath+m.ID, m.Width, m.Height, list, s.renderer(chatID))))
}

// tap is a tap on an area of the rich menu where no script runs its action.
func (p *Phone) tap(w http.ResponseWriter, r *http.Request, s scene) error {
	c, err := s.chat(r.PathValue("chat"))
	if err != nil {
		return err
	}
	area, err := strconv.Atoi(r.FormValue("area"))
	if err != nil {
		return api.Errorf(api.Invalid, "area: the number of an area")
	}
	did, err := p.Sim.Tap(r.Context(), s.person.UserID, sim.Tapping{Chat: c.ChatRef, RichMenuArea: &area})
	if err != nil {
		return err
	}
	to := s.chatPath(c.ID)
	if did.LIFF != nil {
		to = s.liffPath(c.ID, *did.LIFF)
	} else if strings.HasPrefix(did.URI, "http://") || strings.HasPrefix(did.URI, "https://") {
		to = did.URI
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// menuPicture serves the picture of a rich menu, which never changes.
func (p *Phone) menuPicture(w http.ResponseWriter, r *http.Request) {
	data, kind, err := p.Sim.RichMenuPicture(r.Context(), r.PathValue("id"))
	if err != nil {
		p.answer(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	w.Write(data)
}
