package chat

import (
	"errors"
	"regexp"
	"sync"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/webhook"
)

// The kinds of chats. Many is where an account's sends to many stand, once.
const (
	User  = "user"
	Group = "group"
	Multi = "room" // a room is a chat of several people without a name
	Many  = "many"
)

// Chat is one conversation. ChannelNo is 0 for groups and rooms.
type Chat struct {
	No         int64
	Kind       string
	ChannelNo  int64
	Peer       string // user id, group id or room id
	Provider   string
	Name       string
	PictureURL string
}

// Room keeps the chats.
type Room struct {
	db       *store.DB
	channels *channel.Room
	friends  *friend.Room
	hooks    *webhook.Room
	feed     *feed.Feed
	ids      *id.Sequence
	clock    *clock.Clock

	mu    sync.RWMutex
	byKey map[key]*Chat
	byNo  map[int64]*Chat
}

type key struct {
	channelNo  int64
	kind, peer string
}

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Hooks    *webhook.Room
	Feed     *feed.Feed
	IDs      *id.Sequence
	Clock    *clock.Clock
}

// New makes the room.
func New(c Config) *Room {
	r := &Room{db: c.DB, channels: c.Channels, friends: c.Friends, hooks: c.Hooks, feed: c.Feed, ids: c.IDs, clock: c.Clock}
	r.Forget()
	return r
}

// chatsCached bounds the chats in memory: about 200 bytes each.
const chatsCached = 100_000

// Forget drops what is in memory.
func (r *Room) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byKey, r.byNo = map[key]*Chat{}, map[int64]*Chat{}
}

func (r *Room) remember(c *Chat) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.byKey) >= chatsCached {
		r.byKey, r.byNo = map[key]*Chat{}, map[int64]*Chat{}
	}
	r.byKey[key{c.ChannelNo, c.Kind, c.Peer}], r.byNo[c.No] = c, c
}

const selectChat = `SELECT no, kind, channel_no, peer, provider, name, picture_url FROM chats `

func scanChat(scan func(...any) error) (*Chat, error) {
	var c Chat
	err := scan(&c.No, &c.Kind, &c.ChannelNo, &c.Peer, &c.Provider, &c.Name, &c.PictureURL)
	return &c, err
}

// find reads a chat; store.ErrNotFound when there is none.
func (r *Room) find(tx *store.Tx, k key) (*Chat, error) {
	r.mu.RLock()
	c := r.byKey[k]
	r.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	c = &Chat{}
	err := tx.Row(selectChat+`WHERE channel_no = $1 AND kind = $2 AND peer = $3`, []any{k.channelNo, k.kind, k.peer},
		&c.No, &c.Kind, &c.ChannelNo, &c.Peer, &c.Provider, &c.Name, &c.PictureURL)
	if err != nil {
		return nil, err
	}
	// Within an Update the row may still be rolled back.
	tx.After(func() { r.remember(c) })
	return c, nil
}

// ByNo is the chat of that number.
func (r *Room) ByNo(tx *store.Tx, no int64) (*Chat, error) {
	r.mu.RLock()
	c := r.byNo[no]
	r.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	c = &Chat{}
	err := tx.Row(selectChat+`WHERE no = $1`, []any{no}, &c.No, &c.Kind, &c.ChannelNo, &c.Peer, &c.Provider, &c.Name, &c.PictureURL)
	if err != nil {
		return nil, err
	}
	tx.After(func() { r.remember(c) })
	return c, nil
}

