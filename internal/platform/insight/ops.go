package insight

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	hourly := limit.Rate{Requests: 60, Per: time.Hour}
	return []api.Op{
		{ID: "getNumberOfMessageDeliveries", Pattern: "GET /v2/bot/insight/message/delivery", Run: api.None(r.deliveries), Limit: hourly},
		{ID: "getNumberOfFollowers", Pattern: "GET /v2/bot/insight/followers", Run: api.None(r.followers), Limit: hourly},
		{ID: "getFriendsDemographics", Pattern: "GET /v2/bot/insight/demographic", Run: api.None(r.demographics), Limit: hourly},
		{ID: "getMessageEvent", Pattern: "GET /v2/bot/insight/message/event", Run: api.None(r.event), Limit: hourly},
		{ID: "getStatisticsPerUnit", Pattern: "GET /v2/bot/insight/message/event/aggregation", Run: api.None(r.unit), Limit: hourly},
	}
}
