package sim

import "kaiwa/internal/kernel/api"

// Ops are the calls of the simulation API.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "sim.world", Pattern: "GET /sim/v1/world", Run: api.None(r.getWorld)},
		{ID: "sim.addPerson", Pattern: "POST /sim/v1/people", Run: api.Raw(r.addPerson)},
		{ID: "sim.person", Pattern: "GET /sim/v1/people/{userId}", Run: api.None(r.getPerson)},
		{ID: "sim.coupon", Pattern: "GET /sim/v1/coupons/{couponId}", Run: api.None(r.getCoupon)},
		{ID: "sim.follow", Pattern: "POST /sim/v1/people/{userId}/follow", Run: api.JSON(r.follow)},
		{ID: "sim.unfollow", Pattern: "POST /sim/v1/people/{userId}/unfollow", Run: api.JSON(r.unfollow)},
		{ID: "sim.say", Pattern: "POST /sim/v1/people/{userId}/messages", Run: api.Raw(r.postMessage)},
		{ID: "sim.tap", Pattern: "POST /sim/v1/people/{userId}/taps", Run: api.JSON(r.postTap)},
		{ID: "sim.liff", Pattern: "POST /sim/v1/people/{userId}/liff", Run: api.JSON(r.postLIFF)},
		{ID: "sim.happen", Pattern: "POST /sim/v1/people/{userId}/events", Run: api.JSON(r.postEvent)},
		{ID: "sim.order", Pattern: "POST /sim/v1/people/{userId}/orders", Run: api.JSON(r.postOrder)},
		{ID: "sim.pay", Pattern: "POST /sim/v1/people/{userId}/orders/{orderNumber}/pay", Run: api.None(r.payOrder)},
		{ID: "sim.orders", Pattern: "GET /sim/v1/people/{userId}/orders", Run: api.None(r.getOrders)},
		{ID: "sim.chats", Pattern: "GET /sim/v1/people/{userId}/chats", Run: api.None(r.getChats)},
		{ID: "sim.messages", Pattern: "GET /sim/v1/people/{userId}/chats/{chatId}/messages", Run: api.None(r.getMessages)},
		{ID: "sim.content", Pattern: "GET /sim/v1/people/{userId}/chats/{chatId}/messages/{messageId}/content", Run: api.None(r.getContent)},
		{ID: "sim.preview", Pattern: "GET /sim/v1/people/{userId}/chats/{chatId}/messages/{messageId}/content/preview", Run: api.None(r.getPreview)},
		{ID: "sim.addGroup", Pattern: "POST /sim/v1/groups", Run: api.JSON(r.addGroup)},
		{ID: "sim.joinGroup", Pattern: "POST /sim/v1/groups/{id}/join", Run: api.JSON(r.joinGroup)},
		{ID: "sim.leaveGroup", Pattern: "POST /sim/v1/groups/{id}/leave", Run: api.JSON(r.leaveGroup)},
		{ID: "sim.addRoom", Pattern: "POST /sim/v1/rooms", Run: api.JSON(r.addRoom)},
		{ID: "sim.joinRoom", Pattern: "POST /sim/v1/rooms/{id}/join", Run: api.JSON(r.joinRoom)},
		{ID: "sim.leaveRoom", Pattern: "POST /sim/v1/rooms/{id}/leave", Run: api.JSON(r.leaveRoom)},
		{ID: "sim.suspend", Pattern: "POST /sim/v1/channels/{channelId}/suspend", Run: api.None(r.suspend(true))},
		{ID: "sim.resume", Pattern: "POST /sim/v1/channels/{channelId}/resume", Run: api.None(r.suspend(false))},
		{ID: "sim.events", Pattern: "GET /sim/v1/events", Run: api.None(r.events)},
		{ID: "sim.webhooks", Pattern: "GET /sim/v1/webhooks", Run: api.None(r.webhooks)},
		{ID: "sim.redeliver", Pattern: "POST /sim/v1/webhooks/{webhookEventId}/redeliver", Run: api.None(r.redeliver)},
		{ID: "sim.requests", Pattern: "GET /sim/v1/requests", Run: api.None(r.requests)},
		{ID: "sim.clock", Pattern: "GET /sim/v1/clock", Run: api.None(r.getClock)},
		{ID: "sim.setClock", Pattern: "POST /sim/v1/clock", Run: api.JSON(r.setClock)},
		{ID: "sim.faults", Pattern: "GET /sim/v1/faults", Run: api.None(r.getFaults)},
		{ID: "sim.setFaults", Pattern: "PUT /sim/v1/faults", Run: api.Raw(r.putFaults)},
		{ID: "sim.clearFaults", Pattern: "DELETE /sim/v1/faults", Run: api.None(r.deleteFaults)},
		{ID: "sim.reset", Pattern: "POST /sim/v1/reset", Run: api.None(r.reset)},
	}
}
