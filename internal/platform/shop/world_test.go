package shop_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/platform/shop"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// ordered is a shop's orders of a world file, as an order detail answers them.
const ordered = stage.World + `
shops:
  - name: Tea house
    apiKey: key-a
    products: [{categoryId: 1, code: T, name: Tea, imageUrls: [x], instantDiscount: 10, variants: [{sku: tea, onHandNumber: 100, price: 50, weight: 0.5}]}]
    orders:
      - {userId: U00000000000000000000000000000a01, orderItems: [{sku: tea, quantity: 3}]}
      - orderNumber: "2022010100001"
        orderStatus: COMPLETED
        paymentStatus: PAID
        paymentMethod: PAYMENT_LS_RLP
        shipmentStatus: ON_DELIVERY
        checkoutAt: 2022-01-01T09:30:00Z
        paidAt: "2022-01-02T09:30:00Z"
        lastUpdatedAt: 2022-01-03T09:30:00+07:00
        subtotalPrice: 90.5
        shipmentPrice: 40
        discountAmount: 0.25
        totalPrice: 130.25
        weight: 1.5
        isGift: true
        remarkBuyer: Ring twice
        remarkRecipient: Enjoy
        shipmentDetail: {name: Flash, description: fast, type: MESSENGER, isCod: false, isAutoTracking: true, shipmentCompanyId: 7,
          shipmentCompanyNameEn: Flash Express, shipmentCompanyNameTh: แฟลช, trackingNumber: LM-1, trackingUrl: "https://example.com/t"}
        shippingAddress: {recipientName: Somchai, phoneNumber: "0812345678", email: s@example.com, address: 1 Road, subDistrict: Pathum Wan,
          district: Pathum Wan, province: Bangkok, postalCode: "10330", country: TH}
        orderItems: [{productId: 1000000001, variantId: 300001, sku: tea, barcode: "", name: Old tea, imageURL: "https://example.com/old.png", price: 45.25, discountedPrice: null, quantity: 2, weight: 0.5, variants: []}]
      - {paymentStatus: PAID, items: [{sku: tea, quantity: 5}]}
      - {paymentMethod: BANK, orderItems: [{sku: tea, quantity: 7}]}
      - {orderStatus: EXPIRED, paymentMethod: BANK, orderItems: [{sku: tea, quantity: 500}]}
`

const whole = `{"orderNumber":"2022010100001","orderStatus":"COMPLETED","paymentStatus":"PAID","paymentMethod":"PAYMENT_LS_RLP","shipmentStatus":"ON_DELIVERY",` +
	`"checkoutAt":"2022-01-01T09:30:00Z","paidAt":"2022-01-02T09:30:00Z","lastUpdatedAt":"2022-01-03T02:30:00Z","subtotalPrice":90.5,"shipmentPrice":40,` +
	`"discountAmount":0.25,"totalPrice":130.25,"weight":1.5,"isGift":true,"remarkBuyer":"Ring twice","remarkRecipient":"Enjoy",` +
	`"shipmentDetail":{"name":"Flash","description":"fast","type":"MESSENGER","isCod":false,"isAutoTracking":true,"shipmentCompanyId":7,` +
	`"shipmentCompanyNameEn":"Flash Express","shipmentCompanyNameTh":"แฟลช","trackingNumber":"LM-1","trackingUrl":"https://example.com/t"},` +
	`"shippingAddress":{"recipientName":"Somchai","phoneNumber":"0812345678","email":"s@example.com","address":"1 Road","subDistrict":"Pathum Wan",` +
	`"district":"Pathum Wan","province":"Bangkok","postalCode":"10330","country":"TH"},` +
	`"orderItems":[{"productId":1000000001,"variantId":300001,"sku":"tea","barcode":"","name":"Old tea","imageURL":"https://example.com/old.png",` +
	`"price":45.25,"discountedPrice":null,"quantity":2,"weight":0.5,"variants":[]}]}`

// TestOrdersOfTheWorld: what the file says is told so, what it leaves out is
// made up the same each time, and the stock is what the orders leave of it.
func TestOrdersOfTheWorld(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, ordered)
		for range 2 {
			if a := call(s, "GET", "/orders/2022010100001", ""); a.Status != 200 || a.Body != whole {
				t.Fatalf("%d %s\nwant %s", a.Status, a.Body, whole)
			}
			var said []string
			for _, o := range ok[list[shop.Order]](s, "GET", "/orders?sortBy=ORDER_NO&orderBy=ASC", "").Data {
				said = append(said, fmt.Sprint(o.OrderNumber, o.OrderStatus, o.PaymentStatus, o.ShipmentStatus, o.TotalPrice))
			}
			if got, want := strings.Join(said, " "), "2000000001FINALIZEDNO_PAYMENTSHIPMENT_READY120 2022010100001COMPLETEDPAIDON_DELIVERY130.25 "+
				"2022010100002FINALIZEDPAIDSHIPMENT_READY200 2022010100003FINALIZEDPENDINGNO_SHIPMENT280 2022010100004EXPIREDPENDINGNO_SHIPMENT20000"; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
			if got := stock(s, "1000000001", "300001"); got != [4]int64{100, 85, 10, 5} {
				t.Errorf("stock %v", got)
			}
			if orders := s.Sim("GET", "/people/"+stage.Aoi+"/orders", ""); !strings.Contains(orders, `"orderNumber":"2000000001"`) || strings.Count(orders, "orderNumber") != 1 {
				t.Errorf("Aoi's: %s", orders)
			}
			s.Sim("POST", "/reset", "")
		}
		s.Advance("73h")
		if o := ok[shop.Order](s, "GET", "/orders/2022010100003", ""); o.OrderStatus != "EXPIRED" {
			t.Errorf("an unpaid order of the file is %s", o.OrderStatus)
		}
		if w := s.Sim("GET", "/world", ""); !strings.Contains(w, `"shops":[{"name":"Tea house","apiKey":"key-a"}]`) {
			t.Errorf("%s", w)
		}
	})
}
