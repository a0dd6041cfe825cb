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
	sending, codecs := 0, 0
	for _, m := range lines {
		if err := checkMedia(m, mids); err != nil {
			return err
		}
		n, err := checkCodecs(m)
		if err != nil {
			return err
		}
		codecs += n
		if sends(m) {
			sending++
		}
	}
	if codecs > maxAllCodecs {
		return fmt.Errorf("%w: more than %d codecs", ErrBadSDP, maxAllCodecs)
	}
	if sending > maxTracks {
		return fmt.Errorf("%w: more than %d tracks", ErrBadSDP, maxTracks)
	}
	return checkTransport(&parsed)
}

// checkAnswer wants the offer's media lines in their order (RFC 3264, section 6), and no heap of codecs on them. Pion takes an
// answer to another offer and then never makes one again.
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
	for i, m := range answered.MediaDescriptions {
		most, _ := checkCodecs(offered.MediaDescriptions[i]) // our own
		if n, err := checkCodecs(m); err != nil {
			return err
		} else if n > 2*most { // browsers choose among those offered; RFC 3264 lets them add some
			return fmt.Errorf("%w: many more codecs than were offered", ErrBadSDP)
		}
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

// checkCodecs keeps descriptions from having Pion think for long: it compares all codecs of a media line with each other, and gives
// each of them all feedback that is for "*".
func checkCodecs(m *sdp.MediaDescription) (codecs int, err error) {
	feedback := 0
	for _, a := range m.Attributes {
		switch {
		case a.Key == "rtpmap":
			codecs++
		case a.Key == "rtcp-fb" && strings.HasPrefix(a.Value, "*"):
			feedback += len(m.MediaName.Formats)
		case a.Key == "rtcp-fb":
			feedback++
		}
	}
	if codecs = max(codecs, len(m.MediaName.Formats)); codecs > maxCodecs || feedback > maxFeedback || len(m.Attributes) > maxAttributes {
		err = fmt.Errorf("%w: too many codecs or attributes of a media line", ErrBadSDP)
	}
	return codecs, err
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
