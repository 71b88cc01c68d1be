package clients

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	a "github.com/line/line-bot-sdk-go/v8/linebot/manage_audience"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const audienceNotFound = `{"message":"audience group not found","details":[{"message":"AUDIENCE_GROUP_NOT_FOUND"}]}`

// What the world of these tests has beyond that of others: enough friends for
// audiences of clicks and impressions, and audiences of somebody else.
const audienceWorld = `
crowd:
  - {channel: "1656000001", count: 60, seed: 1}
sharedAudiences:
  - audienceGroupId: 1234567890123
    channels: ["1656000001"]
    type: WEBTRAFFIC
    description: Visitors
    crowd: 60
    owner: {serviceType: bm, id: "0123", name: Kaiwa Group}
    webtraffic: {webtrafficRetentionDays: 30, webtrafficTagId: "01234567-8901-2345-6789-012345678901"}
  - {audienceGroupId: 1234567890124, channels: ["1656000001"], createRoute: OA_MANAGER, type: CHAT_TAG, description: Tagged, people: [U00000000000000000000000000000a01]}
`

// audiences are the official clients of an account's audiences.
type audiences struct {
	*a.ManageAudienceAPI
	blob *a.ManageAudienceBlobAPI
}

func (s *stage) audiences(token string) audiences {
	s.t.Helper()
	api, err := a.NewManageAudienceAPI(token, a.WithEndpoint(s.server.URL), a.WithHTTPClient(s.http))
	must(s.t, api, err)
	blob, err := a.NewManageAudienceBlobAPI(token, a.WithBlobEndpoint(s.server.URL), a.WithBlobHTTPClient(s.http))
	return audiences{api, must(s.t, blob, err)}
}

