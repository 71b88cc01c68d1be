package friend

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// Standing is how an account stood at an instant.
type Standing struct {
	Followers int64 // people who had ever become friends; never fewer than before
	Friends   int64 // those of them who were friends then
	Blocks    int64 // people who blocked the account then
}

// Standing tells how the account stood before an instant, in unix milliseconds.
// Any instant of the past can be asked for: times of friendship are written
// down, a crowd's members have no row until they do something.
func (r *Room) Standing(tx *store.Tx, ch *channel.Channel, before int64) (Standing, error) {
	var s Standing
	// Grouped, for that goes along the primary key; distinct people would be sorted.
	err := tx.Row(`SELECT COUNT(*), CAST(COALESCE(SUM(friend), 0) AS BIGINT) FROM (SELECT MAX(CASE WHEN until = 0 OR until >= $2 THEN 1 ELSE 0 END) AS friend
		FROM friendship_spans WHERE channel_no = $1 AND since < $2 GROUP BY person_no) people`, []any{ch.No, before}, &s.Followers, &s.Friends)
	if err != nil {
		return s, err
	}
	for _, c := range r.listCrowds() {
		if c.channel.No != ch.No || c.since >= before {
			continue
		}
		var rows int64
		err := tx.Row(`SELECT COUNT(DISTINCT person_no) FROM friendship_spans WHERE channel_no = $1 AND since < $2 AND person_no >= $3 AND person_no < $4`,
			[]any{ch.No, before, c.firstPerson(), c.firstPerson() + c.size}, &rows)
		if err != nil {
			return s, err
		}
		s.Followers += c.size - rows
		s.Friends += c.size - rows
	}
	var strangers int64 // who blocked the account and never were its friends
	err = tx.Row(`SELECT COUNT(*) FROM friendships f WHERE channel_no = $1 AND state = 2 AND since < $2 AND NOT EXISTS
		(SELECT 1 FROM friendship_spans s WHERE s.channel_no = f.channel_no AND s.person_no = f.person_no)`, []any{ch.No, before}, &strangers)
	s.Blocks = s.Followers - s.Friends + strangers
	return s, err
}
