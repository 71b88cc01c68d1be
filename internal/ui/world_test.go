package ui

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/platform/token"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/sim"
	"kaiwa/internal/testkit"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/archive"
	"kaiwa/internal/workspace/key"
	"kaiwa/internal/workspace/publicapi"
)

// Who and what the tests' world has.
const (
	cafe     = "1656000001"
	aoi      = "U00000000000000000000000000000a01"
	ben      = "U00000000000000000000000000000a02"
	chen     = "U00000000000000000000000000000a03"
	lunch    = "C0000000000000000000000000000c001"
	cafeChat = "/_/phone/" + aoi + "/c/" + cafe
	devToken = "dev-token-1"
	// team is the workspace that reads the cafe's history.
	team = "w1"
)

// world is a server with the user interface and what stands behind it.
type world struct {
	t      testing.TB
	clock  clock.Clock
	faults fault.Set
	feed   feed.Feed
	db     *store.DB
	config Config
	pages  http.Handler
}

func newWorld(t testing.TB) *world {
	w := &world{t: t}
	w.db = testkit.Open(t, "memory:", &w.clock)
	seq := new(id.Sequence)
	queue := outbox.New(w.db, &w.clock, seq)
	channels := channel.Open(w.db)
	friends := friend.Open(w.db)
	log := slog.New(slog.DiscardHandler)
	hooks := webhook.New(webhook.Config{DB: w.db, Queue: queue, Channels: channels, Clock: &w.clock, Seq: seq, Faults: &w.faults, Feed: &w.feed, Log: log})
	talk := chat.New(chat.Config{DB: w.db, Channels: channels, Friends: friends, Hooks: hooks, Feed: &w.feed, IDs: seq, Clock: &w.clock})
	menus := richmenu.New(richmenu.Config{DB: w.db, Channels: channels, Friends: friends, Queue: queue, Feed: &w.feed, IDs: seq})
	w.config = Config{Log: log, Tokens: token.New(w.db, channels, w.clock.Now), Sim: sim.New(sim.Config{DB: w.db, Clock: &w.clock,
		Queue: queue, Faults: &w.faults, Limits: &limit.Buckets{}, Feed: &w.feed, Requests: &api.RequestLog{},
		Channels: channels, Friends: friends, Talk: talk, Hooks: hooks,
		RichMenus: menus, Coupons: coupon.New(w.db, channels, &w.feed), Interactions: interaction.New(talk),
		MiniApps: miniapp.New(miniapp.Config{DB: w.db, Channels: channels, Friends: friends, Chats: talk, Feed: &w.feed}),
		Shops:    shop.New(shop.Config{DB: w.db, Queue: queue, Feed: &w.feed, Now: w.clock.Now})})}
	w.config.Sim.Requests.Added = func(r api.Request) { w.feed.Publish(feed.Change{Type: "request", ChannelID: r.ChannelID, Data: r}) }
	w.config.Workspaces, w.config.Keys = account.Open(w.db, channels), key.Open(w.db, time.Now)
	w.config.API = w.api(message.New(message.Config{DB: w.db, Friends: friends, Chats: talk, Hooks: hooks, Queue: queue}))
	w.populate()
	w.pages = New(w.config)
	return w
}

// api serves the platform's operations and the public API, as the program does.
func (w *world) api(messages *message.Room) http.Handler {
	s := w.config.Sim
	routes := api.NewRoutes(&api.Server{Clock: &w.clock, Limits: s.Limits, Faults: &w.faults, Log: w.config.Log, Requests: s.Requests},
		api.Family{Name: "unknown", Errors: api.LineErrors})
	messaging := api.Family{Name: "messaging", Errors: api.LineErrors, RequestIDHeader: "x-line-request-id", Authenticate: w.config.Tokens.Authenticate, BodyMost: 1 << 20}
	routes.Add(messaging, s.Hooks.Ops())
	routes.Add(messaging, messages.Ops())
	routes.Add(messaging, s.Coupons.Ops())
	routes.AddFirst(messaging, s.RichMenus.DataOps())
	routes.Add(messaging, s.RichMenus.Ops())
	public := publicapi.New(w.config.Keys, w.config.Workspaces, archive.New(w.db, s.Talk, s.Friends), time.Now)
	routes.Add(public.Family(), public.Ops())
	return routes
}

