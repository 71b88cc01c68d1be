package richmenu

import (
	"context"
	"testing"
	"time"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
)

// accountID is the account of the benchmarks: a million friends, 200,000 of
// them with a menu of their own.
const accountID = "1656000001"

// crowded makes that account and two menus, and gives the user ids of 500 friends.
func crowded(b *testing.B) (*Room, *channel.Channel, []*Menu, []string) {
	b.Helper()
	var c clock.Clock
	db := testkit.Open(b, "memory:", &c)
	seq := new(id.Sequence)
	channels, friends := channel.Open(db), friend.Open(db)
	r := New(Config{DB: db, Channels: channels, Friends: friends, Queue: outbox.New(db, &c, seq), Feed: new(feed.Feed), IDs: seq})
	var users []string
	var menus []*Menu
	update(b, db, func(tx *store.Tx) error {
		ch, err := channels.Put(tx, channel.Channel{ID: accountID, Provider: "p", Type: channel.Messaging, Quota: channel.Unlimited})
		if err != nil {
			return err
		}
		return friends.AddCrowd(tx, ch, 1_000_000, 1)
	})
	if err := friends.Load(b.Context(), channels); err != nil {
		b.Fatal(err)
	}
	ch := channels.Get(accountID)
	update(b, db, func(tx *store.Tx) error {
		for no := range int64(2) {
			if _, err := tx.Exec(`INSERT INTO rich_menus (no, id, channel_no, name, chat_bar_text, selected, width, height, areas, mime)
				VALUES ($1, $2, $3, '', '', 0, 800, 250, '[]', 'image/png')`, no+1, "richmenu-"+id.Hex(16), ch.No); err != nil {
				return err
			}
			m, err := byNo(tx, no+1)
			if err != nil {
				return err
			}
			menus = append(menus, m)
		}
		ranges, err := friends.CrowdNumbers(tx, ch, 200_000)
		if err != nil {
			return err
		}
		for no := ranges[0][0]; no < ranges[0][0]+200_000; no++ {
			if len(users) < usersMost {
				p, err := friends.ByNo(tx, no)
				if err != nil {
					return err
				}
				users = append(users, p.UserID)
			}
			if _, err := tx.Exec(`INSERT INTO rich_menu_links (channel_no, person_no, menu_no, since) VALUES ($1, $2, 1, 0)`, ch.No, no); err != nil {
				return err
			}
		}
		return nil
	})
	return r, ch, menus, users
}

func update(b *testing.B, db *store.DB, do func(*store.Tx) error) {
	b.Helper()
	if err := db.Update(context.Background(), do); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkShown is one chat of one person: what their list of chats and an open
// chat ask for.
func BenchmarkShown(b *testing.B) {
	r, ch, menus, users := crowded(b)
	err := r.db.View(b.Context(), func(tx *store.Tx) error {
		p, err := r.friends.Resolve(tx, users[0])
		for err == nil && b.Loop() {
			var m *Menu
			if m, err = r.Shown(tx, ch, p); err == nil && m.No != menus[0].No {
				b.Fatalf("shown is %+v", m)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBulkLink links a menu to 500 friends, all of them linked before.
func BenchmarkBulkLink(b *testing.B) {
	r, ch, menus, users := crowded(b)
	for n := 0; b.Loop(); n++ {
		update(b, r.db, func(tx *store.Tx) error {
			return r.applyBulk(tx, ch, bulk{Since: r.ids.Next(tx.Now), MenuNo: menus[n%2].No, UserIDs: users})
		})
	}
}

// BenchmarkBatch replaces one menu with another for 200,000 friends.
func BenchmarkBatch(b *testing.B) {
	r, ch, menus, _ := crowded(b)
	for n := 0; b.Loop(); n++ {
		w, done := work{base: r.ids.Next(time.Now()), channel: ch}, false
		for !done {
			update(b, r.db, func(tx *store.Tx) (err error) {
				done, _, err = w.step(tx, operation{"link", menus[n%2].ID, menus[1-n%2].ID})
				return err
			})
		}
	}
}
