package clients

import (
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

// A coupon's life by the official client: created, listed, described, sent,
// used, discontinued.
func TestCoupon(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plain := &m.CouponCreateRequest{Title: "Tea", StartTimestamp: 0, EndTimestamp: 1924959599, Timezone: m.CouponCreateRequestTIMEZONE_ASIA_TOKYO,
		Visibility: m.CouponCreateRequestVISIBILITY_UNLISTED, MaxUseCountPerTicket: 1,
		AcquisitionCondition: &m.NormalAcquisitionConditionRequest{}, Reward: &m.CouponFreeRewardRequest{}}
	first, err := s.api.CreateCoupon(plain)
	must(t, first, err)
	full := &m.CouponCreateRequest{Title: "Cake", Description: "One each", StartTimestamp: 1752678000, EndTimestamp: 1924959599,
		Timezone: m.CouponCreateRequestTIMEZONE_ASIA_TOKYO, Visibility: m.CouponCreateRequestVISIBILITY_PUBLIC, MaxUseCountPerTicket: -1,
		CouponCode: "CODE", UsageCondition: "From 1,000 yen", ImageUrl: "https://example.com/a.png", BarcodeImageUrl: "https://example.com/b.png",
		AcquisitionCondition: &m.LotteryAcquisitionConditionRequest{LotteryProbability: 50, MaxAcquireCount: -1},
		Reward:               &m.CouponDiscountRewardRequest{PriceInfo: &m.DiscountFixedPriceInfoRequest{FixedAmount: 100}}}
	second, err := s.api.CreateCoupon(full)
	must(t, second, err)

	got, err := s.api.GetCouponDetail(second.CouponId)
	must(t, got, err)
	condition, ok := got.AcquisitionCondition.(m.LotteryAcquisitionConditionResponse)
	if !ok || condition.LotteryProbability != 50 || condition.MaxAcquireCount != -1 {
		t.Errorf("condition %#v", got.AcquisitionCondition)
	}
	reward, ok := got.Reward.(m.CouponDiscountRewardResponse)
	if !ok {
		t.Fatalf("reward %#v", got.Reward)
	}
	if price, ok := reward.PriceInfo.(m.DiscountFixedPriceInfoResponse); !ok || price.FixedAmount != 100 || price.Currency != "JPY" {
		t.Errorf("price %#v", reward.PriceInfo)
	}
	if got.CouponId != second.CouponId || got.Title != "Cake" || got.Description != "One each" || got.StartTimestamp != 1752678000 ||
		got.EndTimestamp != 1924959540 || got.Timezone != m.CouponResponseTIMEZONE_ASIA_TOKYO || got.Visibility != m.CouponResponseVISIBILITY_PUBLIC ||
		got.CouponCode != "CODE" || got.UsageCondition != "From 1,000 yen" || got.MaxUseCountPerTicket != -1 || got.MaxTicketPerUser != 1 ||
		got.ImageUrl != s.server.URL+"/coupon/"+second.CouponId+"/image" || got.BarcodeImageUrl != s.server.URL+"/coupon/"+second.CouponId+"/barcode" ||
		got.Status != m.CouponResponseSTATUS_RUNNING || got.CreatedTimestamp != 1768435200 {
		t.Errorf("%+v", got)
	}

	list, err := s.api.ListCoupon(&[]string{}, "", 0)
	must(t, list, err)
	if len(list.Items) != 2 || list.Items[0].CouponId != second.CouponId || list.Items[0].Title != "Cake" || list.Items[1].CouponId != first.CouponId || list.Next != "" {
		t.Errorf("%+v", list)
	}
	page, err := s.api.ListCoupon(&[]string{"RUNNING", "DRAFT"}, "", 1)
	must(t, page, err)
	rest, err := s.api.ListCoupon(&[]string{"RUNNING", "DRAFT"}, page.Next, 1)
	must(t, rest, err)
	if len(page.Items) != 1 || len(rest.Items) != 1 || rest.Items[0].CouponId != first.CouponId || rest.Next != "" {
		t.Errorf("%+v, then %+v", page, rest)
	}

	_, err = s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: []m.MessageInterface{&m.CouponMessage{CouponId: first.CouponId, DeliveryTag: "push"}}}, "")
	must(t, 0, err)
	if list := s.sees(aoi, cafe); len(list) != 1 || !sameJSON(t, list[0].Message, []byte(`{"type":"coupon","couponId":"`+first.CouponId+`","deliveryTag":"push"}`)) {
		t.Errorf("aoi sees %+v", list)
	}
	s.does(aoi, object{"type": "couponUse", "couponId": first.CouponId})
	if answer := s.server.Do("POST", "/sim/v1/people/"+aoi+"/events", `{"type":"couponUse","couponId":"`+first.CouponId+`"}`); answer.Status != 409 {
		t.Errorf("used twice: %d %s", answer.Status, answer.Body)
	}

	_, err = s.api.CloseCoupon(first.CouponId)
	must(t, 0, err)
	closed, err := s.api.ListCoupon(&[]string{"CLOSED"}, "", 0)
	must(t, closed, err)
	if len(closed.Items) != 1 || closed.Items[0].CouponId != first.CouponId {
		t.Errorf("closed: %+v", closed)
	}
}

func TestCouponRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const (
		head  = `{"message":"The request body has 1 error(s)","details":[{"message":"`
		none  = head + `coupon not found","property":""}]}`
		other = "01JYNW8JMQVFBNWF1APF8Z3FS7"
	)
	made := func(change func(*m.CouponCreateRequest)) (*m.CouponCreateResponse, error) {
		in := &m.CouponCreateRequest{Title: "Tea", EndTimestamp: s.now().Add(time.Hour).Unix(), Timezone: m.CouponCreateRequestTIMEZONE_ASIA_TOKYO,
			Visibility: m.CouponCreateRequestVISIBILITY_UNLISTED, MaxUseCountPerTicket: 1,
			AcquisitionCondition: &m.NormalAcquisitionConditionRequest{}, Reward: &m.CouponFreeRewardRequest{}}
		change(in)
		return s.api.CreateCoupon(in)
	}
	_, err := made(func(in *m.CouponCreateRequest) { in.Title = "" })
	refused(t, "no title", err, 400, head+`Size must be between 1 and 60","property":"title"}]}`)
	_, err = made(func(in *m.CouponCreateRequest) { in.Reward = nil })
	refused(t, "no reward", err, 400, head+`Must be specified","property":"reward"}]}`)
	_, err = s.api.GetCouponDetail(other)
	refused(t, "details", err, 404, none)
	_, err = s.api.CloseCoupon(other)
	refused(t, "close", err, 404, none)
	_, err = s.api.ListCoupon(&[]string{}, "", 101)
	refused(t, "a long page", err, 400, head+`Must be less than or equal to 100","property":"limit"}]}`)
	_, err = s.api.ListCoupon(&[]string{"OVER"}, "", 0)
	refused(t, "a status", err, 400, head+`Must be one of the following values: [DRAFT,RUNNING,CLOSED]","property":"status"}]}`)
	mine, err := made(func(*m.CouponCreateRequest) {})
	must(t, mine, err)
	_, err = s.client(teaToken).GetCouponDetail(mine.CouponId)
	refused(t, "another account's", err, 404, none)
	_, err = s.api.CloseCoupon(mine.CouponId)
	must(t, 0, err)
	_, err = s.api.CloseCoupon(mine.CouponId)
	refused(t, "close again", err, 410, head+`The coupon has already been closed.","property":""}]}`)
	_, err = s.api.Broadcast(&m.BroadcastRequest{Messages: []m.MessageInterface{&m.CouponMessage{CouponId: other}}}, "")
	refused(t, "broadcast", err, 400, head+`coupon not found","property":"messages[0].couponId"}]}`)
}
