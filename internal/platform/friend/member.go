package friend

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

var (
	areas    = [...]string{"jp_13", "jp_27", "jp_23", "jp_14", "jp_11", "jp_40", "jp_01", "jp_28", "jp_12", "jp_22"}
	appTypes = [...]string{"ios", "android"}
	genders  = [...]string{"female", "male"}
	names    = [...]string{"Haru", "Sora", "Yui", "Ren", "Mei", "Riku", "Hina", "Kai", "Rin", "Nagi", "Sho", "Emi", "Jun", "Mio", "Taro", "Nao"}
)

// traits are what a member of a crowd is like, as places in the lists above.
type traits struct{ name, gender, age, area, appType uint8 }

// traits are made up from seed and index alone: the same in every run. They are
// mixed by a few multiplications, since a narrowcast looks at all members at once.
func (c *crowd) traits(index int64) traits {
	x := uint64(c.seed)*0xd1342543de82ef95 + uint64(index)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return traits{name: uint8(x % 16), gender: uint8(x >> 8 & 1), age: uint8(15 + x>>16&0xffff%60), area: uint8(x >> 32 & 0xffff % 10), appType: uint8(x >> 48 & 1)}
}

// member is the person at a place of the crowd: always the same one.
func (c *crowd) member(index int64) *Person {
	t := c.traits(index)
	return &Person{No: c.firstPerson() + index, UserID: c.userID(index), Provider: c.channel.Provider, crowd: c, index: index,
		Profile: Profile{DisplayName: names[t.name] + " " + strconv.FormatInt(index+1, 10), Language: "ja", Demographics: Demographics{
			Gender: genders[t.gender], Age: int(t.age), Area: areas[t.area], AppType: appTypes[t.appType]}}}
}

func (c *crowd) firstPerson() int64 { return crowdBase + c.no<<32 }

// dense is a set of a crowd's members, a bit each, on its way to become a bitmap.
type dense []uint64

func (d dense) add(i int64) { d[i>>6] |= 1 << (i & 63) }

// sets are the members by attribute, as friend numbers. Their traits never
// change, so that it is worth keeping them: some 3.5 MB a million.
func (c *crowd) sets() *Attributes {
	c.once.Do(func() { c.known = c.sort() })
	return c.known
}

func (c *crowd) sort() *Attributes {
	// Bitmaps are cut into pieces of 65,536 numbers: what begins at such a border
	// can be moved to another without touching the pieces.
	base := c.firstFriend &^ 0xffff
	first := c.firstFriend - base
	next := func() dense { return make(dense, (first+c.size+63)/64) }
	var gender [len(genders)]dense
	var area [len(areas)]dense
	var appType [len(appTypes)]dense
	var age [AgeGroups]dense
	for _, list := range [][]dense{gender[:], area[:], appType[:], age[:]} {
		for i := range list {
			list[i] = next()
		}
	}
	for i := range c.size {
		t := c.traits(i)
		at := first + i
		gender[t.gender].add(at)
		area[t.area].add(at)
		appType[t.appType].add(at)
		age[AgeGroup(int(t.age))].add(at)
	}
	a := newAttributes()
	for i, d := range gender {
		a.Gender[genders[i]] = d.bitmap(base)
	}
	for i, d := range area {
		a.Area[areas[i]] = d.bitmap(base)
	}
	for i, d := range appType {
		a.AppType[appTypes[i]] = d.bitmap(base)
	}
	for i, d := range age {
		a.Age[i] = d.bitmap(base)
	}
	return a
}

func (d dense) bitmap(base int64) *roaring.Bitmap {
	set := roaring.FromDense(d, false)
	if base > 0 {
		set = roaring.AddOffset64(set, base)
	}
	// Sets that are made of this one share its pieces until they change them. The
	// first clone marks them all, so that later ones, which may happen at the same
	// time, only read.
	set.SetCopyOnWrite(true)
	set.Clone()
	return set
}

// A set of 64-bit numbers is written as the number of its parts, and each part
// as the upper half of its numbers and the set of their lower halves
// (github.com/RoaringBitmap/RoaringFormatSpec). A crowd's members are one such
// part: it is taken from there and put there as a whole, not number by number.

// among are the members of the crowd who are among these people, as friend numbers.
func (c *crowd) among(people *roaring64.Bitmap) (*roaring.Bitmap, error) {
	text, err := people.ToBytes()
	if err != nil {
		return nil, err
	}
	in := bytes.NewReader(text)
	var parts uint64
	if err := binary.Read(in, binary.LittleEndian, &parts); err != nil {
		return nil, err
	}
	for range parts {
		var upper uint32
		part := roaring.New()
		if err := binary.Read(in, binary.LittleEndian, &upper); err != nil {
			return nil, err
		}
		if _, err := part.ReadFrom(in); err != nil {
			return nil, err
		}
		if int64(upper) == c.firstPerson()>>32 {
			part.RemoveRange(uint64(c.size), 1<<32)
			return roaring.AddOffset64(part, c.firstFriend), nil
		}
	}
	return roaring.New(), nil
}

// people are the person numbers of those of these friends who are of the crowd.
func (c *crowd) people(friends *roaring.Bitmap) (*roaring64.Bitmap, error) {
	of := roaring.New()
	of.AddRange(uint64(c.firstFriend), uint64(c.firstFriend+c.size))
	of.And(friends)
	if of.IsEmpty() { // no part at all
		return roaring64.New(), nil
	}
	out := &bytes.Buffer{}
	head := binary.LittleEndian.AppendUint64(nil, 1)
	out.Write(binary.LittleEndian.AppendUint32(head, uint32(c.firstPerson()>>32)))
	if _, err := roaring.AddOffset64(of, -c.firstFriend).WriteTo(out); err != nil {
		return nil, err
	}
	people := roaring64.New()
	return people, people.UnmarshalBinary(out.Bytes())
}
