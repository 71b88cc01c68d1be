package coupon_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

const (
	list     = "GET /v2/bot/coupon"
	notFound = `{"message":"The request body has 1 error(s)","details":[{"message":"coupon not found","property":""}]}`
	gone     = `{"message":"The request body has 1 error(s)","details":[{"message":"The coupon has already been closed.","property":""}]}`
	unknown  = "01JYNW8JMQVFBNWF1APF8Z3FS7"
)

// offer has the Cafe create a coupon and gives its id.
func offer(s *stage.Stage, changes ...string) string {
	s.T.Helper()
	a := s.As(stage.Cafe, "POST", "/v2/bot/coupon", body(changes...))
	var in struct {
		CouponID string `json:"couponId"`
	}
	if err := json.Unmarshal([]byte(a.Body), &in); err != nil || a.Status != 200 {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return in.CouponID
}

func closing(s *stage.Stage, id string) {
	s.T.Helper()
	if a := s.As(stage.Cafe, "PUT", "/v2/bot/coupon/"+id+"/close", ""); a.Status != 200 || a.Body != "{}" {
		s.T.Fatalf("%d %s", a.Status, a.Body)
	}
}

type page struct {
	Items []struct {
		CouponID string `json:"couponId"`
		Title    string `json:"title"`
	} `json:"items"`
	Next string `json:"next"`
}

func read(s *stage.Stage, query string) page {
	s.T.Helper()
	a := s.As(stage.Cafe, "GET", "/v2/bot/coupon"+query, "")
	var p page
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil || a.Status != 200 {
		s.T.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	return p
}

func newest(s *stage.Stage) string { s.T.Helper(); return read(s, "?limit=1").Items[0].CouponID }

// titles are those of a page, with "+" where another follows.
func titles(p page) string {
	var words []string
	for _, x := range p.Items {
		words = append(words, x.Title)
	}
	if p.Next != "" {
		words = append(words, "+")
	}
	return strings.Join(words, " ")
}

func TestListByStatus(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Play(t, []stage.Step{{Name: "none yet", Call: list, As: stage.Cafe, Status: 200, Want: `{"items":[]}`}})
		offer(s, "title", `"over"`, "endTimestamp", "1768435260")
		dead := offer(s, "title", `"dead"`)
		offer(s, "title", `"now"`)
		offer(s, "title", `"later"`, "startTimestamp", "1768521600")
		if a := s.As(stage.Shop, "POST", "/v2/bot/coupon", body("title", `"other"`)); a.Status != 200 {
			t.Fatal(a)
		}
		closing(s, dead)
		s.Advance("1m")
		for query, want := range map[string]string{
			"":                                "later now dead over",
			"?limit=0&start=&status=":         "later now dead over",
			"?limit=4":                        "later now dead over",
			"?limit=3":                        "later now dead +",
			"?limit=1&status=RUNNING":         "later +",
			"?status=RUNNING":                 "later now",
			"?status=CLOSED":                  "dead over",
			"?status=DRAFT":                   "",
			"?status=DRAFT,RUNNING":           "later now",
			"?status=DRAFT&status=RUNNING":    "later now",
			"?status=CLOSED,RUNNING":          "later now dead over",
			"?status=CLOSED&status=RUNNING":   "later now dead over",
			"?status=CLOSED,CLOSED,DRAFT":     "dead over",
			"?status=CLOSED&limit=1":          "dead +",
			"?status=CLOSED%2CRUNNING&limit=": "later now dead over",
		} {
			if got := titles(read(s, query)); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
	})
}

func TestListRefuses(t *testing.T) {
	s := stage.Start(t, "", "")
	const states = "Must be one of the following values: [DRAFT,RUNNING,CLOSED]"
	badStart := `{"message":"Invalid start param"}`
	var steps []stage.Step
	for query, want := range map[string]string{
		"?limit=101":                  faults("limit", "Must be less than or equal to 100"),
		"?limit=-1":                   faults("limit", "Must be greater than or equal to 1"),
		"?limit=x":                    faults("limit", "Must be a number"),
		"?status=OVER":                faults("status", states),
		"?status=RUNNING,running":     faults("status", states),
		"?status=RUNNING&status=PAST": faults("status", states),
		"?limit=101&status=A,B":       faults("limit", "Must be less than or equal to 100", "status", states),
		"?start=abc":                  badStart,
	} {
		steps = append(steps, stage.Step{Name: query, Call: list + query, As: stage.Cafe, Status: 400, Want: want})
	}
	s.Play(t, append(steps, stage.Step{Name: "without a token", Call: list, Status: 401, Want: `{"message":"*"}`}))
}

// A list is read to its end by continuation tokens, each good for a day, the
// account's own.
func TestListPages(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var want []string
		for i := range 45 {
			offer(s, "title", fmt.Sprintf(`"%d"`, i))
			want = append([]string{fmt.Sprint(i)}, want...)
		}
		for limit, pages := range map[int]int{0: 3, 1: 45, 7: 7, 44: 2, 45: 1, 100: 1} {
			var got []string
			n, next := 0, ""
			for n == 0 || next != "" {
				p := read(s, fmt.Sprintf("?limit=%d&start=%s", limit, next))
				for _, x := range p.Items {
					got = append(got, x.Title)
				}
				n, next = n+1, p.Next
			}
			if n != pages || strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%d a page: %d pages, %v", limit, n, got)
			}
		}
		next := read(s, "?limit=44").Next
		offer(s, "title", `"new"`)
		last := stage.Step{Name: "the rest, whatever came meanwhile", Call: list + "?start=" + next, As: stage.Cafe, Status: 200, Want: `{"items":[{"couponId":"*","title":"0"}]}`}
		bad := stage.Step{Name: "another account's", Call: list + "?start=" + next, As: stage.Shop, Status: 400, Want: `{"message":"Invalid start param"}`}
		s.Play(t, []stage.Step{last, bad})
		s.Advance("23h59m59s")
		s.Play(t, []stage.Step{last})
		s.Advance("1s")
		bad.Name, bad.As = "after a day", stage.Cafe
		s.Play(t, []stage.Step{bad})
	})
}

