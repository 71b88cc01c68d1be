package chat

import (
	"cmp"
	"errors"
	"slices"

	"kaiwa/internal/kernel/store"
)

// Talk is a chat in an account's list.
type Talk struct {
	Chat
	MessageCount, LastAt int64
}

func (t Talk) position() Position { return Position{t.LastAt, t.No} }

// Talks lists the account's chats that hold messages of their own, last spoken
// first, after a place of that list: at most limit.
func (r *Room) Talks(tx *store.Tx, accountNo int64, after Position, limit int) ([]Talk, error) {
	list, err := r.groupTalks(tx, accountNo, after)
	if err != nil {
		return nil, err
	}
	err = tx.Each(`SELECT no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at FROM chats
		WHERE channel_no = $1 AND kind = 'user' AND message_count > 0 AND (last_at, no) < ($2, $3) ORDER BY last_at DESC, no DESC LIMIT $4`,
		[]any{accountNo, after.SentAt, after.ID, limit}, func(scan func(...any) error) error {
			t, err := scanTalk(scan)
			list = append(list, t)
			return err
		})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Talk) int { return b.position().compare(a.position()) })
	list = list[:min(len(list), limit)]
	for i := range list {
		if err := r.complete(tx, accountNo, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.SentAt, q.SentAt), cmp.Compare(p.ID, q.ID))
}

func scanTalk(scan func(...any) error) (t Talk, err error) {
	err = scan(&t.No, &t.Kind, &t.ChannelNo, &t.Peer, &t.Provider, &t.Name, &t.PictureURL, &t.MessageCount, &t.LastAt)
	return t, err
}

// groupTalks are the groups and rooms in which the account heard or said
// something. What others said while it was away is not its own to count.
func (r *Room) groupTalks(tx *store.Tx, accountNo int64, after Position) ([]Talk, error) {
	var all []Talk
	err := tx.Each(`SELECT no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at FROM chats
		WHERE no IN (SELECT chat_no FROM members WHERE channel_no = $1)`, []any{accountNo}, func(scan func(...any) error) error {
		t, err := scanTalk(scan)
		all = append(all, t)
		return err
	})
	var list []Talk
	for _, t := range all {
		if err == nil {
			err = tx.Row(`SELECT sent_at FROM messages m WHERE chat_no = $1 AND `+readableBy("$2")+` ORDER BY sent_at DESC, id DESC LIMIT 1`,
				[]any{t.No, accountNo}, &t.LastAt)
		}
		if errors.Is(err, store.ErrNotFound) {
			err = nil
			continue
		}
		if t.position().compare(after) < 0 {
			list = append(list, t)
		}
	}
	return list, err
}

// complete adds what only the talks of one page need: a person's name, a
// group's own count.
func (r *Room) complete(tx *store.Tx, accountNo int64, t *Talk) error {
	if t.Kind != User {
		return tx.Row(`SELECT COUNT(*) FROM messages m WHERE chat_no = $1 AND `+readableBy("$2"), []any{t.No, accountNo}, &t.MessageCount)
	}
	p, err := r.friends.Resolve(tx, t.Peer)
	if err == nil {
		t.Name = p.Profile.DisplayName
	}
	return notFoundIsNil(err)
}
