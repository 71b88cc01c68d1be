package journey

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/test/kit"
)

const (
	account = "1656000001"
	token   = "campaign-token"
	friends = 100_000
	world   = `
clock: 2026-03-02T10:00:00+09:00
channels:
  - {id: "1656000001", name: Cafe, accessToken: campaign-token, account: {status: verified}}
crowd: [{channel: "1656000001", count: 100000, seed: 7}]
`
)

// campaign is the account and its people.
type campaign struct {
	*kit.Server
	t *testing.T
}

// api calls the platform as the account and reads the answer into out, which may be nil.
func (c *campaign) api(method, path, body string, out any) http.Header {
	c.t.Helper()
	return c.read(c.Do(method, path, body, "Authorization", "Bearer "+token), method+" "+path, out)
}

func (c *campaign) read(a kit.Answer, what string, out any) http.Header {
	c.t.Helper()
	if a.Status/100 != 2 {
		c.t.Fatalf("%s: %d %s", what, a.Status, a.Body)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(a.Body), out); err != nil {
			c.t.Fatalf("%s: %v: %s", what, err, a.Body)
		}
	}
	return a.Header
}

func (c *campaign) sim(path, body string) {
	c.t.Helper()
	c.read(c.Do("POST", "/sim/v1"+path, body), path, nil)
}

func (c *campaign) advance(d string) { c.t.Helper(); c.sim("/clock", `{"advance":"`+d+`"}`) }

// followers are the user ids of all friends.
func (c *campaign) followers() []string {
	c.t.Helper()
	var ids []string
	for start := ""; ; {
		var page struct {
			UserIDs []string `json:"userIds"`
			Next    string   `json:"next"`
		}
		c.api("GET", "/v2/bot/followers/ids?limit=1000&start="+start, "", &page)
		ids = append(ids, page.UserIDs...)
		if start = page.Next; start == "" {
			return ids
		}
	}
}

