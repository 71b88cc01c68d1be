package chat

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
	"kaiwa/internal/platform/webhook"
)

// Uttered is what became of something that a person sent.
type Uttered struct {
	MessageID int64
	EventIDs  []string
	// QuoteToken is the first receiving account's, "" for types that have none.
	QuoteToken string
}

// Say has a person send a message into a chat that they are in. Every account
// there gets a message event.
func (r *Room) Say(tx *store.Tx, p *friend.Person, c *Chat, u Utterance) (Uttered, error) {
	var out Uttered
	accounts, users, err := r.hearers(tx, p, c)
	if err != nil {
		return out, err
	}
	if err := u.Prepare(); err != nil {
		return out, err
	}
	if u.QuotedMessageID != "" {
		if _, err := r.Seen(tx, p, c, u.QuotedMessageID); errors.Is(err, store.ErrNotFound) {
			return out, api.Errorf(api.Invalid, "quotedMessageId: no message %s in this chat", u.QuotedMessageID)
		} else if err != nil {
			return out, err
		}
	}
	drafts := []Draft{{Chat: c, SenderNo: p.No, Origin: FromUser, Type: u.Type, Body: u.body(nil)}}
	if c.Kind == User {
		drafts[0].AccountNo = c.ChannelNo
	}
	ids, err := r.Post(tx, drafts...)
	if err != nil {
		return out, err
	}
	out.MessageID = ids[0]
	if u.Content != nil {
		if err := r.putContent(tx, out.MessageID, u); err != nil {
			return out, err
		}
	}
	for _, ch := range accounts {
		if err := r.hear(tx, ch, p, drafts[0], out.MessageID); err != nil {
			return out, err
		}
		head := []api.Member{{Name: "id", Value: strconv.FormatInt(out.MessageID, 10)}}
		if u.quotable() {
			head = append(head, api.Member{Name: "quoteToken", Value: QuoteToken(ch, out.MessageID)})
		}
		head = append(head, api.Member{Name: "markAsReadToken", Value: ReadToken(ch, out.MessageID)})
		events, err := r.emit(tx, ch, webhook.Event{Type: "message", Source: c.Source(p.UserID), Replyable: true, ChatNo: c.No, Lane: lane(c),
			Members: []api.Member{{Name: "message", Value: u.body(ch, head...)}}})
		if err != nil {
			return out, err
		}
		out.EventIDs = append(out.EventIDs, events...)
		if out.QuoteToken == "" && u.quotable() {
			out.QuoteToken = QuoteToken(ch, out.MessageID)
		}
	}
	tx.After(func() { r.said(r.channelOf(c), users, r.Path(c), ids) })
	return out, nil
}

// hear notes in an account's books that somebody spoke to it.
func (r *Room) hear(tx *store.Tx, ch *channel.Channel, p *friend.Person, said Draft, messageID int64) error {
	if said.Chat.Kind == User {
		return r.friends.Wrote(tx, ch, p)
	}
	_, err := tx.Exec(`INSERT INTO message_accounts (account_no, sent_at, message_id) VALUES ($1, $2, $3)`, ch.No, said.sentAt, messageID)
	return err
}

// hearers are the accounts and people in the chat; an error when the person may not speak there.
func (r *Room) hearers(tx *store.Tx, p *friend.Person, c *Chat) ([]*channel.Channel, []string, error) {
	if c.Kind == User {
		ch, err := r.Account(c.ChannelNo)
		if err != nil {
			return nil, nil, err
		}
		f, err := r.friends.Friendship(tx, ch, p)
		if err == nil && f.State == friend.Blocked {
			err = api.Errorf(api.Conflict, "%s has blocked this account; follow it first", p.UserID)
		}
		return []*channel.Channel{ch}, []string{p.UserID}, err
	}
	m, err := r.Members(tx, c)
	if err == nil && !m.Has(p) {
		err = notIn(p, c)
	}
	return m.Channels, m.userIDs(), err
}

func notIn(p *friend.Person, c *Chat) error {
	return api.Errorf(api.Conflict, "%s is not in %s", p.UserID, c.Peer)
}

// lane keeps the webhooks of a chat in their order.
func lane(c *Chat) string { return strconv.FormatInt(c.No, 36) }

// body is the message object: as it is kept (no channel), or as the webhook of
// a channel carries it, with its id and tokens as the head.
// https://developers.line.biz/en/reference/messaging-api/#message-event
func (u Utterance) body(ch *channel.Channel, head ...api.Member) jsontext.Value {
	list := append([]api.Member{{Name: "type", Value: u.Type}}, head...)
	add := func(name string, v any) { list = append(list, api.Member{Name: name, Value: v}) }
	switch u.Type {
	case "text":
		add("text", u.Text)
		if len(u.Emojis) > 0 {
			add("emojis", u.Emojis)
		}
		if u.Mention != nil {
			add("mention", u.Mention.seenBy(ch))
		}
	case "sticker":
		add("packageId", u.PackageID)
		add("stickerId", u.StickerID)
		add("stickerResourceType", orElse(u.StickerResourceType, "STATIC"))
		if len(u.Keywords) > 0 {
			add("keywords", told(u.Keywords))
		}
		if u.Text != "" {
			add("text", u.Text)
		}
	case "location":
		if u.Title != "" {
			add("title", u.Title)
		}
		if u.Address != "" {
			add("address", u.Address)
		}
		add("latitude", u.Latitude)
		add("longitude", u.Longitude)
	case "file":
		add("fileName", u.FileName)
		add("fileSize", len(u.Content))
	default: // image, video, audio
		if u.Duration > 0 {
			add("duration", u.Duration)
		}
		add("contentProvider", map[string]string{"type": "line"})
		if u.ImageSet != nil {
			add("imageSet", u.ImageSet)
		}
	}
	if u.QuotedMessageID != "" {
		add("quotedMessageId", u.QuotedMessageID)
	}
	return api.Members(list)
}

// keywordsMost is how many of a sticker's keywords an event tells.
const keywordsMost = 15

// told is a sticker's keywords as one event has them: of more than 15 it is
// another choice each time.
// https://developers.line.biz/en/reference/messaging-api/#wh-sticker
func told(keywords []string) []string {
	if len(keywords) <= keywordsMost {
		return keywords
	}
	some := slices.Clone(keywords)
	rand.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] }) //nolint:gosec // keywords are no secret
	return some[:keywordsMost]
}

func (u Utterance) quotable() bool { return object.Quotable(u.Type) }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
