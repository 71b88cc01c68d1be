package membership

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// perSecond is the limit of each of the operations.
var perSecond = limit.Rate{Requests: 200, Per: time.Second}

// Ops are the operations of the room. Two of them had another path when they
// were first released, which clients of that time still call.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "getMembershipList", Pattern: "GET /v2/bot/membership/list", Run: api.None(r.list), Limit: perSecond},
		{ID: "getMembershipList", Pattern: "GET /membership/v1/list", Run: api.None(r.list), Limit: perSecond},
		{ID: "getMembershipSubscription", Pattern: "GET /v2/bot/membership/subscription/{userId}", Run: api.None(r.subscription), Limit: perSecond},
		{ID: "getMembershipSubscription", Pattern: "GET /membership/v1/subscription/{userId}", Run: api.None(r.subscription), Limit: perSecond},
		{ID: "getJoinedMembershipUsers", Pattern: "GET /v2/bot/membership/{membershipId}/users/ids", Run: api.None(r.users), Limit: perSecond},
	}
}
