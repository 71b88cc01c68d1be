package presence

import (
	"errors"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

type readPersonBody struct {
	Chat struct {
		UserID string `json:"userId"`
	} `json:"chat"`
}

// readPerson marks all that a person has sent to the account as read. An
// account in auto mode has read it already, and the answer is the same.
// https://developers.line.biz/en/reference/partner-docs/#mark-as-read
func (r *Room) readPerson(c *api.Call, in readPersonBody) (any, error) {
	if !friend.UserID.MatchString(in.Chat.UserID) {
		return nil, invalid("chat.chatId")
	}
	return r.readAll(c, in.Chat.UserID, "chat.chatId")
}

func invalid(property string) error {
	return api.Errorf(api.Invalid, "The property, '%s', in the request body is invalid (line: -, column: -)", property)
}

type readUpToBody struct {
	MarkAsReadToken string `json:"markAsReadToken"`
	// ChatID is another way to say it, which the request collection has: all of a chat.
	ChatID string `json:"chatId"`
}

// readUpTo marks a message and all before it in its chat as read, by the token
// that came with the message.
// https://developers.line.biz/en/reference/messaging-api/#mark-as-read
func (r *Room) readUpTo(c *api.Call, in readUpToBody) (any, error) {
	switch {
	case in.MarkAsReadToken != "":
	case in.ChatID != "":
		return r.readAll(c, in.ChatID, "chatId")
	default:
		return nil, &api.Error{Code: api.Invalid, Message: "The request body has 1 error(s)",
			Details: []api.Detail{{Message: "May not be empty", Property: "markAsReadToken"}}}
	}
	ch := channel.Caller(c)
	id, ok := chat.ReadID(ch, in.MarkAsReadToken)
	if !ok {
		return nil, errToken
	}
	err := r.db.Update(c, func(tx *store.Tx) error {
		in, err := r.chats.Heard(tx, ch, id)
		if err != nil {
			return err
		}
		return r.chats.ReadBy(tx, ch, in, id)
	})
	if errors.Is(err, store.ErrNotFound) { // of a world before a reset
		err = errToken
	}
	return api.Object{}, err
}

var errToken = api.Errorf(api.Invalid, "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.")

// readAll marks all of a chat as read: that with a person, or a group or room
// that the account is in. The property is named when there is no such chat.
func (r *Room) readAll(c *api.Call, chatID, property string) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		in, err := r.chat(tx, ch, chatID)
		if err != nil || in.No == 0 { // nothing was said yet
			return err
		}
		return r.chats.ReadBy(tx, ch, in, r.chats.NextID(tx)) // above all ids there are
	})
	if errors.Is(err, store.ErrNotFound) {
		err = invalid(property)
	}
	return api.Object{}, err
}

// chat is the account's chat of that id; store.ErrNotFound when it has none.
func (r *Room) chat(tx *store.Tx, ch *channel.Channel, id string) (*chat.Chat, error) {
	if !friend.UserID.MatchString(id) {
		c, err := r.chats.Shared(tx, id)
		if err != nil {
			return nil, err
		}
		if in, err := r.chats.HasChannel(tx, c, ch); err != nil || !in {
			return nil, errors.Join(err, store.ErrNotFound)
		}
		return c, nil
	}
	p, err := r.friends.Resolve(tx, id)
	if err == nil && p.Provider != ch.Provider {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return r.chats.Existing(tx, ch, p)
}
