package badinput

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/testkit"
	"kaiwa/test/kit"
)

// seed is a request that the server understands; the fuzzer bends it.
type seed struct{ method, path, body string }

// class is a group of operations that are served alike.
type class struct {
	name, bearer, media string
	seeds               []seed
}

const flex = `{"type":"flex","altText":"a","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"x","wrap":true},{"type":"button","action":{"type":"uri","label":"l","uri":"https://example.com/"}}]}}}`

var classes = []class{
	{"sends", token, "application/json", []seed{
		{"POST", "/v2/bot/message/push", `{"to":"` + aoi + `","messages":[{"type":"text","text":"hello $"},` + flex + `],"notificationDisabled":true,"customAggregationUnits":["unit_1"]}`},
		{"POST", "/v2/bot/message/push", `{"to":"` + group + `","messages":[{"type":"textV2","text":"Hi {a}","substitution":{"a":{"type":"mention","mentionee":{"type":"user","userId":"` + aoi + `"}}}}]}`},
		{"POST", "/v2/bot/message/multicast", `{"to":["` + aoi + `"],"messages":[{"type":"image","originalContentUrl":"https://example.com/a.png","previewImageUrl":"https://example.com/b.png"}]}`},
		{"POST", "/v2/bot/message/broadcast", `{"messages":[{"type":"sticker","packageId":"446","stickerId":"1988"}]}`},
		{"POST", "/v2/bot/message/reply", `{"replyToken":"0123456789abcdef0123456789abcdef","messages":[{"type":"location","title":"t","address":"a","latitude":35.6,"longitude":139.7}]}`},
		{"POST", "/v2/bot/message/validate/push", `{"messages":[{"type":"template","altText":"a","template":{"type":"buttons","text":"t","actions":[{"type":"postback","label":"l","data":"d"}]}}]}`},
		{"POST", "/v2/bot/message/validate/reply", `{"messages":[{"type":"imagemap","baseUrl":"https://example.com/i","altText":"a","baseSize":{"width":1040,"height":1040},"actions":[{"type":"message","text":"x","area":{"x":0,"y":0,"width":1,"height":1}}]}]}`},
		{"POST", "/v2/bot/message/validate/broadcast", `{"messages":[{"type":"text","text":"x","quickReply":{"items":[{"type":"action","action":{"type":"datetimepicker","label":"l","data":"d","mode":"date"}}]}}]}`},
	}},
	{"reads", token, "application/json", []seed{
		{"GET", "/v2/bot/info", ""}, {"GET", "/v2/bot/profile/" + aoi, ""}, {"GET", "/v2/bot/followers/ids?limit=10&start=abc", ""},
		{"GET", "/v2/bot/message/558845847949803520/content", ""}, {"GET", "/v2/bot/message/558845847949803520/content/preview", ""},
		{"GET", "/v2/bot/message/quota/consumption", ""}, {"GET", "/v2/bot/message/delivery/push?date=20260101", ""},
		{"GET", "/v2/bot/channel/webhook/endpoint", ""}, {"PUT", "/v2/bot/channel/webhook/endpoint", `{"endpoint":"http://127.0.0.1:1/callback"}`},
		{"GET", "/v2/bot/group/" + group + "/summary", ""}, {"POST", "/v2/bot/chat/loading/start", `{"chatId":"` + aoi + `","loadingSeconds":5}`},
	}},
	{"tokens", "", "application/x-www-form-urlencoded", []seed{
		{"POST", "/v2/oauth/accessToken", "grant_type=client_credentials&client_id=1656000001&client_secret=0123456789abcdef0123456789abcdef"},
		{"POST", "/oauth2/v3/token", "grant_type=client_credentials&client_id=1656000001&client_secret=0123456789abcdef0123456789abcdef"},
		{"POST", "/oauth2/v2.1/token", "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.c2ln"},
		{"GET", "/oauth2/v2.1/verify?access_token=victim-token", ""}, {"GET", "/oauth2/v2.1/tokens/kid?client_assertion_type=urn&client_assertion=a.b.c", ""},
		{"POST", "/v2/oauth/verify", "access_token=abc"}, {"POST", "/oauth2/v2.1/revoke", "client_id=1656000001&client_secret=x&access_token=abc"},
	}},
	{"people", "", "application/json", []seed{
		{"POST", "/sim/v1/people/" + aoi + "/messages", `{"chat":{"channelId":"` + cafe + `"},"message":{"type":"text","text":"hello @Ben","mention":{"mentionees":[{"index":6,"length":4,"type":"user","userId":"` + aoi + `"}]},"emojis":[{"index":0,"length":1,"productId":"p","emojiId":"001"}]}}`},
		{"POST", "/sim/v1/people/" + aoi + "/messages", `{"chat":{"groupId":"` + group + `"},"message":{"type":"image","contentBase64":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}`},
		{"POST", "/sim/v1/people/" + aoi + "/messages", `{"chat":{"channelId":"` + cafe + `"},"message":{"type":"sticker","packageId":"1","stickerId":"2","keywords":["a"]}}`},
		{"POST", "/sim/v1/people/" + aoi + "/taps", `{"chat":{"channelId":"` + cafe + `"},"messageId":"558845847949803520","action":{"type":"postback","data":"d"}}`},
		{"POST", "/sim/v1/people/" + aoi + "/events", `{"type":"unsend","messageId":"558845847949803520"}`},
		{"POST", "/sim/v1/people/" + aoi + "/follow", `{"channelId":"` + cafe + `"}`}, {"POST", "/sim/v1/people/" + aoi + "/unfollow", `{"channelId":"` + cafe + `"}`},
		{"POST", "/sim/v1/people", `{"userId":"U0000000000000000000000000000b001","displayName":"New","friendOf":["` + cafe + `"],"demographics":{"gender":"female","age":30}}`},
		{"POST", "/sim/v1/groups", `{"name":"G","userIds":["` + aoi + `"],"channelIds":["` + cafe + `"]}`}, {"POST", "/sim/v1/groups/" + group + "/join", `{"userIds":["U00000000000000000000000000000a02"]}`},
		{"POST", "/sim/v1/groups/" + group + "/leave", `{"userIds":["U00000000000000000000000000000a02"]}`}, {"GET", "/sim/v1/people/" + aoi + "/chats", ""},
		{"GET", "/sim/v1/people/" + aoi + "/chats/" + cafe + "/messages?limit=5&before=558845847949803520", ""}, {"GET", "/sim/v1/webhooks?channelId=" + cafe + "&limit=5&cursor=abc", ""},
		{"GET", "/sim/v1/requests?limit=10&cursor=5", ""},
	}},
	// On a server of their own, because what they do acts on everything else.
	{"controls", "", "application/json", []seed{
		{"POST", "/sim/v1/clock", `{"advance":"1h30m"}`}, {"POST", "/sim/v1/clock", `{"set":"2030-01-15T09:00:00+09:00"}`}, {"POST", "/sim/v1/clock", `{"mode":"real"}`},
		{"PUT", "/sim/v1/faults", `{"rules":[{"match":{"method":"GET","path":"/v2/bot/info","channelId":"1"},"effect":{"status":500,"probability":0.5,"times":3}}]}`},
		{"PUT", "/sim/v1/faults", `{"preset":"reply-400"}`}, {"DELETE", "/sim/v1/faults", ""}, {"GET", "/sim/v1/world", ""}, {"POST", "/sim/v1/reset", ""},
	}},
	{"history", apiKey, "application/json", []seed{
		{"GET", "/public/v1/accounts", ""}, {"GET", "/public/v1/accounts/" + cafe + "/chats?limit=5&cursor=abc", ""},
		{"GET", "/public/v1/accounts/" + cafe + "/messages?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&chatId=" + aoi + "&direction=incoming&type=text&order=desc&limit=10&cursor=abc", ""},
		{"GET", "/public/v1/accounts/" + cafe + "/messages/558845847949803520", ""}, {"GET", "/public/v1/accounts/" + cafe + "/messages/558845847949803520/content", ""}, {"GET", "/public/v1/openapi.json", ""},
	}},
	{"pages", "", "application/x-www-form-urlencoded", []seed{
		{"GET", "/_/", ""}, {"GET", "/_/phone/" + aoi, ""}, {"GET", "/_/phone/" + aoi + "/" + cafe + "?before=1", ""}, {"POST", "/_/phone/" + aoi + "/" + cafe, "text=hello"},
		{"GET", "/_/console", ""}, {"GET", "/_/docs", ""}, {"GET", "/_/static/shell.css", ""}, {"GET", "/", ""}, {"GET", "/docs", ""}, {"GET", "/nowhere", ""}, {"GET", "/healthz", ""},
	}},
}

