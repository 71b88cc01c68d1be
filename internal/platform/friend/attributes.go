package friend

import (
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// AgeGroups is how many groups of ages there are: under 15, then five years
// each from 15, 20, ... 65, and 70 and above.
const AgeGroups = 13

// AgeGroup is the group of an age in years.
func AgeGroup(age int) int { return max(0, min(age/5-2, AgeGroups-1)) }

// PeriodDays are the borders between the periods of friendship, in days: the
// first period is shorter than 7 days, the last is 365 or longer.
var PeriodDays = [...]int{7, 30, 90, 180, 365}

// Attributes are the friends of a moment by what targeting knows of them, as
// sets of friend numbers. Whose attribute is not known stands in none of its
// sets. The sets are shared: callers do not change them. A value that nobody
// has is not in its map.
type Attributes struct {
	Friends               *roaring.Bitmap
	Gender, Area, AppType map[string]*roaring.Bitmap
	Age                   [AgeGroups]*roaring.Bitmap
	// Period is by length of friendship: PeriodDays[i-1] days or longer, shorter than PeriodDays[i].
	Period [len(PeriodDays) + 1]*roaring.Bitmap

	day int64
}

// Attributes are those of all friends now.
func (r *Room) Attributes(tx *store.Tx, ch *channel.Channel) (*Attributes, error) {
	p, err := r.population(tx, ch)
	if err != nil {
		return nil, err
	}
	day := dayOf(tx.Millis())
	r.populations.Lock()
	a := p.attributes
	r.populations.Unlock()
	if a != nil && a.day == day {
		return a, nil
	}
	a = newAttributes()
	a.Friends, a.day = p.friends, day
	for _, c := range p.own(ch) {
		a.join(c.sets())
		a.Period[periodGroup(c.since, day)].AddRange(uint64(c.firstFriend), uint64(c.firstFriend+c.size))
	}
	if gone := p.gone(ch); !gone.IsEmpty() {
		for _, set := range a.all() {
			set.AndNot(gone)
		}
	}
	if err := r.addRows(tx, ch, p, a); err != nil {
		return nil, err
	}
	r.populations.Lock()
	p.attributes = a
	r.populations.Unlock()
	return a, nil
}

// addRows adds those whom a row tells of: their period, and what is known of
// those who are not of the channel's own crowds.
func (r *Room) addRows(tx *store.Tx, ch *channel.Channel, p *population, a *Attributes) error {
	for _, f := range p.rows {
		if f.person >= crowdBase {
			if m := r.crowdMemberNo(f.person); m != nil && m.crowd.channel.No != ch.No {
				a.add(f.friend, m.Profile.Demographics)
			}
			for _, set := range a.Period { // who came back is a friend since then, not since the beginning
				set.Remove(f.friend)
			}
		}
		a.Period[periodGroup(f.since, a.day)].Add(f.friend)
	}
	return tx.Each(`SELECT f.friend_no, p.profile FROM friendships f JOIN people p ON p.no = f.person_no WHERE f.channel_no = $1 AND f.state = $2`,
		[]any{ch.No, int64(Friend)}, func(scan func(...any) error) error {
			var no int64
			var text string
			if err := scan(&no, &text); err != nil {
				return err
			}
			var profile Profile
			err := json.Unmarshal([]byte(text), &profile)
			a.add(uint32(no), profile.Demographics)
			return err
		})
}

func newAttributes() *Attributes {
	a := &Attributes{Gender: map[string]*roaring.Bitmap{}, Area: map[string]*roaring.Bitmap{}, AppType: map[string]*roaring.Bitmap{}}
	for i := range a.Age {
		a.Age[i] = roaring.New()
	}
	for i := range a.Period {
		a.Period[i] = roaring.New()
	}
	return a
}

// all are the sets of all values.
func (a *Attributes) all() []*roaring.Bitmap {
	list := slices.Concat(a.Age[:], a.Period[:])
	for _, of := range []map[string]*roaring.Bitmap{a.Gender, a.Area, a.AppType} {
		for _, set := range of {
			list = append(list, set)
		}
	}
	return list
}

// join adds what is known of a crowd.
func (a *Attributes) join(b *Attributes) {
	for value, set := range b.Gender {
		within(a.Gender, value).Or(set)
	}
	for value, set := range b.Area {
		within(a.Area, value).Or(set)
	}
	for value, set := range b.AppType {
		within(a.AppType, value).Or(set)
	}
	for i, set := range b.Age {
		a.Age[i].Or(set)
	}
}

func (a *Attributes) add(friend uint32, d Demographics) {
	if d.Gender != "" {
		within(a.Gender, d.Gender).Add(friend)
	}
	if d.Area != "" {
		within(a.Area, d.Area).Add(friend)
	}
	if d.AppType != "" {
		within(a.AppType, d.AppType).Add(friend)
	}
	if d.Age > 0 {
		a.Age[AgeGroup(d.Age)].Add(friend)
	}
}

func within(sets map[string]*roaring.Bitmap, value string) *roaring.Bitmap {
	set := sets[value]
	if set == nil {
		set = roaring.New()
		sets[value] = set
	}
	return set
}

// dayOf is the day in Japan, counted from 1970: friendships are as old as the
// days that have begun since.
func dayOf(millis int64) int64 {
	return (millis + 9*time.Hour.Milliseconds()) / (24 * time.Hour).Milliseconds()
}

// periodGroup is the place in Attributes.Period of who is a friend since that instant.
func periodGroup(since, day int64) int {
	days := int(day - dayOf(since))
	for i, border := range PeriodDays {
		if days < border {
			return i
		}
	}
	return len(PeriodDays)
}
