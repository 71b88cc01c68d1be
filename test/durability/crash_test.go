package durability

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"

	"kaiwa/test/kit"
)

// stage is one server with one bot, for a crash at a chosen point.
type stage struct {
	*kit.Server
	t   *testing.T
	bot *receiver
	// arrived tells of a delivery that is being held, until release is closed.
	arrived, release chan struct{}
}

// newStage holds the first delivery that comes, if held says so.
func newStage(t *testing.T, held bool) *stage {
	s := &stage{t: t, bot: newReceiver(t, secret), arrived: make(chan struct{}), release: make(chan struct{})}
	if held {
		first := make(chan struct{}, 1)
		first <- struct{}{}
		s.bot.answer = func(delivery) int {
			select {
			case <-first:
				close(s.arrived)
				<-s.release
			default:
			}
			return http.StatusOK
		}
	}
	s.Server = kit.Start(t, kit.Options{World: world(s.bot.URL)})
	return s
}

func (s *stage) must(method, path, body string) kit.Answer {
	s.t.Helper()
	a := s.Do(method, path, body)
	if a.Status != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a
}

// say has the first person speak to the account and gives the event's id.
func (s *stage) say(to account, text string) string {
	s.t.Helper()
	a := s.must("POST", "/sim/v1/people/"+person(0)+"/messages", fmt.Sprintf(`{"chat":{"channelId":%q},"message":{"type":"text","text":%q}}`, to.id, text))
	var out EventIDs
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil || len(out.IDs) != 1 {
		s.t.Fatalf("%v: %s", err, a.Body)
	}
	return out.IDs[0]
}

// crash kills the server and starts it again on the same store.
func (s *stage) crash() {
	s.t.Helper()
	s.Kill()
	close(s.release)
	s.Restart()
}

// came are the deliveries of an event when all that was due has happened.
func (s *stage) came(id string) []delivery {
	s.t.Helper()
	s.must("POST", "/sim/v1/clock", `{"advance":"10m"}`)
	return s.bot.deliveries(s.t)[id]
}

type logged struct {
	EventID  string `json:"webhookEventId"`
	Status   string `json:"status"`
	Attempts []struct {
		IsRedelivery bool   `json:"isRedelivery"`
		Reason       string `json:"reason"`
		EndedAt      string `json:"endedAt"`
	} `json:"attempts"`
}

func (s *stage) logged(id string) logged {
	s.t.Helper()
	var page struct {
		Webhooks []logged `json:"webhooks"`
	}
	if err := json.Unmarshal([]byte(s.must("GET", "/sim/v1/webhooks", "").Body), &page); err != nil {
		s.t.Fatal(err)
	}
	for _, w := range page.Webhooks {
		if w.EventID == id {
			return w
		}
	}
	s.t.Fatalf("the log does not tell of %s", id)
	return logged{}
}

// flags are the isRedelivery of deliveries, in order.
func flags(list []delivery) string {
	s := ""
	for _, d := range list {
		s += map[bool]string{false: "new ", true: "again "}[d.again]
	}
	return s
}

func TestCrashBeforeTheFirstAttempt(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	s.must("PUT", "/sim/v1/faults", `{"preset":"webhooks-stopped"}`)
	id := s.say(steady, "held back")
	s.crash()
	if got := s.bot.deliveries(t)[id]; len(got) != 0 {
		t.Errorf("webhooks were stopped, and it came: %s", flags(got))
	}
	s.must("DELETE", "/sim/v1/faults", "")
	s.bot.await(t, id, 1)
	if got := flags(s.came(id)); got != "new " {
		t.Errorf("accepted, never tried: came as %q", got)
	}
	if w := s.logged(id); w.Status != "delivered" || len(w.Attempts) != 1 || w.Attempts[0].IsRedelivery {
		t.Errorf("log: %+v", w)
	}
}

