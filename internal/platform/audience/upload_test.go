package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const (
	madeOne = `{"audienceGroupId":*,"createRoute":"MESSAGING_API","type":"UPLOAD","description":"Regulars","created":*,"permission":"READ_WRITE",` +
		`"expireTimestamp":*,"isIfaAudience":false}`
	newAudience = "#audience jobs+1 audience_jobs+1 audience_parts+1 audiences+1"
)

func TestCreate(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{
			{Name: "of user ids", Call: create, As: stage.Cafe, Body: upload("Regulars", stage.Aoi, stage.Ben), Status: 202, Want: madeOne, Effect: newAudience},
			{Name: "again with the same name", Call: create, As: stage.Cafe, Body: upload("Regulars", stage.Aoi), Status: 202, Want: madeOne, Effect: newAudience},
			{Name: "empty", Call: create, As: stage.Cafe, Body: `{"description":"Regulars"}`, Status: 202, Want: madeOne, Effect: "audiences+1"},
			{Name: "with an empty list", Call: create, As: stage.Cafe, Body: `{"description":"Regulars","audiences":[]}`, Status: 202, Want: madeOne, Effect: "audiences+1"},
			{Name: "as recorded: a flag in quotes and a key that means nothing", Call: create, As: stage.Cafe, Status: 202, Want: madeOne, Effect: newAudience,
				Body: `{"description":"Regulars","isIfaAudience":"false","audiences":[{"id":"` + stage.Aoi + `"}],"audiences[].id":"user id"}`},
			{Name: "of nobody known", Call: create, As: stage.Cafe, Body: upload("Regulars", stage.Nobody), Status: 202, Want: madeOne,
				Effect: "#audience jobs+1 audience_jobs+1 audience_parts+1 audiences+1"},
			{Name: "of identifiers for advertisers", Call: create, As: stage.Cafe, Status: 202, Want: strings.Replace(madeOne, "false}", "true}", 1), Effect: newAudience,
				Body: `{"description":"Regulars","isIfaAudience":true,"audiences":[{"id":"6D92078A-8246-4BA4-AE5B-76104861E7DC"}]}`},
			{Name: "a name of 120 characters", Call: create, As: stage.Cafe, Body: `{"description":"` + strings.Repeat("名", 120) + `"}`, Status: 202,
				Want: strings.Replace(madeOne, "Regulars", strings.Repeat("名", 120), 1), Effect: "audiences+1"},
		})
	})
}

func TestTimesOfAnAudience(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Until("2026-01-20T00:00:00Z")
	d := shown(t, s, made(t, s, "Regulars", stage.Aoi))
	if at := d.Group.Created - 1768867200; at < 0 || at > 60 {
		t.Errorf("created %d s after the clock was set", at)
	}
	if d.Group.ExpireTimestamp-d.Group.Created != 15_552_000 {
		t.Errorf("expires %d s after its creation, want 180 days", d.Group.ExpireTimestamp-d.Group.Created)
	}
	if d.Group.ID < 1e12 || d.Group.ID >= 1e13 {
		t.Errorf("id %d has not 13 digits", d.Group.ID)
	}
}

// A job waits, works and ends, and the audience is READY with it; a server that
// is started again between goes on where it was.
func TestJobOverTime(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi, stage.Ben, stage.Aoi)
		stands(t, s, id, "IN_PROGRESS 0: QUEUED 0")
		s.Advance("3s")
		stands(t, s, id, "IN_PROGRESS 0: WORKING 0")
		s.Restart()
		s.Advance("5s")
		stands(t, s, id, "READY 2: FINISHED 2")
		got := s.As(stage.Cafe, "GET", fmt.Sprint(groups, id), "").Body
		want := fmt.Sprintf(`{"audienceGroup":{"audienceGroupId":%d,"createRoute":"MESSAGING_API","type":"UPLOAD","description":"Regulars","status":"READY",`+
			`"audienceCount":2,"created":*,"permission":"READ_WRITE","expireTimestamp":*,"isIfaAudience":false},`+
			`"jobs":[{"audienceGroupJobId":40000000,"audienceGroupId":%d,"description":"first","type":"DIFF_ADD","status":"FINISHED","failedType":null,`+
			`"audienceCount":2,"created":*,"jobStatus":"FINISHED"}]}`, id, id)
		if !stage.Like(want, got) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestAdd(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi)
		s.Advance("10m")
		did := s.Effect(func() {
			a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", added(id, stage.Aoi, stage.Dan, stage.Chen, stage.Eve, stage.Nobody))
			if a.Status != 202 || a.Body != "{}" {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
		})
		if want := "#audience jobs+1 audience_jobs+1 audience_parts+1"; did != want {
			t.Errorf("did %q, want %q", did, want)
		}
		stands(t, s, id, "READY 1: QUEUED 0, FINISHED 1")
		s.Advance("10m")
		// Those who blocked the account or never were its friends count; people of
		// another provider are nobody here.
		stands(t, s, id, "READY 3: FINISHED 2, FINISHED 1")
		if d := shown(t, s, id); d.Jobs[0].Description != "" || d.Jobs[1].Description != "first" {
			t.Errorf("descriptions %+v", d.Jobs)
		}
	})
}

