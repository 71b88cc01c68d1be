package shop_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiwa/internal/platform/shop"
	"kaiwa/internal/testkit/stage"
)

const redTea = `{"id":300001,"inventoryId":500001,"sku":"tea-red-s","barcode":"111","price":100.25,"discountedPrice":99.75,"weight":0.5,` +
	`"imageUrl":"https://example.com/red.png","options":[{"name":"color","value":"red"},{"name":"size","value":"S"}],` +
	`"onHandNumber":10,"availableNumber":10,"reservedNumber":0,"readyToShipNumber":0}`

const wholeMug = `{"id":1000000002,"name":"Mug","code":"MUG","brand":"","description":"",` +
	`"category":{"id":18,"nameEn":"Category 18","nameTh":"หมวดหมู่ 18"},"imageUrls":["https://example.com/mug.png"],"isDisplay":true,` +
	`"hasOnlyDefaultVariant":true,"instantDiscount":0,"giftOption":"NO_GIFT","giftGroups":[],"licenses":{"fda":"","fdaAds":"","tisi":""},` +
	`"variantOptions":[],"variants":[{"id":300004,"inventoryId":500004,"sku":"mug","barcode":"","price":50,"discountedPrice":null,"weight":0.3,` +
	`"imageUrl":"","options":[],"onHandNumber":500,"availableNumber":500,"reservedNumber":0,"readyToShipNumber":0}]}`

// TestProductsOfTheWorld are told member by member, in the file's order.
func TestProductsOfTheWorld(t *testing.T) {
	s := stage.Start(t, "", world)
	a := call(s, "GET", "/products?ids="+mug, "")
	if want := `{"currentPage":1,"data":[` + wholeMug + `],"perPage":25,"totalPage":1,"totalRow":1}`; a.Status != 200 || a.Body != want {
		t.Errorf("%d %s\nwant %s", a.Status, a.Body, want)
	}
	a = call(s, "GET", "/products", "")
	if !strings.Contains(a.Body, redTea) || !strings.Contains(a.Body, `"variantOptions":[{"name":"color","values":["red","blue"]},{"name":"size","values":["S","M"]}]`) {
		t.Errorf("%s", a.Body)
	}
	if h := a.Header; h.Get("X-Line-Request-Id") != "" || h.Get("X-Line-Oap-Request-Id") == "" || h.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", h)
	}
}

func TestListProducts(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		for _, c := range []struct{ query, want string }{
			{"", "1/25/1/3: TEA MUG SECRET"},
			{"?perPage=2", "1/2/2/3: TEA MUG"},
			{"?perPage=2&page=2", "2/2/2/3: SECRET"},
			{"?page=3", "3/25/1/3:"},
			{"?perPage=1&page=2", "2/1/3/3: MUG"},
			{"?ids=" + mug + "&ids=" + tea, "1/25/1/2: TEA MUG"},
			{"?ids=" + rival, "1/25/0/0:"},
			{"?ids=0", "1/25/0/0:"},
			{"?skus=mug&skus=tea-red-m&skus=tea-red-s", "1/25/1/2: TEA MUG"},
			{"?skus=rival", "1/25/0/0:"},
			{"?skus=mug&ids=" + tea, "1/25/0/0:"},
			{"?skus=%25", "1/25/0/0:"},
		} {
			got := ok[list[shop.Product]](s, "GET", "/products"+c.query, "")
			said := fmt.Sprintf("%d/%d/%d/%d:", got.CurrentPage, got.PerPage, got.TotalPage, got.TotalRow)
			for _, p := range got.Data {
				said += " " + p.Code
			}
			if said != c.want {
				t.Errorf("%s: %s, want %s", c.query, said, c.want)
			}
		}
	})
}

// variants tells what a product is of: code, options, and each variant.
func variants(p shop.Product) string {
	said := p.Code
	for _, o := range p.VariantOptions {
		said += " " + o.Name + fmt.Sprint(o.Values)
	}
	for _, v := range p.Variants {
		said += " |"
		for _, o := range v.Options {
			said += " " + o.Value
		}
		said += fmt.Sprintf(" %s*%d", v.Price, v.OnHandNumber)
	}
	return said
}

