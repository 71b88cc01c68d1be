package login

import (
	"context"
	"crypto/ecdsa"
	"sync/atomic"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/token"
)

// App is a LIFF app as far as logging in needs to know it.
type App struct {
	LiffID    string
	ChannelID string
	URL       string // the endpoint
	Scopes    []string
	BotPrompt string // normal, aggressive or none
}

// Config is what the room stands on.
type Config struct {
	DB       *store.DB
	Channels *channel.Room
	Friends  *friend.Room
	Chats    *chat.Room
	Tokens   *token.Room
	// App is the LIFF app of an id, store.ErrNotFound when there is none, and
	// AppsOf those of a channel: their URLs may be redirected to.
	App    func(ctx context.Context, liffID string) (App, error)
	AppsOf func(ctx context.Context, channelID string) ([]App, error)
	// Opened is told that a LIFF app that is open on a phone logged in there.
	Opened func(tx *store.Tx, o Opened) error
	// OwnIssuer says that ID tokens and discovery name this server's address as
	// the issuer, not the platform's.
	OwnIssuer func() bool
}

// Room is the provider.
type Room struct {
	Config
	key atomic.Pointer[signingKey]
}

// New makes the room.
func New(c Config) *Room { return &Room{Config: c} }

// Forget drops what is remembered of the store, for a reset.
func (r *Room) Forget() { r.key.Store(nil) }

// loginChannel is the channel that people log in to, nil when the id is of none.
func (r *Room) loginChannel(id string) *channel.Channel {
	ch := r.Channels.Get(id)
	if ch == nil || ch.Type == channel.Messaging {
		return nil
	}
	return ch
}

// LinkedBot is the official account that is linked to a channel, or nil.
func (r *Room) LinkedBot(ch *channel.Channel) *channel.Channel {
	bot := r.Channels.Get(ch.Config.LinkedBot)
	if bot == nil || bot.Type != channel.Messaging || bot.Provider != ch.Provider {
		return nil
	}
	return bot
}

type signingKey struct {
	kid     string // 64 hex digits
	private *ecdsa.PrivateKey
}
