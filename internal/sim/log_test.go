package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/testkit/stage"
)

func TestRequestLog(t *testing.T) {
	s := stage.Start(t, "", "")
	s.As(stage.Cafe, "GET", "/v2/bot/info", "")
	s.As(stage.Shop, "GET", "/v2/bot/profile/U1?secret=1", "")
	s.Do("GET", "/v2/bot/info", "")
	var log struct {
		Requests []struct {
			ChannelID string `json:"channelId"`
			Operation string `json:"operation"`
			Method    string `json:"method"`
			Path      string `json:"path"`
			Status    int    `json:"status"`
			RequestID string `json:"requestId"`
			Error     string `json:"error"`
		} `json:"requests"`
	}
	read := func(query string) (lines []string) {
		if err := json.Unmarshal([]byte(s.Sim("GET", "/requests"+query, "")), &log); err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Requests {
			if r.RequestID == "" {
				t.Errorf("no request id: %+v", r)
			}
			lines = append(lines, fmt.Sprintf("%s %s %s %s %d %s", r.ChannelID, r.Operation, r.Method, r.Path, r.Status, r.Error))
		}
		return lines
	}
	const (
		anonymous = " getBotInfo GET /v2/bot/info 401 Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"
		shops     = "1656000002 getProfile GET /v2/bot/profile/U1 400 The value for the 'userId' parameter is invalid"
		cafes     = "1656000001 getBotInfo GET /v2/bot/info 200 "
	)
	for query, want := range map[string]string{"": anonymous + "\n" + shops + "\n" + cafes, "?channelId=" + stage.Cafe: cafes, "?limit=1": anonymous, "?channelId=1": ""} {
		if got := strings.Join(read(query), "\n"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", query, got, want)
		}
	}
	for _, query := range []string{"?limit=-1", "?limit=1001", "?limit=x", "?cursor=x"} {
		s.Play(t, []stage.Step{refused(query, "GET /sim/v1/requests"+query, "", 400, "limit: 1 to 1000; cursor: a whole number")})
	}
}

func TestWebhookLog(t *testing.T) {
	s := stage.Start(t, "", "")
	said := s.Sim("POST", "/people/"+stage.Aoi+"/messages", `{"chat":`+ref(stage.Cafe)+`,"message":`+text("a")+`}`)
	s.Heard()
	var in struct {
		IDs []string `json:"webhookEventIds"`
	}
	if err := json.Unmarshal([]byte(said), &in); err != nil {
		t.Fatal(err)
	}
	if got := s.Sim("GET", "/webhooks?channelId="+stage.Cafe, ""); !strings.Contains(got, `"webhookEventId":"`+in.IDs[0]+`"`) || !strings.Contains(got, `"status":"delivered"`) {
		t.Errorf("the log: %s", got)
	}
	if got := s.Sim("GET", "/webhooks?channelId="+stage.Shop, ""); got != `{"webhooks":[]}` {
		t.Errorf("of another channel: %s", got)
	}
	s.Play(t, []stage.Step{
		{Name: "redeliver", Call: "POST /sim/v1/webhooks/" + in.IDs[0] + "/redeliver", Status: 200, Want: `{}`},
		refused("nothing to redeliver", "POST /sim/v1/webhooks/none/redeliver", "", 404, "No webhook event has the id none"),
		refused("no number", "GET /sim/v1/webhooks?limit=x", "", 400, "limit: a whole number"),
	})
	if heard := s.Heard(); len(heard) != 1 || heard[0].Event.ID != in.IDs[0] || !strings.Contains(heard[0].Body, `"isRedelivery":true`) {
		t.Errorf("heard %+v", heard)
	}
}

func TestUnknownCalls(t *testing.T) {
	s := stage.Start(t, "", "")
	s.Play(t, []stage.Step{
		refused("an unknown path", "GET /sim/v1/weather", "", 404, "Not found"),
		refused("another method", "DELETE /sim/v1/world", "", 405, "The request method, 'DELETE', is not supported"),
		refused("dot segments", "GET /sim/v1/%2e%2e/v2/bot/info", "", 404, "Not found"),
	})
}
