package friend_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	notFound = `{"message":"Not found"}`
	badID    = `{"message":"The value for the 'userId' parameter is invalid"}`
)

func profile(id string) string { return "GET /v2/bot/profile/" + id }

func TestProfile(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "all that is set", Call: profile(stage.Aoi), As: stage.Cafe, Status: 200,
				Want: `{"displayName":"Aoi","userId":"` + stage.Aoi + `","language":"ja","pictureUrl":"https://example.com/aoi.png","statusMessage":"Hello"}`},
			{Name: "what is unset is left out", Call: profile(stage.Ben), As: stage.Cafe, Status: 200, Want: `{"displayName":"Ben","userId":"` + stage.Ben + `"}`},
			{Name: "no friend", Call: profile(stage.Ben), As: stage.Shop, Status: 404, Want: notFound},
			{Name: "one who blocked", Call: profile(stage.Dan), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "nobody", Call: profile(stage.Nobody), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "of another provider", Call: profile(stage.Eve), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "too short", Call: profile("U1"), As: stage.Cafe, Status: 400, Want: badID},
			{Name: "in upper case", Call: profile(strings.ToUpper(stage.Aoi)), As: stage.Cafe, Status: 400, Want: badID},
			{Name: "a group's", Call: profile(stage.Lunch), As: stage.Cafe, Status: 400, Want: badID},
			{Name: "percent-encoded", Call: profile("%55" + stage.Aoi[1:]), As: stage.Shop, Status: 200, Want: `{"displayName":"Aoi","userId":"` + stage.Aoi + `","language":"ja","pictureUrl":"https://example.com/aoi.png","statusMessage":"Hello"}`},
		})
	})
}

// A stranger who has written may be known, until they block the account.
func TestProfileOfAStranger(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{{Name: "before", Call: profile(stage.Chen), As: stage.Cafe, Status: 404, Want: notFound}})
		s.Sim("POST", "/people/"+stage.Chen+"/messages", `{"chat":{"groupId":"`+stage.Family+`"},"message":{"type":"text","text":"hi"}}`)
		s.Play(t, []stage.Step{{Name: "who wrote elsewhere", Call: profile(stage.Chen), As: stage.Cafe, Status: 404, Want: notFound}})
		s.Sim("POST", "/people/"+stage.Chen+"/messages", `{"chat":{"channelId":"`+stage.Cafe+`"},"message":{"type":"text","text":"hi"}}`)
		s.Advance("9000h")
		known := stage.Step{Name: "after", Call: profile(stage.Chen), As: stage.Cafe, Status: 200, Want: `{"displayName":"Chen","userId":"` + stage.Chen + `"}`}
		s.Play(t, []stage.Step{known})
		s.Restart()
		s.Play(t, []stage.Step{known})
		s.Sim("POST", "/people/"+stage.Chen+"/unfollow", `{"channelId":"`+stage.Cafe+`"}`)
		s.Play(t, []stage.Step{{Name: "blocked", Call: profile(stage.Chen), As: stage.Cafe, Status: 404, Want: notFound}})
	})
}
