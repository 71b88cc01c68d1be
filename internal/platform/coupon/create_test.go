package coupon_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/coupon"
	"kaiwa/internal/testkit/stage"
)

const create = "POST /v2/bot/coupon"

// body is a coupon that is accepted, with members changed or, as "null", left
// out: "title", `"Tea"`.
func body(changes ...string) string {
	members := [][2]string{{"title", `"Friends only"`}, {"reward", `{"type":"free"}`}, {"acquisitionCondition", `{"type":"normal"}`}, {"startTimestamp", "0"},
		{"endTimestamp", "1924959599"}, {"timezone", `"ASIA_TOKYO"`}, {"visibility", `"UNLISTED"`}, {"maxUseCountPerTicket", "1"}}
	for i := 0; i < len(changes); i += 2 {
		at := -1
		for j, m := range members {
			if m[0] == changes[i] {
				at = j
			}
		}
		if at < 0 {
			members = append(members, [2]string{changes[i], ""})
			at = len(members) - 1
		}
		members[at][1] = changes[i+1]
	}
	var words []string
	for _, m := range members {
		words = append(words, fmt.Sprintf("%q:%s", m[0], m[1]))
	}
	return "{" + strings.Join(words, ",") + "}"
}

// faults is a refusal with its details: property, message, property, message.
func faults(details ...string) string {
	var list []string
	for i := 0; i < len(details); i += 2 {
		list = append(list, fmt.Sprintf(`{"message":%q,"property":%q}`, details[i+1], details[i]))
	}
	return fmt.Sprintf(`{"message":"The request body has %d error(s)","details":[%s]}`, len(list), strings.Join(list, ","))
}

const (
	made      = `{"couponId":"*"}`
	needed    = "Must be specified"
	notNeeded = "Must not be specified"
	noHTTPS   = "Must be a valid HTTPS URL"
	from1     = "Must be greater than or equal to 1"
	upto99    = "Must be less than or equal to 99"
	price     = "reward.priceInfo"
	condition = "acquisitionCondition"
)

func TestCreate(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var steps []stage.Step
		for name, change := range map[string][]string{
			"as in the guide":           nil,
			"the longest texts":         {"title", text(60), "description", text(1000), "couponCode", text(16), "usageCondition", text(100), "imageUrl", url(2000), "barcodeImageUrl", url(2000)},
			"length is in UTF-16 units": {"title", `"` + strings.Repeat("😀", 30) + `"`},
			"empty optional texts":      {"description", `""`, "couponCode", `""`, "imageUrl", `""`},
			"no limit of uses":          {"maxUseCountPerTicket", "-1"},
			"it begins later":           {"startTimestamp", "1924959598"},
			"public":                    {"visibility", `"PUBLIC"`},
			"the last time zone":        {"timezone", `"PACIFIC_TONGATAPU"`},
			"a lottery":                 {condition, `{"type":"lottery","lotteryProbability":1,"maxAcquireCount":999999}`},
			"a lottery without a limit": {condition, `{"type":"lottery","lotteryProbability":99,"maxAcquireCount":-1}`},
			"a gift":                    {"reward", `{"type":"gift"}`},
			"others":                    {"reward", `{"type":"others","priceInfo":null}`},
			"an amount off":             {"reward", `{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":1}}`},
			"per cent off":              {"reward", `{"type":"discount","priceInfo":{"type":"percentage","percentage":99}}`},
			"before and after":          {"reward", `{"type":"discount","priceInfo":{"type":"explicit","originalPrice":12000,"priceAfterDiscount":9500}}`},
			"an amount back":            {"reward", `{"type":"cashBack","priceInfo":{"type":"fixed","fixedAmount":9007199254740993}}`},
			"per cent back":             {"reward", `{"type":"cashBack","priceInfo":{"type":"percentage","percentage":1}}`},
			"members that nobody knows": {"color", `"red"`},
			"a currency, which is ours": {"reward", `{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":1,"currency":"USD"}}`},
			"NUL in a text, escaped":    {"description", `"a\u0000b"`},
			"an image with odd letters": {"imageUrl", `"https://example.com/絵.png?a=%E7%B5%B5#x"`},
			"null where it is optional": {"description", "null", "imageUrl", "null"},
			"the end is soon":           {"endTimestamp", "1768435320"},
		} {
			steps = append(steps, stage.Step{Name: name, Call: create, As: stage.Cafe, Body: body(change...), Status: 200, Want: made, Effect: "coupons+1"})
		}
		s.Play(t, steps)
	})
}

