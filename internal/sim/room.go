package sim

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/accountlink"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/liff"
	"kaiwa/internal/platform/login"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/mission"
	"kaiwa/internal/platform/module"
	"kaiwa/internal/platform/pnp"
	"kaiwa/internal/platform/presence"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/platform/webhook"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Clock    *clock.Clock
	Queue    *outbox.Queue
	Faults   *fault.Set
	Limits   *limit.Buckets
	Feed     *feed.Feed
	Requests *api.RequestLog
	Channels *channel.Room
	Friends  *friend.Room
	Talk     *chat.Room
	Hooks    *webhook.Room

	Interactions *interaction.Room
	Presence     *presence.Room
	Links        *accountlink.Room
	RichMenus    *richmenu.Room
	Coupons      *coupon.Room
	Memberships  *membership.Room
	Missions     *mission.Room
	Modules      *module.Room
	Phones       *pnp.Room

	Shops *shop.Room

	Login *login.Room
	LIFF  *liff.Room

	MiniApps *miniapp.Room
	// Reset brings the world file's state back.
	Reset func(context.Context) error
}

// Room is the simulation.
type Room struct {
	Config
	preset  atomic.Pointer[string]
	counted atomic.Bool // some fault acts a number of times
	moving  sync.Mutex  // held by who moves the clock
}

// New makes the room.
func New(c Config) *Room { return &Room{Config: c} }

// person finds who a path names.
func (r *Room) person(tx *store.Tx, userID string) (*friend.Person, error) {
	p, err := r.Friends.Resolve(tx, userID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.Errorf(api.NotFound, "userId: there is no person %s", userID)
	}
	return p, err
}

func (r *Room) channel(id string) (*channel.Channel, error) {
	ch := r.Channels.Get(id)
	switch {
	case id == "":
		return nil, api.Errorf(api.Invalid, "channelId: give the id of a messaging channel")
	case ch == nil:
		return nil, api.Errorf(api.NotFound, "channelId: there is no channel %q", id)
	case ch.Type != channel.Messaging:
		return nil, api.Errorf(api.Conflict, "channelId: %s is no messaging channel", id)
	}
	return ch, nil
}

// ChatRef names a chat: exactly one of its members is given.
type ChatRef struct {
	ChannelID string `json:"channelId,omitzero"`
	GroupID   string `json:"groupId,omitzero"`
	RoomID    string `json:"roomId,omitzero"`
}

// id is the bare id, "" unless exactly one is given.
func (ref ChatRef) id() string {
	id := ""
	for _, s := range []string{ref.ChannelID, ref.GroupID, ref.RoomID} {
		if s != "" && id != "" {
			return ""
		}
		id += s
	}
	return id
}

// chatOf finds the chat that a bare id names for a person. A one-on-one chat is
// made when make says so; else a chat that is not there yet has number 0.
func (r *Room) chatOf(tx *store.Tx, p *friend.Person, id string, open bool) (*chat.Chat, error) {
	if id == "" {
		return nil, api.Errorf(api.Invalid, "chat: give one of channelId, groupId and roomId")
	}
	if id[0] == 'C' || id[0] == 'R' {
		c, err := r.Talk.Shared(tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && c.Provider != p.Provider {
			return nil, api.Errorf(api.NotFound, "chat: there is no group or room %s", id)
		}
		return c, err
	}
	if _, ok := miniapp.NoticeRegion(id); ok {
		if open {
			return nil, api.Errorf(api.Conflict, "chat: only LINE MINI Apps write there, and there is only reading and tapping")
		}
		return nil, api.Errorf(api.NotFound, "chat: service messages have no files")
	}
	ch, err := r.channel(id)
	if err != nil {
		return nil, err
	}
	if ch.Provider != p.Provider {
		return nil, api.Errorf(api.NotFound, "chat: %s is not of the provider of %s", id, p.UserID)
	}
	if open {
		return r.Talk.OneOnOne(tx, ch, p)
	}
	return r.Talk.Existing(tx, ch, p)
}

// act finds a person and one of their chats, and runs what they do there.
func (r *Room) act(ctx context.Context, userID, chatID string, do func(*store.Tx, *friend.Person, *chat.Chat) error) error {
	return r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		c, err := r.chatOf(tx, p, chatID, true)
		if err != nil {
			return err
		}
		return do(tx, p, c)
	})
}
