package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/sim"
)

// offer has the cafe create a coupon and push it to Aoi; it gives both ids.
func (w *world) offer(members string) (couponID, messageID string) {
	w.t.Helper()
	a := w.as("POST", "/v2/bot/coupon", "application/json", `{"title":"Cake <b>","timezone":"ASIA_TOKYO","visibility":"UNLISTED","acquisitionCondition":{"type":"normal"},`+
		`"endTimestamp":4924959599,`+members+`}`)
	couponID = strings.TrimSuffix(strings.TrimPrefix(a, `{"couponId":"`), `"}`)
	if len(couponID) != 26 {
		w.t.Fatalf("no coupon: %s", a)
	}
	return couponID, w.push(aoi, `{"type":"coupon","couponId":"`+couponID+`"}`)[0]
}

const onceForFree = `"startTimestamp":0,"maxUseCountPerTicket":1,"couponCode":"CODE","imageUrl":"https://example.com/cake.png","reward":{"type":"free"}`

// A coupon is drawn with what it says, and with a button for what comes next:
// get it, use it, nothing more.
func TestCouponOnThePhone(t *testing.T) {
	w := newWorld(t)
	id, message := w.offer(onceForFree)
	card := func() *node {
		t.Helper()
		return w.get(cafeChat).one("#m-" + message + " .msg-coupon")
	}
	presses := func(act string) *httptest.ResponseRecorder {
		return w.post(cafeChat+"/coupons", url.Values{act: {id}})
	}
	does := func(act string) {
		t.Helper()
		patch := w.patches("chat:"+aoi+":"+cafe, func() {
			if res := presses(act); res.Code != http.StatusSeeOther || res.Header().Get("Location") != cafeChat {
				t.Errorf("%s: %d %s", act, res.Code, res.Header().Get("Location"))
			}
		})
		if !strings.Contains(patch, `"m-`+message+`"`) {
			t.Errorf("an open chat is not told of %s: %s", act, patch)
		}
	}
	is := func(what, words, event string) {
		t.Helper()
		c := card()
		if got := c.one(".msg-card-text").words(); got != words {
			t.Errorf("%s: %q, want %q", what, got, words)
		}
		button := c.one("button")
		switch {
		case event == "" && button != nil:
			t.Errorf("%s: a button %s", what, button.words())
		case event != "" && (button == nil || button.attr("name") != event || button.attr("value") != id || w.get(cafeChat).one("form#"+button.attr("form")) == nil):
			t.Errorf("%s: no button for %s", what, event)
		}
	}
	if src := card().one("img").attr("src"); src != "https://example.com/cake.png" {
		t.Errorf("picture %s", src)
	}
	const head = "Cake <b> Free Until 2126-01-25 05:19 "
	is("at first", head+id+" Get", "couponAcquire")
	does("couponAcquire")
	is("acquired", head+"CODE "+id+" Use", "couponUse")
	does("couponUse")
	is("used", head+"CODE "+id+" Used", "")
	if res := presses("couponUse"); res.Code != http.StatusConflict && res.Code != http.StatusBadRequest || !strings.Contains(res.Body.String(), "has used the coupon") {
		t.Errorf("used twice: %d", res.Code)
	}
}

func TestCouponRewards(t *testing.T) {
	w := newWorld(t)
	for reward, want := range map[string]string{
		`{"type":"gift"}`:   "Gift",
		`{"type":"others"}`: "",
		`{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":1500}}`:                                 "1500 JPY off",
		`{"type":"discount","priceInfo":{"type":"percentage","percentage":25}}`:                               "25% off",
		`{"type":"discount","priceInfo":{"type":"explicit","originalPrice":12000,"priceAfterDiscount":9500}}`: "12000 → 9500 JPY",
		`{"type":"cashBack","priceInfo":{"type":"fixed","fixedAmount":100}}`:                                  "100 JPY back",
		`{"type":"cashBack","priceInfo":{"type":"percentage","percentage":30}}`:                               "30% back",
	} {
		id, message := w.offer(`"startTimestamp":4900000000,"maxUseCountPerTicket":-1,"reward":` + reward)
		got := w.get(cafeChat).one("#m-" + message + " .msg-card-text").words()
		if want != "" {
			want += " "
		}
		if want = "Cake <b> " + want + "From 2125-04-11 08:06 Until 2126-01-25 05:19 " + id + " Get"; got != want {
			t.Errorf("%s:\n got %q\nwant %q", reward, got, want)
		}
		if _, err := w.config.Sim.Happen(t.Context(), aoi, sim.Happening{Type: "couponAcquire", CouponID: id}); err != nil {
			t.Fatal(err)
		}
		if got := w.get(cafeChat).one("#m-" + message + " .msg-card-text").words(); !strings.HasSuffix(got, id+" Not yet") {
			t.Errorf("before it begins: %q", got)
		}
		w.as("PUT", "/v2/bot/coupon/"+id+"/close", "", "")
		if got := w.get(cafeChat).one("#m-" + message + " .msg-card-text").words(); !strings.HasSuffix(got, id+" Ended") {
			t.Errorf("discontinued: %q", got)
		}
	}
	message := w.push(aoi, `{"type":"coupon","couponId":"01JYNW8JMQVFBNWF1APF8Z3FS7"}`)[0]
	if got := w.get(cafeChat).one("#m-" + message + " .msg-card-text").words(); got != "Coupon 01JYNW8JMQVFBNWF1APF8Z3FS7" {
		t.Errorf("one that is not there: %q", got)
	}
}
