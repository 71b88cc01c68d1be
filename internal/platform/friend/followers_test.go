package friend_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const badStart = `{"message":"Invalid start param"}`

type page struct {
	UserIDs []string `json:"userIds"`
	Next    string   `json:"next"`
}

func followers(s *stage.Stage, query string) page {
	s.T.Helper()
	a := s.As(stage.Cafe, "GET", "/v2/bot/followers/ids"+query, "")
	var p page
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil || a.Status != 200 {
		s.T.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	return p
}

// everyone walks through the pages, and says how many there were.
func everyone(s *stage.Stage, limit int) (ids []string, pages int) {
	s.T.Helper()
	query := fmt.Sprintf("?limit=%d", limit)
	for next := ""; ; pages++ {
		p := followers(s, query+next)
		if len(p.UserIDs) > limit {
			s.T.Fatalf("%d ids on a page of %d", len(p.UserIDs), limit)
		}
		ids = append(ids, p.UserIDs...)
		if p.Next == "" {
			return ids, pages + 1
		}
		next = "&start=" + p.Next
	}
}

func TestFollowers(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		const call = "GET /v2/bot/followers/ids"
		both := `{"userIds":["` + stage.Aoi + `","` + stage.Ben + `"]}`
		one := `{"userIds":["` + stage.Aoi + `"],"next":"*"}`
		const badLimit = `{"message":"The value for the 'limit' parameter is invalid"}`
		s.Play(t, []stage.Step{
			{Name: "all", Call: call, As: stage.Cafe, Status: 200, Want: both},
			{Name: "a limit of 0 is the default", Call: call + "?limit=0", As: stage.Cafe, Status: 200, Want: both},
			{Name: "an empty start", Call: call + "?start=&limit=", As: stage.Cafe, Status: 200, Want: both},
			{Name: "exactly a page", Call: call + "?limit=2", As: stage.Cafe, Status: 200, Want: both},
			{Name: "the first of two", Call: call + "?limit=1", As: stage.Cafe, Status: 200, Want: one},
			{Name: "the most", Call: call + "?limit=1000", As: stage.Cafe, Status: 200, Want: both},
			{Name: "too many", Call: call + "?limit=1001", As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "below zero", Call: call + "?limit=-1", As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "no number", Call: call + "?limit=x", As: stage.Cafe, Status: 400, Want: badLimit},
			{Name: "made up", Call: call + "?start=abc", As: stage.Cafe, Status: 400, Want: badStart},
			{Name: "an unverified account", Call: call, As: stage.Shop, Status: 403, Want: `{"message":"Access to this API is not available for your account"}`},
		})
		if ids, _ := everyone(s, 1); !slices.Equal(ids, []string{stage.Aoi, stage.Ben}) {
			t.Errorf("one by one: %v", ids)
		}
		// Read anew from the store, where nobody is in memory.
		s.Restart()
		s.Play(t, []stage.Step{{Name: "after a restart", Call: call, As: stage.Cafe, Status: 200, Want: both}})
		s.Sim("POST", "/people/"+stage.Aoi+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Sim("POST", "/people/"+stage.Dan+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{{Name: "after a block and an unblock", Call: call, As: stage.Cafe, Status: 200, Want: `{"userIds":["` + stage.Ben + `","` + stage.Dan + `"]}`}})
	})
}

// A continuation token is a channel's own, lives for a day, and cannot be made up.
func TestFollowersToken(t *testing.T) {
	s := stage.Start(t, "", "")
	token := followers(s, "?limit=1").Next
	call := "GET /v2/bot/followers/ids?start="
	rest := `{"userIds":["` + stage.Ben + `"]}`
	steps := []stage.Step{
		{Name: "the rest", Call: call + token, As: stage.Cafe, Status: 200, Want: rest},
		{Name: "again", Call: call + token, As: stage.Cafe, Status: 200, Want: rest},
		{Name: "by another channel", Call: call + token, As: stage.Foreign, Status: 400, Want: badStart},
	}
	for i := range len(token) {
		other := "A"
		if token[i] == 'A' {
			other = "B"
		}
		steps = append(steps, stage.Step{Name: fmt.Sprint("another character ", i), Call: call + token[:i] + other + token[i+1:], As: stage.Cafe, Status: 400, Want: badStart})
	}
	s.Play(t, steps)
	s.Advance("23h59m50s")
	s.Play(t, []stage.Step{{Name: "within a day", Call: call + token, As: stage.Cafe, Status: 200, Want: rest}})
	s.Advance("10s")
	s.Play(t, []stage.Step{{Name: "after a day", Call: call + token, As: stage.Cafe, Status: 400, Want: badStart}})
}

