package friend

import "sync"

// cache keeps people that were asked for. A person's identity and profile do
// not change while the server runs, so it needs no invalidation but Forget.
type cache struct {
	mu  sync.RWMutex
	ids map[string]*Person
	nos map[int64]*Person
}

// cached bounds the cache: a person takes about 500 bytes.
const cached = 50_000

func (c *cache) byID(id string) *Person {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.ids[id]
}

func (c *cache) byNo(no int64) *Person {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.nos[no]
}

func (c *cache) put(p *Person) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil || len(c.ids) >= cached {
		c.ids, c.nos = map[string]*Person{}, map[int64]*Person{}
	}
	c.ids[p.UserID], c.nos[p.No] = p, p
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids, c.nos = nil, nil
}
