package pnp

import "kaiwa/internal/kernel/api"

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "pushMessagesByPhone", Pattern: "POST /bot/pnp/push", Run: api.JSON(r.push)},
		{ID: "getPNPMessageStatistics", Pattern: "GET /v2/bot/message/delivery/pnp", Run: api.None(r.messages.Delivered(flexible))},
		// The description lacks these two; their names are ours.
		{ID: "pushTemplatedMessagesByPhone", Pattern: "POST /v2/bot/message/pnp/templated/push", Run: api.JSON(r.pushTemplate)},
		{ID: "getTemplatedPNPMessageStatistics", Pattern: "GET /v2/bot/message/delivery/pnp/templated", Run: api.None(r.messages.Delivered(templated))},
	}
}
