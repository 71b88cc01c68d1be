package clients

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/manage_audience"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

// narrowcasts sends one and gives its request id.
func (s *stage) narrowcasts(in *m.NarrowcastRequest) string {
	s.t.Helper()
	res, _, err := s.api.NarrowcastWithHttpInfo(in, "")
	must(s.t, 0, err)
	if res.StatusCode != 202 {
		s.t.Fatalf("status %d", res.StatusCode)
	}
	return res.Header.Get("x-line-request-id")
}

// progress is a narrowcast's, when all that was due has happened.
func (s *stage) progress(requestID string) *m.NarrowcastProgressResponse {
	s.t.Helper()
	s.advance(10 * time.Minute)
	p, err := s.api.GetNarrowcastProgress(requestID)
	must(s.t, p, err)
	return p
}

func TestNarrowcast(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	before := s.now()
	id := s.narrowcasts(&m.NarrowcastRequest{Messages: text("to all"), Limit: &m.Limit{UpToRemainingQuota: true}})
	p, err := s.api.GetNarrowcastProgress(id)
	must(t, p, err)
	if soon := s.now().Sub(p.AcceptedTime) < 3*time.Second; p.AcceptedTime.Before(before) || soon && (p.Phase != m.NarrowcastProgressResponsePHASE_WAITING || !p.CompletedTime.IsZero()) {
		t.Errorf("%+v", p)
	}
	p = s.progress(id)
	if p.Phase != m.NarrowcastProgressResponsePHASE_SUCCEEDED || p.SuccessCount != 2 || p.FailureCount != 0 || p.TargetCount != 2 || p.CompletedTime.Before(p.AcceptedTime) {
		t.Errorf("%+v", p)
	}
	if got := s.texts(aoi, cafe); got != "account: to all" {
		t.Errorf("aoi sees %s", got)
	}

	made, err := s.audiences(cafeToken).CreateAudienceGroup(&manage_audience.CreateAudienceGroupRequest{Description: "Ben",
		Audiences: []manage_audience.Audience{{Id: ben}, {Id: chen}}})
	must(t, made, err)
	s.advance(10 * time.Minute)
	onlyBen := &m.AudienceRecipient{AudienceGroupId: made.AudienceGroupId}
	id = s.narrowcasts(&m.NarrowcastRequest{Messages: text("to ben"), Recipient: &m.OperatorRecipient{And: []m.RecipientInterface{onlyBen}}})
	if p := s.progress(id); p.Phase != "succeeded" || p.TargetCount != 1 {
		t.Errorf("%+v", p)
	}
	id = s.narrowcasts(&m.NarrowcastRequest{Messages: text("to others"), Recipient: &m.OperatorRecipient{Not: &m.OperatorRecipient{Or: []m.RecipientInterface{onlyBen, onlyBen}}}})
	if p := s.progress(id); p.Phase != "succeeded" || p.TargetCount != 1 {
		t.Errorf("%+v", p)
	}
	if a, b := s.texts(aoi, cafe), s.texts(ben, cafe); a != "account: to all\naccount: to others" || b != "account: to all\naccount: to ben" {
		t.Errorf("aoi sees %s, ben sees %s", a, b)
	}
	redelivered := s.narrowcasts(&m.NarrowcastRequest{Messages: text("again"), Recipient: &m.RedeliveryRecipient{RequestId: id}})
	if p := s.progress(redelivered); p.Phase != "failed" || p.ErrorCode != 2 || p.FailedDescription == "" {
		t.Errorf("a redelivery to less than 50: %+v", p)
	}
}

