package clients

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/line/line-bot-sdk-go/v8/linebot/insight"
	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const crowd = `
crowd:
  - {channel: "1656000001", count: 100, seed: 1}
`

// insights is the official client of an account's statistics.
func (s *stage) insights(token string) *insight.InsightAPI {
	s.t.Helper()
	c, err := insight.NewInsightAPI(token, insight.WithEndpoint(s.server.URL), insight.WithHTTPClient(s.http))
	return must(s.t, c, err)
}

// crowded are the user ids of so many of the crowd.
func (s *stage) crowded(n int) []string {
	s.t.Helper()
	v, err := s.api.GetFollowers("", 1000)
	must(s.t, v, err)
	var list []string
	for _, id := range v.UserIds {
		if id != aoi && id != ben {
			list = append(list, id)
		}
	}
	return list[:n]
}

// Days are counted in Japan and told the next morning.
func TestInsightOfADay(t *testing.T) {
	t.Parallel()
	s := newStage(t, crowd)
	api := s.insights(cafeToken)
	for _, send := range s.sendings(s.api) {
		res, err := send(uuid.NewString())
		must(t, res, err)
	}
	sim[object](s, "POST", "/people/"+chen+"/follow", object{"channelId": cafe})
	followers, err := api.GetNumberOfFollowers("20260115")
	if must(t, followers, err); followers.Status != insight.GetNumberOfFollowersResponseSTATUS_UNREADY {
		t.Errorf("followers of today: %+v", followers)
	}
	sent, err := api.GetNumberOfMessageDeliveries("20260115")
	if must(t, sent, err); sent.Status != insight.GetNumberOfMessageDeliveriesResponseSTATUS_UNREADY {
		t.Errorf("deliveries of today: %+v", sent)
	}
	s.advance(48 * time.Hour)
	followers, err = api.GetNumberOfFollowers("20260115")
	// Aoi, Ben, Chen, the crowd, and Dai who has blocked the cafe.
	if want := (&insight.GetNumberOfFollowersResponse{Status: "ready", Followers: 104, TargetedReaches: 103, Blocks: 1}); !reflect.DeepEqual(must(t, followers, err), want) {
		t.Errorf("followers: %+v, want %+v", followers, want)
	}
	sent, err = api.GetNumberOfMessageDeliveries("20260115")
	if want := (&insight.GetNumberOfMessageDeliveriesResponse{Status: "ready", ApiBroadcast: 102, ApiPush: 1, ApiMulticast: 1}); !reflect.DeepEqual(must(t, sent, err), want) {
		t.Errorf("deliveries: %+v, want %+v", sent, want)
	}
	old, err := api.GetNumberOfFollowers("20161031")
	if must(t, old, err); old.Status != insight.GetNumberOfFollowersResponseSTATUS_OUT_OF_SERVICE {
		t.Errorf("followers long ago: %+v", old)
	}
	_, err = api.GetNumberOfFollowers("")
	refused(t, "followers of no day", err, 400, `{"message":"date is required"}`)
	_, err = api.GetNumberOfMessageDeliveries("tomorrow")
	refused(t, "deliveries of no day", err, 400, `{"message":"Bad Request"}`)
}

func TestFriendsDemographics(t *testing.T) {
	t.Parallel()
	s := newStage(t, crowd)
	v, err := s.insights(cafeToken).GetFriendsDemographics()
	must(t, v, err)
	// Aoi and Ben are of no known demographics; the crowd's are.
	sum := func(shares map[string]float64) (all float64) {
		for _, share := range shares {
			all += share
		}
		return all
	}
	genders, periods := map[string]float64{}, map[string]float64{}
	for _, x := range v.Genders {
		genders[string(x.Gender)] = x.Percentage
	}
	for _, x := range v.SubscriptionPeriods {
		periods[string(x.SubscriptionPeriod)] = x.Percentage
	}
	if !v.Available || len(v.Genders) != 3 || genders["unknown"] != 2 || sum(genders) < 99.9 || sum(genders) > 100.1 || periods["within7days"] != 100 ||
		len(v.Ages) != 15 || len(v.Areas) != 48 || len(v.AppTypes) != 3 {
		t.Errorf("%+v", v)
	}
	few, err := s.insights(teaToken).GetFriendsDemographics()
	if must(t, few, err); few.Available || len(few.Genders)+len(few.Ages)+len(few.Areas)+len(few.AppTypes)+len(few.SubscriptionPeriods) != 0 {
		t.Errorf("of two people: %+v", few)
	}
}

