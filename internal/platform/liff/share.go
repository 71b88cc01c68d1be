package liff

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/login"
	"kaiwa/internal/platform/object"
)

type shareBody struct {
	Messages []jsontext.Value `json:"messages"`
}

var errNotGranted = api.Errorf(api.Forbidden, "user doesn't grant required permissions yet")

// share is liff.sendMessages: it says something in the user's name, in the chat
// that the app was opened in. 403 outside of a chat and in other browsers.
// https://developers.line.biz/en/reference/liff/#send-messages
func (r *Room) share(c *api.Call, in shareBody) (any, error) {
	u := login.Caller(c)
	if !u.Has("chat_message.write") || u.LiffID == "" {
		return nil, errNotGranted
	}
	messages, err := shareable(in.Messages, sendTypes)
	if err != nil {
		return nil, err
	}
	err = r.DB.Update(c, func(tx *store.Tx) error {
		to, err := r.openedIn(tx, u.Hash)
		if errors.Is(err, store.ErrNotFound) || err == nil && to == nil {
			return errNotGranted
		}
		if err != nil {
			return err
		}
		return r.say(tx, u.Person, to, messages)
	})
	return api.Object{}, err
}

// say says the messages as the person.
func (r *Room) say(tx *store.Tx, p *friend.Person, to *chat.Chat, messages []object.Message) error {
	for _, m := range messages {
		if _, err := r.Chats.Share(tx, p, to, m); err != nil {
			return err
		}
	}
	return nil
}

// What can be sent, and what can be shared to chats that the user picks.
var (
	sendTypes  = map[string]bool{"text": true, "sticker": true, "image": true, "video": true, "audio": true, "location": true, "template": true, "flex": true}
	shareTypes = map[string]bool{"text": true, "image": true, "video": true, "audio": true, "location": true, "template": true, "flex": true}
)

// shareable checks messages that an app sends in its user's name: of these
// types, without LINE emojis and quotes, with URI actions only.
func shareable(raw []jsontext.Value, types map[string]bool) ([]object.Message, error) {
	messages, bad := object.Validate(raw, object.Options{Kind: object.Push})
	if bad != nil {
		e := &api.Error{Code: api.Invalid, Message: bad.Message}
		for _, p := range bad.Details {
			e.Details = append(e.Details, api.Detail{Message: p.Message, Property: p.Property})
		}
		return nil, e
	}
	for i, m := range messages {
		why := ""
		switch {
		case !types[m.Type]:
			why = fmt.Sprintf("messages[%d].type", i)
		case len(m.Emojis) > 0:
			why = fmt.Sprintf("messages[%d].emojis", i)
		case m.QuoteToken != "":
			why = fmt.Sprintf("messages[%d].quoteToken", i)
		case (m.Type == "template" || m.Type == "flex") && !onlyURIs(m.Raw):
			why = fmt.Sprintf("messages[%d]", i)
		}
		if why != "" {
			return nil, api.Errorf(api.Invalid, "The property, '%s', in the request body is invalid (line: -, column: -)", why)
		}
	}
	return messages, nil
}

// onlyURIs says whether all actions in a template or Flex Message open links:
// others would come from the user, not from an account.
func onlyURIs(raw jsontext.Value) bool {
	return !slices.ContainsFunc(object.Actions(raw), func(a object.Action) bool { return a.Type != "uri" })
}
