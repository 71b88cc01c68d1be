package friend

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// pages names the list in its continuation tokens.
const pages = "followers"

// windows bounds the work for one page: where nearly all have blocked the
// account the page is short, as the platform says that pages may be.
const windows = 10

// followers lists up to limit user ids of friends whose friend number is from
// or above; next is -1 at the end.
func (r *Room) followers(tx *store.Tx, ch *channel.Channel, from int64, limit int) (ids []string, next int64, err error) {
	end, err := r.nextFriendNo(tx, ch)
	if err != nil {
		return nil, 0, err
	}
	ids = []string{}
	for range windows {
		upto := min(end, from+int64(limit))
		rows, err := r.window(tx, ch, from, upto)
		if err != nil {
			return nil, 0, err
		}
		for ; from < upto; from++ {
			id, known := rows[from]
			if !known {
				id = r.crowdFriend(ch, from)
			}
			if id == "" {
				continue
			}
			if len(ids) == limit { // only a friend is worth another page
				return ids, from, nil
			}
			ids = append(ids, id)
		}
		if from >= end {
			break
		}
	}
	if from >= end {
		return ids, -1, nil
	}
	return ids, from, nil
}

// window reads who has the friend numbers from one to another: rows say what
// changed, "" for who is no friend now; a crowd fills the rest.
func (r *Room) window(tx *store.Tx, ch *channel.Channel, from, upto int64) (map[int64]string, error) {
	people, rows := map[int64]int64{}, map[int64]string{}
	err := tx.Each(`SELECT friend_no, person_no, state FROM friendships WHERE channel_no = $1 AND friend_no >= $2 AND friend_no < $3`,
		[]any{ch.No, from, upto}, func(scan func(...any) error) error {
			var no, person int64
			var state State
			err := scan(&no, &person, &state)
			if rows[no] = ""; state == Friend {
				people[no] = person
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	for no, person := range people { // not while the rows are open: a connection reads one query at a time
		p, err := r.ByNo(tx, person)
		if err != nil {
			return nil, err
		}
		rows[no] = p.UserID
	}
	return rows, nil
}

func (r *Room) crowdFriend(ch *channel.Channel, friendNo int64) string {
	for _, c := range r.listCrowds() {
		if c.channel.No == ch.No && friendNo >= c.firstFriend && friendNo < c.firstFriend+c.size {
			return c.userID(friendNo - c.firstFriend)
		}
	}
	return ""
}
