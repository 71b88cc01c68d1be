package phone

import (
	"context"
	"errors"
	"net/http"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// Phone serves the screens.
type Phone struct {
	Shell *page.Shell
	Sim   *sim.Room
	// Token gives a channel access token that may be shown, "" if there is none.
	Token func(ctx context.Context, channelID string) string
}

// Routes mounts the screens.
func (p *Phone) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_/phone/{$}", p.someone)
	mux.HandleFunc("GET /_/phone/{user}", p.with(p.chatsPage))
	mux.HandleFunc("GET /_/phone/{user}/c/{chat}", p.with(p.chatPage))
	mux.HandleFunc("GET /_/phone/{user}/c/{chat}/older", p.with(p.older))
	mux.HandleFunc("POST /_/phone/{user}/c/{chat}/messages", p.with(p.send))
	mux.HandleFunc("POST /_/phone/{user}/c/{chat}/unsend", p.with(p.unsend))
	mux.HandleFunc("POST /_/phone/{user}/c/{chat}/coupons", p.with(p.actOnCoupon))
	mux.HandleFunc("POST /_/phone/{user}/c/{chat}/edit", p.with(p.edit))
	mux.HandleFunc("POST /_/phone/{user}/c/{chat}/taps", p.with(p.tap))
	mux.HandleFunc("GET /_/phone/{user}/liff", p.with(p.toLIFF))
	mux.HandleFunc("GET /_/phone/{user}/liff/{liffId}", p.with(p.liffPage))
	mux.HandleFunc("POST /_/phone/{user}/liff/{liffId}", p.with(p.agreeToLIFF))
	mux.HandleFunc("GET "+menuPath+"{id}", p.menuPicture)
	mux.HandleFunc("GET /_/phone/{user}/shops/{shop}", p.with(p.shopPage))
	mux.HandleFunc("POST /_/phone/{user}/shops/{shop}/orders", p.with(p.order))
	mux.HandleFunc("POST /_/phone/{user}/shops/{shop}/orders/{order}/pay", p.with(p.pay))
	mux.HandleFunc("GET "+samplePath, serveSample)
	mux.HandleFunc("GET "+stickerPath+"{package}/{file}", serveSticker)
}

// someone opens the phone of the first person of the world.
func (p *Phone) someone(w http.ResponseWriter, r *http.Request) {
	people, _, err := p.Sim.People(r.Context(), "")
	switch {
	case err != nil:
		p.Shell.Failed(w, r, err)
	case len(people) == 0:
		http.Redirect(w, r, "/_/", http.StatusSeeOther)
	default:
		http.Redirect(w, r, Path(people[0].UserID), http.StatusSeeOther)
	}
}

// screen is a handler of something that a person of the world has.
type screen func(w http.ResponseWriter, r *http.Request, s scene) error

// with finds the person in the path, and answers what a screen could not.
func (p *Phone) with(run screen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := p.scene(r.Context(), page.ReaderOf(r).Lang, r.PathValue("user"))
		if err == nil {
			s.base = page.Base(r)
			err = run(w, r, s)
		}
		p.answer(w, r, err)
	}
}

// answer turns what went wrong into a page; nil is no error.
func (p *Phone) answer(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *api.Error
	switch {
	case err == nil:
	case gone(err):
		p.Shell.Lost(w, r)
	case errors.As(err, &refusal):
		p.Shell.Refused(w, r, refusal.Message)
	default:
		p.Shell.Failed(w, r, err)
	}
}

// gone tells a refusal for what does not exist from other errors.
func gone(err error) bool {
	var refusal *api.Error
	return errors.As(err, &refusal) && refusal.Code == api.NotFound
}

// Path is where a person's phone is.
func Path(userID string) string { return "/_/phone/" + userID }

// people is the rail from which one changes to another person's phone: the
// first of the world, before them whoever holds this one and is not among them.
func (s scene) people() (g.Node, error) {
	list, count, err := s.sim.People(s.ctx, "")
	if !slices.ContainsFunc(list, func(p *friend.Person) bool { return p.UserID == s.person.UserID }) {
		list = slices.Insert(list, 0, s.person)
	}
	return h.Nav(h.Class("people"), h.Aria("label", wordPeople.In(s.lang)), g.Map(list, func(p *friend.Person) g.Node {
		name := p.Profile.DisplayName
		return h.A(h.Href(Path(p.UserID)), h.Title(name), g.If(p.UserID == s.person.UserID, h.Aria("current", "true")),
			page.Face(name, p.Profile.PictureURL, p.UserID), h.Span(g.Text(name)))
	}), g.If(count > len(list), h.A(h.Href("/_/"), g.Text(wordAllPeople.In(s.lang))))), err
}

// styles are the stylesheets of a phone.
var styles = []string{"flex.css", "phone.css"}

// shown is a page of the phone, with what stands beside it.
func (p *Phone) shown(w http.ResponseWriter, r *http.Request, s scene, pg page.Page, phone, beside g.Node) error {
	rail, err := s.people()
	if err != nil {
		return err
	}
	pg.Current = "phone"
	pg.Class = "with-phone"
	pg.Styles = styles
	pg.Body = h.Div(h.Class("desk"), rail, phone, h.Aside(h.ID("panel"), h.Class("panel"), beside))
	p.Shell.Write(w, r, pg)
	return nil
}

// Pane is a chat on its phone, for a page that shows other things beside it.
type Pane struct {
	Node                    g.Node
	Topics, Styles, Scripts []string
}

// Pane draws a person's chat.
func (p *Phone) Pane(r *http.Request, userID, chatID string) (Pane, error) {
	s, err := p.scene(r.Context(), page.ReaderOf(r).Lang, userID)
	if err != nil {
		return Pane{}, err
	}
	t, err := s.thread(chatID, "")
	if err == nil {
		err = t.openMenu()
	}
	if err != nil {
		return Pane{}, err
	}
	return Pane{Node: t.pane("", false), Topics: t.topics(), Styles: styles, Scripts: []string{"chat.js"}}, nil
}
