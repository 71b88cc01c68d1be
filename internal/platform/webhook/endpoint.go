package webhook

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/limit"
	"kaiwa/internal/platform/channel"
)

// Ops are the operations on a channel's webhook endpoint.
// https://developers.line.biz/en/reference/messaging-api/#webhook-settings
func (r *Room) Ops() []api.Op {
	often := limit.Rate{Requests: 1000, Per: time.Minute}
	test := api.JSON(r.test)
	return []api.Op{
		{ID: "getWebhookEndpoint", Pattern: "GET /v2/bot/channel/webhook/endpoint", Run: api.None(r.getEndpoint), Limit: often},
		{ID: "setWebhookEndpoint", Pattern: "PUT /v2/bot/channel/webhook/endpoint", Run: api.JSON(r.setEndpoint), Limit: often},
		{ID: "testWebhookEndpoint", Pattern: "POST /v2/bot/channel/webhook/test", Limit: limit.Rate{Requests: 60, Per: time.Hour},
			Run: func(c *api.Call, body []byte) (any, error) {
				if len(body) == 0 { // the body is optional
					return r.test(c, endpointRequest{})
				}
				return test(c, body)
			}},
	}
}

type endpointRequest struct {
	Endpoint *string `json:"endpoint"`
}

type endpointResponse struct {
	Endpoint string `json:"endpoint"`
	Active   bool   `json:"active"`
}

type testResponse struct {
	Success    bool   `json:"success"`
	Timestamp  string `json:"timestamp"`
	StatusCode int    `json:"statusCode"`
	Reason     string `json:"reason"`
	Detail     string `json:"detail"`
}

func invalidEndpoint() error  { return api.Errorf(api.Invalid, "Invalid webhook endpoint URL") }
func endpointNotFound() error { return api.Errorf(api.NotFound, "Webhook endpoint not found") }

func (r *Room) getEndpoint(c *api.Call) (any, error) {
	w := channel.Caller(c).Webhook
	if w.Endpoint == "" {
		return nil, endpointNotFound()
	}
	return endpointResponse{w.Endpoint, w.Active}, nil
}

// setEndpoint is effective at once; the platform takes up to a minute. It does
// not switch the use of webhooks on, as it does not there.
func (r *Room) setEndpoint(c *api.Call, in endpointRequest) (any, error) {
	if in.Endpoint == nil || !r.valid(*in.Endpoint) {
		return nil, invalidEndpoint()
	}
	err := r.channels.Change(c, c.Owner, func(ch *channel.Channel) { ch.Webhook.Endpoint = *in.Endpoint })
	if err != nil {
		return nil, err
	}
	return api.Object{}, nil
}

// test sends a webhook without events. The answer is 200 also when the bot
// fails; what it failed with stands in reason and detail.
func (r *Room) test(c *api.Call, in endpointRequest) (any, error) {
	ch := channel.Caller(c)
	target := ch.Webhook.Endpoint
	switch {
	case in.Endpoint != nil && !r.valid(*in.Endpoint):
		return nil, invalidEndpoint()
	case in.Endpoint != nil:
		target = *in.Endpoint
	case target == "":
		return nil, endpointNotFound()
	}
	body := string(append(quote([]byte(`{"destination":`), ch.Account.UserID), `,"events":[]}`...))
	res := r.sender.post(c, pack(ch, target, body))
	out := testResponse{Success: res.reason == ok, Timestamp: c.Now.UTC().Format("2006-01-02T15:04:05.000Z"),
		StatusCode: res.status, Reason: strings.ToUpper(res.reason), Detail: res.detail}
	switch {
	case res.detail == unknownHost:
		return nil, invalidEndpoint() // the platform refuses a name that does not resolve
	case res.reason == couldNotConnect:
		out.Detail += ": " + target
	case res.reason == unclassified:
		out.Detail = ""
	}
	return out, nil
}

// endpointMost is the longest endpoint URL, in characters.
const endpointMost = 500

// valid says whether a URL may be set as an endpoint. The platform wants https;
// a server whose webhooks may go to this machine takes http as well, because a
// bot under development seldom has a certificate.
func (r *Room) valid(endpoint string) bool {
	if utf8.RuneCountInString(endpoint) > endpointMost || strings.ContainsFunc(endpoint, illegal) {
		return false
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.User != nil || !validHost(u) {
		return false
	}
	return u.Scheme == "https" || (u.Scheme == "http" && !r.public.Load())
}

// illegal are the characters that RFC 3986 has nowhere. Others than ASCII are
// let through: they are sent percent-encoded.
func illegal(c rune) bool {
	return c <= ' ' || c == 0x7f || c == utf8.RuneError || strings.ContainsRune("\"<>\\^`{|}", c)
}

func validHost(u *url.URL) bool {
	host := u.Hostname()
	if host == "" || len(host) > 253 || strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return false
	}
	if !strings.Contains(host, ":") && strings.ContainsFunc(host, func(c rune) bool {
		return c != '-' && c != '.' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) {
		return false
	}
	if strings.HasSuffix(u.Host, ":") {
		return false
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		return err == nil && n > 0 && n < 1<<16
	}
	return true
}
