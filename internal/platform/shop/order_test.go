package shop_test

import (
	"strings"
	"testing"

	"kaiwa/internal/platform/shop"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const wholeOrder = `{"orderNumber":"2000000001","orderStatus":"FINALIZED","paymentStatus":"NO_PAYMENT","paymentMethod":"COD","shipmentStatus":"SHIPMENT_READY",` +
	`"checkoutAt":"2026-01-15T00:00:*Z","paidAt":null,"lastUpdatedAt":"2026-01-15T00:00:*Z","subtotalPrice":349.5,"shipmentPrice":0,"discountAmount":0,` +
	`"totalPrice":349.5,"weight":1.9,"isGift":false,"remarkBuyer":"Ring twice","remarkRecipient":"",` +
	`"shipmentDetail":{"name":"Cash on delivery","description":"","type":"COD","isCod":true,"isAutoTracking":false,"shipmentCompanyId":0,` +
	`"shipmentCompanyNameEn":"","shipmentCompanyNameTh":"","trackingNumber":"","trackingUrl":""},` +
	`"shippingAddress":{"recipientName":"Aoi","phoneNumber":"0812345678","email":"","address":"","subDistrict":"","district":"","province":"","postalCode":"","country":""},` +
	`"orderItems":[{"productId":1000000001,"variantId":300001,"sku":"tea-red-s","barcode":"111","name":"Tea","imageURL":"https://example.com/red.png",` +
	`"price":100.25,"discountedPrice":99.75,"quantity":2,"weight":0.5,"variants":[{"name":"color","value":"red"},{"name":"size","value":"S"}]},` +
	`{"productId":1000000002,"variantId":300004,"sku":"mug","barcode":"","name":"Mug","imageURL":"https://example.com/mug.png",` +
	`"price":50,"discountedPrice":null,"quantity":3,"weight":0.3,"variants":[]}]}`

// TestBuy orders two things, which the buyer, the shop and its list tell alike.
func TestBuy(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		const body = `{"shop":"Tea house","orderItems":[{"sku":"tea-red-s","quantity":2},{"productId":1000000002,"quantity":3}],
			"shippingAddress":{"phoneNumber":"0812345678"},"remarkBuyer":"Ring twice"}`
		s.Play(t, []stage.Step{{Name: "order", Call: "POST /sim/v1/people/" + stage.Aoi + "/orders", Body: body, Status: 201, Want: wholeOrder,
			Effect: "shop_orders+1 | order"}})
		if a := call(s, "GET", "/orders/2000000001", ""); a.Status != 200 || !stage.Like(wholeOrder, a.Body) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		short := wholeOrder[:strings.Index(wholeOrder, `,"orderItems"`)] + "}"
		if a := call(s, "GET", "/orders", ""); !stage.Like(`{"currentPage":1,"data":[`+short+`],"perPage":25,"totalPage":1,"totalRow":1}`, a.Body) {
			t.Errorf("%s", a.Body)
		}
		if a := s.Sim("GET", "/people/"+stage.Aoi+"/orders", ""); !stage.Like(`{"orders":[{"shop":"Tea house",`+wholeOrder[1:]+`]}`, a) {
			t.Errorf("%s", a)
		}
		if a := s.Sim("GET", "/people/"+stage.Ben+"/orders", ""); a != `{"orders":[]}` {
			t.Errorf("Ben's: %s", a)
		}
		if got := stock(s, tea, teaRedS); got != [4]int64{10, 8, 2, 0} {
			t.Errorf("stock %v", got)
		}
		s.Restart()
		if a := call(s, "GET", "/orders/2000000001", ""); !stage.Like(wholeOrder, a.Body) {
			t.Errorf("after a restart: %s", a.Body)
		}
	})
}

