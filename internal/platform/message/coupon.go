package message

import (
	"fmt"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// offered refuses coupon messages whose coupon is not the account's own, all of
// them together. One that is closed can be sent; nobody can use it. The validate
// operations do not ask which coupons there are.
func (r *Room) offered(tx *store.Tx, s send) error {
	var bad []api.Detail
	for i, m := range s.messages {
		if m.CouponID == "" {
			continue
		}
		has, err := r.coupons.Has(tx, s.channel, m.CouponID)
		if err != nil {
			return err
		}
		if !has {
			bad = append(bad, api.Detail{Message: "coupon not found", Property: fmt.Sprintf("messages[%d].couponId", i)})
		}
	}
	if bad == nil {
		return nil
	}
	return &api.Error{Code: api.Invalid, Message: fmt.Sprintf("The request body has %d error(s)", len(bad)), Details: bad}
}
