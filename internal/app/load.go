package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/schema"
	"kaiwa/internal/platform/shop"
	"kaiwa/internal/sim"
	"kaiwa/internal/workspace/account"
)

// rules are the world's settings of the server as a whole. That they are kept
// says that the world was loaded to its end.
type rules struct {
	LimitsOff  bool   `json:"limitsOff"`
	PublicOnly bool   `json:"publicOnly"`
	Issuer     string `json:"issuer"`
}

func (a *App) loadedRules(ctx context.Context) (r rules, err error) {
	err = a.db.View(ctx, func(tx *store.Tx) error {
		var text string
		if err := tx.Row(`SELECT value FROM settings WHERE name = 'world'`, nil, &text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &r)
	})
	return r, err
}

func (a *App) follow(r rules) {
	a.limits.Off(r.LimitsOff)
	a.shops.LimitsOff(r.LimitsOff)
	a.hooks.SetPublicOnly(r.PublicOnly)
	a.ownIssuer.Store(r.Issuer == "own")
}

// Reset empties the store and builds the world of the file again.
func (a *App) Reset(ctx context.Context) error {
	a.resetting.Lock()
	defer a.resetting.Unlock()
	// The file may have changed since the start; one that is wrong now changes nothing.
	world, err := ReadWorld(a.config.World)
	if err == nil {
		err = world.rehearse(ctx)
	}
	if err != nil {
		return api.Errorf(api.Conflict, "%v", err)
	}
	a.gate.Lock()
	defer a.gate.Unlock()
	a.world = world
	return a.build(ctx)
}

// rehearse builds the world in a store of its own that is then thrown away:
// what the rooms refuse of it shows there, before anything is changed.
func (w *World) rehearse(ctx context.Context) (err error) {
	if w.rehearsed {
		return nil
	}
	a := newApp(Config{}, w)
	a.log = slog.New(slog.DiscardHandler)
	if err := a.open(ctx, "memory:"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.closeStore()) }()
	a.rooms()
	if err := a.build(ctx); err != nil {
		return fmt.Errorf("%s: %w", w.source, err)
	}
	w.rehearsed = true
	return nil
}

