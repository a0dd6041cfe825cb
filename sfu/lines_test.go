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

// A media line that is used again carries what this client said it can decode, as in Firefox, which knows no RED, and in
// numbered packets, without which nothing is known of its network.
func TestALineThatIsUsedAgainKeepsWhatWasNegotiated(t *testing.T) {
	s := newServer(t)
	ann, old := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "old", sfutest.Options{VP8Only: true})
	ann.Publish(sfu.Camera)
	old.WaitTrack("ann", sfu.Camera)
	ann.Leave()
	require.Eventually(t, func() bool { return strings.Contains(old.LastOffer(), "a=inactive") }, sfutest.Patience, 10*time.Millisecond)
	require.NotContains(t, old.LastOffer(), sdp.TransportCCURI, "a free line has no extensions, which made the next offer lack them")

	bob := sfutest.Join(t, s, "room", "bob")
	bob.PublishVP9(sfu.Screen)
	old.WaitTracks("a picture that it cannot decode", func(tracks []sfu.Track) bool { return paused(tracks, sfu.Screen) })
	require.Equal(t, 1, strings.Count(old.LastOffer(), "m=video"), "a line of its own")
	require.Contains(t, old.LastOffer(), sdp.TransportCCURI)
}
