package webhook

import (
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"kaiwa/internal/kernel/fault"
	"kaiwa/internal/platform/channel"
)

func TestPublicAddressesOnly(t *testing.T) {
	tests := map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "2a00:1450:4001:81b::200e": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.100.100.200": false, "192.0.0.192": false, "192.0.2.1": false,
		"198.18.0.1": false, "198.51.100.7": false, "203.0.113.9": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"168.63.129.16": false, "::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true,
		"::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::a00:1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
		"fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false, "100::1": false,
	}
	for address, want := range tests {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v", address, got)
		}
	}
}

// TestNothingPrivateIsDialled sees to it that no spelling of this machine's own
// address reaches it.
func TestNothingPrivateIsDialled(t *testing.T) {
	l := listen(t)
	touched := make(chan struct{}, 100)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			touched <- struct{}{}
			conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	var public atomic.Bool
	public.Store(true)
	s := newSender(new(fault.Set), &public)
	hosts := []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[::]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1.", "１２７.0.0.1", "LOCALHOST", "a@127.0.0.1"}
	for _, host := range hosts {
		for _, scheme := range []string{"https", "http"} {
			res := s.post(t.Context(), pack(&channel.Channel{}, scheme+"://"+host+":"+port+"/", "{}"))
			if res.reason != couldNotConnect {
				t.Errorf("%s://%s: %+v", scheme, host, res)
			}
		}
	}
	if len(touched) > 0 {
		t.Errorf("%d connections reached this machine", len(touched))
	}
}
