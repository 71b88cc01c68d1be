package chat

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Entry is one message of an account's history, as stored.
type Entry struct {
	ID, ChatNo, SenderNo int64 // SenderNo is minus the account's number when it spoke itself
	Origin               Origin
	SentAt               int64 // unix milliseconds
	UnsentAt, EditedAt   int64 // 0 is not
	Type, RequestID      string
	// Body is the LINE message object exactly as it was sent.
	Body string
}

// Outgoing says whether the account itself said it.
func (e *Entry) Outgoing() bool { return e.SenderNo < 0 }

// Direction is who spoke.
type Direction int

// The directions; zero is both.
const (
	Incoming Direction = 1
	Outgoing Direction = -1
)

// Selection is a part of an account's history: both directions, one-on-one
// chats, groups, rooms and sends to many.
type Selection struct {
	AccountNo int64
	// From and To bound the time of sending in unix milliseconds: [From, To).
	From, To int64
	// ChatID is a user, group or room id, "" for all. A person's chat holds the
	// sends to many that they were a recipient of.
	ChatID    string
	Type      string // of the message; "" for all
	Direction Direction
	Desc      bool // newest first
}

// Position is a place in a history: after it come the messages not read yet.
type Position struct{ SentAt, ID int64 }

// Start is the place before the first message of the selection. Ids are above
// zero, so (time, 0) stands before all messages of that millisecond.
func (s *Selection) Start() Position {
	if s.Desc {
		return Position{s.To, 0}
	}
	return Position{s.From, 0}
}

// Window is what History read: the selected among the next messages in order.
type Window struct {
	Entries []Entry
	// Next is the place up to which was read; More says that messages follow
	// there, selected or not.
	Next Position
	More bool
}

// History reads the next `size` messages after a place and gives those of them
// that are selected, in order, in the memory of `into`. A window is bounded
// work: a rare type in a long history takes several, none of which keeps a read
// transaction open for long. It costs the same anywhere in the history.
func (r *Room) History(tx *store.Tx, s Selection, after Position, size int, into []Entry) (Window, error) {
	w := Window{Entries: into[:0], Next: after}
	src, err := r.sources(tx, &s)
	if err != nil || len(src.arms) == 0 {
		return w, err
	}
	q := &statement{}
	text, filtered := s.text(q, src, after, size)
	err = tx.Each(text, q.args, func(scan func(...any) error) error {
		w.Entries = append(w.Entries, Entry{})
		return w.Entries[len(w.Entries)-1].scan(scan)
	})
	if err != nil {
		return w, err
	}
	slices.SortFunc(w.Entries, s.compare) // the join promises no order, though both engines keep it
	if filtered {
		err = w.boundary(tx, &s, src.arms, size)
	} else if len(w.Entries) == size {
		last := w.Entries[size-1]
		w.Next, w.More = Position{last.SentAt, last.ID}, true
	}
	if err == nil && src.many != 0 {
		w.Entries, err = r.received(tx, &s, src.many, w.Entries)
	}
	return w, err
}

// boundary finds the last place of the window where a filter may have hidden it.
func (w *Window) boundary(tx *store.Tx, s *Selection, arms []arm, size int) error {
	q := &statement{}
	text := s.keys(q, arms, w.Next) + ` LIMIT 1 OFFSET ` + q.arg(size-1)
	err := tx.Row(text, q.args, &w.Next.SentAt, &w.Next.ID)
	w.More = err == nil
	return notFoundIsNil(err)
}

// selectEntry reads a row as one text, a line for each column: the driver's cost
// is by column, and nine of them take a quarter more time than one. Only the
// last may hold line breaks of its own.
const selectEntry = `SELECT m.id, m.chat_no, m.sender_no, m.origin, m.sent_at, m.unsent_at, m.edited_at, m.type, m.request_id, m.body `

func (e *Entry) scan(scan func(...any) error) error {
	var origin int64
	err := scan(&e.ID, &e.ChatNo, &e.SenderNo, &origin, &e.SentAt, &e.UnsentAt, &e.EditedAt, &e.Type, &e.RequestID, &e.Body)
	e.Origin = Origin(origin)
	return err
}

func (s *Selection) compare(a, b Entry) int {
	p, q := Position{a.SentAt, a.ID}, Position{b.SentAt, b.ID}
	if s.Desc {
		return q.compare(p)
	}
	return p.compare(q)
}

// statement collects arguments while the text is written: $n must be dense.
type statement struct{ args []any }

func (q *statement) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprint("$", len(q.args))
}

// arm is one index that a history is merged from: the rows of a table whose
// column equals no, and what the message's id is called there.
type arm struct {
	table, column, id string
	no                int64
}

// sources are the arms of a selection; shared says that other accounts'
// messages stand there too, many is the chat of the account's sends to many.
type sources struct {
	arms   []arm
	shared bool
	many   int64
}

func ofAccount(no int64) []arm {
	return []arm{{"messages", "account_no", "id", no}, {"message_accounts", "account_no", "message_id", no}}
}

func ofChat(no int64) arm { return arm{"messages", "chat_no", "id", no} }

func (r *Room) sources(tx *store.Tx, s *Selection) (sources, error) {
	if s.ChatID == "" {
		return sources{arms: ofAccount(s.AccountNo)}, nil
	}
	if s.ChatID[0] != 'U' {
		c, err := r.Shared(tx, s.ChatID)
		if err != nil {
			return sources{}, notFoundIsNil(err)
		}
		return sources{arms: []arm{ofChat(c.No)}, shared: true}, nil
	}
	var src sources
	c, err := r.find(tx, key{s.AccountNo, User, s.ChatID})
	if err == nil {
		src.arms = append(src.arms, ofChat(c.No))
	} else if !errors.Is(err, store.ErrNotFound) {
		return src, err
	}
	many, err := r.find(tx, key{s.AccountNo, Many, ""})
	if err == nil {
		src.arms, src.many = append(src.arms, ofChat(many.No)), many.No
	}
	return src, notFoundIsNil(err)
}

