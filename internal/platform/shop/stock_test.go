package shop_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kaiwa/internal/platform/shop"
	"kaiwa/internal/testkit"
	"kaiwa/internal/testkit/stage"
)

func TestStock(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		buys(s, stage.Aoi, `{"orderItems":[{"sku":"tea-red-m","quantity":3}]}`)
		buys(s, stage.Aoi, `{"orderItems":[{"sku":"tea-red-m","quantity":2}]}`)
		if a := call(s, "POST", "/orders/2000000002/mark-as-paid", ""); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		for _, c := range []struct {
			call string
			body string
			want string // available, on hand, ready, reserved
		}{
			{"PUT adjust", `{"amount":100}`, "100 105 2 3"},
			{"PUT adjust", `{"amount":0}`, "0 5 2 3"},
			{"PUT increase", `{"amount":12}`, "12 17 2 3"},
			{"PUT decrease", `{"amount":10}`, "2 7 2 3"},
			{"PUT decrease", `{"amount":2}`, "0 5 2 3"},
			{"PUT adjust", `{"amount":99999}`, "99999 100004 2 3"},
			// As the request collection has them.
			{"POST adjust", `{"amount":1}`, "1 6 2 3"},
			{"POST decrease", `{"amount":12}`, "13 18 2 3"}, // its "Increase inventory"
			{"PUT decrease", `{"amount":10}`, "3 8 2 3"},
		} {
			method, path, _ := strings.Cut(c.call, " ")
			st := ok[shop.Stock](s, method, "/inventory/500002/"+path, c.body)
			if got := fmt.Sprint(st.AvailableNumber, st.OnHandAmount, st.ReadyToShipAmount, st.ReservedAmount); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.call, c.body, got, c.want)
			}
		}
		if got := stock(s, tea, teaRedM); got != [4]int64{8, 3, 3, 2} {
			t.Errorf("the product says %v", got)
		}
	})
}

// TestConcurrentDecreases: of 1,000 at once, as many succeed as there is stock.
func TestConcurrentDecreases(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		s := stage.Start(t, dsn, "limits: off\n"+world)
		var succeeded, refused atomic.Int64
		var wg sync.WaitGroup
		client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 64, MaxIdleConnsPerHost: 64}}
		defer client.CloseIdleConnections()
		for range 1000 {
			wg.Go(func() {
				req, err := http.NewRequestWithContext(t.Context(), "PUT", s.URL+"/myshop/v1/inventory/500004/decrease", strings.NewReader(`{"amount":1}`))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("X-API-KEY", key)
				req.Header.Set("Content-Type", "application/json")
				res, err := client.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				res.Body.Close()
				switch res.StatusCode {
				case 200:
					succeeded.Add(1)
				case 400:
					refused.Add(1)
				default:
					t.Errorf("%d", res.StatusCode)
				}
			})
		}
		wg.Wait()
		if succeeded.Load() != 500 || refused.Load() != 500 {
			t.Errorf("%d succeeded, %d were refused", succeeded.Load(), refused.Load())
		}
		if got := stock(s, mug, mugOnly); got != [4]int64{} {
			t.Errorf("left over: %v", got)
		}
	})
}

// TestConcurrentOrders: nobody gets what somebody else has reserved.
func TestConcurrentOrders(t *testing.T) {
	each(t, func(t *testing.T, s *stage.Stage) {
		var reserved atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if a := s.Do("POST", "/sim/v1/people/"+stage.Aoi+"/orders", `{"orderItems":[{"sku":"tea-red-s","quantity":3}]}`); a.Status == 201 {
					reserved.Add(3)
				} else if a.Status != 409 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		if got := stock(s, tea, teaRedS); reserved.Load() != 9 || got != [4]int64{10, 1, 9, 0} {
			t.Errorf("%d ordered, stock %v", reserved.Load(), got)
		}
	})
}
