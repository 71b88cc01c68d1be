package token

import "sync"

// The memory holds at most so many tokens of each sort; a full one is emptied.
// Those in use come back at the cost of one read each, which is nothing beside
// the reads that filled it.
const (
	knownMost   = 1 << 16
	unknownMost = 1 << 14
)

// memory remembers what the store said of tokens, so that a request with a
// token seen before needs no read. Values that are no token are kept apart, so
// that a flood of them cannot drive out the others.
type memory struct {
	mu sync.RWMutex
	// epoch counts the changes of the store. What was read before a change must
	// not be kept after it.
	epoch   uint64
	known   map[hash]*token
	unknown map[hash]struct{}
	key     []byte
}

// get is what is remembered: ok with a nil token says that there is no such token.
func (m *memory) get(h hash) (t *token, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if t, ok = m.known[h]; ok {
		return t, true
	}
	_, ok = m.unknown[h]
	return nil, ok
}

// now is the epoch to hand to keep; ask for it before reading the store.
func (m *memory) now() uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.epoch
}

// keep remembers what was read in that epoch, unless it has passed.
func (m *memory) keep(h hash, t *token, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case epoch != m.epoch:
	case t == nil:
		if m.unknown == nil || len(m.unknown) >= unknownMost {
			m.unknown = map[hash]struct{}{}
		}
		m.unknown[h] = struct{}{}
	default:
		if m.known == nil || len(m.known) >= knownMost {
			m.known = map[hash]*token{}
		}
		m.known[h] = t
	}
}

// drop forgets single tokens, after they were issued or revoked.
func (m *memory) drop(list []hash) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	for _, h := range list {
		delete(m.known, h)
		delete(m.unknown, h)
	}
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	m.known, m.unknown, m.key = nil, nil, nil
}

// signingKey is the remembered key, or nil.
func (m *memory) signingKey() []byte {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.key
}

func (m *memory) keepKey(key []byte, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch == m.epoch {
		m.key = key
	}
}
