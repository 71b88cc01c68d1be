package chat

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Line is a message as a person sees it in a chat.
type Line struct {
	ID       int64
	SenderNo int64 // minus the channel's number when an account speaks
	SentAt   int64
	UnsentAt int64
	EditedAt int64 // 0 is never
	Type     string
	Body     jsontext.Value
	Silent   bool
	// Read: the other side has read it.
	Read bool
}

// point is a place in a chat: before it lie the older messages.
type point struct{ sentAt, id int64 }

var newest = point{math.MaxInt64, math.MaxInt64}

// Lines are the newest messages before a message id ("" for the end), oldest
// first, at most limit. store.ErrNotFound when there is no such message.
func (r *Room) Lines(tx *store.Tx, p *friend.Person, c *Chat, limit int, before string) ([]Line, error) {
	at := newest
	if before != "" {
		m, err := r.message(tx, before)
		if err != nil {
			return nil, err
		}
		at = point{m.sentAt, m.id}
	}
	lines, err := r.own(tx, p, c, limit, at)
	if err != nil {
		return nil, err
	}
	if c.Kind == User {
		many, err := r.fromMany(tx, p, c, limit, at)
		if err != nil {
			return nil, err
		}
		lines = append(lines, many...)
		slices.SortFunc(lines, func(a, b Line) int {
			if a.SentAt != b.SentAt {
				return int(a.SentAt - b.SentAt)
			}
			return int(a.ID - b.ID)
		})
		lines = lines[max(0, len(lines)-limit):]
	}
	marks, err := r.marks(tx, c)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		lines[i].Read = marks.read(r.channels, c, p, lines[i])
	}
	return lines, nil
}

// own are the messages of the chat itself, while the person was in it.
func (r *Room) own(tx *store.Tx, p *friend.Person, c *Chat, limit int, at point) ([]Line, error) {
	query := `SELECT id, sender_no, sent_at, unsent_at, edited_at, type, body, silent FROM messages
		WHERE chat_no = $1 AND (sent_at, id) < ($2, $3) ORDER BY sent_at DESC, id DESC LIMIT $4`
	args := []any{c.No, at.sentAt, at.id, limit}
	if c.Kind != User {
		query = `SELECT id, sender_no, sent_at, unsent_at, edited_at, type, body, silent FROM messages m
			WHERE chat_no = $1 AND (sent_at, id) < ($2, $3) AND EXISTS (SELECT 1 FROM members s WHERE s.chat_no = $1 AND s.person_no = $5 AND
				` + wasThere("m.sent_at") + `) ORDER BY sent_at DESC, id DESC LIMIT $4`
		args = append(args, p.No)
	}
	var lines []Line
	err := tx.Each(query, args, func(scan func(...any) error) error {
		l, err := scanLine(scan)
		lines = append(lines, l)
		return err
	})
	slices.Reverse(lines)
	return lines, err
}

func scanLine(scan func(...any) error, more ...any) (Line, error) {
	var l Line
	var body string
	var silent int64
	err := scan(append([]any{&l.ID, &l.SenderNo, &l.SentAt, &l.UnsentAt, &l.EditedAt, &l.Type, &body, &silent}, more...)...)
	l.Body, l.Silent = jsontext.Value(body), silent != 0
	return l, err
}

// manyPage is how many of an account's sends to many are looked at in one query
// for those that reached a person.
const manyPage = 100

// fromMany are the account's sends to many that reached the person.
func (r *Room) fromMany(tx *store.Tx, p *friend.Person, c *Chat, limit int, at point) ([]Line, error) {
	many, err := r.find(tx, key{c.ChannelNo, Many, ""})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ch, err := r.Account(c.ChannelNo)
	if err != nil {
		return nil, err
	}
	to, err := r.Addressee(tx, ch, p)
	if err != nil {
		return nil, err
	}
	var lines []Line
	page := max(limit, manyPage)
	for {
		n := 0
		err := tx.Each(`SELECT m.id, m.sender_no, m.sent_at, m.unsent_at, m.edited_at, m.type, m.body, m.silent, s.recipients FROM messages m
			JOIN sends s ON s.account_no = m.account_no AND s.sent_at = m.sent_at AND s.first_message_id <= m.id AND s.last_message_id >= m.id
			WHERE m.chat_no = $1 AND (m.sent_at, m.id) < ($2, $3) ORDER BY m.sent_at DESC, m.id DESC LIMIT $4`,
			[]any{many.No, at.sentAt, at.id, page}, func(scan func(...any) error) error {
				var recipients []byte
				l, err := scanLine(scan, &recipients)
				if err != nil {
					return err
				}
				n++
				at = point{l.SentAt, l.ID}
				got, err := to.Got(l.SentAt, recipients)
				if got && len(lines) < limit {
					lines = append(lines, l)
				}
				return err
			})
		if err != nil {
			return nil, err
		}
		if n < page || len(lines) >= limit {
			slices.Reverse(lines)
			return lines, nil
		}
	}
}

