package chat

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// Gathering is a group or room to be made.
type Gathering struct {
	Kind, ID, Provider, Name, PictureURL string
	People                               []*friend.Person
	Channels                             []*channel.Channel
	// Quiet makes it without telling anybody: as it stands in the world file.
	Quiet bool
}

// Gather makes a group or room. Its accounts get join events.
// https://developers.line.biz/en/docs/messaging-api/group-chats/
func (r *Room) Gather(tx *store.Tx, g Gathering) (*Chat, error) {
	if g.ID == "" {
		g.ID = map[string]string{Group: "C", Multi: "R"}[g.Kind] + id.Hex(16)
	}
	if _, err := r.Shared(tx, g.ID); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = api.Errorf(api.Conflict, "%s exists already", g.ID)
		}
		return nil, err
	}
	c, err := r.open(tx, Chat{Kind: g.Kind, Peer: g.ID, Provider: g.Provider, Name: g.Name, PictureURL: g.PictureURL})
	if err != nil {
		return nil, err
	}
	for _, p := range g.People {
		if err := ofProvider(c, p.Provider, p.UserID); err != nil {
			return nil, err
		}
		if err := r.join(tx, c, p.No, 0); err != nil {
			return nil, err
		}
	}
	for _, ch := range g.Channels {
		if err := ofProvider(c, ch.Provider, ch.ID); err != nil {
			return nil, err
		}
		if err := r.join(tx, c, 0, ch.No); err != nil {
			return nil, err
		}
		if g.Quiet {
			continue
		}
		if _, err := r.emit(tx, ch, joined(c)); err != nil {
			return nil, err
		}
	}
	if !g.Quiet {
		r.gathered(tx, c)
	}
	return c, nil
}

// ofProvider: user ids are a provider's own, so that a chat of people of two
// could be told to nobody.
func ofProvider(c *Chat, provider, id string) error {
	if provider != c.Provider {
		return api.Errorf(api.Conflict, "%s is of another provider than %s", id, c.Peer)
	}
	return nil
}

func joined(c *Chat) webhook.Event {
	return webhook.Event{Type: "join", Source: c.Source(""), Replyable: true, ChatNo: c.No, Lane: lane(c)}
}

// gathered tells that people came or went; it reads the members late, when all have.
func (r *Room) gathered(tx *store.Tx, c *Chat) {
	m, err := r.Members(tx, c)
	if err != nil {
		return
	}
	tx.After(func() { r.feed.Publish(feed.Change{Type: "members", UserIDs: m.userIDs(), ChatID: c.Peer}) })
}

// JoinPeople adds people; the accounts there get one memberJoined event.
// https://developers.line.biz/en/reference/messaging-api/#member-joined-event
func (r *Room) JoinPeople(tx *store.Tx, c *Chat, people []*friend.Person) ([]string, error) {
	m, err := r.Members(tx, c)
	if err != nil {
		return nil, err
	}
	var came []member
	for _, p := range people {
		if m.Has(p) {
			return nil, api.Errorf(api.Conflict, "%s is in %s already", p.UserID, c.Peer)
		}
		if err := ofProvider(c, p.Provider, p.UserID); err != nil {
			return nil, err
		}
		m.since[p.No] = tx.Millis() // who is named twice does not come twice
		if err := r.join(tx, c, p.No, 0); err != nil {
			return nil, err
		}
		came = append(came, member{"user", p.UserID})
	}
	r.gathered(tx, c)
	return r.emitAll(tx, m.Channels, webhook.Event{Type: "memberJoined", Source: c.Source(""), Replyable: true, ChatNo: c.No, Lane: lane(c),
		Members: []api.Member{{Name: "joined", Value: map[string][]member{"members": came}}}})
}

type member struct {
	Type   string `json:"type"`
	UserID string `json:"userId"`
}

// LeavePeople takes people out; the accounts there get one memberLeft event.
// https://developers.line.biz/en/reference/messaging-api/#member-left-event
func (r *Room) LeavePeople(tx *store.Tx, c *Chat, people []*friend.Person) ([]string, error) {
	m, err := r.Members(tx, c)
	if err != nil {
		return nil, err
	}
	var went []member
	for _, p := range people {
		was, err := r.leave(tx, c, p.No, 0)
		if err != nil {
			return nil, err
		}
		if !was {
			return nil, api.Errorf(api.Conflict, "%s is not in %s", p.UserID, c.Peer)
		}
		went = append(went, member{"user", p.UserID})
	}
	users := m.userIDs()
	tx.After(func() { r.feed.Publish(feed.Change{Type: "members", UserIDs: users, ChatID: c.Peer}) })
	return r.emitAll(tx, m.Channels, webhook.Event{Type: "memberLeft", Source: c.Source(""), Lane: lane(c),
		Members: []api.Member{{Name: "left", Value: map[string][]member{"members": went}}}})
}

// JoinChannel adds an official account, which gets a join event.
// https://developers.line.biz/en/reference/messaging-api/#join-event
func (r *Room) JoinChannel(tx *store.Tx, c *Chat, ch *channel.Channel) ([]string, error) {
	if in, err := r.HasChannel(tx, c, ch); err != nil || in {
		if err == nil {
			err = api.Errorf(api.Conflict, "%s is in %s already", ch.ID, c.Peer)
		}
		return nil, err
	}
	if err := ofProvider(c, ch.Provider, ch.ID); err != nil {
		return nil, err
	}
	if err := r.join(tx, c, 0, ch.No); err != nil {
		return nil, err
	}
	r.gathered(tx, c)
	return r.emit(tx, ch, joined(c))
}

// LeaveChannel takes an official account out, which gets a leave event.
// https://developers.line.biz/en/reference/messaging-api/#leave-event
func (r *Room) LeaveChannel(tx *store.Tx, c *Chat, ch *channel.Channel) ([]string, error) {
	was, err := r.leave(tx, c, 0, ch.No)
	if err != nil {
		return nil, err
	}
	if !was {
		return nil, api.Errorf(api.Conflict, "%s is not in %s", ch.ID, c.Peer)
	}
	r.gathered(tx, c)
	return r.emit(tx, ch, webhook.Event{Type: "leave", Source: c.Source(""), Lane: lane(c)})
}
