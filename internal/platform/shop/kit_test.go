package shop_test

import (
	"strconv"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/platform/shop"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

const (
	key   = "key-a"
	other = "key-b"

	tea    = "1000000001" // two options, four variants less one
	mug    = "1000000002" // one default variant
	secret = "1000000003" // not on display
	rival  = "1000000004" // the other shop's

	teaRedS  = "300001"
	teaRedM  = "300002"
	teaBlueS = "300003"
	mugOnly  = "300004"
)

// world has two shops. Its people are those of the usual one.
const world = stage.World + `
shops:
  - name: Tea house
    apiKey: key-a
    products:
      - {categoryId: 17, code: TEA, name: Tea, brand: Leaf, description: "<b>Green</b>", imageUrls: ["https://example.com/tea.png"], instantDiscount: 0.5,
         variantOptions: {option1: {name: color, data: [{value: red, imageUrl: "https://example.com/red.png"}, {value: blue}]}, option2: {name: size, data: [{value: S}, {value: M}]}},
         variants: [{sku: tea-red-s, barcode: "111", onHandNumber: 10, options: [0, 0], price: 100.25, weight: 0.5},
                    {sku: tea-red-m, onHandNumber: 20, options: [0, 1], price: 200, weight: 1},
                    {sku: tea-blue-s, onHandNumber: 0, options: [1, 0], price: 100, weight: 0.5}]}
      - {categoryId: 18, code: MUG, name: Mug, imageUrls: ["https://example.com/mug.png"], variants: [{sku: mug, onHandNumber: 500, price: 50, weight: 0.3}]}
      - {categoryId: 18, code: SECRET, name: Secret, imageUrls: ["https://example.com/s.png"], isDisplay: false, variants: [{sku: secret, onHandNumber: 5, price: 1, weight: 1}]}
  - name: Rival
    apiKey: key-b
    products:
      - {categoryId: 1, code: R, name: Rival mug, imageUrls: ["https://example.com/r.png"], variants: [{sku: rival, onHandNumber: 5, price: 1, weight: 1}]}
    orders:
      - {orderNumber: "77", orderItems: [{sku: rival, quantity: 1}]}
`

func each(t *testing.T, run func(t *testing.T, s *stage.Stage)) {
	testkit.EachStore(t, func(t *testing.T, dsn string) { run(t, stage.Start(t, dsn, world)) })
}

// with is the header that carries a key.
func with(key string) []string { return []string{"X-API-KEY", key} }

// call sends a request with the shop's key.
func call(s *stage.Stage, method, path, body string) stage.Answer {
	s.T.Helper()
	return s.Do(method, "/myshop/v1"+path, body, with(key)...)
}

// ok reads the answer of a call that must be 200.
func ok[T any](s *stage.Stage, method, path, body string) (v T) {
	s.T.Helper()
	a := call(s, method, path, body)
	if a.Status != 200 {
		s.T.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		s.T.Fatalf("%s: %v", a.Body, err)
	}
	return v
}

// list is a page as clients read it.
type list[T any] struct {
	CurrentPage int `json:"currentPage"`
	PerPage     int `json:"perPage"`
	TotalPage   int `json:"totalPage"`
	TotalRow    int `json:"totalRow"`
	Data        []T `json:"data"`
}

// buys has a person order, which must work, and gives the order's number.
func buys(s *stage.Stage, userID, body string) string {
	s.T.Helper()
	var o shop.Order
	if err := json.Unmarshal([]byte(s.Sim("POST", "/people/"+userID+"/orders", body)), &o); err != nil {
		s.T.Fatal(err)
	}
	return o.OrderNumber
}

// stock is a variant's numbers: on hand, available, reserved, ready to ship.
func stock(s *stage.Stage, productID, variantID string) [4]int64 {
	s.T.Helper()
	for _, p := range ok[list[shop.Product]](s, "GET", "/products?ids="+productID, "").Data {
		for _, v := range p.Variants {
			if strconv.FormatInt(v.ID, 10) == variantID {
				return [4]int64{v.OnHandNumber, v.AvailableNumber, v.ReservedNumber, v.ReadyToShipNumber}
			}
		}
	}
	s.T.Fatalf("no variant %s", variantID)
	return [4]int64{}
}