// fromFile makes an audience of a file of user ids.
func (c *campaign) fromFile(ids []string) int64 {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("description", "regulars"); err != nil {
		c.t.Fatal(err)
	}
	file, err := form.CreateFormFile("file", "ids.txt")
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := file.Write([]byte(strings.Join(ids, "\n"))); err != nil {
		c.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	a := c.Do("POST", "/v2/bot/audienceGroup/upload/byFile", body.String(), "Authorization", "Bearer "+token, "Content-Type", form.FormDataContentType())
	return c.audience(a)
}

// clicked makes an audience of those who clicked a link of a send.
func (c *campaign) clicked(requestID string) int64 {
	c.t.Helper()
	return c.audience(c.Do("POST", "/v2/bot/audienceGroup/click", `{"description":"clicked `+requestID[:8]+`","requestId":"`+requestID+`"}`, "Authorization", "Bearer "+token))
}

func (c *campaign) audience(a kit.Answer) int64 {
	c.t.Helper()
	var out struct {
		ID int64 `json:"audienceGroupId"`
	}
	c.read(a, "audience", &out)
	return out.ID
}

// ready checks that an audience is there, of that many people.
func (c *campaign) ready(id int64, people int) {
	c.t.Helper()
	var out struct {
		Group struct {
			Status string `json:"status"`
			Count  int    `json:"audienceCount"`
		} `json:"audienceGroup"`
	}
	c.api("GET", fmt.Sprintf("/v2/bot/audienceGroup/%d", id), "", &out)
	if out.Group.Status != "READY" || out.Group.Count != people {
		c.t.Fatalf("audience %d: %+v, want %d people", id, out.Group, people)
	}
}

type progress struct {
	Phase   string `json:"phase"`
	Target  int    `json:"targetCount"`
	Success int    `json:"successCount"`
	Failure int    `json:"failureCount"`
}

// narrowcast sends and waits until it is through.
func (c *campaign) narrowcast(body string) (requestID string, p progress) {
	c.t.Helper()
	requestID = c.api("POST", "/v2/bot/message/narrowcast", body, nil).Get("X-Line-Request-Id")
	c.advance("10m")
	c.api("GET", "/v2/bot/message/progress/narrowcast?requestId="+requestID, "", &p)
	if p.Phase != "succeeded" || p.Failure != 0 || p.Success != p.Target {
		c.t.Fatalf("narrowcast: %+v", p)
	}
	return requestID, p
}

// line is a message as a person sees it.
type line struct {
	ID      string         `json:"id"`
	Message jsontext.Value `json:"message"`
}

// newest is the newest message in a person's chat with the account, if any.
func (c *campaign) newest(userID string) line {
	var out struct {
		Messages []line `json:"messages"`
	}
	c.read(c.Do("GET", "/sim/v1/people/"+userID+"/chats/"+account+"/messages?limit=1", ""), "messages", &out)
	if len(out.Messages) == 0 {
		return line{}
	}
	return out.Messages[0]
}

// each has many people do something at a time.
func each(people []string, do func(userID string)) {
	var wg sync.WaitGroup
	next := make(chan string)
	for range 16 {
		wg.Go(func() {
			for id := range next {
				do(id)
			}
		})
	}
	for _, id := range people {
		next <- id
	}
	close(next)
	wg.Wait()
}

const (
	link   = "https://example.com/spring"
	action = `{"type":"uri","label":"See","uri":"` + link + `"}`
	here   = `{"channelId":"` + account + `"}`
)

func offer(text string) string {
	return `"messages":[{"type":"template","altText":"` + text + `","template":{"type":"buttons","text":"` + text + `","actions":[` + action + `]}}]`
}

// readAndClick has people open the chat and tap the link of its newest message.
func (c *campaign) readAndClick(people []string) {
	c.t.Helper()
	each(people, func(id string) {
		messageID := c.newest(id).ID
		c.sim("/people/"+id+"/events", `{"type":"read","chat":`+here+`}`)
		c.sim("/people/"+id+"/taps", `{"chat":`+here+`,"messageId":"`+messageID+`","action":`+action+`}`)
	})
}

// reached are those people whose newest message says so.
func (c *campaign) reached(people []string, text string) []string {
	var mu sync.Mutex
	var list []string
	each(people, func(id string) {
		if strings.Contains(string(c.newest(id).Message), text) {
			mu.Lock()
			list = append(list, id)
			mu.Unlock()
		}
	})
	return list
}

// An account with 100,000 friends sends to women of 20 to 34 among its regulars
// who did not click last time, learns on the next day what they did, and thanks
// those who clicked with a coupon.
func TestCampaign(t *testing.T) {
	c := &campaign{kit.Start(t, kit.Options{World: world}), t}
	people := c.followers()
	if len(people) != friends {
		t.Fatalf("%d friends", len(people))
	}
	lastTime := c.api("POST", "/v2/bot/message/broadcast", `{`+offer("Last time")+`}`, nil).Get("X-Line-Request-Id")
	c.readAndClick(people[:100])
	before := c.clicked(lastTime)
	regulars := c.fromFile(people[:60_000])
	c.advance("10m")
	c.ready(before, 100)
	c.ready(regulars, 60_000)

	sent, p := c.narrowcast(fmt.Sprintf(`{%s,"recipient":{"type":"operator","and":[{"type":"audience","audienceGroupId":%d},{"type":"operator","not":{"type":"audience","audienceGroupId":%d}}]},
		"filter":{"demographic":{"type":"operator","and":[{"type":"gender","oneOf":["female"]},{"type":"age","gte":"age_20","lt":"age_35"}]}}}`, offer("Spring"), regulars, before))
	// A crowd is half women, 15 to 74 years old.
	if p.Target < 6_500 || p.Target > 8_500 {
		t.Errorf("it reached %d", p.Target)
	}
	if again := c.reached(people[:100], "Spring"); len(again) != 0 {
		t.Errorf("%d who clicked last time got it", len(again))
	}
	if others := c.reached(people[60_000:60_500], "Spring"); len(others) != 0 {
		t.Errorf("%d who are no regulars got it", len(others))
	}
	got := c.reached(people[100:30_100], "Spring")
	if len(got) < 3_000 {
		t.Fatalf("of 30,000 regulars %d got it", len(got))
	}
	c.readAndClick(got[:3_000])

	c.advance("48h")
	c.insight(sent, p.Target)
	clickers := c.clicked(sent)
	c.advance("10m")
	c.ready(clickers, 3_000)
	c.thank(clickers, got)
}

// insight checks what the account learns on a later day.
func (c *campaign) insight(sent string, reached int) {
	c.t.Helper()
	var event struct {
		Overview struct {
			Delivered        int `json:"delivered"`
			UniqueImpression int `json:"uniqueImpression"`
			UniqueClick      int `json:"uniqueClick"`
		} `json:"overview"`
		Clicks []struct {
			URL   string `json:"url"`
			Click int    `json:"click"`
		} `json:"clicks"`
	}
	c.api("GET", "/v2/bot/insight/message/event?requestId="+sent, "", &event)
	if o := event.Overview; o.Delivered != reached || o.UniqueImpression != 3_000 || o.UniqueClick != 3_000 || len(event.Clicks) != 1 || event.Clicks[0].URL != link ||
		event.Clicks[0].Click != 3_000 {
		c.t.Errorf("what people did: %+v, %d reached", event, reached)
	}
	var day struct {
		Status     string `json:"status"`
		Narrowcast int    `json:"apiNarrowcast"`
		Broadcast  int    `json:"apiBroadcast"`
	}
	c.api("GET", "/v2/bot/insight/message/delivery?date=20260302", "", &day)
	if day.Status != "ready" || day.Narrowcast != reached || day.Broadcast != friends {
		c.t.Errorf("deliveries: %+v", day)
	}
}

// thank sends a coupon to an audience.
func (c *campaign) thank(audience int64, got []string) {
	c.t.Helper()
	var coupon struct {
		ID string `json:"couponId"`
	}
	c.api("POST", "/v2/bot/coupon", `{"title":"Thank you","reward":{"type":"gift"},"acquisitionCondition":{"type":"normal"},"startTimestamp":0,"endTimestamp":1924959599,
		"timezone":"ASIA_TOKYO","visibility":"UNLISTED","maxUseCountPerTicket":1}`, &coupon)
	_, p := c.narrowcast(fmt.Sprintf(`{"messages":[{"type":"coupon","couponId":%q}],"recipient":{"type":"audience","audienceGroupId":%d}}`, coupon.ID, audience))
	if p.Target != 3_000 {
		c.t.Errorf("the coupon went to %d", p.Target)
	}
	if with := c.reached(got[:50], coupon.ID); len(with) != 50 {
		c.t.Errorf("of 50 who clicked %d have the coupon", len(with))
	}
	if without := c.reached(got[3_000:min(len(got), 3_050)], coupon.ID); len(without) != 0 {
		c.t.Errorf("%d who did not click have the coupon", len(without))
	}
	c.sim("/people/"+got[0]+"/events", `{"type":"couponAcquire","couponId":"`+coupon.ID+`"}`)
	c.sim("/people/"+got[0]+"/events", `{"type":"couponUse","couponId":"`+coupon.ID+`"}`)
	if a := c.Do("POST", "/sim/v1/people/"+got[0]+"/events", `{"type":"couponUse","couponId":"`+coupon.ID+`"}`); a.Status != http.StatusConflict {
		c.t.Errorf("used twice: %d %s", a.Status, a.Body)
	}
}
