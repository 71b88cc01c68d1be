package membership_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/membership"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// world is the usual one, in which the Cafe offers plans and the Shop one.
var world = strings.NewReplacer(
	`beacons: [{hwid: "0123456789"}]}`, `beacons: [{hwid: "0123456789"}],
         memberships: [
           {membershipId: 3189, title: Basic Plan, description: Every Saturday., benefits: [Messages, Photos], price: 500, currency: JPY, memberLimit: 2},
           {membershipId: 3213, title: Premium Plan, description: A party., benefits: [Party], price: 1500.50, isInAppPurchase: false},
           {membershipId: 3214, title: Old Plan, isPublished: false}]}`,
	`displayName: Shop}}`, `displayName: Shop, country: TW}, memberships: [{membershipId: 4000}]}`).Replace(stage.World)

func each(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, world)) })
}

const (
	basic = `"membership":{"membershipId":3189,"title":"Basic Plan","description":"Every Saturday.","benefits":["Messages","Photos"],"price":500.00,"currency":"JPY"}`
	party = `"membership":{"membershipId":3213,"title":"Premium Plan","description":"A party.","benefits":["Party"],"price":1500.50,"currency":"JPY"}`

	notFound   = `{"message":"Not found"}`
	noPlan     = `{"message":"Membership plan not found"}`
	noID       = `{"message":"Membership ID is not found"}`
	badUser    = `{"message":"The value for the 'userId' parameter is invalid"}`
	badLimit   = `{"message":"The value for the 'limit' parameter is invalid"}`
	badStart   = `{"message":"Invalid start param"}`
	told       = `{"webhookEventIds":["*"]}`
	toldTwice  = `{"webhookEventIds":["*","*"]}`
	firstMonth = `"joinedTime":176843*,"nextBillingDate":"2026-02-15","totalSubscriptionMonths":1`
)

func of(userID string) string { return "GET /v2/bot/membership/subscription/" + userID }

func subscribed(plan, user string) string {
	return `{"subscriptions":[{` + plan + `,"user":{` + user + `}}]}`
}

// change is what a person does with a plan; the effect is looked at elsewhere.
func change(s *stage.Stage, who string, id int, kind string) string {
	s.T.Helper()
	return s.Sim("POST", "/people/"+who+"/events", fmt.Sprintf(`{"type":"membership","membershipId":%d,"membershipType":%q}`, id, kind))
}

func refused(name, who string, body string, status int, why string) stage.Step {
	return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/events", Body: `{"type":"membership",` + body + `}`, Status: status, Want: `{"message":"` + why + `"}`}
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		plans := func(members int) string {
			return fmt.Sprintf(`{"memberships":[{"membershipId":3189,"title":"Basic Plan","description":"Every Saturday.","benefits":["Messages","Photos"],"price":500.00,"currency":"JPY",`+
				`"memberCount":%d,"memberLimit":2,"isInAppPurchase":true,"isPublished":true},`+
				`{"membershipId":3213,"title":"Premium Plan","description":"A party.","benefits":["Party"],"price":1500.50,"currency":"JPY",`+
				`"memberCount":0,"memberLimit":null,"isInAppPurchase":false,"isPublished":true},`+
				`{"membershipId":3214,"title":"Old Plan","description":"Old Plan","benefits":["Old Plan"],"price":500.00,"currency":"JPY",`+
				`"memberCount":0,"memberLimit":null,"isInAppPurchase":true,"isPublished":false}]}`, members)
		}
		const list, old = "GET /v2/bot/membership/list", "GET /membership/v1/list"
		s.Play(t, []stage.Step{
			{Name: "all", Call: list, As: stage.Cafe, Status: 200, Want: plans(0)},
			{Name: "by the path of the first release", Call: old, As: stage.Cafe, Status: 200, Want: plans(0)},
			{Name: "what is left out is made up", Call: list, As: stage.Shop, Status: 200,
				Want: `{"memberships":[{"membershipId":4000,"title":"Plan 1","description":"Plan 1","benefits":["Plan 1"],"price":500.00,"currency":"TWD",` +
					`"memberCount":0,"memberLimit":null,"isInAppPurchase":true,"isPublished":true}]}`},
			{Name: "none", Call: list, As: stage.Foreign, Status: 404, Want: noPlan},
			{Name: "none, by the old path", Call: old, As: stage.Foreign, Status: 404, Want: noPlan},
			{Name: "without a token", Call: list, Status: 401, Want: `{"message":"*"}`},
		})
		change(s, stage.Aoi, 3189, "joined")
		change(s, stage.Ben, 3189, "joined")
		change(s, stage.Aoi, 3189, "left")
		s.Restart()
		s.Play(t, []stage.Step{{Name: "with a member", Call: list, As: stage.Cafe, Status: 200, Want: plans(1)}})
		if world := s.Sim("GET", "/world", ""); !strings.Contains(world, `"memberships":`+plans(1)[len(`{"memberships":`):len(plans(1))-1]) {
			t.Errorf("the world does not tell the plans: %s", world)
		}
		s.Sim("POST", "/reset", "")
		s.Play(t, []stage.Step{{Name: "after a reset", Call: list, As: stage.Cafe, Status: 200, Want: plans(0)}})
	})
}

