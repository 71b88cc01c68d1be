package durability

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/test/kit"
)

// verdict holds what the server says now against the ledger.
type verdict struct {
	t      *testing.T
	server *kit.Server
	load   *load
	bot    *receiver
	deaths []time.Time // when each life of the server ended
}

func (v *verdict) judge() {
	v.get("POST", "/sim/v1/clock", `{"advance":"10m"}`, "", nil) // all redeliveries are made when this returns
	v.webhooks()
	v.retryKeys()
	v.chats()
	v.history(steady)
	v.history(moving)
	v.files()
	v.friends()
	v.get("GET", "/v2/bot/info", "", v.load.token, nil)
	v.calm()
}

// get asks the server and decodes its answer.
func (v *verdict) get(method, path, body, bearer string, into any) {
	v.t.Helper()
	var header []string
	if bearer != "" {
		header = []string{"Authorization", "Bearer " + bearer}
	}
	a := v.server.Do(method, path, body, header...)
	if a.Status != http.StatusOK {
		v.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal([]byte(a.Body), into); err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// webhooks: every acknowledged event came; the same one again only as a
// redelivery, and after a delivery that was answered 200 only over a kill.
func (v *verdict) webhooks() {
	came := v.bot.deliveries(v.t)
	events := append([]string{}, v.load.moves...)
	for _, s := range v.load.said {
		events = append(events, s.events...)
	}
	for _, id := range events {
		if len(came[id]) == 0 {
			v.t.Errorf("event %s was acknowledged and never came", id)
		}
	}
	doubled := 0
	for id, list := range came {
		for i, d := range list[1:] {
			before := list[i]
			if before.answered == http.StatusOK {
				doubled++
			}
			switch {
			case !d.again:
				v.t.Errorf("event %s came again without isRedelivery", id)
			case d.body != before.body:
				v.t.Errorf("event %s came again as another:\n%s\n%s", id, before.body, d.body)
			case before.answered == http.StatusOK && v.load.orderly:
				v.t.Errorf("event %s was doubled by an orderly stop", id)
			case before.answered == http.StatusOK && before.life == d.life:
				v.t.Errorf("event %s was doubled without a kill", id)
			case before.answered == http.StatusOK && v.deaths[before.life].Sub(before.at) > time.Second:
				v.t.Errorf("event %s was doubled though it was answered %v before the kill", id, v.deaths[before.life].Sub(before.at))
			}
		}
	}
	v.t.Logf("%d events acknowledged, %d came, %d of them doubled by a kill", len(events), len(came), doubled)
	v.log(events)
}

// log: the delivery log tells of each acknowledged event that it was delivered.
func (v *verdict) log(events []string) {
	status := map[string]string{}
	for cursor := ""; ; {
		var page struct {
			Webhooks []struct {
				EventID string `json:"webhookEventId"`
				Status  string `json:"status"`
			} `json:"webhooks"`
			NextCursor string `json:"nextCursor"`
		}
		v.get("GET", "/sim/v1/webhooks?limit=1000&cursor="+cursor, "", "", &page)
		for _, w := range page.Webhooks {
			status[w.EventID] = w.Status
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	for _, id := range events {
		if status[id] != "delivered" {
			v.t.Errorf("event %s: its log says %q", id, status[id])
		}
	}
}

// retryKeys: each accepted key is refused with the id and the messages of the
// request that was accepted.
func (v *verdict) retryKeys() {
	work := make(chan *send)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for s := range work {
				a, err := v.load.post(v.server.URL+s.path, s.from.token, s.key, s.body)
				if err != nil {
					v.t.Errorf("%s: %v", s.mark, err)
					continue
				}
				if a.status != http.StatusConflict || a.header.Get("X-Line-Accepted-Request-Id") != s.requestID || sentMessages(a.body) != s.want() {
					v.t.Errorf("%s: its retry key was accepted as %s with %s; asked again: %d %v %s", s.mark, s.requestID, s.sent, a.status, a.header, a.body)
				}
			}
		})
	}
	keys := 0
	for _, s := range v.load.sends {
		if s.key != "" && s.accepted {
			keys++
			work <- s
		}
	}
	close(work)
	wg.Wait()
	v.t.Logf("%d retry keys stand", keys)
}

// want is the sentMessages that a refused retry repeats: those of a push.
func (s *send) want() string {
	if strings.HasSuffix(s.path, "/push") {
		return s.sent
	}
	return ""
}

type message struct {
	ID        string `json:"id"`
	RequestID string `json:"requestId"`
	Origin    string `json:"origin"`
	Chat      struct {
		Type           string `json:"type"`
		RecipientCount int64  `json:"recipientCount"`
	} `json:"chat"`
	Message struct {
		Text     string `json:"text"`
		FileName string `json:"fileName"`
	} `json:"message"`
}

// mark is what the clients knew the message by.
func (m message) mark() string { return m.Message.Text + m.Message.FileName }

// chat reads a whole chat as a person sees it.
func (v *verdict) chat(who, id string) map[string][]message {
	found := map[string][]message{}
	for before := ""; ; {
		var page struct {
			Messages []message `json:"messages"`
		}
		v.get("GET", "/sim/v1/people/"+who+"/chats/"+id+"/messages?limit=100&before="+before, "", "", &page)
		for _, m := range page.Messages {
			found[m.mark()] = append(found[m.mark()], m)
		}
		if len(page.Messages) < 100 {
			return found
		}
		before = page.Messages[0].ID
	}
}

// chats: what was acknowledged stands once in the chat of each who was to get
// it, what was not acknowledged at most once, and nothing else does.
func (v *verdict) chats() {
	read := map[string]map[string][]message{} // person and chat -> text -> messages
	for n := range steadyPeople {
		read[person(n)+steady.id], read[person(n)+moving.id] = v.chat(person(n), steady.id), v.chat(person(n), moving.id)
	}
	read[group+steady.id] = v.chat(person(0), group)
	known := map[string]bool{}
	for _, s := range v.load.sends {
		for _, to := range s.to {
			got := read[to+s.from.id][s.mark]
			known[to+s.from.id+s.mark] = true
			v.once(s.mark+" to "+to, s.accepted, len(got))
			if len(got) == 1 && strings.HasSuffix(s.path, "/push") && s.accepted && !strings.Contains(s.sent, `"`+got[0].ID+`"`) {
				v.t.Errorf("%s stands as %s; answered was %s", s.mark, got[0].ID, s.sent)
			}
		}
		if len(s.to) == 0 { // a reply, to whoever spoke
			n := 0
			for p := range steadyPeople {
				n += len(read[person(p)+steady.id][s.mark])
				known[person(p)+steady.id+s.mark] = true
			}
			v.once(s.mark, s.accepted, n)
		}
	}
	for _, s := range v.load.said {
		got := read[s.person+steady.id][s.mark]
		known[s.person+steady.id+s.mark] = true
		v.once(s.mark, s.accepted, len(got))
		if s.accepted && len(got) == 1 && got[0].ID != s.id {
			v.t.Errorf("%s stands as %s; answered was %s", s.mark, got[0].ID, s.id)
		}
	}
	for place, texts := range read {
		for text := range texts {
			if !known[place+text] {
				v.t.Errorf("%q stands in %s, where nobody sent it", text, place)
			}
		}
	}
}

func (v *verdict) once(what string, accepted bool, n int) {
	v.t.Helper()
	if n > 1 || accepted && n == 0 || !accepted && n > 0 && v.load.orderly {
		v.t.Errorf("%s: acknowledged %v, and it stands there %d times", what, accepted, n)
	}
}

// history: the workspace's public API tells the same, each send once, and the
// month's usage is exactly the people in it: no count without its message, no
// message without its count.
func (v *verdict) history(a account) {
	found := map[string][]message{}
	var used int64
	for cursor := ""; ; {
		var page struct {
			Messages   []message `json:"messages"`
			NextCursor string    `json:"nextCursor"`
		}
		path := "/public/v1/accounts/" + a.id + "/messages?limit=1000"
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		v.get("GET", path, "", apiKey, &page)
		for _, m := range page.Messages {
			found[m.mark()] = append(found[m.mark()], m)
			switch {
			case m.Chat.Type == "many":
				used += m.Chat.RecipientCount
			case m.Origin == "push" && m.Chat.Type == "group":
				used += 2 // its members
			case m.Origin == "push":
				used++
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	var least, most int64
	for _, s := range v.load.sends {
		if s.from != a {
			continue
		}
		got := found[s.mark]
		v.once(s.mark+" in the history", s.accepted, len(got))
		if len(got) == 1 && s.requestID != "" && got[0].RequestID != s.requestID {
			v.t.Errorf("%s: request id %s in the history, answered was %s", s.mark, got[0].RequestID, s.requestID)
		}
		low, high := s.people()
		most += high
		if s.accepted {
			least += low
		}
	}
	if a == steady {
		for _, s := range v.load.said {
			v.once(s.mark+" in the history", s.accepted, len(found[s.mark]))
		}
	}
	var usage struct {
		TotalUsage int64 `json:"totalUsage"`
	}
	v.get("GET", "/v2/bot/message/quota/consumption", "", a.token, &usage)
	if usage.TotalUsage < least || usage.TotalUsage > most || usage.TotalUsage != used {
		v.t.Errorf("%s: a usage of %d; acknowledged %d, attempted %d, in the history %d", a.name, usage.TotalUsage, least, most, used)
	}
}

// people is how many people a send counts for, at least and at most.
func (s *send) people() (least, most int64) {
	switch {
	case strings.HasSuffix(s.path, "/reply"):
		return 0, 0
	case strings.HasSuffix(s.path, "/broadcast"):
		return steadyPeople, allPeople
	case len(s.to) == 1 && s.to[0] == group:
		return 2, 2
	}
	return int64(len(s.to)), int64(len(s.to))
}

// files: each acknowledged file is whole.
func (v *verdict) files() {
	for _, s := range v.load.said {
		if s.content == "" || !s.accepted {
			continue
		}
		a := v.server.Do("GET", "/v2/bot/message/"+s.id+"/content", "", "Authorization", "Bearer "+steady.token)
		if a.Status != http.StatusOK || a.Body != s.content {
			v.t.Errorf("%s: %d, %d bytes of %d", s.mark, a.Status, len(a.Body), len(s.content))
		}
	}
}

// friends: who came and went last stands as was acknowledged.
func (v *verdict) friends() {
	var w struct {
		People []struct {
			UserID   string   `json:"userId"`
			FriendOf []string `json:"friendOf"`
		} `json:"people"`
	}
	v.get("GET", "/sim/v1/world", "", "", &w)
	now := map[string]string{}
	for _, p := range w.People {
		now[p.UserID] = fmt.Sprint(p.FriendOf)
	}
	for who, friend := range v.load.friend {
		if strings.Contains(now[who], moving.id) != friend {
			v.t.Errorf("%s: acknowledged as friend %v, is a friend of %s", who, friend, now[who])
		}
	}
}

// calm: nothing is left to do, and nothing panicked.
func (v *verdict) calm() {
	a := v.server.Do("GET", "/metrics", "")
	for _, line := range []string{"kaiwa_panics_total 0\n", "kaiwa_queue_depth 0\n"} {
		if !strings.Contains(a.Body, "\n"+line) {
			v.t.Errorf("the metrics lack %q", line)
		}
	}
}
