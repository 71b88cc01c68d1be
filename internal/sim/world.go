package sim

import (
	"context"
	"errors"
	"slices"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/liff"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/platform/miniapp"
	"kaiwa/internal/platform/mission"
)

// World is who and what there is.
type World struct {
	Channels []ChannelView `json:"channels"`
	People   []PersonView  `json:"people"`
	Groups   []GroupView   `json:"groups"`
	Rooms    []GroupView   `json:"rooms"`
	Shops    []ShopView    `json:"shops,omitzero"`
}

// ChannelView is a channel with its settings.
type ChannelView struct {
	ID       string           `json:"id"`
	Type     string           `json:"type"`
	Name     string           `json:"name"`
	Provider string           `json:"provider"`
	Account  *channel.Account `json:"account,omitzero"`
	// Quota is left out when unlimited.
	Quota   *int64           `json:"quota,omitzero"`
	Webhook *channel.Webhook `json:"webhook,omitzero"`
	Friends int64            `json:"friends"`
	// Memberships and MissionStickers are what the account offers.
	Memberships     []membership.Offer `json:"memberships,omitzero"`
	MissionStickers []mission.Set      `json:"missionStickers,omitzero"`
	// Region, IconURL and Templates are of a LINE MINI App.
	Region    string             `json:"region,omitzero"`
	IconURL   string             `json:"iconUrl,omitzero"`
	Templates []miniapp.Template `json:"serviceMessageTemplates,omitzero"`
	// Secret and the ids of LIFF may be made up: here is where one finds them.
	Secret       string           `json:"secret"`
	Beacons      []channel.Beacon `json:"beacons,omitzero"`
	CallbackURLs []string         `json:"callbackUrls,omitzero"`
	Scopes       []string         `json:"scopes,omitzero"`
	LinkedBot    string           `json:"linkedBot,omitzero"`
	LIFF         []*liff.App      `json:"liff,omitzero"`
}

// PersonView is a person with their friendships.
type PersonView struct {
	UserID         string   `json:"userId"`
	Provider       string   `json:"provider"`
	FriendOf       []string `json:"friendOf"`
	Blocked        []string `json:"blocked"`
	friend.Profile `json:",inline"`
}

// GroupView is a group or room with its members.
type GroupView struct {
	GroupID    string   `json:"groupId,omitzero"`
	RoomID     string   `json:"roomId,omitzero"`
	Name       string   `json:"name,omitzero"`
	PictureURL string   `json:"pictureUrl,omitzero"`
	Members    []string `json:"members"`
	Channels   []string `json:"channels"`
}

// World reads who and what there is; the people of a crowd are not listed.
func (r *Room) World(ctx context.Context) (World, error) {
	w := World{Channels: []ChannelView{}, People: []PersonView{}, Groups: []GroupView{}, Rooms: []GroupView{}}
	err := r.DB.View(ctx, func(tx *store.Tx) error {
		channels := r.Channels.List()
		for _, ch := range channels {
			v := ChannelView{ID: ch.ID, Type: ch.Type, Name: ch.Name, Provider: ch.Provider, Secret: ch.Secret, Beacons: ch.Config.Beacons,
				CallbackURLs: ch.Config.CallbackURLs, Scopes: ch.Config.Scopes, LinkedBot: ch.Config.LinkedBot}
			var err error
			if v.LIFF, err = r.LIFF.Apps(tx, ch); err != nil {
				return err
			}
			if ch.Type == channel.Messaging {
				v.Account, v.Webhook = &ch.Account, &ch.Webhook
				if ch.Quota != channel.Unlimited {
					v.Quota = &ch.Quota
				}
				if v.Friends, err = r.Friends.Reach(tx, ch); err != nil {
					return err
				}
				if v.Memberships, err = r.Memberships.Plans(tx, ch); err != nil {
					return err
				}
				if v.MissionStickers, err = r.Missions.Sets(tx, ch); err != nil {
					return err
				}
			}
			if ch.Type == channel.MiniApp {
				v.Region, v.IconURL = ch.Config.Region, ch.Config.IconURL
				if v.Templates, err = r.MiniApps.Templates(tx, ch); err != nil {
					return err
				}
			}
			w.Channels = append(w.Channels, v)
		}
		people, err := r.Friends.People(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			v, err := r.personView(tx, p, channels)
			if err != nil {
				return err
			}
			w.People = append(w.People, v)
		}
		return r.groups(tx, &w)
	})
	if err == nil {
		w.Shops, err = r.shopViews(ctx)
	}
	return w, err
}

func (r *Room) personView(tx *store.Tx, p *friend.Person, channels []*channel.Channel) (PersonView, error) {
	v := PersonView{UserID: p.UserID, Provider: p.Provider, FriendOf: []string{}, Blocked: []string{}, Profile: p.Profile}
	for _, ch := range channels {
		f, err := r.Friends.Friendship(tx, ch, p)
		if err != nil {
			return v, err
		}
		switch f.State {
		case friend.Friend:
			v.FriendOf = append(v.FriendOf, ch.ID)
		case friend.Blocked:
			v.Blocked = append(v.Blocked, ch.ID)
		}
	}
	return v, nil
}

