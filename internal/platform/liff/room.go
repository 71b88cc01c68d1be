package liff

import (
	"context"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
)

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Login    *login.Room
}

// Room is the room.
type Room struct{ Config }

// New makes the room.
func New(c Config) *Room { return &Room{c} }

// LoginApp is what logging in needs to know of an app; store.ErrNotFound when
// there is none.
func (r *Room) LoginApp(ctx context.Context, liffID string) (login.App, error) {
	var out login.App
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		a, err := r.Find(tx, liffID)
		if err == nil {
			out = a.Login()
		}
		return err
	})
	return out, err
}

// LoginAppsOf are the same of a channel.
func (r *Room) LoginAppsOf(ctx context.Context, channelID string) (list []login.App, err error) {
	ch := r.Channels.Get(channelID)
	if ch == nil {
		return nil, nil
	}
	err = r.DB.View(ctx, func(tx *store.Tx) error {
		apps, err := r.Apps(tx, ch)
		for _, a := range apps {
			list = append(list, a.Login())
		}
		return err
	})
	return list, err
}