// TestStates walks orders through their lives: each act, its answer's status,
// the states afterwards, and the stock of what is ordered: on hand, available,
// reserved, ready to ship.
func TestStates(t *testing.T) {
	type step struct {
		act    string
		status int
		states string // order, payment, shipment
		stock  [4]int64
	}
	for name, c := range map[string]struct {
		method string
		steps  []step
	}{
		"cash on delivery, paid last": {"COD", []step{
			{"", 0, "FINALIZED NO_PAYMENT SHIPMENT_READY", [4]int64{500, 490, 10, 0}},
			{"track", 409, "FINALIZED NO_PAYMENT SHIPMENT_READY", [4]int64{500, 490, 10, 0}},
			{"pay", 409, "FINALIZED NO_PAYMENT SHIPMENT_READY", [4]int64{500, 490, 10, 0}},
			{"ship", 200, "FINALIZED NO_PAYMENT SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"ship", 409, "FINALIZED NO_PAYMENT SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"cancel", 409, "FINALIZED NO_PAYMENT SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"track", 200, "FINALIZED NO_PAYMENT SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"paid", 200, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"paid", 409, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"ship", 409, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"cancel", 409, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
			{"track", 200, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
		}},
		"cash on delivery, paid first": {"COD", []step{
			{"paid", 200, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"paid", 409, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"ship", 200, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
		}},
		"by bank": {"BANK", []step{
			{"", 0, "FINALIZED PENDING NO_SHIPMENT", [4]int64{500, 490, 10, 0}},
			{"paid", 400, "FINALIZED PENDING NO_SHIPMENT", [4]int64{500, 490, 10, 0}},
			{"ship", 409, "FINALIZED PENDING NO_SHIPMENT", [4]int64{500, 490, 10, 0}},
			{"wait 71h", 0, "FINALIZED PENDING NO_SHIPMENT", [4]int64{500, 490, 10, 0}},
			{"pay", 200, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"pay", 409, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"wait 71h", 0, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"ship", 200, "COMPLETED PAID SHIPPED_ALL", [4]int64{490, 490, 0, 0}},
		}},
		"never paid": {"PAYMENT_LS_QR_PROMPTPAY", []step{
			{"wait 73h", 0, "EXPIRED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"pay", 409, "EXPIRED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"ship", 409, "EXPIRED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"cancel", 409, "EXPIRED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
		}},
		"canceled": {"BANK", []step{
			{"cancel", 200, "CANCELED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"cancel", 409, "CANCELED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"pay", 409, "CANCELED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"ship", 409, "CANCELED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"wait 73h", 0, "CANCELED PENDING NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
		}},
		"canceled when paid": {"COD", []step{
			{"paid", 200, "FINALIZED PAID SHIPMENT_READY", [4]int64{500, 490, 0, 10}},
			{"cancel", 200, "CANCELED REFUND NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
			{"paid", 409, "CANCELED REFUND NO_SHIPMENT", [4]int64{500, 500, 0, 0}},
		}},
		"of what was deleted": {"COD", []step{
			{"delete", 0, "FINALIZED NO_PAYMENT SHIPMENT_READY", [4]int64{}},
			{"paid", 200, "FINALIZED PAID SHIPMENT_READY", [4]int64{}},
			{"ship", 200, "COMPLETED PAID SHIPPED_ALL", [4]int64{}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *stage.Stage) {
				no := buys(s, stage.Aoi, `{"orderItems":[{"sku":"mug","quantity":4},{"sku":"mug","quantity":6}],"paymentMethod":"`+c.method+`"}`)
				deleted := false
				for i, step := range c.steps {
					status := 0
					switch {
					case step.act == "delete":
						call(s, "DELETE", "/products/"+mug, "")
						deleted = true
					case strings.HasPrefix(step.act, "wait "):
						s.Advance(step.act[5:])
					case step.act != "":
						status = act(s, step.act, no)
					}
					o := ok[shop.Order](s, "GET", "/orders/"+no, "")
					states := o.OrderStatus + " " + o.PaymentStatus + " " + o.ShipmentStatus
					if status != step.status || states != step.states {
						t.Fatalf("%d %s: %d %s, want %d %s", i, step.act, status, states, step.status, step.states)
					}
					if (o.PaidAt != nil) != (o.PaymentStatus == "PAID" || o.PaymentStatus == "REFUND") {
						t.Errorf("%d %s: paidAt %v", i, step.act, o.PaidAt)
					}
					if deleted {
						continue
					}
					if got := stock(s, mug, mugOnly); got != step.stock {
						t.Errorf("%d %s: stock %v, want %v", i, step.act, got, step.stock)
					}
				}
			})
		})
	}
}

func act(s *stage.Stage, what, no string) int {
	switch what {
	case "paid":
		return call(s, "POST", "/orders/"+no+"/mark-as-paid", "").Status
	case "ship":
		return call(s, "POST", "/orders/"+no+"/mark-as-ship", "").Status
	case "track":
		return call(s, "PUT", "/orders/"+no+"/shipments", `{"trackingNumber":"LM-1"}`).Status
	case "cancel":
		return call(s, "PUT", "/orders/"+no+"/cancel", `{"remarkCancel":"sold out"}`).Status
	}
	return s.Do("POST", "/sim/v1/people/"+stage.Aoi+"/orders/"+no+"/pay", "").Status
}

func TestTracking(t *testing.T) {
	s := stage.Start(t, "", world)
	no := buys(s, stage.Aoi, `{"orderItems":[{"sku":"mug","quantity":1}]}`)
	s.Advance("1h")
	for _, c := range []struct{ call, body, want string }{
		{"POST mark-as-ship", `{"trackingNumber":"string"}`, `"trackingNumber":"string","trackingUrl":""`},
		{"PUT shipments", `{"trackingUrl":"https://example.com/t"}`, `"trackingNumber":"string","trackingUrl":"https://example.com/t"`},
		{"PUT shipments", `{"trackingNumber":"` + strings.Repeat("é", 200) + `"}`, `"trackingNumber":"` + strings.Repeat("é", 200) + `","trackingUrl":"https://example.com/t"`},
		{"PUT shipments", `{"trackingNumber":""}`, `"trackingNumber":"","trackingUrl":"https://example.com/t"`},
		{"PUT shipments", `{}`, `"trackingNumber":"","trackingUrl":"https://example.com/t"`},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		a := call(s, method, "/orders/"+no+"/"+path, c.body)
		if a.Status != 200 || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s %s: %d %s", c.call, c.body, a.Status, a.Body)
		}
		if !strings.Contains(a.Body, `"lastUpdatedAt":"2026-01-15T01:00:`) || !strings.Contains(a.Body, `"checkoutAt":"2026-01-15T00:00:`) {
			t.Errorf("%s: times of %s", c.call, a.Body)
		}
	}
	if a := call(s, "GET", "/orders/"+no, ""); !strings.Contains(a.Body, `"trackingUrl":"https://example.com/t"`) {
		t.Errorf("%s", a.Body)
	}
}

func TestListOrders(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, "limits: off\n"+world+`
  - name: Third
    apiKey: key-c
    products: [{categoryId: 1, code: X, name: X, imageUrls: [x], variants: [{sku: x, onHandNumber: 9, price: 1, weight: 1}]}]
    orders:
      - {orderNumber: "11", checkoutAt: 2026-01-03T00:00:00Z, lastUpdatedAt: 2026-01-10T00:00:00Z, shippingAddress: {recipientName: Somchai 100%}, orderItems: [{sku: x, quantity: 1}]}
      - {orderNumber: "12", checkoutAt: 2026-01-02T00:00:00Z, lastUpdatedAt: 2026-01-11T00:00:00Z, shippingAddress: {recipientName: ÉMILIE}, paymentMethod: BANK, orderItems: [{sku: x, quantity: 1}]}
      - {orderNumber: "13", checkoutAt: 2026-01-01T00:00:00Z, lastUpdatedAt: 2026-01-12T00:00:00Z, shippingAddress: {recipientName: Som_O}, paymentStatus: PAID, shipmentStatus: SHIPPED_ALL, orderItems: [{sku: x, quantity: 1}]}
      - {orderNumber: "14", checkoutAt: 2026-01-01T00:00:00Z, orderStatus: CANCELED, orderItems: [{sku: x, quantity: 1}]}
`)
		for query, want := range map[string]string{
			"": "11 12 14 13", "?orderBy=ASC": "13 14 12 11", "?sortBy=ORDER_NO": "14 13 12 11", "?sortBy=UPDATED_AT&orderBy=DESC": "13 12 11 14",
			"?sortBy=CHECKED_OUT_AT&orderBy=ASC": "13 14 12 11", "?perPage=2&page=2": "14 13", "?page=9": "",
			"?orderStatus=FINALIZED": "11 12", "?orderStatus=COMPLETED&orderStatus=CANCELED": "14 13", "?paymentStatus=PENDING": "12",
			"?paymentStatus=NO_PAYMENT": "11 14", "?paymentMethod=BANK": "12", "?shipmentStatus=SHIPPED_ALL": "13",
			"?shipmentStatus=SHIPMENT_READY&paymentMethod=COD&orderStatus=FINALIZED": "11",
			"?search=som": "11 13", "?search=SOM": "11 13", "?search=%25": "11", "?search=_": "13", "?search=%C3%A9mi": "12", "?search=13": "13", "?search=1": "11 12 14 13",
			"?search=nobody": "", "?orderType=GIFT": "11 12 14 13",
			"?startAt=2026-01-11T00:00Z": "12 13", "?endAt=2026-01-11T00:00:00Z": "11 12 14", "?startAt=2026-01-10T00:00:00.001Z&endAt=2026-01-11T00:00:00.000Z": "12",
		} {
			a := s.Do("GET", "/myshop/v1/orders"+query, "", with("key-c")...)
			var numbers []string
			for _, part := range strings.Split(a.Body, `"orderNumber":"`)[1:] {
				numbers = append(numbers, part[:2])
			}
			if got := strings.Join(numbers, " "); a.Status != 200 || got != want {
				t.Errorf("%s: %d %q, want %q", query, a.Status, got, want)
			}
		}
	})
}
