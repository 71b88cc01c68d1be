package chat

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/friend"
)

// Received is an official account's message as statistics see it: what it was
// sent by, and its place there.
type Received struct {
	ID, AccountNo, SentAt int64
	Origin                Origin
	// Send is the first message of the send to many that it is of; 0 for what was
	// said in one chat.
	Send int64
	// Seq is its place among the messages of its request, from 1.
	Seq int64
	// Unit is the aggregation unit that it counts for, or "".
	Unit string
}

// Received tells of one message; store.ErrNotFound when no account said it.
func (r *Room) Received(tx *store.Tx, id int64) (Received, error) {
	m := Received{ID: id}
	var chatNo, first int64
	var requestID string
	err := tx.Row(`SELECT account_no, chat_no, origin, sent_at, unit, request_id FROM messages WHERE id = $1 AND sender_no < 0`, []any{id},
		&m.AccountNo, &chatNo, &m.Origin, &m.SentAt, &m.Unit, &requestID)
	if err != nil {
		return m, err
	}
	err = tx.Row(`SELECT COUNT(*), MIN(id) FROM messages WHERE account_no = $1 AND sent_at = $2 AND id <= $3 AND chat_no = $4 AND request_id = $5`,
		[]any{m.AccountNo, m.SentAt, id, chatNo, requestID}, &m.Seq, &first)
	if m.Origin >= Multicast {
		m.Send = first
	}
	return m, err
}

// Passage is what somebody read at once: the messages after one up to another.
type Passage struct{ After, Upto int64 }

// slack is by how much the order of ids and that of instants may differ, in
// milliseconds: much more than a turn takes.
const slack = 60_000

// Counted lists the accounts' messages of a passage whose reading counts in
// statistics, said since an instant: those of broadcasts, narrowcasts and
// aggregation units.
func (r *Room) Counted(tx *store.Tx, p *friend.Person, c *Chat, read Passage, since int64) ([]Received, error) {
	var from int64
	err := tx.Row(`SELECT sent_at FROM messages WHERE id = $1`, []any{read.After}, &from)
	if notFoundIsNil(err) != nil {
		return nil, err
	}
	since = max(since, from-slack)
	list, err := r.countedOwn(tx, p, c, read, since)
	if err != nil || c.Kind != User {
		return list, err
	}
	many, err := r.countedMany(tx, p, c, read, since)
	return append(list, many...), err
}

// countedOwn are those said in the chat itself, while the person was in it.
func (r *Room) countedOwn(tx *store.Tx, p *friend.Person, c *Chat, read Passage, since int64) ([]Received, error) {
	query := `SELECT id, account_no, sent_at, origin, unit, request_id FROM messages m
		WHERE chat_no = $1 AND sent_at >= $2 AND id > $3 AND id <= $4 AND sender_no < 0 AND unit <> ''`
	args := []any{c.No, since, read.After, read.Upto}
	if c.Kind != User {
		query += ` AND EXISTS (SELECT 1 FROM members s WHERE s.chat_no = $1 AND s.person_no = $5 AND ` + wasThere("m.sent_at") + `)`
		args = append(args, p.No)
	}
	var list []Received
	var last string
	err := tx.Each(query+` ORDER BY sent_at, id`, args, func(scan func(...any) error) error {
		var m Received
		var requestID string
		err := scan(&m.ID, &m.AccountNo, &m.SentAt, &m.Origin, &m.Unit, &requestID)
		if m.Seq = 1; requestID == last {
			m.Seq = list[len(list)-1].Seq + 1
		}
		last = requestID
		list = append(list, m)
		return err
	})
	return list, err
}

// countedMany are those of sends to many that reached the person. Sends and
// messages are read one after the other and merged here: both engines may take a
// join of them from the wrong end.
func (r *Room) countedMany(tx *store.Tx, p *friend.Person, c *Chat, read Passage, since int64) ([]Received, error) {
	many, err := r.find(tx, key{c.ChannelNo, Many, ""})
	if err != nil {
		return nil, notFoundIsNil(err)
	}
	sends, err := r.reached(tx, p, c, read, since)
	if err != nil || len(sends) == 0 {
		return nil, err
	}
	var list []Received
	var seq int64
	err = tx.Each(`SELECT id, account_no, sent_at, origin, unit FROM messages WHERE chat_no = $1 AND sent_at >= $2 AND id > $3 AND id <= $4
		AND (origin >= $5 OR unit <> '') ORDER BY id`, []any{many.No, since, read.After, read.Upto, int64(Narrowcast)}, func(scan func(...any) error) error {
		var m Received
		err := scan(&m.ID, &m.AccountNo, &m.SentAt, &m.Origin, &m.Unit)
		for len(sends) > 0 && sends[0].Last < m.ID {
			sends, seq = sends[1:], 0
		}
		if len(sends) > 0 && sends[0].First <= m.ID {
			seq++
			m.Send, m.Seq = sends[0].First, seq
			list = append(list, m)
		}
		return err
	})
	return list, err
}

// reached are the sends to many of a passage that reached the person, in the
// order of their messages.
func (r *Room) reached(tx *store.Tx, p *friend.Person, c *Chat, read Passage, since int64) ([]Send, error) {
	ch, err := r.Account(c.ChannelNo)
	if err != nil {
		return nil, err
	}
	to, err := r.Addressee(tx, ch, p)
	if err != nil {
		return nil, err
	}
	var sends []Send
	err = tx.Each(`SELECT first_message_id, last_message_id, sent_at, recipients FROM sends WHERE account_no = $1 AND sent_at >= $2
		AND first_message_id > $3 AND last_message_id <= $4 ORDER BY first_message_id`, []any{ch.No, since, read.After, read.Upto},
		func(scan func(...any) error) error {
			var s Send
			var at int64
			var recipients []byte
			if err := scan(&s.First, &s.Last, &at, &recipients); err != nil {
				return err
			}
			got, err := to.Got(at, recipients)
			if got {
				sends = append(sends, s)
			}
			return err
		})
	return sends, err
}

// ManySend is a send to many, found by its request.
type ManySend struct {
	First, SentAt, Recipients int64
	Origin                    Origin
}

// SendOfRequest finds an account's multicast, narrowcast or broadcast by the id
// of its request; store.ErrNotFound when it sent none by that id.
func (r *Room) SendOfRequest(tx *store.Tx, accountNo int64, requestID string) (ManySend, error) {
	var s ManySend
	err := tx.Row(`SELECT s.first_message_id, s.sent_at, s.recipient_count, m.origin FROM messages m JOIN sends s ON s.first_message_id = m.id
		WHERE m.request_id = $1 AND m.origin >= 3 AND m.account_no = $2`, []any{requestID, accountNo}, &s.First, &s.SentAt, &s.Recipients, &s.Origin)
	return s, err
}
