package coupon

// Terms are what a coupon promises: the body of createCoupon, as it is kept.
// Pointers tell a number that is not there from 0.
// https://developers.line.biz/en/reference/messaging-api/#create-coupon
type Terms struct {
	Title                string       `json:"title"`                // 1 to 60
	Description          string       `json:"description,omitzero"` // 1,000 at most
	AcquisitionCondition *Acquisition `json:"acquisitionCondition,omitzero"`
	MaxUseCountPerTicket *int64       `json:"maxUseCountPerTicket,omitzero"` // 1, or -1: no limit
	StartTimestamp       *int64       `json:"startTimestamp,omitzero"`       // unix seconds
	EndTimestamp         *int64       `json:"endTimestamp,omitzero"`         // unix seconds
	Timezone             string       `json:"timezone,omitzero"`             // one of zones
	Reward               *Reward      `json:"reward,omitzero"`
	Visibility           string       `json:"visibility,omitzero"`      // UNLISTED or PUBLIC
	ImageURL             string       `json:"imageUrl,omitzero"`        // https, 2,000 at most
	CouponCode           string       `json:"couponCode,omitzero"`      // 16 at most
	BarcodeImageURL      string       `json:"barcodeImageUrl,omitzero"` // https, 2,000 at most
	UsageCondition       string       `json:"usageCondition,omitzero"`  // 100 at most
}

// Acquisition says who gets the coupon: all (normal), or who wins it (lottery).
type Acquisition struct {
	Type               string `json:"type,omitzero"`
	LotteryProbability *int64 `json:"lotteryProbability,omitzero"` // per cent, 1 to 99
	MaxAcquireCount    *int64 `json:"maxAcquireCount,omitzero"`    // winners, 1 to 999,999, or -1: no limit
}

// Reward is what the coupon is good for: discount, free, gift, cashBack or others.
type Reward struct {
	Type      string     `json:"type,omitzero"`
	PriceInfo *PriceInfo `json:"priceInfo,omitzero"` // of discount and cashBack
}

// PriceInfo is the money in a discount or cashback: fixed, percentage, or, of a
// discount, explicit. Currency stands in answers only.
type PriceInfo struct {
	Type               string `json:"type,omitzero"`
	FixedAmount        *int64 `json:"fixedAmount,omitzero"`
	Percentage         *int64 `json:"percentage,omitzero"` // 1 to 99
	OriginalPrice      *int64 `json:"originalPrice,omitzero"`
	PriceAfterDiscount *int64 `json:"priceAfterDiscount,omitzero"`
	Currency           string `json:"currency,omitzero"` // JPY, TWD or THB
}

// zones are the time zones that a period can be told in.
var zones = []string{"ETC_GMT_MINUS_12", "ETC_GMT_MINUS_11", "PACIFIC_HONOLULU", "AMERICA_ANCHORAGE", "AMERICA_LOS_ANGELES", "AMERICA_PHOENIX",
	"AMERICA_CHICAGO", "AMERICA_NEW_YORK", "AMERICA_CARACAS", "AMERICA_SANTIAGO", "AMERICA_ST_JOHNS", "AMERICA_SAO_PAULO", "ETC_GMT_MINUS_2",
	"ATLANTIC_CAPE_VERDE", "EUROPE_LONDON", "EUROPE_PARIS", "EUROPE_ISTANBUL", "EUROPE_MOSCOW", "ASIA_TEHRAN", "ASIA_TBILISI", "ASIA_KABUL",
	"ASIA_TASHKENT", "ASIA_COLOMBO", "ASIA_KATHMANDU", "ASIA_ALMATY", "ASIA_RANGOON", "ASIA_BANGKOK", "ASIA_TAIPEI", "ASIA_TOKYO",
	"AUSTRALIA_DARWIN", "AUSTRALIA_SYDNEY", "ASIA_VLADIVOSTOK", "ETC_GMT_PLUS_12", "PACIFIC_TONGATAPU"}
