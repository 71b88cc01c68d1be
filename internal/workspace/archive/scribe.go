package archive

import (
	"errors"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/workspace/account"
)

// scribe adds to stored messages what readers need to know: in which chat, from
// whom, with which file. It remembers names for as long as one request reads.
type scribe struct {
	archive *Archive
	account *account.Account
	chatID  string // of the request, "" for the whole history
	asked   *Place // where sends to many stand when one person's chat is read
	self    *Sender
	places  map[int64]*Place
	people  map[int64]*Sender
	unknown []int64 // reused
}

// remembered bounds the names that a long stream keeps: about 300 bytes each.
const remembered = 100_000

func (a *Archive) scribe(of *account.Account, chatID string) *scribe {
	return &scribe{archive: a, account: of, chatID: chatID, asked: newPlace(chat.User, chatID), self: newSender("account", of.ID, of.Name),
		places: map[int64]*Place{}, people: map[int64]*Sender{}}
}

// describe fills `into` with the entries; the messages point at them.
func (s *scribe) describe(tx *store.Tx, entries []chat.Entry, into []Message) ([]Message, error) {
	if err := s.learnPlaces(tx, entries); err != nil {
		return nil, err
	}
	if err := s.learnPeople(tx, entries); err != nil {
		return nil, err
	}
	into = into[:0]
	many, files := false, s.unknown[:0]
	for i := range entries {
		e := &entries[i]
		m := Message{Entry: e, Place: s.places[e.ChatNo], Sender: s.people[e.SenderNo]}
		if e.Outgoing() {
			m.Sender = s.self
		}
		if m.Place.Type == chat.Many {
			many = true
		}
		if carriesFile(e) {
			files = append(files, e.ID)
		}
		into = append(into, m)
	}
	s.unknown = files
	if many {
		if err := s.count(tx, entries, into); err != nil {
			return nil, err
		}
	}
	return into, s.attach(tx, files, into)
}

func carriesFile(e *chat.Entry) bool {
	if e.Outgoing() || e.UnsentAt != 0 {
		return false
	}
	switch e.Type {
	case "image", "video", "audio", "file":
		return true
	}
	return false
}

func (s *scribe) learnPlaces(tx *store.Tx, entries []chat.Entry) error {
	if len(s.places) > remembered {
		s.places = map[int64]*Place{}
	}
	unknown := s.unknown[:0]
	for i := range entries {
		no := entries[i].ChatNo
		if _, ok := s.places[no]; !ok {
			s.places[no] = newPlace(chat.User, "")
			unknown = append(unknown, no)
		}
	}
	s.unknown = unknown
	if len(unknown) == 0 {
		return nil
	}
	chats, err := s.archive.chats.Chats(tx, unknown)
	for no, c := range chats {
		s.places[no] = newPlace(c.Kind, c.Peer)
		if c.Kind == chat.Many && s.chatID != "" {
			s.places[no] = s.asked
		}
	}
	return err
}

func (s *scribe) learnPeople(tx *store.Tx, entries []chat.Entry) error {
	if len(s.people) > remembered {
		s.people = map[int64]*Sender{}
	}
	for i := range entries {
		no := entries[i].SenderNo
		if no < 0 || s.people[no] != nil {
			continue
		}
		p, err := s.archive.friends.ByNo(tx, no)
		switch {
		case err == nil:
			s.people[no] = newSender("user", p.UserID, p.Profile.DisplayName)
		case errors.Is(err, store.ErrNotFound):
			s.people[no] = newSender("user", "", "")
		default:
			return err
		}
	}
	return nil
}

// count says how many people each send to many went to.
func (s *scribe) count(tx *store.Tx, entries []chat.Entry, into []Message) error {
	sends, err := s.archive.chats.Sends(tx, s.account.No, entries)
	if err != nil {
		return err
	}
	for i := range into {
		if into[i].Place.Type != chat.Many {
			continue
		}
		if send := chat.SendOf(sends, into[i].ID); send != nil {
			into[i].Recipients = send.Recipients
		}
	}
	return nil
}

func (s *scribe) attach(tx *store.Tx, ids []int64, into []Message) error {
	if len(ids) == 0 {
		return nil
	}
	files, err := s.archive.chats.Files(tx, ids)
	for i := range into {
		if f, ok := files[into[i].ID]; ok {
			into[i].File = &f
		}
	}
	return err
}
