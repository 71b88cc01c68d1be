package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/sim"
)

// crowded is a world with many people, or with a crowd beside the usual three,
// and the cafe's chat with the first full of messages.
func crowded(t testing.TB, people, crowd int) *world {
	w := newWorld(t)
	w.update(func(tx *store.Tx) error {
		for i := range people {
			err := w.config.Sim.AddPerson(tx, sim.NewPerson{UserID: person(i), Provider: "demo", FriendOf: []string{cafe},
				Profile: friend.Profile{DisplayName: fmt.Sprint("Person ", i)}})
			if err != nil {
				return err
			}
		}
		if crowd == 0 {
			return nil
		}
		return w.config.Sim.Friends.AddCrowd(tx, w.config.Sim.Channels.Get(cafe), int64(crowd), 1)
	})
	if err := w.config.Sim.Friends.Load(t.Context(), w.config.Sim.Channels); err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		w.say(aoi, fmt.Sprint("Line ", i))
	}
	return w
}

// person is the user id of one of the many.
func person(i int) string { return fmt.Sprintf("U%032x", 0xb000+i) }

// BenchmarkPages is what a page costs the server: as much with many people as
// with few.
func BenchmarkPages(b *testing.B) {
	for _, size := range []struct {
		name          string
		people, crowd int
	}{{"3 people", 0, 0}, {"5000 people", 5000, 0}, {"crowd of 1000000", 0, 1_000_000}} {
		w := crowded(b, size.people, size.crowd)
		for _, page := range []struct{ name, path string }{
			{"chat", cafeChat}, {"chats", "/_/phone/" + aoi}, {"home", "/_/"}, {"welcome", "/_/welcome"},
		} {
			b.Run(size.name+"/"+page.name, func(b *testing.B) {
				for b.Loop() {
					if res := w.do(httptest.NewRequest(http.MethodGet, page.path, nil)); res.Code != http.StatusOK {
						b.Fatalf("status %d", res.Code)
					}
				}
			})
		}
	}
}

func TestMembersOfACrowdHaveAPhone(t *testing.T) {
	w := crowded(t, 0, 1_000_000)
	var member *friend.Person
	w.update(func(tx *store.Tx) (err error) {
		member, err = w.config.Sim.Friends.ByNo(tx, 1<<40+1<<32+654_321)
		return err
	})
	w.push(member.UserID, `{"type":"text","text":"To one of many"}`)
	phone := "/_/phone/" + member.UserID
	if got := w.get(phone).one("#c-" + cafe).one(".chat-line").words(); got != "To one of many" {
		t.Errorf("the list says %q", got)
	}
	p := w.get(phone + "/c/" + cafe)
	if got := p.one(".people [aria-current]").attr("title"); got != member.Profile.DisplayName {
		t.Errorf("the rail has %q, want %q", got, member.Profile.DisplayName)
	}
	if got := p.one("#messages .row p").words(); got != "To one of many" {
		t.Errorf("the chat says %q", got)
	}
	if got := w.get("/_/?q=" + member.UserID).one(".faces a").attr("href"); got != phone {
		t.Errorf("the search leads to %q", got)
	}
	chatTopic := "chat:" + member.UserID + ":" + cafe
	if got := w.patches(chatTopic, func() { w.say(member.UserID, "From the crowd") }); !strings.Contains(got, "From the crowd") {
		t.Errorf("the open chat gets %s", got)
	}
}

func TestManyPeopleAreListedInPart(t *testing.T) {
	w := crowded(t, 100, 0)
	home := w.get("/_/")
	if n := len(home.all(".faces a")); n != 50 || !strings.Contains(home.one("#people").words(), "50 of 103 are shown.") {
		t.Errorf("home lists %d people: %s", n, home.one("#people").words())
	}
	if got := w.get("/_/?q=person+9").one("#people"); len(got.all(".faces a")) != 11 {
		t.Errorf("the search finds %q", got.words())
	}
	if got := w.get("/_/?q=nobody").one("#people").words(); got != "Nobody has this name or ID." {
		t.Errorf("a search in vain says %q", got)
	}
	for userID, first := range map[string]string{aoi: "Aoi", person(90): "Person 90"} {
		rail := w.get("/_/phone/" + userID).all(".people a")
		if rail[0].attr("title") != first || rail[len(rail)-1].words() != "Everyone" {
			t.Errorf("the rail of %s begins with %q and ends with %q", userID, rail[0].attr("title"), rail[len(rail)-1].words())
		}
	}
	if w.get("/_/?q=person+9").one("form.find input").attr("value") != "person 9" || newWorld(t).get("/_/").one("form.find") != nil {
		t.Error("the search is not there, or not only where it is needed")
	}
}

func TestSearchedHomeFollowsTheSearch(t *testing.T) {
	w := newWorld(t)
	topics := w.get("/_/?q=ch,:+e").one("body").attr("data-topics")
	topic := topics[strings.LastIndexByte(topics, ' ')+1:]
	got := w.patches(url.QueryEscape(topic), func() { w.feed.Publish(feed.Change{Type: "world"}) })
	if !strings.Contains(got, "Nobody has this name") || strings.Contains(got, "Aoi") {
		t.Errorf("after a change the page shows %s", got)
	}
}

// TestRepliesReachFarBack: the quoted message stands on an older page.
func TestRepliesReachFarBack(t *testing.T) {
	w := crowded(t, 0, 0)
	first, err := w.config.Sim.Messages(t.Context(), aoi, cafe, 60, "")
	if err != nil {
		t.Fatal(err)
	}
	id := first[0].ID
	composer := w.get(cafeChat + "?quote=" + id).one("#quoting")
	if composer.one("input").attr("value") != id || composer.one(".quoted").words() != "Aoi Line 0" {
		t.Errorf("the composer replies to %q", composer.words())
	}
	if res := w.post(cafeChat+"/messages", map[string][]string{"text": {"That"}, "quote": {id}}); res.Code != http.StatusSeeOther {
		t.Fatalf("status %d", res.Code)
	}
	quoted := w.get(cafeChat).one("#messages a.quoted")
	if quoted.words() != "Aoi Line 0" || quoted.attr("href") != cafeChat+"?m="+id {
		t.Errorf("quoted %q to %q", quoted.words(), quoted.attr("href"))
	}
	p := w.get(cafeChat + "?m=" + id + "&panel=inspect")
	rows := p.all("#messages .row")
	if len(rows) != 1 || !rows[0].matches(".chosen") || rows[0].one(".read").words() != "Read" || p.one("#json") == nil {
		t.Errorf("the link shows %d rows: %s", len(rows), p.one("#messages").words())
	}
}