// An audience without anybody stays as it is until somebody is added.
func TestEmptyAudience(t *testing.T) {
	s := stage.Start(t, "", "")
	empty, unknown := made(t, s, "Empty"), made(t, s, "Unknown", stage.Nobody)
	s.Advance("100h")
	stands(t, s, empty, "IN_PROGRESS 0: ")
	stands(t, s, unknown, "IN_PROGRESS 0: FINISHED 0")
	for _, id := range []int64{empty, unknown} {
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", added(id, stage.Aoi)); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	s.Advance("10s")
	stands(t, s, empty, "READY 1: FINISHED 1")
	stands(t, s, unknown, "READY 1: FINISHED 1, FINISHED 0")
}

// Nobody here has an identifier for advertisers, and audiences of those need 50 people.
func TestAudienceOfAdvertisersIDs(t *testing.T) {
	s := stage.Start(t, "", "")
	a := s.As(stage.Cafe, "POST", "/v2/bot/audienceGroup/upload",
		`{"description":"x","isIfaAudience":true,"audiences":[{"id":"6D92078A-8246-4BA4-AE5B-76104861E7DC"}]}`)
	id := read[group](t, a.Body).ID
	s.Advance("1m")
	stands(t, s, id, "IN_PROGRESS 0: FAILED 0")
	if d := shown(t, s, id); d.Jobs[0].FailedType != "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT" {
		t.Errorf("failed by %q", d.Jobs[0].FailedType)
	}
	want := `{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`
	if a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", added(id, stage.Aoi)); a.Status != 400 || a.Body != want {
		t.Errorf("a user id into an audience of identifiers: %d %s", a.Status, a.Body)
	}
}

func TestFiftyJobsAreTold(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(stage.World, "providers:", "limits: off\nproviders:", 1))
	id := made(t, s, "Regulars")
	for n := range 51 {
		body := strings.Replace(added(id, stage.Aoi), "{", fmt.Sprintf(`{"uploadDescription":"%d",`, n), 1)
		if a := s.As(stage.Cafe, "PUT", "/v2/bot/audienceGroup/upload", body); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s.Advance("10s")
	}
	d := shown(t, s, id)
	if len(d.Jobs) != 50 || d.Jobs[0].Description != "50" || d.Jobs[49].Description != "1" {
		t.Errorf("%d jobs, from %q to %q", len(d.Jobs), d.Jobs[0].Description, d.Jobs[len(d.Jobs)-1].Description)
	}
}

// An upload of thousands is told apart from strangers by one look at all people.
func TestTenThousandIDs(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		ids := []string{stage.Ben}
		for n := range 9_998 {
			ids = append(ids, fmt.Sprintf("U%032x", 0xf00000+n))
		}
		id := made(t, s, "Many", append(ids, stage.Aoi)...)
		s.Advance("10s")
		stands(t, s, id, "READY 2: FINISHED 2")
	})
}

func TestRenameAndDelete(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi)
		path := fmt.Sprint(groups, id)
		s.Play(t, []stage.Step{
			{Name: "rename", Call: "PUT " + path + "/updateDescription", As: stage.Cafe, Body: `{"description":"Friends"}`, Status: 200, Want: `{}`},
			{Name: "rename another's", Call: "PUT " + path + "/updateDescription", As: stage.Shop, Body: `{"description":"x"}`, Status: 400, Want: notFound},
			{Name: "see another's", Call: "GET " + path, As: stage.Shop, Status: 400, Want: notFound},
			{Name: "add to another's", Call: add, As: stage.Shop, Body: added(id, stage.Aoi), Status: 400, Want: notFound},
			{Name: "delete another's", Call: "DELETE " + path, As: stage.Shop, Status: 400, Want: notFound},
		})
		if d := shown(t, s, id); d.Group.Description != "Friends" {
			t.Errorf("it is called %q", d.Group.Description)
		}
		s.Play(t, []stage.Step{
			{Name: "delete", Call: "DELETE " + path, As: stage.Cafe, Status: 202, Want: `{}`, Effect: "audience_jobs-1 audience_parts-1 audiences-1"},
			{Name: "delete again", Call: "DELETE " + path, As: stage.Cafe, Status: 400, Want: notFound},
			{Name: "get", Call: "GET " + path, As: stage.Cafe, Status: 400, Want: notFound},
		})
		again := made(t, s, "Again", stage.Ben) // the deleted one's job must not touch it
		s.Advance("10s")
		stands(t, s, again, "READY 1: FINISHED 1")
	})
}
