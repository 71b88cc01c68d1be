package phone

import (
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/chat"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/page"
)

// scene is who holds the phone and what world they are in.
type scene struct {
	lang   page.Lang
	world  sim.World
	person sim.PersonView
	now    time.Time
	// base is the server's address as the reader's browser has it.
	base string
	// opens tells which message a quote token of a channel stands for.
	opens func(channelID, token string) (messageID int64, ok bool)
}

// scene finds the person; ok is false when there is no such person.
func (p *Phone) scene(ctx context.Context, l page.Lang, userID string) (s scene, ok bool, err error) {
	world, err := p.Sim.World(ctx)
	if err != nil {
		return s, false, err
	}
	i := slices.IndexFunc(world.People, func(x sim.PersonView) bool { return x.UserID == userID })
	if i < 0 {
		return s, false, nil
	}
	return scene{lang: l, world: world, person: world.People[i], now: p.Shell.Clock.Now(), opens: p.opens}, true, nil
}

func (p *Phone) opens(channelID, token string) (int64, bool) {
	ch := p.Sim.Channels.Get(channelID)
	if ch == nil {
		return 0, false
	}
	return chat.QuotedID(ch, token)
}

// talk is one of the person's chats, as the header and the links need it.
type talk struct {
	id, name, pictureURL string
	// key is how the simulation API names the chat.
	key  sim.ChatRef
	zone *time.Location
}

// chat finds a chat of the world by its id in a path. Whether the person may
// read it is for the room to say.
func (s scene) chat(id string) (talk, bool) {
	for _, c := range s.world.Channels {
		if c.ID == id && c.Account != nil {
			zone := zones[c.Account.Country]
			if zone == nil {
				zone = zones["JP"]
			}
			return talk{id, c.Account.DisplayName, c.Account.PictureURL, sim.ChatRef{ChannelID: id}, zone}, true
		}
	}
	for _, c := range s.world.Groups {
		if c.GroupID == id {
			return talk{id, c.Name, c.PictureURL, sim.ChatRef{GroupID: id}, zones["JP"]}, true
		}
	}
	for _, c := range s.world.Rooms {
		if c.RoomID == id {
			return talk{id, wordRoom.In(s.lang), "", sim.ChatRef{RoomID: id}, zones["JP"]}, true
		}
	}
	return talk{}, false
}

// zones are the time zones of the countries that official accounts are of.
// None of them has summer time.
var zones = map[string]*time.Location{
	"JP": time.FixedZone("Tokyo, UTC+9", 9*3600),
	"TW": time.FixedZone("Taipei, UTC+8", 8*3600),
	"TH": time.FixedZone("Bangkok, UTC+7", 7*3600),
	"ID": time.FixedZone("Jakarta, UTC+7", 7*3600),
}

// json is the name in JSON, for the script and for commands.
func (c talk) json() string {
	text, _ := json.Marshal(c.key) // three strings
	return string(text)
}

// day is a date as a divider shows it.
func (c talk) day(l page.Lang, t time.Time) string {
	t = t.In(c.zone)
	if l == page.Japanese {
		return t.Format("2006年1月2日") + "（" + string([]rune("日月火水木金土")[t.Weekday()]) + "）"
	}
	return t.Format("Mon, 2 January 2006")
}

func (s scene) path() string              { return "/_/phone/" + s.person.UserID }
func (s scene) chatPath(id string) string { return s.path() + "/c/" + id }
