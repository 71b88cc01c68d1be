package ui

import (
	"context"
	"net/http"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/ui/welcome"
)

// The catalogue of the home page.
var (
	wordHome      = page.Say("Home", "ホーム")
	wordLead      = page.Say("A LINE platform of your own. Open a phone to write as a person; your bot answers as the account.", "手元で動くLINEプラットフォームです。スマホを開いてユーザーとして話しかけると、ボットがアカウントとして返信します。")
	wordWelcome   = page.Say("First steps", "はじめに")
	wordPeople    = page.Say("People", "ユーザー")
	wordPeopleWhy = page.Say("Open somebody's phone.", "スマホを開きます。")
	wordNoPeople  = page.Say("Nobody lives in this world yet. Add a person:", "このワールドにはまだ誰もいません。ユーザーを追加してください：")
	wordChannels  = page.Say("Channels", "チャネル")
	wordNoChannel = page.Say("There are no channels. Name some in a world file and start with --world.", "チャネルがありません。ワールドファイルに記述し、--world を付けて起動してください。")
	wordFriends   = page.Say("friends", "友だち")
	wordWebhook   = page.Say("Webhook", "Webhook")
	wordBuiltin   = page.Say("The built-in bot answers", "内蔵ボットが応答します")
	wordOff       = page.Say("off", "オフ")
	wordGroups    = page.Say("Groups", "グループ")
	wordMembers   = page.Say("members", "人")
)

// home is the first page: who and what there is.
type home struct {
	shell *page.Shell
	sim   *sim.Room
}

func (x *home) page(w http.ResponseWriter, r *http.Request) {
	position := x.shell.Position()
	world, err := x.sim.World(r.Context())
	if err != nil {
		x.shell.Failed(w, r, err)
		return
	}
	l := page.ReaderOf(r).Lang
	x.shell.Write(w, r, page.Page{Title: wordHome.In(l), Position: position, Topics: []string{"world"}, Body: g.Group{
		h.H1(g.Text("Kaiwa")), h.P(h.Class("lead"), g.Text(wordLead.In(l))),
		h.P(h.A(h.Class("button"), h.Href(welcome.Path), g.Text(wordWelcome.In(l)))),
		overview(world, l, page.Base(r)),
	}})
}

// changed draws the page anew when people or channels come, go or change.
func (x *home) changed(ctx context.Context, l page.Lang, _ live.Topic, c feed.Change) ([]live.Patch, error) {
	switch c.Type {
	case "friendship", "members", "world":
	default:
		return nil, nil
	}
	world, err := x.sim.World(ctx)
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("overview", overview(world, l, ""))}, nil
}

func overview(w sim.World, l page.Lang, base string) g.Node {
	return h.Div(h.ID("overview"), h.Data("live", ""),
		h.Section(h.Class("section"), h.H2(g.Text(wordPeople.In(l))), h.P(h.Class("quiet"), g.Text(wordPeopleWhy.In(l))), people(w, l, base)),
		h.Section(h.Class("section"), h.H2(g.Text(wordChannels.In(l))), channels(w, l)),
		g.If(len(w.Groups) > 0, h.Section(h.Class("section"), h.H2(g.Text(wordGroups.In(l))), groups(w, l))))
}

func people(w sim.World, l page.Lang, base string) g.Node {
	if len(w.People) == 0 {
		return g.Group{h.P(g.Text(wordNoPeople.In(l))),
			page.Snippet(l, "add-person", page.Curl{Base: base, Path: "/sim/v1/people", Body: `{"displayName":"Aoi"}`}.String())}
	}
	return h.Ul(h.Class("faces"), g.Map(w.People, func(p sim.PersonView) g.Node {
		return h.Li(h.A(h.Href("/_/phone/"+p.UserID), page.Face(p.DisplayName, p.PictureURL, p.UserID), h.Span(g.Text(p.DisplayName))))
	}))
}

func channels(w sim.World, l page.Lang) g.Node {
	if len(w.Channels) == 0 {
		return h.P(h.Class("empty"), g.Text(wordNoChannel.In(l)))
	}
	return h.Ul(h.Class("grid"), g.Map(w.Channels, func(c sim.ChannelView) g.Node {
		return h.Li(h.Class("card"),
			h.H3(g.Text(c.Name)), h.P(h.Class("quiet mono"), g.Text(c.ID+" · "+c.Type)),
			g.If(c.Account != nil, officialAccount(c, l)))
	}))
}

// officialAccount is what a messaging channel's card says of its official account.
func officialAccount(c sim.ChannelView, l page.Lang) g.Node {
	if c.Account == nil {
		return nil
	}
	state := h.Span(h.Class("badge"), g.Text(wordOff.In(l)))
	switch {
	case c.Webhook.Endpoint == "":
		state = h.Span(h.Class("badge"), g.Text(wordBuiltin.In(l)))
	case c.Webhook.Active:
		state = h.Span(h.Class("badge good mono"), g.Text(c.Webhook.Endpoint))
	}
	return g.Group{
		h.P(h.Span(h.Class("mono"), g.Text(c.Account.BasicID)), g.Text(" · "+strconv.FormatInt(c.Friends, 10)+" "+wordFriends.In(l))),
		h.P(g.Text(wordWebhook.In(l)+" "), state)}
}

func groups(w sim.World, l page.Lang) g.Node {
	return h.Ul(h.Class("grid"), g.Map(w.Groups, func(v sim.GroupView) g.Node {
		var open g.Node = h.Span(g.Text(v.Name))
		if len(v.Members) > 0 {
			open = h.A(h.Href("/_/phone/"+v.Members[0]+"/c/"+v.GroupID), g.Text(v.Name))
		}
		return h.Li(h.Class("card"), h.H3(open), h.P(h.Class("quiet"), g.Textf("%d %s", len(v.Members), wordMembers.In(l))))
	}))
}
