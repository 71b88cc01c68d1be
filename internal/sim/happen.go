package sim

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/miniapp"
)

// Happening is something that a person does beside talking and tapping.
type Happening struct {
	Type       string  `json:"type"` // unsend, read, beacon, videoPlayComplete, mediaPlay ...
	Chat       ChatRef `json:"chat"`
	MessageID  string  `json:"messageId"`
	Hwid       string  `json:"hwid"`
	BeaconType string  `json:"beaconType"`
	DM         string  `json:"dm"`
	// Text, Emojis and Mention are the new text of edit, as with a message.
	Text    string        `json:"text"`
	Emojis  []chat.Emoji  `json:"emojis"`
	Mention *chat.Mention `json:"mention"`
	// LinkToken and Nonce are of accountLink, as the page gets them.
	LinkToken string `json:"linkToken"`
	Nonce     string `json:"nonce"`
	// MembershipID and MembershipType (joined, left, renewed) are of membership.
	MembershipID   int64  `json:"membershipId"`
	MembershipType string `json:"membershipType"`
	// CouponID is of couponAcquire and couponUse.
	CouponID string `json:"couponId"`
	// Consent is of phoneConsent: whether to take messages by phone number.
	Consent bool `json:"consent"`
	// Percent is of mediaPlay: how far a video or an audio was played, 0 to 100.
	Percent *int `json:"percent"`
}

// Happen has it happen and names the webhook events that it caused.
func (r *Room) Happen(ctx context.Context, userID string, in Happening) (EventIDs, error) {
	var ids []string
	err := r.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := r.person(tx, userID)
		if err != nil {
			return err
		}
		switch in.Type {
		case "unsend":
			ids, err = r.Talk.Unsend(tx, p, in.MessageID)
		case "edit":
			ids, err = r.Talk.Edit(tx, p, in.MessageID, chat.Utterance{Text: in.Text, Emojis: in.Emojis, Mention: in.Mention})
		case "accountLink":
			_, ids, err = r.Links.Link(tx, p, in.LinkToken, in.Nonce)
		case "read":
			err = r.read(tx, p, in.Chat.id())
		case "beacon":
			ids, err = r.Talk.Beacon(tx, p, in.Hwid, in.BeaconType, in.DM)
		case "videoPlayComplete":
			ids, err = r.playedOut(tx, p, in.MessageID)
		case "mediaPlay":
			ids, err = r.play(tx, p, in)
		case "phoneConsent":
			ids, err = r.Phones.Decide(tx, p, in.Consent)
		case "membership":
			ids, err = r.Memberships.Change(tx, p, in.MembershipID, in.MembershipType)
		case "couponAcquire":
			err = r.Coupons.Acquire(tx, p, in.CouponID)
		case "couponUse":
			err = r.Coupons.Use(tx, p, in.CouponID)
		default:
			err = api.Errorf(api.Invalid, "type: %q is none of unsend, edit, read, beacon, accountLink, membership, couponAcquire, couponUse, videoPlayComplete, mediaPlay, phoneConsent", in.Type)
		}
		return err
	})
	return events(ids), err
}

func (r *Room) read(tx *store.Tx, p *friend.Person, chatID string) error {
	if region, ok := miniapp.NoticeRegion(chatID); ok {
		return r.MiniApps.Read(tx, p, region)
	}
	c, err := r.chatOf(tx, p, chatID, true)
	if err != nil {
		return err
	}
	if err := r.Interactions.Read(tx, p, c); err != nil {
		return err
	}
	return r.look(tx, p, c)
}

func (r *Room) postEvent(c *api.Call, in Happening) (any, error) {
	return r.Happen(c, c.Path("userId"), in)
}

// NewGroup is a group or room to make.
type NewGroup struct {
	Name       string   `json:"name"`
	PictureURL string   `json:"pictureUrl"`
	UserIDs    []string `json:"userIds"`
	ChannelIDs []string `json:"channelIds"`
}

