package chat

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
)

// archived is a store with one account, two people and what they said, written
// by the room itself.
type archived struct {
	t       *testing.T
	db      *store.DB
	room    *Room
	ids     id.Sequence
	account *channel.Channel
	friends *friend.Room
	aoi     *friend.Person
	ben     *friend.Person
}

func eachArchived(t *testing.T, run func(*archived)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		a := &archived{t: t, db: testkit.Open(t, dsn, nil)}
		channels := channel.Open(a.db)
		a.friends = friend.Open(a.db)
		a.room = New(Config{DB: a.db, Channels: channels, Friends: a.friends, Feed: &feed.Feed{}, IDs: &a.ids, Clock: &clock.Clock{}})
		a.update(func(tx *store.Tx) (err error) {
			a.account, err = channels.Put(tx, channel.Channel{ID: "1656000001", Type: channel.Messaging, Account: channel.Account{UserID: "Ub1"}})
			return err
		})
		a.update(func(tx *store.Tx) error {
			var err1, err2 error
			a.aoi, err1 = a.friends.Add(tx, friend.Person{UserID: fmt.Sprintf("U%032x", 0xa01)})
			a.ben, err2 = a.friends.Add(tx, friend.Person{UserID: fmt.Sprintf("U%032x", 0xb02)})
			return errors.Join(err1, err2)
		})
		run(a)
	})
}

func (a *archived) update(f func(tx *store.Tx) error) {
	a.t.Helper()
	if err := a.db.Update(a.t.Context(), f); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archived) view(f func(tx *store.Tx) error) {
	a.t.Helper()
	if err := a.db.View(a.t.Context(), f); err != nil {
		a.t.Fatal(err)
	}
}

