package message_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// bad is the refusal of properties of a body: path, words, path, words.
func bad(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fmt.Sprintf(`{"message":%q,"property":%q}`, pairs[i+1], pairs[i]))
	}
	return fmt.Sprintf(`{"message":"The request body has %d error(s)","details":[%s]}`, len(list), strings.Join(list, ","))
}

// What is wrong with a body is told before anything else is looked at.
func TestNarrowcastBody(t *testing.T) {
	const (
		types      = "Must be one of the following values: [audience, operator, redelivery]"
		attributes = "Must be one of the following values: [age, appType, area, gender, operator, subscriptionPeriod]"
		ages       = "Must be one of the following values: [age_15, age_20, age_25, age_30, age_35, age_40, age_45, age_50, age_55, age_60, age_65, age_70]"
		days       = "Must be one of the following values: [day_7, day_30, day_90, day_180, day_365]"
		exactlyOne = "Must have exactly one of and, or, not"
		anAudience = `{"type":"audience","audienceGroupId":1}`
		gender     = `{"type":"gender","oneOf":["male"]}`
	)
	eleven := func(one string) string { return strings.TrimSuffix(strings.Repeat(one+",", 11), ",") }
	recipient := func(x string) string { return `{` + hi + `,"recipient":` + x + `}` }
	filter := func(x string) string { return `{` + hi + `,"filter":{"demographic":` + x + `}}` }
	limit := func(x string) string { return `{` + hi + `,"limit":` + x + `}` }
	s := stage.Start(t, "", "")
	for _, c := range []struct{ name, body, want string }{
		{"no messages", `{}`, bad("messages", "Size must be between 1 and 5")},
		{"no text", `{` + noText + `}`, empty},
		{"recipient without a type", recipient(`{}`), bad("recipient.type", "May not be empty")},
		{"recipient of another type", recipient(`{"type":"everybody"}`), bad("recipient.type", types)},
		{"audience without an id", recipient(`{"type":"audience"}`), bad("recipient.audienceGroupId", "May not be empty")},
		{"redelivery without an id", recipient(`{"type":"redelivery","requestId":""}`), bad("recipient.requestId", "May not be empty")},
		{"operator without operands", recipient(`{"type":"operator"}`), bad("recipient", exactlyOne)},
		{"operator of two kinds", recipient(`{"type":"operator","and":[` + anAudience + `],"not":` + anAudience + `}`), bad("recipient", exactlyOne)},
		{"and of nothing", recipient(`{"type":"operator","and":[]}`), bad("recipient.and", "May not be empty")},
		{"or of nothing", recipient(`{"type":"operator","or":[]}`), bad("recipient.or", "May not be empty")},
		{"and of null", recipient(`{"type":"operator","and":[null]}`), bad("recipient.and[0].type", "May not be empty")},
		{"deep inside, twice", recipient(`{"type":"operator","or":[` + anAudience + `,{"type":"operator","not":{"type":"x"}},{"type":"audience"}]}`),
			bad("recipient.or[1].not.type", types, "recipient.or[2].audienceGroupId", "May not be empty")},
		{"not of a list", recipient(`{"type":"operator","not":[` + anAudience + `]}`), `{"message":"The property, 'recipient.not', in the request body is invalid (line: 1, column: *)"}`},
		{"an id that is no number", recipient(`{"type":"audience","audienceGroupId":"a"}`), `{"message":"The property, 'recipient.audienceGroupId', in the request body is invalid (line: 1, column: *)"}`},
		{"eleven audiences", recipient(`{"type":"operator","or":[` + eleven(anAudience) + `]}`),
			bad("recipient", "Must not have more than 10 audiences and redeliveries")},
		{"filter without a type", filter(`{}`), bad("filter.demographic.type", "May not be empty")},
		{"no gender", filter(`{"type":"gender"}`), bad("filter.demographic.oneOf", "May not be empty")},
		{"another gender", filter(`{"type":"gender","oneOf":["male","unknown"]}`),
			bad("filter.demographic.oneOf[1]", "Must be one of the following values: [male, female]")},
		{"another system", filter(`{"type":"appType","oneOf":["others"]}`), bad("filter.demographic.oneOf[0]", "Must be one of the following values: [ios, android]")},
		{"areas beyond the ends", filter(`{"type":"area","oneOf":["jp_00","jp_01","jp_47","jp_48","tw_22","tw_23","th_08","th_09","id_12","id_13","us_01"]}`),
			bad("filter.demographic.oneOf[0]", "Must be a valid value", "filter.demographic.oneOf[3]", "Must be a valid value", "filter.demographic.oneOf[5]", "Must be a valid value",
				"filter.demographic.oneOf[7]", "Must be a valid value", "filter.demographic.oneOf[9]", "Must be a valid value", "filter.demographic.oneOf[10]", "Must be a valid value")},
		{"no border of age", filter(`{"type":"age"}`), bad("filter.demographic", "Must have gte, lt or both")},
		{"another age", filter(`{"type":"age","gte":"age_16","lt":"day_7"}`), bad("filter.demographic.gte", ages, "filter.demographic.lt", ages)},
		{"ages the wrong way round", filter(`{"type":"age","gte":"age_30","lt":"age_30"}`), bad("filter.demographic.gte", "Must be less than lt")},
		{"another period", filter(`{"type":"subscriptionPeriod","lt":"day_1"}`), bad("filter.demographic.lt", days)},
		{"periods the wrong way round", filter(`{"type":"subscriptionPeriod","gte":"day_365","lt":"day_7"}`), bad("filter.demographic.gte", "Must be less than lt")},
		{"filter of nothing", filter(`{"type":"operator","and":[]}`), bad("filter.demographic.and", "May not be empty")},
		{"filter of two kinds", filter(`{"type":"operator","or":[` + gender + `],"not":` + gender + `}`), bad("filter.demographic", exactlyOne)},
		{"eleven attributes", filter(`{"type":"operator","and":[` + eleven(gender) + `]}`), bad("filter.demographic", "Must not have more than 10 attributes")},
		{"max of 0", limit(`{"max":0}`), bad("limit.max", "Must be greater than or equal to 1")},
		{"max beyond 32 bits", limit(`{"max":2147483648}`), `{"message":"The property, 'limit.max', in the request body is invalid (line: 1, column: *)"}`},
		{"forbidden without up to", limit(`{"forbidPartialDelivery":true}`), `{"message":"The option forbidPartialDelivery must be used with upToRemainingQuota."}`},
		{"all that is wrong together", `{"messages":[],"recipient":{},"limit":{"max":-1}}`,
			bad("recipient.type", "May not be empty", "limit.max", "Must be greater than or equal to 1", "messages", "Size must be between 1 and 5")},
		{"an unknown audience", recipient(anAudience), `{"message":"Invalid audience group id: 1"}`},
		{"an unknown audience inside", recipient(`{"type":"operator","not":{"type":"operator","and":[{"type":"audience","audienceGroupId":-7}]}}`), `{"message":"Invalid audience group id: -7"}`},
		{"a request id that is none", recipient(`{"type":"redelivery","requestId":"a\u0000b"}`), `{"message":"Invalid request id: a\u0000b"}`},
		{"an unknown request", recipient(`{"type":"redelivery","requestId":"5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}`),
			`{"message":"Invalid request id: 5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}`},
	} {
		s.Play(t, []stage.Step{{Name: c.name, Call: narrowcast, As: stage.Cafe, Body: c.body, Status: 400, Want: c.want}})
	}
}