func (r *Room) addGroup(c *api.Call, in NewGroup) (any, error) {
	id, err := r.gather(c, chat.Group, in)
	return api.Status{Code: 201, Body: map[string]string{"groupId": id}}, err
}

func (r *Room) addRoom(c *api.Call, in NewGroup) (any, error) {
	id, err := r.gather(c, chat.Multi, in)
	return api.Status{Code: 201, Body: map[string]string{"roomId": id}}, err
}

func (r *Room) gather(c *api.Call, kind string, in NewGroup) (id string, err error) {
	err = r.DB.Update(c, func(tx *store.Tx) error {
		if strings.ContainsRune(in.Name+in.PictureURL, 0) { // PostgreSQL keeps none
			return api.Errorf(api.Invalid, "name: no NUL character")
		}
		g := chat.Gathering{Kind: kind, Name: in.Name, PictureURL: in.PictureURL}
		for _, userID := range in.UserIDs {
			p, err := r.person(tx, userID)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(g.People, func(q *friend.Person) bool { return q.No == p.No }) {
				g.People = append(g.People, p)
			}
			g.Provider = g.People[0].Provider
		}
		for _, channelID := range in.ChannelIDs {
			ch, err := r.channel(channelID)
			if err != nil {
				return err
			}
			g.Channels = append(g.Channels, ch)
		}
		if len(g.People) == 0 {
			return api.Errorf(api.Invalid, "userIds: at least one person")
		}
		made, err := r.Talk.Gather(tx, g)
		if err == nil {
			id = made.Peer
		}
		return err
	})
	return id, err
}

type comers struct {
	UserIDs   []string `json:"userIds"`
	ChannelID string   `json:"channelId"`
}

func (r *Room) joinGroup(c *api.Call, in comers) (any, error) { return r.join(c, in, chat.Group) }
func (r *Room) joinRoom(c *api.Call, in comers) (any, error)  { return r.join(c, in, chat.Multi) }

func (r *Room) join(c *api.Call, in comers, kind string) (any, error) {
	return r.member(c, in, kind, func(tx *store.Tx, to *chat.Chat, people []*friend.Person) error {
		if in.ChannelID != "" {
			ch, err := r.channel(in.ChannelID)
			if err == nil {
				_, err = r.Talk.JoinChannel(tx, to, ch)
			}
			return err
		}
		_, err := r.Talk.JoinPeople(tx, to, people)
		return err
	})
}

func (r *Room) leaveGroup(c *api.Call, in comers) (any, error) { return r.leave(c, in, chat.Group) }
func (r *Room) leaveRoom(c *api.Call, in comers) (any, error)  { return r.leave(c, in, chat.Multi) }

func (r *Room) leave(c *api.Call, in comers, kind string) (any, error) {
	return r.member(c, in, kind, func(tx *store.Tx, from *chat.Chat, people []*friend.Person) error {
		if in.ChannelID != "" {
			ch, err := r.channel(in.ChannelID)
			if err == nil {
				_, err = r.Talk.LeaveChannel(tx, from, ch)
			}
			return err
		}
		_, err := r.Talk.LeavePeople(tx, from, people)
		return err
	})
}

func (r *Room) member(c *api.Call, in comers, kind string, do func(*store.Tx, *chat.Chat, []*friend.Person) error) (any, error) {
	if (in.ChannelID == "") == (len(in.UserIDs) == 0) {
		return nil, api.Errorf(api.Invalid, "give userIds or channelId")
	}
	err := r.DB.Update(c, func(tx *store.Tx) error {
		g, err := r.Talk.Shared(tx, c.Path("id"))
		if errors.Is(err, store.ErrNotFound) || err == nil && g.Kind != kind {
			return api.Errorf(api.NotFound, "there is no %s %s", kind, c.Path("id"))
		}
		if err != nil {
			return err
		}
		var people []*friend.Person
		for _, userID := range in.UserIDs {
			p, err := r.person(tx, userID)
			if err != nil {
				return err
			}
			people = append(people, p)
		}
		return do(tx, g, people)
	})
	return api.Object{}, err
}
