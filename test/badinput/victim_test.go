package badinput

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiwa/test/kit"
)

// People, group and account of the tests' world.
const (
	aoi     = "U00000000000000000000000000000a01"
	group   = "C0000000000000000000000000000c001"
	cafe    = "1656000001"
	token   = "victim-token"
	apiKey  = "kaiwa_victim_key"
	hostile = `limits: off
channels:
  - {id: "1656000001", name: Cafe, secret: 0123456789abcdef0123456789abcdef, accessToken: victim-token, account: {status: verified}}
  - {id: "1656000002", type: login, name: Login, secret: abcdef0123456789abcdef0123456789}
people:
  - {userId: U00000000000000000000000000000a01, displayName: Aoi, friendOf: ["1656000001"]}
  - {userId: U00000000000000000000000000000a02, displayName: Ben, friendOf: ["1656000001"]}
groups:
  - {groupId: C0000000000000000000000000000c001, name: Team, members: [U00000000000000000000000000000a01], channels: ["1656000001"]}
workspaces:
  - {name: Team, apiKey: kaiwa_victim_key, rateLimit: {requests: 1000000, per: 1s}, accounts: [{channel: "1656000001"}]}
`
)

// memoryMost is how much memory hostile input may make the server take. The race
// detector's own is as much again.
func memoryMost() int64 {
	if kit.Race {
		return 512 << 20
	}
	return 256 << 20
}

// prompt is how soon the server has to refuse. It does so in milliseconds;
// the rest is for machines that do other work as well.
const prompt = 5 * time.Second

// victim is a server that hostile input is sent to. When the test ends it must
// be well: alive, without a panic, without a failure of its own, of a bounded size.
type victim struct {
	*kit.Server
	t *testing.T
}

func newVictim(t *testing.T, o kit.Options) *victim {
	t.Helper()
	if o.World == "" {
		o.World = hostile
	}
	v := &victim{kit.Start(t, o), t}
	t.Cleanup(v.well)
	return v
}

func (v *victim) host() string { return strings.TrimPrefix(v.URL, "http://") }

func (v *victim) well() {
	v.t.Helper()
	start := time.Now()
	a := v.Do("POST", "/v2/bot/message/push", `{"to":"`+aoi+`","messages":[{"type":"text","text":"still there"}]}`, "Authorization", "Bearer "+token)
	if took := time.Since(start); a.Status != http.StatusOK && a.Status != http.StatusUnauthorized || took > prompt {
		v.t.Errorf("afterwards a push is answered %d after %v: %s", a.Status, took, a.Body)
	}
	for line := range strings.Lines(v.Do("GET", "/metrics", "").Body) {
		if strings.HasPrefix(line, "kaiwa_panics_total ") && line != "kaiwa_panics_total 0\n" {
			v.t.Errorf("%s%s", line, v.Log())
		}
		if strings.HasPrefix(line, "kaiwa_requests_total{") && strings.Contains(line, `status="5`) && !strings.Contains(line, `status="503"`) {
			v.t.Errorf("the server failed: %s%s", line, failures(v.Log()))
		}
	}
	if peak := v.peak(); peak > memoryMost() {
		v.t.Errorf("the server grew to %d MiB", peak>>20)
	}
}

// failures are the lines of a log that tell of errors.
func failures(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		if strings.Contains(line, "level=ERROR") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// peak is the most memory that the server ever had, in bytes; 0 where it cannot be told.
func (v *victim) peak() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", v.Pid()))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kib, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				v.t.Fatalf("%q: %v", line, err)
			}
			return kib << 10
		}
	}
	return 0
}

// raw sends bytes on a connection of their own and reads the answers until the
// server closes it. It says whether that happened in time.
func (v *victim) raw(request []byte) (answers []int, closed bool) {
	v.t.Helper()
	c, err := net.Dial("tcp", v.host())
	if err != nil {
		v.t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(prompt))
	go c.Write(request) // the server may answer and close before it has all of it
	all, err := io.ReadAll(c)
	closed = err == nil || !os.IsTimeout(err)
	r := bufio.NewReader(bytes.NewReader(all))
	for {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return answers, closed
		}
		answers = append(answers, res.StatusCode)
		io.Copy(io.Discard, res.Body)
	}
}
