package message

import (
	"fmt"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// offered refuses coupon messages whose coupon is not the account's own, or is
// closed, all of them together. Which coupons there are is not asked by the
// validate operations.
func (r *Room) offered(tx *store.Tx, s send) error {
	var bad []api.Detail
	for i, m := range s.messages {
		if m.CouponID == "" {
			continue
		}
		why, err := r.coupons.Unsendable(tx, s.channel, m.CouponID)
		if err != nil {
			return err
		}
		if why != "" {
			bad = append(bad, api.Detail{Message: why, Property: fmt.Sprintf("messages[%d].couponId", i)})
		}
	}
	if bad == nil {
		return nil
	}
	return &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(bad)), Details: bad}
}
