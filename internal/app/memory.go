package app

import (
	"context"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// collectSeldom lets the heap triple between garbage collections instead of
// double. A server's live heap is a few megabytes: under load they would come
// fifty times a second. GOGC in the environment has the last word.
func collectSeldom(env []string) {
	if !slices.ContainsFunc(env, func(kv string) bool { return strings.HasPrefix(kv, "GOGC=") }) {
		debug.SetGCPercent(200)
		debug.SetMemoryLimit(160 << 20) // garbage is collected harder from here on: a burst of large bodies is no reason to grow
	}
}

// lookEvery is how often the server looks whether it has nothing to do.
const lookEvery = 10 * time.Second

// giveMemoryBack returns what the start or a load took to the system as soon as
// there is nothing to do, until ctx ends.
func (a *App) giveMemoryBack(ctx context.Context) {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	var idle idleness
	for {
		if idle.began(a.metrics.served.Load()) {
			debug.FreeOSMemory()
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// idleness finds the moments at which a server came to rest.
type idleness struct {
	served int64
	rests  bool
}

// began is told how many requests were served so far, again and again; true
// says that since the last time there was none, and that before there were some.
// A server begins at rest with what its start took.
func (i *idleness) began(served int64) bool {
	quiet := served == i.served
	first := quiet && !i.rests
	i.served, i.rests = served, quiet
	return first
}
