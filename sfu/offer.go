package sfu

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// checkOffer refuses what is too large, no session description, lacks what a connection needs, or offers more than a
// participant may send. Pion finds some of these too, but only after it has begun to change its state.
func checkOffer(text string) error {
	if len(text) > maxSDP {
		return fmt.Errorf("%w: longer than %d bytes", ErrBadSDP, maxSDP)
	}
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(text); err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	lines := parsed.MediaDescriptions
	if len(lines) == 0 {
		return fmt.Errorf("%w: no media", ErrBadSDP)
	}
	if len(lines) > maxMediaLines {
		return fmt.Errorf("%w: more than %d media lines", ErrBadSDP, maxMediaLines)
	}
	mids := map[string]bool{}
	sending := 0
	for _, m := range lines {
		if err := checkMedia(m, mids); err != nil {
			return err
		}
		if sends(m) {
			sending++
		}
	}
	if sending > maxTracks {
		return fmt.Errorf("%w: more than %d tracks", ErrBadSDP, maxTracks)
	}
	return checkTransport(&parsed)
}

// checkAnswer wants the offer's media lines in their order (RFC 3264, section 6). Pion takes an answer to another offer and
// then never makes one again.
func checkAnswer(offer, answer string) error {
	var offered, answered sdp.SessionDescription
	if err := errors.Join(offered.UnmarshalString(offer), answered.UnmarshalString(answer)); err != nil {
		return fmt.Errorf("%w: %w", ErrBadSDP, err)
	}
	same := func(a, b *sdp.MediaDescription) bool {
		want, _ := a.Attribute("mid")
		mid, _ := b.Attribute("mid")
		return mid == want
	}
	if !slices.EqualFunc(offered.MediaDescriptions, answered.MediaDescriptions, same) {
		return fmt.Errorf("%w: its media lines are not the offer's", ErrBadSDP)
	}
	return nil
}

// checkMedia wants sound or pictures with a mid (RFC 5888) of its own.
func checkMedia(m *sdp.MediaDescription, mids map[string]bool) error {
	if kind := m.MediaName.Media; kind != "audio" && kind != "video" {
		return fmt.Errorf("%w: media %q is not used here", ErrBadSDP, kind)
	}
	if len(m.MediaName.Formats) == 0 {
		return fmt.Errorf("%w: media without formats", ErrBadSDP)
	}
	mid, _ := m.Attribute("mid")
	if mid == "" || len(mid) > maxName || mids[mid] {
		return fmt.Errorf("%w: media without a mid of its own", ErrBadSDP)
	}
	mids[mid] = true
	return nil
}

// sends tells whether the client wants to send on a media line.
func sends(m *sdp.MediaDescription) bool {
	_, inactive := m.Attribute("inactive")
	_, receiving := m.Attribute("recvonly")
	return !inactive && !receiving && m.MediaName.Port.Value != 0
}

// checkTransport wants ICE credentials (RFC 8839) and a certificate's fingerprint (RFC 8122) for the session or a line.
func checkTransport(d *sdp.SessionDescription) error {
	attribute := func(name string) string {
		if v, ok := d.Attribute(name); ok {
			return v
		}
		for _, m := range d.MediaDescriptions {
			if v, ok := m.Attribute(name); ok {
				return v
			}
		}
		return ""
	}
	if attribute("ice-ufrag") == "" || attribute("ice-pwd") == "" {
		return fmt.Errorf("%w: no ICE credentials", ErrBadSDP)
	}
	if len(strings.Fields(attribute("fingerprint"))) != 2 {
		return fmt.Errorf("%w: no certificate fingerprint", ErrBadSDP)
	}
	return nil
}
