package message

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
	"kaiwa/internal/platform/webhook"
)

type replyBody struct {
	envelope   `json:",inline"`
	ReplyToken string `json:"replyToken"`
}

// noToken stands for what can be no reply token.
const noToken = "none"

// reply answers an event by its token. The messages are checked before the
// token is used up, so that a bot can mend them and try again.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
func (r *Room) reply(c *api.Call, in replyBody) (any, error) { return r.answer(c, in) }

// Answer is reply for a bot that runs inside of this server.
func (r *Room) Answer(ctx context.Context, ch *channel.Channel, replyToken string, messages []jsontext.Value) error {
	c := &api.Call{Context: ctx, RequestID: id.UUID(), Owner: ch.ID, Principal: ch}
	_, err := r.answer(c, replyBody{envelope{Messages: messages}, replyToken})
	return err
}

func (r *Room) answer(c *api.Call, in replyBody) (sentAnswer, error) {
	if strings.ContainsRune(in.ReplyToken, 0) {
		in.ReplyToken = noToken // PostgreSQL cannot be asked for a text with NUL
	}
	s, err := check(c, in.envelope, object.Reply, chat.Reply, missing("replyToken", in.ReplyToken)...)
	if err != nil {
		return sentAnswer{}, err
	}
	var answer sentAnswer
	err = r.db.Update(c, func(tx *store.Tx) error {
		if err := r.offered(tx, s); err != nil {
			return err
		}
		no, err := r.hooks.UseReplyToken(tx, s.channel, in.ReplyToken)
		if err != nil {
			return err
		}
		to, err := r.chats.ByNo(tx, no)
		if err != nil {
			return err
		}
		ids, err := r.sayBack(tx, s, to)
		answer = s.answer(ids)
		return err
	})
	if errors.Is(err, webhook.ErrReplyToken) {
		err = api.Errorf(api.Invalid, "Invalid reply token")
	}
	return answer, err
}

// sayBack sends a reply into the chat of its event. One who has blocked the
// account since gets nothing; a group that the account has left takes no reply.
func (r *Room) sayBack(tx *store.Tx, s send, to *chat.Chat) ([]int64, error) {
	if to.Kind == chat.User {
		p, err := r.friends.Resolve(tx, to.Peer)
		if err != nil {
			return nil, err
		}
		f, err := r.friends.Friendship(tx, s.channel, p)
		if err != nil {
			return nil, err
		}
		if f.State == friend.Blocked {
			return r.vanish(tx, s), nil
		}
	} else if in, err := r.chats.HasChannel(tx, to, s.channel); err != nil {
		return nil, err
	} else if !in {
		return nil, webhook.ErrReplyToken
	}
	if err := r.fits(tx, s, to); err != nil {
		return nil, err
	}
	ids, err := r.chats.Send(tx, s.channel, s.drafts(to)...)
	if err != nil {
		return nil, err
	}
	return ids, count(tx, s.channel, "reply", 1)
}