func TestDetail(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		s.Until("2026-01-15T09:01:30+09:00")
		least := offer(s, "couponCode", `""`)
		most := offer(s, "description", `"line\n2"`, "acquisitionCondition", `{"maxAcquireCount":-1,"type":"lottery","lotteryProbability":50}`,
			"reward", `{"priceInfo":{"fixedAmount":100,"type":"fixed","currency":"USD"},"type":"discount"}`, "couponCode", `"CODE"`,
			"usageCondition", `"From 1,000 yen"`, "imageUrl", `"https://example.com/a.png"`, "barcodeImageUrl", `"https://example.com/b.png"`)
		own := func(id, image string) string {
			return s.URL + "/coupon/" + id + "/" + image
		}
		call := func(id string) string { return "GET /v2/bot/coupon/" + id }
		leastBody := `{"couponId":"` + least + `","title":"Friends only","acquisitionCondition":{"type":"normal"},"startTimestamp":0,"endTimestamp":1924959540,` +
			`"timezone":"ASIA_TOKYO","maxUseCountPerTicket":1,"maxTicketPerUser":1,"visibility":"UNLISTED","reward":{"type":"free"},"status":"RUNNING","createdTimestamp":1768435260}`
		s.Play(t, []stage.Step{
			{Name: "what is not there is left out", Call: call(least), As: stage.Cafe, Status: 200, Want: leastBody},
			{Name: "all there can be", Call: call(most), As: stage.Cafe, Status: 200,
				Want: `{"couponId":"` + most + `","title":"Friends only","description":"line\n2",` +
					`"acquisitionCondition":{"type":"lottery","lotteryProbability":50,"maxAcquireCount":-1},"startTimestamp":0,"endTimestamp":1924959540,` +
					`"timezone":"ASIA_TOKYO","couponCode":"CODE","maxUseCountPerTicket":1,"maxTicketPerUser":1,"visibility":"UNLISTED",` +
					`"reward":{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":100,"currency":"JPY"}},"imageUrl":"` + own(most, "image") +
					`","barcodeImageUrl":"` + own(most, "barcode") + `","usageCondition":"From 1,000 yen","status":"RUNNING","createdTimestamp":1768435260}`},
			{Name: "another account's", Call: call(least), As: stage.Shop, Status: 404, Want: notFound},
			{Name: "no coupon", Call: call(unknown), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "no id", Call: call("x"), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "without a token", Call: call(least), Status: 401, Want: `{"message":"*"}`},
		})
		s.Restart()
		s.Play(t, []stage.Step{{Name: "after a restart", Call: call(least), As: stage.Cafe, Status: 200, Want: leastBody}})
		closing(s, least)
		s.Play(t, []stage.Step{{Name: "discontinued", Call: call(least), As: stage.Cafe, Status: 200, Want: strings.Replace(leastBody, "RUNNING", "CLOSED", 1)}})
	})
}

