package welcome

import (
	"context"
	"net/http"
	"slices"
	"sync"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/ui/phone"
)

// Welcome serves the first steps.
type Welcome struct {
	Shell *page.Shell
	Sim   *sim.Room
	Phone *phone.Phone
	API   page.API
	// Token gives a channel access token that may be shown, "" if there is none.
	Token func(ctx context.Context, channelID string) string

	mu sync.Mutex
	// verified is the last Verify of each channel.
	verified map[string]*verification
}

// Path is where the first steps are.
const Path = "/_/welcome"

// Routes mounts the page.
func (x *Welcome) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, x.page)
	mux.HandleFunc("POST "+Path+"/webhook", x.connect)
}

// Live registers what the page listens to: welcome:{user}:{channel}.
func (x *Welcome) Live(s *live.Streams) { s.On("welcome", x.changed) }

// guest is the account whose first steps are shown and the person on the phone.
type guest struct {
	channel *channel.Channel
	person  *friend.Person
}

func (x *Welcome) page(w http.ResponseWriter, r *http.Request) {
	position := x.Shell.Position()
	l := page.ReaderOf(r).Lang
	ch, person, err := x.Sim.Guest(r.Context())
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	who := guest{ch, person}
	if ch == nil {
		x.Shell.Write(w, r, page.Page{Title: wordTitle.In(l), Position: position, Topics: []string{"world"},
			Body: g.Group{h.H1(g.Text(wordTitle.In(l))), h.P(h.Class("lead"), g.Text(wordNoAccount.In(l)))}})
		return
	}
	pane, err := x.Phone.Pane(r, who.person.UserID, who.channel.ID)
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	view, err := x.view(r.Context(), l, who, page.Base(r))
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	x.Shell.Write(w, r, page.Page{Title: wordTitle.In(l), Position: position, Class: "with-phone",
		Topics:  append(pane.Topics, "welcome:"+who.person.UserID+":"+who.channel.ID),
		Styles:  slices.Concat(pane.Styles, []string{"welcome.css"}),
		Scripts: pane.Scripts,
		Body: h.Div(h.Class("welcome"), pane.Node, h.Div(
			h.H1(g.Text(wordTitle.In(l))), h.P(h.Class("lead"), g.Text(wordLead.In(l))),
			view.steps(), h.P(h.A(h.Href("/_/"), g.Text(wordSkip.In(l)))))),
	})
}

// changed ticks the steps on open pages. Only the ticks and the cards change:
// what somebody is typing stays.
func (x *Welcome) changed(ctx context.Context, l page.Lang, t live.Topic, c feed.Change) ([]live.Patch, error) {
	switch c.Type {
	case "message", "request", "webhook", "verified":
	default:
		return nil, nil
	}
	if c.ChannelID != t.ID(1) && c.ChannelID != "" {
		return nil, nil
	}
	ch := x.Sim.Channels.Get(t.ID(1))
	if ch == nil {
		return nil, nil
	}
	person, err := x.Sim.Person(ctx, t.ID(0))
	if err != nil {
		return nil, err
	}
	v, err := x.view(ctx, l, guest{ch, person}, "")
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("tick-1", v.tick(1)), live.Replace("tick-2", v.tick(2)), live.Replace("tick-3", v.tick(3)),
		live.Replace("received", v.card()), live.Replace("verified", v.result()), live.Replace("all-done", v.allDone())}, nil
}