func TestSubscription(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		change(s, stage.Aoi, 3189, "joined")
		change(s, stage.Ben, 3189, "joined")
		s.Play(t, []stage.Step{
			{Name: "a member", Call: of(stage.Aoi), As: stage.Cafe, Status: 200, Want: subscribed(basic, `"membershipNo":1,`+firstMonth)},
			{Name: "by the path of the first release", Call: "GET /membership/v1/subscription/" + stage.Aoi, As: stage.Cafe, Status: 200, Want: subscribed(basic, `"membershipNo":1,`+firstMonth)},
			{Name: "the second member", Call: of(stage.Ben), As: stage.Cafe, Status: 200, Want: subscribed(basic, `"membershipNo":2,`+firstMonth)},
			{Name: "of another account", Call: of(stage.Aoi), As: stage.Shop, Status: 404, Want: notFound},
			{Name: "of another provider", Call: of(stage.Aoi), As: stage.Foreign, Status: 404, Want: notFound},
			{Name: "not in a plan", Call: of(stage.Chen), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "nobody", Call: of(stage.Nobody), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "no user id", Call: of("U1"), As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "no user id, by the old path", Call: "GET /membership/v1/subscription/x", As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "a group's id", Call: of(stage.Lunch), As: stage.Cafe, Status: 400, Want: badUser},
			{Name: "without a token", Call: of(stage.Aoi), Status: 401, Want: `{"message":"*"}`},
		})
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Restart()
		s.Play(t, []stage.Step{{Name: "who blocked the account since", Call: of(stage.Aoi), As: stage.Cafe, Status: 200, Want: subscribed(basic, `"membershipNo":1,`+firstMonth)}})
		// The clock runs: the last digits are of the moment.
		person := regexp.MustCompile(`("joinedTime":176843)\d+`).ReplaceAllString(s.Sim("GET", "/people/"+stage.Aoi, ""), "$1*")
		if want := `"memberships":[{"channelId":"1656000001",` + basic + `,"user":{"membershipNo":1,` + firstMonth + `}}]`; !strings.Contains(person, want) {
			t.Errorf("the person is %s", person)
		}
	})
}

// Months pass with the clock; a renewal that is played counts once.
func TestMonths(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		is := func(name, next string, months int) {
			t.Helper()
			s.Play(t, []stage.Step{{Name: name, Call: of(stage.Aoi), As: stage.Cafe, Status: 200,
				Want: subscribed(basic, fmt.Sprintf(`"membershipNo":*,"joinedTime":*,"nextBillingDate":%q,"totalSubscriptionMonths":%d`, next, months))}})
		}
		s.Until("2026-01-31T23:30:00+09:00")
		change(s, stage.Aoi, 3189, "joined")
		is("at first", "2026-02-28", 1)
		s.Until("2026-02-27T23:59:59+09:00")
		is("on the eve", "2026-02-28", 1)
		s.Until("2026-02-28T00:00:00+09:00")
		is("on the day, which is the last of its month", "2026-03-31", 2)
		change(s, stage.Aoi, 3189, "renewed")
		is("renewed on its day", "2026-03-31", 2)
		change(s, stage.Aoi, 3189, "renewed")
		is("renewed ahead", "2026-04-30", 3)
		s.Until("2026-03-31T12:00:00+09:00")
		is("the month that was paid ahead", "2026-04-30", 3)
		s.Until("2027-01-31T12:00:00+09:00")
		is("a year later", "2027-02-28", 13)
		change(s, stage.Aoi, 3189, "left")
		s.Play(t, []stage.Step{{Name: "left", Call: of(stage.Aoi), As: stage.Cafe, Status: 404, Want: notFound}})
		change(s, stage.Aoi, 3189, "joined")
		s.Play(t, []stage.Step{{Name: "joined again, as a new member", Call: of(stage.Aoi), As: stage.Cafe, Status: 200,
			Want: subscribed(basic, `"membershipNo":2,"joinedTime":180136*,"nextBillingDate":"2027-02-28","totalSubscriptionMonths":1`)}})
	})
}

