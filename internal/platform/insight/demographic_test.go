package insight_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// peopled is a world whose one account, of that country, has so many friends:
// the n-th is of the n-th demographics, and again from the first.
func peopled(country string, n int, demographics ...string) string {
	var b strings.Builder
	b.WriteString(`
clock: 2026-01-15T09:00:00+09:00
channels:
  - {id: "1656000001", name: Cafe, accessToken: cafe-token, account: {country: ` + country + `}}
people:
`)
	for i := range n {
		fmt.Fprintf(&b, "  - {userId: U%032x, displayName: P, friendOf: [\"1656000001\"], demographics: {%s}}\n", i+1, demographics[i%len(demographics)])
	}
	return b.String()
}

const (
	unavailable = `{"available":false,"genders":[],"ages":[],"areas":[],"appTypes":[],"subscriptionPeriods":[]}`
	young       = `gender: female, age: 14, area: %s_01, appType: ios`
	nineteen    = `gender: female, age: 19, area: %s_02, appType: android`
	fifty       = `gender: male, age: 50, area: %s_01, appType: ios`
	old         = `gender: female, age: 99, area: %s_08, appType: ios`
	abroad      = `gender: male, age: 30, area: id_01`
	unknown     = ``
)

// of is demographics in a country.
func of(prefix string, list ...string) []string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = strings.ReplaceAll(d, "%s", prefix)
	}
	return out
}

func TestDemographics(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, peopled("JP", 24, of("jp", young, young, nineteen, fifty, old, abroad, unknown, unknown)...))
		// Of 24 people three are a share of 12.5.
		answer := `{"available":true,` +
			`"genders":[{"gender":"female","percentage":50},{"gender":"male","percentage":25},{"gender":"unknown","percentage":25}],` +
			`"ages":[{"age":"from0to14","percentage":25},{"age":"from50","percentage":25},{"age":"unknown","percentage":25},` +
			`{"age":"from15to19","percentage":12.5},{"age":"from30to34","percentage":12.5},{"age":"from50to54","percentage":12.5},{"age":"from70","percentage":12.5},` +
			`{"age":"from20to24","percentage":0},{"age":"from25to29","percentage":0},{"age":"from35to39","percentage":0},{"age":"from40to44","percentage":0},` +
			`{"age":"from45to49","percentage":0},{"age":"from55to59","percentage":0},{"age":"from60to64","percentage":0},{"age":"from65to69","percentage":0}],` +
			`"areas":[{"area":"北海道","percentage":37.5},{"area":"unknown","percentage":37.5},{"area":"青森","percentage":12.5},{"area":"茨城","percentage":12.5},AREAS],` +
			`"appTypes":[{"appType":"ios","percentage":50},{"appType":"others","percentage":37.5},{"appType":"android","percentage":12.5}],` +
			`"subscriptionPeriods":[{"subscriptionPeriod":"within7days","percentage":100},{"subscriptionPeriod":"within30days","percentage":0},` +
			`{"subscriptionPeriod":"within90days","percentage":0},{"subscriptionPeriod":"within180days","percentage":0},` +
			`{"subscriptionPeriod":"within365days","percentage":0},{"subscriptionPeriod":"over365days","percentage":0}]}`
		got := s.As(stage.Cafe, "GET", "/v2/bot/insight/demographic", "").Body
		zero := regexp.MustCompile(`\{"area":"[^"]+","percentage":0\}`)
		if n := len(zero.FindAllString(got, -1)); n != 44 {
			t.Errorf("%d prefectures are left, want 44 of 47", n)
		}
		if got := zero.ReplaceAllString(got, "ZERO"); got != strings.Replace(answer, "AREAS", strings.Repeat("ZERO,", 43)+"ZERO", 1) {
			t.Error(got)
		}
		for _, c := range []struct{ after, period string }{{"143h", "within7days"}, {"24h", "within30days"}, {"552h", "within90days"},
			{"1440h", "within180days"}, {"2160h", "within365days"}, {"4440h", "over365days"}} {
			s.Advance(c.after)
			got := s.As(stage.Cafe, "GET", "/v2/bot/insight/demographic", "").Body
			if !strings.Contains(got, `"subscriptionPeriods":[{"subscriptionPeriod":"`+c.period+`","percentage":100}`) {
				t.Errorf("%s later: %s", c.after, got[strings.Index(got, `"subscriptionPeriods"`):])
			}
		}
	})
}

func TestDemographicsByCountry(t *testing.T) {
	for _, c := range []struct {
		name, country string
		people        int
		demographics  []string
		want          []string // parts of the answer; none where there is nothing to tell
	}{
		{"19 people", "JP", 19, of("jp", young), nil},
		{"20 people", "JP", 20, of("jp", young), []string{`"areas":[{"area":"北海道","percentage":100}`}},
		{"a third", "JP", 30, of("jp", young, fifty, unknown), []string{`"genders":[{"gender":"male","percentage":33.3},{"gender":"female","percentage":33.3},{"gender":"unknown","percentage":33.3}]`}},
		{"Taiwan", "TW", 20, of("tw", nineteen), []string{`"areas":[{"area":"新北市","percentage":100},{"area":"台北市","percentage":0}`, `{"age":"from15to19","percentage":100}`}},
		{"Thailand", "TH", 20, of("th", nineteen, young, old, old), []string{
			`"areas":[{"area":"Western","percentage":50},{"area":"Bangkok","percentage":25},{"area":"Pattaya","percentage":25},` +
				`{"area":"Northern","percentage":0},{"area":"Central","percentage":0},{"area":"Southern","percentage":0},{"area":"Eastern","percentage":0},` +
				`{"area":"NorthEastern","percentage":0},{"area":"unknown","percentage":0}]`,
			// None is told to be under 20.
			`"ages":[{"age":"from70","percentage":50},{"age":"from50","percentage":50},{"age":"unknown","percentage":50},{"age":"from20to24","percentage":0}`}},
		{"Indonesia", "ID", 20, of("id", young), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stage.Start(t, "", peopled(c.country, c.people, c.demographics...))
			got := s.As(stage.Cafe, "GET", "/v2/bot/insight/demographic", "").Body
			if c.want == nil && got != unavailable {
				t.Error(got)
			}
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("no %s in\n%s", part, got)
				}
			}
		})
	}
}

// Who blocks the account is no friend to be described.
func TestDemographicsOfACrowd(t *testing.T) {
	eachCrowded(t, func(t *testing.T, s *stage.Stage) {
		for _, who := range members(s, 82) {
			s.Sim("POST", "/people/"+who+"/unfollow", cafe)
		}
		if got := s.As(stage.Cafe, "GET", "/v2/bot/insight/demographic", "").Body; !strings.HasPrefix(got, `{"available":true,`) {
			t.Errorf("20 are left: %s", got)
		}
		s.Sim("POST", "/people/"+stage.Ben+"/unfollow", cafe)
		if got := s.As(stage.Cafe, "GET", "/v2/bot/insight/demographic", "").Body; got != unavailable {
			t.Errorf("19 are left: %s", got)
		}
	})
}
