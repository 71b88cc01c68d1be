package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// benchFriends is how many people the pushes go to in turn.
const benchFriends = 1000

func benchPerson(i int) string { return fmt.Sprintf("U%032x", 0xa000000+i) }

// startBench runs a server with limits off, without anybody listening.
func startBench(b *testing.B) *App {
	b.Helper()
	dir := b.TempDir()
	text := []byte("limits: off\nchannels:\n  - {id: \"1656000001\", type: messaging, name: Bench, secret: 0123456789abcdef0123456789abcdef, accessToken: bench-token, webhook: {endpoint: \"http://127.0.0.1:1/\", active: false}}\npeople:\n")
	for i := range benchFriends {
		text = fmt.Appendf(text, "  - {userId: %s, displayName: Person %d, friendOf: [\"1656000001\"]}\n", benchPerson(i), i)
	}
	world := filepath.Join(dir, "world.yaml")
	if err := os.WriteFile(world, text, 0o600); err != nil {
		b.Fatal(err)
	}
	a, err := Start(b.Context(), Config{Listen: "127.0.0.1:0", Store: "sqlite:" + filepath.Join(dir, "kaiwa.db"), World: world, LogFormat: "text"}, io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return a
}

// answerTo is the least that a handler writes to.
type answerTo struct {
	header http.Header
	status int
}

func (w *answerTo) Header() http.Header         { return w.header }
func (w *answerTo) WriteHeader(status int)      { w.status = status }
func (w *answerTo) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkPush is a push from the handler to its synced commit and back, 64 at
// once: all but the network and net/http. cpu-us/op is the process's CPU time.
func BenchmarkPush(b *testing.B) {
	a := startBench(b)
	handler := a.server.Handler
	var next atomic.Int64
	push := func() {
		i := next.Add(1)
		body := []byte(`{"to":"` + benchPerson(int(i%benchFriends)) + `","messages":[{"type":"text","text":"Your order is ready."}]}`)
		r := &http.Request{Method: "POST", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "127.0.0.1", RemoteAddr: "127.0.0.1:1",
			URL: &url.URL{Path: "/v2/bot/message/push"}, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
			Header: http.Header{"Authorization": {"Bearer bench-token"}, "Content-Type": {"application/json"}}}
		w := &answerTo{header: http.Header{}}
		handler.ServeHTTP(w, r.WithContext(context.Background()))
		if w.status != http.StatusOK {
			b.Errorf("answered %d", w.status)
		}
	}
	for range benchFriends {
		push()
	}
	before := commits(b, a)
	b.ReportAllocs()
	began := cpuTime()
	var wg sync.WaitGroup
	left := int64(b.N)
	b.ResetTimer()
	for range 64 {
		wg.Go(func() {
			for atomic.AddInt64(&left, -1) >= 0 {
				push()
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64((cpuTime()-began).Microseconds())/float64(b.N), "cpu-us/op")
	b.ReportMetric(float64(b.N)/(commits(b, a)-before), "acks/commit")
}

// commits counts the store's commits so far.
func commits(b *testing.B, a *App) float64 {
	b.Helper()
	var m dto.Metric
	if err := a.metrics.commits.Write(&m); err != nil {
		b.Fatal(err)
	}
	return m.GetCounter().GetValue()
}

// cpuTime is what this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
