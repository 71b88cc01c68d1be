package insight_test

import (
	"testing"

	"kaiwa/internal/testkit/stage"
)

func TestDeliveries(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const hi = `"messages":[{"type":"text","text":"hi"}]`
		send(s, "push", `{"to":"`+stage.Aoi+`",`+hi+`}`)
		send(s, "push", `{"to":"`+stage.Lunch+`",`+hi+`}`)
		send(s, "multicast", `{"to":["`+stage.Aoi+`","`+stage.Ben+`"],`+hi+`}`)
		send(s, "broadcast", `{`+hi+`}`)
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":`+cafe+`,"message":{"type":"text","text":"hi"}}`)
		send(s, "reply", `{"replyToken":"`+s.Next().Event.ReplyToken+`",`+hi+`}`)
		today := "message/delivery?date=20260115"
		s.Play(t, []stage.Step{get("of today", today, 200, `{"status":"unready"}`)})
		s.Until("2026-01-16T08:59:50+09:00")
		s.Play(t, []stage.Step{get("not yet", today, 200, `{"status":"unready"}`)})
		s.Advance("20s")
		s.Play(t, []stage.Step{
			get("the next morning", today, 200, `{"status":"ready","apiBroadcast":2,"apiPush":3,"apiMulticast":2,"apiReply":1}`),
			get("of the day before", "message/delivery?date=20260114", 200, `{"status":"ready"}`),
		})
	})
}

func TestFollowers(t *testing.T) {
	eachCrowded(t, func(t *testing.T, s *stage.Stage) {
		one := members(s, 1)[0]
		sim := func(who, what string) { s.Sim("POST", "/people/"+who+"/"+what, cafe) }
		// The first day: Aoi, Ben, the crowd, and Dan who blocked. Chen comes, one of the crowd goes.
		sim(stage.Chen, "follow")
		sim(one, "unfollow")
		s.Advance("24h")
		// The second: Dan comes back, Ben goes and comes back, and Chen goes.
		sim(stage.Dan, "follow")
		sim(stage.Ben, "unfollow")
		sim(stage.Ben, "follow")
		sim(stage.Chen, "unfollow")
		s.Advance("24h")
		// The third: the one of the crowd comes back.
		sim(one, "follow")
		s.Advance("48h")
		day := func(name, date, numbers string) stage.Step {
			return get(name, "followers?date="+date, 200, `{"status":"ready",`+numbers+`}`)
		}
		all := []stage.Step{
			day("before the world began", "20260114", `"followers":0,"targetedReaches":0,"blocks":0`),
			day("the first day", "20260115", `"followers":104,"targetedReaches":102,"blocks":2`),
			day("the second", "20260116", `"followers":104,"targetedReaches":102,"blocks":2`),
			day("the third", "20260117", `"followers":104,"targetedReaches":103,"blocks":1`),
			get("yesterday's are not ready before nine", "followers?date=20260118", 200, `{"status":"ready","followers":104,"targetedReaches":103,"blocks":1}`),
			get("today's are not ready", "followers?date=20260119", 200, `{"status":"unready","followers":null,"targetedReaches":null,"blocks":null}`),
		}
		s.Play(t, all)
		s.Restart()
		s.Play(t, all)
	})
}

// One who blocks the account without having been its friend blocks it all the same.
func TestFollowersWithoutAFriendship(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Sim("POST", "/people/"+stage.Chen+"/unfollow", cafe)
	s.Advance("48h")
	s.Play(t, []stage.Step{get("Dan and Chen", "followers?date=20260115", 200, `{"status":"ready","followers":3,"targetedReaches":2,"blocks":2}`)})
}

func TestDaysRefused(t *testing.T) {
	s := stage.Start(t, "", "")
	const bad = `{"message":"Bad Request"}`
	const nulls = `"followers":null,"targetedReaches":null,"blocks":null}`
	s.Play(t, []stage.Step{
		get("deliveries without a date", "message/delivery", 400, bad),
		get("deliveries of no day", "message/delivery?date=20260230", 400, bad),
		get("deliveries in another form", "message/delivery?date=2026-01-15", 400, bad),
		get("deliveries of a day with more digits", "message/delivery?date=020260115", 400, bad),
		get("deliveries before there were numbers", "message/delivery?date=20170228", 200, `{"status":"out_of_service"}`),
		get("deliveries of the first day", "message/delivery?date=20170301", 200, `{"status":"ready"}`),
		get("deliveries of a day to come", "message/delivery?date=20300101", 200, `{"status":"unready"}`),
		get("followers without a date", "followers", 400, `{"message":"date is required"}`),
		get("followers of an empty date", "followers?date=", 400, `{"message":"date is required"}`),
		get("followers of no day", "followers?date=20261301", 400, bad),
		get("followers of a word", "followers?date=yesterday", 400, bad),
		get("followers before there were numbers", "followers?date=20161031", 200, `{"status":"out_of_service",`+nulls),
		get("followers of the first day", "followers?date=20161101", 200, `{"status":"ready","followers":0,"targetedReaches":0,"blocks":0}`),
		get("followers of a day to come", "followers?date=20300101", 200, `{"status":"unready",`+nulls),
	})
}

// Each of the operations may be called 60 times an hour.
func TestLimits(t *testing.T) {
	s := stage.Start(t, "", "")
	for _, path := range []string{"message/delivery?date=20250101", "followers?date=20250101", "demographic", "message/event?requestId=x",
		"message/event/aggregation?customAggregationUnit=a&from=20250101&to=20250101"} {
		for i := range 61 {
			if got := s.As(stage.Cafe, "GET", "/v2/bot/insight/"+path, "").Status == 429; got != (i == 60) {
				t.Errorf("%s: call %d is limited: %t", path, i+1, got)
			}
		}
	}
}
