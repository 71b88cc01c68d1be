package interaction

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
)

// Read has the person read a chat: each of the account's messages that they had
// not seen before counts as seen once.
func (r *Room) Read(tx *store.Tx, p *friend.Person, c *chat.Chat) error {
	read, err := r.chats.Read(tx, p, c)
	if err != nil || read.Upto <= read.After {
		return err
	}
	list, err := r.chats.Counted(tx, p, c, read, tx.Millis()-span.Milliseconds()+1)
	if err != nil {
		return err
	}
	s := seen{at: map[what]int{}}
	for _, m := range list {
		of, err := subjectOf(tx, m)
		if err != nil {
			return err
		}
		s.add(of.deed(Impression, m.Seq, All))
		s.add(of.deed(Impression, All, All))
	}
	return note(tx, p.No, s.deeds)
}

// seen gathers what was read at once, each kind one time.
type seen struct {
	deeds []deed
	at    map[what]int
}

func (s *seen) add(d deed) {
	if i, ok := s.at[d.what]; ok {
		s.deeds[i].times++
		return
	}
	s.at[d.what] = len(s.deeds)
	s.deeds = append(s.deeds, d)
}

// shown are the deeds of seeing a message, for who does something with it and
// was not known to have seen it.
func shown(tx *store.Tx, personNo int64, of subject, seq int64) ([]deed, error) {
	d := of.deed(Impression, seq, All)
	err := tx.Row(`SELECT 1 FROM interaction_people WHERE subject = $1 AND kind = $2 AND seq = $3 AND link = $4 AND person_no = $5`,
		[]any{of.no, int64(d.kind), seq, d.link, personNo}, new(int64))
	if errors.Is(err, store.ErrNotFound) {
		return []deed{d, of.deed(Impression, All, All)}, nil
	}
	return nil, err
}

// Click counts that the person opened a link of an account's message.
func (r *Room) Click(tx *store.Tx, p *friend.Person, messageID int64, url string) error {
	of, m, err := r.subject(tx, messageID)
	if err != nil || of.no == 0 {
		return err
	}
	deeds, err := shown(tx, p.No, of, m.Seq)
	if err != nil {
		return err
	}
	link := hash(url)
	_, err = tx.Exec(`INSERT INTO interaction_links (subject, link, url) VALUES ($1, $2, $3) ON CONFLICT (subject, link) DO NOTHING`, of.no, link, url)
	if err != nil {
		return err
	}
	return note(tx, p.No, append(deeds, of.deed(Click, m.Seq, link), of.deed(Click, All, link), of.deed(Click, All, All)))
}

// Play counts that the person played a video or an audio of an account's message
// from its beginning to that percentage.
func (r *Room) Play(tx *store.Tx, p *friend.Person, messageID int64, percent int) error {
	of, m, err := r.subject(tx, messageID)
	if err != nil || of.no == 0 {
		return err
	}
	deeds, err := shown(tx, p.No, of, m.Seq)
	if err != nil {
		return err
	}
	for i, least := range []int{0, 25, 50, 75, 100} {
		if percent >= least {
			deeds = append(deeds, of.deed(Played+Kind(i), m.Seq, All), of.deed(Played+Kind(i), All, All))
		}
	}
	return note(tx, p.No, deeds)
}

// subject is what a message counts for on a day; a send to many counts as one
// for all its time.
type subject struct{ no, day int64 }

func (s subject) deed(k Kind, seq, link int64) deed {
	return deed{what: what{s.no, k, seq, link}, day: s.day, times: 1}
}

// subject is what a message counts for now: number 0 when for nothing.
func (r *Room) subject(tx *store.Tx, messageID int64) (subject, chat.Received, error) {
	m, err := r.chats.Received(tx, messageID)
	if err != nil || !counts(tx, m.SentAt) {
		return subject{}, m, err
	}
	of, err := subjectOf(tx, m)
	return of, m, err
}

func subjectOf(tx *store.Tx, m chat.Received) (subject, error) {
	switch {
	case m.Unit != "":
		no, err := unitNo(tx, m.AccountNo, m.Unit)
		if errors.Is(err, store.ErrNotFound) {
			no, err = enterUnit(tx, m.AccountNo, m.Unit)
		}
		return subject{-no, Day(tx.Now)}, err
	case m.Origin == chat.Narrowcast || m.Origin == chat.Broadcast:
		return subject{m.Send, All}, nil
	}
	return subject{}, nil
}

func unitNo(tx *store.Tx, channelNo int64, name string) (no int64, err error) {
	err = tx.Row(`SELECT no FROM interaction_units WHERE channel_no = $1 AND name = $2`, []any{channelNo, name}, &no)
	return no, err
}

func enterUnit(tx *store.Tx, channelNo int64, name string) (no int64, err error) {
	if err = tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM interaction_units`, nil, &no); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`INSERT INTO interaction_units (no, channel_no, name) VALUES ($1, $2, $3)`, no, channelNo, name)
	return no, err
}

// hash is how a URL is told from others: URLs are too long to stand in an index.
func hash(url string) int64 {
	sum := sha256.Sum256([]byte(url))
	return int64(binary.BigEndian.Uint64(sum[:8])>>1) | 1 // never All
}
