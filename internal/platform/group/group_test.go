package group_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	notFound    = `{"message":"Not found"}`
	forbidden   = `{"message":"Access to this API is not available for your account"}`
	badStart    = `{"message":"Invalid start param"}`
	unknown     = "C0000000000000000000000000000cfff"
	unknownRoom = "R0000000000000000000000000000dfff"
)

func invalid(parameter string) string {
	return `{"message":"The value for the '` + parameter + `' parameter is invalid"}`
}

// gets is a step that reads, and leaves nothing behind.
func gets(name, as, path string, status int, want string) stage.Step {
	return stage.Step{Name: name, As: as, Call: "GET /v2/bot" + path, Status: status, Want: want}
}

// What an account learns of the groups and rooms that it is in: of friends,
// strangers and people who blocked it alike.
func TestWhatAnAccountLearns(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		group, room := "/group/"+stage.Lunch, "/room/"+stage.Corner
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"userIds":["`+stage.Dan+`"]}`)
		s.Play(t, []stage.Step{
			gets("summary", stage.Cafe, group+"/summary", 200, `{"groupId":"`+stage.Lunch+`","groupName":"Lunch"}`),
			gets("count", stage.Cafe, group+"/members/count", 200, `{"count":3}`),
			gets("ids", stage.Cafe, group+"/members/ids", 200, `{"memberIds":["`+stage.Aoi+`","`+stage.Ben+`","`+stage.Dan+`"]}`),
			gets("a friend, without language and status message", stage.Cafe, group+"/member/"+stage.Aoi, 200,
				`{"displayName":"Aoi","userId":"`+stage.Aoi+`","pictureUrl":"https://example.com/aoi.png"}`),
			gets("who blocked it", stage.Cafe, group+"/member/"+stage.Dan, 200, `{"displayName":"Dan","userId":"`+stage.Dan+`"}`),
			gets("count of a room", stage.Cafe, room+"/members/count", 200, `{"count":3}`),
			gets("ids of a room", stage.Cafe, room+"/members/ids", 200, `{"memberIds":["`+stage.Aoi+`","`+stage.Ben+`","`+stage.Chen+`"]}`),
			gets("a stranger in a room", stage.Cafe, room+"/member/"+stage.Chen, 200, `{"displayName":"Chen","userId":"`+stage.Chen+`"}`),
		})
		s.Sim("POST", "/groups/"+stage.Lunch+"/leave", `{"userIds":["`+stage.Aoi+`"]}`)
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"channelId":"`+stage.Shop+`"}`)
		s.Play(t, []stage.Step{
			gets("who left", stage.Cafe, group+"/member/"+stage.Aoi, 404, notFound),
			gets("accounts do not count", stage.Cafe, group+"/members/count", 200, `{"count":2}`),
			gets("nor are they listed", stage.Cafe, group+"/members/ids", 200, `{"memberIds":["`+stage.Ben+`","`+stage.Dan+`"]}`),
			gets("another account in the same group", stage.Shop, group+"/member/"+stage.Ben, 200, `{"displayName":"Ben","userId":"`+stage.Ben+`"}`),
		})
	})
}

func TestSummaryHasTheIcon(t *testing.T) {
	s := stage.Start(t, "", "")
	var made struct {
		GroupID string `json:"groupId"`
	}
	answer := s.Sim("POST", "/groups", `{"name":"会話","pictureUrl":"https://example.com/g.png","userIds":["`+stage.Aoi+`"],"channelIds":["`+stage.Cafe+`"]}`)
	if err := json.Unmarshal([]byte(answer), &made); err != nil {
		t.Fatal(err)
	}
	s.Play(t, []stage.Step{gets("summary", stage.Cafe, "/group/"+made.GroupID+"/summary", 200,
		`{"groupId":"`+made.GroupID+`","groupName":"会話","pictureUrl":"https://example.com/g.png"}`)})
}