// audience uploads citizens, from the first of a range to before its end, and gives the audience's id.
func audience(s *stage.Stage, account string, from, upto int) string {
	s.T.Helper()
	var ids []string
	for i := from; i < upto; i++ {
		ids = append(ids, `{"id":"`+citizen(i)+`"}`)
	}
	a := call(s, account, "POST /v2/bot/audienceGroup/upload", `{"description":"Some","audiences":[`+strings.Join(ids, ",")+`]}`)
	var made struct {
		ID int64 `json:"audienceGroupId"`
	}
	if err := json.Unmarshal([]byte(a.Body), &made); err != nil || a.Status != 202 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Advance("10m")
	return fmt.Sprintf(`{"type":"audience","audienceGroupId":%d}`, made.ID)
}

const (
	hall  = "1657000001" // of the town's accounts: 100 friends
	annex = "1657000002" // 99 friends
)

// sharedTown has audiences of another company, shared with the hall: 49 and 50
// of its friends.
func sharedTown() string {
	var people [2][]string
	for i := range 50 {
		people[1] = append(people[1], citizen(i))
	}
	people[0] = people[1][:49]
	return town(map[string]int{hall: -1, annex: -1}) + fmt.Sprintf(`sharedAudiences:
  - {audienceGroupId: 1000000000049, channels: [%q], people: [%s]}
  - {audienceGroupId: 1000000000050, channels: [%[1]q], people: [%[3]s]}
`, hall, strings.Join(people[0], ", "), strings.Join(people[1], ", "))
}

