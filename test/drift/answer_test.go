package drift_test

import (
	"net/http"
	"strings"
	"testing"

	"kaiwa/test/drift"
)

// Without a check that catches what is wrong, all answers would look right.
func TestCheck(t *testing.T) {
	spec := drift.Need(t)
	const jsonType = "application/json"
	for _, c := range []struct {
		name, method, path, kind, body string
		status                         int
		wrong                          string // "" is right
	}{
		{"right", "GET", "/v2/bot/message/quota", jsonType, `{"type":"limited","value":1000}`, 200, ""},
		{"a value outside of the enumeration", "GET", "/v2/bot/message/quota", jsonType, `{"type":"some","value":1}`, 200, "type"},
		{"a missing property", "POST", "/v2/bot/message/push", jsonType, `{}`, 200, "sentMessages"},
		{"a number for a string", "POST", "/v2/bot/message/push", jsonType, `{"sentMessages":[{"id":1}]}`, 200, "id"},
		{"a property of our own", "POST", "/v2/bot/message/push", jsonType, `{"sentMessages":[{"id":"1","chat":"x"}]}`, 200, ".sentMessages[0].chat"},
		{"two documents", "GET", "/v2/bot/message/quota", jsonType, `{"type":"none"}{}`, 200, "invalid"},
		{"another type", "GET", "/v2/bot/message/quota", "text/html", `{"type":"none"}`, 200, "Content-Type"},
		{"a status of its own", "GET", "/v2/bot/message/quota", jsonType, `{}`, 202, "status"},
		{"an error", "GET", "/v2/bot/message/quota", jsonType, `{"message":"m"}`, 429, ""},
		{"an error without a message", "GET", "/v2/bot/message/quota", jsonType, `{"details":[]}`, 400, "message"},
		{"an error as HTML", "GET", "/v2/bot/message/quota", "text/html", `<html>`, 500, "Content-Type"},
		{"a file", "GET", "/v2/bot/message/1/content", "image/png", "\x89PNG", 200, ""},
		{"a file that is being prepared", "GET", "/v2/bot/message/1/content", "", "", 202, ""},
		{"a file beside the exception", "GET", "/v2/bot/message/1/content", "", "x", 202, "exception"},
		{"an empty object", "PUT", "/v2/bot/channel/webhook/endpoint", jsonType, `{}`, 200, ""},
		{"nothing instead of an empty object", "PUT", "/v2/bot/channel/webhook/endpoint", jsonType, ``, 200, "is not {}"},
		{"either form of an error", "POST", "/oauth2/v2.1/token", jsonType, `{"error":"invalid_client","error_description":"d"}`, 400, ""},
		{"the other form", "POST", "/oauth2/v2.1/token", jsonType, `{"message":"m"}`, 400, ""},
		{"neither form", "POST", "/oauth2/v2.1/token", jsonType, `{"reason":"m"}`, 400, ".reason"},
		{"a body where none belongs", "POST", "/oauth2/v2.1/revoke", jsonType, `{}`, 200, "none is described"},
		{"no official operation", "GET", "/sim/v1/world", jsonType, `[]`, 200, ""},
	} {
		err := spec.Check(drift.Answer{Method: c.method, Path: c.path, Status: c.status, Header: http.Header{"Content-Type": {c.kind}}, Body: []byte(c.body)})
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.wrong)
		}
	}
}

func TestCheckWebhook(t *testing.T) {
	spec := drift.Need(t)
	const event = `{"destination":"U00000000000000000000000000000001","events":[{"type":"message","mode":"active","timestamp":1,"webhookEventId":"1",` +
		`"deliveryContext":{"isRedelivery":false},"source":{"type":"group","groupId":"C1","userId":"U1"},"replyToken":"r",` +
		`"message":{"type":"text","id":"1","quoteToken":"q","text":"t"}}]}`
	for _, c := range []struct{ from, to, wrong string }{
		{"", "", ""},
		{`"events":`, `"happenings":`, "events"},
		{`"mode":"active",`, ``, "mode"},
		{`"active"`, `"asleep"`, "mode"},
		{`"timestamp":1`, `"timestamp":"1"`, "timestamp"},
		{`"quoteToken":"q",`, ``, "quoteToken"},
		{`"groupId":"C1",`, ``, "groupId"},
		{`"type":"message"`, `"type":"messages"`, "type"},
		{`"text":"t"`, `"text":"t","txt":"t"`, ".events[0].message.txt"},
		{`U00`, `u00`, "destination"},
	} {
		err := spec.CheckWebhook([]byte(strings.Replace(event, c.from, c.to, 1)))
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s -> %s: %v, want %q", c.from, c.to, err, c.wrong)
		}
	}
}
