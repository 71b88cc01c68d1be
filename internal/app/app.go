package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/accountlink"
	"kaiwa/internal/platform/audience"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/group"
	"kaiwa/internal/platform/insight"
	"kaiwa/internal/platform/interaction"
	"kaiwa/internal/platform/liff"
	"kaiwa/internal/platform/login"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/platform/message"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/mission"
	"kaiwa/internal/platform/module"
	"kaiwa/internal/platform/pnp"
	"kaiwa/internal/platform/presence"
	"kaiwa/internal/platform/richmenu"
	"kaiwa/internal/platform/schema"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/platform/token"
	"kaiwa/internal/platform/webhook"
	"kaiwa/internal/sim"
	"kaiwa/internal/sim/demo"
	"kaiwa/internal/workspace/account"
	"kaiwa/internal/workspace/archive"
	"kaiwa/internal/workspace/key"
	"kaiwa/internal/workspace/publicapi"
)

// App is one running server.
type App struct {
	config Config
	log    *slog.Logger
	buffer *logBuffer

	db       *store.DB
	clock    *clock.Clock
	seq      *id.Sequence
	faults   *fault.Set
	limits   *limit.Buckets
	feed     *feed.Feed
	queue    *outbox.Queue
	requests *api.RequestLog
	metrics  *metrics

	channels *channel.Room
	tokens   *token.Room
	hooks    *webhook.Room
	friends  *friend.Room
	chats    *chat.Room
	messages *message.Room
	sim      *sim.Room

	interactions *interaction.Room
	groups       *group.Room
	presence     *presence.Room
	links        *accountlink.Room
	audiences    *audience.Room
	richMenus    *richmenu.Room
	insight      *insight.Room
	coupons      *coupon.Room
	memberships  *membership.Room
	missions     *mission.Room
	modules      *module.Room
	pnp          *pnp.Room
	shops        *shop.Room
	login        *login.Room
	liff         *liff.Room
	miniApps     *miniapp.Room
	// ownIssuer says that ID tokens name this server as their issuer.
	ownIssuer atomic.Bool

	workspaces *account.Room
	keys       *key.Room
	archive    *archive.Archive
	public     *publicapi.API

	world     *World
	resetting sync.Mutex
	// gate is held by requests that use the rooms and taken by a reset, so that
	// none of them meets half a world.
	gate     sync.RWMutex
	listener net.Listener
	ways     ways
	server   *http.Server
	sweeping context.CancelFunc
	swept    sync.WaitGroup
}

// Start opens the store, recovers it and begins to serve. Its errors are
// lines for the person who started it.
func Start(ctx context.Context, config Config, stderr io.Writer) (*App, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	// The file is checked even when the store needs it no more: a reset will.
	world, err := ReadWorld(config.World)
	if err != nil {
		return nil, err
	}
	a := newApp(config, world)
	a.buffer = newLogBuffer(stderr)
	a.log = newLogger(config.LogFormat, a.buffer)
	// The port is taken before the store is touched: a second server on it changes nothing.
	if a.listener, err = net.Listen("tcp", config.Listen); err != nil {
		a.buffer.Close()
		return nil, fmt.Errorf("cannot listen on %s: %w", config.Listen, err)
	}
	if err := a.listenEdge(); err != nil {
		a.listener.Close()
		a.buffer.Close()
		return nil, err
	}
	if err := a.start(ctx); err != nil {
		a.listener.Close()
		err = errors.Join(err, a.closeEdge(), a.discardStore())
		a.buffer.Close()
		return nil, err
	}
	return a, nil
}

func newApp(config Config, world *World) *App {
	return &App{config: config, world: world, clock: &clock.Clock{}, seq: &id.Sequence{}, faults: &fault.Set{}, limits: &limit.Buckets{},
		feed: &feed.Feed{}, requests: &api.RequestLog{}, metrics: newMetrics()}
}

func (a *App) open(ctx context.Context, dsn string) (err error) {
	a.db, err = store.Open(ctx, dsn, store.Options{Migrations: schema.Files(), Now: a.clock.Now, OnCommit: a.metrics.commit})
	return err
}

