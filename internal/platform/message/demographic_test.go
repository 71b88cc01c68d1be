package message

import (
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/friend"
)

func parsed[T any](t testing.TB, text string) *T {
	t.Helper()
	v := new(T)
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// folk are friends 0 to 12 with one attribute each that differs: ages from 14
// in steps of five years, the rest as the sets say. 13 is known by nothing.
func folk() *friend.Attributes {
	a := &friend.Attributes{Friends: roaring.New(),
		Gender:  map[string]*roaring.Bitmap{"male": roaring.BitmapOf(0, 1, 2), "female": roaring.BitmapOf(3, 4)},
		Area:    map[string]*roaring.Bitmap{"jp_13": roaring.BitmapOf(0, 5), "th_01": roaring.BitmapOf(0, 1, 2, 13), "th_08": roaring.BitmapOf(1)},
		AppType: map[string]*roaring.Bitmap{"ios": roaring.BitmapOf(6), "android": roaring.BitmapOf(7, 8)}}
	a.Friends.AddRange(0, 14)
	for i := range a.Age {
		a.Age[i] = roaring.BitmapOf(uint32(i))
	}
	for i := range a.Period {
		a.Period[i] = roaring.BitmapOf(uint32(2*i), uint32(2*i+1))
	}
	return a
}

func TestDemographicAmong(t *testing.T) {
	const male, young = `{"type":"gender","oneOf":["male"]}`, `{"type":"age","lt":"age_20"}`
	for _, c := range []struct{ filter, want string }{
		{male, "{0,1,2}"},
		{`{"type":"gender","oneOf":["female","male"]}`, "{0,1,2,3,4}"},
		{`{"type":"appType","oneOf":["android"]}`, "{7,8}"},
		{`{"type":"area","oneOf":["jp_13","th_08"]}`, "{0,1,5}"},
		{`{"type":"area","oneOf":["jp_47"]}`, "{}"},
		{young, "{0,1}"},
		{`{"type":"age","lt":"age_15"}`, "{0}"},
		{`{"type":"age","gte":"age_15"}`, "{1,2,3,4,5,6,7,8,9,10,11,12}"},
		{`{"type":"age","gte":"age_20","lt":"age_35"}`, "{2,3,4}"},
		{`{"type":"age","gte":"age_65","lt":"age_70"}`, "{11}"},
		{`{"type":"age","gte":"age_70"}`, "{12}"},
		{`{"type":"subscriptionPeriod","lt":"day_7"}`, "{0,1}"},
		{`{"type":"subscriptionPeriod","gte":"day_7"}`, "{2,3,4,5,6,7,8,9,10,11}"},
		{`{"type":"subscriptionPeriod","gte":"day_30","lt":"day_180"}`, "{4,5,6,7}"},
		{`{"type":"subscriptionPeriod","gte":"day_365"}`, "{10,11}"},
		{`{"type":"operator","and":[` + male + `,` + young + `]}`, "{0,1}"},
		{`{"type":"operator","or":[` + male + `,{"type":"age","gte":"age_70"}]}`, "{0,1,2,12}"},
		{`{"type":"operator","not":` + male + `}`, "{3,4,5,6,7,8,9,10,11,12,13}"},
		{`{"type":"operator","and":[{"type":"operator","not":` + young + `},` + male + `]}`, "{2}"},
	} {
		d := parsed[demographic](t, c.filter)
		if bad := d.check(); bad != nil {
			t.Errorf("%s: %v", c.filter, bad)
			continue
		}
		a := folk()
		if got := d.among(a).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.filter, got, c.want)
		}
		if again := d.among(a).String(); again != c.want { // the sets of all are not touched
			t.Errorf("%s the second time: %s", c.filter, again)
		}
	}
}

// Friends in Thailand are left out up to an age of 19; who tells no age is not.
func TestMinors(t *testing.T) {
	if got := minors(folk()).String(); got != "{0,1}" {
		t.Error(got)
	}
}

// As many attributes as may be, however many operators hold them together.
func TestDemographicMost(t *testing.T) {
	const one = `{"type":"operator","not":{"type":"operator","or":[{"type":"gender","oneOf":["male"]}]}}`
	text := one
	for range 9 {
		text += "," + one
	}
	if bad := parsed[demographic](t, `{"type":"operator","and":[`+text+`]}`).check(); bad != nil {
		t.Error(bad)
	}
}
