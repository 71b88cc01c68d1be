package webhook

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Source is where an event happened: a chat with a user, a group or a room.
// https://developers.line.biz/en/reference/messaging-api/#source-user
type Source struct {
	Type    string // user, group or room
	UserID  string
	GroupID string
	RoomID  string
}

// Event is something to tell a bot.
// https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
type Event struct {
	Type string
	// Source is nil where the platform sends none.
	Source *Source
	// Replyable events get a reply token, bound to ChatNo.
	Replyable bool
	ChatNo    int64
	// Lane keeps its events in order: the chat.
	Lane string
	// Members are the type's own members, in order, such as "message" or "postback".
	Members []api.Member
	// At is when it happened; zero is now.
	At time.Time
}

// Emitted names what an event got.
type Emitted struct {
	EventID    string // a ULID
	ReplyToken string // 32 hex digits, or empty
}

// The states of an event.
const (
	waiting   = "waiting"
	delivered = "delivered"
	failed    = "failed"
	skipped   = "skipped" // the channel takes no webhooks: nothing was sent
)

const (
	insertEvent = `INSERT INTO webhook_events (no, event_id, channel_id, type, body, created_at, status, reply_token)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	insertToken = `INSERT INTO reply_tokens (token, channel_no, chat_no, event_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`
)

// Share is another channel that is told of what happens to an account.
type Share struct {
	To *channel.Channel
	// Standby says that another one is to answer: the copy has no reply token.
	Standby bool
	// Body turns a body into what that channel is told; nil leaves it as it is.
	Body func(string) string
}

// Share sets who else is told of an account's events: modules that are attached
// to it. Call it before the queue starts.
func (r *Room) Share(with func(tx *store.Tx, ch *channel.Channel, e Event) ([]Share, error)) {
	r.shares = with
}

// Emit records an event as part of the transaction and has it delivered after
// the commit, to the account's own channel and to those that share its events;
// exactly one of them is told that it is active. What the own channel's copy
// got is named. An event of a channel that takes no webhooks is recorded as
// skipped and not sent.
func (r *Room) Emit(tx *store.Tx, ch *channel.Channel, e Event) (Emitted, error) {
	if e.At.IsZero() {
		e.At = tx.Now
	}
	own := Share{To: ch}
	if r.shares != nil {
		list, err := r.shares(tx, ch, e)
		if err != nil {
			return Emitted{}, err
		}
		for _, s := range list {
			own.Standby = own.Standby || !s.Standby
			if _, err := r.put(tx, ch, e, s); err != nil {
				return Emitted{}, err
			}
		}
	}
	return r.put(tx, ch, e, own)
}

// Tell is Emit to one module alone, of what concerns it and an account.
func (r *Room) Tell(tx *store.Tx, ch *channel.Channel, e Event, to Share) (Emitted, error) {
	if e.At.IsZero() {
		e.At = tx.Now
	}
	return r.put(tx, ch, e, to)
}

// put records one channel's copy of an event of the account ch.
func (r *Room) put(tx *store.Tx, ch *channel.Channel, e Event, s Share) (Emitted, error) {
	to, out := s.To, Emitted{EventID: id.ULID(tx.Now)}
	status := waiting
	if r.target(to) == "" {
		status = skipped
	}
	if e.Replyable && !s.Standby {
		out.ReplyToken = newToken(tx.Now)
		expires := tx.Now.Add(replySpan).UnixMilli()
		if status == skipped {
			expires = 0 // nobody was told the token
		}
		if _, err := tx.Exec(insertToken, out.ReplyToken, ch.No, e.ChatNo, e.At.UnixMilli(), expires); err != nil {
			return Emitted{}, err
		}
	}
	body, err := encode(ch.Account.UserID, e, out, s.Standby)
	if err != nil {
		return Emitted{}, err
	}
	if s.Body != nil {
		body = s.Body(body)
	}
	no := r.seq.Next(tx.Now)
	if _, err := tx.Exec(insertEvent, no, out.EventID, to.ID, e.Type, body, tx.Millis(), status, out.ReplyToken); err != nil {
		return Emitted{}, err
	}
	if status == waiting {
		if err := r.queue.Put(tx, outbox.Item{Kind: kind, Group: to.ID, Lane: e.Lane, Payload: payload{no: no}.String()}); err != nil {
			return Emitted{}, err
		}
	}
	tx.After(func() { r.publish(to.ID, notice{EventID: out.EventID, Type: e.Type, Status: status}) })
	return out, nil
}

// encode writes the request's body, the members in the order of the platform's
// samples, raw UTF-8, without white space.
func encode(destination string, e Event, out Emitted, standby bool) (string, error) {
	b := make([]byte, 0, 1024)
	b = append(b, `{"destination":`...)
	b = quote(b, destination)
	b = append(b, `,"events":[{"type":`...)
	b = quote(b, e.Type)
	for _, m := range e.Members {
		v, err := api.Encode(m.Value)
		if err != nil {
			return "", errors.Join(errors.New("webhook: member "+m.Name), err)
		}
		b = append(b, ',')
		b = quote(b, m.Name)
		b = append(b, ':')
		b = append(b, v...)
	}
	b = append(b, `,"webhookEventId":`...)
	b = quote(b, out.EventID)
	b = append(b, `,"deliveryContext":{`+first+`},"timestamp":`...)
	b = strconv.AppendInt(b, e.At.UnixMilli(), 10)
	if e.Source != nil {
		b = e.Source.append(append(b, `,"source":`...))
	}
	if out.ReplyToken != "" {
		b = append(b, `,"replyToken":"`...)
		b = append(append(b, out.ReplyToken...), '"')
	}
	if standby {
		return string(append(b, `,"mode":"standby"}]}`...)), nil
	}
	return string(append(b, `,"mode":"active"}]}`...)), nil
}

func (s *Source) append(b []byte) []byte {
	b = append(b, `{"type":`...)
	b = quote(b, s.Type)
	for _, m := range [...]struct{ name, value string }{{"groupId", s.GroupID}, {"roomId", s.RoomID}, {"userId", s.UserID}} {
		if m.value != "" {
			b = append(append(append(b, `,"`...), m.name...), `":`...)
			b = quote(b, m.value)
		}
	}
	return append(b, '}')
}

func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // invalid UTF-8, which no id has, comes out replaced
	return b
}

const (
	first = `"isRedelivery":false`
	again = `"isRedelivery":true`
)

// redelivered is the body with isRedelivery turned over and all else as it was.
// What people wrote stands before the last occurrence, never behind it.
func redelivered(body string) string {
	i := strings.LastIndex(body, first)
	return body[:i] + again + body[i+len(first):]
}
