package chat

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Line is one message as Lines has it; store.ErrNotFound when it does not stand
// in the chat.
func (r *Room) Line(tx *store.Tx, p *friend.Person, c *Chat, messageID string) (Line, error) {
	l, err := r.Seen(tx, p, c, messageID)
	if err != nil {
		return l, err
	}
	marks, err := r.marks(tx, c)
	l.Read = marks.read(r.channels, c, p, l)
	return l, err
}

// Seen is one message as the person sees it in the chat, but for whether it was
// read; store.ErrNotFound when it does not stand there.
func (r *Room) Seen(tx *store.Tx, p *friend.Person, c *Chat, messageID string) (Line, error) {
	m, err := r.message(tx, messageID)
	if err != nil {
		return Line{}, err
	}
	l := Line{ID: m.id, SenderNo: m.senderNo, SentAt: m.sentAt, UnsentAt: m.unsentAt, EditedAt: m.editedAt, Type: m.kind, Body: jsontext.Value(m.body),
		Silent: m.silent != 0}
	switch {
	case m.chatNo == c.No && c.Kind == User:
		return l, nil
	case m.chatNo == c.No:
		return l, tx.Row(`SELECT 1 FROM members s WHERE s.chat_no = $1 AND s.person_no = $2 AND `+wasThere("$3"), []any{c.No, p.No, m.sentAt}, new(int64))
	case c.Kind != User || m.accountNo != c.ChannelNo:
		return Line{}, store.ErrNotFound
	}
	got, err := r.got(tx, p, c, m)
	if err == nil && !got {
		err = store.ErrNotFound
	}
	return l, err
}

// Shown is an account's message as the person sees it, in whichever of their
// chats it stands; store.ErrNotFound when it stands in none.
func (r *Room) Shown(tx *store.Tx, p *friend.Person, messageID string) (Line, error) {
	m, err := r.message(tx, messageID)
	if err != nil {
		return Line{}, err
	}
	c, err := r.ByNo(tx, m.chatNo)
	if err != nil {
		return Line{}, err
	}
	if c.Kind == Many {
		ch, err := r.Account(m.accountNo)
		if err != nil {
			return Line{}, err
		}
		if c, err = r.Existing(tx, ch, p); err != nil {
			return Line{}, err
		}
	}
	if m.senderNo >= 0 || c.Kind == User && c.Peer != p.UserID {
		return Line{}, store.ErrNotFound
	}
	return r.Seen(tx, p, c, messageID)
}

// wasThere is the rule by which somebody in a group or room saw what was said at an instant.
func wasThere(at string) string {
	return `s.channel_no = 0 AND s.joined_at <= ` + at + ` AND (s.left_at = 0 OR ` + at + ` < s.left_at)`
}

// got says whether a message of the account is one to many that reached the person.
func (r *Room) got(tx *store.Tx, p *friend.Person, c *Chat, m messageRow) (bool, error) {
	var recipients []byte
	err := tx.Row(`SELECT recipients FROM sends WHERE account_no = $1 AND sent_at = $2 AND first_message_id <= $3 AND last_message_id >= $3`,
		[]any{c.ChannelNo, m.sentAt, m.id}, &recipients)
	if err != nil {
		return false, notFoundIsNil(err)
	}
	ch, err := r.Account(c.ChannelNo)
	if err != nil {
		return false, err
	}
	to, err := r.Addressee(tx, ch, p)
	if err != nil {
		return false, err
	}
	return to.Got(m.sentAt, recipients)
}

func notFoundIsNil(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func trackingID(body string) string {
	var v struct {
		TrackingID string `json:"trackingId"`
	}
	if json.Unmarshal([]byte(body), &v) != nil {
		return ""
	}
	return v.TrackingID
}
