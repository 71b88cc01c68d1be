package chat

import (
	"strconv"

	"kaiwa/internal/kernel/store"
)

// What a person sees depends on when they were in a chat, or a friend. Times are
// kept in milliseconds, and a busy server does many things in one of them. So a
// change of who is there is noted at an instant after all that was said before
// it, and what is said after it at that instant or later: at most some
// milliseconds beside the clock, but never in the wrong order.

// turn is the instant of a change of who is in a group or room, or of who is a
// friend of the account whose chat to many it is.
func (r *Room) turn(tx *store.Tx, c *Chat) (int64, error) {
	var said int64
	query, arg := `SELECT last_at FROM chats WHERE no = $1`, c.No
	if c.Kind == Many {
		query, arg = `SELECT sent_at FROM sends WHERE account_no = $1 ORDER BY sent_at DESC LIMIT 1`, c.ChannelNo
	}
	if err := notFoundIsNil(tx.Row(query, []any{arg}, &said)); err != nil {
		return 0, err
	}
	before, err := tx.Total(boundary(c))
	if err != nil {
		return 0, err
	}
	at := max(tx.Millis(), said+1, before)
	return at, tx.Add(boundary(c), at-before)
}

// instant is when something is said in the chat.
func (r *Room) instant(tx *store.Tx, c *Chat) (int64, error) {
	if c.Kind == User {
		return tx.Millis(), nil
	}
	last, err := tx.Total(boundary(c))
	return max(tx.Millis(), last), err
}

// boundary keeps the last turn of a chat.
func boundary(c *Chat) store.Counter {
	b := store.Counter{Name: "boundary", Scope: c.Peer}
	if c.Kind == Many {
		b.Scope = "channel " + strconv.FormatInt(c.ChannelNo, 10)
	}
	return b
}
