package sfu_test

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"lectern/internal/relay"
	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// Somebody whose network lets them reach nothing but the relay hears and sees the others, and they them.
func TestThroughTheRelayAlone(t *testing.T) {
	s := newServer(t)
	r, err := relay.Listen(relay.Config{
		ListenIP: "127.0.0.1", Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Secret: "secret",
		OwnPorts: []int{s.UDPPort()}, Allocations: 4, BytesPerSecond: 1 << 24,
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	for i, url := range r.Endpoints().TURN() {
		t.Run(url[len(url)-3:], func(t *testing.T) { // udp, tcp
			name := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10) + ":far"
			behind := sfutest.Options{Configuration: webrtc.Configuration{
				ICETransportPolicy: webrtc.ICETransportPolicyRelay,
				ICEServers:         []webrtc.ICEServer{{URLs: []string{url}, Username: name, Credential: relay.Credential("secret", name)}},
			}}
			room := "room" + strconv.Itoa(i)
			near, far := sfutest.Join(t, s, room, "near"+strconv.Itoa(i)), sfutest.Join(t, s, room, "far"+strconv.Itoa(i), behind)
			near.Publish(sfu.Camera)
			far.Publish(sfu.Microphone)
			far.WaitTrack(near.Name, sfu.Camera).WaitMore(10)
			near.WaitTrack(far.Name, sfu.Microphone).WaitMore(10)
		})
	}
}
