package group

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room. Groups and multi-person chats differ in
// the summary, which only groups have, and in leaving.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "getGroupSummary", Pattern: "GET /v2/bot/group/{groupId}/summary", Run: api.None(r.summary)},
		{ID: "getGroupMemberCount", Pattern: "GET /v2/bot/group/{groupId}/members/count", Run: api.None(r.count(groups))},
		{ID: "getGroupMembersIds", Pattern: "GET /v2/bot/group/{groupId}/members/ids", Run: api.None(r.memberIDs(groups))},
		{ID: "getGroupMemberProfile", Pattern: "GET /v2/bot/group/{groupId}/member/{userId}", Run: api.None(r.profile(groups))},
		{ID: "leaveGroup", Pattern: "POST /v2/bot/group/{groupId}/leave", Run: api.None(r.leave(groups))},
		{ID: "getRoomMemberCount", Pattern: "GET /v2/bot/room/{roomId}/members/count", Run: api.None(r.count(rooms))},
		{ID: "getRoomMembersIds", Pattern: "GET /v2/bot/room/{roomId}/members/ids", Run: api.None(r.memberIDs(rooms))},
		{ID: "getRoomMemberProfile", Pattern: "GET /v2/bot/room/{roomId}/member/{userId}", Run: api.None(r.profile(rooms))},
		{ID: "leaveRoom", Pattern: "POST /v2/bot/room/{roomId}/leave", Run: api.None(r.leave(rooms))},
	}
}