func (r *Room) groups(tx *store.Tx, w *World) error {
	list, err := r.Talk.Gatherings(tx)
	if err != nil {
		return err
	}
	for _, c := range list {
		m, err := r.Talk.Members(tx, c)
		if err != nil {
			return err
		}
		v := GroupView{Name: c.Name, PictureURL: c.PictureURL, Members: []string{}, Channels: []string{}}
		for _, p := range m.People {
			v.Members = append(v.Members, p.UserID)
		}
		for _, ch := range m.Channels {
			v.Channels = append(v.Channels, ch.ID)
		}
		if c.Kind == chat.Group {
			v.GroupID = c.Peer
			w.Groups = append(w.Groups, v)
		} else {
			v.RoomID = c.Peer
			w.Rooms = append(w.Rooms, v)
		}
	}
	return nil
}

func (r *Room) getWorld(c *api.Call) (any, error) { return r.World(c) }

// NewPerson is a person to add, as in the world file.
type NewPerson struct {
	UserID         string   `json:"userId"`
	Provider       string   `json:"provider"`
	FriendOf       []string `json:"friendOf"`
	Blocked        []string `json:"blocked"`
	friend.Profile `json:",inline"`
}

// addPerson takes what the world file takes of a person, and refuses other words as it does.
func (r *Room) addPerson(c *api.Call, body []byte) (any, error) {
	var in NewPerson
	if err := strictly(body, &in); err != nil {
		return nil, err
	}
	if in.UserID == "" {
		in.UserID = "U" + id.Hex(16)
	}
	if !friend.UserID.MatchString(in.UserID) {
		return nil, api.Errorf(api.Invalid, "userId: U and 32 lower-case hex digits")
	}
	if err := in.Profile.Check(); err != nil {
		return nil, api.Errorf(api.Invalid, "%v", err)
	}
	if in.Provider != "" && !slices.ContainsFunc(r.Channels.List(), func(ch *channel.Channel) bool { return ch.Provider == in.Provider }) {
		return nil, api.Errorf(api.NotFound, "provider: there is no provider %q", in.Provider)
	}
	err := r.DB.Update(c, func(tx *store.Tx) error {
		tx.After(func() { r.Feed.Publish(feed.Change{Type: "person", UserIDs: []string{in.UserID}}) })
		return r.AddPerson(tx, in)
	})
	if errors.Is(err, store.ErrConflict) {
		err = api.Errorf(api.Conflict, "userId: %s exists already", in.UserID)
	}
	return api.Status{Code: 201, Body: map[string]string{"userId": in.UserID}}, err
}

// AddPerson adds a person with their friendships, without events: they have
// been friends since the world's first day.
func (r *Room) AddPerson(tx *store.Tx, in NewPerson) error {
	if list := r.Channels.List(); in.Provider == "" && len(list) > 0 {
		in.Provider = list[0].Provider
	}
	if in.DisplayName == "" {
		in.DisplayName = "Person " + in.UserID[len(in.UserID)-4:]
	}
	p, err := r.Friends.Add(tx, friend.Person{UserID: in.UserID, Provider: in.Provider, Profile: in.Profile})
	if err != nil {
		return err
	}
	for _, to := range []struct {
		channels []string
		states   []friend.State
	}{{in.FriendOf, []friend.State{friend.Friend}}, {in.Blocked, []friend.State{friend.Friend, friend.Blocked}}} {
		for _, channelID := range to.channels {
			ch, err := r.channel(channelID)
			if err != nil {
				return err
			}
			if ch.Provider != p.Provider {
				return api.Errorf(api.Conflict, "friendOf: %s is of another provider than %s", channelID, in.UserID)
			}
			for _, state := range to.states {
				if _, err := r.Talk.Befriend(tx, ch, p, state); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

type channelRef struct {
	ChannelID string `json:"channelId"`
}

func (r *Room) follow(c *api.Call, in channelRef) (any, error) {
	return r.befriend(c, in, r.Talk.Follow)
}

func (r *Room) unfollow(c *api.Call, in channelRef) (any, error) {
	return r.befriend(c, in, r.Talk.Unfollow)
}

// EventIDs are the webhook events that an act caused.
type EventIDs struct {
	WebhookEventIDs []string `json:"webhookEventIds"`
}

func events(ids []string) EventIDs { return EventIDs{append([]string{}, ids...)} }

func (r *Room) befriend(c *api.Call, in channelRef, act func(*store.Tx, *channel.Channel, *friend.Person) ([]string, error)) (any, error) {
	ch, err := r.channel(in.ChannelID)
	if err != nil {
		return nil, err
	}
	var ids []string
	err = r.DB.Update(c, func(tx *store.Tx) error {
		p, err := r.person(tx, c.Path("userId"))
		if err != nil {
			return err
		}
		if p.Provider != ch.Provider {
			return api.Errorf(api.Conflict, "channelId: %s is of another provider than %s", ch.ID, p.UserID)
		}
		ids, err = act(tx, ch, p)
		return err
	})
	return events(ids), err
}
