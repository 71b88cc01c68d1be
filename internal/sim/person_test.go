package sim_test

import (
	"testing"

	"kaiwa/internal/testkit/stage"
)

// A person is told with their settings and with what accounts gave them.
func TestPerson(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Play(t, []stage.Step{
		{Name: "one", Call: "GET /sim/v1/people/" + stage.Aoi, Status: 200,
			Want: `{"userId":"` + stage.Aoi + `","provider":"Demo","friendOf":["1656000001","1656000002"],"blocked":[],"displayName":"Aoi",` +
				`"pictureUrl":"https://example.com/aoi.png","statusMessage":"Hello","language":"ja","coupons":[],"memberships":[],"missionStickers":[]}`},
		refused("nobody", "GET /sim/v1/people/"+stage.Nobody, "", 404, "userId: there is no person "+stage.Nobody),
	})
}
