package badinput

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiwa/test/kit"
)

// Clients that take their time over a request hold nobody up, and those that
// never end its head are cut off.
func TestSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for the server's patience to end")
	}
	t.Parallel()
	const (
		each     = 150
		patience = 10 * time.Second // of the server, for a head
	)
	v := newVictim(t, kit.Options{})
	files := v.files()
	var heads, others []net.Conn
	dial := func(first string) net.Conn {
		c, err := net.Dial("tcp", v.host())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, first)
		return c
	}
	start := time.Now()
	for range each {
		heads = append(heads, dial("GET /v2/bot/info HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "))
		others = append(others,
			dial(""), // says nothing at all
			dial("POST /v2/bot/message/push HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "+token+"\r\nContent-Length: 2000000\r\n\r\n{"),
			// announces a video and does not send it
			dial("POST /sim/v1/people/"+aoi+"/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n{"))
	}
	drip := time.NewTicker(time.Second)
	defer drip.Stop()
	var slowest time.Duration
	for time.Since(start) < patience-time.Second {
		for _, c := range heads {
			io.WriteString(c, "x")
		}
		asked := time.Now()
		if a := v.Do("POST", "/v2/bot/message/push", `{"to":"`+aoi+`","messages":[{"type":"text","text":"in between"}]}`, "Authorization", "Bearer "+token); a.Status != 200 {
			t.Errorf("in between: %d %s", a.Status, a.Body)
		}
		slowest = max(slowest, time.Since(asked))
		<-drip.C
	}
	if slowest > prompt/2 {
		t.Errorf("a push beside %d slow clients took %v", 4*each, slowest)
	}
	var wg sync.WaitGroup
	for _, c := range heads {
		wg.Go(func() {
			c.SetReadDeadline(start.Add(patience + 5*time.Second))
			if _, err := io.Copy(io.Discard, c); os.IsTimeout(err) {
				t.Errorf("a head is still waited for after %v", time.Since(start))
			}
			c.Close()
		})
	}
	wg.Wait()
	for _, c := range others {
		c.Close()
	}
	// The server notices what is gone without being waited for; the files come back.
	for deadline := time.Now().Add(prompt); v.files() > files+20; {
		if time.Now().After(deadline) {
			t.Fatalf("%d files are open, %d were before", v.files(), files)
		}
	}
	t.Logf("the slowest push in between took %v; the server grew to %d MiB", slowest, v.peak()>>20)
}

// files is how many files and connections the server has open.
func (v *victim) files() int {
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", v.Pid()))
	if err != nil {
		v.t.Skip("open files cannot be counted here")
	}
	return len(list)
}

// Who asks and does not read costs a connection, and no more.
func TestClientsThatDoNotRead(t *testing.T) {
	t.Parallel()
	v := newVictim(t, kit.Options{})
	request := strings.Repeat("GET /sim/v1/world HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 2000)
	for range 50 {
		c, err := net.Dial("tcp", v.host())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)) // it ends when both sides' buffers are full
		io.WriteString(c, request)
	}
	asked := time.Now()
	v.Do("GET", "/sim/v1/world", "")
	if took := time.Since(asked); took > prompt {
		t.Errorf("beside them a request took %v", took)
	}
}
