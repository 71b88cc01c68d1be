package message

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/audience"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/platform/object"
	"kaiwa/internal/platform/webhook"
)

// Config is what the room stands on.
type Config struct {
	DB        *store.DB
	Friends   *friend.Room
	Chats     *chat.Room
	Hooks     *webhook.Room
	Audiences *audience.Room
	Coupons   *coupon.Room
	Queue     *outbox.Queue
}

// Room sends.
type Room struct {
	db        *store.DB
	friends   *friend.Room
	chats     *chat.Room
	hooks     *webhook.Room
	audiences *audience.Room
	coupons   *coupon.Room
	queue     *outbox.Queue
}

// New makes the room and gives the queue its handler.
func New(c Config) *Room {
	r := &Room{db: c.DB, friends: c.Friends, chats: c.Chats, hooks: c.Hooks, audiences: c.Audiences, coupons: c.Coupons, queue: c.Queue}
	c.Queue.Handle(narrowcasts, outbox.Handler{Run: r.carry})
	return r
}

// envelope is what all sends take.
type envelope struct {
	Messages             []jsontext.Value `json:"messages"`
	NotificationDisabled bool             `json:"notificationDisabled"`
}

// sent is one accepted message in the answer.
type sent struct {
	ID         string `json:"id"`
	QuoteToken string `json:"quoteToken,omitzero"`
}

type sentAnswer struct {
	SentMessages []sent `json:"sentMessages"`
}

// send is one accepted call on its way: its messages checked, its destination not yet.
type send struct {
	call     *api.Call
	channel  *channel.Channel
	messages []object.Message
	silent   bool
	unit     string
	origin   chat.Origin
}

// check refuses what is wrong with a body, all violations of its envelope
// together, before anything is looked up or used up.
func check(c *api.Call, in envelope, kind object.Kind, origin chat.Origin, more ...api.Detail) (send, error) {
	messages, err := Check(in.Messages, kind, more...)
	if err != nil {
		return send{}, err
	}
	return send{call: c, channel: channel.Caller(c), messages: messages, silent: in.NotificationDisabled, origin: origin}, nil
}

// refusal joins what is wrong beside the messages with what is wrong in them,
// where the latter is told in the envelope's form. A value of a wrong type is
// told alone, and before a template's or Flex Message's faults come those of the envelope.
func refusal(bad *object.Error, more []api.Detail) error {
	if bad != nil && (len(more) == 0 || len(bad.Details) == 0) {
		return &api.Error{Code: api.Invalid, Message: bad.Message, Details: details(bad.Details)}
	}
	if bad != nil && strings.HasPrefix(bad.Message, "The request body has") {
		more = append(more, details(bad.Details)...)
	}
	return &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(more)), Details: more}
}

func details(problems []object.Problem) []api.Detail {
	var list []api.Detail
	for _, p := range problems {
		list = append(list, api.Detail{Message: p.Message, Property: p.Property})
	}
	return list
}

// missing is the detail for a required text that is not there.
func missing(property, value string) []api.Detail {
	if value != "" {
		return nil
	}
	return []api.Detail{{Message: "May not be empty", Property: property}}
}

// invalidProperty is the refusal of one malformed property of the body.
func invalidProperty(path string) *api.Error {
	return api.Errorf(api.Invalid, "The property, '%s', in the request body is invalid (line: -, column: -)", path)
}

// only is what the validate operations read of a body: nothing but the messages.
type only struct {
	Messages []jsontext.Value `json:"messages"`
}

func validate(kind object.Kind) func(*api.Call, only) (any, error) {
	return func(c *api.Call, in only) (any, error) {
		if _, err := check(c, envelope{Messages: in.Messages}, kind, 0); err != nil {
			return nil, err
		}
		return api.Object{}, nil
	}
}

// drafts are the messages as they will stand in a chat.
func (s send) drafts(c *chat.Chat) []chat.Draft {
	list := make([]chat.Draft, len(s.messages))
	for i, m := range s.messages {
		list[i] = chat.Draft{Chat: c, Origin: s.origin, Type: m.Type, Body: m.Raw, RequestID: s.call.RequestID, Silent: s.silent, Unit: s.unit}
	}
	return list
}

// answer names the accepted messages.
func (s send) answer(ids []int64) sentAnswer {
	list := make([]sent, len(ids))
	for i, id := range ids {
		list[i].ID = strconv.FormatInt(id, 10)
		if object.Quotable(s.messages[i].Type) {
			list[i].QuoteToken = chat.QuoteToken(s.channel, id)
		}
	}
	return sentAnswer{list}
}

// fits holds the messages against the chat that they go to: quoted messages
// must stand in it, mentions need a group or room with the mentioned in it, a
// tracked video a single person.
func (r *Room) fits(tx *store.Tx, s send, c *chat.Chat) error {
	for i, m := range s.messages {
		if m.QuoteToken == "" && m.TrackingID == "" && len(m.Mentions) == 0 {
			continue
		}
		path := fmt.Sprintf("messages[%d]", i)
		if m.QuoteToken != "" {
			id, ok := chat.QuotedID(s.channel, m.QuoteToken)
			if ok {
				in, err := r.chats.Contains(tx, c, id)
				if err != nil {
					return err
				}
				ok = in
			}
			if !ok {
				return invalidProperty(path + ".quoteToken")
			}
		}
		if m.TrackingID != "" && c.Kind != chat.User {
			return invalidProperty(path + ".trackingId")
		}
		if len(m.Mentions) > 0 {
			if err := r.mentions(tx, c, m, path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Room) mentions(tx *store.Tx, c *chat.Chat, m object.Message, path string) error {
	if c.Kind == chat.User {
		return invalidProperty(path + ".substitution")
	}
	members, err := r.chats.Members(tx, c)
	if err != nil {
		return err
	}
	for _, x := range m.Mentions {
		if x.All {
			continue
		}
		p, err := r.friends.Resolve(tx, x.UserID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil || !members.Has(p) {
			return invalidProperty(path + ".substitution." + x.Key + ".mentionee.userId")
		}
	}
	return nil
}
