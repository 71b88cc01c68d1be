package durability

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kaiwa/test/kit"
)

// crowded is a world that takes a while to build.
func crowded(people int) string {
	var b strings.Builder
	b.WriteString("channels:\n  - {id: \"1656000001\", accessToken: built}\npeople:\n")
	for n := range people {
		fmt.Fprintf(&b, "  - {userId: %s, displayName: Person %d, friendOf: [\"1656000001\"]}\n", person(n), n)
	}
	fmt.Fprintf(&b, "groups: [{groupId: %s, members: [%s], channels: [\"1656000001\"]}]\n", group, person(0))
	return b.String()
}

// whole holds the world that a server has against the one of its file.
func whole(t *testing.T, s *kit.Server, people int) {
	t.Helper()
	var w struct {
		Channels []struct {
			Friends int `json:"friends"`
		} `json:"channels"`
		People []struct {
			FriendOf []string `json:"friendOf"`
		} `json:"people"`
		Groups []struct {
			Members []string `json:"members"`
		} `json:"groups"`
	}
	a := s.Do("GET", "/sim/v1/world", "")
	if err := json.Unmarshal([]byte(a.Body), &w); err != nil {
		t.Fatal(err)
	}
	if len(w.Channels) != 1 || len(w.People) != people || len(w.Groups) != 1 || w.Channels[0].Friends != people || len(w.Groups[0].Members) != 1 {
		t.Errorf("half a world: %d channels, %d people, %d groups: %.300s", len(w.Channels), len(w.People), len(w.Groups), a.Body)
	}
	if a := s.Do("GET", "/v2/bot/info", "", "Authorization", "Bearer built"); a.Status != 200 {
		t.Errorf("its token: %d %s", a.Status, a.Body)
	}
}

// A server that dies at any moment of its first start leaves no half of a world
// that the next one would take for the whole.
func TestKillWhileTheWorldIsBuilt(t *testing.T) {
	t.Parallel()
	const people = 400
	dir := t.TempDir()
	worldFile := filepath.Join(dir, "world.yaml")
	if err := os.WriteFile(worldFile, []byte(crowded(people)), 0o600); err != nil {
		t.Fatal(err)
	}
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	step := 200 * time.Millisecond / time.Duration(rounds)
	for round := range rounds {
		dsn := fmt.Sprintf("sqlite:%s/%d.db", dir, round/4) // each store is killed four times
		cmd := exec.Command(kit.Binary(t), "serve", "--listen", "127.0.0.1:0", "--store", dsn, "--world", worldFile)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(round)*step, func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
		if round%4 == 3 {
			s := kit.Start(t, kit.Options{Store: dsn, Args: []string{"--world", worldFile}})
			whole(t, s, people)
			s.Stop()
		}
	}
}

// The same of a reset, which begins by emptying what is there.
func TestKillDuringAReset(t *testing.T) {
	t.Parallel()
	const people = 400
	s := kit.Start(t, kit.Options{World: crowded(people)})
	rounds := 10
	if testing.Short() {
		rounds = 4
	}
	for round := range rounds {
		l := newLoad(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			l.post(s.URL+"/sim/v1/reset", "", "", "") // it may be answered or not
		}()
		timer := time.NewTimer(time.Duration(round) * 10 * time.Millisecond)
		<-timer.C
		s.Kill()
		<-done
		s.Restart()
		whole(t, s, people)
	}
}

// Where the clock and the faults were put, they are after a crash.
func TestCrashKeepsClockAndFaults(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	now := func() (at time.Time, mode string) {
		var c struct {
			Now  time.Time `json:"now"`
			Mode string    `json:"mode"`
		}
		if err := json.Unmarshal([]byte(s.must("GET", "/sim/v1/clock", "").Body), &c); err != nil {
			t.Fatal(err)
		}
		return c.Now, c.Mode
	}
	s.must("POST", "/sim/v1/clock", `{"advance":"36h"}`)
	s.must("PUT", "/sim/v1/faults", `{"preset":"reply-400"}`)
	before, _ := now()
	s.crash()
	after, mode := now()
	if mode != "virtual" || after.Before(before) || after.Sub(before) > time.Minute {
		t.Errorf("the clock was at %v, is at %v (%s)", before, after, mode)
	}
	if got := s.must("GET", "/sim/v1/faults", "").Body; !strings.Contains(got, "reply-400") {
		t.Errorf("faults: %s", got)
	}
}
