package sfu_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/stretchr/testify/require"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// Packets on a media line that is used again are numbered as before: without that nothing is known of the client's network.
func TestALineThatIsUsedAgainKeepsItsExtensions(t *testing.T) {
	s := newServer(t)
	ann, old := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "old")
	ann.Publish(sfu.Camera)
	old.WaitTrack("ann", sfu.Camera)
	ann.Leave()
	require.Eventually(t, func() bool { return strings.Contains(old.LastOffer(), "a=inactive") }, sfutest.Patience, 10*time.Millisecond)
	require.NotContains(t, old.LastOffer(), sdp.TransportCCURI, "a free line has no extensions, which made the next offer lack them")

	bob := sfutest.Join(t, s, "room", "bob")
	bob.Publish(sfu.Camera)
	require.Eventually(t, func() bool { return strings.Contains(old.LastOffer(), "a=sendonly") }, sfutest.Patience, 10*time.Millisecond)
	require.Equal(t, 1, strings.Count(old.LastOffer(), "m=video"), "bob has a line of his own")
	require.Contains(t, old.LastOffer(), sdp.TransportCCURI)
}
