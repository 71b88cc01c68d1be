package app

import (
	"bufio"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
)

// logBuffer gathers log lines, because a system call for each request's line
// would cost as much as the request. Nothing waits longer than flushEvery.
type logBuffer struct {
	mu   sync.Mutex
	w    *bufio.Writer
	line []byte // of the last request, to be used again
	stop chan struct{}
	done chan struct{}
}

const flushEvery = 100 * time.Millisecond

func newLogBuffer(w io.Writer) *logBuffer {
	b := &logBuffer{w: bufio.NewWriterSize(w, 64<<10), stop: make(chan struct{}), done: make(chan struct{})}
	go b.flush()
	return b
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.w.Write(p)
}

func (b *logBuffer) flush() {
	defer close(b.done)
	t := time.NewTicker(flushEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-b.stop:
		}
		b.mu.Lock()
		b.w.Flush()
		b.mu.Unlock()
		select {
		case <-b.stop:
			return
		default:
		}
	}
}

// Close writes what is left.
func (b *logBuffer) Close() {
	close(b.stop)
	<-b.done
}

// access writes the line of each request. They look as the logger's own, which
// would take five times as long.
func (b *logBuffer) access(format string) func(api.Request) {
	line := textLine
	if format == "json" {
		line = jsonLine
	}
	return func(r api.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.line = line(b.line[:0], time.Now(), r)
		_, _ = b.w.Write(b.line)
	}
}

func textLine(b []byte, now time.Time, r api.Request) []byte {
	b = now.AppendFormat(append(b, "time="...), "2006-01-02T15:04:05.000Z07:00")
	b = append(b, " level=INFO msg=request"...)
	for _, f := range fields(&r) {
		b = append(append(append(b, ' '), f.name...), '=')
		b = appendText(b, f.value)
	}
	b = strconv.AppendInt(append(b, " status="...), int64(r.Status), 10)
	b = strconv.AppendFloat(append(b, " ms="...), r.Milliseconds, 'g', -1, 64)
	return append(b, '\n')
}

func jsonLine(b []byte, now time.Time, r api.Request) []byte {
	b = now.AppendFormat(append(b, `{"time":"`...), time.RFC3339Nano)
	b = append(b, `","level":"INFO","msg":"request"`...)
	for _, f := range fields(&r) {
		b = append(append(append(b, ",\""...), f.name...), "\":"...)
		b, _ = jsontext.AppendQuote(b, f.value) // an error only says that invalid UTF-8 was replaced
	}
	b = strconv.AppendInt(append(b, `,"status":`...), int64(r.Status), 10)
	b = strconv.AppendFloat(append(b, `,"ms":`...), r.Milliseconds, 'g', -1, 64)
	return append(b, '}', '\n')
}

type field struct{ name, value string }

func fields(r *api.Request) [5]field {
	return [...]field{{"requestId", r.RequestID}, {"operation", r.Operation}, {"owner", r.ChannelID}, {"method", r.Method}, {"path", r.Path}}
}

// appendText quotes what would not be one word otherwise: a client chose the path.
func appendText(b []byte, v string) []byte {
	for _, c := range []byte(v) {
		if c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7f {
			return strconv.AppendQuote(b, v)
		}
	}
	if v == "" {
		return append(b, `""`...)
	}
	return append(b, v...)
}

func newLogger(format string, w io.Writer) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
