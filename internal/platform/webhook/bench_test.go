package webhook

import (
	"bytes"
	"context"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"kaiwa/internal/platform/channel"
)

// BenchmarkDeliver is one event from Emit to its recorded success, with a
// receiver that costs as little as one can, on a synced store.
func BenchmarkDeliver(b *testing.B) {
	w := openWorld(b, "sqlite:"+b.TempDir()+"/kaiwa.db", false)
	w.begin()
	const channels = 8
	var list []*channel.Channel
	url := "http://" + quick(b) + "/callback"
	for i := range channels {
		list = append(list, w.channel("165600000"+strconv.Itoa(i), channel.Webhook{Endpoint: url, Active: true}))
	}
	b.ResetTimer()
	var wg sync.WaitGroup
	const emitters = 64
	for e := range emitters {
		wg.Go(func() {
			for i := e; i < b.N; i += emitters {
				w.emit(list[i%channels], text("U"+strconv.Itoa(i%4096), "hi"))
			}
		})
	}
	wg.Wait()
	if err := w.queue.Settle(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	if n := w.room.Attempts()[ok]; n != int64(b.N) {
		b.Errorf("%d of %d delivered: %v", n, b.N, w.room.Attempts())
	}
}

// quick is a receiver that reads requests without looking at them.
func quick(b *testing.B) string {
	l := listen(b)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return l.Addr().String()
}

func answer(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 0, 64<<10)
	for {
		n, err := conn.Read(buf[len(buf):cap(buf)])
		if err != nil {
			return
		}
		buf = buf[:len(buf)+n]
		if bytes.HasSuffix(buf, []byte(`"mode":"active"}]}`)) { // one request at a time on a connection
			buf = buf[:0]
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	}
}