// text is the whole query. The keys are merged and cut first, and only then are
// rows fetched: sorting whole rows would cost fifteen times as much.
func (s *Selection) text(q *statement, src sources, after Position, size int) (text string, filtered bool) {
	keys := s.keys(q, src.arms, after) + " LIMIT " + q.arg(size)
	filter := s.filter(q, src.shared)
	return selectEntry + "FROM (" + keys + ") k CROSS JOIN messages m WHERE m.id = k.id" + filter, filter != ""
}

// keys is the text of the selection's places in order, without its LIMIT.
func (s *Selection) keys(q *statement, arms []arm, after Position) string {
	beyond, within, bound, order := " > ", " < ", s.To, " ORDER BY 1, 2"
	if s.Desc {
		beyond, within, bound, order = " < ", " >= ", s.From, " ORDER BY 1 DESC, 2 DESC"
	}
	at, id, end := q.arg(after.SentAt), q.arg(after.ID), q.arg(bound)
	var parts []string
	for _, a := range arms {
		parts = append(parts, "SELECT sent_at, "+a.id+" AS id FROM "+a.table+" WHERE "+a.column+" = "+q.arg(a.no)+
			" AND (sent_at, "+a.id+")"+beyond+"("+at+", "+id+") AND sent_at"+within+end)
	}
	return strings.Join(parts, " UNION ALL ") + order
}

// filter is the text of what rows must fulfil besides their place.
func (s *Selection) filter(q *statement, shared bool) string {
	text := ""
	if s.Type != "" {
		text += " AND m.type = " + q.arg(s.Type)
	}
	switch s.Direction {
	case Incoming:
		text += " AND m.sender_no > 0"
	case Outgoing:
		text += " AND m.sender_no < 0"
	}
	if shared {
		no := q.arg(s.AccountNo)
		text += " AND " + readableBy(no)
	}
	return text
}

// readableBy is the rule of who may read a message of a group or room: its
// sender, and the accounts that were there when a person said it.
func readableBy(no string) string {
	return `(m.account_no = ` + no + ` OR m.account_no = 0 AND EXISTS (SELECT 1 FROM message_accounts a
		WHERE a.account_no = ` + no + ` AND a.sent_at = m.sent_at AND a.message_id = m.id))`
}

// received drops the sends to many that did not reach the person of the selection.
func (r *Room) received(tx *store.Tx, s *Selection, many int64, entries []Entry) ([]Entry, error) {
	var got []Send
	p, err := r.friends.Resolve(tx, s.ChatID)
	if notFoundIsNil(err) != nil {
		return nil, err
	}
	if err == nil {
		// An account that lives on the real LINE has a number but no channel here.
		to, err := r.Addressee(tx, &channel.Channel{No: s.AccountNo}, p)
		if err != nil {
			return nil, err
		}
		if got, err = r.sendsTo(tx, s.AccountNo, entries, to); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return e.ChatNo == many && SendOf(got, e.ID) == nil }), nil
}

// Send is a send to many: one row for all its recipients.
type Send struct{ First, Last, Recipients int64 }

// SendOf finds the send that a message is of, or nil.
func SendOf(sends []Send, messageID int64) *Send {
	i, _ := slices.BinarySearchFunc(sends, messageID, func(s Send, id int64) int { return cmp.Compare(s.Last, id) })
	if i < len(sends) && sends[i].First <= messageID {
		return &sends[i]
	}
	return nil
}

// sendsTo are the sends within the entries' time that reached one person.
// Bitmaps pass through one at a time: a thousand of them would fill the memory.
func (r *Room) sendsTo(tx *store.Tx, accountNo int64, entries []Entry, to Addressee) ([]Send, error) {
	var got []Send
	lo, hi := span(entries)
	err := tx.Each(`SELECT first_message_id, last_message_id, sent_at, recipient_count, recipients FROM sends
		WHERE account_no = $1 AND sent_at >= $2 AND sent_at <= $3 ORDER BY first_message_id`, []any{accountNo, lo, hi},
		func(scan func(...any) error) error {
			var s Send
			var at int64
			var recipients []byte
			if err := scan(&s.First, &s.Last, &at, &s.Recipients, &recipients); err != nil {
				return err
			}
			ok, err := to.Got(at, recipients)
			if ok {
				got = append(got, s)
			}
			return err
		})
	return got, err
}

// Sends are the account's sends to many within the entries' time, for SendOf.
func (r *Room) Sends(tx *store.Tx, accountNo int64, entries []Entry) ([]Send, error) {
	var list []Send
	lo, hi := span(entries)
	err := tx.Each(`SELECT first_message_id, last_message_id, recipient_count FROM sends
		WHERE account_no = $1 AND sent_at >= $2 AND sent_at <= $3 ORDER BY first_message_id`, []any{accountNo, lo, hi},
		func(scan func(...any) error) error {
			var s Send
			err := scan(&s.First, &s.Last, &s.Recipients)
			list = append(list, s)
			return err
		})
	return list, err
}

func span(entries []Entry) (lo, hi int64) {
	if len(entries) == 0 {
		return 0, -1
	}
	a, b := entries[0].SentAt, entries[len(entries)-1].SentAt
	return min(a, b), max(a, b)
}
