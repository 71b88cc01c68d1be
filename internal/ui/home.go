package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
	"kaiwa/internal/ui/phone"
	"kaiwa/internal/ui/welcome"
)

// The catalogue of the home page.
var (
	wordHome      = page.Say("Home", "ホーム")
	wordLead      = page.Say("A LINE platform of your own. Open a phone to write as a person; your bot answers as the account.", "手元で動くLINEプラットフォームです。スマホを開いてユーザーとして話しかけると、ボットがアカウントとして返信します。")
	wordWelcome   = page.Say("First steps", "はじめに")
	wordPeople    = page.Say("People", "ユーザー")
	wordPeopleWhy = page.Say("Open somebody's phone.", "選ぶと、その人のスマホが開きます。")
	wordNoPeople  = page.Say("Nobody lives in this world yet. Add a person:", "このワールドにはまだ誰もいません。ユーザーを追加してください：")
	wordFind      = page.Say("Name or user ID", "名前またはユーザーID")
	wordFindDo    = page.Say("Find", "検索")
	wordNobody    = page.Say("Nobody has this name or ID.", "該当するユーザーはいません。")
	wordShown     = page.Say("%d of %d are shown.", "%[2]d件中%[1]d件を表示しています。")
	wordChannels  = page.Say("Channels", "チャネル")
	wordNoChannel = page.Say("There are no channels. Name some in a world file and start with --world.", "チャネルがありません。ワールドファイルに記述し、--world を付けて起動してください。")
	wordFriends   = page.Say("Friends: %d", "友だち%d人")
	wordWebhook   = page.Say("Webhook", "Webhook")
	wordBuiltin   = page.Say("The built-in bot answers", "内蔵ボットが応答します")
	wordOff       = page.Say("off", "オフ")
	wordGroups    = page.Say("Groups", "グループ")
	wordMembers   = page.Say("Members: %d", "メンバー%d人")
)

// home is the first page: who and what there is.
type home struct {
	shell *page.Shell
	sim   *sim.Room
}

func (x *home) page(w http.ResponseWriter, r *http.Request) {
	position := x.shell.Position()
	search := strings.TrimSpace(r.FormValue("q"))
	v, err := x.view(r.Context(), page.ReaderOf(r).Lang, search)
	if err != nil {
		x.shell.Failed(w, r, err)
		return
	}
	l := v.lang
	x.shell.Write(w, r, page.Page{Title: wordHome.In(l), Position: position, Topics: []string{"world:" + url.QueryEscape(search)}, Body: g.Group{
		h.H1(g.Text("Kaiwa")), h.P(h.Class("lead"), g.Text(wordLead.In(l))),
		h.P(h.A(h.Class("button"), h.Href(welcome.Path), g.Text(wordWelcome.In(l)))),
		v.sections(page.Base(r)),
	}})
}

// changed draws the page anew when people or channels come, go or change.
func (x *home) changed(ctx context.Context, l page.Lang, t live.Topic, c feed.Change) ([]live.Patch, error) {
	switch c.Type {
	case "friendship", "members", "world":
	default:
		return nil, nil
	}
	search, err := url.QueryUnescape(t.ID(0))
	if err != nil {
		return nil, nil // no page of ours listens to that
	}
	v, err := x.view(ctx, l, search)
	if err != nil {
		return nil, err
	}
	return []live.Patch{live.Replace("people", v.people("")), live.Replace("accounts", v.accounts())}, nil
}

// view is what the page says of the world.
type view struct {
	sim.Overview
	lang     page.Lang
	search   string
	channels []*channel.Channel
}

func (x *home) view(ctx context.Context, l page.Lang, search string) (view, error) {
	o, err := x.sim.Overview(ctx, search)
	return view{o, l, search, x.sim.Channels.List()}, err
}

// sections are people, channels and groups. What somebody types into the search
// stays when the lists change.
func (v view) sections(base string) g.Node {
	l := v.lang
	return g.Group{
		h.Section(h.Class("section"), h.H2(g.Text(wordPeople.In(l))), h.P(h.Class("quiet"), g.Text(wordPeopleWhy.In(l))),
			g.If(v.search != "" || v.many(), find(l, v.search)), v.people(base)),
		v.accounts()}
}

