package durability

import "sync"

// gate is where clients learn which server to speak to, and wait while there is
// none. A generation is one life of the server.
type gate struct {
	mu     sync.Mutex
	change *sync.Cond
	url    string // empty while no server is ready
	life   int
	dying  bool // the kill has been decided
	last   bool // nobody will be killed any more
	closed bool // no new work
	acks   int  // answers seen in this life
	total  int
}

func newGate() *gate {
	g := &gate{}
	g.change = sync.NewCond(&g.mu)
	return g
}

// enter gives a server that is younger than the life in which the caller last
// failed; -1 takes any. ok is false when there will be none.
func (g *gate) enter(failed int) (url string, life int, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.url == "" || g.life <= failed {
		if g.last && g.url != "" {
			return "", g.life, false
		}
		g.change.Wait()
	}
	return g.url, g.life, true
}

// excused says whether a failure in that life is the doing of a kill.
func (g *gate) excused(life int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.life > life || g.dying
}

// acked counts an acknowledged request.
func (g *gate) acked() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.acks++
	g.total++
	g.change.Broadcast()
}

// await returns when this life has acknowledged n requests; false when the
// load ended before that.
func (g *gate) await(n int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.acks < n && !g.closed {
		g.change.Wait()
	}
	return !g.closed
}

// condemn announces the kill: what fails from now on is excused.
func (g *gate) condemn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dying = true
}

// open lets clients in to a server; last says that it will not be killed.
func (g *gate) open(url string, life int, last bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.url, g.life, g.last, g.dying, g.acks = url, life, last, false, 0
	g.change.Broadcast()
}

// shut is for the time between two lives.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.url = ""
}

// close ends the load: work under way is finished, none is begun.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.change.Broadcast()
}

func (g *gate) over() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}
