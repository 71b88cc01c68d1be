package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

// page is a page of audiences as far as tests look into it.
type page struct {
	Groups   []group `json:"audienceGroups"`
	Next     bool    `json:"hasNextPage"`
	Total    int64   `json:"totalCount"`
	Writable int64   `json:"readWriteAudienceGroupTotalCount"`
	Size     int64   `json:"size"`
	Page     int64   `json:"page"`
}

// String is "c b a; 3 of 3".
func (p page) String() string {
	var names []string
	for _, g := range p.Groups {
		names = append(names, g.Description)
	}
	more := ""
	if p.Next {
		more = ", more"
	}
	return fmt.Sprintf("%s; %d, %d writable, page %d by %d%s", strings.Join(names, " "), p.Total, p.Writable, p.Page, p.Size, more)
}

func TestList(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for n := range 25 {
			made(t, s, fmt.Sprintf("a%02d", n))
			s.Advance("1s")
		}
		made(t, s, "Ähre", stage.Aoi)
		s.Advance("10s")
		made(t, s, "waiting", stage.Aoi)
		for query, want := range map[string]string{
			"":                       "waiting Ähre a24 a23 a22 a21 a20 a19 a18 a17 a16 a15 a14 a13 a12 a11 a10 a09 a08 a07; 27, 27 writable, page 1 by 20, more",
			"?page=2":                "a06 a05 a04 a03 a02 a01 a00; 27, 27 writable, page 2 by 20",
			"?page=1&size=3":         "waiting Ähre a24; 27, 27 writable, page 1 by 3, more",
			"?page=9&size=3":         "a02 a01 a00; 27, 27 writable, page 9 by 3",
			"?page=10&size=3":        "; 27, 27 writable, page 10 by 3",
			"?page=1&description=A0": "a09 a08 a07 a06 a05 a04 a03 a02 a01 a00; 10, 10 writable, page 1 by 20",
			"?description=%C3%A4H":   "Ähre; 1, 1 writable, page 1 by 20",
			"?description=nothing":   "; 0, 0 writable, page 1 by 20",
			"?status=READY":          "Ähre; 1, 1 writable, page 1 by 20",
			"?status=READY&status=IN_PROGRESS&size=2": "waiting Ähre; 27, 27 writable, page 1 by 2, more",
			"?status=FAILED": "; 0, 0 writable, page 1 by 20",
			"?createRoute=MESSAGING_API&description=h":    "Ähre; 1, 1 writable, page 1 by 20",
			"?createRoute=OA_MANAGER":                     "; 0, 0 writable, page 1 by 20",
			"?includesExternalPublicGroups=false&size=1":  "waiting; 27, 27 writable, page 1 by 1, more",
			"?page=1&size=40&createRoute=&status=&page=2": "waiting Ähre a24 a23 a22 a21 a20 a19 a18 a17 a16 a15 a14 a13 a12 a11 a10 a09 a08 a07 a06 a05 a04 a03 a02 a01 a00; 27, 27 writable, page 1 by 40",
			// What the Go SDK sends for all defaults.
			"?createRoute=&includesExternalPublicGroups=false&page=0&size=0&status=": "waiting Ähre a24 a23 a22 a21 a20 a19 a18 a17 a16 a15 a14 a13 a12 a11 a10 a09 a08 a07; 27, 27 writable, page 1 by 20, more",
		} {
			a := s.As(stage.Cafe, "GET", list+query, "")
			if got := read[page](t, a.Body).String(); a.Status != 200 || got != want {
				t.Errorf("%s: %d\n got %s\nwant %s", query, a.Status, got, want)
			}
		}
		if a := s.As(stage.Shop, "GET", list, ""); a.Body != `{"audienceGroups":[],"hasNextPage":false,"totalCount":0,"readWriteAudienceGroupTotalCount":0,"size":20,"page":1}` {
			t.Errorf("an account without audiences: %s", a.Body)
		}
		want := `{"audienceGroups":[{"audienceGroupId":*,"createRoute":"MESSAGING_API","type":"UPLOAD","description":"Ähre","status":"READY","audienceCount":1,` +
			`"created":*,"permission":"READ_WRITE","expireTimestamp":*,"isIfaAudience":false}],"hasNextPage":false,"totalCount":1,` +
			`"readWriteAudienceGroupTotalCount":1,"size":20,"page":1}`
		if a := s.As(stage.Cafe, "GET", list+"?status=READY", ""); !stage.Like(want, a.Body) {
			t.Errorf("got  %s\nwant %s", a.Body, want)
		}
	})
}

// An audience expires after 180 days and is cleared away a month later.
func TestExpiry(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id := made(t, s, "Regulars", stage.Aoi)
		s.Advance("4319h59m")
		stands(t, s, id, "READY 1: FINISHED 1")
		s.Advance("1m")
		stands(t, s, id, "EXPIRED 1: FINISHED 1")
		expired := refused("AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED")
		s.Play(t, []stage.Step{{Name: "add", Call: add, As: stage.Cafe, Body: added(id, stage.Ben), Status: 400, Want: expired}})
		if a := file(s, "PUT", part{name: "audienceGroupId", value: fmt.Sprint(id)}, part{name: "file", file: "a", value: two}); a.Status != 400 || a.Body != expired {
			t.Errorf("add by file: %d %s", a.Status, a.Body)
		}
		if p := read[page](t, s.As(stage.Cafe, "GET", list+"?status=EXPIRED", "").Body); len(p.Groups) != 1 {
			t.Errorf("expired are %s", p)
		}
		if p := read[page](t, s.As(stage.Cafe, "GET", list+"?status=READY", "").Body); len(p.Groups) != 0 {
			t.Errorf("ready are %s", p)
		}
		s.Advance("719h59m")
		stands(t, s, id, "EXPIRED 1: FINISHED 1")
		s.Advance("1m")
		s.Play(t, []stage.Step{
			{Name: "cleared away", Call: fmt.Sprint("GET ", groups, id), As: stage.Cafe, Status: 400, Want: notFound},
			{Name: "not listed", Call: "GET " + list, As: stage.Cafe, Status: 200,
				Want: `{"audienceGroups":[],"hasNextPage":false,"totalCount":0,"readWriteAudienceGroupTotalCount":0,"size":20,"page":1}`},
			{Name: "not to be renamed", Call: fmt.Sprint("PUT ", groups, id, "/updateDescription"), As: stage.Cafe, Body: `{"description":"x"}`, Status: 400, Want: notFound},
		})
	})
}
