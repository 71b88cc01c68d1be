package durability

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"kaiwa/test/kit"
)

// traced is a server under strace.
type traced struct {
	t     *testing.T
	url   string
	store string
	file  string
	cmd   *exec.Cmd
	l     *load // its client

	mu     sync.Mutex
	serial int
	proofs map[string]string // proof of an answer -> mark
}

func startTraced(t *testing.T, bot string) *traced {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed, so that the order of write, sync and answer cannot be seen: install Debian's package strace")
	}
	dir := t.TempDir()
	x := &traced{t: t, store: filepath.Join(dir, "kaiwa.db"), file: filepath.Join(dir, "trace"), l: newLoad(t), proofs: map[string]string{}}
	worldFile := filepath.Join(dir, "world.yaml")
	if err := os.WriteFile(worldFile, []byte(world(bot)), 0o600); err != nil {
		t.Fatal(err)
	}
	// With --seccomp-bpf the server stops for these calls only, not for all.
	x.cmd = exec.Command(strace, "-f", "--seccomp-bpf", "-y", "-s", "8192", "-e", "trace=write,pwrite64,fsync,fdatasync", "-e", "signal=none", "-o", x.file,
		kit.Binary(t), "serve", "--listen", "127.0.0.1:0", "--store", "sqlite:"+x.store, "--world", worldFile)
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Skipf("strace cannot trace here: %v", err)
	}
	x.url = strings.TrimPrefix(strings.TrimSpace(line), "kaiwa ready ")
	return x
}

// stop ends the server, and with it strace.
func (x *traced) stop() {
	if x.cmd.ProcessState == nil {
		syscall.Kill(-x.cmd.Process.Pid, syscall.SIGTERM)
		x.cmd.Wait()
	}
}

func (x *traced) mark(kind string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.serial++
	return fmt.Sprintf("mark-%s-%07d", kind, x.serial)
}

func (x *traced) prove(proof, mark string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.proofs[proof] = mark
}

// send has an account send; its answer is proved by its request id.
func (x *traced) send(a account, path, key, body, mark string) int {
	res, err := x.l.post(x.url+path, a.token, key, body)
	if err != nil || res.status != http.StatusOK && res.status != http.StatusConflict {
		x.t.Errorf("%s: %v %d %s", mark, err, res.status, res.body)
		return 0
	}
	x.prove(res.header.Get("X-Line-Request-Id"), mark)
	return res.status
}

// act has a person do something; its answer is proved by its first event.
func (x *traced) act(path, body, mark string) {
	res, err := x.l.post(x.url+path, "", "", body)
	var out EventIDs
	if err == nil {
		err = json.Unmarshal(res.body, &out)
	}
	if err != nil || res.status != http.StatusOK || len(out.IDs) != 1 {
		x.t.Errorf("%s: %v %d %s", path, err, res.status, res.body)
		return
	}
	if mark == "" {
		mark = out.IDs[0]
	}
	x.prove(out.IDs[0], mark)
}

// EventIDs is the part of an answer of the simulation API that names events.
type EventIDs struct {
	IDs []string `json:"webhookEventIds"`
}

// A power cut takes what was not synced, which no kill of the process shows. So
// the system calls are watched: the bytes of a request are written, then synced,
// and only then its answer leaves.
func TestAnswersLeaveAfterTheSync(t *testing.T) {
	each := 200
	if testing.Short() {
		each = 40
	}
	bot := newReceiver(t, secret)
	tokens := make(chan string, 4096)
	bot.seen = func(d delivery) {
		if d.replyToken != "" && strings.HasSuffix(d.path, steady.name) {
			tokens <- d.replyToken
		}
	}
	x := startTraced(t, bot.URL)
	text := func(mark string) string { return fmt.Sprintf(`"messages":[{"type":"text","text":%q}]}`, mark) }
	kinds := []struct {
		name string
		do   func(client, n int)
	}{
		{"push", func(c, n int) {
			m := x.mark("push")
			x.send(steady, "/v2/bot/message/push", uuid.NewString(), `{"to":"`+person(c)+`",`+text(m), m)
		}},
		{"multicast", func(c, n int) {
			m := x.mark("multicast")
			x.send(steady, "/v2/bot/message/multicast", uuid.NewString(), `{"to":["`+person(0)+`","`+person(1)+`"],`+text(m), m)
		}},
		{"broadcast", func(c, n int) {
			m := x.mark("broadcast")
			x.send(steady, "/v2/bot/message/broadcast", uuid.NewString(), `{`+text(m), m)
		}},
		{"say", func(c, n int) {
			m := x.mark("say")
			x.act("/sim/v1/people/"+person(c)+"/messages", fmt.Sprintf(`{"chat":{"channelId":%q},"message":{"type":"text","text":%q}}`, steady.id, m), m)
		}},
		{"reply", func(c, n int) {
			m := x.mark("reply")
			select {
			case token := <-tokens:
				x.send(steady, "/v2/bot/message/reply", "", `{"replyToken":"`+token+`",`+text(m), m)
			case <-time.After(patience):
				t.Errorf("no webhook brought a reply token")
			}
		}},
		{"follow", func(c, n int) {
			verb := []string{"unfollow", "follow"}[n%2]
			x.act("/sim/v1/people/"+person(c)+"/"+verb, fmt.Sprintf(`{"channelId":%q}`, moving.id), "")
		}},
		{"race", func(c, n int) { // one retry key, several at once: the refused wait for the sync as well
			m, key := x.mark("race"), uuid.NewString()
			var wg sync.WaitGroup
			var mu sync.Mutex
			got := map[int]int{}
			for range 4 {
				wg.Go(func() {
					status := x.send(steady, "/v2/bot/message/push", key, `{"to":"`+person(c)+`",`+text(m), m)
					mu.Lock()
					defer mu.Unlock()
					got[status]++
				})
			}
			wg.Wait()
			if got[http.StatusOK] != 1 || got[http.StatusConflict] != 3 {
				t.Errorf("%s: four requests with one retry key were answered %v", m, got)
			}
		}},
	}
	const clients = 4
	for _, kind := range kinds {
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for n := range each / clients {
					kind.do(c, n)
				}
			})
		}
		wg.Wait()
	}
	x.stop()
	tr := readTrace(t, x.file, x.store)
	first, wrong := 1<<62, 0
	for proof, mark := range x.proofs {
		if err := tr.check(mark, proof); err != nil {
			if wrong++; wrong <= 10 {
				t.Error(err)
			}
		}
		first = min(first, tr.answers[proof])
	}
	if tr.folder == 0 || tr.folder > first {
		t.Errorf("the store's folder was synced at line %d, the first answer left at line %d", tr.folder, first)
	}
	t.Logf("%d answers, %d syncs, %d answers in the wrong order", len(x.proofs), len(tr.syncs), wrong)
	if want := len(kinds) * each; len(x.proofs) < want {
		t.Errorf("%d answers were proved, want %d at least", len(x.proofs), want)
	}
}
