package shop_test

import (
	"strings"
	"testing"

	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

// TestBuyersAreTold: a friend of the shop's account hears of the shipment, once
// and in that account's chat; nobody else does, and no quota is used.
func TestBuyersAreTold(t *testing.T) {
	const products = `    products: [{categoryId: 1, code: T, name: Tea, imageUrls: [x], variants: [{sku: tea, onHandNumber: 100, price: 50, weight: 0.5}]}]
`
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, stage.World+`
shops:
  - name: Tea house
    apiKey: key-a
    channel: "1656000001"
`+products+`  - name: Rival
    apiKey: key-b
`+products)
		for name, c := range map[string]struct{ person, key, sku, effect string }{
			"a friend":                {stage.Aoi, key, `"Tea house"`, "chats+1 messages+1 | message order"},
			"somebody who blocked it": {stage.Dan, key, `"Tea house"`, "| order"},
			"nobody's friend":         {stage.Chen, key, `"Tea house"`, "| order"},
			"of another provider":     {stage.Eve, key, `"Tea house"`, "| order"},
			"of a shop without one":   {stage.Aoi, other, `"Rival"`, "| order"},
		} {
			no := buys(s, c.person, `{"shop":`+c.sku+`,"items":[{"sku":"tea","quantity":1}]}`)
			did := s.Effect(func() {
				if a := s.Do("POST", "/myshop/v1/orders/"+no+"/mark-as-ship", `{"trackingNumber":"LM-1","trackingUrl":"https://example.com/t"}`, with(c.key)...); a.Status != 200 {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				}
			})
			if did != c.effect {
				t.Errorf("%s: did %q, want %q", name, did, c.effect)
			}
			if name != "a friend" {
				continue
			}
			want := `"message":{"type":"text","text":"Your order ` + no + ` is on its way.\nTracking number: LM-1\nhttps://example.com/t"}`
			if chat := s.Sim("GET", "/people/"+stage.Aoi+"/chats/"+stage.Cafe+"/messages", ""); !strings.Contains(chat, want) {
				t.Errorf("%s\nlacks %s", chat, want)
			}
		}
		if w := s.Sim("GET", "/world", ""); !strings.Contains(w, `"shops":[{"name":"Tea house","apiKey":"key-a","channelId":"1656000001"},{"name":"Rival","apiKey":"key-b"}]`) {
			t.Errorf("%s", w)
		}
	})
}