// crooked are pieces that a request gets in place of what stood there.
var crooked = []string{"", "null", "true", "-1", "0", "1e999", "99999999999999999999", "[]", "{}", `""`, `"\u0000"`, `"\ud800"`, "\x00", "\xff", "\"", "\\", "%00", "%ff", "%", "../", "//", "'--",
	"<script>", "{{", "${x}", "\r\nX: y", "😀", "ﷺ", strings.Repeat("A", 5000), strings.Repeat("[", 100), strings.Repeat(`{"a":`, 70), ",", ":", ";", "&", "=", "?", "#"}

// bend damages a text in a few places.
func bend(r *rand.Rand, s string) string {
	for range 1 + r.IntN(3) {
		at := r.IntN(len(s) + 1)
		to := min(len(s), at+r.IntN(12))
		piece := crooked[r.IntN(len(crooked))]
		switch r.IntN(6) {
		case 0: // one byte is another
			if at < len(s) {
				s = s[:at] + string([]byte{byte(r.IntN(256))}) + s[at+1:]
			}
		case 1: // the end is missing
			s = s[:at]
		case 2: // a part is there twice
			s = s[:to] + s[at:]
		case 3: // a value is another: from a colon to the next comma
			if i := strings.IndexByte(s[at:], ':'); i >= 0 {
				rest := s[at+i+1:]
				s = s[:at+i+1] + piece + rest[min(len(rest), max(0, strings.IndexAny(rest, ",}]&"))):]
			}
		default:
			s = s[:at] + piece + s[to:]
		}
	}
	return s
}