func TestCrashDuringTheAttempt(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	id := s.say(steady, "under way")
	behind := s.say(steady, "behind it in the chat")
	<-s.arrived
	s.crash()
	list := s.bot.await(t, id, 2)
	if got := flags(s.came(id)); got != "new again " {
		t.Errorf("killed during the attempt: came as %q", got)
	}
	if list[0].body != list[1].body || list[0].replyToken != list[1].replyToken {
		t.Errorf("the redelivery is another event:\n%s\n%s", list[0].body, list[1].body)
	}
	if got := flags(s.came(behind)); got != "new " {
		t.Errorf("what waited behind it was never tried: came as %q", got)
	}
	w := s.logged(id)
	if w.Status != "delivered" || len(w.Attempts) != 2 || w.Attempts[0].Reason != "unclassified" || w.Attempts[0].EndedAt == "" || !w.Attempts[1].IsRedelivery {
		t.Errorf("log: %+v", w)
	}
}

// The token of a redelivered event can be used, within a minute of it.
func TestReplyAfterACrash(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	id := s.say(steady, "under way")
	<-s.arrived
	s.crash()
	token := s.bot.await(t, id, 2)[1].replyToken
	body := fmt.Sprintf(`{"replyToken":%q,"messages":[{"type":"text","text":"late, not lost"}]}`, token)
	for i, want := range []int{http.StatusOK, http.StatusBadRequest} {
		if a := s.Do("POST", "/v2/bot/message/reply", body, "Authorization", "Bearer "+steady.token); a.Status != want {
			t.Errorf("reply %d: %d %s", i+1, a.Status, a.Body)
		}
	}
}

func TestCrashDuringTheAttemptWithoutRedelivery(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	id := s.say(once, "under way")
	<-s.arrived
	s.crash()
	next := s.say(once, "after the crash")
	s.bot.await(t, next, 1)
	if got := flags(s.came(id)); got != "new " {
		t.Errorf("redelivery is off: came as %q", got)
	}
	if got := flags(s.came(next)); got != "new " {
		t.Errorf("what was said later came as %q", got)
	}
	w := s.logged(id)
	if w.Status != "failed" || len(w.Attempts) != 1 || w.Attempts[0].Reason != "unclassified" || w.Attempts[0].EndedAt == "" {
		t.Errorf("log: %+v", w)
	}
}

// A redelivery that was promised before the crash is kept after it.
func TestCrashBeforeTheRedelivery(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	s.bot.mu.Lock()
	s.bot.answer = func(d delivery) int {
		if d.again {
			return http.StatusOK
		}
		return http.StatusServiceUnavailable
	}
	s.bot.mu.Unlock()
	id := s.say(steady, "refused at first")
	s.bot.await(t, id, 1)
	s.settled(id)
	s.crash()
	if got := flags(s.came(id)); got != "new again " {
		t.Errorf("refused, then killed: came as %q", got)
	}
	if w := s.logged(id); w.Status != "delivered" || w.Attempts[0].Reason != "error_status_code" {
		t.Errorf("log: %+v", w)
	}
}

// settled returns when the outcome of the first attempt is in the log.
func (s *stage) settled(id string) {
	s.t.Helper()
	for range 10000 {
		if w := s.logged(id); len(w.Attempts) == 1 && w.Attempts[0].EndedAt != "" {
			return
		}
	}
	s.t.Fatalf("the attempt for %s does not end", id)
}

// A delay that a fault puts before the request counts as the attempt: whether
// it went out cannot be known.
func TestCrashDuringADelayedAttempt(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	s.must("PUT", "/sim/v1/faults", `{"match":{"webhook":true},"effect":{"latency":"1h","times":1}}`)
	id := s.say(steady, "delayed")
	for range 10000 {
		if len(s.logged(id).Attempts) == 1 {
			break
		}
	}
	s.must("DELETE", "/sim/v1/faults", "")
	s.crash()
	s.bot.await(t, id, 1)
	if got := flags(s.came(id)); got != "again " {
		t.Errorf("recorded as tried, then killed: came as %q", got)
	}
}
