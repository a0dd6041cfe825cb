package relay

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
	"github.com/stretchr/testify/require"
)

func TestOtherAddressesOfThisMachineAreRefused(t *testing.T) {
	ssh := func(text string) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(text), 22) }
	s := &Server{cfg: Config{Peers: []netip.Prefix{netip.MustParsePrefix("93.184.216.36/32")}}, ip4: netip.MustParseAddr("93.184.216.34")}
	s.machine.interfaces = func() ([]net.Addr, error) {
		var all []net.Addr
		for _, text := range []string{"93.184.216.34", "93.184.216.35", "93.184.216.36", "2606:4700::1111"} {
			all = append(all, &net.IPNet{IP: net.ParseIP(text), Mask: net.CIDRMask(24, 32)})
		}
		return all, nil
	}
	for text, want := range map[string]bool{
		"93.184.216.35": false, "::ffff:93.184.216.35": false, "2606:4700::1111": false,
		"93.184.216.37": true, "93.184.216.36": true, // the configuration names it
	} {
		require.Equal(t, want, s.mayReach(ssh(text)), text)
		require.Equal(t, want, s.mayPermit(netip.MustParseAddr(text)), text)
	}
	require.True(t, s.mayPermit(s.ip4), "two people behind the relay")
	require.False(t, s.mayReach(ssh("93.184.216.34")), "but no port that is not theirs")
	s.machine.interfaces = func() ([]net.Addr, error) { return nil, errors.New("no answer") }
	s.machine.asked = time.Time{}
	require.False(t, s.mayReach(ssh("93.184.216.35")), "what was known counts on")
}

func TestALongCallOutlivesItsCredential(t *testing.T) {
	s := &Server{cfg: Config{Secret: "s"}}
	expired := "1000000000:ann"
	for method, want := range map[stun.Method]bool{
		stun.MethodAllocate: false, stun.MethodRefresh: true, stun.MethodCreatePermission: true, stun.MethodChannelBind: true,
	} {
		userID, key, ok := s.authenticate(&turn.RequestAttributes{Username: expired, Realm: realm, Method: method})
		require.Equal(t, want, ok, method)
		if want {
			require.Equal(t, "ann", userID)
			require.Equal(t, turn.GenerateAuthKey(expired, realm, Credential("s", expired)), key)
		}
	}
	_, _, ok := s.authenticate(&turn.RequestAttributes{Username: strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10) + ":ann", Realm: realm, Method: stun.MethodAllocate})
	require.True(t, ok)
}

// arrivals are connections from somewhere else than this machine.
type arrivals struct {
	net.Listener
	from []string
}

func (a *arrivals) Accept() (net.Conn, error) {
	if len(a.from) == 0 {
		return nil, net.ErrClosed
	}
	c := &arrival{address: &net.TCPAddr{IP: net.ParseIP(a.from[0]), Port: 5000}}
	a.from = a.from[1:]
	return c, nil
}

type arrival struct {
	net.Conn
	address net.Addr
}

func (a *arrival) RemoteAddr() net.Addr { return a.address }
func (a *arrival) Close() error         { return nil }

// TestAnIPv6NetworkIsOneAddress: who has one address there has a whole /64.
func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	all := &arrivals{}
	for i := range maxConnsPer + 1 {
		all.from = append(all.from, "2001:db8:0:1::"+strconv.FormatInt(int64(i), 16))
	}
	all.from = append(all.from, "2001:db8:0:2::1")
	l, taken := newListener(all, nil), []string{}
	for c, err := l.Accept(); err == nil; c, err = l.Accept() {
		taken = append(taken, c.RemoteAddr().(*net.TCPAddr).IP.String())
	}
	require.Len(t, taken, maxConnsPer+1)
	require.Equal(t, "2001:db8:0:2::1", taken[maxConnsPer], "another network")
}
