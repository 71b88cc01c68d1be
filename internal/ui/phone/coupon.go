package phone

import (
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/sim"
	"kaiwa/internal/ui/flexhtml"
	"kaiwa/internal/ui/live"
	"kaiwa/internal/ui/page"
)

// coupon is what the card of a coupon says to the holder of the phone: what it
// is good for and until when, and what they can do with it now. The card of a
// coupon that there is not says no more than its id.
func (s scene) coupon(id string) flexhtml.Coupon {
	o, err := s.sim.Coupon(s.ctx, s.person.UserID, id)
	if err != nil {
		return flexhtml.Coupon{}
	}
	country := ""
	if ch := s.sim.Channels.ByNo(o.ChannelNo); ch != nil {
		country = ch.Account.Country
	}
	c := flexhtml.Coupon{Title: o.Terms.Title, Reward: s.reward(o.Terms.Reward, channel.Currency(country)), Period: s.period(o.Terms, country),
		ImageURL: o.Terms.ImageURL, Used: o.Used()}
	if o.Acquired {
		c.Code = o.Terms.CouponCode
	}
	begins := time.Unix(*o.Terms.StartTimestamp, 0)
	switch {
	case !o.Until.After(s.now):
		c.Note = wordEnded.In(s.lang)
	case c.Used:
	case !o.Acquired:
		c.Button, c.Form, c.Act = wordGetCoupon.In(s.lang), couponForm, acquires
	case begins.After(s.now):
		c.Note = wordNotYet.In(s.lang)
	default:
		c.Button, c.Form, c.Act = wordUseCoupon.In(s.lang), couponForm, uses
	}
	return c
}

// couponForm is the id of the form that a coupon's button submits, which it
// names by the event that it causes.
const couponForm = "coupons"

const (
	acquires = "couponAcquire"
	uses     = "couponUse"
)

// actOnCoupon has the person get or use a coupon.
func (p *Phone) actOnCoupon(w http.ResponseWriter, r *http.Request, s scene) error {
	event := acquires
	if r.FormValue(uses) != "" {
		event = uses
	}
	if _, err := p.Sim.Happen(r.Context(), s.person.UserID, sim.Happening{Type: event, CouponID: r.FormValue(event)}); err != nil {
		return err
	}
	http.Redirect(w, r, s.chatPath(r.PathValue("chat")), http.StatusSeeOther)
	return nil
}

// reward is what the coupon is good for, in words.
func (s scene) reward(r *coupon.Reward, currency string) string {
	switch r.Type {
	case "free":
		return wordFree.In(s.lang)
	case "gift":
		return wordGift.In(s.lang)
	case "discount":
		return s.price(r.PriceInfo, currency, wordOff)
	case "cashBack":
		return s.price(r.PriceInfo, currency, wordBackMoney)
	}
	return ""
}

func (s scene) price(p *coupon.PriceInfo, currency string, of page.Phrase) string {
	switch p.Type {
	case "percentage":
		return fmt.Sprintf(of.In(s.lang), fmt.Sprintf("%d%%", *p.Percentage))
	case "explicit":
		return fmt.Sprintf("%d → %d %s", *p.OriginalPrice, *p.PriceAfterDiscount, currency)
	}
	return fmt.Sprintf(of.In(s.lang), fmt.Sprintf("%d %s", *p.FixedAmount, currency))
}

// period is when the coupon can be used, in the account's time zone.
func (s scene) period(t coupon.Terms, country string) string {
	zone := zones[country]
	if zone == nil {
		zone = zones["JP"]
	}
	in := func(seconds int64) string { return time.Unix(seconds, 0).In(zone).Format("2006-01-02 15:04") }
	until := fmt.Sprintf(wordUntil.In(s.lang), in(*t.EndTimestamp))
	if time.Unix(*t.StartTimestamp, 0).After(s.now) {
		return fmt.Sprintf(wordBegins.In(s.lang), in(*t.StartTimestamp)) + " " + until
	}
	return until
}

// couponed draws the rows with coupons again, one of which the person got or used.
func (t thread) couponed() []live.Patch {
	var patches []live.Patch
	for i, m := range t.messages {
		var of struct {
			Type string `json:"type"`
		}
		if json.Unmarshal(m.Message, &of) == nil && of.Type == "coupon" {
			patches = append(patches, live.Replace("m-"+m.ID, t.row(i)))
		}
	}
	return patches
}
