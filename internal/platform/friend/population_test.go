package friend_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/google/go-cmp/cmp"

	"kaiwa/internal/kernel/clock"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
	"kaiwa/internal/testkit"
)

// town is a store with two accounts of a provider, each with a crowd, and some people.
type town struct {
	t        testing.TB
	db       *store.DB
	clock    *clock.Clock
	channels *channel.Room
	room     *friend.Room
	cafe     *channel.Channel
	shop     *channel.Channel
	people   []*friend.Person
}

// newTown builds it with that many people, and that many in each of three crowds: of
// the cafe, of the shop, and of the cafe again.
func newTown(t testing.TB, dsn string, people int, crowd int64) *town {
	w := &town{t: t, clock: &clock.Clock{}}
	w.clock.Set(time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC))
	w.db = testkit.Open(t, dsn, w.clock)
	w.channels, w.room = channel.Open(w.db), friend.Open(w.db)
	w.update(func(tx *store.Tx) (err error) {
		w.cafe, err = w.channels.Put(tx, channel.Channel{ID: "1656000001", Provider: "Demo", Type: channel.Messaging, Account: channel.Account{UserID: "Ub1"}})
		if err == nil {
			w.shop, err = w.channels.Put(tx, channel.Channel{ID: "1656000002", Provider: "Demo", Type: channel.Messaging, Account: channel.Account{UserID: "Ub2"}})
		}
		return err
	})
	d := []friend.Demographics{{Gender: "male", Age: 14, Area: "tw_01", AppType: "ios"}, {Gender: "female", Age: 70}, {AppType: "android", Age: 15}, {}}
	for i := range people {
		w.update(func(tx *store.Tx) error {
			p, err := w.room.Add(tx, friend.Person{UserID: fmt.Sprintf("U%032x", i+1), Provider: "Demo", Profile: friend.Profile{DisplayName: "P", Demographics: d[i%len(d)]}})
			if err != nil {
				return err
			}
			w.people = append(w.people, p)
			if i%2 == 0 { // some are friends before the crowd is, so that it does not begin at 0
				_, err = w.room.Set(tx, w.cafe, p, friend.Friend)
			}
			return err
		})
	}
	for seed, ch := range []*channel.Channel{w.cafe, w.shop, w.cafe} {
		w.update(func(tx *store.Tx) error { return w.room.AddCrowd(tx, ch, crowd, int64(seed)) })
	}
	if err := w.room.Load(context.Background(), w.channels); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		for i := range min(crowd, 300) {
			w.view(func(tx *store.Tx) error {
				p, err := w.room.ByNo(tx, 1<<40+int64(n+1)<<32+i)
				w.people = append(w.people, p)
				return err
			})
		}
	}
	return w
}

func (w *town) update(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) view(f func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.View(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) turn(p *friend.Person, to friend.State) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		_, err := w.room.Set(tx, w.cafe, p, to)
		return err
	})
}

// census is what the room says of the cafe's friends, as text a set.
func census(a *friend.Attributes) map[string]string {
	out := map[string]string{"friends": a.Friends.String()}
	for i, set := range a.Age {
		out[fmt.Sprint("age ", i)] = set.String()
	}
	for i, set := range a.Period {
		out[fmt.Sprint("period ", i)] = set.String()
	}
	for name, of := range map[string]map[string]*roaring.Bitmap{"gender": a.Gender, "area": a.Area, "appType": a.AppType} {
		for value, set := range of {
			if !set.IsEmpty() {
				out[name+" "+value] = set.String()
			}
		}
	}
	return out
}

