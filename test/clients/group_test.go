package clients

import (
	"fmt"
	"slices"
	"testing"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := sim[map[string]string](s, "POST", "/groups", object{"name": "Hike", "pictureUrl": "https://example.com/hike.png",
		"userIds": []string{aoi, chen, dai}, "channelIds": []string{cafe}})["groupId"]
	one[webhook.JoinEvent](t, s)

	summary, err := s.api.GetGroupSummary(id)
	if must(t, summary, err); *summary != (m.GroupSummaryResponse{GroupId: id, GroupName: "Hike", PictureUrl: "https://example.com/hike.png"}) {
		t.Errorf("summary: %+v", summary)
	}
	count, err := s.api.GetGroupMemberCount(id)
	if must(t, count, err); count.Count != 3 {
		t.Errorf("count: %+v", count)
	}
	members, err := s.api.GetGroupMembersIds(id, "")
	if must(t, members, err); !slices.Equal(members.MemberIds, []string{aoi, chen, dai}) || members.Next != "" {
		t.Errorf("ids: %+v", members)
	}
	profile, err := s.api.GetGroupMemberProfile(id, aoi)
	if must(t, profile, err); *profile != (m.GroupUserProfileResponse{DisplayName: "Aoi", UserId: aoi, PictureUrl: "https://example.com/aoi.png"}) {
		t.Errorf("a friend: %+v", profile)
	}
	for name, person := range map[string]string{"Chen": chen, "Dai": dai} { // a stranger, and one who blocked the cafe
		profile, err := s.api.GetGroupMemberProfile(id, person)
		if must(t, profile, err); *profile != (m.GroupUserProfileResponse{DisplayName: name, UserId: person}) {
			t.Errorf("%s: %+v", name, profile)
		}
	}
	_, err = s.api.GetGroupMemberProfile(id, ben)
	refused(t, "who is not in it", err, 404, notFound)

	left, err := s.api.LeaveGroup(id)
	must(t, left, err)
	if _, c := one[webhook.LeaveEvent](t, s); c.meta.Source.GroupID != id || c.meta.ReplyToken != "" {
		t.Errorf("leave: %s", c.body)
	}
	_, err = s.api.LeaveGroup(id)
	refused(t, "leaving twice", err, 404, notFound)
	_, err = s.api.GetGroupSummary(id)
	refused(t, "a group that it left", err, 404, notFound)
	_, err = s.api.PushMessage(&m.PushMessageRequest{To: id, Messages: text("still here?")}, "")
	refused(t, "push to it", err, 400, `{"message":"Failed to send messages"}`)
	_, err = s.api.GetGroupMemberCount("team")
	refused(t, "no group id", err, 400, `{"message":"The value for the 'groupId' parameter is invalid"}`)
	_, err = s.client(teaToken).GetGroupMembersIds(team, "")
	refused(t, "an unverified account", err, 403, `{"message":"Access to this API is not available for your account"}`)
}

func TestRooms(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	count, err := s.api.GetRoomMemberCount(office)
	if must(t, count, err); count.Count != 2 {
		t.Errorf("count: %+v", count)
	}
	members, err := s.api.GetRoomMembersIds(office, "")
	if must(t, members, err); !slices.Equal(members.MemberIds, []string{aoi, chen}) || members.Next != "" {
		t.Errorf("ids: %+v", members)
	}
	profile, err := s.api.GetRoomMemberProfile(office, chen)
	if must(t, profile, err); *profile != (m.RoomUserProfileResponse{DisplayName: "Chen", UserId: chen}) {
		t.Errorf("profile: %+v", profile)
	}
	for range 2 { // the second time it is not in there any more, and the answer the same
		left, err := s.api.LeaveRoom(office)
		must(t, left, err)
	}
	if _, c := one[webhook.LeaveEvent](t, s); c.meta.Source.RoomID != office {
		t.Errorf("leave: %s", c.body)
	}
	_, err = s.api.GetRoomMemberCount(office)
	refused(t, "a room that it left", err, 404, notFound)
	_, err = s.api.LeaveRoom("R0000000000000000000000000000dfff")
	refused(t, "no such room", err, 404, notFound)
	_, err = s.api.GetRoomMembersIds(team, "")
	refused(t, "a group", err, 400, `{"message":"The value for the 'roomId' parameter is invalid"}`)
}

// A bot reads a large group as the SDK's examples do: page after page.
func TestGroupMembersInPages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var people []string
	for i := range 130 {
		person := fmt.Sprintf("U%032x", 0xb00+i)
		sim[object](s, "POST", "/people", object{"userId": person})
		people = append(people, person)
	}
	sim[object](s, "POST", "/groups/"+team+"/join", object{"userIds": people})
	var all []string
	for start := ""; ; {
		page, err := s.api.GetGroupMembersIds(team, start)
		must(t, page, err)
		all = append(all, page.MemberIds...)
		if start = page.Next; start == "" {
			break
		}
	}
	if want := append([]string{aoi, ben}, people...); !slices.Equal(all, want) {
		t.Errorf("%d members: %v", len(all), all)
	}
	_, err := s.api.GetGroupMembersIds(team, "nonsense")
	refused(t, "a token that is none", err, 400, `{"message":"Invalid start param"}`)
}
