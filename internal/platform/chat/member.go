package chat

import (
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// Members are who is in a group or room now.
type Members struct {
	People   []*friend.Person
	Channels []*channel.Channel
	// since is when each came, by person number.
	since map[int64]int64
}

// Members reads who is in the chat now, in the order they came.
func (r *Room) Members(tx *store.Tx, c *Chat) (Members, error) {
	m := Members{since: map[int64]int64{}}
	var people []int64
	err := tx.Each(`SELECT person_no, channel_no, joined_at FROM members WHERE chat_no = $1 AND left_at = 0 ORDER BY joined_at, person_no, channel_no`,
		[]any{c.No}, func(scan func(...any) error) error {
			var person, ch, at int64
			if err := scan(&person, &ch, &at); err != nil {
				return err
			}
			if ch != 0 {
				if ch := r.channels.ByNo(ch); ch != nil {
					m.Channels = append(m.Channels, ch)
				}
				return nil
			}
			people = append(people, person)
			m.since[person] = at
			return nil
		})
	for _, no := range people { // not while the rows are open: a connection reads one query at a time
		if err != nil {
			return m, err
		}
		var p *friend.Person
		p, err = r.friends.ByNo(tx, no)
		m.People = append(m.People, p)
	}
	return m, err
}

// HasChannel says whether the account is in the chat.
func (r *Room) HasChannel(tx *store.Tx, c *Chat, ch *channel.Channel) (bool, error) {
	if c.Kind == User || c.Kind == Many {
		return c.ChannelNo == ch.No, nil
	}
	var n int64
	err := tx.Row(`SELECT COUNT(*) FROM members WHERE chat_no = $1 AND channel_no = $2 AND left_at = 0`, []any{c.No, ch.No}, &n)
	return n > 0, err
}

// CountPeople counts the people in a group or room; accounts do not count.
func (r *Room) CountPeople(tx *store.Tx, c *Chat) (n int64, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM members WHERE chat_no = $1 AND channel_no = 0 AND left_at = 0`, []any{c.No}, &n)
	return n, err
}

// HasPerson says whether the person is in the group or room.
func (r *Room) HasPerson(tx *store.Tx, c *Chat, p *friend.Person) (bool, error) {
	err := tx.Row(`SELECT 1 FROM members WHERE chat_no = $1 AND person_no = $2 AND channel_no = 0 AND left_at = 0`, []any{c.No, p.No}, new(int64))
	return err == nil, notFoundIsNil(err)
}

// PeopleAfter lists the people in a group or room whose number is above that
// one, in the order of their numbers, at most limit.
func (r *Room) PeopleAfter(tx *store.Tx, c *Chat, no int64, limit int) ([]*friend.Person, error) {
	var nos []int64
	err := tx.Each(`SELECT person_no FROM members WHERE chat_no = $1 AND person_no > $2 AND channel_no = 0 AND left_at = 0 ORDER BY person_no LIMIT $3`,
		[]any{c.No, no, limit}, func(scan func(...any) error) error {
			var no int64
			err := scan(&no)
			nos = append(nos, no)
			return err
		})
	list := make([]*friend.Person, len(nos))
	for i := range nos { // not while the rows are open: a connection reads one query at a time
		if err != nil {
			return nil, err
		}
		list[i], err = r.friends.ByNo(tx, nos[i])
	}
	return list, err
}

// Has says whether the person is in the members.
func (m Members) Has(p *friend.Person) bool {
	_, ok := m.since[p.No]
	return ok
}

func (m Members) userIDs() []string {
	ids := make([]string, len(m.People))
	for i, p := range m.People {
		ids[i] = p.UserID
	}
	return ids
}

func (r *Room) join(tx *store.Tx, c *Chat, personNo, channelNo int64) error {
	at, err := r.turn(tx, c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO members (chat_no, person_no, channel_no, joined_at, left_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (chat_no, person_no, channel_no, joined_at) DO UPDATE SET left_at = 0`, c.No, personNo, channelNo, at)
	return err
}

// leave ends a membership and says whether there was one.
func (r *Room) leave(tx *store.Tx, c *Chat, personNo, channelNo int64) (bool, error) {
	at, err := r.turn(tx, c)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE members SET left_at = $4 WHERE chat_no = $1 AND person_no = $2 AND channel_no = $3 AND left_at = 0`,
		c.No, personNo, channelNo, at)
	return n > 0, err
}