// counted is the same, by asking for everybody one by one.
func (w *town) counted(tx *store.Tx) (map[string]string, map[int64]uint32, error) {
	sets, friends := map[string]*roaring.Bitmap{}, map[int64]uint32{}
	add := func(name string, no uint32) {
		if sets[name] == nil {
			sets[name] = roaring.New()
		}
		sets[name].Add(no)
	}
	today := tx.Now.Add(9*time.Hour).Unix() / 86400
	for _, p := range w.people {
		f, err := w.room.Friendship(tx, w.cafe, p)
		if err != nil {
			return nil, nil, err
		}
		if f.State != friend.Friend {
			continue
		}
		no, d := uint32(f.FriendNo), p.Profile.Demographics
		friends[p.No] = no
		add("friends", no)
		for name, value := range map[string]string{"gender": d.Gender, "area": d.Area, "appType": d.AppType} {
			if value != "" {
				add(name+" "+value, no)
			}
		}
		if d.Age > 0 {
			group := 0
			for border := 15; border <= 70 && d.Age >= border; border += 5 {
				group++
			}
			add(fmt.Sprint("age ", group), no)
		}
		period, days := 0, today-(f.Since/1000+9*3600)/86400
		for _, border := range []int64{7, 30, 90, 180, 365} {
			if days >= border {
				period++
			}
		}
		add(fmt.Sprint("period ", period), no)
	}
	out := map[string]string{}
	for name, set := range sets {
		out[name] = set.String()
	}
	for i := range friend.AgeGroups {
		fill(out, fmt.Sprint("age ", i))
	}
	for i := range len(friend.PeriodDays) + 1 {
		fill(out, fmt.Sprint("period ", i))
	}
	return out, friends, nil
}

func fill(m map[string]string, name string) {
	if _, ok := m[name]; !ok {
		m[name] = "{}"
	}
}

// The sets say what asking everybody says, whatever happened.
func TestPopulation(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		w := newTown(t, dsn, 12, 40)
		random := rand.New(rand.NewPCG(1, 2))
		for round := range 30 {
			switch round % 10 {
			case 3:
				w.clock.Set(w.clock.Now().Add(time.Duration(random.IntN(100*24)) * time.Hour))
			case 7: // a change that did not happen
				if err := w.db.Update(t.Context(), func(tx *store.Tx) error {
					if _, err := w.room.Set(tx, w.cafe, w.people[random.IntN(len(w.people))], friend.Blocked); err != nil {
						return err
					}
					_, err := w.room.Attributes(tx, w.cafe)
					return errors.Join(err, store.ErrConflict)
				}); !errors.Is(err, store.ErrConflict) {
					t.Fatal(err)
				}
			default:
				w.turn(w.people[random.IntN(len(w.people))], []friend.State{friend.Friend, friend.Blocked, friend.Blocked}[random.IntN(3)])
			}
			w.view(func(tx *store.Tx) error {
				want, friends, err1 := w.counted(tx)
				a, err2 := w.room.Attributes(tx, w.cafe)
				if err := errors.Join(err1, err2); err != nil {
					return err
				}
				if diff := cmp.Diff(want, census(a)); diff != "" {
					t.Fatalf("round %d: %s", round, diff)
				}
				again, err := w.room.Attributes(tx, w.cafe)
				if again != a {
					t.Errorf("round %d: the same state was counted twice", round)
				}
				people, numbers := roaring64.New(), roaring.New()
				for _, p := range w.people {
					if random.IntN(2) == 0 {
						people.Add(uint64(p.No))
						if no, is := friends[p.No]; is {
							numbers.Add(no)
						}
					}
				}
				got, err1 := w.room.FriendNumbers(tx, w.cafe, people)
				back, err2 := w.room.PeopleNumbers(tx, w.cafe, got)
				if err := errors.Join(err, err1, err2); err != nil {
					return err
				}
				if !got.Equals(numbers) {
					t.Errorf("round %d: friends %v, want %v", round, got, numbers)
				}
				if want := roaring64.And(people, of(friends)); !back.Equals(want) {
					t.Errorf("round %d: people %v, want %v", round, back, want)
				}
				return nil
			})
		}
	})
}

func of(friends map[int64]uint32) *roaring64.Bitmap {
	set := roaring64.New()
	for no := range friends {
		set.Add(uint64(no))
	}
	return set
}

