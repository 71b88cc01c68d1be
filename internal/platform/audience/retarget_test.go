package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const (
	crowdWorld = stage.World + `
crowd:
  - {channel: "1656000001", count: 60, seed: 1}
`
	twoLinks = `{"messages":[{"type":"text","text":"look","quickReply":{"items":[` +
		`{"type":"action","action":{"type":"uri","label":"a","uri":"https://example.com/a"}},` +
		`{"type":"action","action":{"type":"uri","label":"b","uri":"https://example.com/b"}}]}}]}`
	snapshot = `{"audienceGroupId":*,"createRoute":"MESSAGING_API","type":"%s","description":"x","created":*,"permission":"READ_WRITE","expireTimestamp":*,` +
		`"isIfaAudience":false,"requestId":"%s"%s}`
)

// campaign is a broadcast of the cafe's, and 62 friends who got it.
type campaign struct {
	s         *stage.Stage
	requestID string
	messageID string
	friends   []string
}

func newCampaign(t *testing.T, s *stage.Stage) campaign {
	t.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/message/broadcast", twoLinks)
	if a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c := campaign{s: s, requestID: a.Header.Get("x-line-request-id")}
	c.friends = read[struct {
		UserIDs []string `json:"userIds"`
	}](t, s.As(stage.Cafe, "GET", "/v2/bot/followers/ids?limit=1000", "").Body).UserIDs
	if len(c.friends) != 62 {
		t.Fatalf("%d friends", len(c.friends))
	}
	said := read[struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}](t, s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", ""))
	c.messageID = said.Messages[0].ID
	return c
}

// seen has friends read the broadcast.
func (c campaign) seen(friends []string) {
	c.s.T.Helper()
	for _, id := range friends {
		c.s.Sim("POST", "/people/"+id+"/events", `{"type":"read","chat":{"channelId":"`+stage.Cafe+`"}}`)
	}
}

// opened has friends tap one of its two links.
func (c campaign) opened(friends []string, link int) {
	c.s.T.Helper()
	for _, id := range friends {
		c.s.Sim("POST", "/people/"+id+"/taps", fmt.Sprintf(`{"chat":{"channelId":"%s"},"messageId":"%s","quickReply":%d}`, stage.Cafe, c.messageID, link))
	}
}

func (c campaign) make(t *testing.T, call, more string) int64 {
	t.Helper()
	_, path, _ := strings.Cut(call, " ")
	a := c.s.As(stage.Cafe, "POST", path, `{"description":"x","requestId":"`+c.requestID+`"`+more+`}`)
	kind := strings.ToUpper(path[strings.LastIndex(path, "/")+1:])
	if a.Status != 202 || !stage.Like(fmt.Sprintf(snapshot, kind, c.requestID, more), a.Body) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return read[group](t, a.Body).ID
}

// An impression audience is made when fifty have seen the broadcast; what is
// told of it on the way does not betray the few.
func TestImpressionAudience(t *testing.T) {
	eachCrowd(t, func(t *testing.T, s *stage.Stage) {
		c := newCampaign(t, s)
		id := c.make(t, imp, "")
		stands(t, s, id, "IN_PROGRESS 0: ")
		c.seen(c.friends[:19])
		s.Advance("10m")
		stands(t, s, id, "IN_PROGRESS 0: ")
		c.seen(c.friends[19:49])
		s.Advance("1h")
		stands(t, s, id, "IN_PROGRESS 49: ")
		c.seen(c.friends[49:50])
		s.Advance("2h")
		stands(t, s, id, "READY 50: ")
		c.seen(c.friends[50:])
		s.Advance("48h")
		stands(t, s, id, "READY 50: ")
		s.Play(t, []stage.Step{
			{Name: "whole", Call: fmt.Sprint("GET ", groups, id), As: stage.Cafe, Status: 200,
				Want: fmt.Sprintf(`{"audienceGroup":{"audienceGroupId":%d,"createRoute":"MESSAGING_API","type":"IMP","description":"x","status":"READY","audienceCount":50,`+
					`"created":*,"permission":"READ_WRITE","expireTimestamp":*,"isIfaAudience":false,"requestId":"%s"},"jobs":[]}`, id, c.requestID)},
			{Name: "user ids into it", Call: add, As: stage.Cafe, Body: added(id, stage.Aoi), Status: 400, Want: notFound},
			{Name: "again", Call: imp, As: stage.Cafe, Body: `{"description":"other","requestId":"` + c.requestID + `"}`, Status: 400,
				Want: refused("AUDIENCE_GROUP_REQUESTID_DUPLICATE")},
		})
	})
}

func TestClickAudience(t *testing.T) {
	eachCrowd(t, func(t *testing.T, s *stage.Stage) {
		c := newCampaign(t, s)
		c.opened(c.friends[:55], 0)
		c.opened(c.friends[50:62], 1)
		either, one, other := c.make(t, click, ""), c.make(t, click, `,"clickUrl":"https://example.com/a"`), c.make(t, click, `,"clickUrl":"https://example.com/b"`)
		s.Advance("10s")
		stands(t, s, either, "READY 62: ")
		stands(t, s, one, "READY 55: ")
		stands(t, s, other, "IN_PROGRESS 0: ")
		duplicate := refused("AUDIENCE_GROUP_REQUESTID_DUPLICATE")
		s.Play(t, []stage.Step{
			{Name: "any again", Call: click, As: stage.Cafe, Body: `{"description":"x","requestId":"` + c.requestID + `","clickUrl":""}`, Status: 400, Want: duplicate},
			{Name: "one again", Call: click, As: stage.Cafe, Body: `{"description":"x","requestId":"` + c.requestID + `","clickUrl":"https://example.com/a"}`, Status: 400,
				Want: duplicate},
			{Name: "whole", Call: fmt.Sprint("GET ", groups, one), As: stage.Cafe, Status: 200,
				Want: fmt.Sprintf(`{"audienceGroup":{"audienceGroupId":%d,"createRoute":"MESSAGING_API","type":"CLICK","description":"x","status":"READY","audienceCount":55,`+
					`"created":*,"permission":"READ_WRITE","expireTimestamp":*,"isIfaAudience":false,"requestId":"%s","clickUrl":"https://example.com/a"},"jobs":[]}`,
					one, c.requestID)},
			{Name: "delete", Call: fmt.Sprint("DELETE ", groups, other), As: stage.Cafe, Status: 202, Want: `{}`, Effect: "audiences-1"},
		})
		s.Advance("1h") // the deleted one is not asked for again
		c.make(t, click, `,"clickUrl":"https://example.com/b"`)
	})
}