func (a *App) start(ctx context.Context) error {
	if !store.Exists(a.config.Store) { // no store is made for a world that cannot be built
		if err := a.world.rehearse(ctx); err != nil {
			return err
		}
	}
	if err := a.open(ctx, a.config.Store); err != nil {
		return fmt.Errorf("cannot open the store %s: %w", storeName(a.config.Store), err)
	}
	a.rooms()
	if err := a.recover(ctx); err != nil {
		return fmt.Errorf("cannot recover the store: %w", err)
	}
	a.queue.Pause(func(kind string) bool { return kind == "webhook" && a.faults.Held() })
	if err := a.queue.Start(ctx); err != nil {
		return fmt.Errorf("cannot start the queue: %w", err)
	}
	a.gauges()
	a.serve()
	a.serveEdge()
	sweeping, stop := context.WithCancel(context.Background())
	a.sweeping = stop
	a.swept.Go(func() { a.sweep(sweeping) })
	return nil
}

// rooms makes every room, each with what stands left of it.
func (a *App) rooms() {
	a.queue = outbox.New(a.db, a.clock, a.seq)
	a.channels = channel.Open(a.db)
	a.tokens = token.New(a.db, a.channels, a.clock.Now)
	a.hooks = webhook.New(webhook.Config{DB: a.db, Queue: a.queue, Channels: a.channels, Clock: a.clock, Seq: a.seq, Faults: a.faults,
		Feed: a.feed, Log: a.log})
	a.friends = friend.Open(a.db)
	a.chats = chat.New(chat.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Hooks: a.hooks, Feed: a.feed, IDs: a.seq, Clock: a.clock})
	a.interactions = interaction.New(a.chats)
	a.groups = group.New(a.db, a.friends, a.chats)
	a.presence = presence.New(presence.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Queue: a.queue, Feed: a.feed})
	a.links = accountlink.New(a.db, a.channels, a.friends, a.chats)
	a.audiences = audience.New(audience.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Interactions: a.interactions, Queue: a.queue})
	a.coupons = coupon.New(a.db, a.channels, a.feed)
	a.messages = message.New(message.Config{DB: a.db, Friends: a.friends, Chats: a.chats, Hooks: a.hooks, Audiences: a.audiences,
		Coupons: a.coupons, Queue: a.queue})
	a.richMenus = richmenu.New(richmenu.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Queue: a.queue, Feed: a.feed, IDs: a.seq})
	a.insight = insight.New(a.db, a.friends, a.interactions)
	a.memberships = membership.New(membership.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Hooks: a.hooks, Feed: a.feed})
	a.missions = mission.New(a.db, a.channels, a.friends, a.feed)
	a.modules = module.New(module.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Hooks: a.hooks, Tokens: a.tokens})
	a.pnp = pnp.New(pnp.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Hooks: a.hooks, Messages: a.messages, Seq: a.seq})
	a.login = a.loginRoom()
	a.liff = liff.New(liff.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Login: a.login})
	a.miniApps = miniapp.New(miniapp.Config{DB: a.db, Channels: a.channels, Friends: a.friends, Chats: a.chats, Login: a.login, Feed: a.feed})
	a.shops = shop.New(shop.Config{DB: a.db, Queue: a.queue, Feed: a.feed, Channels: a.channels, Friends: a.friends, Chats: a.chats, Now: a.clock.Now})
	a.sim = sim.New(sim.Config{DB: a.db, Clock: a.clock, Queue: a.queue, Faults: a.faults, Limits: a.limits, Feed: a.feed, Requests: a.requests,
		Channels: a.channels, Friends: a.friends, Talk: a.chats, Hooks: a.hooks, Interactions: a.interactions, Presence: a.presence,
		Links: a.links, RichMenus: a.richMenus, Coupons: a.coupons, Memberships: a.memberships, Missions: a.missions, Modules: a.modules, Phones: a.pnp, Shops: a.shops, Login: a.login, LIFF: a.liff, MiniApps: a.miniApps, Reset: a.Reset})
	a.workspaces = account.Open(a.db, a.channels)
	a.keys = key.Open(a.db, time.Now)
	a.archive = archive.New(a.db, a.chats, a.friends)
	bot := &demo.Bot{Reply: func(ctx context.Context, ch *channel.Channel, token string, messages []jsontext.Value) error {
		return a.messages.Answer(ctx, ch, token, messages)
	}}
	a.hooks.Builtin(bot.Answer)
}

