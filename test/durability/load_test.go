package durability

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	neturl "net/url"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// load is a number of clients that work until the gate closes, and the ledger
// of what they were told.
type load struct {
	t       *testing.T
	gate    *gate
	orderly bool // the server ends in order: what it did not answer it did not do
	client  *http.Client
	replies chan string // reply tokens that came by webhook
	done    chan struct{}
	wg      sync.WaitGroup

	mu     sync.Mutex
	serial int
	kept   []*send         // the accepted sends that have a retry key
	told   map[string]bool // events whose reply token was taken
	sends  []*send
	said   []*saying
	token  string          // the last one that was issued
	moves  []string        // acknowledged events of follows and unfollows
	friend map[string]bool // how the people who come and go last stood, by what was acknowledged
}

// send is one message that an account sends.
type send struct {
	from      account
	path, key string
	mark      string   // its text
	to        []string // people, or the group
	body      string
	tries     int
	accepted  bool
	requestID string
	sent      string // sentMessages, as answered
}

// saying is one message that a person sends.
type saying struct {
	person, mark, id string
	content          string // of a file
	events           []string
	accepted         bool
}

func newLoad(t *testing.T) *load {
	return &load{t: t, gate: newGate(), replies: make(chan string, 16), done: make(chan struct{}), told: map[string]bool{}, friend: map[string]bool{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// start sets the clients to work.
func (l *load) start() {
	for range 3 {
		l.worker(func() bool { return l.keyed(l.push()) })
	}
	l.worker(func() bool { return l.keyed(l.multicast()) })
	l.worker(func() bool { return l.keyed(l.broadcast()) })
	l.worker(l.bare)
	l.worker(l.reply)
	for n := range 3 {
		l.worker(func() bool { return l.say(person(n)) })
	}
	l.worker(func() bool { return l.attach(person(3)) })
	l.worker(l.issue)
	for n := steadyPeople; n < allPeople; n++ {
		l.worker(func() bool { return l.move(person(n)) })
	}
}

// hear passes reply tokens on, each once and only while they are fresh.
func (l *load) hear(d delivery) {
	l.mu.Lock()
	first := !l.told[d.id]
	l.told[d.id] = true
	l.mu.Unlock()
	if !first || d.kind != "message" {
		return
	}
	select {
	case l.replies <- d.replyToken:
	default:
	}
}

// finish ends the load and waits for what is under way.
func (l *load) finish() {
	l.gate.close()
	close(l.done)
	l.wg.Wait()
	l.client.CloseIdleConnections()
}

// worker repeats an act until the load is over.
func (l *load) worker(act func() bool) {
	l.wg.Go(func() {
		for !l.gate.over() {
			if !act() {
				return
			}
		}
	})
}

func (l *load) mark(kind string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serial++
	return fmt.Sprintf("mark-%s-%07d", kind, l.serial)
}

func (l *load) push() *send {
	to := person(rand.IntN(steadyPeople))
	if rand.IntN(10) == 0 {
		to = group
	}
	s := &send{from: steady, path: "/v2/bot/message/push", key: uuid.NewString(), mark: l.mark("push"), to: []string{to}}
	s.body = fmt.Sprintf(`{"to":%q,"messages":[{"type":"text","text":%q}]}`, to, s.mark)
	return s
}

func (l *load) multicast() *send {
	s := &send{from: steady, path: "/v2/bot/message/multicast", key: uuid.NewString(), mark: l.mark("multicast")}
	for _, n := range rand.Perm(steadyPeople)[:3] {
		s.to = append(s.to, person(n))
	}
	s.body = fmt.Sprintf(`{"to":["%s"],"messages":[{"type":"text","text":%q}]}`, strings.Join(s.to, `","`), s.mark)
	return s
}

func (l *load) broadcast() *send {
	s := &send{from: moving, path: "/v2/bot/message/broadcast", key: uuid.NewString(), mark: l.mark("broadcast")}
	for n := range steadyPeople { // at least; the others may be friends or not
		s.to = append(s.to, person(n))
	}
	s.body = fmt.Sprintf(`{"messages":[{"type":"text","text":%q}]}`, s.mark)
	return s
}

// answer is what came back; seen says that at least the status did.
type answer struct {
	status int
	header http.Header
	body   []byte
	seen   bool
}

func (l *load) post(url, token, key, body string) (answer, error) {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("X-Line-Retry-Key", key)
	}
	res, err := l.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header, seen: true}
	a.body, err = io.ReadAll(res.Body)
	return a, err
}

// failed judges a request that got no whole answer: only a kill excuses it.
func (l *load) failed(what string, life int, err error) {
	if !l.gate.excused(life) {
		l.t.Errorf("%s failed though the server was alive: %v", what, err)
	}
}

// keyed sends with a retry key until it is accepted, as a careful client does.
func (l *load) keyed(s *send) bool {
	l.mu.Lock()
	l.sends = append(l.sends, s)
	l.mu.Unlock()
	seen := false
	for failed := -1; ; {
		url, life, ok := l.gate.enter(failed)
		if !ok {
			return false
		}
		s.tries++
		a, err := l.post(url+s.path, s.from.token, s.key, s.body)
		if err != nil {
			l.failed(s.mark, life, err)
			failed, seen = life, seen || a.seen
			continue
		}
		switch {
		case a.status == http.StatusOK && !seen:
			s.requestID = a.header.Get("X-Line-Request-Id")
		case a.status == http.StatusConflict && s.tries > 1 && !l.orderly:
			s.requestID = a.header.Get("X-Line-Accepted-Request-Id")
		default:
			l.t.Errorf("%s: try %d: %d %s", s.mark, s.tries, a.status, a.body)
			return false
		}
		s.sent, s.accepted = sentMessages(a.body), true
		l.mu.Lock()
		l.kept = append(l.kept, s)
		l.mu.Unlock()
		l.gate.acked()
		return true
	}
}

// bare pushes without a retry key: what got no answer stays unknown.
func (l *load) bare() bool {
	to := person(rand.IntN(steadyPeople))
	s := &send{from: moving, path: "/v2/bot/message/push", mark: l.mark("bare"), to: []string{to}, tries: 1}
	s.body = fmt.Sprintf(`{"to":%q,"messages":[{"type":"text","text":%q}]}`, to, s.mark)
	url, life, ok := l.gate.enter(-1)
	if !ok {
		return false
	}
	l.mu.Lock()
	l.sends = append(l.sends, s)
	l.mu.Unlock()
	a, err := l.post(url+s.path, s.from.token, "", s.body)
	if err != nil && !a.seen {
		l.failed(s.mark, life, err)
		return true
	}
	if a.status != http.StatusOK {
		l.t.Errorf("%s: %d %s", s.mark, a.status, a.body)
		return false
	}
	s.sent, s.accepted, s.requestID = sentMessages(a.body), true, a.header.Get("X-Line-Request-Id")
	l.gate.acked()
	return true
}

// reply answers a webhook. A reply whose answer was lost is tried once more
// with the same token: it is refused exactly when the first one took effect.
func (l *load) reply() bool {
	var token string
	select {
	case token = <-l.replies:
	case <-l.done:
		return false
	}
	s := &send{from: steady, path: "/v2/bot/message/reply", mark: l.mark("reply")}
	s.body = fmt.Sprintf(`{"replyToken":%q,"messages":[{"type":"text","text":%q}]}`, token, s.mark)
	l.mu.Lock()
	l.sends = append(l.sends, s)
	l.mu.Unlock()
	for failed := -1; ; {
		url, life, ok := l.gate.enter(failed)
		if !ok {
			return false
		}
		s.tries++
		a, err := l.post(url+s.path, s.from.token, "", s.body)
		if err != nil {
			l.failed(s.mark, life, err)
			failed = life
			continue
		}
		switch {
		case a.status == http.StatusOK:
			s.sent, s.requestID = sentMessages(a.body), a.header.Get("X-Line-Request-Id")
		case a.status == http.StatusBadRequest && s.tries > 1 && !l.orderly:
		default:
			l.t.Errorf("%s: try %d: %d %s", s.mark, s.tries, a.status, a.body)
			return false
		}
		s.accepted = true
		l.gate.acked()
		return true
	}
}

// say has a person write to the account.
func (l *load) say(who string) bool {
	s := &saying{person: who, mark: l.mark("say")}
	return l.utter(s, fmt.Sprintf(`{"type":"text","text":%q}`, s.mark))
}

// attach has a person send a file, which takes several rows.
func (l *load) attach(who string) bool {
	s := &saying{person: who, mark: l.mark("file")}
	s.content = strings.Repeat(s.mark, 200)
	return l.utter(s, fmt.Sprintf(`{"type":"file","fileName":%q,"contentBase64":%q}`, s.mark, base64.StdEncoding.EncodeToString([]byte(s.content))))
}

func (l *load) utter(s *saying, message string) bool {
	url, life, ok := l.gate.enter(-1)
	if !ok {
		return false
	}
	l.mu.Lock()
	l.said = append(l.said, s)
	l.mu.Unlock()
	a, err := l.post(url+"/sim/v1/people/"+s.person+"/messages", "", "", fmt.Sprintf(`{"chat":{"channelId":%q},"message":%s}`, steady.id, message))
	if err != nil {
		l.failed(s.mark, life, err)
		return true
	}
	var out struct {
		MessageID       string   `json:"messageId"`
		WebhookEventIDs []string `json:"webhookEventIds"`
	}
	if err := json.Unmarshal(a.body, &out); err != nil || a.status != http.StatusOK || len(out.WebhookEventIDs) != 1 {
		l.t.Errorf("%s: %d %s", s.mark, a.status, a.body)
		return false
	}
	s.id, s.events, s.accepted = out.MessageID, out.WebhookEventIDs, true
	l.gate.acked()
	return true
}

// issue gets a channel access token; the last one has to work at the end.
func (l *load) issue() bool {
	url, life, ok := l.gate.enter(-1)
	if !ok {
		return false
	}
	res, err := l.client.PostForm(url+"/v2/oauth/accessToken", neturl.Values{"grant_type": {"client_credentials"}, "client_id": {once.id}, "client_secret": {secret}})
	if err != nil {
		l.failed("a token", life, err)
		return true
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		l.failed("a token", life, err)
		return true
	}
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &out); err != nil || res.StatusCode != http.StatusOK {
		l.t.Errorf("a token: %d %s", res.StatusCode, body)
		return false
	}
	l.mu.Lock()
	l.token = out.AccessToken
	l.mu.Unlock()
	l.gate.acked()
	return true
}