// When its send is 60 days old nobody can be added any more, nor another audience be made of it.
func TestOldSend(t *testing.T) {
	eachCrowd(t, func(t *testing.T, s *stage.Stage) {
		c := newCampaign(t, s)
		c.seen(c.friends[:30])
		id := c.make(t, imp, "")
		s.Advance("1439h59m")
		stands(t, s, id, "IN_PROGRESS 30: ")
		late := c.make(t, click, "")
		s.Advance("25h")
		stands(t, s, id, "FAILED 30: ")
		stands(t, s, late, "FAILED 0: ")
		if d := shown(t, s, id); d.Group.FailedType != "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT" {
			t.Errorf("failed by %q", d.Group.FailedType)
		}
		old := refused("TOO_OLD_MESSAGES")
		s.Play(t, []stage.Step{
			{Name: "click", Call: click, As: stage.Cafe, Body: `{"description":"x","requestId":"` + c.requestID + `","clickUrl":"https://example.com/a"}`, Status: 400, Want: old},
			{Name: "imp", Call: imp, As: stage.Cafe, Body: `{"description":"x","requestId":"` + c.requestID + `"}`, Status: 400, Want: old},
		})
		s.Advance("2880h") // 180 days after it was made it is told why it failed in a list only
		if d := shown(t, s, id); d.Group.Status != "EXPIRED" || d.Group.FailedType != "" {
			t.Errorf("%+v", d.Group)
		}
		p := read[page](t, s.As(stage.Cafe, "GET", list+"?status=EXPIRED", "").Body)
		if len(p.Groups) != 1 || p.Groups[0].FailedType != "AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT" {
			t.Errorf("%+v", p.Groups)
		}
	})
}

// A narrowcast to an audience makes another one, as soon as it is under way.
func TestAudienceOfANarrowcast(t *testing.T) {
	eachCrowd(t, func(t *testing.T, s *stage.Stage) {
		c := newCampaign(t, s)
		first := made(t, s, "Regulars", c.friends[:55]...)
		s.Advance("10s")
		a := s.As(stage.Cafe, "POST", "/v2/bot/message/narrowcast",
			fmt.Sprintf(`{"messages":[{"type":"text","text":"hi"}],"recipient":{"type":"audience","audienceGroupId":%d}}`, first))
		if a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		s.Advance("10m")
		c.requestID = a.Header.Get("x-line-request-id")
		id := c.make(t, imp, "")
		c.seen(c.friends)
		s.Advance("10m")
		stands(t, s, id, "READY 55: ")
	})
}

// Only broadcasts and narrowcasts of the account itself have audiences.
func TestRequestsWithoutAudience(t *testing.T) {
	s := stage.Start(t, "", "")
	said := `"messages":[{"type":"text","text":"hi"}]`
	for _, x := range []struct{ name, as, path, body, want string }{
		{"a push", stage.Cafe, "push", `{"to":"` + stage.Aoi + `",` + said + `}`, "REQUEST_NOT_FOUND"},
		{"a multicast", stage.Cafe, "multicast", `{"to":["` + stage.Aoi + `"],` + said + `}`, "REQUEST_NOT_FOUND"},
		{"another's multicast", stage.Shop, "multicast", `{"to":["` + stage.Aoi + `"],` + said + `}`, "REQUEST_NOT_FOUND"},
		{"another's broadcast", stage.Shop, "broadcast", `{` + said + `}`, "WRONG_BOT_ID"},
	} {
		a := s.As(x.as, "POST", "/v2/bot/message/"+x.path, x.body)
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", x.name, a.Status, a.Body)
		}
		body := `{"description":"x","requestId":"` + a.Header.Get("x-line-request-id") + `"}`
		s.Play(t, []stage.Step{
			{Name: x.name + ": click", Call: click, As: stage.Cafe, Body: body, Status: 400, Want: refused(x.want)},
			{Name: x.name + ": imp", Call: imp, As: stage.Cafe, Body: body, Status: 400, Want: refused(x.want)},
		})
	}
}

// A thousand audiences are the limit of these too.
func TestNoRoomForRetargeting(t *testing.T) {
	s := stage.Start(t, "", strings.Replace(crowdWorld, "providers:", "limits: off\nproviders:", 1))
	for range 1000 {
		made(t, s, "x")
	}
	c := newCampaign(t, s)
	body := `{"description":"x","requestId":"` + c.requestID + `"}`
	full := refused("AUDIENCE_GROUP_COUNT_MAX_OVER")
	s.Play(t, []stage.Step{
		{Name: "click", Call: click, As: stage.Cafe, Body: body, Status: 400, Want: full},
		{Name: "imp", Call: imp, As: stage.Cafe, Body: body, Status: 400, Want: full},
	})
}

func eachCrowd(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	t.Helper()
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, crowdWorld)) })
}