// build empties the store and makes the world there.
func (a *App) build(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // half a world is of no use
	start, err := a.world.StartOf()
	if err != nil {
		return err
	}
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		for _, table := range schema.Tables() {
			if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := a.reload(ctx); err != nil {
		return err
	}
	if start.IsZero() {
		a.clock.Real()
	} else {
		a.clock.Set(start)
	}
	// Each stage needs what the one before it committed.
	for _, stage := range []func(*store.Tx) error{a.loadChannels, a.loadModules, a.loadPeople, a.loadGatherings, a.loadShops, a.loadSharedAudiences, a.loadWorkspaces} {
		if err := a.db.Update(ctx, stage); err != nil {
			return err
		}
	}
	// Once more, for the crowds, and because readers whose view was older than the
	// emptying may have put what they saw into memory since.
	if err := a.reload(ctx); err != nil {
		return err
	}
	a.faults.Put(nil)
	a.requests.Clear()
	if a.public != nil { // nil while the server starts
		a.public.Reset()
	}
	r := rules{LimitsOff: a.world.LimitsOff(), PublicOnly: a.world.WebhookTargets == "public", Issuer: a.world.Issuer}
	a.follow(r)
	return errors.Join(a.sim.SaveClock(ctx), a.db.Update(ctx, func(tx *store.Tx) error {
		text, err := json.Marshal(r)
		if err == nil {
			_, err = tx.Exec(`INSERT INTO settings (name, value) VALUES ('world', $1)`, string(text))
		}
		return err
	}))
}

func (a *App) loadChannels(tx *store.Tx) error {
	for _, p := range a.world.Providers {
		for i, e := range p.Channels {
			c := channel.Channel{ID: e.ID, Provider: p.Name, Type: e.Type, Name: e.Name, Secret: e.Secret, Quota: channel.Unlimited, Config: e.config(),
				Webhook: channel.Webhook{Active: true}} // so that an endpoint which is set is used at once
			if e.Type == channel.Messaging {
				c.Account = channel.Account(e.Account)
			}
			if e.Quota != nil {
				c.Quota = *e.Quota
			}
			if w := e.Webhook; w != nil {
				c.Webhook = channel.Webhook{Endpoint: w.Endpoint, Active: w.Active == nil || *w.Active, Redelivery: w.Redelivery}
			}
			ch, err := a.channels.Put(tx, c)
			if err != nil {
				return err
			}
			if err := a.loadOffers(tx, ch, e); err != nil {
				return fmt.Errorf("channels[%d]: %w", i, err)
			}
			if err := a.loadLIFF(tx, ch, e.LIFF); err != nil {
				return fmt.Errorf("channels[%d]: %w", i, err)
			}
			if err := miniapp.PutTemplates(tx, ch, e.MiniApp.Templates); err != nil {
				return fmt.Errorf("channels[%d]: %w", i, err)
			}
			if e.AccessToken != "" {
				if err := a.tokens.PutLongLived(tx, e.ID, e.AccessToken); err != nil {
					return fmt.Errorf("channels[%d].accessToken: %w", i, takenBy("channel", err))
				}
			}
		}
	}
	return nil
}

func (a *App) loadPeople(tx *store.Tx) error {
	for _, p := range a.world.Providers {
		for i, e := range p.People {
			err := a.sim.AddPerson(tx, sim.NewPerson{UserID: e.UserID, Provider: p.Name, FriendOf: e.FriendOf, Blocked: e.Blocked, Profile: e.profile()})
			if err != nil {
				return fmt.Errorf("people[%d]: %w", i, err)
			}
		}
	}
	for _, c := range a.world.Crowd {
		if err := a.friends.AddCrowd(tx, a.channels.Get(c.Channel), c.Count, c.Seed); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) loadGatherings(tx *store.Tx) error {
	for _, p := range a.world.Providers {
		for _, e := range append(append([]groupEntry{}, p.Groups...), p.Rooms...) {
			g := chat.Gathering{Kind: chat.Group, ID: e.GroupID, Provider: p.Name, Name: e.Name, PictureURL: e.PictureURL, Quiet: true}
			if e.RoomID != "" {
				g.Kind, g.ID = chat.Multi, e.RoomID
			}
			people, err := a.resolve(tx, e.Members)
			if err != nil {
				return err
			}
			g.People = people
			for _, id := range e.Channels {
				g.Channels = append(g.Channels, a.channels.Get(id))
			}
			if _, err := a.chats.Gather(tx, g); err != nil {
				return fmt.Errorf("groups and rooms: %w", err)
			}
		}
	}
	return nil
}

func (a *App) loadShops(tx *store.Tx) error {
	for i, e := range a.world.Shops {
		s := &shop.Shop{Name: e.Name, APIKey: e.APIKey, ChannelID: e.Channel}
		if err := a.shops.Put(tx, s, e.Products); err != nil {
			return fmt.Errorf("shops[%d].%w", i, err)
		}
		for j, o := range e.Orders {
			if err := a.shops.PutOrder(tx, s, o); err != nil {
				return fmt.Errorf("shops[%d].orders[%d].%w", i, j, err)
			}
		}
	}
	return nil
}

func (a *App) resolve(tx *store.Tx, userIDs []string) ([]*friend.Person, error) {
	var people []*friend.Person
	for _, id := range userIDs {
		p, err := a.friends.Resolve(tx, id)
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

// takenBy says in the file's words that somebody else has the value already.
func takenBy(kind string, err error) error {
	if errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("another %s has it", kind)
	}
	return err
}

func (a *App) loadWorkspaces(tx *store.Tx) error {
	for i, e := range a.world.Workspaces {
		w := account.Workspace{Name: e.Name}
		if e.RateLimit != nil {
			per, err := time.ParseDuration(e.RateLimit.Per)
			if err != nil {
				return err
			}
			w.Rate = limit.Rate{Requests: e.RateLimit.Requests, Per: per}
		}
		w, err := a.workspaces.PutWorkspace(tx, w)
		if err != nil {
			return err
		}
		if e.APIKey != "" {
			if _, err := a.keys.Put(tx, w.ID, e.APIKey); err != nil {
				return fmt.Errorf("workspaces[%d].apiKey: %w", i, takenBy("workspace", err))
			}
		}
		for _, acc := range e.Accounts {
			c := account.Config{ChannelID: acc.Channel, Name: acc.Name}
			if acc.BaseURL != "" {
				c = account.Config{ChannelID: acc.ChannelID, Name: acc.Name, BaseURL: acc.BaseURL, ChannelSecret: acc.ChannelSecret,
					ChannelAccessToken: acc.ChannelAccessToken, Relays: acc.Relays}
			}
			if err := a.workspaces.Connect(tx, w.ID, c); err != nil {
				return fmt.Errorf("workspaces[%d]: %w", i, err)
			}
		}
	}
	return nil
}
