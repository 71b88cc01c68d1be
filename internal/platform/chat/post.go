package chat

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Origin is how a message came to be.
type Origin int

// The origins, as stored.
const (
	FromUser Origin = iota
	Reply
	Push
	Multicast
	Narrowcast
	Broadcast
)

// String is the origin's name in the public API.
func (o Origin) String() string {
	return [...]string{"user", "reply", "push", "multicast", "narrowcast", "broadcast"}[o]
}

// Draft is a message about to be said.
type Draft struct {
	Chat *Chat
	// AccountNo is the channel in whose history it stands; 0 for what people say in groups and rooms.
	AccountNo int64
	// SenderNo is the person's number, or minus the channel's.
	SenderNo  int64
	Origin    Origin
	Type      string
	Body      jsontext.Value
	RequestID string
	// Silent messages make no notification.
	Silent bool
	// Unit is the aggregation unit that it counts for.
	Unit string

	sentAt int64 // filled in by Post
}

// Post writes messages of one chat down and gives their ids.
func (r *Room) Post(tx *store.Tx, drafts ...Draft) ([]int64, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	c := drafts[0].Chat
	sentAt, err := r.instant(tx, c)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(drafts))
	for i, d := range drafts {
		drafts[i].sentAt = sentAt
		ids[i] = r.ids.Next(tx.Now)
		silent := 0
		if d.Silent {
			silent = 1
		}
		_, err := tx.Exec(`INSERT INTO messages (id, account_no, chat_no, sender_no, origin, sent_at, type, body, request_id, unsent_at, silent, unit)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)`, ids[i], d.AccountNo, c.No, d.SenderNo, int64(d.Origin), sentAt, d.Type,
			string(d.Body), d.RequestID, silent, d.Unit)
		if err != nil {
			return nil, err
		}
	}
	if c.Kind != Many {
		_, err = tx.Exec(`UPDATE chats SET message_count = message_count + $2, last_at = $3 WHERE no = $1`, c.No, len(drafts), sentAt)
	}
	return ids, err
}

// Send says something as an official account in a chat that it is in.
func (r *Room) Send(tx *store.Tx, ch *channel.Channel, drafts ...Draft) ([]int64, error) {
	for i := range drafts {
		drafts[i].AccountNo, drafts[i].SenderNo = ch.No, -ch.No
	}
	ids, err := r.Post(tx, drafts...)
	if err != nil {
		return nil, err
	}
	c := drafts[0].Chat
	users := []string{c.Peer}
	if c.Kind != User {
		m, err := r.Members(tx, c)
		if err != nil {
			return nil, err
		}
		users = m.userIDs()
	}
	tx.After(func() { r.said(ch.ID, users, r.Path(c), ids) })
	return ids, nil
}

// ToManySend is one send to many people.
type ToManySend struct {
	Drafts []Draft // Chat is filled in
	Count  int64
	// Recipients is the serialised bitmap of friend numbers; nil means all friends of this moment.
	Recipients []byte
}

// SendToMany says something to many people at the cost of one row a message.
func (r *Room) SendToMany(tx *store.Tx, ch *channel.Channel, send ToManySend) ([]int64, error) {
	many, err := r.ToMany(tx, ch)
	if err != nil {
		return nil, err
	}
	for i := range send.Drafts {
		d := &send.Drafts[i]
		d.Chat, d.AccountNo, d.SenderNo = many, ch.No, -ch.No
	}
	ids, err := r.Post(tx, send.Drafts...)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`INSERT INTO sends (first_message_id, last_message_id, account_no, sent_at, recipient_count, recipients) VALUES ($1, $2, $3, $4, $5, $6)`,
		ids[0], ids[len(ids)-1], ch.No, send.Drafts[0].sentAt, send.Count, send.Recipients)
	if err != nil {
		return nil, err
	}
	tx.After(func() { r.said(ch.ID, nil, ch.ID, ids) })
	return ids, nil
}

// Said is the data of a "message" change.
type Said struct {
	MessageIDs []string `json:"messageIds"`
}

func (r *Room) said(channelID string, userIDs []string, chatID string, ids []int64) {
	if !r.feed.Followed() {
		return
	}
	r.feed.Publish(feed.Change{Type: "message", ChannelID: channelID, UserIDs: userIDs, ChatID: chatID, Data: Said{decimals(ids)}})
}

func decimals(ids []int64) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strconv.FormatInt(id, 10)
	}
	return out
}

// NextID is an id for a message that is accepted and reaches nobody.
func (r *Room) NextID(tx *store.Tx) int64 { return r.ids.Next(tx.Now) }

// Contains says whether a message stands in the chat, be it as one of the
// account's sends to many.
func (r *Room) Contains(tx *store.Tx, c *Chat, id int64) (bool, error) {
	m, err := r.message(tx, strconv.FormatInt(id, 10))
	if err != nil {
		return false, notFoundIsNil(err)
	}
	if m.chatNo == c.No || c.Kind != User {
		return m.chatNo == c.No, nil
	}
	p, err := r.friends.Resolve(tx, c.Peer)
	if err != nil {
		return false, err
	}
	return r.Sees(tx, p, c, id)
}
