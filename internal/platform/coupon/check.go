package coupon

import (
	"time"

	"kaiwa/internal/platform/object"
)

// latest is the last second of the year 9999. A later end is one in
// milliseconds, which nobody means.
const latest = 253402300799

const urlMost = 2000

// check finds all that is wrong with the terms, in the order of the reference.
func (t *Terms) check(now time.Time) (bad faults) {
	bad.length("title", t.Title, 1, 60)
	bad.length("description", t.Description, 0, 1000)
	t.AcquisitionCondition.check(&bad)
	if n := t.MaxUseCountPerTicket; bad.given("maxUseCountPerTicket", n != nil) && *n != 1 && *n != -1 {
		bad.add("maxUseCountPerTicket", oneOf("1", "-1"))
	}
	t.period(now, &bad)
	bad.choice("timezone", t.Timezone, zones...)
	t.Reward.check(&bad)
	bad.choice("visibility", t.Visibility, "UNLISTED", "PUBLIC")
	bad.image("imageUrl", t.ImageURL)
	bad.length("couponCode", t.CouponCode, 0, 16)
	bad.image("barcodeImageUrl", t.BarcodeImageURL)
	bad.length("usageCondition", t.UsageCondition, 0, 100)
	return bad
}

func (a *Acquisition) check(bad *faults) {
	const at = "acquisitionCondition"
	if !bad.given(at, a != nil) || !bad.choice(at+".type", a.Type, "normal", "lottery") {
		return
	}
	if a.Type == "normal" {
		bad.absent(at+".lotteryProbability", a.LotteryProbability == nil)
		bad.absent(at+".maxAcquireCount", a.MaxAcquireCount == nil)
		return
	}
	bad.within(at+".lotteryProbability", a.LotteryProbability, 1, 99)
	if n := a.MaxAcquireCount; n == nil || *n != unlimited {
		bad.within(at+".maxAcquireCount", n, 1, 999999)
	}
}

func (t *Terms) period(now time.Time, bad *faults) {
	started := bad.within("startTimestamp", t.StartTimestamp, 0, latest)
	switch {
	case !bad.within("endTimestamp", t.EndTimestamp, 0, latest):
	case *t.EndTimestamp <= now.Unix():
		bad.add("endTimestamp", "Must be after the current time")
	case started && *t.EndTimestamp <= *t.StartTimestamp:
		bad.add("endTimestamp", "Must be after startTimestamp")
	}
}

func (w *Reward) check(bad *faults) {
	if !bad.given("reward", w != nil) || !bad.choice("reward.type", w.Type, "discount", "free", "gift", "cashBack", "others") {
		return
	}
	switch p := w.PriceInfo; w.Type {
	case "discount":
		p.check(bad, "fixed", "percentage", "explicit")
	case "cashBack":
		p.check(bad, "fixed", "percentage")
	default:
		bad.absent("reward.priceInfo", p == nil)
	}
}

// check wants the amounts of the price's type, and no other.
func (p *PriceInfo) check(bad *faults, types ...string) {
	const at = "reward.priceInfo"
	if !bad.given(at, p != nil) || !bad.choice(at+".type", p.Type, types...) {
		return
	}
	for _, x := range []struct {
		name, of string
		value    *int64
		most     int64
	}{
		{".fixedAmount", "fixed", p.FixedAmount, 1<<63 - 1}, {".percentage", "percentage", p.Percentage, 99},
		{".originalPrice", "explicit", p.OriginalPrice, 1<<63 - 1}, {".priceAfterDiscount", "explicit", p.PriceAfterDiscount, 1<<63 - 1},
	} {
		if x.of == p.Type {
			bad.within(at+x.name, x.value, 1, x.most)
		} else {
			bad.absent(at+x.name, x.value == nil)
		}
	}
}

func (f *faults) image(property, url string) {
	f.length(property, url, 0, urlMost)
	if url != "" && !object.IsHTTPS(url) {
		f.add(property, "Must be a valid HTTPS URL")
	}
}
