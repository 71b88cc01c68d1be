package phone

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// scene is who holds the phone.
type scene struct {
	ctx    context.Context // of the one request, or the one change, that the scene is drawn for
	lang   page.Lang
	sim    *sim.Room
	person *friend.Person
	now    time.Time
	// base is the server's address as the reader's browser has it.
	base string
}

// scene finds the person; api.NotFound when there is no such person.
func (p *Phone) scene(ctx context.Context, l page.Lang, userID string) (scene, error) {
	person, err := p.Sim.Person(ctx, userID)
	return scene{ctx: ctx, lang: l, sim: p.Sim, person: person, now: p.Shell.Clock.Now()}, err
}

// name is what the holder of the phone is called.
func (s scene) name() string { return s.person.Profile.DisplayName }

// talk is one of the person's chats.
type talk struct {
	sim.ChatHead
	zone *time.Location
}

// chat finds a chat by its id in a path. Whether the person may read it is for
// the room to say.
func (s scene) chat(id string) (talk, error) {
	head, err := s.sim.Chat(s.ctx, s.person.UserID, id)
	c := talk{head, zones["JP"]}
	switch {
	case head.Type == "room":
		c.Name = wordRoom.In(s.lang)
	case head.Type == "account" && head.Account == nil:
		region, _ := miniapp.NoticeRegion(head.ID)
		c.zone = zones[cmp.Or(region, "JP")]
	case head.Type == "account" && zones[head.Account.Account.Country] != nil:
		c.zone = zones[head.Account.Account.Country]
	}
	return c, err
}

// nameOf is the name of a person or an account of this world, "" if unknown.
func (s scene) nameOf(id string) string {
	if ch := s.sim.Channels.Get(id); ch != nil {
		return ch.Account.DisplayName
	}
	if ch := s.sim.Channels.OfBot(id); ch != nil {
		return ch.Account.DisplayName
	}
	if p, err := s.sim.Person(s.ctx, id); err == nil {
		return p.Profile.DisplayName
	}
	return ""
}

// zones are the time zones of the countries that official accounts are of.
// None of them has summer time.
var zones = map[string]*time.Location{
	"JP": time.FixedZone("Tokyo, UTC+9", 9*3600),
	"TW": time.FixedZone("Taipei, UTC+8", 8*3600),
	"TH": time.FixedZone("Bangkok, UTC+7", 7*3600),
	"ID": time.FixedZone("Jakarta, UTC+7", 7*3600),
}

// inJSON names a chat for the script and for commands.
func inJSON(c sim.ChatRef) string {
	text, _ := json.Marshal(c) // three strings
	return string(text)
}

// mute tells a chat in which nobody answers: that of service messages.
func (c talk) mute() bool { return c.Type == "account" && c.Account == nil }

// title is the name, with the number of people where there are several.
func (c talk) title() string {
	if c.Type == "account" {
		return c.Name
	}
	return fmt.Sprintf("%s (%d)", c.Name, c.Members)
}

// day is a date as a divider shows it.
func (c talk) day(l page.Lang, t time.Time) string {
	t = t.In(c.zone)
	if l == page.Japanese {
		return t.Format("2006年1月2日") + "（" + string([]rune("日月火水木金土")[t.Weekday()]) + "）"
	}
	return t.Format("Mon, 2 January 2006")
}

func (s scene) path() string              { return Path(s.person.UserID) }
func (s scene) chatPath(id string) string { return s.path() + "/c/" + id }
