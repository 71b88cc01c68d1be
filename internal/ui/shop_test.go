package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/shop"
)

const teaHouse = "/_/phone/" + aoi + "/shops/1"

// open makes a shop of two products on display and one that is not.
func (w *world) open() {
	w.t.Helper()
	const products = `[
		{"categoryId":1,"code":"T","name":"Tea <b>","brand":"Leaf","imageUrls":["https://example.com/t.png"],"instantDiscount":0.5,
		 "variantOptions":{"option1":{"name":"color","data":[{"value":"red"},{"value":"blue"}]}},
		 "variants":[{"onHandNumber":3,"options":[0],"price":1234.5,"weight":1},{"onHandNumber":0,"options":[1],"price":100,"weight":1}]},
		{"categoryId":1,"code":"M","name":"Mug","imageUrls":["https://example.com/m.png"],"variants":[{"onHandNumber":5,"price":50,"weight":1}]},
		{"categoryId":1,"code":"O","name":"Out","imageUrls":["https://example.com/m.png"],"variants":[{"onHandNumber":0,"price":50,"weight":1}]},
		{"categoryId":1,"code":"H","name":"Hidden","imageUrls":["https://example.com/m.png"],"isDisplay":false,"variants":[{"onHandNumber":5,"price":50,"weight":1}]}]`
	var list []shop.WorldProduct
	if err := api.Decode([]byte(products), &list); err != nil {
		w.t.Fatal(err)
	}
	w.update(func(tx *store.Tx) error {
		return w.config.Sim.Shops.Put(tx, &shop.Shop{Name: "Tea house", APIKey: "shop-key"}, list)
	})
}

func TestShopsStandBelowTheChats(t *testing.T) {
	w := newWorld(t)
	if w.get("/_/phone/"+aoi).one(".shops") != nil {
		t.Error("a world without shops has a list of them")
	}
	w.open()
	link := w.get("/_/phone/" + chen).one(".shops a")
	if link.words() != "T Tea house" && link.words() != "Tea house" || link.attr("href") != "/_/phone/"+chen+"/shops/1" {
		t.Errorf("%q leads to %q", link.words(), link.attr("href"))
	}
}

func TestShopShowsWhatIsOnDisplay(t *testing.T) {
	w := newWorld(t)
	w.open()
	p := w.get(teaHouse)
	var names []string
	for _, n := range p.all(".product h3") {
		names = append(names, n.words())
	}
	if got := strings.Join(names, ", "); got != "Tea <b>, Mug, Out" {
		t.Errorf("products: %s", got)
	}
	tea := p.one("#p-1000000001")
	options := tea.one("select[name=variantId]").all("option")
	if got := options[0].words(); got != "red · ฿1,234 · 3 left" {
		t.Errorf("variant %q", got)
	}
	if got := options[1]; got.words() != "blue · ฿99.50 · Sold out" || !got.matches("[disabled]") {
		t.Errorf("variant %q", got.words())
	}
	if got := p.one("#p-1000000002 .price").words(); got != "฿50 · 5 left" {
		t.Errorf("price %q", got)
	}
	if out := p.one("#p-1000000003"); out.one("form") != nil || !strings.Contains(out.words(), "Sold out") {
		t.Errorf("what is sold out: %q", out.words())
	}
	if got := p.one("#as-shop").words(); !strings.Contains(got, "X-API-KEY: shop-key") || !strings.Contains(got, "/myshop/v1/orders") {
		t.Errorf("as the shop: %q", got)
	}
	if !p.one("#orders").matches("[hidden]") {
		t.Error("orders are shown before there are any")
	}
	if got := w.get(teaHouse + "?lang=ja").one("#p-1000000002 .price").words(); got != "฿50 · 在庫5" {
		t.Errorf("in Japanese %q", got)
	}
}

