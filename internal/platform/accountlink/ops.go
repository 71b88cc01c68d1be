package accountlink

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "issueLinkToken", Pattern: "POST /v2/bot/user/{userId}/linkToken", Run: api.None(r.issue)},
	}
}

const path = "/dialog/bot/accountLink"

// PageOps are the page that a person is sent to, on access.line.me.
func (r *Room) PageOps() []api.Op {
	return []api.Op{
		{ID: "accountLink.page", Pattern: "GET " + path, Run: api.None(r.page)},
		{ID: "accountLink.link", Pattern: "POST " + path, Run: api.Form(r.sent)},
	}
}
