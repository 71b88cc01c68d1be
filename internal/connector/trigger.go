package connector

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Trigger is something that starts a workflow: a webhook event of the account,
// whose webhook URL is to be the automation platform's (set_webhook_endpoint_url).
type Trigger struct {
	Name, Title, Event string
	Outputs            []Output
}

// Triggers are all of them.
// https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
func Triggers() []Trigger {
	event := gives("webhookEventId", "timestamp integer", "source object", "replyToken", "deliveryContext object")
	return []Trigger{
		{"new_message", "New message", "message", append(gives("message object"), event...)},
		{"new_friend", "New friend", "follow", append(gives("follow object"), event...)},
		{"lost_friend", "Lost friend", "unfollow", event},
		{"postback", "Postback", "postback", append(gives("postback object"), event...)},
		{"joined_group", "Joined group", "join", event},
		{"member_joined", "Member joined", "memberJoined", append(gives("joined object"), event...)},
	}
}

func (t Trigger) describe() Schema {
	members := Schema{}
	for _, out := range t.Outputs {
		members = append(members, pair(out.Name, out.Type.schema()))
	}
	return Schema{pair("name", t.Name), pair("title", t.Title),
		pair("webhook", Schema{pair("method", "POST"), pair("signatureHeader", "X-Line-Signature"), pair("signature", "Base64 of HMAC-SHA256 of the body with the channel secret"),
			pair("events", "events"), pair("where", Schema{pair("type", t.Event)})}),
		pair("output", Schema{pair("type", "object"), pair("properties", members)})}
}

// Triggered is an event that starts workflows.
type Triggered struct {
	// Trigger is the trigger's name.
	Trigger string `json:"trigger"`
	// WebhookEventID is the same when an event is delivered again: what has been
	// done is not to be done twice.
	WebhookEventID string `json:"webhook_event_id"`
	// Event is the webhook event object as it came.
	Event jsontext.Value `json:"event"`
}

// ErrSignature says that a webhook is not signed with the channel secret.
var ErrSignature = errors.New("the webhook's signature is not one by the channel secret")

// Receive reads a webhook request: its X-Line-Signature header and its body,
// byte for byte as they came. Events that are no trigger are left out.
func Receive(channelSecret, signature string, body []byte) ([]Triggered, error) {
	mac := hmac.New(sha256.New, []byte(channelSecret))
	mac.Write(body)
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return nil, ErrSignature
	}
	var in struct {
		Events []jsontext.Value `json:"events"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, unusable("the webhook cannot be read: %v", err)
	}
	list := []Triggered{}
	for _, event := range in.Events {
		var of struct {
			Type           string `json:"type"`
			WebhookEventID string `json:"webhookEventId"`
		}
		if err := json.Unmarshal(event, &of); err != nil {
			return nil, unusable("the webhook cannot be read: %v", err)
		}
		for _, t := range Triggers() {
			if t.Event == of.Type {
				list = append(list, Triggered{t.Name, of.WebhookEventID, event})
			}
		}
	}
	return list, nil
}
