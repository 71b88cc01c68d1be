package message

import (
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/platform/friend"
)

// demographic selects friends by what is known of them: by one attribute, or by
// a combination.
// https://developers.line.biz/en/reference/messaging-api/#narrowcast-demographic-filter
type demographic struct {
	Type  string        `json:"type"`
	OneOf []string      `json:"oneOf,omitzero"`
	GTE   string        `json:"gte,omitzero"`
	LT    string        `json:"lt,omitzero"`
	And   []demographic `json:"and,omitzero"`
	Or    []demographic `json:"or,omitzero"`
	Not   *demographic  `json:"not,omitzero"`
}

// The values that the attributes have. A border stands at the place in
// friend.Attributes where what it is the lower end of begins, less one.
var (
	genders    = []string{"male", "female"}
	appTypes   = []string{"ios", "android"}
	ageBorders = borders("age_", 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70)
	dayBorders = borders("day_", friend.PeriodDays[:]...)
)

func borders(prefix string, of ...int) []string {
	var list []string
	for _, n := range of {
		list = append(list, fmt.Sprint(prefix, n))
	}
	return list
}

// check says what is wrong with the form of the filter.
func (d *demographic) check() []api.Detail {
	const path = "filter.demographic"
	count := 0
	list := d.wrong(path, &count)
	if count > conditionsMost {
		list = append(list, wrong(path, "Must not have more than %d attributes", conditionsMost)...)
	}
	return list
}

func (d *demographic) wrong(path string, count *int) []api.Detail {
	*count++
	switch d.Type {
	case "gender":
		return d.wrongChoice(path, genders)
	case "appType":
		return d.wrongChoice(path, appTypes)
	case "area":
		return d.wrongChoice(path, nil)
	case "age":
		return d.wrongRange(path, ageBorders)
	case "subscriptionPeriod":
		return d.wrongRange(path, dayBorders)
	}
	*count--
	switch d.Type {
	case "operator":
		return combined(path, d.And, d.Or, d.Not, func(d *demographic, path string) []api.Detail { return d.wrong(path, count) })
	case "":
		return missing(path+".type", "")
	}
	return wrong(path+".type", "Must be one of the following values: [age, appType, area, gender, operator, subscriptionPeriod]")
}

// wrongChoice checks oneOf against its values; nil stands for the areas, which are too many to be told.
func (d *demographic) wrongChoice(path string, values []string) []api.Detail {
	if len(d.OneOf) == 0 {
		return wrong(path+".oneOf", "May not be empty")
	}
	var list []api.Detail
	for i, value := range d.OneOf {
		at := fmt.Sprintf("%s.oneOf[%d]", path, i)
		if values == nil && !friend.AreaCode.MatchString(value) {
			list = append(list, wrong(at, "Must be a valid value")...)
		}
		if values != nil {
			list = append(list, wrongValue(at, value, values)...)
		}
	}
	return list
}

func (d *demographic) wrongRange(path string, values []string) []api.Detail {
	if d.GTE == "" && d.LT == "" {
		return wrong(path, "Must have gte, lt or both")
	}
	var list []api.Detail
	if d.GTE != "" {
		list = wrongValue(path+".gte", d.GTE, values)
	}
	if d.LT != "" {
		list = append(list, wrongValue(path+".lt", d.LT, values)...)
	}
	if list == nil && d.GTE != "" && d.LT != "" && slices.Index(values, d.GTE) >= slices.Index(values, d.LT) {
		return wrong(path+".gte", "Must be less than lt")
	}
	return list
}

func wrongValue(path, value string, values []string) []api.Detail {
	if slices.Contains(values, value) {
		return nil
	}
	return wrong(path, "Must be one of the following values: [%s]", strings.Join(values, ", "))
}

// among are the friends that the filter selects. Whose attribute is not known
// has none of its values, and so passes a not.
func (d *demographic) among(a *friend.Attributes) *roaring.Bitmap {
	switch d.Type {
	case "gender":
		return oneOf(a.Gender, d.OneOf)
	case "appType":
		return oneOf(a.AppType, d.OneOf)
	case "area":
		return oneOf(a.Area, d.OneOf)
	case "age":
		return d.between(a.Age[:], ageBorders)
	case "subscriptionPeriod":
		return d.between(a.Period[:], dayBorders)
	}
	set, _ := combine(a.Friends, d.And, d.Or, d.Not, func(d *demographic) (*roaring.Bitmap, error) { return d.among(a), nil })
	return set
}

func oneOf(sets map[string]*roaring.Bitmap, values []string) *roaring.Bitmap {
	var list []*roaring.Bitmap
	for _, value := range values {
		if set := sets[value]; set != nil {
			list = append(list, set)
		}
	}
	return roaring.FastOr(list...)
}

// between joins the groups from one border up to another.
func (d *demographic) between(groups []*roaring.Bitmap, values []string) *roaring.Bitmap {
	from, upto := 0, len(groups)
	if d.GTE != "" {
		from = slices.Index(values, d.GTE) + 1
	}
	if d.LT != "" {
		upto = slices.Index(values, d.LT) + 1
	}
	return roaring.FastOr(groups[from:upto]...)
}

// minors are the friends under 20 in Thailand, who get nothing that is aimed by attributes.
func minors(a *friend.Attributes) *roaring.Bitmap {
	thai := roaring.New()
	for area, set := range a.Area {
		if strings.HasPrefix(area, "th_") {
			thai.Or(set)
		}
	}
	return roaring.And(thai, roaring.Or(a.Age[0], a.Age[1]))
}
