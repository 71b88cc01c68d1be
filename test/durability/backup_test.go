package durability

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiwa/internal/kernel/store/sqlite"
	"kaiwa/test/kit"
)

// A copy that is made while the server runs, the way docs/operations.md says,
// holds all that was acknowledged before it was begun.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	l := newLoad(t)
	bot := newReceiver(t, secret)
	bot.seen = l.hear
	server := kit.Start(t, kit.Options{World: world(bot.URL)})
	l.gate.open(server.URL, 0, true)
	l.start()
	l.gate.await(200)
	l.mu.Lock()
	kept := slices.Clone(l.kept)
	l.mu.Unlock()
	backup := filepath.Join(t.TempDir(), "backup.db")
	vacuum(t, strings.TrimPrefix(server.Store, "sqlite:"), backup)
	l.gate.await(300) // the server goes on
	l.finish()
	bot.deliveries(t)
	restored := kit.Start(t, kit.Options{World: world(bot.URL), Store: "sqlite:" + backup})
	v := verdict{t: t, server: restored, load: &load{t: t, client: l.client, sends: kept}, bot: bot}
	v.retryKeys()
	texts := map[string]map[string][]message{}
	for n := range steadyPeople {
		texts[person(n)] = v.chat(person(n), steady.id)
	}
	for _, s := range kept {
		if s.from == steady && len(s.to) == 1 && s.to[0] != group {
			v.once(s.mark, true, len(texts[s.to[0]][s.mark]))
		}
	}
}

// vacuum makes a copy from outside of the server, as sqlite3 does.
func vacuum(t *testing.T, from, to string) {
	t.Helper()
	c, err := sqlite.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, statement := range []string{"PRAGMA busy_timeout=5000", "VACUUM INTO '" + to + "'"} {
		st, err := c.Prepare(statement)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		if _, err := st.Exec(nil); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