func TestFormsOrderAndPay(t *testing.T) {
	w := newWorld(t)
	w.open()
	for _, c := range []struct {
		form  url.Values
		state string
	}{
		{url.Values{"variantId": {"300001"}, "quantity": {"2"}, "paymentMethod": {"BANK"}, "recipientName": {"Somchai"}, "address": {"1 Road"}, "remarkBuyer": {"Ring"}}, "Waiting for payment"},
		{url.Values{"variantId": {"300003"}, "quantity": {"1"}, "paymentMethod": {"COD"}}, "Being prepared"},
	} {
		res := w.post(teaHouse+"/orders", c.form)
		path, anchor, _ := strings.Cut(res.Header().Get("Location"), "#")
		if res.Code != http.StatusSeeOther || path != teaHouse {
			t.Fatalf("status %d to %q: %s", res.Code, res.Header().Get("Location"), res.Body)
		}
		if got := w.get(path).one("#" + anchor + " .badge").words(); got != c.state {
			t.Errorf("state %q, want %q", got, c.state)
		}
	}
	bank := w.get(teaHouse).one("#o-2000000001")
	if got := bank.words(); !strings.Contains(got, "Tea <b> (red) × 2 · ฿2,468 Bank transfer") || bank.one("button").words() != "Pay ฿2,468" {
		t.Errorf("order %q", got)
	}
	person, err := w.config.Sim.Person(t.Context(), aoi)
	if err != nil {
		t.Fatal(err)
	}
	orders, err := w.config.Sim.Shops.OrdersOf(t.Context(), person, 1)
	if err != nil || orders[1].ShippingAddress.RecipientName != "Somchai" || orders[1].ShippingAddress.Address != "1 Road" || orders[1].RemarkBuyer != "Ring" {
		t.Errorf("%+v %v", orders, err)
	}
	if res := w.post(teaHouse+"/orders/2000000001/pay", nil); res.Code != http.StatusSeeOther {
		t.Fatalf("paying: %d %s", res.Code, res.Body)
	}
	if bank := w.get(teaHouse).one("#o-2000000001"); bank.one("button") != nil || bank.one(".badge").words() != "Being prepared" {
		t.Errorf("when paid: %q", bank.words())
	}
	for _, form := range []url.Values{{"variantId": {"300001"}, "quantity": {"2"}}, {"variantId": {"300001"}, "quantity": {"x"}},
		{"variantId": {"1"}, "quantity": {"1"}}, {"variantId": {"300005"}, "quantity": {"1"}}, {}} {
		if res := w.post(teaHouse+"/orders", form); res.Code < 400 || res.Code >= 500 {
			t.Errorf("%v: %d", form, res.Code)
		}
	}
	if res := w.post("/_/phone/"+ben+"/shops/1/orders/2000000001/pay", nil); res.Code != http.StatusNotFound {
		t.Errorf("another person's order: %d", res.Code)
	}
	for _, path := range []string{"/_/phone/" + aoi + "/shops/2", "/_/phone/" + aoi + "/shops/x"} {
		if res := w.do(httptest.NewRequest(http.MethodGet, path, nil)); res.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.Code)
		}
	}
}

// TestOrdersAreLive: what becomes of an order shows without a reload.
func TestOrdersAreLive(t *testing.T) {
	w := newWorld(t)
	w.open()
	ctx := t.Context()
	got := w.patches("shop:"+aoi+":1", func() {
		if _, err := w.config.Sim.Order(ctx, aoi, shop.Purchase{PaymentMethod: "BANK", OrderItems: []shop.PurchaseItem{{VariantID: 300003, Quantity: 1}}}); err != nil {
			t.Fatal(err)
		}
	})
	if !strings.Contains(got, `"target":"orders"`) || !strings.Contains(got, "o-2000000001") || !strings.Contains(got, "Waiting for payment") {
		t.Errorf("%s", got)
	}
	got = w.patches("shop:"+aoi+":1", func() {
		if _, err := w.config.Sim.Pay(ctx, aoi, "2000000001"); err != nil {
			t.Fatal(err)
		}
	})
	if strings.Contains(got, "Waiting for payment") || !strings.Contains(got, "Being prepared") {
		t.Errorf("%s", got)
	}
}
