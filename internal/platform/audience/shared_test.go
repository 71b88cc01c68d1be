package audience_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/testkit/stage"
)

const sharedWorld = stage.World + `
crowd:
  - {channel: "1656000001", count: 100, seed: 1}
sharedAudiences:
  - audienceGroupId: 1234567890123
    channels: ["1656000001"]
    type: WEBTRAFFIC
    description: Visitors
    crowd: 60
    owner: {serviceType: bm, id: 0123456789ABCDEFGHIJKLMNOP, name: Kaiwa Group}
    webtraffic: {webtrafficRetentionDays: 30, webtrafficTagId: "01234567-8901-2345-6789-012345678901", webtrafficTagOwnerName: "Kaiwa (@kaiwa)"}
  - audienceGroupId: 1234567890124
    channels: ["1656000001", "1656000002"]
    createRoute: AD_MANAGER
    type: IMAGE_CLICK
    description: Lookers
    isIfaAudience: true
    people: [U00000000000000000000000000000a01]
    owner: {serviceType: lap, id: A012345678, name: Ads}
  - audienceGroupId: 1234567890125
    channels: ["1656000001"]
    status: FAILED
    description: Broken
    people: [U00000000000000000000000000000a01, U00000000000000000000000000000a02]
`

func TestShared(t *testing.T) {
	s := stage.Start(t, "", sharedWorld)
	visitors := `"audienceGroupId":1234567890123,"createRoute":"BUSINESS_MANAGER","type":"WEBTRAFFIC","description":"Visitors","status":"READY","audienceCount":60,` +
		`"created":*,"permission":"READ","isIfaAudience":false,"webtraffic":{"webtrafficIsMyTag":false,"webtrafficBmTagSharingStatus":"SHARED",` +
		`"webtrafficIsTagDeleted":false,"webtrafficTagCreateRoute":"OA_MANAGER"`
	lookers := `{"audienceGroupId":1234567890124,"createRoute":"AD_MANAGER","type":"IMAGE_CLICK","description":"Lookers","status":"READY","audienceCount":0,` +
		`"created":*,"permission":"READ","isIfaAudience":true}`
	broken := `{"audienceGroupId":1234567890125,"createRoute":"BUSINESS_MANAGER","type":"UPLOAD","description":"Broken","status":"FAILED","audienceCount":2,` +
		`"created":*,"permission":"READ","isIfaAudience":false,"failedType":"AUDIENCE_GROUP_AUDIENCE_INSUFFICIENT"}`
	end := func(n, size int) string {
		return fmt.Sprintf(`],"hasNextPage":false,"totalCount":%d,"readWriteAudienceGroupTotalCount":0,"size":%d,"page":1}`, n, size)
	}
	s.Play(t, []stage.Step{
		{Name: "web traffic", Call: "GET " + shared + "1234567890123", As: stage.Cafe, Status: 200,
			Want: `{"audienceGroup":{` + visitors + `,"webtrafficVisitType":"VISIT_ALL","webtrafficRetentionDays":30,` +
				`"webtrafficTagId":"01234567-8901-2345-6789-012345678901","webtrafficConditionGroup":[],"webtrafficTagOwnerName":"Kaiwa (@kaiwa)"}},` +
				`"jobs":[],"owner":{"serviceType":"bm","id":"0123456789ABCDEFGHIJKLMNOP","name":"Kaiwa Group"}}`},
		{Name: "few people", Call: "GET " + shared + "1234567890124", As: stage.Shop, Status: 200,
			Want: `{"audienceGroup":` + lookers + `,"jobs":[],"owner":{"serviceType":"lap","id":"A012345678","name":"Ads"}}`},
		{Name: "failed", Call: "GET " + shared + "1234567890125", As: stage.Cafe, Status: 200,
			Want: `{"audienceGroup":` + broken + `,"jobs":[],"owner":{"serviceType":"bm","id":"*","name":"Business Manager"}}`},
		{Name: "shared with another", Call: "GET " + shared + "1234567890123", As: stage.Shop, Status: 400, Want: notFound},
		{Name: "not among the account's own", Call: "GET " + groups + "1234567890123", As: stage.Cafe, Status: 400, Want: notFound},
		{Name: "not to be renamed", Call: "PUT " + groups + "1234567890123/updateDescription", As: stage.Cafe, Body: `{"description":"x"}`, Status: 400, Want: notFound},
		{Name: "not to be added to", Call: add, As: stage.Cafe, Body: added(1234567890125, stage.Aoi), Status: 400, Want: notFound},
		{Name: "not to be deleted", Call: "DELETE " + groups + "1234567890123", As: stage.Cafe, Status: 400, Want: notFound},
		{Name: "list", Call: "GET " + shared + "list?page=1&size=40", As: stage.Cafe, Status: 200,
			Want: `{"audienceGroups":[` + broken + `,` + lookers + `,{` + visitors + `}}` + end(3, 40)},
		{Name: "list of another", Call: "GET " + shared + "list", As: stage.Shop, Status: 200, Want: `{"audienceGroups":[` + lookers + end(1, 20)},
		{Name: "by route, as the Go SDK asks", Call: "GET " + shared + "list?page=0&size=0&status=&createRoute=AD_MANAGER&includesOwnedAudienceGroups=false", As: stage.Cafe,
			Status: 200, Want: `{"audienceGroups":[` + lookers + end(1, 20)},
		{Name: "by name and status", Call: "GET " + shared + "list?description=VISIT&status=READY&status=FAILED&createRoute=BUSINESS_MANAGER", As: stage.Cafe,
			Status: 200, Want: `{"audienceGroups":[{` + visitors + `}}` + end(1, 20)},
		{Name: "not in the list of its own", Call: "GET " + list, As: stage.Cafe, Status: 200, Want: `{"audienceGroups":[` + end(0, 20)},
	})
}

// An account's own audiences are found among the shared ones when it asks for them.
func TestOwnAmongShared(t *testing.T) {
	s := stage.Start(t, "", sharedWorld)
	s.Advance("1s")
	id := made(t, s, "Regulars", stage.Aoi)
	a := s.As(stage.Cafe, "GET", shared+"list?includesOwnedAudienceGroups=true", "")
	if got, want := read[page](t, a.Body).String(), "Regulars Broken Lookers Visitors; 4, 1 writable, page 1 by 20"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	a = s.As(stage.Cafe, "GET", fmt.Sprint(shared, id), "")
	if want := `"owner":{"serviceType":"account","id":"@cafe","name":"Kaiwa Cafe"}}`; a.Status != 200 || !strings.HasSuffix(a.Body, want) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