// What is told of a change: to the bot, and to those who listen.
func TestEvents(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		const event = "POST /sim/v1/people/" + stage.Aoi + "/events"
		act := func(name, body, want, effect string) stage.Step {
			return stage.Step{Name: name, Call: event, Body: `{"type":"membership",` + body + `}`, Status: 200, Want: want, Effect: effect}
		}
		const one = "reply_tokens+1 webhook_events+1 | membership webhook"
		s.Play(t, []stage.Step{
			act("joined", `"membershipId":3189,"membershipType":"joined"`, told, "#members+1 chats+1 membership_members+1 "+one),
			act("renewed", `"membershipId":3189,"membershipType":"renewed"`, told, one),
			act("changed to another plan", `"membershipId":3213,"membershipType":"joined"`, toldTwice,
				"membership_members+1 reply_tokens+2 webhook_events+2 | membership membership webhook webhook"),
			act("left", `"membershipId":3213,"membershipType":"left"`, told, "#members-1 "+one),
		})
		var got []string
		for _, d := range s.Heard() {
			var in struct {
				Events []struct {
					Source     struct{ Type, UserID string } `json:"source"`
					Membership struct {
						Type string `json:"type"`
						ID   int    `json:"membershipId"`
					} `json:"membership"`
					ReplyToken string `json:"replyToken"`
				} `json:"events"`
			}
			if err := json.Unmarshal([]byte(d.Body), &in, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			e := in.Events[0]
			got = append(got, fmt.Sprint(e.Membership.Type, e.Membership.ID))
			if d.Path != "/cafe" || d.Event.Type != "membership" || e.Source.Type != "user" || e.Source.UserID != stage.Aoi || e.ReplyToken == "" {
				t.Errorf("%s %s", d.Path, d.Body)
			}
		}
		if want := "joined3189 renewed3189 left3189 joined3213 left3213"; strings.Join(got, " ") != want {
			t.Errorf("heard %v, want %s", got, want)
		}
		change(s, stage.Aoi, 3189, "joined")
		token := s.Next().Event.ReplyToken
		s.Play(t, []stage.Step{{Name: "a reply", Call: "POST /v2/bot/message/reply", As: stage.Cafe, Status: 200, Want: `{"sentMessages":[{"id":"*","quoteToken":"*"}]}`,
			Body: `{"replyToken":"` + token + `","messages":[{"type":"text","text":"Welcome"}]}`, Effect: "#delivered.reply+1 messages+1 | message"}})
	})
}

func TestChangeRefuses(t *testing.T) {
	s := stage.Start(t, "", world)
	change(s, stage.Aoi, 3189, "joined")
	change(s, stage.Ben, 3189, "joined")
	s.Play(t, []stage.Step{
		refused("joined already", stage.Aoi, `"membershipId":3189,"membershipType":"joined"`, 409, "membershipId: "+stage.Aoi+" is in plan 3189 already"),
		refused("full", stage.Chen, `"membershipId":3189,"membershipType":"joined"`, 409, "membershipId: plan 3189 has 2 members, its limit"),
		refused("not published", stage.Chen, `"membershipId":3214,"membershipType":"joined"`, 409, "membershipId: plan 3214 takes nobody new, it is not published"),
		refused("left what they are not in", stage.Aoi, `"membershipId":3213,"membershipType":"left"`, 409, "membershipId: "+stage.Aoi+" is not in plan 3213"),
		refused("renewed what they are not in", stage.Chen, `"membershipId":3189,"membershipType":"renewed"`, 409, "membershipId: "+stage.Chen+" is not in plan 3189"),
		refused("no plan", stage.Aoi, `"membershipId":1,"membershipType":"joined"`, 404, "membershipId: there is no membership plan 1"),
		refused("of another provider", stage.Eve, `"membershipId":3213,"membershipType":"joined"`, 404, "membershipId: there is no membership plan 3213"),
		refused("no type", stage.Aoi, `"membershipId":3213`, 400, "membershipType: joined, left or renewed"),
		refused("nobody", stage.Nobody, `"membershipId":3213,"membershipType":"joined"`, 404, "userId: there is no person "+stage.Nobody),
	})
	change(s, stage.Ben, 3189, "left")
	change(s, stage.Chen, 3189, "joined")
}

