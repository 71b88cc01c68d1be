package message

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/audience"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/chat"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
)

// desk is the room with what it stands on and a queue that is not at work, so
// that a test takes each step itself.
type desk struct {
	t       testing.TB
	db      *store.DB
	clock   *clock.Clock
	friends *friend.Room
	room    *Room
	cafe    *channel.Channel
}

func newDesk(t testing.TB, dsn string, quota, crowd int64) *desk {
	t.Helper()
	d := &desk{t: t, clock: &clock.Clock{}}
	d.clock.Set(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
	d.db = testkit.Open(t, dsn, d.clock)
	queue, channels := outbox.New(d.db, d.clock, &id.Sequence{}), channel.Open(d.db)
	d.friends = friend.Open(d.db)
	chats := chat.New(chat.Config{DB: d.db, Channels: channels, Friends: d.friends, Feed: &feed.Feed{}, IDs: &id.Sequence{}, Clock: d.clock})
	audiences := audience.New(audience.Config{DB: d.db, Channels: channels, Friends: d.friends, Queue: queue})
	d.room = New(Config{DB: d.db, Friends: d.friends, Chats: chats, Audiences: audiences, Queue: queue})
	d.update(func(tx *store.Tx) (err error) {
		if d.cafe, err = channels.Put(tx, channel.Channel{ID: "1656000001", Provider: "Demo", Type: channel.Messaging, Quota: quota}); err != nil {
			return err
		}
		return d.friends.AddCrowd(tx, d.cafe, crowd, 1)
	})
	if err := errors.Join(channels.Load(t.Context()), d.friends.Load(t.Context(), channels)); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) update(f func(*store.Tx) error) {
	d.t.Helper()
	if err := d.db.Update(d.t.Context(), f); err != nil {
		d.t.Fatal(err)
	}
}

const someRequest = "5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"

// accepted writes down a narrowcast as its request does.
func (d *desk) accepted(o order) outbox.Item {
	d.t.Helper()
	o.Messages = []part{{"text", jsontext.Value(`{"type":"text","text":"hi"}`)}}
	d.update(func(tx *store.Tx) error {
		reach, err := d.friends.Reach(tx, d.cafe)
		if err != nil {
			return err
		}
		n := narrowcast{requestID: someRequest, channelNo: d.cafe.No, acceptedAt: tx.Millis(), phase: waiting, order: o}
		if n.reserved, err = reservation(tx, d.cafe, o, reach); err != nil {
			return err
		}
		return errors.Join(n.insert(tx), tx.Add(reserved(d.cafe), n.reserved))
	})
	return outbox.Item{Payload: someRequest, Attempts: 1}
}

// take has the outcome of a step recorded, and says whether another one follows.
func (d *desk) take(step func(*store.Tx) (outbox.Outcome, error)) (again bool) {
	d.t.Helper()
	d.update(func(tx *store.Tx) error {
		out, err := step(tx)
		again = !out.Retry.IsZero()
		return err
	})
	return again
}

// state is "PHASE SUCCESS/FAILURE/TARGET reserved N used N messages N", with the error code behind the phase.
func (d *desk) state() (text string) {
	d.t.Helper()
	err := d.db.View(d.t.Context(), func(tx *store.Tx) error {
		n, err := readNarrowcast(tx, someRequest)
		if err != nil {
			return err
		}
		var messages int64
		held, err1 := tx.Total(reserved(d.cafe))
		used, err2 := tx.Total(usage(d.cafe, tx.Now))
		err3 := tx.Row(`SELECT COUNT(*) FROM messages WHERE request_id = $1`, []any{someRequest}, &messages)
		a := n.answer()
		text = a.Phase
		if a.ErrorCode > 0 {
			text += fmt.Sprint(" ", a.ErrorCode)
		}
		if a.TargetCount != nil {
			text += fmt.Sprintf(" %d/%d/%d", *a.SuccessCount, *a.FailureCount, *a.TargetCount)
		}
		text += fmt.Sprintf(" reserved %d used %d messages %d", held, used, messages)
		return errors.Join(err1, err2, err3)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

func (d *desk) want(what, state string) {
	d.t.Helper()
	if got := d.state(); got != state {
		d.t.Errorf("%s: %s, want %s", what, got, state)
	}
}

func (d *desk) turn(friendNo int64, to friend.State) {
	d.t.Helper()
	d.update(func(tx *store.Tx) error {
		p, err := d.friends.ByNo(tx, 1<<40+1<<32+friendNo)
		if err != nil {
			return err
		}
		_, err = d.friends.Set(tx, d.cafe, p, to)
		return err
	})
}

// Who blocks the account while the messages are being sent is a failure, and costs nothing.
func TestCarryPhases(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		d := newDesk(t, dsn, 200, 100)
		it := d.accepted(order{Max: 90})
		d.want("accepted", "waiting reserved 90 used 0 messages 0")
		first := d.room.carry(t.Context(), it)
		if !d.take(first) {
			t.Error("it is over before it was sent")
		}
		d.want("chosen", "sending 0/0/90 reserved 90 used 0 messages 0")
		d.take(first) // an attempt whose outcome is recorded twice
		d.want("chosen again", "sending 0/0/90 reserved 90 used 0 messages 0")
		left := int64(0)
		for i := range int64(100) { // who was drawn is not known
			d.turn(i, friend.Blocked)
			if d.isRecipient(uint32(i)) {
				left++
			}
			if left == 5 {
				break
			}
		}
		second := d.room.carry(t.Context(), it)
		if d.take(second) {
			t.Error("it is not over")
		}
		d.want("sent", "succeeded 85/5/90 reserved 0 used 85 messages 1")
		d.take(second)
		d.take(d.room.carry(t.Context(), it))
		d.want("sent again", "succeeded 85/5/90 reserved 0 used 85 messages 1")
	})
}

func (d *desk) isRecipient(friendNo uint32) (is bool) {
	d.t.Helper()
	if err := d.db.View(d.t.Context(), func(tx *store.Tx) error {
		n, err := readNarrowcast(tx, someRequest)
		is = err == nil && n.recipients.Contains(friendNo)
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return is
}

// Friends who came after the request get it too, as far as the quota goes.
func TestCarryTakesNewFriendsIn(t *testing.T) {
	for _, c := range []struct {
		quota int64
		order order
		want  string
	}{
		{100, order{}, "sending 0/0/100 reserved 100 used 0 messages 0"},
		{99, order{}, "sending 0/0/99 reserved 99 used 0 messages 0"},
		{100, order{UpToQuota: true}, "sending 0/0/98 reserved 98 used 0 messages 0"},
		{channel.Unlimited, order{}, "sending 0/0/100 reserved 100 used 0 messages 0"},
	} {
		d := newDesk(t, testkit.SQLite(t), c.quota, 100)
		d.turn(0, friend.Blocked)
		d.turn(1, friend.Blocked)
		it := d.accepted(c.order)
		d.turn(0, friend.Friend)
		d.turn(1, friend.Friend)
		d.take(d.room.carry(t.Context(), it))
		d.want(fmt.Sprint(c.quota), c.want)
	}
}

// What other sends use between the choice and its record is left out of it.
func TestCarryLeavesRoomForOthers(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 100, 100)
	d.turn(0, friend.Blocked)
	it := d.accepted(order{})
	d.turn(0, friend.Friend)
	step := d.room.carry(t.Context(), it)
	d.update(func(tx *store.Tx) error { return charge(tx, d.cafe, "push", 1) })
	d.take(step)
	d.want("one less", "sending 0/0/99 reserved 99 used 1 messages 0")
}

// Who is under 20 in Thailand gets nothing that is aimed by attributes, and all the rest.
func TestSelectedWithoutMinors(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 1000, 100)
	for i := range 80 {
		d.update(func(tx *store.Tx) error {
			p, err := d.friends.Add(tx, friend.Person{UserID: fmt.Sprintf("U%032x", i), Provider: "Demo",
				Profile: friend.Profile{Demographics: friend.Demographics{Area: "th_02", Age: 15 + i%16}}})
			if err == nil {
				_, err = d.friends.Set(tx, d.cafe, p, friend.Friend)
			}
			return err
		})
	}
	for _, c := range []struct {
		order order
		want  uint64
	}{
		{order{}, 180},
		{order{Filter: parsed[demographic](t, `{"type":"age","gte":"age_15"}`)}, 155},
		{order{Filter: parsed[demographic](t, `{"type":"area","oneOf":["th_02"]}`)}, 55},
	} {
		err := d.db.View(t.Context(), func(tx *store.Tx) error {
			set, code, err := d.room.selected(tx, d.cafe, c.order)
			if code != 0 || err == nil && set.GetCardinality() != c.want {
				t.Errorf("%+v: %v, code %d, want %d", c.order.Filter, set, code, c.want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// An audience that was put away between the request and its start leaves nobody to send to.
func TestCarryToAnAudienceThatIsGone(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 100, 100)
	one := d.audience(7, roaring64.BitmapOf(1<<40+1<<32))
	it := d.accepted(order{Recipient: parsed[recipient](t, one)})
	d.update(func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM audiences`)
		return err
	})
	d.take(d.room.carry(t.Context(), it))
	d.want("gone", "failed 1 0/0/0 reserved 0 used 0 messages 0")
}

// Only a narrowcast that has succeeded can be sent again.
func TestKnownRedelivery(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 100, 100)
	it := d.accepted(order{})
	known := func() error {
		return d.db.View(t.Context(), func(tx *store.Tx) error {
			return d.room.known(tx, d.cafe, &recipient{Type: "redelivery", RequestID: someRequest})
		})
	}
	for _, phase := range []string{waiting, sending} {
		if err := known(); err == nil || err.Error() != "Invalid request id: "+someRequest {
			t.Errorf("%s: %v", phase, err)
		}
		d.take(d.room.carry(t.Context(), it))
	}
	if err := known(); err != nil {
		t.Errorf("succeeded: %v", err)
	}
}

// A reset takes a narrowcast away; nothing of it reaches the new world.
func TestCarryAfterAReset(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 200, 100)
	it := d.accepted(order{})
	step := d.room.carry(t.Context(), it)
	d.update(func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM narrowcasts`)
		return err
	})
	if d.take(step) || d.take(d.room.carry(t.Context(), it)) {
		t.Error("it goes on")
	}
}

// What cannot be read is tried again, a few times.
func TestCarryWhileTheStoreIsAway(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t), 200, 100)
	it := d.accepted(order{})
	d.update(func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE narrowcasts SET request = '{'`)
		return err
	})
	if !d.take(d.room.carry(t.Context(), it)) {
		t.Error("it was given up at once")
	}
	it.Attempts = attemptsMost
	var out outbox.Outcome
	d.update(func(tx *store.Tx) (err error) {
		out, err = d.room.carry(t.Context(), it)(tx)
		return err
	})
	if out.Bury == "" {
		t.Errorf("%+v", out)
	}
}

// Every choice is as likely as any other: that one of a hundred is never drawn
// in 2,000 draws of ten does not happen.
func TestDrawn(t *testing.T) {
	all := roaring.New()
	all.AddRange(70_000, 70_100)
	seen := map[uint32]int{}
	for range 2000 {
		set := drawn(all, 10)
		if set.GetCardinality() != 10 || !roaring.And(set, all).Equals(set) {
			t.Fatalf("%v", set)
		}
		for it := set.Iterator(); it.HasNext(); {
			seen[it.Next()]++
		}
	}
	for no := uint32(70_000); no < 70_100; no++ {
		if n := seen[no]; n < 100 || n > 320 { // 200 expected, 13.4 the deviation
			t.Errorf("%d was drawn %d times", no, n)
		}
	}
	if set := drawn(all, 0); !set.IsEmpty() {
		t.Errorf("none of them: %v", set)
	}
	big := roaring.New()
	big.AddRange(0, 20_000)
	if n := drawn(big, 19_999).GetCardinality(); n != 19_999 {
		t.Errorf("all but one: %d", n)
	}
}

// Three audiences of half a million each, combined, and narrowed by two attributes.
func BenchmarkSelected(b *testing.B) {
	const crowd = 1_000_000
	d := newDesk(b, testkit.SQLite(b), channel.Unlimited, crowd)
	var names []string
	for step := uint64(2); step < 5; step++ {
		people := roaring64.New()
		for i := uint64(0); i < crowd; i++ {
			if i%step == 0 || i%7 == 0 {
				people.Add(1<<40 + 1<<32 + i)
			}
		}
		names = append(names, d.audience(int64(step), people))
	}
	o := order{Recipient: parsed[recipient](b, `{"type":"operator","and":[{"type":"operator","or":[`+names[0]+`,`+names[1]+`]},{"type":"operator","not":`+names[2]+`}]}`)}
	run := func(b *testing.B) {
		for b.Loop() {
			if err := d.db.View(b.Context(), func(tx *store.Tx) error {
				set, code, err := d.room.selected(tx, d.cafe, o)
				if code != 0 || set.GetCardinality() < crowd/10 {
					b.Fatal(code)
				}
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("audiences", run)
	o.Filter = parsed[demographic](b, `{"type":"operator","or":[{"type":"gender","oneOf":["male"]},{"type":"operator","not":{"type":"age","gte":"age_30"}}]}`)
	b.Run("audiencesAndAttributes", run)
}

// audience writes an audience of these people down, as an upload would.
func (d *desk) audience(id int64, people *roaring64.Bitmap) string {
	d.t.Helper()
	data, err := people.ToBytes()
	if err != nil {
		d.t.Fatal(err)
	}
	d.update(func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO audiences (id, channel_no, type, create_route, description, ifa, request_id, click_url, status, failed_type, people, created_at, expires_at, owner, webtraffic)
			VALUES ($1, $2, 'UPLOAD', 'MESSAGING_API', '', 0, '', '', 'READY', '', 1, 0, 0, '', '')`, id, d.cafe.No)
		if err == nil {
			_, err = tx.Exec(`INSERT INTO audience_parts (audience_id, job_id, n, data) VALUES ($1, 0, 0, $2)`, id, data)
		}
		return err
	})
	return fmt.Sprintf(`{"type":"audience","audienceGroupId":%d}`, id)
}

func BenchmarkDrawn(b *testing.B) {
	all := roaring.New()
	all.AddRange(0, 1_000_000)
	for b.Loop() {
		drawn(all, 500_000)
	}
}
