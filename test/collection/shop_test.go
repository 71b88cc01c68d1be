package collection

import (
	"testing"

	"kaiwa/test/kit"
)

// shopWorld has a product of the kind that the collection changes, and an order
// of another one, to be paid on delivery.
const shopWorld = `
clock: 2026-01-15T09:00:00+09:00
people: [{userId: U00000000000000000000000000000a01, displayName: Aoi}]
shops:
  - name: Demo shop
    apiKey: shop-key-1
    products:
      - {categoryId: 17, code: FIRST, name: First, imageUrls: ["https://example.com/1.png"],
         variantOptions: {option1: {name: color, data: [{value: red}]}}, variants: [{sku: first, onHandNumber: 10, options: [0], price: 20, weight: 1}]}
      - {categoryId: 17, code: SECOND, name: Second, imageUrls: ["https://example.com/2.png"], variants: [{sku: second, onHandNumber: 10, price: 20, weight: 1}]}
    orders:
      - {orderNumber: "2022010100001", userId: U00000000000000000000000000000a01, paymentMethod: COD, orderItems: [{sku: second, quantity: 4}]}
  - {name: Another shop, apiKey: shop-key-2}
`

// shopSteps is the folder "LINE Shoping API", request by request. Its last
// product is deleted before its inventory is changed, so the inventory here is
// that of the product made at the beginning.
func shopSteps() []step {
	return []step{
		{name: "Create product", status: 201, want: `{"id":1000000003,"name":"ex10-demo","code":"EX1001","brand":"ex10",*"isDisplay":false,"hasOnlyDefaultVariant":false,` +
			`*"variantOptions":[{"name":"RED","values":["100"]}],"variants":[{"id":300003,"inventoryId":500003,"sku":"each","barcode":"EX10DEMO","price":10,` +
			`"discountedPrice":null,"weight":10,*"options":[{"name":"RED","value":"100"}],"onHandNumber":100,"availableNumber":100,*}]}`},
		{name: "Delete product variant", status: 204},
		{name: "Update product's display status", status: 200, want: `{"id":1000000003,*"isDisplay":true,"hasOnlyDefaultVariant":true,*"variantOptions":[],"variants":[]}`},
		{name: "Create product variants", status: 200, want: `{"id":1000000003,*"variantOptions":[{"name":"RED","values":["100"]}],"variants":[{"id":300004,*}]}`,
			after: `pm.globals.set("made", pm.response.json().variants[0].inventoryId)`},
		{name: "Get all products", status: 200, want: `{"currentPage":1,"data":[{"id":1000000001,*"id":1000000002,*"id":1000000003,*}],"perPage":25,"totalPage":1,"totalRow":3}`},
		{name: "Update product detail", status: 200, want: `{"id":1000000001,"name":"ex10-demo2","code":"EX1001","brand":"ex10","description":"ex10 product demo",` +
			`"category":{"id":0,*},"imageUrls":["https://example.com/p.png"],*}`},
		{name: "Update product variant detail", status: 200, want: `{*"variants":[{"id":300001,*"sku":"each","barcode":"string","price":100,*"weight":40,` +
			`"imageUrl":"https://example.com/p.png",*"onHandNumber":0,*}]}`},
		{name: "Update product price", status: 200, want: `{*"instantDiscount":99999998,*"variants":[{*"price":1,"discountedPrice":0,*}]}`},
		{name: "Delete product", status: 204},
		{name: "Adjust inventory", status: 200, before: `pm.globals.set("inventory_id", pm.globals.get("made"))`,
			want: `{"availableNumber":1,"onHandAmount":1,"readyToShipAmount":0,"reservedAmount":0}`},
		{name: "Increase inventory", status: 200, want: `{"availableNumber":13,"onHandAmount":13,"readyToShipAmount":0,"reservedAmount":0}`},
		{name: "Decrease inventory", status: 200, want: `{"availableNumber":3,"onHandAmount":3,"readyToShipAmount":0,"reservedAmount":0}`},
		{name: "Get all orders", status: 200, want: `{"currentPage":1,"data":[{"orderNumber":"2022010100001","orderStatus":"FINALIZED",*}],"perPage":25,"totalPage":1,"totalRow":1}`},
		{name: "Order detail", status: 200, want: `{"orderNumber":"2022010100001",*"totalPrice":80,*"orderItems":[{*"sku":"second",*"quantity":4,*}]}`},
		{name: "Mark as paid (COD)", status: 200, want: `{*"orderStatus":"FINALIZED","paymentStatus":"PAID",*"paidAt":"2026-01-15T*"*}`},
		{name: "Mark as ship", status: 200, want: `{*"orderStatus":"COMPLETED",*"shipmentStatus":"SHIPPED_ALL",*"trackingNumber":"string",*}`},
		{name: "Update tracking number", status: 200, want: `{*"trackingNumber":"string",*}`},
	}
}