// many tells whether there are people whom the page does not show.
func (v view) many() bool {
	for _, friends := range v.Friends {
		if friends > int64(len(v.People)) { // a crowd
			return true
		}
	}
	return v.PeopleCount > len(v.People)
}

func (v view) people(base string) g.Node {
	l := v.lang
	if len(v.People) == 0 && v.search == "" {
		return h.Div(h.ID("people"), h.Data("live", ""), h.P(g.Text(wordNoPeople.In(l))),
			page.Snippet(l, "add-person", page.Curl{Base: base, Path: "/sim/v1/people", Body: `{"displayName":"Aoi"}`}.String()))
	}
	return h.Div(h.ID("people"), h.Data("live", ""),
		g.If(len(v.People) == 0, h.P(g.Text(wordNobody.In(l)))),
		h.Ul(h.Class("faces"), g.Map(v.People, func(p *friend.Person) g.Node {
			name := p.Profile.DisplayName
			return h.Li(h.A(h.Href(phone.Path(p.UserID)), page.Face(name, p.Profile.PictureURL, p.UserID), h.Span(g.Text(name))))
		})),
		more(l, len(v.People), v.PeopleCount))
}

// more says how many of a list are shown when that is not all.
func more(l page.Lang, shown, of int) g.Node {
	if shown == of {
		return nil
	}
	return h.P(h.Class("quiet"), g.Text(fmt.Sprintf(wordShown.In(l), shown, of)))
}

// accounts are the channels, and the groups that people and accounts are in.
func (v view) accounts() g.Node {
	l := v.lang
	return h.Div(h.ID("accounts"), h.Data("live", ""),
		h.Section(h.Class("section"), h.H2(g.Text(wordChannels.In(l))),
			g.If(len(v.channels) == 0, h.P(h.Class("empty"), g.Text(wordNoChannel.In(l)))),
			h.Ul(h.Class("grid"), g.Map(v.channels, func(c *channel.Channel) g.Node {
				return h.Li(h.Class("card"),
					h.H3(g.Text(c.Name)), h.P(h.Class("quiet mono"), g.Text(c.ID+" · "+c.Type)),
					g.If(c.Type == channel.Messaging, v.officialAccount(c)))
			}))),
		g.If(len(v.Groups) > 0, h.Section(h.Class("section"), h.H2(g.Text(wordGroups.In(l))), v.groups())))
}

// officialAccount is what a messaging channel's card says of its official account.
func (v view) officialAccount(c *channel.Channel) g.Node {
	l := v.lang
	state := h.Span(h.Class("badge"), g.Text(wordOff.In(l)))
	switch {
	case !c.Webhook.Active:
	case c.Webhook.Endpoint == "" && c.Config.BuiltInBot:
		state = h.Span(h.Class("badge"), g.Text(wordBuiltin.In(l)))
	case c.Webhook.Endpoint != "":
		state = h.Span(h.Class("badge good mono"), g.Text(c.Webhook.Endpoint))
	}
	return g.Group{
		h.P(h.Span(h.Class("mono"), g.Text(c.Account.BasicID)), g.Text(" · "+fmt.Sprintf(wordFriends.In(l), v.Friends[c.ID]))),
		h.P(g.Text(wordWebhook.In(l)+" "), state)}
}

func (v view) groups() g.Node {
	return g.Group{h.Ul(h.Class("grid"), g.Map(v.Groups, func(c sim.ChatHead) g.Node {
		var open g.Node = h.Span(g.Text(c.Name))
		if c.First != "" {
			open = h.A(h.Href(phone.Path(c.First)+"/c/"+c.ID), g.Text(c.Name))
		}
		return h.Li(h.Class("card"), h.H3(open), h.P(h.Class("quiet"), g.Textf(wordMembers.In(v.lang), c.Members)))
	})), more(v.lang, len(v.Groups), v.GroupCount)}
}

// find is the search among people, for worlds of more than the page shows.
func find(l page.Lang, search string) g.Node {
	return h.Form(h.Class("find"), h.Role("search"), h.Input(h.Type("search"), h.Name("q"), h.Value(search),
		h.Aria("label", wordFind.In(l)), h.Placeholder(wordFind.In(l))), h.Button(h.Class("button plain"), g.Text(wordFindDo.In(l))))
}
