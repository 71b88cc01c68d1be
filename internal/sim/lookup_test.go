package sim

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/testkit"
)

const (
	bakery  = "1656000001"
	quieter = "1656000002"
	team    = "C0000000000000000000000000000c001"
)

// somebody is the user id of the n-th person of a lookup's world.
func somebody(n int) string { return fmt.Sprintf("U%032x", 0xa00+n) }

// lookups is a world of so many people, all but the first friends of the bakery,
// with a crowd of a thousand behind them and a group of the first two.
func lookups(t *testing.T, people int) *Room {
	var c clock.Clock
	db := testkit.Open(t, "memory:", &c)
	seq, changes, faults := new(id.Sequence), new(feed.Feed), new(fault.Set)
	channels, friends := channel.Open(db), friend.Open(db)
	queue := outbox.New(db, &c, seq)
	hooks := webhook.New(webhook.Config{DB: db, Queue: queue, Channels: channels, Clock: &c, Seq: seq, Faults: faults, Feed: changes, Log: slog.New(slog.DiscardHandler)})
	talk := chat.New(chat.Config{DB: db, Channels: channels, Friends: friends, Hooks: hooks, Feed: changes, IDs: seq, Clock: &c})
	r := New(Config{DB: db, Clock: &c, Queue: queue, Faults: faults, Feed: changes, Channels: channels, Friends: friends, Talk: talk, Hooks: hooks,
		Interactions: interaction.New(talk), RichMenus: richmenu.New(richmenu.Config{DB: db, Channels: channels, Friends: friends, Queue: queue, Feed: changes, IDs: seq})})
	must(t, r, func(tx *store.Tx) error {
		for n, id := range []string{quieter, bakery} {
			if _, err := channels.Put(tx, channel.Channel{ID: id, Provider: "demo", Type: channel.Messaging, Secret: strings.Repeat("5", 32), Quota: channel.Unlimited,
				Account: channel.Account{UserID: fmt.Sprintf("Ub%031d", n), DisplayName: "Account " + id, PictureURL: "https://example.com/" + id, MarkAsReadMode: "manual"}}); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, r, func(tx *store.Tx) error { return populate(tx, r, people) })
	if err := friends.Load(t.Context(), channels); err != nil {
		t.Fatal(err)
	}
	return r
}

func populate(tx *store.Tx, r *Room, people int) error {
	g := chat.Gathering{Kind: chat.Group, ID: team, Provider: "demo", Name: "Team", Channels: []*channel.Channel{r.Channels.Get(bakery)}, Quiet: true}
	for n := range people {
		in := NewPerson{UserID: somebody(n), Provider: "demo", FriendOf: []string{bakery}, Profile: friend.Profile{DisplayName: fmt.Sprint("Person ", n)}}
		if n == 0 {
			in.FriendOf = nil
		}
		if err := r.AddPerson(tx, in); err != nil {
			return err
		}
		if p, err := r.Friends.Resolve(tx, in.UserID); err != nil {
			return err
		} else if n < 2 {
			g.People = append(g.People, p)
		}
	}
	if people > 1 {
		if _, err := r.Talk.Gather(tx, g); err != nil {
			return err
		}
	}
	return r.Friends.AddCrowd(tx, r.Channels.Get(bakery), 1000, 1)
}

func must(t *testing.T, r *Room, f func(*store.Tx) error) {
	t.Helper()
	if err := r.DB.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func missing(err error) bool {
	var refusal *api.Error
	return errors.As(err, &refusal) && refusal.Code == api.NotFound
}

func TestChatHeads(t *testing.T) {
	r := lookups(t, 3)
	ch := r.Channels.Get(bakery)
	want := map[string]ChatHead{
		bakery: {ChatRef{ChannelID: bakery}, bakery, "account", "Account " + bakery, "https://example.com/" + bakery, 1, somebody(1), ch},
		team:   {ChatRef{GroupID: team}, team, "group", "Team", "", 2, somebody(0), ch},
	}
	for id, want := range want {
		if got, err := r.Chat(t.Context(), somebody(1), id); err != nil || got != want {
			t.Errorf("%s: %+v %v\nwant %+v", id, got, err, want)
		}
	}
	for _, c := range [][2]string{{somebody(1), "1656999999"}, {somebody(1), "C1"}, {"U1", bakery}} {
		if _, err := r.Chat(t.Context(), c[0], c[1]); !missing(err) {
			t.Errorf("chat %s of %s: %v, want not found", c[1], c[0], err)
		}
	}
}

func TestMembersOfACrowdAreLookedUp(t *testing.T) {
	r := lookups(t, 1)
	var member string
	err := r.DB.View(t.Context(), func(tx *store.Tx) error {
		p, err := r.Friends.ByNo(tx, 1<<40+1<<32+7)
		if err == nil {
			member = p.UserID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Person(t.Context(), member)
	if err != nil || !strings.HasSuffix(p.Profile.DisplayName, " 8") {
		t.Fatalf("%+v %v", p, err)
	}
	if head, err := r.Chat(t.Context(), member, bakery); err != nil || head.First != member {
		t.Errorf("chat %+v %v", head, err)
	}
	if o, err := r.Overview(t.Context(), member); err != nil || len(o.People) != 1 || o.People[0].UserID != member || o.Friends[bakery] != 1000 {
		t.Errorf("overview %+v %v", o, err)
	}
	if _, err := r.Person(t.Context(), "U"+strings.Repeat("0", 32)); !missing(err) {
		t.Errorf("nobody: %v, want not found", err)
	}
}

// TestOneMessageIsAsItStandsInTheChat compares it with what the list says, for
// messages read and not, silent and not, and of sends to many.
func TestOneMessageIsAsItStandsInTheChat(t *testing.T) {
	r := lookups(t, 3)
	me, ch := somebody(1), r.Channels.Get(bakery)
	post := func(silent bool) {
		must(t, r, func(tx *store.Tx) error {
			p, err := r.Friends.Resolve(tx, me)
			if err != nil {
				return err
			}
			c, err := r.Talk.OneOnOne(tx, ch, p)
			if err == nil {
				_, err = r.Talk.Send(tx, ch, chat.Draft{Chat: c, Origin: chat.Push, Type: "text", Silent: silent, Body: jsontext.Value(`{"type":"text","text":"Hi"}`)})
			}
			return err
		})
	}
	say := func(userID, words string) string {
		t.Helper()
		said, err := r.Say(t.Context(), userID, Saying{Chat: ChatRef{ChannelID: bakery}, Message: chat.Utterance{Type: "text", Text: words}})
		if err != nil {
			t.Fatal(err)
		}
		return said.MessageID
	}
	say(me, "one")
	post(true)
	if _, err := r.Happen(t.Context(), me, Happening{Type: "read", Chat: ChatRef{ChannelID: bakery}}); err != nil {
		t.Fatal(err)
	}
	post(false)
	other := say(somebody(2), "elsewhere")
	taken := say(me, "two")
	if _, err := r.Happen(t.Context(), me, Happening{Type: "unsend", MessageID: taken}); err != nil {
		t.Fatal(err)
	}
	list, err := r.Messages(t.Context(), me, bakery, 0, "")
	if err != nil || len(list) != 4 || !list[1].Silent || !list[1].Read || list[2].Read {
		t.Fatalf("%+v %v", list, err)
	}
	for _, want := range list {
		if got, err := r.Message(t.Context(), me, bakery, want.ID); err != nil || fmt.Sprintf("%+v", got.flat()) != fmt.Sprintf("%+v", want.flat()) {
			t.Errorf("%s: %v\n%+v\nwant %+v", want.ID, err, got, want)
		}
	}
	for _, id := range []string{other, "1", "x", ""} {
		if _, err := r.Message(t.Context(), me, bakery, id); !missing(err) {
			t.Errorf("message %q: %v, want not found", id, err)
		}
	}
}

// flat is a view without pointers, to compare.
func (v MessageView) flat() [6]any {
	var unsent time.Time
	if v.UnsentAt != nil {
		unsent = *v.UnsentAt
	}
	return [6]any{v.ID, v.From, v.SentAt, string(v.Message), [2]bool{v.Read, v.Silent}, unsent}
}

func TestOverviewIsBounded(t *testing.T) {
	r := lookups(t, 120)
	o, err := r.Overview(t.Context(), "")
	if err != nil || len(o.People) != 50 || o.People[49].UserID != somebody(49) || o.PeopleCount != 120 {
		t.Fatalf("%d people of %d, %v", len(o.People), o.PeopleCount, err)
	}
	if o.GroupCount != 1 || o.Groups[0].Name != "Team" || o.Groups[0].Members != 2 || o.Groups[0].First != somebody(0) {
		t.Errorf("groups %+v", o.Groups)
	}
	if o.Friends[bakery] != 1119 || o.Friends[quieter] != 0 {
		t.Errorf("friends %v", o.Friends)
	}
	for search, want := range map[string][2]int{"person 11": {11, 11}, "Person": {50, 120}, somebody(3): {1, 1}, "erson": {0, 0}} {
		list, count, err := r.People(t.Context(), search)
		if err != nil || [2]int{len(list), count} != want {
			t.Errorf("%q finds %d of %d, want %v; %v", search, len(list), count, want, err)
		}
	}
}

func TestGuestIsTheFirstFriendOfAnAccount(t *testing.T) {
	ch, p, err := lookups(t, 3).Guest(t.Context())
	if err != nil || ch.ID != bakery || p.UserID != somebody(1) {
		t.Errorf("%+v %+v %v", ch, p, err)
	}
	if ch, p, err = lookups(t, 1).Guest(t.Context()); err != nil || ch != nil || p != nil {
		t.Errorf("in a world without friends %+v %+v %v", ch, p, err)
	}
}