// Amounts are in the money of the account's country.
func TestCurrency(t *testing.T) {
	for country, want := range map[string]string{"JP": "JPY", "TW": "TWD", "TH": "THB", "ID": "JPY"} {
		s := stage.Start(t, "", strings.Replace(stage.World, `basicId: "@cafe",`, `basicId: "@cafe", country: `+country+`,`, 1))
		for reward, price := range map[string]string{
			`{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":1}}`:                             `{"type":"fixed","fixedAmount":1,"currency":"` + want + `"}`,
			`{"type":"cashBack","priceInfo":{"type":"percentage","percentage":3}}`:                         `{"type":"percentage","percentage":3}`,
			`{"type":"discount","priceInfo":{"type":"explicit","originalPrice":2,"priceAfterDiscount":1}}`: `{"type":"explicit","originalPrice":2,"priceAfterDiscount":1,"currency":"` + want + `"}`,
		} {
			a := s.As(stage.Cafe, "GET", "/v2/bot/coupon/"+offer(s, "reward", reward), "")
			if !strings.Contains(a.Body, `"priceInfo":`+price) {
				t.Errorf("%s %s: %s", country, reward, a.Body)
			}
		}
	}
}

func TestClose(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		id, over := offer(s), offer(s, "endTimestamp", "1768435260")
		call := func(id string) string { return "PUT /v2/bot/coupon/" + id + "/close" }
		s.Play(t, []stage.Step{
			{Name: "another account's", Call: call(id), As: stage.Shop, Status: 404, Want: notFound},
			{Name: "no coupon", Call: call(unknown), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "no id", Call: call("x"), As: stage.Cafe, Status: 404, Want: notFound},
			{Name: "without a token", Call: call(id), Status: 401, Want: `{"message":"*"}`},
			{Name: "one", Call: call(id), As: stage.Cafe, Status: 200, Want: `{}`},
			{Name: "again", Call: call(id), As: stage.Cafe, Status: 410, Want: gone},
		})
		s.Advance("1m")
		s.Play(t, []stage.Step{{Name: "one that is over", Call: call(over), As: stage.Cafe, Status: 410, Want: gone}})
	})
}

// The address of an image is this server's, and sends on to the source.
func TestImage(t *testing.T) {
	s := stage.Start(t, "", "")
	id := offer(s, "imageUrl", `"https://example.invalid/a.png"`)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]string{
		"/coupon/" + id + "/image":      "https://example.invalid/a.png",
		"/coupon/" + id + "/barcode":    "",
		"/coupon/" + id + "/other":      "",
		"/coupon/" + unknown + "/image": "",
	} {
		res, err := client.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if status, to := res.StatusCode, res.Header.Get("Location"); to != want || want == "" && status != 404 || want != "" && status != 302 {
			t.Errorf("%s: %d %q, want %q", path, status, to, want)
		}
	}
	if a := s.As(stage.Cafe, "GET", "/v2/bot/coupon/"+id, "", "Host", "api.line.me"); !strings.Contains(a.Body, `"imageUrl":"https://api.line.me/coupon/`+id+`/image"`) {
		t.Error(a.Body)
	}
}
