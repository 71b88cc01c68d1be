package sim

import (
	"context"
	"errors"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
)

// Lookups are what a screen asks for again and again. None of them costs more
// in a world of many people than in a small one, as World does.

// listMost bounds what an Overview lists of people and of groups.
const listMost = 50

// Person is somebody of the world, a member of a crowd too. An unknown user id
// is refused with api.NotFound.
func (r *Room) Person(ctx context.Context, userID string) (p *friend.Person, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err = r.person(tx, userID)
		return err
	})
	return p, err
}

// ChatHead is what stands above a chat.
type ChatHead struct {
	ChatRef
	ID         string
	Type       string // account, group or room
	Name       string // "" for a room
	PictureURL string
	// Members counts the people of a group or room; with an account it is 1.
	Members int
	// First is the user id of the one who is in it longest, "" if nobody is.
	First string
	// Account is whom one talks with, or the first account of a group or room;
	// nil when there is none, as in a chat of service messages.
	Account *channel.Channel
}

// Chat is the head of one of a person's chats; api.NotFound when there is none.
func (r *Room) Chat(ctx context.Context, userID, chatID string) (h ChatHead, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		if region, ok := miniapp.NoticeRegion(chatID); ok {
			h = noticeHead(region, p)
			return nil
		}
		c, err := r.chatOf(tx, p, chatID, false)
		if err != nil {
			return err
		}
		if c.Kind != chat.User {
			h, err = r.gathering(tx, c)
			return err
		}
		ch, err := r.Talk.Account(c.ChannelNo)
		if err != nil {
			return err
		}
		h = ChatHead{ChatRef: ChatRef{ChannelID: ch.ID}, ID: ch.ID, Type: "account", Name: ch.Account.DisplayName,
			PictureURL: ch.Account.PictureURL, Members: 1, First: p.UserID, Account: ch}
		return nil
	})
	return h, err
}

// gathering is the head of a group or room.
func (r *Room) gathering(tx *store.Tx, c *chat.Chat) (ChatHead, error) {
	h := ChatHead{ID: c.Peer, Type: c.Kind, Name: c.Name, PictureURL: c.PictureURL}
	if c.Kind == chat.Group {
		h.GroupID = c.Peer
	} else {
		h.RoomID = c.Peer
	}
	m, err := r.Talk.Members(tx, c)
	if h.Members = len(m.People); h.Members > 0 {
		h.First = m.People[0].UserID
	}
	if len(m.Channels) > 0 {
		h.Account = m.Channels[0]
	}
	return h, err
}

// Message is one message as the person sees it in the chat; api.NotFound when
// it does not stand there.
func (r *Room) Message(ctx context.Context, userID, chatID, messageID string) (v MessageView, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		if region, ok := miniapp.NoticeRegion(chatID); ok {
			n, err := r.MiniApps.Notice(tx, p, region, messageID)
			v = noticeView(n)
			return err
		}
		c, err := r.chatOf(tx, p, chatID, false)
		if err != nil {
			return err
		}
		line, err := r.Talk.Line(tx, p, c, messageID)
		if err != nil {
			return err
		}
		v, err = r.messageView(tx, p, line)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = api.Errorf(api.NotFound, "message: there is no message %s in this chat", messageID)
	}
	return v, err
}

// Overview is a world at a glance.
type Overview struct {
	// Friends counts each account's, by channel id.
	Friends map[string]int64
	// People are the first of the world, or those whom the search finds.
	People []*friend.Person
	// PeopleCount and GroupCount count those beyond the lists too, but no crowd.
	PeopleCount, GroupCount int
	Groups                  []ChatHead
}

// Overview counts and lists the first 50 people and groups. A search finds the
// people whose name begins with it, in either case, or who have that user id.
func (r *Room) Overview(ctx context.Context, search string) (o Overview, err error) {
	o.Friends = map[string]int64{}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		for _, ch := range r.Channels.List() {
			if o.Friends[ch.ID], err = r.Friends.Reach(tx, ch); err != nil {
				return err
			}
		}
		if o.People, o.PeopleCount, err = r.people(tx, search); err != nil {
			return err
		}
		return r.gatherings(tx, &o)
	})
	return o, err
}

// People are the people of an Overview alone.
func (r *Room) People(ctx context.Context, search string) (list []*friend.Person, count int, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		list, count, err = r.people(tx, search)
		return err
	})
	return list, count, err
}

func (r *Room) people(tx *store.Tx, search string) (list []*friend.Person, count int, err error) {
	if search != "" {
		return r.search(tx, search)
	}
	if list, err = r.Friends.First(tx, listMost); err != nil || len(list) < listMost {
		return list, len(list), err
	}
	count, err = r.Friends.Count(tx)
	return list, count, err
}

// search reads all people: it is what somebody asks for once, not a page.
func (r *Room) search(tx *store.Tx, search string) (list []*friend.Person, count int, err error) {
	if p, err := r.Friends.Resolve(tx, search); !errors.Is(err, store.ErrNotFound) {
		return []*friend.Person{p}, 1, err
	}
	all, err := r.Friends.People(tx)
	search = strings.ToLower(search)
	for _, p := range all {
		if !strings.HasPrefix(strings.ToLower(p.Profile.DisplayName), search) {
			continue
		}
		if count++; count <= listMost {
			list = append(list, p)
		}
	}
	return list, count, err
}

func (r *Room) gatherings(tx *store.Tx, o *Overview) error {
	all, err := r.Talk.Gatherings(tx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Kind != chat.Group {
			continue
		}
		if o.GroupCount++; o.GroupCount > listMost {
			continue
		}
		h, err := r.gathering(tx, c)
		if err != nil {
			return err
		}
		o.Groups = append(o.Groups, h)
	}
	return nil
}

// Guest is an account and the first person who is its friend, both nil when no
// account has a friend among the first 50 people.
func (r *Room) Guest(ctx context.Context) (ch *channel.Channel, p *friend.Person, err error) {
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		people, _, err := r.people(tx, "")
		if err != nil {
			return err
		}
		for _, ch = range r.Channels.List() {
			for _, p = range people {
				f, err := r.Friends.Friendship(tx, ch, p)
				if err != nil || f.State == friend.Friend {
					return err
				}
			}
		}
		ch, p = nil, nil
		return nil
	})
	return ch, p, err
}
