package shop_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

// product is a request to create one, with some of its text replaced.
func product(replace ...string) string {
	return strings.NewReplacer(replace...).Replace(`{"categoryId":17,"code":"C","name":"N","imageUrls":["https://example.com/1.png"],"instantDiscount":1,` +
		`"variantOptions":{"option1":{"name":"color","data":[{"value":"red"},{"value":"blue"}]},"option2":{"name":"size","data":[{"value":"S"}]}},` +
		`"variants":[{"onHandNumber":3,"options":[0,0],"price":10,"weight":2},{"onHandNumber":4,"options":[1,0],"price":20,"weight":2}]}`)
}

// failure is an error as clients read it.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Info    struct {
		Field string `json:"field"`
	} `json:"info"`
	Timestamp int64 `json:"timestamp"`
}

var codes = map[int]string{400: "BAD_REQUEST", 401: "UNAUTHORIZED", 404: "NOT_FOUND", 405: "BAD_REQUEST", 409: "DATA_CONFLICT", 413: "BAD_REQUEST",
	429: "TOO_MANY_REQUESTS"}

// refused checks the form of an error.
func refused(t *testing.T, what string, a stage.Answer, status int, field string) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(a.Body), &f); err != nil || a.Status != status || f.Code != codes[status] || f.Info.Field != field || f.Message == "" {
		t.Errorf("%s: %d %s, want %d %s", what, a.Status, a.Body, status, field)
	}
	if a.Header.Get("X-Line-Request-Id") != "" || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s: headers %v", what, a.Header)
	}
	return f
}

