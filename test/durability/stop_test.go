package durability

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiwa/test/kit"
)

// stopMost is how long an orderly stop may take, by the contract.
const stopMost = 10 * time.Second

// stopped ends the server by SIGTERM and says how long it took. kit holds it to
// exit code 0.
func stopped(t *testing.T, s *kit.Server) {
	t.Helper()
	start := time.Now()
	s.Stop()
	if took := time.Since(start); took > stopMost {
		t.Errorf("the stop took %v", took)
	} else {
		t.Logf("the stop took %v", took)
	}
}

// What an ending server does not answer it has not done: all that took effect
// was answered, so that a retry of the rest is accepted as new.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	l := newLoad(t)
	l.orderly = true
	bot := newReceiver(t, secret)
	bot.seen = l.hear
	server := kit.Start(t, kit.Options{World: world(bot.URL)})
	events, err := http.Get(server.URL + "/sim/v1/events") // a stream must not hold the server open
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	l.gate.open(server.URL, 0, false)
	l.start()
	l.gate.await(300)
	l.gate.condemn()
	death := time.Now()
	stopped(t, server)
	l.gate.shut()
	bot.bury(t)
	server.Restart()
	l.gate.open(server.URL, 1, true)
	l.gate.await(100)
	l.finish()
	v := verdict{t: t, server: server, load: l, bot: bot, deaths: []time.Time{death}}
	v.judge()
	if _, err := io.Copy(io.Discard, events.Body); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Errorf("the event stream: %v", err)
	}
}

// Requests that are under way when the signal comes are answered.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	const n = 20
	s := newStage(t, true)
	s.say(steady, "its delivery is under way as well")
	<-s.arrived
	s.must("PUT", "/sim/v1/faults", fmt.Sprintf(`{"match":{"path":"/v2/bot/message/push"},"effect":{"latency":"1s","times":%d}}`, n))
	var wg sync.WaitGroup
	l := newLoad(t)
	for i := range n {
		wg.Go(func() {
			a, err := l.post(s.URL+"/v2/bot/message/push", steady.token, "", fmt.Sprintf(`{"to":%q,"messages":[{"type":"text","text":"slow %d"}]}`, person(0), i))
			if err != nil || a.status != http.StatusOK {
				t.Errorf("push %d: %v %d %s", i, err, a.status, a.body)
			}
		})
	}
	for range 100000 { // the rule is gone when all of them wait
		if !strings.Contains(s.must("GET", "/sim/v1/faults", "").Body, "latency") {
			break
		}
	}
	time.AfterFunc(500*time.Millisecond, func() { close(s.release) })
	stopped(t, s.Server)
	wg.Wait()
	s.Restart()
	texts := (&verdict{t: t, server: s.Server}).chat(person(0), steady.id)
	for i := range n {
		if len(texts[fmt.Sprintf("slow %d", i)]) != 1 {
			t.Errorf("push %d stands there %d times", i, len(texts[fmt.Sprintf("slow %d", i)]))
		}
	}
	for id := range s.bot.deliveries(t) {
		if got := flags(s.came(id)); got != "new " {
			t.Errorf("a delivery that was under way at the stop came as %q", got)
		}
	}
}

// A client that never ends its request must not keep the server from ending.
func TestStopDespiteAStuckClient(t *testing.T) {
	t.Parallel()
	s := kit.Start(t, kit.Options{})
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v2/bot/message/push HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer dev-token-1\r\nContent-Type: application/json\r\n"+
		"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
	if _, err := io.ReadFull(c, make([]byte, len("HTTP/1.1 100"))); err != nil { // the server reads the body now
		t.Fatal(err)
	}
	stopped(t, s)
}