func text(n int) string { return `"` + strings.Repeat("x", n) + `"` }
func url(n int) string  { return `"https://example.com/` + strings.Repeat("x", n-20) + `"` }

// Each documented rule of createCoupon, and what it says when it is broken.
func TestCreateRefuses(t *testing.T) {
	s := stage.Start(t, "", "")
	var steps []stage.Step
	for name, c := range map[string]struct{ change, want []string }{
		"no title":                      {[]string{"title", "null"}, []string{"title", "Size must be between 1 and 60"}},
		"an empty title":                {[]string{"title", `""`}, []string{"title", "Size must be between 1 and 60"}},
		"a long title":                  {[]string{"title", text(61)}, []string{"title", "Size must be between 1 and 60"}},
		"a title of 31 emojis":          {[]string{"title", `"` + strings.Repeat("😀", 31) + `"`}, []string{"title", "Size must be between 1 and 60"}},
		"a long description":            {[]string{"description", text(1001)}, []string{"description", "Size must be between 0 and 1000"}},
		"a long usage condition":        {[]string{"usageCondition", text(101)}, []string{"usageCondition", "Size must be between 0 and 100"}},
		"a long code":                   {[]string{"couponCode", text(17)}, []string{"couponCode", "Size must be between 0 and 16"}},
		"a long image URL":              {[]string{"imageUrl", url(2001)}, []string{"imageUrl", "Size must be between 0 and 2000"}},
		"an http image":                 {[]string{"imageUrl", `"http://example.com/a.png"`}, []string{"imageUrl", noHTTPS}},
		"an image that is no URL":       {[]string{"imageUrl", `"picture"`}, []string{"imageUrl", noHTTPS}},
		"an http barcode":               {[]string{"barcodeImageUrl", `"http://example.com/a.png"`}, []string{"barcodeImageUrl", noHTTPS}},
		"no condition":                  {[]string{condition, "null"}, []string{condition, needed}},
		"a condition without a type":    {[]string{condition, `{}`}, []string{condition + ".type", needed}},
		"a referral":                    {[]string{condition, `{"type":"referral"}`}, []string{condition + ".type", "Must be one of the following values: [normal,lottery]"}},
		"a lottery of nothing":          {[]string{condition, `{"type":"lottery"}`}, []string{condition + ".lotteryProbability", needed, condition + ".maxAcquireCount", needed}},
		"a lottery that nobody wins":    {[]string{condition, `{"type":"lottery","lotteryProbability":0,"maxAcquireCount":0}`}, []string{condition + ".lotteryProbability", from1, condition + ".maxAcquireCount", from1}},
		"a lottery that all win":        {[]string{condition, `{"type":"lottery","lotteryProbability":100,"maxAcquireCount":1000000}`}, []string{condition + ".lotteryProbability", upto99, condition + ".maxAcquireCount", "Must be less than or equal to 999999"}},
		"winners of -2":                 {[]string{condition, `{"type":"lottery","lotteryProbability":5,"maxAcquireCount":-2}`}, []string{condition + ".maxAcquireCount", from1}},
		"all get it with a probability": {[]string{condition, `{"type":"normal","lotteryProbability":5,"maxAcquireCount":5}`}, []string{condition + ".lotteryProbability", notNeeded, condition + ".maxAcquireCount", notNeeded}},
		"no number of uses":             {[]string{"maxUseCountPerTicket", "null"}, []string{"maxUseCountPerTicket", needed}},
		"two uses":                      {[]string{"maxUseCountPerTicket", "2"}, []string{"maxUseCountPerTicket", "Must be one of the following values: [1,-1]"}},
		"no use":                        {[]string{"maxUseCountPerTicket", "0"}, []string{"maxUseCountPerTicket", "Must be one of the following values: [1,-1]"}},
		"no period":                     {[]string{"startTimestamp", "null", "endTimestamp", "null"}, []string{"startTimestamp", needed, "endTimestamp", needed}},
		"before 1970":                   {[]string{"startTimestamp", "-1"}, []string{"startTimestamp", "Must be greater than or equal to 0"}},
		"it ends now":                   {[]string{"endTimestamp", "1768435200"}, []string{"endTimestamp", "Must be after the current time"}},
		"it ends when it begins":        {[]string{"startTimestamp", "1924959599"}, []string{"endTimestamp", "Must be after startTimestamp"}},
		"an end in milliseconds":        {[]string{"endTimestamp", "1924959599000"}, []string{"endTimestamp", "Must be less than or equal to 253402300799"}},
		"no time zone":                  {[]string{"timezone", "null"}, []string{"timezone", needed}},
		"no visibility":                 {[]string{"visibility", "null"}, []string{"visibility", needed}},
		"private":                       {[]string{"visibility", `"PRIVATE"`}, []string{"visibility", "Must be one of the following values: [UNLISTED,PUBLIC]"}},
		"no reward":                     {[]string{"reward", "null"}, []string{"reward", needed}},
		"a reward without a type":       {[]string{"reward", "{}"}, []string{"reward.type", needed}},
		"an unknown reward":             {[]string{"reward", `{"type":"money"}`}, []string{"reward.type", "Must be one of the following values: [discount,free,gift,cashBack,others]"}},
		"a discount of nothing":         {[]string{"reward", `{"type":"discount"}`}, []string{price, needed}},
		"cashback of nothing":           {[]string{"reward", `{"type":"cashBack"}`}, []string{price, needed}},
		"a price without a type":        {[]string{"reward", `{"type":"discount","priceInfo":{}}`}, []string{price + ".type", needed}},
		"a price of an unknown type":    {[]string{"reward", `{"type":"discount","priceInfo":{"type":"half"}}`}, []string{price + ".type", "Must be one of the following values: [fixed,percentage,explicit]"}},
		"cashback before and after":     {[]string{"reward", `{"type":"cashBack","priceInfo":{"type":"explicit","originalPrice":2,"priceAfterDiscount":1}}`}, []string{price + ".type", "Must be one of the following values: [fixed,percentage]"}},
		"free with a price":             {[]string{"reward", `{"type":"free","priceInfo":{"type":"fixed","fixedAmount":1}}`}, []string{price, notNeeded}},
		"fixed without an amount":       {[]string{"reward", `{"type":"discount","priceInfo":{"type":"fixed"}}`}, []string{price + ".fixedAmount", needed}},
		"an amount of 0":                {[]string{"reward", `{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":0}}`}, []string{price + ".fixedAmount", from1}},
		"100 per cent":                  {[]string{"reward", `{"type":"discount","priceInfo":{"type":"percentage","percentage":100}}`}, []string{price + ".percentage", upto99}},
		"0 per cent":                    {[]string{"reward", `{"type":"cashBack","priceInfo":{"type":"percentage","percentage":0}}`}, []string{price + ".percentage", from1}},
		"prices of 0":                   {[]string{"reward", `{"type":"discount","priceInfo":{"type":"explicit","originalPrice":0,"priceAfterDiscount":-1}}`}, []string{price + ".originalPrice", from1, price + ".priceAfterDiscount", from1}},
		"per cent with an amount":       {[]string{"reward", `{"type":"discount","priceInfo":{"type":"percentage","percentage":5,"fixedAmount":1}}`}, []string{price + ".fixedAmount", notNeeded}},
		"an amount with per cent": {[]string{"reward", `{"type":"discount","priceInfo":{"type":"fixed","fixedAmount":1,"percentage":5,"originalPrice":2,"priceAfterDiscount":1}}`},
			[]string{price + ".percentage", notNeeded, price + ".originalPrice", notNeeded, price + ".priceAfterDiscount", notNeeded}},
		"all that is wrong, in the order of the reference": {[]string{"title", text(61), "visibility", `"NO"`, "maxUseCountPerTicket", "5", "imageUrl", `"x"`, "reward", `{"type":"x"}`},
			[]string{"title", "Size must be between 1 and 60", "maxUseCountPerTicket", "Must be one of the following values: [1,-1]",
				"reward.type", "Must be one of the following values: [discount,free,gift,cashBack,others]",
				"visibility", "Must be one of the following values: [UNLISTED,PUBLIC]", "imageUrl", noHTTPS}},
	} {
		steps = append(steps, stage.Step{Name: name, Call: create, As: stage.Cafe, Body: body(c.change...), Status: 400, Want: faults(c.want...)})
	}
	steps = append(steps,
		stage.Step{Name: "a time zone that is not", Call: create, As: stage.Cafe, Body: body("timezone", `"Asia/Tokyo"`), Status: 400,
			Want: `{"message":"The request body has 1 error(s)","details":[{"message":"Must be one of the following values: [ETC_GMT_MINUS_12,ETC_GMT_MINUS_11,*,ETC_GMT_PLUS_12,PACIFIC_TONGATAPU]","property":"timezone"}]}`},
		stage.Step{Name: "a title that is a number", Call: create, As: stage.Cafe, Body: `{"title":5}`, Status: 400, Want: `{"message":"The property, 'title', in the request body is invalid (line: 1, column: *)"}`},
		stage.Step{Name: "per cent that are a text", Call: create, As: stage.Cafe, Body: body("reward", `{"type":"discount","priceInfo":{"type":"percentage","percentage":"5"}}`), Status: 400,
			Want: `{"message":"The property, 'reward.priceInfo.percentage', in the request body is invalid (line: 1, column: *)"}`},
		stage.Step{Name: "no JSON", Call: create, As: stage.Cafe, Body: `{`, Status: 400, Want: `{"message":"The request body could not be parsed as JSON (line: 1, column: *)"}`},
		stage.Step{Name: "without a token", Call: create, Body: body(), Status: 401, Want: `{"message":"*"}`},
		stage.Step{Name: "with a retry key", Call: create, As: stage.Cafe, Body: body(), Header: []string{"X-Line-Retry-Key", "2e6b8f9c-6f0b-4d33-9c4d-2f0a6a3f5b11"}, Status: 400,
			Want: `{"message":"The retry key is not supported by this API"}`},
	)
	s.Play(t, steps)
}