func TestUsers(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		call := func(id, query string) string { return "GET /v2/bot/membership/" + id + "/users/ids" + query }
		for _, who := range []string{stage.Ben, stage.Chen, stage.Dan, stage.Aoi} {
			change(s, who, 3213, "joined")
		}
		two := `{"userIds":["` + stage.Ben + `","` + stage.Aoi + `"]}`
		s.Play(t, []stage.Step{
			{Name: "friends only, in the order they joined", Call: call("3213", ""), As: stage.Cafe, Status: 200, Want: two},
			{Name: "the default, as the Go SDK asks for it", Call: call("3213", "?limit=0&start="), As: stage.Cafe, Status: 200, Want: two},
			{Name: "the most", Call: call("3213", "?limit=1000"), As: stage.Cafe, Status: 200, Want: two},
			{Name: "a page that is not full", Call: call("3213", "?limit=2"), As: stage.Cafe, Status: 200, Want: `{"userIds":["` + stage.Ben + `"],"next":"*"}`},
			{Name: "nobody", Call: call("3189", ""), As: stage.Cafe, Status: 200, Want: `{"userIds":[]}`},
			{Name: "too many", Call: call("3213", "?limit=1001"), As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "below zero", Call: call("3213", "?limit=-1"), As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "no number", Call: call("3213", "?limit=x"), As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "a made up token", Call: call("3213", "?start=x"), As: stage.Cafe, Status: 400, Want: badStart},
			{Name: "no plan", Call: call("1", ""), As: stage.Cafe, Status: 404, Want: noID},
			{Name: "no id", Call: call("x", ""), As: stage.Cafe, Status: 404, Want: noID},
			{Name: "another account's", Call: call("3213", ""), As: stage.Shop, Status: 404, Want: noID},
			{Name: "without a token", Call: call("3213", ""), Status: 401, Want: `{"message":"*"}`},
		})
		var ids []string
		var first string
		for next, n := "", 0; n == 0 || next != ""; n++ {
			var p struct {
				UserIDs []string `json:"userIds"`
				Next    string   `json:"next"`
			}
			a := s.As(stage.Cafe, "GET", "/v2/bot/membership/3213/users/ids?limit=1&start="+next, "")
			if err := json.Unmarshal([]byte(a.Body), &p); err != nil || a.Status != 200 {
				t.Fatal(a)
			}
			ids, next = append(ids, p.UserIDs...), p.Next
			if n == 0 {
				first = next
			}
		}
		if strings.Join(ids, " ") != stage.Ben+" "+stage.Aoi {
			t.Errorf("page by page: %v", ids)
		}
		s.Play(t, []stage.Step{{Name: "another list's token", Call: call("3189", "?start="+first), As: stage.Cafe, Status: 400, Want: badStart}})
		change(s, stage.Ben, 3213, "left")
		s.Sim("POST", "/people/"+stage.Dan+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{{Name: "one left, one follows again", Call: call("3213", ""), As: stage.Cafe, Status: 200, Want: `{"userIds":["` + stage.Dan + `","` + stage.Aoi + `"]}`}})
		s.Advance("24h")
		s.Play(t, []stage.Step{{Name: "a day later", Call: call("3213", "?start="+first), As: stage.Cafe, Status: 400, Want: badStart}})
	})
}

// 200 requests a second, each operation for itself, by either of its paths.
func TestRateLimits(t *testing.T) {
	for _, op := range membership.New(membership.Config{}).Ops() {
		if op.Limit != (limit.Rate{Requests: 200, Per: time.Second}) {
			t.Errorf("%s: %v", op.Pattern, op.Limit)
		}
	}
}
