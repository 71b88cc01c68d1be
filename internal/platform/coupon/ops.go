package coupon

import (
	"time"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
)

// perSecond is the limit of each of the four operations.
var perSecond = limit.Rate{Requests: 200, Per: time.Second}

// Ops are the operations of the room.
func (r *Room) Ops() []api.Op {
	return []api.Op{
		{ID: "createCoupon", Pattern: "POST /v2/bot/coupon", Run: api.JSON(r.create), Limit: perSecond},
		{ID: "listCoupon", Pattern: "GET /v2/bot/coupon", Run: api.None(r.list), Limit: perSecond},
		{ID: "getCouponDetail", Pattern: "GET /v2/bot/coupon/{couponId}", Run: api.None(r.detail), Limit: perSecond},
		{ID: "closeCoupon", Pattern: "PUT /v2/bot/coupon/{couponId}/close", Run: api.None(r.close), Limit: perSecond},
		{ID: "coupon.image", Pattern: "GET /coupon/{couponId}/{image}", Run: api.None(r.image), Open: true},
	}
}