// listed is a file of user ids, one a line, opened as the client wants it.
func listed(t *testing.T, userIDs ...string) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ids.txt")
	if err := os.WriteFile(name, []byte(strings.Join(userIDs, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	must(t, f, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// is checks how an audience stands: "READY 2: FINISHED 2".
func (c audiences) is(t *testing.T, id int64, want string) {
	t.Helper()
	data, err := c.GetAudienceData(id)
	must(t, data, err)
	var jobs []string
	for _, j := range data.Jobs {
		jobs = append(jobs, fmt.Sprintf("%s %d", j.JobStatus, j.AudienceCount))
	}
	got := fmt.Sprintf("%s %d: %s", data.AudienceGroup.Status, data.AudienceGroup.AudienceCount, strings.Join(jobs, ", "))
	if got != want || data.AudienceGroup.AudienceGroupId != id {
		t.Errorf("audience %d: %s, want %s", id, got, want)
	}
}

func TestAudienceOfUserIDs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.audiences(cafeToken)
	res, made, err := c.CreateAudienceGroupWithHttpInfo(&a.CreateAudienceGroupRequest{Description: "Regulars", UploadDescription: "first",
		Audiences: []a.Audience{{Id: aoi}, {Id: lost}}})
	must(t, made, err)
	if res.StatusCode != http.StatusAccepted || made.CreateRoute != "MESSAGING_API" || made.Type != a.AudienceGroupType_UPLOAD || made.Description != "Regulars" ||
		made.Permission != "READ_WRITE" || made.ExpireTimestamp-made.Created != 15_552_000 || made.IsIfaAudience {
		t.Errorf("%d %+v", res.StatusCode, made)
	}
	id := made.AudienceGroupId
	c.is(t, id, "IN_PROGRESS 0: QUEUED 0")
	s.advance(10 * time.Minute)
	c.is(t, id, "READY 1: FINISHED 1")

	res, _, err = c.AddAudienceToAudienceGroupWithHttpInfo(&a.AddAudienceToAudienceGroupRequest{AudienceGroupId: id, Audiences: []a.Audience{{Id: ben}}})
	must(t, 0, err)
	added, _, err := c.blob.AddUserIdsToAudienceWithHttpInfo(listed(t, chen, dai), id, "second")
	must(t, 0, err)
	if res.StatusCode != http.StatusAccepted || added.StatusCode != http.StatusAccepted {
		t.Errorf("added by JSON: %d, by file: %d", res.StatusCode, added.StatusCode)
	}
	s.advance(10 * time.Minute)
	c.is(t, id, "READY 4: FINISHED 2, FINISHED 1, FINISHED 1")
	data, err := c.GetAudienceData(id)
	must(t, data, err)
	if j := data.Jobs[0]; j.Description != "second" || j.Type != a.AudienceGroupJobType_DIFF_ADD || j.FailedType != "" || j.AudienceGroupId != id {
		t.Errorf("%+v", j)
	}

	byFile, err := c.blob.CreateAudienceForUploadingUserIds(listed(t, aoi, ben), "From a file", false, "")
	must(t, byFile, err)
	s.server.Kill()
	s.server.Restart()
	s.connect()
	c = s.audiences(cafeToken)
	s.advance(10 * time.Minute)
	c.is(t, byFile.AudienceGroupId, "READY 2: FINISHED 2")

	_, err = c.AddAudienceToAudienceGroup(&a.AddAudienceToAudienceGroupRequest{AudienceGroupId: id, Audiences: []a.Audience{{Id: "nobody"}}})
	refused(t, "a malformed id", err, 400,
		`{"message":"Invalid audience id format","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"audiences"}]}`)
	_, err = c.blob.AddUserIdsToAudience(listed(t, aoi, "nobody"), id, "")
	refused(t, "a malformed line", err, 400,
		`{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","details":[{"message":"UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT","property":"file"}]}`)
	_, err = s.audiences(teaToken).GetAudienceData(id)
	refused(t, "another account's", err, 400, audienceNotFound)
}

func TestAudiencesListed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.audiences(cafeToken)
	var ids []int64
	for n := range 3 {
		made, err := c.CreateAudienceGroup(&a.CreateAudienceGroupRequest{Description: fmt.Sprint("List ", n)})
		ids = append(ids, must(t, made, err).AudienceGroupId)
		s.advance(time.Second)
	}
	all, err := c.GetAudienceGroups(0, "", "", 0, false, "") // all that the client leaves out it sends as zero or empty
	must(t, all, err)
	if len(all.AudienceGroups) != 3 || all.AudienceGroups[0].AudienceGroupId != ids[2] || all.HasNextPage || all.TotalCount != 3 ||
		all.ReadWriteAudienceGroupTotalCount != 3 || all.Page != 1 || all.Size != 20 {
		t.Errorf("%+v", all)
	}
	some, err := c.GetAudienceGroups(2, "LIST", a.AudienceGroupStatus_IN_PROGRESS, 2, true, a.AudienceGroupCreateRoute_MESSAGING_API)
	must(t, some, err)
	if len(some.AudienceGroups) != 1 || some.AudienceGroups[0].Description != "List 0" || some.Page != 2 || some.Size != 2 || some.TotalCount != 3 {
		t.Errorf("%+v", some)
	}
	_, err = c.GetAudienceGroups(1, "", "", 41, true, "")
	refused(t, "41 a page", err, 400, `{"message":"size: must be less than or equal to 40","details":[{"message":"TOO_HIGH"}]}`)

	_, err = c.UpdateAudienceGroupDescription(ids[0], &a.UpdateAudienceGroupDescriptionRequest{Description: "Renamed"})
	must(t, 0, err)
	data, err := c.GetAudienceData(ids[0])
	if must(t, data, err); data.AudienceGroup.Description != "Renamed" {
		t.Errorf("%+v", data.AudienceGroup)
	}
	res, _, err := c.DeleteAudienceGroupWithHttpInfo(ids[0])
	if must(t, 0, err); res.StatusCode != http.StatusAccepted {
		t.Errorf("deleted: %d", res.StatusCode)
	}
	_, err = c.DeleteAudienceGroup(ids[0])
	refused(t, "deleted again", err, 400, audienceNotFound)
}

func TestRetargetingAudiences(t *testing.T) {
	t.Parallel()
	s := newStage(t, audienceWorld)
	c := s.audiences(cafeToken)
	link := &m.QuickReply{Items: []m.QuickReplyItem{{Type: "action", Action: &m.UriAction{Label: "a", Uri: "https://example.com/a"}}}}
	res, _, err := s.api.BroadcastWithHttpInfo(&m.BroadcastRequest{Messages: []m.MessageInterface{&m.TextMessage{Text: "look", QuickReply: link}}}, "")
	must(t, 0, err)
	request := res.Header.Get("x-line-request-id")

	seen, err := c.CreateImpBasedAudienceGroup(&a.CreateImpBasedAudienceGroupRequest{Description: "Seen", RequestId: request})
	must(t, seen, err)
	clicked, err := c.CreateClickBasedAudienceGroup(&a.CreateClickBasedAudienceGroupRequest{Description: "Clicked", RequestId: request, ClickUrl: "https://example.com/a"})
	must(t, clicked, err)
	if seen.Type != a.AudienceGroupType_IMP || seen.RequestId != request || clicked.Type != a.AudienceGroupType_CLICK || clicked.ClickUrl != "https://example.com/a" ||
		clicked.ExpireTimestamp-clicked.Created != 15_552_000 {
		t.Errorf("%+v %+v", seen, clicked)
	}
	friends, err := s.api.GetFollowers("", 1000)
	must(t, friends, err)
	message := s.sees(aoi, cafe)[0].ID
	for i, id := range friends.UserIds {
		s.does(id, object{"type": "read", "chat": in(cafe)})
		if i < 30 {
			sim[object](s, "POST", "/people/"+id+"/taps", object{"chat": in(cafe), "messageId": message, "quickReply": 0})
		}
	}
	s.advance(10 * time.Minute)
	c.is(t, seen.AudienceGroupId, "READY 62: ")
	c.is(t, clicked.AudienceGroupId, "IN_PROGRESS 30: ")
	data, err := c.GetAudienceData(clicked.AudienceGroupId)
	if must(t, data, err); data.AudienceGroup.RequestId != request || data.AudienceGroup.ClickUrl != "https://example.com/a" {
		t.Errorf("%+v", data.AudienceGroup)
	}
	_, err = c.CreateImpBasedAudienceGroup(&a.CreateImpBasedAudienceGroupRequest{Description: "Again", RequestId: request})
	refused(t, "the same request", err, 400, `{"message":"AUDIENCE_GROUP_REQUESTID_DUPLICATE","details":[{"message":"AUDIENCE_GROUP_REQUESTID_DUPLICATE"}]}`)
	_, err = c.CreateClickBasedAudienceGroup(&a.CreateClickBasedAudienceGroupRequest{Description: "x", RequestId: "11111111-2222-4333-8444-555555555555"})
	refused(t, "an unknown request", err, 400, `{"message":"REQUEST_NOT_FOUND","details":[{"message":"REQUEST_NOT_FOUND"}]}`)
}

func TestSharedAudiences(t *testing.T) {
	t.Parallel()
	s := newStage(t, audienceWorld)
	c := s.audiences(cafeToken)
	made, err := c.CreateAudienceGroup(&a.CreateAudienceGroupRequest{Description: "Own"})
	must(t, made, err)
	list, err := c.GetSharedAudienceGroups(0, "", "", 0, "", false)
	must(t, list, err)
	if len(list.AudienceGroups) != 2 || list.TotalCount != 2 || list.ReadWriteAudienceGroupTotalCount != 0 || list.Page != 1 || list.Size != 20 {
		t.Errorf("%+v", list)
	}
	tagged, err := c.GetSharedAudienceGroups(1, "TAG", a.AudienceGroupStatus_READY, 40, a.AudienceGroupCreateRoute_OA_MANAGER, false)
	must(t, tagged, err)
	if g := tagged.AudienceGroups; len(g) != 1 || g[0].AudienceGroupId != 1234567890124 || g[0].AudienceCount != 1 || g[0].Permission != a.AudienceGroupPermission_READ {
		t.Errorf("%+v", g)
	}
	both, err := c.GetSharedAudienceGroups(1, "", "", 40, "", true)
	if must(t, both, err); both.TotalCount != 3 || both.ReadWriteAudienceGroupTotalCount != 1 {
		t.Errorf("%+v", both)
	}
	visitors, err := c.GetSharedAudienceData(1234567890123)
	must(t, visitors, err)
	if g, o := visitors.AudienceGroup, visitors.Owner; g.AudienceCount != 60 || g.Type != a.AudienceGroupType_WEBTRAFFIC || o.ServiceType != "bm" || o.Id != "0123" || o.Name != "Kaiwa Group" {
		t.Errorf("%+v %+v", g, o)
	}
	_, err = c.GetAudienceData(1234567890123)
	refused(t, "not its own", err, 400, audienceNotFound)
	_, err = s.audiences(teaToken).GetSharedAudienceData(1234567890123)
	refused(t, "not shared with it", err, 400, audienceNotFound)
}
