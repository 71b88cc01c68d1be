package durability

import (
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiwa/internal/testkit"
	"kaiwa/test/kit"
)

// killsOf is how often a server on that store is killed.
func killsOf(t *testing.T, dsn string) int {
	n := 50
	if testing.Short() {
		n = 8
	}
	if v := os.Getenv("KAIWA_KILLS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil || n < 1 {
			t.Fatalf("KAIWA_KILLS: %q is no number of kills", v)
		}
	}
	if strings.HasPrefix(dsn, "postgres") {
		n = max(3, n/5)
	}
	return n
}

// What a kill leaves behind is judged by the ledger of the clients: nothing that
// was acknowledged may be gone, nothing may be there twice.
func TestKillsUnderLoad(t *testing.T) {
	testkit.EachStore(t, func(t *testing.T, dsn string) {
		kills := killsOf(t, dsn)
		l := newLoad(t)
		bot := newReceiver(t, secret)
		// Some deliveries fail at first, so that redelivery is under way when kills come.
		bot.answer = func(d delivery) int {
			if !d.again && strings.HasSuffix(d.path, moving.name) && strings.HasSuffix(d.id, "7") {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		}
		bot.seen = l.hear
		server := kit.Start(t, kit.Options{World: world(bot.URL), Store: dsn})
		l.gate.open(server.URL, 0, false)
		l.start()
		deaths := make([]time.Time, kills) // by life
		var starts []time.Duration
		for life := range kills {
			l.gate.await(40 + rand.IntN(160))
			l.gate.condemn()
			deaths[life] = time.Now()
			server.Kill()
			l.gate.shut()
			bot.bury(t)
			start := time.Now()
			server.Restart()
			starts = append(starts, time.Since(start))
			l.gate.open(server.URL, life+1, life+1 == kills)
		}
		l.gate.await(300) // without a kill
		l.finish()
		v := verdict{t: t, server: server, load: l, bot: bot, deaths: deaths}
		v.judge()
		slices.Sort(starts)
		median, longest := starts[len(starts)/2], starts[len(starts)-1]
		t.Logf("%d kills, %d acknowledgements; ready again after %v (median), %v (longest)", kills, l.gate.total, median, longest)
		if median > readyMost() {
			t.Errorf("ready again after %v (median): the contract says 1 s", median)
		}
	})
}

// readyMost is how soon the server has to be ready again: a second, by the
// contract, and some more for a program that the race detector slows down.
func readyMost() time.Duration {
	if kit.Race {
		return 5 * time.Second
	}
	return time.Second
}
