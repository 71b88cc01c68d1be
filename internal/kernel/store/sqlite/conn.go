package sqlite

import (
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Conn is one connection to a database file.
type Conn struct {
	tls *libc.TLS
	db  uintptr

	closing sync.Mutex // against an Interrupt that comes while Close runs
}

// quiet switches off SQLite's count of its memory, a lock around every
// allocation that nobody reads. It can be said once only, before anything else.
var quiet sync.Once

// Open opens a database file, which must exist. The path is taken as it is,
// not as a URI.
func Open(path string) (*Conn, error) {
	c := &Conn{tls: libc.NewTLS()}
	quiet.Do(func() {
		off := libc.NewVaList(int32(0))
		defer libc.Xfree(c.tls, off)
		lib.Xsqlite3_config(c.tls, lib.SQLITE_CONFIG_MEMSTATUS, off)
	})
	name := c.text(path + "\x00")
	defer c.free(name)
	handle := c.malloc(int(unsafe.Sizeof(c.db)))
	defer c.free(handle)
	// NOMUTEX: a connection has one goroutine at a time, no need to lock it.
	const flags = lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_NOMUTEX | lib.SQLITE_OPEN_EXRESCODE
	rc := lib.Xsqlite3_open_v2(c.tls, name, handle, flags, 0)
	c.db = *(*uintptr)(pointer(handle))
	if rc != lib.SQLITE_OK {
		err := c.failure(rc)
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close closes the connection. Statements that are not closed keep its file open.
func (c *Conn) Close() error {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.tls == nil {
		return nil
	}
	err := c.check(lib.Xsqlite3_close_v2(c.tls, c.db))
	c.tls.Close()
	c.tls, c.db = nil, 0
	return err
}

// Interrupt makes the statement under way fail with the code Interrupted. Any
// goroutine may call it.
func (c *Conn) Interrupt() {
	c.closing.Lock()
	defer c.closing.Unlock()
	if c.tls == nil {
		return
	}
	tls := libc.NewTLS() // the connection's own may be in use
	defer tls.Close()
	lib.Xsqlite3_interrupt(tls, c.db)
}

// Prepare compiles one statement with ?1..?n placeholders.
func (c *Conn) Prepare(query string) (*Stmt, error) {
	text := c.text(query)
	defer c.free(text)
	handle := c.malloc(int(unsafe.Sizeof(c.db)))
	defer c.free(handle)
	rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(query)), lib.SQLITE_PREPARE_PERSISTENT, handle, 0)
	if rc != lib.SQLITE_OK {
		return nil, c.failure(rc)
	}
	s := &Stmt{conn: c, handle: *(*uintptr)(pointer(handle))}
	if s.handle == 0 {
		return nil, fmt.Errorf("sqlite: no statement in %q", query)
	}
	s.params = int(lib.Xsqlite3_bind_parameter_count(c.tls, s.handle))
	s.columns = int(lib.Xsqlite3_column_count(c.tls, s.handle))
	return s, nil
}

// Memory that SQLite reads must not be Go's: it knows addresses, not pointers.

func (c *Conn) malloc(n int) uintptr {
	p := lib.Xsqlite3_malloc64(c.tls, uint64(n))
	if p == 0 {
		panic("sqlite: out of memory")
	}
	return p
}

func (c *Conn) free(p uintptr) { lib.Xsqlite3_free(c.tls, p) }

func (c *Conn) text(s string) uintptr {
	p := c.malloc(len(s) + 1)
	copy(at(p, len(s)), s)
	return p
}

// at shows n bytes of SQLite's memory.
func at(p uintptr, n int) []byte { return unsafe.Slice((*byte)(pointer(p)), n) }

// pointer turns an address of SQLite's memory into a pointer. Go's collector
// neither owns nor moves that memory, so what vet warns of cannot happen.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }
