package message

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/object"
)

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "replyMessage", Pattern: "POST /v2/bot/message/reply", Run: api.JSON(r.reply)},
		{ID: "pushMessage", Pattern: "POST /v2/bot/message/push", Run: api.JSON(r.push), RetryKey: true},
		{ID: "multicast", Pattern: "POST /v2/bot/message/multicast", Run: api.JSON(r.multicast), RetryKey: true,
			Limit: limit.Rate{Requests: 200, Per: time.Second}},
		{ID: "broadcast", Pattern: "POST /v2/bot/message/broadcast", Run: api.JSON(r.broadcast), RetryKey: true,
			Limit: limit.Rate{Requests: 60, Per: time.Hour}},
		{ID: "narrowcast", Pattern: "POST /v2/bot/message/narrowcast", Run: api.JSON(r.narrowcast), RetryKey: true,
			Limit: limit.Rate{Requests: 60, Per: time.Hour}},
		{ID: "getNarrowcastProgress", Pattern: "GET /v2/bot/message/progress/narrowcast", Run: api.None(r.progress)},
		{ID: "validateReply", Pattern: "POST /v2/bot/message/validate/reply", Run: api.JSON(validate(object.Reply))},
		{ID: "validatePush", Pattern: "POST /v2/bot/message/validate/push", Run: api.JSON(validate(object.Push))},
		{ID: "validateMulticast", Pattern: "POST /v2/bot/message/validate/multicast", Run: api.JSON(validate(object.Multicast))},
		{ID: "validateNarrowcast", Pattern: "POST /v2/bot/message/validate/narrowcast", Run: api.JSON(validate(object.Narrowcast))},
		{ID: "validateBroadcast", Pattern: "POST /v2/bot/message/validate/broadcast", Run: api.JSON(validate(object.Broadcast))},
		{ID: "getAggregationUnitUsage", Pattern: "GET /v2/bot/message/aggregation/info", Run: api.None(r.unitInfo)},
		{ID: "getAggregationUnitNameList", Pattern: "GET /v2/bot/message/aggregation/list", Run: api.None(r.listUnits)},
		{ID: "getMessageQuota", Pattern: "GET /v2/bot/message/quota", Run: api.None(r.quota)},
		{ID: "getMessageQuotaConsumption", Pattern: "GET /v2/bot/message/quota/consumption", Run: api.None(r.consumption)},
		{ID: "getNumberOfSentReplyMessages", Pattern: "GET /v2/bot/message/delivery/reply", Run: api.None(r.delivered("reply"))},
		{ID: "getNumberOfSentPushMessages", Pattern: "GET /v2/bot/message/delivery/push", Run: api.None(r.delivered("push"))},
		{ID: "getNumberOfSentMulticastMessages", Pattern: "GET /v2/bot/message/delivery/multicast", Run: api.None(r.delivered("multicast"))},
		{ID: "getNumberOfSentBroadcastMessages", Pattern: "GET /v2/bot/message/delivery/broadcast", Run: api.None(r.delivered("broadcast"))},
	}
}