func operator(kind string, of ...string) string {
	if kind == "not" {
		return `{"type":"operator","not":` + of[0] + `}`
	}
	return `{"type":"operator","` + kind + `":[` + strings.Join(of, ",") + `]}`
}

// Whom recipients and filters select, and when they are too few.
func TestNarrowcastRecipients(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, sharedTown())
		s.Sim("POST", "/people/"+citizen(99)+"/unfollow", `{"channelId":"`+annex+`"}`)
		a, b, beyond := audience(s, hall, 0, 30), audience(s, hall, 20, 60), audience(s, hall, 90, 100)
		s.Sim("POST", "/people/"+citizen(95)+"/unfollow", `{"channelId":"`+hall+`"}`) // 99 friends
		s.Sim("POST", "/people/"+citizen(95)+"/follow", `{"channelId":"`+hall+`"}`)
		const small, large = `{"type":"audience","audienceGroupId":1000000000049}`, `{"type":"audience","audienceGroupId":1000000000050}`
		rows := []struct{ name, recipient, filter, want string }{
			{"all friends", ``, ``, "succeeded 100/0/100"},
			{"null is everybody", `null`, `null`, "succeeded 100/0/100"},
			{"uploaded people, however few", a, ``, "succeeded 30/0/30"},
			{"and", operator("and", a, b), ``, "succeeded 10/0/10"},
			{"or", operator("or", a, b), ``, "succeeded 60/0/60"},
			{"or of one", operator("or", a), ``, "succeeded 30/0/30"},
			{"not", operator("not", b), ``, "succeeded 60/0/60"},
			{"and not", operator("and", a, operator("not", b)), ``, "succeeded 20/0/20"},
			{"not not", operator("not", operator("not", a)), ``, "succeeded 30/0/30"},
			{"nobody", operator("and", a, beyond), ``, "succeeded 0/0/0"},
			{"by gender", ``, `{"type":"gender","oneOf":["male"]}`, "succeeded 80/0/80"},
			{"by both genders", ``, `{"type":"gender","oneOf":["male","female"]}`, "succeeded 100/0/100"},
			{"too few women", ``, `{"type":"gender","oneOf":["female"]}`, "failed 2"},
			{"by age; a year of 0 is not known", ``, `{"type":"age","lt":"age_70"}`, "succeeded 69/0/69"},
			{"one too few by age", ``, `{"type":"age","lt":"age_50"}`, "failed 2"},
			{"just enough by age", ``, operator("or", `{"type":"age","lt":"age_50"}`, `{"type":"age","gte":"age_70"}`), "succeeded 79/0/79"},
			{"an uploaded audience by an attribute", b, `{"type":"gender","oneOf":["male"]}`, "failed 2"},
			{"an audience of others", large, ``, "succeeded 50/0/50"},
			{"one of too few", small, ``, "failed 2"},
			{"less than 50 of it in the end", operator("and", large, b), ``, "failed 2"},
			{"one of too few among others", operator("or", large, small), ``, "failed 4"},
			{"one of too few beside an uploaded one", operator("or", a, b, small), ``, "failed 4"},
			{"even where it is left out", operator("and", operator("or", a, b), operator("not", small)), ``, "failed 4"},
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			more := `"notificationDisabled":true`
			if row.recipient != "" {
				more += `,"recipient":` + row.recipient
			}
			if row.filter != "" {
				more += `,"filter":{"demographic":` + row.filter + `}`
			}
			ids[i] = order(s, hall, more)
		}
		s.Advance("10m")
		for i, row := range rows {
			if got := outcome(s, hall, ids[i]); got != row.want {
				t.Errorf("%s: %s, want %s", row.name, got, row.want)
			}
		}
		for _, c := range []struct {
			name, account, body string
			status              int
			want                string
		}{
			{"attributes with 99 friends", annex, `{` + hi + `,` + men + `}`, 403, `{"message":"Your account does not have enough friends"}`},
			{"none with 99 friends", annex, `{` + hi + `,"filter":{}}`, 202, `{}`},
			{"an audience of another account", annex, `{` + hi + `,"recipient":` + a + `}`, 400, `{"message":"Invalid audience group id: *"}`},
			{"one that is not shared with it", annex, `{` + hi + `,"recipient":` + large + `}`, 400, `{"message":"Invalid audience group id: 1000000000050"}`},
		} {
			if got := call(s, c.account, narrowcast, c.body); got.Status != c.status || !stage.Like(c.want, got.Body) {
				t.Errorf("%s: %d %s", c.name, got.Status, got.Body)
			}
		}
	})
}
