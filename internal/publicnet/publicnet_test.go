package publicnet

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHas(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true, "172.32.0.1": true,
		"0.0.0.0": false, "10.1.2.3": false, "100.64.0.1": false, "100.127.255.255": false, "127.0.0.1": false, "169.254.169.254": false,
		"172.31.255.255": false, "192.0.0.1": false, "192.0.2.1": false, "192.168.0.1": false, "198.18.0.1": false, "198.51.100.1": false,
		"203.0.113.1": false, "224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::7f00:1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:0:10.0.0.1": false, "64:ff9b::a00:1": false, "64:ff9b:1::a00:1": false,
		"2001:db8::1": false, "2001:0:1::1": false, "2002:a00:1::1": false, "fc00::1": false, "fd12::1": false, "fe80::1": false,
		"fe80::1%eth0": false, "fec0::1": false, "ff02::1": false,
	} {
		require.Equal(t, want, Has(netip.MustParseAddr(text)), text)
	}
	require.False(t, Has(netip.Addr{}))
}

func TestNetworkOf(t *testing.T) {
	for text, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::",
		"2001:db8:1:2::": "2001:db8:1:2::", "fe80::1%eth0": "fe80::", "": "", "nobody": "nobody",
	} {
		require.Equal(t, want, NetworkOf(text), text)
	}
}

func FuzzHas(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add(netip.MustParseAddr("2002:7f00:1::").AsSlice())
	f.Fuzz(func(t *testing.T, b []byte) {
		ip, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		if Has(ip) && (!ip.Unmap().IsGlobalUnicast() || ip.Unmap().IsPrivate()) {
			t.Fatalf("%s is inside", ip)
		}
		if ip.Is4() {
			mapped := netip.AddrFrom16(ip.As16())
			if Has(mapped) != Has(ip) {
				t.Fatalf("%s and %s are the same machine", mapped, ip)
			}
		}
	})
}

func TestADialerWithOnlyReachesNoMachineInside(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1"} { // a name is judged by what it resolves to
		_, err = (&net.Dialer{Control: Only()}).Dial("tcp", net.JoinHostPort(host, port))
		require.ErrorContains(t, err, "not on the public internet", host)
	}
	conn, err := (&net.Dialer{Control: Only(netip.MustParsePrefix("127.0.0.0/8"))}).Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}