// SpokeAfter says whether the account has said something in its chat with the
// person after a place there, be it to many.
func (r *Room) SpokeAfter(tx *store.Tx, p *friend.Person, c *Chat, at Position) (bool, error) {
	err := tx.Row(`SELECT 1 FROM messages WHERE chat_no = $1 AND (sent_at, id) > ($2, $3) AND sender_no < 0 LIMIT 1`, []any{c.No, at.SentAt, at.ID}, new(int64))
	if !errors.Is(err, store.ErrNotFound) {
		return err == nil, err
	}
	lines, err := r.fromMany(tx, p, c, 1, newest)
	return len(lines) > 0 && lines[0].ID > at.ID, err
}

// Summary is a chat as it stands in a person's list.
type Summary struct {
	Chat    *Chat
	Channel *channel.Channel // of a one-on-one chat
	Unread  int
	Last    *Line
}

// unreadMost is where counting unread messages ends.
const unreadMost = 999

// Summaries lists a person's chats, last spoken first: the accounts they are a
// friend of or have a chat with, and their groups and rooms.
func (r *Room) Summaries(tx *store.Tx, p *friend.Person) ([]Summary, error) {
	chats, err := r.chatsOf(tx, p)
	if err != nil {
		return nil, err
	}
	list := make([]Summary, 0, len(chats))
	for _, c := range chats {
		s := Summary{Chat: c, Channel: r.channels.ByNo(c.ChannelNo)}
		if c.Kind == User && s.Channel == nil {
			continue // a reset has taken it away since
		}
		last, err := r.Lines(tx, p, c, 1, "")
		if err != nil {
			return nil, err
		}
		if len(last) > 0 {
			s.Last = &last[0]
		}
		if s.Unread, err = r.unread(tx, p, c); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b Summary) int { return cmp.Compare(spoken(b), spoken(a)) })
	return list, nil
}

// spoken is the id of the last message: ids rise with time and are never equal.
func spoken(s Summary) int64 {
	if s.Last == nil {
		return 0
	}
	return s.Last.ID
}

func (r *Room) chatsOf(tx *store.Tx, p *friend.Person) ([]*Chat, error) {
	var list []*Chat
	for _, ch := range r.channels.List() {
		if ch.Type != channel.Messaging || ch.Provider != p.Provider {
			continue
		}
		c, err := r.find(tx, key{ch.No, User, p.UserID})
		if errors.Is(err, store.ErrNotFound) {
			f, err := r.friends.Friendship(tx, ch, p)
			if err != nil {
				return nil, err
			}
			if f.State == friend.Friend {
				list = append(list, &Chat{Kind: User, ChannelNo: ch.No, Peer: p.UserID, Provider: ch.Provider})
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	gatherings, err := r.GatheringsOf(tx, p)
	return append(list, gatherings...), err
}

func (r *Room) unread(tx *store.Tx, p *friend.Person, c *Chat) (int, error) {
	marks, err := r.marks(tx, c)
	if err != nil {
		return 0, err
	}
	upto := marks.person(p.No)
	n := 0
	before := ""
	for n < unreadMost {
		lines, err := r.Lines(tx, p, c, 100, before)
		if err != nil {
			return 0, err
		}
		for _, l := range slices.Backward(lines) {
			if l.ID <= upto {
				return n, nil
			}
			if l.SenderNo != p.No {
				n++
			}
		}
		if len(lines) < 100 {
			return n, nil
		}
		before = decimals([]int64{lines[0].ID})[0]
	}
	return unreadMost, nil
}