func TestNarrowcastRefusals(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	send := func(in *m.NarrowcastRequest) error {
		in.Messages = append(in.Messages, hello)
		_, err := s.api.Narrowcast(in, "")
		return err
	}
	by := func(d m.DemographicFilterInterface) error {
		return send(&m.NarrowcastRequest{Filter: &m.Filter{Demographic: d}})
	}
	few := `{"message":"Your account does not have enough friends"}`
	for name, d := range map[string]m.DemographicFilterInterface{
		"gender": &m.GenderDemographicFilter{OneOf: []m.GenderDemographic{"male", "female"}},
		"age":    &m.AgeDemographicFilter{Gte: "age_20"},
		"app":    &m.AppTypeDemographicFilter{OneOf: []m.AppTypeDemographic{"ios"}},
		"area":   &m.AreaDemographicFilter{OneOf: []m.AreaDemographic{"jp_13", "id_12"}},
		"period": &m.SubscriptionPeriodDemographicFilter{Lt: "day_30"},
		"all": &m.OperatorDemographicFilter{And: []m.DemographicFilterInterface{&m.OperatorDemographicFilter{
			Or: []m.DemographicFilterInterface{&m.AgeDemographicFilter{Gte: "age_15", Lt: "age_70"}}},
			&m.OperatorDemographicFilter{Not: &m.AppTypeDemographicFilter{OneOf: []m.AppTypeDemographic{"android"}}}}},
	} {
		refused(t, name, by(d), 403, few)
	}
	refused(t, "a wrong age", by(&m.AgeDemographicFilter{Gte: "age_20", Lt: "age_20"}), 400,
		`{"message":"The request body has 1 error(s)","details":[{"message":"Must be less than lt","property":"filter.demographic.gte"}]}`)
	refused(t, "an unknown audience", send(&m.NarrowcastRequest{Recipient: &m.AudienceRecipient{AudienceGroupId: 5614991017776}}), 400,
		`{"message":"Invalid audience group id: 5614991017776"}`)
	refused(t, "an unknown request", send(&m.NarrowcastRequest{Recipient: &m.RedeliveryRecipient{RequestId: "5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}}), 400,
		`{"message":"Invalid request id: 5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4"}`)
	_, err := s.api.GetNarrowcastProgress("5b59509c-c57b-11e9-aa8c-2a2ae2dbcce4")
	refused(t, "progress of nothing", err, 404, `{"message":"Not found"}`)
	_, err = s.api.GetNarrowcastProgress("x")
	refused(t, "progress of no request", err, 400, `{"message":"The value for the 'requestId' parameter is invalid"}`)
}

// The account that may send 5 messages a month has 2 friends.
func TestNarrowcastQuota(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.client(teaToken)
	var errs []string
	for range 3 {
		_, err := api.Narrowcast(&m.NarrowcastRequest{Messages: text("hi")}, "")
		errs = append(errs, fmt.Sprint(err))
	}
	if !strings.Contains(errs[2], "You have reached your monthly limit.") || errs[0]+errs[1] != "<nil><nil>" {
		t.Error(errs)
	}
	s.advance(10 * time.Minute)
	used, err := api.GetMessageQuotaConsumption()
	must(t, used, err)
	if used.TotalUsage != 4 {
		t.Errorf("%+v", used)
	}
}

func TestAggregationUnits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var names []string
	for i := range 101 {
		names = append(names, fmt.Sprint("Unit_", 100-i))
		_, err := s.api.PushMessage(&m.PushMessageRequest{To: aoi, Messages: text("hi"), CustomAggregationUnits: names[i:]}, "")
		must(t, 0, err)
	}
	n, err := s.api.GetAggregationUnitUsage()
	must(t, n, err)
	if n.NumOfCustomAggregationUnits != 101 {
		t.Errorf("%+v", n)
	}
	first, err := s.api.GetAggregationUnitNameList("", "")
	must(t, first, err)
	second, err := s.api.GetAggregationUnitNameList("30", first.Next)
	must(t, second, err)
	if got := append(first.CustomAggregationUnits, second.CustomAggregationUnits...); !slices.Equal(got, names) || len(second.CustomAggregationUnits) != 1 || second.Next != "" {
		t.Errorf("%v and %+v", first.CustomAggregationUnits, second)
	}
	_, err = s.api.GetAggregationUnitNameList("30", "x")
	refused(t, "a wrong start", err, 400, `{"message":"Invalid start param"}`)
	_, err = s.api.GetAggregationUnitNameList("101", "")
	refused(t, "a limit beyond", err, 400, `{"message":"The value for the 'limit' parameter is invalid"}`)
}
