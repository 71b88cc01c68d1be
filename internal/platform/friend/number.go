package friend

import (
	"encoding/hex"
	"errors"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// ParseUserID reads the 16 bytes that a user id spells: U and 32 lower-case hex
// digits. By hand, because an upload names a million and a half.
func ParseUserID(text []byte) (id [16]byte, ok bool) {
	if len(text) != 33 || text[0] != 'U' {
		return id, false
	}
	for i := range id {
		high, low := digits[text[1+2*i]], digits[text[2+2*i]]
		if high == 0 || low == 0 {
			return id, false
		}
		id[i] = (high-1)<<4 | (low - 1)
	}
	return id, true
}

// digits are the values of lower-case hex digits, each one more than it is.
var digits = [256]byte{'0': 1, '1': 2, '2': 3, '3': 4, '4': 5, '5': 6, '6': 7, '7': 8, '8': 9, '9': 10, 'a': 11, 'b': 12, 'c': 13, 'd': 14, 'e': 15, 'f': 16}

// oneByOne is how many ids of people with rows are looked up singly. Beyond it
// all of the provider's are read at once, which costs as much as some thousands of questions.
const oneByOne = 2000

// Numbers turns many user ids of one provider's people into the numbers that
// bitmaps hold, without building a Person of any.
type Numbers struct {
	tx       *store.Tx
	provider string
	crowds   []*crowd
	asked    int
	all      map[[16]byte]int64 // nil until oneByOne is passed
	id, out  [16]byte           // here, so that deciphering leaves no garbage
}

// Numbers begins a look-up that is of use within the transaction.
func (r *Room) Numbers(tx *store.Tx, provider string) *Numbers {
	n := &Numbers{tx: tx, provider: provider}
	for _, c := range r.listCrowds() {
		if c.channel.Provider == provider {
			n.crowds = append(n.crowds, c)
		}
	}
	return n
}

// Of is the person's number; store.ErrNotFound when the id is nobody's of the provider.
func (n *Numbers) Of(id [16]byte) (int64, error) {
	n.id = id
	for _, c := range n.crowds {
		if index, ok := c.decipher(&n.id, &n.out); ok {
			return crowdBase + c.no<<32 + index, nil
		}
	}
	if n.asked++; n.asked <= oneByOne {
		var no int64
		err := n.tx.Row(`SELECT no FROM people WHERE user_id = $1 AND provider = $2`, []any{"U" + hex.EncodeToString(id[:]), n.provider}, &no)
		return no, err
	}
	if n.all == nil {
		if err := n.readAll(); err != nil {
			return 0, err
		}
	}
	if no, ok := n.all[id]; ok {
		return no, nil
	}
	return 0, store.ErrNotFound
}

func (n *Numbers) readAll() error {
	n.all = map[[16]byte]int64{}
	return n.tx.Each(`SELECT no, user_id FROM people WHERE provider = $1`, []any{n.provider}, func(scan func(...any) error) error {
		var no int64
		var text string
		if err := scan(&no, &text); err != nil {
			return err
		}
		id, ok := ParseUserID([]byte(text))
		if !ok {
			return errors.New("a person's user id has not the form of one: " + text)
		}
		n.all[id] = no
		return nil
	})
}

// CrowdNumbers are the numbers of the first members of an account's crowds, at
// most so many, as ranges from one to before another.
func (r *Room) CrowdNumbers(tx *store.Tx, ch *channel.Channel, most int64) (ranges [][2]int64, err error) {
	// From the store: while a world is built its crowds are not in memory yet.
	err = tx.Each(`SELECT no, size FROM crowds WHERE channel_no = $1 ORDER BY no`, []any{ch.No}, func(scan func(...any) error) error {
		var no, size int64
		err := scan(&no, &size)
		if size = min(size, most); size > 0 {
			ranges = append(ranges, [2]int64{crowdBase + no<<32, crowdBase + no<<32 + size})
		}
		most -= size
		return err
	})
	return ranges, err
}