func TestRefusals(t *testing.T) {
	s := stage.Start(t, "", "")
	reads := map[string]string{"summary": "/summary", "count": "/members/count", "ids": "/members/ids", "profile": "/member/" + stage.Ben}
	var steps []stage.Step
	for name, path := range reads {
		for _, id := range []string{"me", "x", stage.Corner, stage.Aoi, strings.ToUpper(stage.Lunch), stage.Lunch + "0"} {
			steps = append(steps, gets("group "+name+" of "+id, stage.Cafe, "/group/"+id+path, 400, invalid("groupId")))
		}
		steps = append(steps,
			gets("group "+name+" of none", stage.Cafe, "/group/"+unknown+path, 404, notFound),
			gets("group "+name+" of one without the account", stage.Cafe, "/group/"+stage.Family+path, 404, notFound),
			gets("group "+name+" of another provider's", stage.Foreign, "/group/"+stage.Lunch+path, 404, notFound))
		if name == "summary" {
			steps = append(steps, gets("rooms have no summary", stage.Cafe, "/room/"+stage.Corner+path, 404, notFound))
			continue
		}
		steps = append(steps,
			gets("room "+name+" of a group", stage.Cafe, "/room/"+stage.Lunch+path, 400, invalid("roomId")),
			gets("room "+name+" of none", stage.Cafe, "/room/"+unknownRoom+path, 404, notFound),
			gets("room "+name+" of another provider's", stage.Foreign, "/room/"+stage.Corner+path, 404, notFound))
	}
	for _, in := range []string{"/group/" + stage.Lunch, "/room/" + stage.Corner} {
		steps = append(steps,
			gets(in+" ids for an unverified account", stage.Shop, in+"/members/ids", 403, forbidden),
			gets(in+" ids from a token that is none", stage.Cafe, in+"/members/ids?start=nonsense", 400, badStart),
			gets(in+" profile of no user id", stage.Cafe, in+"/member/aoi", 400, invalid("userId")),
			gets(in+" profile of who is not in it", stage.Cafe, in+"/member/"+stage.Dan, 404, notFound),
			gets(in+" profile of nobody", stage.Cafe, in+"/member/"+stage.Nobody, 404, notFound),
			gets(in+" profile of somebody of another provider", stage.Cafe, in+"/member/"+stage.Eve, 404, notFound))
	}
	s.Play(t, steps)
}

func leaves(name, as, path string, status int, want, effect string) stage.Step {
	return stage.Step{Name: name, As: as, Call: "POST /v2/bot" + path + "/leave", Status: status, Want: want, Effect: effect}
}

func TestLeave(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		group, room := "/group/"+stage.Lunch, "/room/"+stage.Corner
		s.Sim("POST", "/groups/"+stage.Lunch+"/join", `{"channelId":"`+stage.Shop+`"}`)
		s.Heard()
		s.Hold()
		const gone = "outbox+1 webhook_events+1 | members webhook"
		s.Play(t, []stage.Step{
			leaves("a group", stage.Cafe, group, 200, `{}`, gone),
			leaves("a group again", stage.Cafe, group, 404, notFound, ""),
			leaves("a room", stage.Cafe, room, 200, `{}`, gone),
			leaves("a room again", stage.Cafe, room, 200, `{}`, ""),
			leaves("a room it never was in", stage.Shop, room, 200, `{}`, ""),
			leaves("a group it never was in", stage.Cafe, "/group/"+stage.Family, 404, notFound, ""),
			leaves("no group", stage.Cafe, "/group/"+unknown, 404, notFound, ""),
			leaves("no room", stage.Cafe, "/room/"+unknownRoom, 404, notFound, ""),
			leaves("another provider's room", stage.Foreign, room, 404, notFound, ""),
			leaves("a group by no group id", stage.Cafe, "/group/lunch", 400, invalid("groupId"), ""),
			leaves("a room by a group's id", stage.Cafe, "/room/"+stage.Lunch, 400, invalid("roomId"), ""),
			gets("a group that it left", stage.Cafe, group+"/summary", 404, notFound),
			gets("a room that it left", stage.Cafe, room+"/members/count", 404, notFound),
			{Name: "push to what it left", As: stage.Cafe, Call: "POST /v2/bot/message/push", Status: 400, Want: `{"message":"Failed to send messages"}`,
				Body: `{"to":"` + stage.Lunch + `","messages":[{"type":"text","text":"a"}]}`},
			gets("the other account is still there", stage.Shop, group+"/members/count", 200, `{"count":2}`),
		})
		s.Sim("DELETE", "/faults", "")
		// The account that went is told, the other is not: only people's going is told to others.
		if got := s.HeardTypes(); got != "cafe:leave cafe:leave" {
			t.Errorf("heard %q", got)
		}
		s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":{"groupId":"`+stage.Lunch+`"},"message":{"type":"text","text":"a"}}`)
		if got := s.HeardTypes(); got != "shop:message" {
			t.Errorf("afterwards %q", got)
		}
	})
}

