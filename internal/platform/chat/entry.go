package chat

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kaiwa/internal/kernel/store"
)

// Entry is one message that the account may read; store.ErrNotFound for all others.
func (r *Room) Entry(tx *store.Tx, accountNo int64, messageID string) (Entry, error) {
	var e Entry
	n, err := strconv.ParseInt(messageID, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != messageID {
		return e, store.ErrNotFound
	}
	err = store.ErrNotFound
	each := tx.Each(selectEntry+`FROM messages m WHERE m.id = $1 AND `+readableBy("$2"), []any{n, accountNo}, func(scan func(...any) error) error {
		err = e.scan(scan)
		return err
	})
	return e, cmp.Or(each, err)
}

// inMost is how many values one statement looks up at once.
const inMost = 64

// eachOf reads the rows of many ids, a handful at a time with one text, so that
// it stays prepared. The query ends in the column to compare.
func eachOf(tx *store.Tx, query string, ids []int64, scan func(scan func(...any) error) error) error {
	q := &statement{args: make([]any, 0, inMost)}
	var list []string
	for range inMost {
		list = append(list, q.arg(nil))
	}
	query += " IN (" + strings.Join(list, ",") + ")"
	for part := range slices.Chunk(ids, inMost) {
		for i := range q.args {
			q.args[i] = part[min(i, len(part)-1)]
		}
		if err := tx.Each(query, q.args, scan); err != nil {
			return err
		}
	}
	return nil
}

// File is what a message's file is, without its bytes.
type File struct {
	Mime, Name string
	Length     int64
}

// Files reads about the files of messages; those without one are left out.
func (r *Room) Files(tx *store.Tx, messageIDs []int64) (map[int64]File, error) {
	files := map[int64]File{}
	err := eachOf(tx, `SELECT message_id, mime, file_name, length FROM contents WHERE message_id`, messageIDs, func(scan func(...any) error) error {
		var f File
		var id int64
		err := scan(&id, &f.Mime, &f.Name, &f.Length)
		files[id] = f
		return err
	})
	return files, err
}

// Chats reads chats by number.
func (r *Room) Chats(tx *store.Tx, nos []int64) (map[int64]*Chat, error) {
	chats := map[int64]*Chat{}
	var unknown []int64
	r.mu.RLock()
	for _, no := range nos {
		if c := r.byNo[no]; c != nil {
			chats[no] = c
		} else {
			unknown = append(unknown, no)
		}
	}
	r.mu.RUnlock()
	err := eachOf(tx, selectChat+`WHERE no`, unknown, func(scan func(...any) error) error {
		c, err := scanChat(scan)
		chats[c.No] = c
		return err
	})
	return chats, err
}
