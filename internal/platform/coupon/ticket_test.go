package coupon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	acquiring = "#coupon.acquired+1 coupon_tickets+1 | coupon"
	using     = "#coupon.used+1 | coupon"
	both      = "#coupon.acquired+1 #coupon.used+1 coupon_tickets+1 | coupon"
	nothing   = `{"webhookEventIds":[]}`
)

// does is what a person does with a coupon: Acquire or Use.
func does(name, who, act, id, effect string) stage.Step {
	return stage.Step{Name: name, Call: "POST /sim/v1/people/" + who + "/events", Body: `{"type":"coupon` + act + `","couponId":"` + id + `"}`, Status: 200, Want: nothing, Effect: effect}
}

func refused(name, who, act, id string, status int, why string) stage.Step {
	s := does(name, who, act, id, "")
	s.Status, s.Want = status, `{"message":"`+strings.ReplaceAll(why, `"`, `\"`)+`"}`
	return s
}

const closedText = "couponId: the coupon is closed"

func TestUse(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		once, often, dead := offer(s), offer(s, "maxUseCountPerTicket", "-1"), offer(s)
		later := offer(s, "startTimestamp", "1768438800", "endTimestamp", "1768442400") // 10:00 to 11:00
		closing(s, dead)
		hasUsed := "couponId: " + stage.Aoi + " has used the coupon"
		s.Play(t, []stage.Step{
			does("acquire", stage.Aoi, "Acquire", once, acquiring),
			refused("acquire again", stage.Aoi, "Acquire", once, 409, "couponId: "+stage.Aoi+" has this coupon already"),
			does("use", stage.Aoi, "Use", once, using),
			refused("use again", stage.Aoi, "Use", once, 409, hasUsed),
			does("another person, who has it not yet", stage.Ben, "Use", once, both),
			does("no friend of the account", stage.Chen, "Use", once, both),
			does("without a limit", stage.Aoi, "Use", often, both),
			does("without a limit, again", stage.Aoi, "Use", often, using),
			does("without a limit, a third time", stage.Aoi, "Use", often, using),
			refused("acquire a discontinued one", stage.Aoi, "Acquire", dead, 409, closedText),
			refused("use a discontinued one", stage.Aoi, "Use", dead, 409, closedText),
			does("acquire before it begins", stage.Aoi, "Acquire", later, acquiring),
			refused("use before it begins", stage.Aoi, "Use", later, 409, "couponId: the coupon begins at 2026-01-15T01:00:00Z"),
			refused("no coupon", stage.Aoi, "Use", unknown, 404, `couponId: there is no coupon "`+unknown+`"`),
			refused("no id", stage.Aoi, "Acquire", "", 404, `couponId: there is no coupon ""`),
			refused("of another provider", stage.Eve, "Use", once, 404, `couponId: there is no coupon "`+once+`"`),
			refused("nobody", stage.Nobody, "Use", once, 404, "userId: there is no person "+stage.Nobody),
		})
		s.Until("2026-01-15T10:00:00+09:00")
		closing(s, often)
		s.Play(t, []stage.Step{
			does("when it begins", stage.Aoi, "Use", later, using),
			refused("one has it, but it was discontinued", stage.Aoi, "Use", often, 409, closedText),
		})
		s.Restart()
		s.Play(t, []stage.Step{refused("after a restart", stage.Aoi, "Use", later, 409, hasUsed)})
		s.Until("2026-01-15T11:00:00+09:00")
		s.Play(t, []stage.Step{
			refused("when it is over", stage.Ben, "Use", later, 409, closedText),
			{Name: "what became of one", Call: "GET /sim/v1/coupons/" + once, Status: 200,
				Want: `{"couponId":"` + once + `","channelId":"1656000001","title":"Friends only","status":"RUNNING","acquiredCount":3,"useCount":3}`},
			{Name: "what became of another", Call: "GET /sim/v1/coupons/" + often, Status: 200,
				Want: `{"couponId":"` + often + `","channelId":"1656000001","title":"Friends only","status":"CLOSED","acquiredCount":1,"useCount":3}`},
			{Name: "of none", Call: "GET /sim/v1/coupons/" + unknown, Status: 404, Want: `{"message":"couponId: there is no coupon ` + unknown + `"}`},
		})
		if got, want := held(s, stage.Aoi), later+" CLOSED 1, "+often+" CLOSED 3, "+once+" RUNNING 1"; got != want {
			t.Errorf("Aoi has\n%s, want\n%s", got, want)
		}
		if got := held(s, stage.Dan); got != "" {
			t.Errorf("Dan has %s", got)
		}
	})
}