// read has somebody read the chat with the cafe and gives the last message in it.
func (s *stage) read(who string) (messageID string) {
	s.t.Helper()
	sim[object](s, "POST", "/people/"+who+"/events", object{"type": "read", "chat": in(cafe)})
	v := sim[struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}](s, "GET", "/people/"+who+"/chats/"+cafe+"/messages?limit=1", nil)
	return v.Messages[0].ID
}

// Thirty people read a message and open its link; half of them, of another, do
// so for a unit.
func TestMessageEvent(t *testing.T) {
	t.Parallel()
	s := newStage(t, crowd)
	api := s.insights(cafeToken)
	link := object{"type": "uri", "label": "Open", "uri": https}
	offer := template(&m.ButtonsTemplate{Text: "Offer", Actions: []m.ActionInterface{&m.UriAction{Label: "Open", Uri: https}}})
	response, _, err := s.api.BroadcastWithHttpInfo(&m.BroadcastRequest{Messages: []m.MessageInterface{offer}}, "")
	id := must(t, response, err).Header.Get("x-line-request-id")
	people := s.crowded(30)
	for _, who := range people {
		messageID := s.read(who)
		sim[object](s, "POST", "/people/"+who+"/taps", object{"chat": in(cafe), "messageId": messageID, "action": link})
	}
	s.advance(24 * time.Hour)
	event, err := api.GetMessageEvent(id)
	must(t, event, err)
	want := &insight.GetMessageEventResponse{
		Overview: &insight.GetMessageEventResponseOverview{RequestId: id, Timestamp: event.Overview.Timestamp, Delivered: 102, UniqueImpression: 30, UniqueClick: 30},
		Messages: []insight.GetMessageEventResponseMessage{{Seq: 1, Impression: 30}},
		Clicks:   []insight.GetMessageEventResponseClick{{Seq: 1, Url: https, Click: 30, UniqueClick: 30, UniqueClickOfRequest: 30}}}
	if !reflect.DeepEqual(event, want) || time.Unix(event.Overview.Timestamp, 0).After(s.now()) {
		t.Errorf("%+v, want %+v", event, want)
	}
	_, err = api.GetMessageEvent(uuid.NewString())
	refused(t, "no request", err, 404, `{"message":"Not found"}`)

	for _, who := range people {
		_, err := s.api.PushMessage(&m.PushMessageRequest{To: who, Messages: []m.MessageInterface{offer}, CustomAggregationUnits: []string{"offers"}}, "")
		must(t, 0, err)
		s.read(who)
	}
	unit, err := api.GetStatisticsPerUnit("offers", "20260115", "20260117")
	wanted := &insight.GetStatisticsPerUnitResponse{Overview: &insight.GetStatisticsPerUnitResponseOverview{UniqueImpression: 30},
		Messages: []insight.GetStatisticsPerUnitResponseMessage{{Seq: 1, Impression: 30, UniqueImpression: 30}}, Clicks: []insight.GetStatisticsPerUnitResponseClick{}}
	if !reflect.DeepEqual(must(t, unit, err), wanted) {
		t.Errorf("%+v, want %+v", unit, wanted)
	}
	_, err = api.GetStatisticsPerUnit("offers", "20260115", "20260315")
	refused(t, "too long", err, 400, `{"message":null,"key":null,"stacktrace":null,"code":null}`)
}

// Sixty calls an hour are taken, of each operation.
func TestInsightLimit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.insights(cafeToken)
	for i := range 61 {
		_, err := api.GetFriendsDemographics()
		if limited := err != nil && strings.Contains(err.Error(), "429"); limited != (i == 60) {
			t.Fatal(fmt.Sprint("call ", i+1, ": ", err))
		}
	}
	followers, err := api.GetNumberOfFollowers("20260101")
	must(t, followers, err)
}
