package insight

import (
	"cmp"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

type demographicsAnswer struct {
	Available           bool         `json:"available"`
	Genders             []genderTile `json:"genders"`
	Ages                []ageTile    `json:"ages"`
	Areas               []areaTile   `json:"areas"`
	AppTypes            []appTile    `json:"appTypes"`
	SubscriptionPeriods []periodTile `json:"subscriptionPeriods"`
}

type (
	genderTile struct {
		Gender     string  `json:"gender"`
		Percentage float64 `json:"percentage"`
	}
	ageTile struct {
		Age        string  `json:"age"`
		Percentage float64 `json:"percentage"`
	}
	areaTile struct {
		Area       string  `json:"area"`
		Percentage float64 `json:"percentage"`
	}
	appTile struct {
		AppType    string  `json:"appType"`
		Percentage float64 `json:"percentage"`
	}
	periodTile struct {
		SubscriptionPeriod string  `json:"subscriptionPeriod"`
		Percentage         float64 `json:"percentage"`
	}
)

// demographics tells who the friends of the account are, in shares of them: for
// accounts of Japan, Thailand and Taiwan that reach 20 people.
// https://developers.line.biz/en/reference/messaging-api/#get-demographic
func (r *Room) demographics(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	a := demographicsAnswer{Genders: []genderTile{}, Ages: []ageTile{}, Areas: []areaTile{}, AppTypes: []appTile{}, SubscriptionPeriods: []periodTile{}}
	names := areaNames[ch.Account.Country]
	if names == nil {
		return a, nil
	}
	err := r.db.View(c, func(tx *store.Tx) error {
		of, err := r.friends.Attributes(tx, ch)
		if err == nil && of.Friends.GetCardinality() >= least {
			a = describe(of, ch.Account.Country)
		}
		return err
	})
	return a, err
}

func describe(of *friend.Attributes, country string) demographicsAnswer {
	total := of.Friends.GetCardinality()
	a := demographicsAnswer{Available: true}
	for _, s := range shares(total, named(of.Gender, "male", "female"), "unknown") {
		a.Genders = append(a.Genders, genderTile{s.name, s.percentage()})
	}
	for _, s := range shares(total, ages(of, country), "unknown") {
		a.Ages = append(a.Ages, ageTile{s.name, s.percentage()})
	}
	var areas []share
	for i, name := range areaNames[country] {
		areas = append(areas, share{name: name, people: count(of.Area[areaCode(country, i)])})
	}
	for _, s := range shares(total, areas, "unknown") {
		a.Areas = append(a.Areas, areaTile{s.name, s.percentage()})
	}
	for _, s := range shares(total, named(of.AppType, "ios", "android"), "others") {
		a.AppTypes = append(a.AppTypes, appTile{s.name, s.percentage()})
	}
	for _, s := range shares(total, periods(of), "") {
		a.SubscriptionPeriods = append(a.SubscriptionPeriods, periodTile{s.name, s.percentage()})
	}
	return a
}

// share is some of all friends.
type share struct {
	name          string
	people, total uint64
	// part says that its people are counted in another share as well.
	part bool
}

// percentage has one decimal.
func (s share) percentage() float64 {
	return math.Round(float64(s.people)*1000/float64(s.total)) / 10
}

// shares puts the largest first; rest names those who are in no other share, ""
// where there can be none.
func shares(total uint64, list []share, rest string) []share {
	left := total
	for i := range list {
		list[i].total = total
		if !list[i].part {
			left -= list[i].people
		}
	}
	if rest != "" {
		list = append(list, share{name: rest, people: left, total: total})
	}
	slices.SortStableFunc(list, func(a, b share) int { return cmp.Compare(b.people, a.people) })
	return list
}

func named(sets map[string]*roaring.Bitmap, names ...string) []share {
	var list []share
	for _, name := range names {
		list = append(list, share{name: name, people: count(sets[name])})
	}
	return list
}

func count(set *roaring.Bitmap) uint64 {
	if set == nil {
		return 0
	}
	return set.GetCardinality()
}

// ageNames are the names of friend.AgeGroups.
var ageNames = [friend.AgeGroups]string{"from0to14", "from15to19", "from20to24", "from25to29", "from30to34", "from35to39", "from40to44", "from45to49",
	"from50to54", "from55to59", "from60to64", "from65to69", "from70"}

// ages has those from 50 on as one group and as its parts. In Thailand those
// under 20 count as unknown.
func ages(of *friend.Attributes, country string) []share {
	var list []share
	fifty := share{name: "from50"}
	for i, name := range ageNames {
		from := friend.AgeGroup(50)
		if country == "TH" && i < friend.AgeGroup(20) {
			continue
		}
		s := share{name: name, people: count(of.Age[i]), part: i >= from}
		if s.part {
			fifty.people += s.people
		}
		list = append(list, s)
	}
	return append(list, fifty)
}

func periods(of *friend.Attributes) []share {
	var list []share
	for i, name := range []string{"within7days", "within30days", "within90days", "within180days", "within365days", "over365days"} {
		list = append(list, share{name: name, people: count(of.Period[i])})
	}
	return list
}
