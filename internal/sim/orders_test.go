package sim_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const shops = stage.World + `
shops:
  - name: One
    products:
      - {categoryId: 1, code: A, name: A, imageUrls: [x], variants: [{sku: a, onHandNumber: 5, price: 1.5, weight: 1}]}
      - {categoryId: 1, code: H, name: Hidden, imageUrls: [x], isDisplay: false, variants: [{sku: hidden, onHandNumber: 5, price: 1, weight: 1}]}
      - {categoryId: 1, code: B, name: B, imageUrls: [x], variantOptions: {option1: {name: c, data: [{value: r}, {value: g}]}},
         variants: [{sku: r, onHandNumber: 5, options: [0], price: 1, weight: 1}, {sku: g, onHandNumber: 5, options: [1], price: 2, weight: 1}]}
  - name: Two
    products: [{categoryId: 1, code: T, name: T, imageUrls: [x], variants: [{sku: a, onHandNumber: 5, price: 9, weight: 1}, ]}]
`

// TestOrdering has a row for each way to order, and each refusal.
func TestOrdering(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, shops)
		aoi, made := "POST /sim/v1/people/"+stage.Aoi+"/orders", "shop_orders+1 | order"
		order := func(rest string) string { return `{"orderItems":[` + rest }
		many := strings.Repeat(`{"sku":"a","quantity":1},`, 15) + `{"sku":"a","quantity":1}]}`
		s.Hold()
		for _, c := range []struct {
			call, body string
			status     int
			want       string // of the answer
			effect     string
		}{
			{aoi, order(`{"sku":"a","quantity":2}]}`), 201, `"totalPrice":3,`, made},
			{aoi, `{"items":[{"sku":"a","quantity":2}],"shop":"Two"}`, 201, `"totalPrice":18,`, made},
			{aoi, order(`{"variantId":300005,"quantity":1}]}`), 201, `"totalPrice":9,`, made}, // of the second shop
			{aoi, order(`{"productId":1000000003,"variantId":300004,"quantity":1}]}`), 201, `"totalPrice":2,`, made},
			{aoi, order(`{"productId":1000000003,"sku":"g","quantity":1}]}`), 201, `"totalPrice":2,`, made},
			{aoi, order(`{"productId":1000000001,"quantity":1}],"paymentMethod":"BANK"}`), 201, `"paymentStatus":"PENDING"`, "outbox+1 " + made},
			{"POST /sim/v1/people/" + stage.Eve + "/orders", order(`{"sku":"r","quantity":1}],"shippingAddress":{"recipientName":"Eve & Co"}}`), 201, `"recipientName":"Eve & Co"`, made},

			{"POST /sim/v1/people/" + stage.Nobody + "/orders", order(`{"sku":"a","quantity":1}]}`), 404, "there is no person", ""},
			{aoi, `{}`, 400, "orderItems must have 1 to 15 elements", ""},
			{aoi, order(many), 400, "orderItems must have 1 to 15 elements", ""},
			{aoi, order(`{"sku":"a"}]}`), 400, "orderItems[0].quantity must be 1 to 998", ""},
			{aoi, order(`{"sku":"a","quantity":-1}]}`), 400, "orderItems[0].quantity must be 1 to 998", ""},
			{aoi, order(`{"sku":"a","quantity":"1"}]}`), 400, "orderItems[0].quantity is not of the right type", ""},
			{aoi, order(`{"sku":"a","quantity":1}],"paymentMethod":"GOLD"}`), 400, "paymentMethod must be one of COD, BANK", ""},
			{aoi, order(`{"sku":"a","quantity":1}],"remarkBuyer":"` + strings.Repeat("x", 1001) + `"}`), 400, "remarkBuyer", ""},
			{aoi, order(`{"sku":"a","quantity":1}],"shippingAddress":{"recipientName":"\u0000"}}`), 400, "recipientName must be text", ""},
			{aoi, order(`{"sku":"a","quantity":1}],"shop":"Three"}`), 404, "There is no shop", ""},
			{aoi, order(`{"sku":"nothing","quantity":1}]}`), 404, "orderItems[0]: Variant not found", ""},
			{aoi, order(`{"quantity":1}]}`), 404, "orderItems[0]: Variant not found", ""},
			{aoi, order(`{"variantId":1,"quantity":1}]}`), 404, "orderItems[0]: Variant not found", ""},
			{aoi, order(`{"productId":1,"quantity":1}]}`), 404, "orderItems[0]: Product not found", ""},
			{aoi, order(`{"productId":1000000003,"quantity":1}]}`), 404, "orderItems[0]: Variant not found", ""},
			{aoi, order(`{"productId":1000000003,"variantId":300001,"quantity":1}]}`), 404, "orderItems[0]: Variant not found", ""},
			{aoi, order(`{"sku":"a","quantity":1},{"variantId":300005,"quantity":1}]}`), 404, "orderItems[1]: Variant not found", ""}, // of two shops
			{aoi, order(`{"sku":"hidden","quantity":1}]}`), 409, "Hidden is not on display", ""},
			{aoi, order(`{"sku":"a","quantity":5}]}`), 409, "A is out of stock: 2 can be ordered", ""},
			{aoi, order(`{"sku":"a","quantity":2},{"sku":"a","quantity":1}]}`), 409, "A is out of stock: 0 can be ordered", ""},

			{aoi + "/2000000006/pay", ``, 200, `"paymentStatus":"PAID"`, "| order"},
			{aoi + "/2000000006/pay", ``, 409, "The order is already paid", ""},
			{aoi + "/2000000001/pay", ``, 409, "The order is paid on delivery", ""},
			{aoi + "/2000000007/pay", ``, 404, "Order not found", ""}, // Eve's
			{aoi + "/x/pay", ``, 404, "Order not found", ""},
			{aoi + "/5/pay", ``, 404, "Order not found", ""},
			{"GET /sim/v1/people/" + stage.Nobody + "/orders", ``, 404, "there is no person", ""},
		} {
			method, path, _ := strings.Cut(c.call, " ")
			var a stage.Answer
			did := s.Effect(func() { a = s.Do(method, path, c.body) })
			if a.Status != c.status || !strings.Contains(a.Body, c.want) || did != c.effect {
				t.Errorf("%s %s: %d %s\ndid %q, want %d %s, %q", c.call, c.body, a.Status, a.Body, did, c.status, c.want, c.effect)
			}
		}
	})
}