func TestMemberIDsInPages(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		userID := func(i int) string { return fmt.Sprintf("U%032x", 0xb00+i) }
		var quoted []string
		for i := range 201 {
			s.Sim("POST", "/people", `{"userId":"`+userID(i)+`"}`)
			quoted = append(quoted, `"`+userID(i)+`"`)
		}
		at := "/groups/" + stage.Lunch
		s.Sim("POST", at+"/leave", `{"userIds":["`+stage.Aoi+`","`+stage.Ben+`"]}`)
		s.Sim("POST", at+"/join", `{"userIds":[`+strings.Join(quoted[:200], ",")+`]}`)
		path := "/v2/bot/group/" + stage.Lunch + "/members/ids"
		page := func(start string, most int) (ids []string, next string) {
			t.Helper()
			a := s.As(stage.Cafe, "GET", path+"?start="+start, "")
			var v struct {
				MemberIDs []string `json:"memberIds"`
				Next      string   `json:"next"`
			}
			if err := json.Unmarshal([]byte(a.Body), &v); err != nil || a.Status != 200 || len(v.MemberIDs) != most {
				t.Fatalf("%d with %d ids: %v", a.Status, len(v.MemberIDs), err)
			}
			return v.MemberIDs, v.Next
		}
		first, next := page("", 100)
		second, end := page(next, 100)
		if first[0] != userID(0) || second[0] != userID(100) || second[99] != userID(199) || next == "" || end != "" {
			t.Errorf("pages from %s and %s to %s, next %q and %q", first[0], second[0], second[99], next, end)
		}
		// Who comes and goes meanwhile moves nobody else to another page.
		s.Sim("POST", at+"/leave", `{"userIds":[`+quoted[50]+`]}`)
		s.Sim("POST", at+"/join", `{"userIds":[`+quoted[200]+`]}`)
		second, end = page(next, 100)
		if second[0] != userID(100) || end == "" {
			t.Errorf("from %s, next %q", second[0], end)
		}
		if last, end := page(end, 1); last[0] != userID(200) || end != "" {
			t.Errorf("the last is %s, next %q", last[0], end)
		}
		s.Play(t, []stage.Step{
			gets("another group's token", stage.Cafe, "/room/"+stage.Corner+"/members/ids?start="+next, 400, badStart),
			{Name: "time passes", Call: "POST /sim/v1/clock", Body: `{"advance":"23h59m59s"}`, Status: 200, Want: `{"now":"*","mode":"virtual"}`, Effect: "| clock"},
		})
		page(next, 100)
		s.Advance("1s")
		s.Play(t, []stage.Step{gets("a token of a day ago", stage.Cafe, "/group/"+stage.Lunch+"/members/ids?start="+next, 400, badStart)})
	})
}