// TestRefusals has a row for each way a request can be wrong. None of them
// changes anything.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		bank := buys(s, stage.Aoi, `{"orderItems":[{"sku":"mug","quantity":1}],"paymentMethod":"BANK"}`)
		long := strings.Repeat("x", 201)
		did := s.Effect(func() {
			for _, c := range []struct {
				call, body string
				status     int
				field      string
			}{
				// Unknown ids, and another shop's.
				{"PATCH /products/999", `{"name":"x"}`, 404, ""},
				{"PATCH /products/" + rival, `{"name":"x"}`, 404, ""},
				{"DELETE /products/" + rival, ``, 404, ""},
				{"DELETE /products/999", ``, 404, ""},
				{"POST /products/" + rival + "/variants", `{"variantOptions":{"option1":{"name":"c","data":[{"value":"r"}]}},"variants":[{"onHandNumber":1,"options":[0],"price":1,"weight":1}]}`, 404, ""},
				{"PATCH /products/" + rival + "/variant", `{"price":1}`, 404, ""},
				{"PATCH /products/" + mug + "/variant", `{"id":300001,"price":1}`, 404, ""},
				{"PATCH /products/" + rival + "/prices", `{"instantDiscount":0,"variants":[]}`, 404, ""},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0,"variants":[{"id":300006,"price":1}]}`, 404, ""},
				{"POST /products/" + rival + "/delete-variant-option", `{"name":"a","value":"b"}`, 404, ""},
				{"POST /products/" + tea + "/delete-variant-option", `{"name":"color","value":"green"}`, 404, ""},
				{"POST /products/" + tea + "/delete-variant-option", `{"name":"taste","value":"red"}`, 404, ""},
				{"POST /products/" + rival + "/display-status/hide", ``, 404, ""},
				{"PUT /inventory/500006/adjust", `{"amount":1}`, 404, ""},
				{"PUT /inventory/500006/increase", `{"amount":1}`, 404, ""},
				{"PUT /inventory/500006/decrease", `{"amount":1}`, 404, ""},
				{"PUT /inventory/300001/decrease", `{"amount":1}`, 404, ""},
				{"GET /orders/77", ``, 404, ""},
				{"GET /orders/1", ``, 404, ""},
				{"POST /orders/77/mark-as-paid", ``, 404, ""},
				{"POST /orders/77/mark-as-ship", ``, 404, ""},
				{"PUT /orders/77/shipments", `{}`, 404, ""},
				{"PUT /orders/77/cancel", `{"remarkCancel":"x"}`, 404, ""},

				// Ids of another type.
				{"DELETE /products/x", ``, 400, "id"},
				{"PATCH /products/1.5/prices", `{"instantDiscount":0,"variants":[]}`, 400, "id"},
				{"PUT /inventory/99999999999999999999/adjust", `{"amount":1}`, 400, "id"},
				{"GET /orders/x", ``, 400, "orderNo"},
				{"POST /orders/%F0%9F%8D%B5/mark-as-paid", ``, 400, "orderNo"},

				// Bodies that are none, or of the wrong types.
				{"POST /products", ``, 400, ""},
				{"POST /products", `{`, 400, ""},
				{"POST /products", `[]`, 400, ""},
				{"POST /products", product(`"code":"C"`, `"code":5`), 400, "code"},
				{"POST /products", product(`"categoryId":17`, `"categoryId":"17"`), 400, "categoryId"},
				{"POST /products", product(`"categoryId":17`, `"categoryId":1.5`), 400, "categoryId"},
				{"POST /products", product(`["https://example.com/1.png"]`, `"https://example.com/1.png"`), 400, "imageUrls"},
				{"POST /products", product(`"price":20`, `"price":"20"`), 400, "variants[1].price"},
				{"POST /products", product(`"price":20`, `"price":20.001`), 400, "variants[1].price"},
				{"POST /products", product(`"price":20`, `"price":1e300`), 400, "variants[1].price"},
				{"POST /products", product(`"weight":2`, `"weight":true`), 400, "variants[0].weight"},
				{"POST /products", product(`"onHandNumber":4`, `"onHandNumber":4.5`), 400, "variants[1].onHandNumber"},
				{"POST /products", product(`[1,0]`, `["blue","S"]`), 400, "variants[1].options[0]"},
				{"PUT /inventory/500004/adjust", `{"amount":"1"}`, 400, "amount"},
				{"PUT /inventory/500004/adjust", `{"amount":1.5}`, 400, "amount"},
				{"POST /orders/" + bank + "/mark-as-ship", `{"trackingNumber":5}`, 400, "trackingNumber"},

				// Create product.
				{"POST /products", `{}`, 400, "categoryId"},
				{"POST /products", product(`"code":"C",`, ``), 400, "code"},
				{"POST /products", product(`"C"`, `"  "`), 400, "code"},
				{"POST /products", product(`"name":"N",`, ``), 400, "name"},
				{"POST /products", product(`"https://example.com/1.png"`, ``), 400, "imageUrls"},
				{"POST /products", product(`"https://example.com/1.png"`, `"1","2","3","4","5","6","7","8"`), 400, "imageUrls"},
				{"POST /products", product(`https://example.com/1.png`, ``), 400, "imageUrls[0]"},
				{"POST /products", product(`"categoryId":17`, `"categoryId":-1`), 400, "categoryId"},
				{"POST /products", product(`"instantDiscount":1`, `"instantDiscount":-1`), 400, "instantDiscount"},
				{"POST /products", product(`"instantDiscount":1`, `"instantDiscount":99999999`), 400, "instantDiscount"},
				{"POST /products", product(`"variants":[`, `"variants":[],"x":[`), 400, "variants"},
				{"POST /products", product(`"option1":{"name":"color","data":[{"value":"red"},{"value":"blue"}]},`, ``), 400, "variantOptions.option1"},
				{"POST /products", product(`"name":"color",`, ``), 400, "variantOptions.option1.name"},
				{"POST /products", product(`"name":"size"`, `"name":"color"`), 400, "variantOptions.option2.name"},
				{"POST /products", product(`[{"value":"S"}]`, `[]`), 400, "variantOptions.option2.data"},
				{"POST /products", product(`"value":"S"`, `"value":""`), 400, "variantOptions.option2.data[0].value"},
				{"POST /products", product(`"value":"blue"`, `"value":"red"`), 400, "variantOptions.option1.data[1].value"},
				{"POST /products", product(`"value":"S"`, `"value":"S","imageUrl":"x"`), 400, "variantOptions.option2.data[0].imageUrl"},
				{"POST /products", product(`"onHandNumber":4,`, ``), 400, "variants[1].onHandNumber"},
				{"POST /products", product(`"onHandNumber":4`, `"onHandNumber":-1`), 400, "variants[1].onHandNumber"},
				{"POST /products", product(`"onHandNumber":4`, `"onHandNumber":99999999`), 400, "variants[1].onHandNumber"},
				{"POST /products", product(`"price":20,`, ``), 400, "variants[1].price"},
				{"POST /products", product(`"price":20`, `"price":0`), 400, "variants[1].price"},
				{"POST /products", product(`"price":20`, `"price":-20`), 400, "variants[1].price"},
				{"POST /products", product(`"price":20`, `"price":99999999`), 400, "variants[1].price"},
				{"POST /products", product(`"price":20,"weight":2`, `"price":20`), 400, "variants[1].weight"},
				{"POST /products", product(`"price":20,"weight":2`, `"price":20,"weight":0`), 400, "variants[1].weight"},
				{"POST /products", product(`"price":20,"weight":2`, `"price":20,"weight":1000`), 400, "variants[1].weight"},
				{"POST /products", product(`[1,0]`, `[1]`), 400, "variants[1].options"},
				{"POST /products", product(`[1,0]`, `[2,0]`), 400, "variants[1].options[0]"},
				{"POST /products", product(`[1,0]`, `[0,-1]`), 400, "variants[1].options[1]"},
				{"POST /products", product(`[1,0]`, `[0,0]`), 400, "variants[1].options"},
				{"POST /products", product(`"variantOptions"`, `"x"`), 400, "variantOptions"},
				{"POST /products", product(`"variants"`, `"variants":[{"sku":"a\u0000b","onHandNumber":3,"options":[0,0],"price":10,"weight":2}],"x"`), 400, "variants[0].sku"},

				// Changes.
				{"PATCH /products/" + mug, `{"name":" "}`, 400, "name"},
				{"PATCH /products/" + mug, `{"code":""}`, 400, "code"},
				{"PATCH /products/" + mug, `{"categoryId":-1}`, 400, "categoryId"},
				{"PATCH /products/" + mug, `{"imageUrls":[]}`, 400, "imageUrls"},
				{"PATCH /products/" + mug, `{"variantOptions":{"option1":{"name":"x","data":[]}}}`, 400, "variantOptions.option1"},
				{"PATCH /products/" + tea, `{"variantOptions":{"option1":{"name":"size"}}}`, 400, "variantOptions.option1.name"},
				{"PATCH /products/" + tea, `{"variantOptions":{"option1":{"data":[{"currentValue":"green","newValue":"x"}]}}}`, 400, "variantOptions.option1.data[0].currentValue"},
				{"PATCH /products/" + tea, `{"variantOptions":{"option1":{"data":[{"currentValue":"red"}]}}}`, 400, "variantOptions.option1.data[0].newValue"},
				{"PATCH /products/" + tea, `{"variantOptions":{"option1":{"data":[{"currentValue":"red","newValue":"blue"}]}}}`, 400, "variantOptions.option1.data"},
				{"PATCH /products/" + tea + "/variant", `{"price":5}`, 400, "id"},
				{"PATCH /products/" + tea + "/variant", `{"id":"300001"}`, 400, "id"},
				{"PATCH /products/" + mug + "/variant", `{"price":-5}`, 400, "price"},
				{"PATCH /products/" + mug + "/variant", `{"weight":-5}`, 400, "weight"},
				{"PATCH /products/" + mug + "/variant", `{"onHandNumber":-5}`, 400, "onHandNumber"},
				{"PATCH /products/" + mug + "/variant", `{"onHandNumber":0}`, 400, "onHandNumber"}, // one is reserved
				{"PATCH /products/" + mug + "/variant", `{"sku":"a\u0000"}`, 400, "sku"},
				{"PATCH /products/" + mug + "/prices", `{"variants":[]}`, 400, "instantDiscount"},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0}`, 400, "variants"},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":-1,"variants":[]}`, 400, "instantDiscount"},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0,"variants":[{"id":300004}]}`, 400, "variants[0].price"},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0,"variants":[{"id":300004,"price":0.99}]}`, 400, "variants[0].price"},
				{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0,"variants":[{"id":300004,"price":-1}]}`, 400, "variants[0].price"},
				{"POST /products/" + tea + "/variants", `{"variants":[{"onHandNumber":1,"options":[0],"price":1,"weight":1}]}`, 400, "variantOptions"},
				{"POST /products/" + tea + "/variants", `{"variantOptions":{"option1":{"name":"color","data":[{"value":"red"}]}}}`, 400, "variants"},
				{"POST /products/" + tea + "/variants", `{"variantOptions":{"option1":{"name":"color","data":[{"value":"red"}]}},"variants":[{"onHandNumber":1,"options":[0],"price":1,"weight":1}]}`, 400, "variantOptions"},
				{"POST /products/" + tea + "/variants", `{"variantOptions":{"option1":{"name":"color","data":[{"value":"red"}]},"option2":{"name":"size","data":[{"value":"S"}]}},"variants":[{"onHandNumber":1,"options":[0,0],"price":1,"weight":1}]}`, 400, "variants[0].options"},
				{"POST /products/" + tea + "/delete-variant-option", `{"name":"color"}`, 400, "value"},
				{"POST /products/" + tea + "/delete-variant-option", `{"value":"red"}`, 400, "name"},
				{"POST /products/" + tea + "/display-status/{{status}}", ``, 400, "status"},

				// Lists.
				{"GET /products?page=0", ``, 400, "page"},
				{"GET /products?page=-1", ``, 400, "page"},
				{"GET /products?page=9223372036854775807", ``, 400, "page"},
				{"GET /products?page=x", ``, 400, "page"},
				{"GET /products?perPage=101", ``, 400, "perPage"},
				{"GET /products?perPage=0", ``, 400, "perPage"},
				{"GET /products?ids=x", ``, 400, "ids"},
				{"GET /products?skus=a%00", ``, 400, "skus"},
				{"GET /orders?perPage=1.5", ``, 400, "perPage"},
				{"GET /orders?sortBy=NAME", ``, 400, "sortBy"},
				{"GET /orders?orderBy=asc", ``, 400, "orderBy"},
				{"GET /orders?orderStatus=SHIPPED", ``, 400, "orderStatus"},
				{"GET /orders?orderStatus=FINALIZED&orderStatus=x", ``, 400, "orderStatus"},
				{"GET /orders?paymentStatus=FAILED", ``, 400, "paymentStatus"},
				{"GET /orders?paymentMethod=CREDIT_CARD", ``, 400, "paymentMethod"},
				{"GET /orders?shipmentStatus=DELIVERED", ``, 400, "shipmentStatus"},
				{"GET /orders?startAt=2022-01-01", ``, 400, "startAt"},
				{"GET /orders?endAt=2022-01-01T00:00:00%2B07:00", ``, 400, "endAt"},
				{"GET /orders?search=%FF", ``, 400, "search"},

				// Stock.
				{"PUT /inventory/500004/adjust", `{}`, 400, "amount"},
				{"PUT /inventory/500004/adjust", `{"amount":-1}`, 400, "amount"},
				{"PUT /inventory/500004/adjust", `{"amount":100000}`, 400, "amount"},
				{"PUT /inventory/500004/increase", `{"amount":0}`, 400, "amount"},
				{"PUT /inventory/500004/increase", `{"amount":-5}`, 400, "amount"},
				{"PUT /inventory/500004/increase", `{"amount":99501}`, 400, "amount"},
				{"PUT /inventory/500004/decrease", `{"amount":0}`, 400, "amount"},
				{"PUT /inventory/500004/decrease", `{"amount":-5}`, 400, "amount"},
				{"PUT /inventory/500004/decrease", `{"amount":500}`, 400, "amount"}, // 499 are available

				// Orders.
				{"POST /orders/" + bank + "/mark-as-paid", ``, 400, ""},
				{"POST /orders/" + bank + "/mark-as-ship", ``, 409, ""},
				{"POST /orders/" + bank + "/mark-as-ship", `{"trackingNumber":"` + long + `"}`, 400, "trackingNumber"},
				{"PUT /orders/" + bank + "/shipments", `{"trackingUrl":"` + long + `"}`, 400, "trackingUrl"},
				{"PUT /orders/" + bank + "/shipments", `{"trackingNumber":"x"}`, 409, ""},
				{"PUT /orders/" + bank + "/cancel", `{}`, 400, "remarkCancel"},
				{"PUT /orders/" + bank + "/cancel", `{"remarkCancel":"` + strings.Repeat("x", 561) + `"}`, 400, "remarkCancel"},

				// What there is not.
				{"GET /products/" + mug, ``, 405, ""},
				{"GET /products/" + mug + "/variant", ``, 405, ""},
				{"DELETE /orders", ``, 405, ""},
				{"GET /nowhere", ``, 404, ""},
				{"GET //products", ``, 404, ""},
				{"GET /products/%2e%2e/orders", ``, 404, ""},
			} {
				s.Sim("POST", "/clock", `{"advance":"1s"}`) // for the rate limit of a second
				method, path, _ := strings.Cut(c.call, " ")
				refused(t, c.call+" "+c.body, call(s, method, path, c.body), c.status, c.field)
			}
		})
		if did != "| "+strings.TrimSpace(strings.Repeat("clock ", strings.Count(did, "clock"))) {
			t.Errorf("something was done: %s", did)
		}
	})
}

func TestKeys(t *testing.T) {
	s := stage.Start(t, "", world)
	for _, header := range [][]string{nil, {"X-API-KEY", ""}, {"X-API-KEY", "nobody's"}, {"X-API-KEY", "\xff"}, {"Authorization", "Bearer key-a"}} {
		a := s.Do("GET", "/myshop/v1/products", "", header...)
		if f := refused(t, fmt.Sprint(header), a, 401, ""); strings.Contains(f.Message, "key-a") {
			t.Errorf("%s", a.Body)
		}
	}
	if a := s.Do("GET", "/myshop/v1/products", "", with(other)...); a.Status != 200 || !strings.Contains(a.Body, `"code":"R"`) || strings.Contains(a.Body, "TEA") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	refused(t, "large", s.Do("POST", "/myshop/v1/products", strings.Repeat(" ", 2<<20+1), with(key)...), 413, "")
	refused(t, "form", s.Do("POST", "/myshop/v1/products", "a=b", "X-API-KEY", key, "Content-Type", "application/x-www-form-urlencoded"), 400, "")
	if a := s.Do("PUT", "/myshop/v1/inventory/500004/adjust", `{"amount":7}`, "X-API-KEY", key, "Content-Type", "text/plain"); a.Status != 200 {
		t.Errorf("JSON that is called text: %d %s", a.Status, a.Body)
	}
	now := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC).UnixMilli()
	if f := refused(t, "unknown", s.Do("GET", "/myshop/v1/orders/1", "", with(key)...), 404, ""); f.Timestamp < now || f.Timestamp > now+60_000 {
		t.Errorf("timestamp %d is not of the server's clock", f.Timestamp)
	}
}

// TestAliases: what the request collection spells wrongly works too.
func TestAliases(t *testing.T) {
	s := stage.Start(t, "", world)
	if a := s.Do("GET", "/myshop/vi/products?ids="+mug, "", with(key)...); a.Status != 200 || !strings.Contains(a.Body, `"code":"MUG"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.Do("POST", "/myshop/vi/inventory/500004/adjust", `{"amount":7}`, with(key)...); a.Status != 200 || !strings.Contains(a.Body, `"onHandAmount":7`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestRateLimits: 50 a second and 1,000 a minute, for each key and each of the
// three APIs, on the server's clock.
func TestRateLimits(t *testing.T) {
	s := stage.Start(t, "", world)
	const products, orders = "/products?perPage=1", "/orders?perPage=1"
	run := func(n int, path string) (last stage.Answer, passed int) {
		for range n {
			if last = call(s, "GET", path, ""); last.Status == 200 {
				passed++
			}
		}
		return last, passed
	}
	s.Advance("1h")
	last, passed := run(60, products)
	if passed < 50 || passed > 59 && last.Header.Get("X-Ratelimit-Remaining-Second") == "" {
		t.Errorf("%d of 60 passed", passed)
	}
	total := passed
	if a := call(s, "GET", orders, ""); a.Status != 200 {
		t.Errorf("another API: %d", a.Status)
	}
	if a := s.Do("GET", "/myshop/v1/products", "", with(other)...); a.Status != 200 {
		t.Errorf("another key: %d", a.Status)
	}
	for total < 1000 {
		s.Advance("1s")
		_, passed := run(min(45, 1000-total), products)
		if passed == 0 {
			break
		}
		total += passed
	}
	if total != 1000 {
		t.Fatalf("%d passed in a minute", total)
	}
	s.Advance("1s")
	a := call(s, "GET", products, "")
	refused(t, "1001st", a, 429, "")
	for name, want := range map[string]string{"X-Ratelimit-Limit-Second": "50", "X-Ratelimit-Limit-Minute": "1000", "X-Ratelimit-Remaining-Minute": "0"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if after, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
	s.Advance("1m")
	if a := call(s, "GET", products, ""); a.Status != 200 || a.Header.Get("X-Ratelimit-Remaining-Minute") != "999" || a.Header.Get("X-Ratelimit-Remaining-Second") != "49" {
		t.Errorf("a minute later: %d %v", a.Status, a.Header)
	}
	run(60, orders)
	s.Sim("POST", "/reset", "")
	if a := call(s, "GET", orders, ""); a.Status != 200 || a.Header.Get("X-Ratelimit-Remaining-Minute") != "999" {
		t.Errorf("after a reset: %d %v", a.Status, a.Header)
	}
}
