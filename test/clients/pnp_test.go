package clients

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	m "github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

// notifier is a provider with an account that may send by phone number.
const notifier = `
providers:
  - name: Post
    channels:
      - {id: "1656000005", name: Post, secret: 55555555555555555555555555555555, accessToken: post-token, phoneMessages: true, webhook: {endpoint: "%s"},
         account: {userId: Ub0000000000000000000000000000005}}
    people:
      - {userId: U00000000000000000000000000000f01, displayName: Fay, phone: "+818000001234"}
      - {userId: U00000000000000000000000000000f02, displayName: Gus, phone: "+818000005678", phoneConsent: false}
      - {userId: U00000000000000000000000000000f03, displayName: Hal, phone: "+818000009999", phoneConsent: unset}
`

const fay, hal = "U00000000000000000000000000000f01", "U00000000000000000000000000000f03"

// hashed is a phone number as senders write it.
func hashed(phone string) string {
	sum := sha256.Sum256([]byte(phone))
	return hex.EncodeToString(sum[:])
}

// Messages by phone number by the official client: who gets them, the event that
// says so, and what is counted.
func TestPhoneMessages(t *testing.T) {
	t.Parallel()
	post := newBot(t, "55555555555555555555555555555555", "Ub0000000000000000000000000000005")
	s := newStage(t, fmt.Sprintf(notifier, post.url))
	post.recorder = s.bot.recorder
	api := s.client("post-token")
	push := func(api *m.MessagingApiAPI, phone, tag string) error {
		_, err := api.PushMessagesByPhone(&m.PnpMessagesRequest{To: hashed(phone), Messages: text("Your parcel is here")}, tag)
		return err
	}
	tag := strings.Repeat("t", 16)
	for _, c := range []struct{ tag, data string }{{"", hashed("+818000001234")}, {tag, tag}} {
		if err := push(api, "+818000001234", c.tag); err != nil {
			t.Fatal(err)
		}
		if e, _ := oneOf[webhook.PnpDeliveryCompletionEvent](t, s, post); e.Delivery == nil || e.Delivery.Data != c.data {
			t.Errorf("%+v", e)
		}
	}
	if list := s.sees(fay, "1656000005"); len(list) != 2 {
		t.Errorf("fay sees %+v", list)
	}
	refused(t, "who does not take them", push(api, "+818000005678", ""), 422, failedToSend)
	refused(t, "nobody", push(api, "+818000000000", ""), 422, failedToSend)
	refused(t, "an account that may not", push(s.api, "+818000001234", ""), 403, `{"message":"Access to this API is not available for your account"}`)
	_, err := api.PushMessagesByPhone(&m.PnpMessagesRequest{To: "+818000001234", Messages: text("a")}, "")
	refused(t, "no digest", err, 400, `{"message":"The request body has 1 error(s)","details":[{"message":"The value must be a valid SHA-256 digest.","property":"to"}]}`)
	refused(t, "a short tag", push(api, "+818000001234", "short"), 400, `{"message":"The value for the 'X-Line-Delivery-Tag' parameter is invalid"}`)

	if err := push(api, "+818000009999", ""); err != nil { // who has not decided yet
		t.Fatal(err)
	}
	s.settle()
	if calls := post.took(); len(calls) != 0 {
		t.Errorf("told of what waits: %s", bodies(calls))
	}
	decided := sim[struct {
		IDs []string `json:"webhookEventIds"`
	}](s, "POST", "/people/"+hal+"/events", object{"type": "phoneConsent", "consent": true})
	if e, _ := oneOf[webhook.PnpDeliveryCompletionEvent](t, s, post); len(decided.IDs) != 1 || e.WebhookEventId != decided.IDs[0] {
		t.Errorf("%+v, told as %+v", e, decided)
	}
	s.advance(24 * time.Hour)
	n, err := api.GetPNPMessageStatistics("20260115")
	if must(t, n, err); n.Status != m.NumberOfMessagesResponseSTATUS_READY || n.Success != 3 {
		t.Errorf("%+v", n)
	}
	if n, err := api.GetPNPMessageStatistics("20260116"); err != nil || n.Status != m.NumberOfMessagesResponseSTATUS_UNREADY {
		t.Errorf("%+v %v", n, err)
	}
	_, err = api.GetPNPMessageStatistics("yesterday")
	refused(t, "no date", err, 400, `{"message":"The value for the 'date' parameter is invalid"}`)
}
