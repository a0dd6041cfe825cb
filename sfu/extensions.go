package sfu

import (
	"errors"
	"slices"

	"github.com/pion/sdp/v3"
)

// withFormerExtensions gives the free media lines of an answer the header extensions that they had. A line that carries
// nothing has none in its description, and Pion never again offers on a line what its last answer lacks: who gets the line
// next would come without transport-wide numbers, and what the client says of its network would be nothing. The caller
// holds sdp.
func (s *subscriber) withFormerExtensions(text string) string {
	former := s.pc.CurrentRemoteDescription()
	if former == nil || !slices.ContainsFunc(s.lines, func(l *line) bool { return l.track == nil }) {
		return text
	}
	var before, now sdp.SessionDescription
	if errors.Join(before.UnmarshalString(former.SDP), now.UnmarshalString(text)) != nil {
		return text // Pion says why
	}
	for i, m := range now.MediaDescriptions[:min(len(now.MediaDescriptions), len(before.MediaDescriptions))] {
		if _, free := m.Attribute("inactive"); free && !slices.ContainsFunc(m.Attributes, isExtension) {
			for _, a := range before.MediaDescriptions[i].Attributes {
				if isExtension(a) {
					m.Attributes = append(m.Attributes, a)
				}
			}
		}
	}
	changed, err := now.Marshal()
	if err != nil {
		return text
	}
	return string(changed)
}

func isExtension(a sdp.Attribute) bool { return a.Key == sdp.AttrKeyExtMap }
