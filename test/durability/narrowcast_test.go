package durability

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kaiwa/internal/testkit"
	"kaiwa/test/kit"
)

// A narrowcast that was accepted is carried out exactly once, whenever the
// server dies: before it is begun, while it is chosen or sent, or after that.
func TestKillsDuringNarrowcasts(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		rounds := max(3, killsOf(t, dsn)/4)
		l := newLoad(t)
		server := kit.Start(t, kit.Options{World: world(newReceiver(t, secret).URL), Store: dsn})
		c := &caster{load: l, accepted: map[string]string{}}
		for round := range rounds {
			c.cast(server.URL, round)
			c.wg.Wait() // these go out while the clock moves, the next while the server dies
			c.wg.Go(func() { l.post(server.URL+"/sim/v1/clock", "", "", `{"advance":"10s"}`) })
			c.cast(server.URL, rounds+round)
			timer := time.NewTimer(time.Duration(rand.IntN(60)) * time.Millisecond)
			<-timer.C
			server.Kill()
			c.wg.Wait()
			l.client.CloseIdleConnections()
			server.Restart()
		}
		if a := server.Do("POST", "/sim/v1/clock", `{"advance":"10m"}`); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if len(c.accepted) < rounds*batch {
			t.Fatalf("only %d narrowcasts were accepted", len(c.accepted))
		}
		v := verdict{t: t, server: server, load: l}
		for mark, id := range c.accepted {
			var p struct {
				Phase        string `json:"phase"`
				SuccessCount int    `json:"successCount"`
			}
			v.get("GET", "/v2/bot/message/progress/narrowcast?requestId="+id, "", steady.token, &p)
			if p.Phase != "succeeded" || p.SuccessCount != allPeople {
				t.Errorf("%s: %+v", mark, p)
			}
		}
		there := 0
		for n := range allPeople {
			chat := v.chat(person(n), steady.id)
			for mark := range c.accepted {
				v.once(mark, true, len(chat[mark]))
			}
			for mark, list := range chat { // one whose answer was lost happened once or not at all
				v.once(mark, false, len(list))
			}
			there = len(chat)
		}
		var used struct {
			TotalUsage int `json:"totalUsage"`
		}
		v.get("GET", "/v2/bot/message/quota/consumption", "", steady.token, &used)
		if used.TotalUsage != there*allPeople {
			t.Errorf("%d narrowcasts to %d people used %d messages of the quota", there, allPeople, used.TotalUsage)
		}
		t.Logf("%d kills, %d narrowcasts accepted, %d arrived", rounds, len(c.accepted), there)
	})
}

// caster sends narrowcasts and notes which were accepted: request id by text.
type caster struct {
	load     *load
	wg       sync.WaitGroup
	mu       sync.Mutex
	accepted map[string]string
}

const batch = 6

// cast sends some at once, without waiting for them; they may be answered or not.
func (c *caster) cast(url string, round int) {
	for n := range batch {
		c.wg.Go(func() {
			mark := fmt.Sprintf("mark-narrowcast-%d-%d", round, n)
			a, err := c.load.post(url+"/v2/bot/message/narrowcast", steady.token, "", fmt.Sprintf(`{"messages":[{"type":"text","text":%q}]}`, mark))
			if !a.seen {
				return
			}
			if a.status != 202 || err == nil && string(a.body) != `{}` {
				c.load.t.Errorf("%s: %d %s", mark, a.status, a.body)
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.accepted[mark] = a.header.Get("x-line-request-id")
		})
	}
}