// recover brings what was there into memory, or the world into an empty store.
func (a *App) recover(ctx context.Context) error {
	var taken int64
	if err := a.db.View(ctx, func(tx *store.Tx) error {
		return tx.Row(`SELECT MAX(id) FROM (SELECT COALESCE(MAX(id), 0) AS id FROM messages UNION ALL
			SELECT COALESCE(MAX(id), 0) FROM service_messages UNION ALL SELECT COALESCE(MAX(no), 0) FROM webhook_events UNION ALL SELECT COALESCE(MAX(id), 0) FROM outbox) AS taken`, nil, &taken)
	}); err != nil {
		return err
	}
	a.seq.Resume(taken)
	rules, err := a.loadedRules(ctx)
	if errors.Is(err, store.ErrNotFound) {
		if err := a.world.rehearse(ctx); err != nil {
			return err
		}
		return a.build(ctx)
	}
	if err != nil {
		return err
	}
	a.follow(rules)
	return errors.Join(a.reload(ctx), a.sim.Restore(ctx))
}

// reload reads into memory what the rooms keep there.
func (a *App) reload(ctx context.Context) error {
	a.tokens.Forget()
	a.keys.Forget()
	a.chats.Forget()
	a.shops.Forget()
	a.login.Forget()
	if err := a.channels.Load(ctx); err != nil {
		return err
	}
	return errors.Join(a.friends.Load(ctx, a.channels), a.workspaces.Load(ctx))
}

func (a *App) serve() {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	a.server = &http.Server{
		Handler:           a.handler(),
		Protocols:         protocols,
		MaxHeaderBytes:    12 << 10, // net/http reads 4 KiB more
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the listener failed", "error", err.Error())
		}
	}()
}

// URL is where the server listens, with the port that it got.
func (a *App) URL() string {
	address := a.listener.Addr().String()
	if host, _, err := net.SplitHostPort(a.config.Listen); err == nil && host == "0.0.0.0" { // [::] to a listener, which not everybody can reach
		address = strings.Replace(address, "[::]", host, 1)
	}
	return "http://" + address
}

// Stop finishes what is in flight, for as long as ctx allows, and closes the store.
func (a *App) Stop(ctx context.Context) error {
	a.feed.End() // event streams end, so that they do not hold the server open
	requests, cancel := beforeEnd(ctx, deliverySpan)
	defer cancel()
	err := a.server.Shutdown(requests)
	if err != nil {
		a.server.Close()
	}
	err = errors.Join(err, a.stopEdge(requests))
	a.sweeping()
	a.swept.Wait()
	err = errors.Join(err, a.queue.Stop(ctx), a.sim.SaveFaults(ctx), a.closeStore())
	a.buffer.Close()
	return err
}

// deliverySpan is what a stop keeps for deliveries under way and the last writes:
// a client that never ends its request must not take it.
const deliverySpan = 2500 * time.Millisecond

// beforeEnd is ctx with a deadline that lies a span before its own.
func beforeEnd(ctx context.Context, span time.Duration) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, end.Add(-span))
	}
	return context.WithCancel(ctx)
}

func (a *App) closeStore() error {
	if a.db == nil {
		return nil
	}
	return a.db.Close()
}

// discardStore takes a store back that this start made and could not fill.
func (a *App) discardStore() error {
	if a.db == nil {
		return nil
	}
	return a.db.Discard()
}

// storeName is dsn without what may be a password.
func storeName(dsn string) string {
	if scheme, _, isURL := strings.Cut(dsn, "://"); isURL {
		return scheme + "://..."
	}
	return dsn
}