const crowd = "crowd:\n  - {channel: \"1656000001\", count: 5, seed: 7}\n  - {channel: \"1656000001\", count: 3, seed: 7}\n  - {channel: \"1656000003\", count: 2, seed: 7}\n"

// People, two crowds, and people who came after them, page by page.
func TestFollowersAcrossPeopleAndCrowds(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Rewrite(stage.World + crowd)
		s.Sim("POST", "/reset", "")
		all, _ := everyone(s, 1000)
		if len(all) != 2+5+3 || !slices.Equal(all[:2], []string{stage.Aoi, stage.Ben}) {
			t.Fatalf("%d: %v", len(all), all)
		}
		if unique := slices.Compact(slices.Sorted(slices.Values(all))); len(unique) != len(all) {
			t.Errorf("an id twice: %v", all)
		}
		s.Sim("POST", "/people/"+stage.Chen+"/follow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Sim("POST", "/people/"+all[4]+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		want := append(slices.Delete(slices.Clone(all), 4, 5), stage.Chen)
		for limit := 1; limit <= 12; limit++ {
			if ids, pages := everyone(s, limit); !slices.Equal(ids, want) {
				t.Errorf("%d a page, %d pages:\n got %v\nwant %v", limit, pages, ids, want)
			}
		}
		s.Play(t, []stage.Step{
			{Name: "a member's profile", Call: profile(all[5]), As: stage.Cafe, Status: 200, Want: `{"displayName":"*","userId":"` + all[5] + `","language":"ja"}`},
			{Name: "one who blocked", Call: profile(all[4]), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "of another provider", Call: profile(all[5]), As: stage.Foreign, Status: 404, Want: notFound},
			{Name: "of another account", Call: profile(all[5]), As: stage.Shop, Status: 404, Want: notFound},
		})
		again := s.As(stage.Cafe, "GET", "/v2/bot/profile/"+all[5], "").Body
		s.Sim("POST", "/reset", "")
		if ids, _ := everyone(s, 1000); !slices.Equal(ids, all) {
			t.Errorf("after a reset: %v, want %v", ids, all)
		}
		if got := s.As(stage.Cafe, "GET", "/v2/bot/profile/"+all[5], "").Body; got != again {
			t.Errorf("after a reset a member is %s, was %s", got, again)
		}
		if !strings.Contains(s.Sim("GET", "/world", ""), `"friends":10`) {
			t.Error("the world counts other than 10 friends")
		}
	})
}

// Where nearly everybody has blocked the account, pages may be short but lose nobody.
func TestFollowersAmongBlockers(t *testing.T) {
	s := stage.Start(t, "", stage.World+"crowd: [{channel: \"1656000001\", count: 40, seed: 1}]\n")
	all, _ := everyone(s, 1000)
	for _, id := range all[:len(all)-1] {
		s.Sim("POST", "/people/"+id+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	}
	ids, pages := everyone(s, 1)
	if !slices.Equal(ids, all[len(all)-1:]) || pages < 4 {
		t.Errorf("%v in %d pages", ids, pages)
	}
}

func TestMillion(t *testing.T) {
	s := stage.Start(t, "", stage.World+"crowd: [{channel: \"1656000001\", count: 1000000, seed: 1}]\n")
	ids, pages := map[string]bool{}, 0
	for next := ""; ; pages++ {
		p := followers(s, "?limit=1000"+next)
		for _, id := range p.UserIDs {
			ids[id] = true
		}
		if p.Next == "" {
			break
		}
		next = "&start=" + p.Next
	}
	if len(ids) != 1000002 || pages != 1000 {
		t.Errorf("%d ids in %d pages", len(ids), pages+1)
	}
	for _, table := range []string{"people", "friendships", "friendship_spans"} {
		var n int64
		if s.Row("SELECT COUNT(*) FROM "+table, nil, &n); n > 5 {
			t.Errorf("%d rows of %s for a crowd that needs none", n, table)
		}
	}
}

// Who blocked the account is nobody to go on for: the page before them is the last.
func TestFollowersEndWithAFriend(t *testing.T) {
	s := stage.Start(t, "", stage.World+"crowd: [{channel: \"1656000001\", count: 3, seed: 1}]\n")
	all, _ := everyone(s, 1000)
	for _, id := range all[len(all)-2:] {
		s.Sim("POST", "/people/"+id+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
	}
	if ids, pages := everyone(s, len(all)-2); pages != 1 || !slices.Equal(ids, all[:len(all)-2]) {
		t.Errorf("%v in %d pages", ids, pages)
	}
}
