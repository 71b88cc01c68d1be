package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"kaiwa/internal/edge"
	"kaiwa/internal/kernel/api"
)

// ways are the listeners beside plain HTTP.
type ways struct {
	ca         *edge.CA
	tls, proxy net.Listener
	secure     *http.Server
	connect    *edge.Proxy
}

// listenEdge takes the ports of --tls-listen and --proxy-listen, with the CA
// that both need.
func (a *App) listenEdge() (err error) {
	for _, l := range []struct {
		flag, address string
		to            *net.Listener
	}{{"--tls-listen", a.config.TLSListen, &a.ways.tls}, {"--proxy-listen", a.config.ProxyListen, &a.ways.proxy}} {
		if l.address == "" {
			continue
		}
		if *l.to, err = net.Listen("tcp", l.address); err != nil {
			return errors.Join(fmt.Errorf("%s: cannot listen on %s: %w", l.flag, l.address, err), a.closeEdge())
		}
	}
	if a.ways.tls == nil && a.ways.proxy == nil {
		return nil
	}
	dir, err := edge.Dir()
	if err == nil {
		a.ways.ca, err = edge.OpenCA(dir)
	}
	if err != nil {
		return errors.Join(err, a.closeEdge())
	}
	return nil
}

func (a *App) closeEdge() (err error) {
	for _, l := range []net.Listener{a.ways.tls, a.ways.proxy} {
		if l != nil {
			err = errors.Join(err, l.Close())
		}
	}
	return err
}

// serveEdge answers on them, as the plain server does.
func (a *App) serveEdge() {
	if l := a.ways.tls; l != nil {
		a.ways.secure = &http.Server{Handler: a.server.Handler, MaxHeaderBytes: a.server.MaxHeaderBytes, ReadHeaderTimeout: a.server.ReadHeaderTimeout,
			ReadTimeout: a.server.ReadTimeout, IdleTimeout: a.server.IdleTimeout, ErrorLog: a.server.ErrorLog}
		go func() {
			if err := a.ways.secure.Serve(tls.NewListener(l, a.ways.ca.TLS())); !errors.Is(err, http.ErrServerClosed) {
				a.log.Error("the TLS listener failed", "error", err.Error())
			}
		}()
	}
	if l := a.ways.proxy; l != nil {
		a.ways.connect = edge.NewProxy(a.server, a.ways.ca, a.config.ProxyPassthrough)
		a.ways.connect.Serve(l)
	}
}

func (a *App) stopEdge(ctx context.Context) (err error) {
	if a.ways.secure != nil {
		if err = a.ways.secure.Shutdown(ctx); err != nil {
			a.ways.secure.Close()
		}
	}
	if a.ways.connect != nil {
		err = errors.Join(err, a.ways.connect.Stop(ctx))
	}
	return err
}

// edgeOps tell a client on this machine how to get in.
func (a *App) edgeOps() []api.Op {
	return []api.Op{{ID: "sim.edge", Pattern: "GET " + edge.WaysPath, Run: api.None(func(*api.Call) (any, error) {
		w := edge.Ways{URL: a.URL()}
		if a.ways.tls != nil {
			w.TLS = "https://" + a.ways.tls.Addr().String()
		}
		if a.ways.proxy != nil {
			w.Proxy = "http://" + a.ways.proxy.Addr().String()
		}
		if a.ways.ca != nil {
			w.CA = string(a.ways.ca.PEM)
		}
		return w, nil
	})}}
}