// held is what a person has: "ID STATUS uses, ...", newest first.
func held(s *stage.Stage, who string) string {
	s.T.Helper()
	var in struct {
		Coupons []struct {
			CouponID  string `json:"couponId"`
			ChannelID string `json:"channelId"`
			Status    string `json:"status"`
			UseCount  int    `json:"useCount"`
		} `json:"coupons"`
	}
	if err := json.Unmarshal([]byte(s.Sim("GET", "/people/"+who, "")), &in); err != nil {
		s.T.Fatal(err)
	}
	var words []string
	for _, c := range in.Coupons {
		if c.ChannelID != stage.Cafe {
			s.T.Errorf("%s is of channel %s", c.CouponID, c.ChannelID)
		}
		words = append(words, fmt.Sprint(c.CouponID, " ", c.Status, " ", c.UseCount))
	}
	return strings.Join(words, ", ")
}

const lottery = `{"type":"lottery","lotteryProbability":%d,"maxAcquireCount":%d}`

// drawn has the crowd draw for the second coupon of the world, and gives who won.
func drawn(s *stage.Stage, perCent, most int) (winners []string, lost, late int) {
	s.T.Helper()
	offer(s)
	id := offer(s, "acquisitionCondition", fmt.Sprintf(lottery, perCent, most))
	var all struct {
		UserIDs []string `json:"userIds"`
	}
	if err := json.Unmarshal([]byte(s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=1000", "").Body), &all); err != nil || len(all.UserIDs) != 402 {
		s.T.Fatalf("%d followers: %v", len(all.UserIDs), err)
	}
	for _, who := range all.UserIDs {
		a := s.Do("POST", "/sim/v1/people/"+who+"/events", `{"type":"couponAcquire","couponId":"`+id+`"}`)
		switch {
		case a.Status == 200:
			winners = append(winners, who)
		case strings.Contains(a.Body, "did not win the lottery"):
			lost++
			if b := s.Do("POST", "/sim/v1/people/"+who+"/events", `{"type":"couponUse","couponId":"`+id+`"}`); b.Status != 409 || b.Body != a.Body {
				s.T.Errorf("who lost uses it: %d %s", b.Status, b.Body)
			}
		case strings.Contains(a.Body, fmt.Sprintf("all %d winners of the lottery are found", most)):
			late++
		default:
			s.T.Errorf("%d %s", a.Status, a.Body)
		}
	}
	return winners, lost, late
}

// A lottery is won by about as many as it says, by the same people in the same
// world, and by no more than it may.
func TestLottery(t *testing.T) {
	world := stage.World + "crowd: [{channel: \"1656000001\", count: 400, seed: 1}]\n"
	s := stage.Start(t, "", world)
	winners, lost, late := drawn(s, 25, -1)
	if n := len(winners); n < 70 || n > 130 || n+lost != 402 || late != 0 {
		t.Errorf("%d won, %d lost, %d were late", n, lost, late)
	}
	s.Sim("POST", "/reset", "")
	again, _, _ := drawn(s, 25, -1)
	if strings.Join(again, " ") != strings.Join(winners, " ") {
		t.Error("after a reset others won")
	}
	s.Sim("POST", "/reset", "")
	few, _, late := drawn(s, 25, 10)
	if strings.Join(few, " ") != strings.Join(winners[:10], " ") || late == 0 {
		t.Errorf("%d winners of 10, %d late", len(few), late)
	}
	s.Sim("POST", "/reset", "")
	if most, _, _ := drawn(s, 99, -1); len(most) < 380 {
		t.Errorf("%d of 402 won at 99 per cent", len(most))
	}
}
