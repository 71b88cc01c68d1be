package clients

import (
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// A membership by the official client: the plans, who joined, what the bot hears.
func TestMembership(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	change := func(person string, id int, kind string) {
		t.Helper()
		s.does(person, object{"type": "membership", "membershipId": id, "membershipType": kind})
	}
	change(aoi, 3189, "joined")
	change(ben, 3189, "joined")
	change(chen, 3189, "joined") // no friend
	change(ben, 3189, "renewed")

	plans, err := s.api.GetMembershipList()
	must(t, plans, err)
	if len(plans.Memberships) != 2 {
		t.Fatalf("%+v", plans)
	}
	one, two := plans.Memberships[0], plans.Memberships[1]
	if one.MembershipId != 3189 || one.Title != "Basic" || one.Description != "For regulars" || len(one.Benefits) != 2 || one.Benefits[1] != "Photos" ||
		one.Price != 500 || one.Currency != "JPY" || one.MemberCount != 3 || one.MemberLimit != 100 || !one.IsInAppPurchase || !one.IsPublished {
		t.Errorf("%+v", one)
	}
	if two.MembershipId != 3213 || two.Price != 1500.5 || two.MemberCount != 0 || two.MemberLimit != 0 || two.IsInAppPurchase || two.IsPublished {
		t.Errorf("%+v", two)
	}

	in, err := s.api.GetMembershipSubscription(ben)
	must(t, in, err)
	if len(in.Subscriptions) != 1 {
		t.Fatalf("%+v", in)
	}
	plan, user := in.Subscriptions[0].Membership, in.Subscriptions[0].User
	if plan.MembershipId != 3189 || plan.Title != "Basic" || plan.Price != 500 || plan.Currency != "JPY" || len(plan.Benefits) != 2 ||
		user.MembershipNo != 2 || user.JoinedTime/60 != 1768435200/60 || user.NextBillingDate != "2026-03-15" || user.TotalSubscriptionMonths != 2 {
		t.Errorf("%+v %+v", plan, user)
	}

	page, err := s.api.GetJoinedMembershipUsers(3189, "", 0)
	must(t, page, err)
	if len(page.UserIds) != 2 || page.UserIds[0] != aoi || page.UserIds[1] != ben || page.Next != "" {
		t.Errorf("%+v", page)
	}
	first, err := s.api.GetJoinedMembershipUsers(3189, "", 1)
	must(t, first, err)
	next, err := s.api.GetJoinedMembershipUsers(3189, first.Next, 1)
	must(t, next, err)
	if len(first.UserIds) != 1 || first.UserIds[0] != aoi || len(next.UserIds) != 1 || next.UserIds[0] != ben {
		t.Errorf("%+v, then %+v", first, next)
	}

	change(ben, 3189, "left")
	s.settle()
	var kinds []string
	for _, c := range s.bot.took() {
		e, ok := c.event.(webhook.MembershipEvent)
		if !ok || e.ReplyToken == "" {
			t.Fatalf("%#v", c.event)
		}
		switch what := e.Membership.(type) {
		case webhook.JoinedMembershipContent:
			kinds = append(kinds, "joined")
			if what.MembershipId != 3189 {
				t.Errorf("%+v", what)
			}
		case webhook.RenewedMembershipContent:
			kinds = append(kinds, "renewed")
		case webhook.LeftMembershipContent:
			kinds = append(kinds, "left")
		}
	}
	counts := map[string]int{}
	for _, k := range kinds {
		counts[k]++
	}
	if counts["joined"] != 3 || counts["renewed"] != 1 || counts["left"] != 1 {
		t.Errorf("the bot heard %v", kinds)
	}
}

func TestMembershipRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, err := s.api.GetMembershipSubscription(aoi)
	refused(t, "not in a plan", err, 404, `{"message":"Not found"}`)
	_, err = s.api.GetMembershipSubscription("U1")
	refused(t, "no user id", err, 400, `{"message":"The value for the 'userId' parameter is invalid"}`)
	_, err = s.client(teaToken).GetMembershipList()
	refused(t, "no plans", err, 404, `{"message":"Membership plan not found"}`)
	_, err = s.api.GetJoinedMembershipUsers(1, "", 0)
	refused(t, "no plan", err, 404, `{"message":"Membership ID is not found"}`)
	_, err = s.api.GetJoinedMembershipUsers(3189, "made up", 0)
	refused(t, "start", err, 400, `{"message":"Invalid start param"}`)
	none, err := s.api.GetJoinedMembershipUsers(3189, "", 1000)
	must(t, none, err)
	if len(none.UserIds) != 0 {
		t.Errorf("%+v", none)
	}
}
