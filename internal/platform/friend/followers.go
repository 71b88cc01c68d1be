package friend

import (
	"encoding/base64"
	"fmt"
	"time"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// tokenLife is how long a continuation token may be used.
const tokenLife = 24 * time.Hour

// startToken hides where a list goes on.
func startToken(next int64, now time.Time) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "followers:%d:%d", next, now.UnixMilli()))
}

func readStartToken(token string, now time.Time) (next int64, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false
	}
	var issued int64
	if n, err := fmt.Sscanf(string(text), "followers:%d:%d", &next, &issued); n != 2 || err != nil || next < 0 {
		return 0, false
	}
	if startToken(next, time.UnixMilli(issued)) != token {
		return 0, false
	}
	age := now.Sub(time.UnixMilli(issued))
	return next, age >= 0 && age <= tokenLife
}

// followers lists up to limit user ids of friends whose friend number is from
// or above; next is -1 at the end.
func (r *Room) followers(tx *store.Tx, ch *channel.Channel, from int64, limit int) (ids []string, next int64, err error) {
	end, err := r.nextFriendNo(tx, ch)
	if err != nil {
		return nil, 0, err
	}
	ids = []string{}
	for from < end && len(ids) < limit {
		// One window of friend numbers at a time: rows say what changed, a crowd fills the rest.
		upto := min(end, from+int64(limit-len(ids)))
		rows := map[int64]string{}
		err := tx.Each(`SELECT friend_no, person_no, state FROM friendships WHERE channel_no = $1 AND friend_no >= $2 AND friend_no < $3`,
			[]any{ch.No, from, upto}, func(scan func(...any) error) error {
				var no, person int64
				var state State
				if err := scan(&no, &person, &state); err != nil {
					return err
				}
				rows[no] = ""
				if state != Friend {
					return nil
				}
				p, err := r.ByNo(tx, person)
				if err == nil {
					rows[no] = p.UserID
				}
				return err
			})
		if err != nil {
			return nil, 0, err
		}
		for no := from; no < upto; no++ {
			id, known := rows[no]
			if !known {
				id = r.crowdFriend(ch, no)
			}
			if id != "" {
				ids = append(ids, id)
			}
		}
		from = upto
	}
	if from >= end {
		return ids, -1, nil
	}
	return ids, from, nil
}

func (r *Room) crowdFriend(ch *channel.Channel, friendNo int64) string {
	for _, c := range r.crowds {
		if c.channel.No == ch.No && friendNo >= c.firstFriend && friendNo < c.firstFriend+c.size {
			return c.userID(friendNo - c.firstFriend)
		}
	}
	return ""
}
