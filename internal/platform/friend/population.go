package friend

import (
	"math/rand/v2"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// population is who the friends of a channel are at one version of its
// friendships. It is shared by all who ask and never changed.
type population struct {
	version int64
	crowds  *[]*crowd
	friends *roaring.Bitmap
	// rows are the friends that a row tells of: all but the crowd members who
	// never did anything.
	rows []row
	// attributes are those of one day, filled in when they are first asked for.
	attributes *Attributes
}

// row is a friend: person number, friend number, and since when.
type row struct {
	person int64
	friend uint32
	since  int64
}

// changes counts the changes of a channel's friendships, in steps that no two
// changes share: so a total names one state, also across a reset, which begins
// at 0 again, and across a transaction that is rolled back.
func changes(ch *channel.Channel) store.Counter {
	return store.Counter{Name: "friendship", Scope: ch.ID}
}

// step is by how much one change counts.
func step() int64 { return 1 + rand.Int64N(1<<32) } //nolint:gosec // nobody gains by guessing it

// Friends are the friend numbers of all friends now, those who blocked the
// account left out. The set is shared: callers do not change it.
func (r *Room) Friends(tx *store.Tx, ch *channel.Channel) (*roaring.Bitmap, error) {
	p, err := r.population(tx, ch)
	if err != nil {
		return nil, err
	}
	return p.friends, nil
}

// FriendNumbers are the friend numbers of those of these people (by person
// number) who are friends now.
func (r *Room) FriendNumbers(tx *store.Tx, ch *channel.Channel, people *roaring64.Bitmap) (*roaring.Bitmap, error) {
	p, err := r.population(tx, ch)
	if err != nil {
		return nil, err
	}
	set := roaring.New()
	for _, c := range p.own(ch) {
		members, err := c.among(people)
		if err != nil {
			return nil, err
		}
		set.Or(members)
	}
	set.And(p.friends)
	for _, f := range p.rows { // of own crowds too: they are in the set already
		if people.Contains(uint64(f.person)) {
			set.Add(f.friend)
		}
	}
	return set, nil
}

// PeopleNumbers are the person numbers of those of these friends (by friend
// number) who are friends now.
func (r *Room) PeopleNumbers(tx *store.Tx, ch *channel.Channel, friends *roaring.Bitmap) (*roaring64.Bitmap, error) {
	p, err := r.population(tx, ch)
	if err != nil {
		return nil, err
	}
	now := roaring.And(friends, p.friends)
	people := roaring64.New()
	for _, c := range p.own(ch) {
		members, err := c.people(now)
		if err != nil {
			return nil, err
		}
		people.Or(members)
	}
	for _, f := range p.rows {
		if now.Contains(f.friend) {
			people.Add(uint64(f.person))
		}
	}
	return people, nil
}

// own are the crowds of the channel.
func (p *population) own(ch *channel.Channel) []*crowd {
	if p.crowds == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(*p.crowds), func(c *crowd) bool { return c.channel.No != ch.No })
}

// gone are the members of the channel's crowds who are its friends no more.
func (p *population) gone(ch *channel.Channel) *roaring.Bitmap {
	set := roaring.New()
	for _, c := range p.own(ch) {
		set.AddRange(uint64(c.firstFriend), uint64(c.firstFriend+c.size))
	}
	set.AndNot(p.friends)
	return set
}

// population is the channel's at the transaction's moment, from memory when
// nothing has changed.
func (r *Room) population(tx *store.Tx, ch *channel.Channel) (*population, error) {
	crowds := r.crowds.Load()
	version, err := tx.Total(changes(ch))
	if err != nil {
		return nil, err
	}
	r.populations.Lock()
	p := r.populations.of[ch.No]
	r.populations.Unlock()
	if p != nil && p.version == version && p.crowds == crowds {
		return p, nil
	}
	p = &population{version: version, crowds: crowds, friends: roaring.New()}
	for _, c := range p.own(ch) {
		p.friends.AddRange(uint64(c.firstFriend), uint64(c.firstFriend+c.size))
	}
	err = tx.Each(`SELECT person_no, friend_no, state, since FROM friendships WHERE channel_no = $1`, []any{ch.No}, func(scan func(...any) error) error {
		var f row
		var no int64
		var state State
		if err := scan(&f.person, &no, &state, &f.since); err != nil {
			return err
		}
		f.friend = uint32(no)
		if state != Friend {
			p.friends.Remove(f.friend)
			return nil
		}
		p.friends.Add(f.friend)
		p.rows = append(p.rows, f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.friends.RunOptimize()
	r.keep(ch, p)
	return p, nil
}

func (r *Room) forgetPopulations() {
	r.populations.Lock()
	defer r.populations.Unlock()
	r.populations.of = nil
}

func (r *Room) keep(ch *channel.Channel, p *population) {
	r.populations.Lock()
	defer r.populations.Unlock()
	if r.populations.of == nil {
		r.populations.of = map[int64]*population{}
	}
	r.populations.of[ch.No] = p
}