// An account has 5,000 valid coupons at most; those that are over make room.
func TestCreateTooMany(t *testing.T) {
	s := stage.Start(t, "", stage.World+"limits: off\n")
	soon := body("endTimestamp", "1768438800") // in an hour
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 500 {
				if a := s.As(stage.Cafe, "POST", "/v2/bot/coupon", soon); a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			}
		})
	}
	wg.Wait()
	tooMany := stage.Step{Name: "the 5,001st", Call: create, As: stage.Cafe, Body: soon, Status: 400, Want: faults("", "You have too many coupons created.")}
	s.Play(t, []stage.Step{tooMany,
		{Name: "of another account", Call: create, As: stage.Shop, Body: soon, Status: 200, Want: made, Effect: "coupons+1"}})
	closing(s, newest(s))
	s.Play(t, []stage.Step{{Name: "one is discontinued", Call: create, As: stage.Cafe, Body: soon, Status: 200, Want: made, Effect: "coupons+1"}, tooMany})
	s.Advance("1h")
	s.Play(t, []stage.Step{{Name: "all are over", Call: create, As: stage.Cafe, Body: body(), Status: 200, Want: made, Effect: "coupons+1"}})
}

// 200 requests a second, each operation for itself.
func TestRateLimits(t *testing.T) {
	for _, op := range coupon.New(nil, nil, nil).Ops() {
		if official := !op.Open; official && op.Limit != (limit.Rate{Requests: 200, Per: time.Second}) {
			t.Errorf("%s: %v", op.ID, op.Limit)
		}
	}
}
