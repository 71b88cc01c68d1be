package welcome

import (
	"context"
	"net/http"
	"slices"
	"sync"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
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
	channel sim.ChannelView
	person  sim.PersonView
}

// guestOf picks the first account that has a friend among the people.
func guestOf(w sim.World) (guest, bool) {
	for _, c := range w.Channels {
		if c.Account == nil {
			continue
		}
		for _, p := range w.People {
			for _, id := range p.FriendOf {
				if id == c.ID {
					return guest{c, p}, true
				}
			}
		}
	}
	return guest{}, false
}

func (x *Welcome) page(w http.ResponseWriter, r *http.Request) {
	position := x.Shell.Position()
	l := page.ReaderOf(r).Lang
	world, err := x.Sim.World(r.Context())
	if err != nil {
		x.Shell.Failed(w, r, err)
		return
	}
	who, ok := guestOf(world)
	if !ok {
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
	world, err := x.Sim.World(ctx)
	if err != nil {
		return nil, err
	}
	who, ok := guestOf(world)
	if !ok || who.person.UserID != t.ID(0) || who.channel.ID != t.ID(1) {
		return nil, nil
	}
	v, err := x.view(ctx, l, who, "")
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("tick-1", v.tick(1)), live.Replace("tick-2", v.tick(2)), live.Replace("tick-3", v.tick(3)),
		live.Replace("received", v.card()), live.Replace("verified", v.result()), live.Replace("all-done", v.allDone())}, nil
}