// request is a bent seed, as it goes over the wire.
func (c class) request(r *rand.Rand) string {
	s := c.seeds[r.IntN(len(c.seeds))]
	method, path, body, media, bearer, more := s.method, s.path, s.body, c.media, c.bearer, ""
	for range 1 + r.IntN(2) {
		switch n := r.IntN(20); {
		case n < 10 && body != "":
			body = bend(r, body)
		case n < 14:
			path = "/" + strings.TrimLeft(bend(r, path[1:]), "/ ")
		case n == 14:
			method = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}[r.IntN(7)]
		case n == 15:
			media = bend(r, media)
		case n == 16:
			bearer = bend(r, bearer)
		case n == 17:
			more = "X-Line-Retry-Key: " + bend(r, "123e4567-e89b-12d3-a456-426614174000") + "\r\n"
		case n == 18:
			more = "Accept: " + bend(r, "application/x-ndjson") + "\r\nAccept-Language: " + bend(r, "ja-JP,en;q=0.5") + "\r\n"
		default:
			more = "Cookie: " + bend(r, "lang=ja; theme=dark") + "\r\n"
		}
	}
	if bearer != "" {
		more += "Authorization: Bearer " + bearer + "\r\n"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s", method, path, media, len(body), more, body)
}

// fuzzer sends requests one after another, on one connection while it lasts.
type fuzzer struct {
	*victim
	conn net.Conn
	r    *bufio.Reader
}

func (f *fuzzer) close() {
	if f.conn != nil {
		f.conn.Close()
		f.conn = nil
	}
}

// send gives the status of the answer, 0 when the connection ended without one.
func (f *fuzzer) send(request string) (int, error) {
	if f.conn == nil {
		c, err := net.Dial("tcp", f.host())
		if err != nil {
			return 0, err
		}
		f.conn, f.r = c, bufio.NewReader(c)
	}
	f.conn.SetDeadline(time.Now().Add(prompt))
	io.WriteString(f.conn, request)
	method, _, _ := strings.Cut(request, " ")
	res, err := http.ReadResponse(f.r, &http.Request{Method: method})
	if err != nil {
		f.close()
		return 0, err
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		f.close() // it has no end
		return res.StatusCode, nil
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.Close || res.StatusCode == http.StatusBadRequest || f.r.Buffered() > 0 {
		// Bent headers may have made one request into two: what follows is not ours.
		f.close()
		return res.StatusCode, err
	}
	return res.StatusCode, nil
}

// Requests that are bent at random, the same ones each time.
func TestFuzzedRequests(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		each := 1000
		if testing.Short() || strings.HasPrefix(dsn, "postgres") {
			each = 200
		}
		f := &fuzzer{victim: newVictim(t, kit.Options{Store: dsn})}
		defer f.close()
		for i, c := range classes {
			target := f
			if c.name == "controls" {
				target = &fuzzer{victim: newVictim(t, kit.Options{})}
				defer target.close()
			}
			target.play(c, uint64(i), each)
		}
	})
}

func (f *fuzzer) play(c class, number uint64, each int) {
	r := rand.New(rand.NewPCG(1, number))
	counts := map[int]int{}
	var slowest time.Duration
	for range each {
		request := c.request(r)
		start := time.Now()
		status, err := f.send(request)
		took := time.Since(start)
		slowest = max(slowest, took)
		counts[status/100*100]++
		if err != nil && status == 0 || status >= 500 || took > prompt {
			f.t.Errorf("%s: %d after %v: %v\n%.2000q", c.name, status, took, err, request)
		}
	}
	f.t.Logf("%s: %v, the slowest in %v", c.name, counts, slowest)
	if counts[200] == 0 || counts[400] == 0 {
		f.t.Errorf("%s: answered %v: too crooked, or not crooked enough", c.name, counts)
	}
}