func TestShoppingAPI(t *testing.T) {
	requests := readFolder(t, "LINE Shoping API")
	withKey(requests, "{{x_api_key}}") // as the folder itself says
	s := kit.Start(t, kit.Options{World: shopWorld})
	steps := shopSteps()
	check(t, requests, steps, play(t, s.URL, requests, steps, map[string]string{"x_api_key": "shop-key-1", "company_name": "Example Company",
		"status": "onsale", "image": "https://example.com/p.png"}))

	// What is left when all are done.
	for path, want := range map[string]string{
		"/products": `{"currentPage":1,"data":[{"id":1000000002,*"onHandNumber":6,"availableNumber":6,"reservedNumber":0,"readyToShipNumber":0}]},` +
			`{"id":1000000003,*"isDisplay":true,*"onHandNumber":3,*}]}],"perPage":25,"totalPage":1,"totalRow":2}`,
		"/orders/2022010100001": `{*"orderStatus":"COMPLETED","paymentStatus":"PAID",*"shipmentStatus":"SHIPPED_ALL",*"trackingNumber":"string",*}`,
	} {
		if a := s.Do("GET", "/myshop/v1"+path, "", "X-API-KEY", "shop-key-1"); a.Status != 200 || !like(want, a.Body) {
			t.Errorf("%s: %d %s\nwant %s", path, a.Status, a.Body, want)
		}
	}
	// The same requests with another shop's key find nothing of it.
	withKey(requests, "shop-key-2")
	foreign := shopSteps()
	for i, step := range foreign {
		foreign[i] = foreignStep(step)
	}
	check(t, requests, foreign, play(t, s.URL, requests, foreign, map[string]string{"product_id": "1000000002", "variants_id": "300002",
		"inventory_id": "500002", "orderNo": "2022010100001", "status": "hide", "image": "https://example.com/p.png"}))
}

// withKey has the requests carry a key.
func withKey(requests []request, key string) {
	member := func(name, value string) any { return map[string]any{"key": name, "value": value, "type": "string"} }
	for _, r := range requests {
		r.raw["request"].(map[string]any)["auth"] = map[string]any{"type": "apikey",
			"apikey": []any{member("in", "header"), member("key", "X-API-KEY"), member("value", key)}}
	}
}

// foreignStep is a step by another shop: it may make a product of its own and
// lists none but that; what it names of the first shop is not there.
func foreignStep(s step) step {
	keep := `pm.globals.set("product_id", 1000000002); pm.globals.set("variants_id", 300002); pm.globals.set("inventory_id", 500002)`
	switch s.name {
	case "Create product":
		return step{name: s.name, status: 201, after: keep}
	case "Get all products":
		return step{name: s.name, status: 200, want: `{*"totalRow":1}`, after: keep}
	case "Get all orders":
		return step{name: s.name, status: 200, want: `{"currentPage":1,"data":[],"perPage":25,"totalPage":0,"totalRow":0}`}
	}
	return step{name: s.name, status: 404, want: `{"code":"NOT_FOUND","message":"*","timestamp":*}`}
}