// Numbers that nobody has, of people and of friends, are left out.
func TestPopulationLeavesStrangersOut(t *testing.T) {
	w := newTown(t, testkit.SQLite(t), 4, 10)
	w.view(func(tx *store.Tx) error {
		people := roaring64.BitmapOf(9999, 1<<40, 1<<40+1<<32+10, 1<<40+9<<32, 1<<40+2<<32)
		numbers, err1 := w.room.FriendNumbers(tx, w.cafe, people)
		back, err2 := w.room.PeopleNumbers(tx, w.cafe, roaring.BitmapOf(22, 1<<31))
		if !numbers.IsEmpty() || !back.IsEmpty() {
			t.Errorf("friends %v, people %v", numbers, back)
		}
		return errors.Join(err1, err2)
	})
}

// Many may work with the sets while friends come and go: what they were given
// stays as it is.
func TestPopulationAtOnce(t *testing.T) {
	w := newTown(t, testkit.SQLite(t), 8, 200)
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := range 40 {
				if n == 0 {
					w.turn(w.people[i%len(w.people)], []friend.State{friend.Blocked, friend.Friend}[i%2])
				}
				err := w.db.View(t.Context(), func(tx *store.Tx) error {
					a, err := w.room.Attributes(tx, w.cafe)
					if err != nil {
						return err
					}
					women, young := a.Gender["female"], roaring.FastOr(a.Age[0], a.Age[1], a.Age[2])
					rest := roaring.AndNot(a.Friends, roaring.Or(women, young))
					both := roaring.And(women, young)
					rest.Or(women)
					rest.Or(young)
					rest.AndNot(both)
					if got, want := rest.GetCardinality()+both.GetCardinality(), a.Friends.GetCardinality(); got != want {
						t.Errorf("the parts have %d friends, the whole %d", got, want)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// A reset begins with the same numbers again: nothing of before is remembered.
func TestPopulationAfterAReset(t *testing.T) {
	w := newTown(t, testkit.SQLite(t), 4, 10)
	count := func() (n uint64) {
		w.view(func(tx *store.Tx) error {
			set, err := w.room.Friends(tx, w.cafe)
			n = set.GetCardinality()
			return err
		})
		return n
	}
	if n := count(); n != 22 {
		t.Fatalf("%d friends, want 2 and two crowds of 10", n)
	}
	w.update(func(tx *store.Tx) error {
		for _, table := range []string{"people", "crowds", "friendships", "friendship_spans", "counters"} {
			if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return nil
	})
	if err := w.room.Load(t.Context(), w.channels); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Errorf("%d friends after a reset", n)
	}
}

// million is a town with a million friends of the cafe, a thousand of which have rows.
func million(b *testing.B) *town {
	w := newTown(b, testkit.SQLite(b), 0, 500_000)
	for _, p := range w.people[:300] {
		w.turn(p, friend.Blocked)
	}
	return w
}

func BenchmarkAttributesFirst(b *testing.B) {
	w := million(b)
	for b.Loop() {
		b.StopTimer()
		if err := w.room.Load(b.Context(), w.channels); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		w.view(func(tx *store.Tx) error {
			_, err := w.room.Attributes(tx, w.cafe)
			return err
		})
	}
}

func BenchmarkAttributesAfterAChange(b *testing.B) {
	w := million(b)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		w.turn(w.people[0], []friend.State{friend.Friend, friend.Blocked}[i%2])
		b.StartTimer()
		w.view(func(tx *store.Tx) error {
			_, err := w.room.Attributes(tx, w.cafe)
			return err
		})
	}
}

func BenchmarkFriendNumbers(b *testing.B) {
	w := million(b)
	w.view(func(tx *store.Tx) error {
		half := roaring.New()
		for i := uint32(0); i < 1_000_000; i += 2 {
			half.Add(i)
		}
		people, err := w.room.PeopleNumbers(tx, w.cafe, half)
		for b.Loop() && err == nil {
			var set *roaring.Bitmap
			if set, err = w.room.FriendNumbers(tx, w.cafe, people); set.GetCardinality() < 400_000 {
				b.Fatal(set.GetCardinality())
			}
		}
		return err
	})
}