// move has a person block the account, or follow it again.
func (l *load) move(who string) bool {
	l.mu.Lock()
	was, known := l.friend[who]
	l.mu.Unlock()
	follow := known && !was
	verb := map[bool]string{true: "follow", false: "unfollow"}[follow]
	for failed := -1; ; {
		url, life, ok := l.gate.enter(failed)
		if !ok {
			return false
		}
		a, err := l.post(url+"/sim/v1/people/"+who+"/"+verb, "", "", fmt.Sprintf(`{"channelId":%q}`, moving.id))
		if err != nil {
			l.failed(verb, life, err)
			failed = life
			continue
		}
		var out struct {
			WebhookEventIDs []string `json:"webhookEventIds"`
		}
		if err := json.Unmarshal(a.body, &out); err != nil || a.status != http.StatusOK {
			l.t.Errorf("%s %s: %d %s", who, verb, a.status, a.body)
			return false
		}
		l.mu.Lock()
		l.moves = append(l.moves, out.WebhookEventIDs...)
		l.friend[who] = follow
		l.mu.Unlock()
		l.gate.acked()
		return true
	}
}

// sentMessages is that member of an answer as it stands there; empty without one.
func sentMessages(body []byte) string {
	var in struct {
		SentMessages jsontext.Value `json:"sentMessages"`
	}
	if json.Unmarshal(body, &in) != nil {
		return "unreadable: " + string(body)
	}
	return string(in.SentMessages)
}