// open finds or makes a chat.
func (r *Room) open(tx *store.Tx, c Chat) (*Chat, error) {
	have, err := r.find(tx, key{c.ChannelNo, c.Kind, c.Peer})
	if !errors.Is(err, store.ErrNotFound) {
		return have, err
	}
	if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM chats`, nil, &c.No); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, c.No, c.Kind, c.ChannelNo, c.Peer, c.Provider, c.Name, c.PictureURL)
	if err != nil {
		return nil, err
	}
	tx.After(func() { r.remember(&c) })
	return &c, nil
}

// OneOnOne is the chat of a person with an official account, made when it is not there.
func (r *Room) OneOnOne(tx *store.Tx, ch *channel.Channel, p *friend.Person) (*Chat, error) {
	return r.open(tx, Chat{Kind: User, ChannelNo: ch.No, Peer: p.UserID, Provider: ch.Provider})
}

// Existing is OneOnOne without making it: a chat in which nothing was said yet
// has number 0.
func (r *Room) Existing(tx *store.Tx, ch *channel.Channel, p *friend.Person) (*Chat, error) {
	c, err := r.find(tx, key{ch.No, User, p.UserID})
	if errors.Is(err, store.ErrNotFound) {
		return &Chat{Kind: User, ChannelNo: ch.No, Peer: p.UserID, Provider: ch.Provider}, nil
	}
	return c, err
}

// GatheringsOf are the groups and rooms that a person is in.
func (r *Room) GatheringsOf(tx *store.Tx, p *friend.Person) (list []*Chat, err error) {
	err = tx.Each(`SELECT c.no, c.kind, c.channel_no, c.peer, c.provider, c.name, c.picture_url FROM members m JOIN chats c ON c.no = m.chat_no
		WHERE m.person_no = $1 AND m.left_at = 0 ORDER BY c.no`, []any{p.No}, func(scan func(...any) error) error {
		c, err := scanChat(scan)
		list = append(list, c)
		return err
	})
	return list, err
}

// Gatherings lists all groups and rooms.
func (r *Room) Gatherings(tx *store.Tx) ([]*Chat, error) {
	var list []*Chat
	err := tx.Each(selectChat+`WHERE channel_no = 0 ORDER BY no`, nil, func(scan func(...any) error) error {
		c, err := scanChat(scan)
		list = append(list, c)
		return err
	})
	return list, err
}

// ToMany is where an account's multicasts, narrowcasts and broadcasts stand.
func (r *Room) ToMany(tx *store.Tx, ch *channel.Channel) (*Chat, error) {
	return r.open(tx, Chat{Kind: Many, ChannelNo: ch.No, Provider: ch.Provider})
}

var gatheringID = regexp.MustCompile(`^[CR][0-9a-f]{32}$`)

// Shared finds a group or room by its id; store.ErrNotFound when there is none.
func (r *Room) Shared(tx *store.Tx, peer string) (*Chat, error) {
	kind := Group
	if len(peer) > 0 && peer[0] == 'R' {
		kind = Multi
	}
	if !gatheringID.MatchString(peer) { // nor could PostgreSQL be asked for every text
		return nil, store.ErrNotFound
	}
	return r.find(tx, key{0, kind, peer})
}

// Account is the account of that number; an *api.Error, NotFound, when a reset
// has taken it away while the call was under way.
func (r *Room) Account(no int64) (*channel.Channel, error) {
	if ch := r.channels.ByNo(no); ch != nil {
		return ch, nil
	}
	return nil, api.Errorf(api.NotFound, "the account of this chat is there no more")
}

// Path is how the simulation API names the chat for a person: the channel's id
// for a one-on-one chat, else the group's or room's own.
func (r *Room) Path(c *Chat) string {
	if c.Kind == User || c.Kind == Many {
		if ch := r.channels.ByNo(c.ChannelNo); ch != nil {
			return ch.ID
		}
	}
	return c.Peer
}

// Source is the chat as webhook events name it, with who acted.
func (c *Chat) Source(userID string) *webhook.Source {
	switch c.Kind {
	case Group:
		return &webhook.Source{Type: "group", GroupID: c.Peer, UserID: userID}
	case Multi:
		return &webhook.Source{Type: "room", RoomID: c.Peer, UserID: userID}
	}
	return &webhook.Source{Type: "user", UserID: userID}
}