func (w *world) populate() {
	w.t.Helper()
	s := w.config.Sim
	w.update(func(tx *store.Tx) error {
		_, err := s.Channels.Put(tx, channel.Channel{ID: cafe, Provider: "demo", Type: channel.Messaging, Name: "Cafe channel", Secret: strings.Repeat("5", 32),
			Quota:   channel.Unlimited,
			Webhook: channel.Webhook{Active: true},
			Account: channel.Account{UserID: "Ub0000000000000000000000000000001", BasicID: "@kaiwacafe", DisplayName: "Kaiwa Cafe", MarkAsReadMode: "auto"}})
		if err == nil {
			err = w.config.Tokens.PutLongLived(tx, cafe, devToken)
		}
		return err
	})
	w.update(func(tx *store.Tx) error {
		if _, err := w.config.Workspaces.PutWorkspace(tx, account.Workspace{ID: team, Name: "Demo workspace"}); err != nil {
			return err
		}
		if err := w.config.Workspaces.Connect(tx, team, account.Config{ChannelID: cafe}); err != nil {
			return err
		}
		for _, p := range []sim.NewPerson{
			{UserID: aoi, Provider: "demo", FriendOf: []string{cafe}, Profile: friend.Profile{DisplayName: "Aoi", Language: "ja"}},
			{UserID: ben, Provider: "demo", FriendOf: []string{cafe}, Profile: friend.Profile{DisplayName: "Ben <b>"}},
			{UserID: chen, Provider: "demo", Profile: friend.Profile{DisplayName: "Chen"}},
		} {
			if err := s.AddPerson(tx, p); err != nil {
				return err
			}
		}
		var members []*friend.Person
		for _, id := range []string{aoi, ben} {
			p, err := s.Friends.Resolve(tx, id)
			if err != nil {
				return err
			}
			members = append(members, p)
		}
		_, err := s.Talk.Gather(tx, chat.Gathering{Kind: chat.Group, ID: lunch, Provider: "demo", Name: "Lunch team", People: members,
			Channels: []*channel.Channel{s.Channels.Get(cafe)}, Quiet: true})
		return err
	})
}

func (w *world) update(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// push has the account send messages to a person, and gives their ids.
func (w *world) push(userID string, messages ...string) (ids []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		ch := w.config.Sim.Channels.Get(cafe)
		p, err := w.config.Sim.Friends.Resolve(tx, userID)
		if err != nil {
			return err
		}
		c, err := w.config.Sim.Talk.OneOnOne(tx, ch, p)
		if err != nil {
			return err
		}
		for _, m := range messages {
			kind, _, _ := strings.Cut(strings.TrimPrefix(m, `{"type":"`), `"`)
			if _, err := w.config.Sim.Talk.Send(tx, ch, chat.Draft{Chat: c, Origin: chat.Push, Type: kind, Body: jsontext.Value(m)}); err != nil {
				return err
			}
		}
		return nil
	})
	list, err := w.config.Sim.Messages(w.t.Context(), userID, cafe, len(messages), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}

// say has a person write to the cafe.
func (w *world) say(userID, words string) string {
	w.t.Helper()
	said, err := w.config.Sim.Say(w.t.Context(), userID, sim.Saying{Chat: sim.ChatRef{ChannelID: cafe}, Message: text(words)})
	if err != nil {
		w.t.Fatal(err)
	}
	return said.MessageID
}

// do sends a request as a browser on the same site does.
func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	w.t.Helper()
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	out := httptest.NewRecorder()
	w.pages.ServeHTTP(out, r)
	return out
}

// get reads a page, which must be there.
func (w *world) get(path string) *node {
	w.t.Helper()
	res := w.do(httptest.NewRequest(http.MethodGet, path, nil))
	if res.Code != http.StatusOK {
		w.t.Fatalf("GET %s: status %d\n%s", path, res.Code, res.Body)
	}
	return parse(w.t, res.Body.String())
}

// post sends a form.
func (w *world) post(path string, form url.Values) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(r)
}

func text(s string) chat.Utterance { return chat.Utterance{Type: "text", Text: s} }
