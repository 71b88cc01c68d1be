package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/spf13/pflag"
)

// Config is how a server is to run.
type Config struct {
	Listen string
	// TLSListen and ProxyListen are off when empty.
	TLSListen, ProxyListen string
	// ProxyPassthrough lets the proxy connect to hosts that are not the platform's.
	ProxyPassthrough bool
	Store            string
	World            string // path of the world file; empty: the built-in demo
	LogFormat        string
	// SimToken guards the simulation API on a listener that is not loopback.
	SimToken string
}

// Defaults of the flags.
var Defaults = Config{Listen: "127.0.0.1:5463", Store: "sqlite:kaiwa.db", LogFormat: "text"}

// Flags binds the flags; each is also an environment variable, KAIWA_LISTEN for --listen.
func (c *Config) Flags(f *pflag.FlagSet) {
	*c = Defaults
	f.StringVar(&c.Listen, "listen", c.Listen, "address of plain HTTP; port 0 picks a free one")
	f.StringVar(&c.TLSListen, "tls-listen", c.TLSListen, "address of HTTPS with a certificate of the local CA for the platform's host names; left out: off")
	f.StringVar(&c.ProxyListen, "proxy-listen", c.ProxyListen, "address of a proxy that answers for the platform's hosts; left out: off")
	f.BoolVar(&c.ProxyPassthrough, "proxy-passthrough", c.ProxyPassthrough, "let the proxy connect to other hosts")
	f.StringVar(&c.Store, "store", c.Store, "sqlite:PATH, memory: or postgres://...")
	f.StringVar(&c.World, "world", c.World, "world file (YAML), read when the store is empty and at a reset; left out: the built-in demo")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "text or json, on standard error")
}

// FromEnv fills the flags that were not given from the environment.
func FromEnv(f *pflag.FlagSet, env []string) error {
	values := map[string]string{}
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			values[k] = v
		}
	}
	var err error
	f.VisitAll(func(flag *pflag.Flag) {
		name := "KAIWA_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if v, ok := values[name]; ok && !flag.Changed {
			if e := f.Set(flag.Name, v); e != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", name, e))
			}
		}
	})
	return err
}

// Validate says what is wrong, in one line each.
func (c *Config) Validate() error {
	host, port, splitErr := net.SplitHostPort(c.Listen)
	_, portErr := net.LookupPort("tcp", port)
	for _, check := range []struct {
		bad     bool
		message string
	}{
		{splitErr != nil, fmt.Sprintf("--listen %q: want HOST:PORT, as in 127.0.0.1:5463", c.Listen)},
		{splitErr == nil && portErr != nil, fmt.Sprintf("--listen %q: no such port", c.Listen)},
		{c.LogFormat != "text" && c.LogFormat != "json", fmt.Sprintf("--log-format %q: text or json", c.LogFormat)},
		{splitErr == nil && !loopback(host) && c.SimToken == "",
			fmt.Sprintf("--listen %q can be reached from other machines: set KAIWA_SIM_TOKEN to a secret of your choice first; it guards the simulation API and the pages", c.Listen)},
	} {
		if check.bad {
			return errors.New(check.message)
		}
	}
	return c.validateEdge()
}

// validateEdge does the same for the listeners beside plain HTTP.
func (c *Config) validateEdge() error {
	for _, l := range []struct{ flag, address string }{{"--tls-listen", c.TLSListen}, {"--proxy-listen", c.ProxyListen}} {
		if l.address == "" {
			continue
		}
		host, port, err := net.SplitHostPort(l.address)
		if err == nil {
			_, err = net.LookupPort("tcp", port)
		}
		switch {
		case err != nil:
			return fmt.Errorf("%s %q: want HOST:PORT, as in 127.0.0.1:5464", l.flag, l.address)
		case !loopback(host) && c.SimToken == "":
			return fmt.Errorf("%s %q can be reached from other machines: set KAIWA_SIM_TOKEN to a secret of your choice first", l.flag, l.address)
		case !loopback(host) && l.flag == "--proxy-listen" && c.ProxyPassthrough:
			return fmt.Errorf("--proxy-passthrough: only for a proxy on this machine, not on %q: it would be open to everybody", l.address)
		}
	}
	if c.ProxyPassthrough && c.ProxyListen == "" {
		return errors.New("--proxy-passthrough: give --proxy-listen as well")
	}
	return nil
}

// Loopback says whether only this machine can reach the listeners, all of them.
func (c *Config) Loopback() bool {
	for _, address := range []string{c.Listen, c.TLSListen, c.ProxyListen} {
		if address == "" {
			continue
		}
		if host, _, err := net.SplitHostPort(address); err != nil || !loopback(host) {
			return false
		}
	}
	return true
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
