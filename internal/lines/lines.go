// Package lines mends how Pion answers offers with media lines that are inactive.
package lines

import (
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// KeepReceivers rewrites an offer, before pc takes it, so that a line that is inactive can be used again later.
//
// On each offer with an inactive line Pion (v4.2.20) stops the line's receiver, but makes a new one only when the old one
// had a track. The second such offer therefore leaves a stopped receiver for ever, and what is sent on the line
// afterwards never becomes a track. For a line that pc already has, "recvonly" has the same answer, "inactive", and
// replaces the receiver as it should.
func KeepReceivers(pc *webrtc.PeerConnection, offer string) (string, error) {
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(offer); err != nil {
		return "", err
	}
	known := map[string]bool{}
	for _, t := range pc.GetTransceivers() {
		known[t.Mid()] = true
	}
	changed := false
	for _, m := range parsed.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		if mid == "" || !known[mid] {
			continue
		}
		for i, a := range m.Attributes {
			if a.Key == sdp.AttrKeyInactive {
				m.Attributes[i].Key = sdp.AttrKeyRecvOnly
				changed = true
			}
		}
	}
	if !changed {
		return offer, nil
	}
	text, err := parsed.Marshal()
	return string(text), err
}
