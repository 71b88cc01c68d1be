package app

import (
	"bufio"
	"io"
	"log/slog"
	"sync"
	"time"
)

// logBuffer gathers log lines, because a system call for each request's line
// would cost as much as the request. Nothing waits longer than flushEvery.
type logBuffer struct {
	mu   sync.Mutex
	w    *bufio.Writer
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

func newLogger(format string, w io.Writer) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
