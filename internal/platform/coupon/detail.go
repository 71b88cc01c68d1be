package coupon

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// detailAnswer has the members in the order of the platform's sample.
type detailAnswer struct {
	CouponID             string       `json:"couponId"`
	Title                string       `json:"title"`
	Description          string       `json:"description,omitzero"`
	AcquisitionCondition *Acquisition `json:"acquisitionCondition"`
	StartTimestamp       int64        `json:"startTimestamp"`
	EndTimestamp         int64        `json:"endTimestamp"`
	Timezone             string       `json:"timezone"`
	CouponCode           string       `json:"couponCode,omitzero"`
	MaxUseCountPerTicket *int64       `json:"maxUseCountPerTicket"`
	MaxTicketPerUser     int64        `json:"maxTicketPerUser"`
	Visibility           string       `json:"visibility"`
	Reward               *Reward      `json:"reward"`
	ImageURL             string       `json:"imageUrl,omitzero"`
	BarcodeImageURL      string       `json:"barcodeImageUrl,omitzero"`
	UsageCondition       string       `json:"usageCondition,omitzero"`
	Status               string       `json:"status"`
	CreatedTimestamp     int64        `json:"createdTimestamp"`
}

// maxTicketPerUser is how often one person can acquire a coupon; only coupons
// of friend referral, which this API cannot make, have more.
const maxTicketPerUser = 1

// detail describes a coupon. Its instants are cut to the minute, as in the
// platform's sample; it ends at the second that was asked for.
// https://developers.line.biz/en/reference/messaging-api/#get-coupon
func (r *Room) detail(c *api.Call) (any, error) {
	var a detailAnswer
	err := r.db.View(c, func(tx *store.Tx) error {
		ch := channel.Caller(c)
		x, err := own(tx, ch, c.Path("couponId"))
		if err != nil {
			return err
		}
		t := x.Terms
		a = detailAnswer{CouponID: x.ID, Title: t.Title, Description: t.Description, AcquisitionCondition: t.AcquisitionCondition,
			StartTimestamp: minute(*t.StartTimestamp), EndTimestamp: minute(*t.EndTimestamp), Timezone: t.Timezone, CouponCode: t.CouponCode,
			MaxUseCountPerTicket: t.MaxUseCountPerTicket, MaxTicketPerUser: maxTicketPerUser, Visibility: t.Visibility,
			Reward: t.Reward.in(ch.Account.Country), ImageURL: hosted(c, x.ID, "image", t.ImageURL),
			BarcodeImageURL: hosted(c, x.ID, "barcode", t.BarcodeImageURL), UsageCondition: t.UsageCondition, Status: x.Status(tx.Now),
			CreatedTimestamp: minute(x.CreatedAt.Unix())}
		return nil
	})
	return a, err
}

func minute(seconds int64) int64 { return seconds - seconds%60 }

// in adds the currency of the account's country to amounts of money.
func (w Reward) in(country string) *Reward {
	if w.PriceInfo == nil || w.PriceInfo.Type == "percentage" {
		return &w
	}
	p := *w.PriceInfo
	p.Currency = channel.Currency(country)
	w.PriceInfo = &p
	return &w
}
