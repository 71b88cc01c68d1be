package edge

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
	"time"
)

// Proxy is an HTTP proxy that answers for the platform's hosts itself: what a
// client says to them by CONNECT is read as TLS with a certificate of the CA.
// A client may also speak TLS at once, without CONNECT.
type Proxy struct {
	// Passthrough lets it connect to other hosts; else they are refused.
	Passthrough bool
	// Handler answers for the platform's hosts.
	Handler http.Handler

	server  *http.Server // of proxy requests
	inner   *http.Server // of what was said inside
	handed  *handed
	tls     *tls.Config
	tunnels sync.WaitGroup
	ctx     context.Context
	cancel  context.CancelFunc
}

// NewProxy makes a proxy; serve is the server for the platform's hosts, of which
// it uses the handler and the timeouts.
func NewProxy(serve *http.Server, ca *CA, passthrough bool) *Proxy {
	p := &Proxy{Passthrough: passthrough, Handler: serve.Handler, tls: ca.TLS()}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.handed = &handed{conns: make(chan net.Conn), done: p.ctx.Done()}
	p.inner = &http.Server{Handler: serve.Handler, MaxHeaderBytes: serve.MaxHeaderBytes, ReadHeaderTimeout: serve.ReadHeaderTimeout,
		ReadTimeout: serve.ReadTimeout, IdleTimeout: serve.IdleTimeout, ErrorLog: serve.ErrorLog}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: serve.ReadHeaderTimeout, MaxHeaderBytes: serve.MaxHeaderBytes, ErrorLog: serve.ErrorLog}
	return p
}

// Serve accepts connections until Stop.
func (p *Proxy) Serve(l net.Listener) {
	plain := &handed{conns: make(chan net.Conn), done: p.ctx.Done(), addr: l.Addr()}
	for server, listener := range map[*http.Server]net.Listener{p.inner: tls.NewListener(p.handed, p.tls), p.server: plain} {
		go func() {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) && server.ErrorLog != nil {
				server.ErrorLog.Printf("the proxy failed: %v", err)
			}
		}()
	}
	p.tunnels.Go(func() { p.sort(l, plain) })
}

// helloSpan is how long a connection may be silent at first.
const helloSpan = 10 * time.Second

// sort gives connections that begin with a TLS handshake to the one server and
// those that begin with a request to the other.
func (p *Proxy) sort(l net.Listener, plain *handed) {
	stop := context.AfterFunc(p.ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		p.tunnels.Go(func() {
			c := &peeked{Conn: conn, r: bufio.NewReader(conn)}
			err := conn.SetReadDeadline(time.Now().Add(helloSpan))
			first, peekErr := c.r.Peek(1)
			err = errors.Join(err, peekErr, conn.SetReadDeadline(time.Time{}))
			to := plain
			if err == nil && first[0] == handshake {
				to = p.handed
			}
			if err != nil || !to.give(c) {
				conn.Close()
			}
		})
	}
}

// handshake is the first byte that a TLS client sends.
const handshake = 0x16

// ServeHTTP answers proxy requests: CONNECT, and requests with a whole URL.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, port := hostPort(r)
	ours := slices.Contains(Hosts, host)
	switch {
	case r.Method == http.MethodConnect && ours && port == "443":
		p.connect(w, func(conn net.Conn) {
			if !p.handed.give(conn) {
				conn.Close()
			}
		})
	case r.Method == http.MethodConnect && p.Passthrough && !ours:
		p.tunnel(w, r)
	case r.Method != http.MethodConnect && ours && r.URL.IsAbs():
		r.URL.Scheme, r.URL.Host = "", ""
		p.Handler.ServeHTTP(w, r)
	case r.Method != http.MethodConnect && p.Passthrough && r.URL.IsAbs():
		(&httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}).ServeHTTP(w, r)
	case r.URL.IsAbs() || r.Method == http.MethodConnect:
		http.Error(w, "This proxy answers for the LINE platform only; start the server with --proxy-passthrough to reach other hosts through it.", http.StatusForbidden)
	default:
		http.Error(w, "This is a proxy: set it as HTTPS_PROXY.", http.StatusBadRequest)
	}
}

func hostPort(r *http.Request) (host, port string) {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = r.Host, ""
	}
	return strings.ToLower(host), port
}

// connect says yes to CONNECT and hands over the connection.
func (p *Proxy) connect(w http.ResponseWriter, use func(net.Conn)) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "CONNECT needs HTTP/1.1", http.StatusHTTPVersionNotSupported)
		return
	}
	_, err = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	if err = errors.Join(err, conn.SetDeadline(time.Time{})); err != nil {
		conn.Close()
		return
	}
	use(&peeked{Conn: conn, r: buffered.Reader})
}

// tunnel connects to another host and carries bytes both ways.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	out, err := dialer.DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, "The host could not be reached: "+err.Error(), http.StatusBadGateway)
		return
	}
	p.connect(w, func(in net.Conn) {
		p.tunnels.Go(func() {
			stop := context.AfterFunc(p.ctx, func() { in.Close(); out.Close() })
			defer stop()
			var both sync.WaitGroup
			both.Go(func() { carry(out, in) })
			both.Go(func() { carry(in, out) })
			both.Wait()
			in.Close()
			out.Close()
		})
	})
}

// carry brings all that one side says to the other. An error ends this direction
// as the end of what was said does: nobody is there to be told of it.
func carry(to, from net.Conn) {
	_, err := io.Copy(to, from)
	if p, ok := to.(*peeked); ok {
		to = p.Conn
	}
	if half, ok := to.(interface{ CloseWrite() error }); !ok || err != nil || half.CloseWrite() != nil {
		to.Close()
	}
}

// Stop ends it: what is being answered may end, tunnels are cut.
func (p *Proxy) Stop(ctx context.Context) error {
	err := errors.Join(p.inner.Shutdown(ctx), p.server.Shutdown(ctx))
	p.cancel()
	p.tunnels.Wait()
	return err
}

// peeked is a connection of which some bytes have been read already.
type peeked struct {
	net.Conn
	r *bufio.Reader
}

func (c *peeked) Read(b []byte) (int, error) { return c.r.Read(b) }

// handed is a listener whose connections are handed to it.
type handed struct {
	conns chan net.Conn
	done  <-chan struct{}
	addr  net.Addr
	once  sync.Once
	ended chan struct{}
}

func (h *handed) give(c net.Conn) bool {
	select {
	case h.conns <- c:
		return true
	case <-h.done:
		return false
	case <-h.closed():
		return false
	}
}

func (h *handed) closed() chan struct{} {
	h.once.Do(func() { h.ended = make(chan struct{}) })
	return h.ended
}

func (h *handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.done:
	case <-h.closed():
	}
	return nil, net.ErrClosed
}

func (h *handed) Close() error {
	select {
	case <-h.closed():
	default:
		close(h.ended)
	}
	return nil
}

func (h *handed) Addr() net.Addr {
	if h.addr == nil {
		return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
	}
	return h.addr
}
