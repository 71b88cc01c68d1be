package clients

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// delivery is one line of the webhook log.
type delivery struct {
	WebhookEventID string `json:"webhookEventId"`
	Type           string `json:"type"`
	Status         string `json:"status"`
	Attempts       []struct {
		IsRedelivery bool      `json:"isRedelivery"`
		Status       int       `json:"status"`
		Reason       string    `json:"reason"`
		StartedAt    time.Time `json:"startedAt"`
		Request      struct {
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
		} `json:"request"`
	} `json:"attempts"`
}

// deliveries is the cafe's webhook log, newest first.
func (s *stage) deliveries() []delivery {
	s.t.Helper()
	return sim[struct {
		Webhooks []delivery `json:"webhooks"`
	}](s, "GET", "/webhooks?channelId="+cafe, nil).Webhooks
}

// again is what a redelivery of a body must be, to the byte.
func again(body []byte) string {
	return strings.Replace(string(body), `"isRedelivery":false`, `"isRedelivery":true`, 1)
}

// A bot that fails gets the same event again, marked, until it answers 2xx; its
// reply token works then.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	failures := 2
	s.bot.does(func(c call) int {
		if failures--; failures >= 0 {
			return http.StatusInternalServerError
		}
		return http.StatusNoContent
	})
	s.writes(aoi, cafe, `"isRedelivery":false`) // what people write is left alone
	e, first := one[webhook.MessageEvent](t, s)
	if log := s.deliveries(); len(log) != 1 || log[0].Status != "waiting" || len(log[0].Attempts) != 1 || log[0].Attempts[0].Reason != "error_status_code" {
		t.Errorf("log: %+v", log)
	}
	s.advance(10 * time.Minute)
	calls := s.bot.took()
	if len(calls) != 2 {
		t.Fatalf("the bot got %s", bodies(calls))
	}
	for _, c := range calls {
		got := c.event.(webhook.MessageEvent)
		if got.WebhookEventId != e.WebhookEventId || !got.DeliveryContext.IsRedelivery || got.Timestamp != e.Timestamp || got.ReplyToken != e.ReplyToken {
			t.Errorf("redelivered: %s", c.body)
		}
		if text := bytes.LastIndex(first.body, []byte(`"isRedelivery":false`)); string(c.body) != string(first.body[:text])+again(first.body[text:]) {
			t.Errorf("redelivered\n%s\nfirst\n%s", c.body, first.body)
		}
	}
	log := s.deliveries()
	if len(log) != 1 || log[0].Status != "delivered" || len(log[0].Attempts) != 3 {
		t.Fatalf("log: %+v", log)
	}
	for i, a := range log[0].Attempts {
		if a.IsRedelivery != (i > 0) || a.Request.Headers["x-line-signature"] == "" {
			t.Errorf("attempt %d: %+v", i, a)
		}
	}
	if a := log[0].Attempts[2]; a.Status != 204 || a.Reason != "ok" || a.Request.Body != string(calls[1].body) {
		t.Errorf("the last attempt: %+v", a)
	}
}

// A redelivered event's reply token works within a minute of the redelivery.
func TestReplyToRedelivery(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.bot.does(func(c call) int {
		if !c.meta.DeliveryContext.IsRedelivery || s.now().Sub(time.UnixMilli(c.meta.Timestamp)) < 2*time.Minute {
			return http.StatusInternalServerError
		}
		_, err := s.bot.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: c.meta.ReplyToken, Messages: text("at last")})
		must(t, 0, err)
		return 0
	})
	s.writes(aoi, cafe, "hi")
	s.advance(10 * time.Minute)
	if got := s.texts(aoi, cafe); got != "person: hi\naccount: at last" {
		t.Errorf("aoi sees %s", got)
	}
}

// A bot that never answers gets an event several times within ten minutes and
// then no more; by hand it can be sent again.
func TestRedeliveryEnds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.bot.does(func(call) int { return http.StatusBadGateway })
	said := s.writes(aoi, cafe, "hi")
	s.advance(10 * time.Minute)
	tries := len(s.bot.took())
	s.advance(24 * time.Hour)
	if more := s.bot.took(); tries < 2 || len(more) != 0 {
		t.Errorf("%d attempts, then %s", tries, bodies(more))
	}
	if log := s.deliveries(); log[0].Status != "failed" || len(log[0].Attempts) != tries {
		t.Errorf("log: %+v", log)
	}
	s.bot.does(nil)
	sim[object](s, "POST", "/webhooks/"+said.WebhookEventIDs[0]+"/redeliver", nil)
	if e, _ := one[webhook.MessageEvent](t, s); e.WebhookEventId != said.WebhookEventIDs[0] || !e.DeliveryContext.IsRedelivery {
		t.Errorf("by hand: %+v", e)
	}
	if log := s.deliveries(); log[0].Status != "delivered" {
		t.Errorf("log: %+v", log)
	}
}

// What waits for a bot goes out after the server was killed: an event never
// tried as a new one.
func TestEventsOutliveTheServer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	sim[object](s, "PUT", "/faults", object{"preset": "webhooks-stopped"})
	held := s.writes(aoi, cafe, "held")
	s.server.Kill()
	s.server.Restart()
	s.connect()
	if s.settle(); len(s.bot.took()) != 0 {
		t.Error("the fault did not outlive the server")
	}
	s.server.Do("DELETE", "/sim/v1/faults", "")
	if e, c := one[webhook.MessageEvent](t, s); e.WebhookEventId != held.WebhookEventIDs[0] || e.DeliveryContext.IsRedelivery {
		t.Errorf("after the restart: %s", c.body)
	}
}

// An event that was under way when the server was killed may have arrived: it
// goes out again marked as a redelivery, with the same id.
func TestEventUnderWayWhenKilled(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	arrived, gone := make(chan call), make(chan struct{})
	s.bot.does(func(c call) int {
		arrived <- c
		<-gone
		return 0
	})
	s.writes(aoi, cafe, "hi")
	first := <-arrived
	s.server.Kill()
	s.bot.does(nil)
	close(gone)
	s.bot.took()
	s.server.Restart()
	s.connect()
	e, c := one[webhook.MessageEvent](t, s)
	if e.WebhookEventId != first.meta.WebhookEventID || string(c.body) != again(first.body) {
		t.Errorf("redelivered\n%s\nfirst\n%s", c.body, first.body)
	}
	_, err := s.api.ReplyMessage(&m.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: text("still here")})
	must(t, 0, err)
}
