package group

import (
	"errors"
	"regexp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Room is the room.
type Room struct {
	db      *store.DB
	friends *friend.Room
	chats   *chat.Room
}

// New makes the room.
func New(db *store.DB, friends *friend.Room, chats *chat.Room) *Room {
	return &Room{db, friends, chats}
}

// sort is a kind of chat with several people, as paths name it.
type sort struct {
	parameter string
	form      *regexp.Regexp
}

var (
	groups = sort{"groupId", regexp.MustCompile(`^C[0-9a-f]{32}$`)}
	rooms  = sort{"roomId", regexp.MustCompile(`^R[0-9a-f]{32}$`)}
)

var errNotFound = api.Errorf(api.NotFound, "Not found")

// id is the chat's id in the path; 400 for one that no such chat can have.
func (s sort) id(c *api.Call) (string, error) {
	id := c.Path(s.parameter)
	if !s.form.MatchString(id) {
		return "", friend.InvalidParameter(s.parameter)
	}
	return id, nil
}

// in finds the chat of the call if the account is in it, and reads from it; 404
// for all others, be they there or not.
func (r *Room) in(c *api.Call, s sort, read func(*store.Tx, *chat.Chat) error) error {
	id, err := s.id(c)
	if err != nil {
		return err
	}
	err = r.db.View(c, func(tx *store.Tx) error {
		g, in, err := r.find(tx, channel.Caller(c), id)
		if err == nil && !in {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return read(tx, g)
	})
	return orNotFound(err)
}

func orNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errNotFound
	}
	return err
}

// find is a chat of the account's provider, and whether the account is in it;
// store.ErrNotFound when there is none.
func (r *Room) find(tx *store.Tx, ch *channel.Channel, id string) (g *chat.Chat, in bool, err error) {
	g, err = r.chats.Shared(tx, id)
	if err == nil && g.Provider != ch.Provider {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, false, err
	}
	in, err = r.chats.HasChannel(tx, g, ch)
	return g, in, err
}

type summaryAnswer struct {
	GroupID    string `json:"groupId"`
	GroupName  string `json:"groupName"`
	PictureURL string `json:"pictureUrl,omitzero"`
}

// summary tells a group's name and icon.
// https://developers.line.biz/en/reference/messaging-api/#get-group-summary
func (r *Room) summary(c *api.Call) (any, error) {
	var answer summaryAnswer
	err := r.in(c, groups, func(_ *store.Tx, g *chat.Chat) error {
		answer = summaryAnswer{g.Peer, g.Name, g.PictureURL}
		return nil
	})
	return answer, err
}

// leave takes the account out, which is told to it alone. A room that it is not
// in answers 200 all the same, a group 404.
// https://developers.line.biz/en/reference/messaging-api/#leave-group
func (r *Room) leave(s sort) func(*api.Call) (any, error) {
	return func(c *api.Call) (any, error) {
		id, err := s.id(c)
		if err != nil {
			return nil, err
		}
		ch := channel.Caller(c)
		err = r.db.Update(c, func(tx *store.Tx) error {
			g, in, err := r.find(tx, ch, id)
			if err != nil || !in && s == rooms {
				return err
			}
			if !in {
				return store.ErrNotFound
			}
			_, err = r.chats.LeaveChannel(tx, g, ch)
			return err
		})
		return api.Object{}, orNotFound(err)
	}
}