// TestLifeOfAProduct makes, changes and deletes one. What each call did to the
// store stands beside it.
func TestLifeOfAProduct(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		const made = "/products/1000000005"
		for _, step := range []struct {
			name, call, body string
			status           int
			effect           string
			want             string // as variants tells it, of the product afterwards
		}{
			{"create", "POST /products", `{"categoryId":17,"code":"NEW","name":"New","imageUrls":["https://example.com/1.png"],"instantDiscount":0,
				"variantOptions":{"option1":{"name":"RED","data":[{"value":"100","imageUrl":"https://example.com/2.png"}]}},
				"variants":[{"barcode":"B","onHandNumber":100,"options":[0],"price":10,"sku":"each","weight":10}]}`,
				201, "#shop.product+1 #shop.variant+1 shop_products+1 shop_variants+1", "NEW RED[100] | 100 10*100"},
			{"add variants", "POST " + made + "/variants", `{"variantOptions":{"option1":{"name":"RED","data":[{"value":"100"},{"value":"200"}]}},
				"variants":[{"onHandNumber":5,"options":[1],"price":11.5,"weight":1}]}`,
				200, "#shop.variant+1 shop_variants+1", "NEW RED[100 200] | 100 10*100 | 200 11.5*5"},
			{"detail", "PATCH " + made, `{"brand":"b","categoryId":0,"code":"EX","name":"Renamed","licenses":{"fda":"1"},
				"variantOptions":{"option1":{"name":"color","data":[{"currentValue":"100","newValue":"200"},{"currentValue":"200","newValue":"100"}]}}}`,
				200, "", "EX color[200 100] | 200 10*100 | 100 11.5*5"},
			{"variant", "PATCH " + made + "/variant", `{"id":300007,"barcode":"x","imageUrl":"https://example.com/v.png","onHandNumber":0,"price":99.99,"sku":"new","weight":40}`,
				200, "", "EX color[200 100] | 200 99.99*0 | 100 11.5*5"},
			{"prices", "PATCH " + made + "/prices", `{"instantDiscount":99999998,"variants":[{"id":300008,"price":1}]}`,
				200, "", "EX color[200 100] | 200 99.99*0 | 100 1*5"},
			{"on sale", "POST " + made + "/display-status/onsale", `{"isDisplay":false}`, 200, "", "EX color[200 100] | 200 99.99*0 | 100 1*5"},
			{"delete a value", "POST " + made + "/delete-variant-option", `{"name":"color","value":"200"}`, 204, "shop_variants-1", "EX color[100] | 100 1*5"},
			{"delete the last", "POST " + made + "/delete-variant-option", `{"name":"color","value":"100"}`, 204, "shop_variants-1", "EX"},
			{"other options", "POST " + made + "/variants", `{"variantOptions":{"option1":{"name":"size","data":[{"value":"S"}]}},"variants":[{"onHandNumber":1,"options":[0],"price":1,"weight":1}]}`,
				200, "#shop.variant+1 shop_variants+1", "EX size[S] | S 1*1"},
			{"hide", "POST " + made + "/display-status/hide", ``, 200, "", "EX size[S] | S 1*1"},
			{"delete", "DELETE " + made, ``, 204, "shop_products-1 shop_variants-1", ""},
			{"again", "DELETE " + made, ``, 404, "", ""},
		} {
			method, path, _ := strings.Cut(step.call, " ")
			var a stage.Answer
			did := s.Effect(func() { a = call(s, method, path, step.body) })
			if a.Status != step.status || did != step.effect {
				t.Fatalf("%s: %d %s\ndid %q, want %q", step.name, a.Status, a.Body, did, step.effect)
			}
			got := ""
			for _, p := range ok[list[shop.Product]](s, "GET", "/products?ids=1000000005", "").Data {
				got = variants(p)
			}
			if got != step.want {
				t.Errorf("%s: %s, want %s", step.name, got, step.want)
			}
		}
	})
}

// TestWhatChangesChange reads the members that TestLifeOfAProduct does not tell.
func TestWhatChangesChange(t *testing.T) {
	s := stage.Start(t, "", world)
	for _, c := range []struct{ call, body, want string }{
		{"PATCH /products/" + mug, `{"brand":"b"}`, `"name":"Mug","code":"MUG","brand":"b","description":""`},
		{"PATCH /products/" + mug, `{"description":"<i>d</i>","categoryId":0,"imageUrls":["a","b"]}`,
			`"brand":"b","description":"<i>d</i>","category":{"id":0,"nameEn":"Category 0","nameTh":"หมวดหมู่ 0"},"imageUrls":["a","b"]`},
		{"PATCH /products/" + mug, `{"licenses":{"fda":"1","fdaAds":"2","tisi":"3"}}`, `"licenses":{"fda":"1","fdaAds":"2","tisi":"3"}`},
		{"PATCH /products/" + mug, `{}`, `"name":"Mug","code":"MUG","brand":"b"`},
		{"PATCH /products/" + mug + "/variant", `{"onHandNumber":7}`, `"price":50,"discountedPrice":null,"weight":0.3,"imageUrl":"","options":[],"onHandNumber":7`},
		{"PATCH /products/" + mug + "/variant", `{"id":300004,"imageUrl":"https://example.com/v.png"}`, `"imageUrl":"https://example.com/v.png","options":[],"onHandNumber":7`},
		{"PATCH /products/" + mug + "/prices", `{"instantDiscount":9.99,"variants":[{"price":20}]}`, `"price":20,"discountedPrice":10.01`},
		{"PATCH /products/" + mug + "/prices", `{"instantDiscount":99999998,"variants":[]}`, `"price":20,"discountedPrice":0,`},
		{"PATCH /products/" + mug + "/prices", `{"instantDiscount":0,"variants":[]}`, `"price":20,"discountedPrice":null`},
		{"POST /products/" + mug + "/display-status/hide", ``, `"isDisplay":false`},
		{"POST /products/" + mug + "/display-status/onsale", ``, `"isDisplay":true`},
		{"POST /products/" + mug + "/variants", `{"variantOptions":{"option1":{"name":"color","data":[{"value":"red"}]}},"variants":[{"onHandNumber":3,"options":[0],"price":4,"weight":1}]}`,
			`"hasOnlyDefaultVariant":false`},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		if a := call(s, method, path, c.body); a.Status != 200 || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s %s: %d %s\nwant %s", c.call, c.body, a.Status, a.Body, c.want)
		}
	}
	got := ok[list[shop.Product]](s, "GET", "/products?ids="+mug, "").Data[0]
	if said := variants(got); said != "MUG color[red] | red 4*3" {
		t.Errorf("the default variant is still there: %s", said)
	}
}