// befriend makes somebody the account's friend number 0.
func (a *archived) befriend(p *friend.Person) {
	a.t.Helper()
	a.update(func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO friendships (channel_no, person_no, friend_no, state, since) VALUES ($1, $2, 0, 1, 0)`, a.account.No, p.No)
		return err
	})
}

// heard has the person say n texts to the account.
func (a *archived) heard(p *friend.Person, n int) (ids []int64) {
	a.t.Helper()
	a.update(func(tx *store.Tx) error {
		c, err := a.room.OneOnOne(tx, a.account, p)
		ids = nil
		for i := 0; i < n && err == nil; i++ {
			ids = append(ids, a.ids.Next(tx.Now))
			_, err = tx.Exec(`INSERT INTO messages (id, account_no, chat_no, sender_no, origin, sent_at, type, body, request_id, unsent_at)
				VALUES ($1, $2, $3, $4, 0, $5, 'text', $6, '', 0)`, ids[i], a.account.No, c.No, p.No, tx.Millis(), spread)
		}
		return err
	})
	return ids
}

// spread is a message object over several lines, as bots may send it.
const spread = "{\"type\":\"text\",\n\"text\":\"a\"}"

// said has the account push a text to the person.
func (a *archived) said(p *friend.Person) (ids []int64) {
	a.t.Helper()
	a.update(func(tx *store.Tx) error {
		c, err := a.room.OneOnOne(tx, a.account, p)
		if err == nil {
			ids, err = a.room.Send(tx, a.account, Draft{Chat: c, Origin: Push, Type: "text", Body: []byte(spread), RequestID: "r"})
		}
		return err
	})
	return ids
}

func (a *archived) toMany(recipients []byte, count int64) (ids []int64) {
	a.t.Helper()
	a.update(func(tx *store.Tx) (err error) {
		ids, err = a.room.SendToMany(tx, a.account, ToManySend{Count: count, Recipients: recipients, Drafts: []Draft{
			{Origin: Multicast, Type: "text", Body: []byte(`{"type":"text"}`)}, {Origin: Multicast, Type: "sticker", Body: []byte(`{"type":"sticker"}`)}}})
		return err
	})
	return ids
}

func (a *archived) everything() Selection {
	return Selection{AccountNo: a.account.No, From: math.MinInt64, To: math.MaxInt64}
}

// read reads a selection in windows of a size and gives the ids and the number of windows.
func (a *archived) read(s Selection, size int) (ids []int64, windows int) {
	a.t.Helper()
	at := s.Start()
	for more := true; more; windows++ {
		a.view(func(tx *store.Tx) error {
			w, err := a.room.History(tx, s, at, size, nil)
			for _, e := range w.Entries {
				ids = append(ids, e.ID)
			}
			at, more = w.Next, w.More
			return err
		})
		if windows > 100 {
			a.t.Fatal("the windows have no end")
		}
	}
	return ids, windows
}

func TestHistoryHoldsWhatTheRoomPosted(t *testing.T) {
	eachArchived(t, func(a *archived) {
		first := a.heard(a.aoi, 2)
		many := a.toMany(nil, 7)
		last := a.said(a.ben)
		a.view(func(tx *store.Tx) error {
			w, err := a.room.History(tx, a.everything(), Position{}, 100, nil)
			if err != nil {
				return err
			}
			var got []string
			for _, e := range w.Entries {
				got = append(got, fmt.Sprintf("%d %s %t %s %q %q %t %d", e.ID, e.Origin, e.Outgoing(), e.Type, e.RequestID, e.Body, e.SentAt > 0, e.UnsentAt))
			}
			line := func(id int64, rest string) string { return fmt.Sprintf("%d %s true 0", id, rest) }
			const text = `"{\"type\":\"text\",\n\"text\":\"a\"}"`
			want := []string{line(first[0], `user false text "" `+text), line(first[1], `user false text "" `+text),
				line(many[0], `multicast true text "" "{\"type\":\"text\"}"`), line(many[1], `multicast true sticker "" "{\"type\":\"sticker\"}"`),
				line(last[0], `push true text "r" `+text)}
			if d := cmp.Diff(want, got); d != "" || w.More {
				t.Errorf("more: %t %s", w.More, d)
			}
			sends, err := a.room.Sends(tx, a.account.No, w.Entries)
			if s := SendOf(sends, many[1]); s == nil || s.Recipients != 7 || SendOf(sends, last[0]) != nil || SendOf(sends, first[0]) != nil {
				t.Errorf("sends %+v", sends)
			}
			return err
		})
	})
}

func TestWindowsAreBoundedAndEnd(t *testing.T) {
	eachArchived(t, func(a *archived) {
		a.befriend(a.aoi)
		own := a.heard(a.aoi, 3)
		var hidden []int64
		for range 10 {
			hidden = append(hidden, a.toMany(bitmap(t, 77), 1)...)
		}
		reached := a.toMany(bitmap(t, 0, 77), 2)
		for _, c := range []struct {
			name    string
			change  func(*Selection)
			want    []int64
			windows map[int]int // by size
		}{
			{"all", func(s *Selection) {}, append(append(append([]int64{}, own...), hidden...), reached...), map[int]int{5: 6, 25: 2, 26: 1}},
			{"rare type", func(s *Selection) { s.Type = "sticker"; s.From = math.MinInt64 }, append(evens(hidden), reached[1]), map[int]int{5: 6, 100: 1}},
			{"no such type", func(s *Selection) { s.Type = "video" }, nil, map[int]int{5: 6, 100: 1}},
			{"one direction", func(s *Selection) { s.Direction = Incoming }, own, map[int]int{5: 6, 100: 1}},
			{"what reached a person", func(s *Selection) { s.ChatID = a.aoi.UserID }, append(append([]int64{}, own...), reached...), map[int]int{5: 6, 100: 1}},
			{"what reached nobody", func(s *Selection) { s.ChatID = a.ben.UserID }, nil, map[int]int{4: 6, 100: 1}},
		} {
			for size, windows := range c.windows {
				s := a.everything()
				c.change(&s)
				got, n := a.read(s, size)
				if d := cmp.Diff(c.want, got); d != "" || n != windows {
					t.Errorf("%s, windows of %d: %d windows, want %d; %s", c.name, size, n, windows, d)
				}
			}
		}
	})
}

func evens(list []int64) (out []int64) {
	for i := 1; i < len(list); i += 2 {
		out = append(out, list[i])
	}
	return out
}

func bitmap(t *testing.T, friends ...uint32) []byte {
	t.Helper()
	b, err := roaring.BitmapOf(friends...).ToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEntryIsOnlyForWhoMayReadIt(t *testing.T) {
	eachArchived(t, func(a *archived) {
		ids := a.heard(a.aoi, 1)
		a.view(func(tx *store.Tx) error {
			if e, err := a.room.Entry(tx, a.account.No, fmt.Sprint(ids[0])); err != nil || e.ID != ids[0] {
				t.Errorf("%+v, %v", e, err)
			}
			for _, c := range []struct {
				account int64
				id      string
			}{{a.account.No + 1, fmt.Sprint(ids[0])}, {a.account.No, fmt.Sprint(ids[0] + 1)}, {a.account.No, "0" + fmt.Sprint(ids[0])}, {a.account.No, ""},
				{a.account.No, "9223372036854775808"}} {
				if e, err := a.room.Entry(tx, c.account, c.id); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%+v: %+v, %v", c, e, err)
				}
			}
			return nil
		})
	})
}

// TestManyAtOnce looks up more than one statement takes.
func TestManyAtOnce(t *testing.T) {
	eachArchived(t, func(a *archived) {
		const n = 150
		var nos []int64
		a.update(func(tx *store.Tx) error {
			nos = nil
			for i := range int64(n) {
				_, err1 := tx.Exec(`INSERT INTO contents (message_id, mime, length, file_name, ready_at, preview_mime) VALUES ($1, 'image/png', $1, '', 0, '')`, i+1)
				_, err2 := tx.Exec(`INSERT INTO chats (no, kind, channel_no, peer, provider, name, picture_url, message_count, last_at)
					VALUES ($1, 'user', 9, $2, '', '', '', 0, 0)`, i+1, fmt.Sprint("U", i+1))
				if err := errors.Join(err1, err2); err != nil {
					return err
				}
				nos = append(nos, i+1)
			}
			return nil
		})
		a.view(func(tx *store.Tx) error {
			files, err1 := a.room.Files(tx, append(nos, 9999))
			chats, err2 := a.room.Chats(tx, nos)
			if len(files) != n || files[150].Length != 150 || len(chats) != n || chats[150].Peer != "U150" {
				t.Errorf("%d files, %d chats", len(files), len(chats))
			}
			return errors.Join(err1, err2)
		})
	})
}

// TestHistoryIsReadByIndex shows that SQLite walks an index for every form of
// the query: a sort or a scan would make the end of a long history slow.
func TestHistoryIsReadByIndex(t *testing.T) {
	db := testkit.Open(t, testkit.SQLite(t), nil)
	for _, chatNos := range [][]int64{nil, {1}, {1, 2}} {
		for _, desc := range []bool{false, true} {
			for _, filtered := range []bool{false, true} {
				query, args := planned(chatNos, desc, filtered)
				plan := planOf(t, db, query, args)
				if len(plan) == 0 {
					t.Error("no plan")
				}
				for _, step := range plan {
					if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN ") && step != "SCAN k" {
						t.Errorf("chats %v, desc %t, filtered %t: %s in\n%s", chatNos, desc, filtered, step, strings.Join(plan, "\n"))
					}
				}
			}
		}
	}
}

func planOf(t *testing.T, db *store.DB, query string, args []any) (plan []string) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.Each("EXPLAIN QUERY PLAN "+query, args, func(scan func(...any) error) error {
			var a, b, c int
			var step string
			err := scan(&a, &b, &c, &step)
			plan = append(plan, step)
			return err
		})
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return plan
}

// planned is the query of a selection: of the whole account, of a group, or of
// a person's own chat and the account's sends.
func planned(chatNos []int64, desc, filtered bool) (string, []any) {
	s := Selection{AccountNo: 1, From: 5, To: 10, Desc: desc}
	src := sources{arms: ofAccount(1)}
	if len(chatNos) > 0 {
		src.arms = nil
	}
	for _, no := range chatNos {
		src.arms = append(src.arms, ofChat(no))
	}
	if filtered {
		s.Type, s.Direction, src.shared = "text", Incoming, true
	}
	q := &statement{}
	text, _ := s.text(q, src, s.Start(), 100)
	return text, q.args
}
