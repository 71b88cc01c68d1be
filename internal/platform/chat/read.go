package chat

import (
	"strconv"

	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// marks are the newest message that each side of a chat has read, by person
// number or minus the channel's number. Ids rise with time and are never equal.
type marks map[int64]int64

func (r *Room) marks(tx *store.Tx, c *Chat) (marks, error) {
	m := marks{}
	if c.No == 0 { // a friend with whom nothing was said yet
		return m, nil
	}
	err := tx.Each(`SELECT person_no, channel_no, upto FROM reads WHERE chat_no = $1`, []any{c.No}, func(scan func(...any) error) error {
		var person, ch, upto int64
		err := scan(&person, &ch, &upto)
		m[person-ch] = upto
		return err
	})
	return m, err
}

func (m marks) person(no int64) int64 { return m[no] }

// read says whether somebody else than its sender has read the line. Accounts
// in auto mode read at once.
func (m marks) read(channels *channel.Room, c *Chat, p *friend.Person, l Line) bool {
	if c.Kind == User {
		if l.SenderNo < 0 {
			return l.ID <= m[p.No]
		}
		ch := channels.ByNo(c.ChannelNo)
		return ch != nil && ch.Account.MarkAsReadMode == "auto" || l.ID <= m[-c.ChannelNo]
	}
	for who, upto := range m {
		if who != l.SenderNo && l.ID <= upto {
			return true
		}
	}
	return false
}

// Read marks all that the person sees in the chat as read, and says what they
// had not read before. Everybody there can see that it was.
func (r *Room) Read(tx *store.Tx, p *friend.Person, c *Chat) (Passage, error) {
	users := []string{p.UserID}
	if c.Kind != User {
		m, err := r.Members(tx, c)
		if err != nil {
			return Passage{}, err
		}
		if !m.Has(p) {
			return Passage{}, notIn(p, c)
		}
		users = m.userIDs()
	}
	newest, err := r.Lines(tx, p, c, 1, "")
	if err != nil || len(newest) == 0 {
		return Passage{}, err
	}
	before, err := r.marks(tx, c)
	if err != nil {
		return Passage{}, err
	}
	if err := r.mark(tx, c, p.No, 0, newest[0].ID); err != nil {
		return Passage{}, err
	}
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "read", ChannelID: r.channelOf(c), UserIDs: users, ChatID: r.Path(c)})
	})
	return Passage{before.person(p.No), newest[0].ID}, nil
}

func (r *Room) mark(tx *store.Tx, c *Chat, personNo, channelNo, upto int64) error {
	_, err := tx.Exec(`INSERT INTO reads (chat_no, person_no, channel_no, upto) VALUES ($1, $2, $3, $4)
		ON CONFLICT (chat_no, person_no, channel_no) DO UPDATE SET upto = excluded.upto WHERE reads.upto < excluded.upto`, c.No, personNo, channelNo, upto)
	return err
}

// ReadBy marks what people said in the chat as read by the account, up to a
// message and with it. They can see that it was.
// https://developers.line.biz/en/docs/messaging-api/mark-as-read/
func (r *Room) ReadBy(tx *store.Tx, ch *channel.Channel, c *Chat, upto int64) error {
	users := []string{c.Peer}
	if c.Kind != User {
		m, err := r.Members(tx, c)
		if err != nil {
			return err
		}
		users = m.userIDs()
	}
	if err := r.mark(tx, c, 0, ch.No, upto); err != nil {
		return err
	}
	tx.After(func() {
		r.feed.Publish(feed.Change{Type: "read", ChannelID: r.channelOf(c), UserIDs: users, ChatID: r.Path(c)})
	})
	return nil
}

// Heard is where a message of a person's stands that the account heard;
// store.ErrNotFound for all others.
func (r *Room) Heard(tx *store.Tx, ch *channel.Channel, messageID int64) (*Chat, error) {
	m, err := r.message(tx, strconv.FormatInt(messageID, 10))
	if err != nil {
		return nil, err
	}
	may, err := r.mayRead(tx, ch, m)
	if err == nil && (!may || m.senderNo < 0) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return r.ByNo(tx, m.chatNo)
}
