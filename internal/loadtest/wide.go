package loadtest

import (
	"encoding/binary"
	"sync"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
)

// wideFeedback notes the transport-wide numbers of everything that one connection receives, retransmissions and the padding
// of probes included, for the feedback that the server estimates the bandwidth from
// (draft-holmer-rmcat-transport-wide-cc-extensions-01). It is the one interceptor on what is received.
type wideFeedback struct {
	interceptor.NoOp

	mu       sync.Mutex // guards the rest
	recorder *twcc.Recorder
	heard    bool
}

func newWideFeedback(sender uint32) *wideFeedback {
	return &wideFeedback{recorder: twcc.NewRecorder(sender)}
}

// NewInterceptor makes it its own factory: there is one for each connection.
func (w *wideFeedback) NewInterceptor(string) (interceptor.Interceptor, error) { return w, nil }

// BindRemoteStream wraps one incoming stream.
func (w *wideFeedback) BindRemoteStream(info *interceptor.StreamInfo, reader interceptor.RTPReader) interceptor.RTPReader {
	id := uint8(0)
	for _, e := range info.RTPHeaderExtensions {
		if e.URI == sdp.TransportCCURI {
			id = uint8(e.ID)
		}
	}
	if id == 0 {
		return reader
	}
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err == nil {
			if number, ok := wideNumber(b[:n], id); ok {
				w.mu.Lock()
				w.recorder.Record(info.SSRC, number, clock().Microseconds())
				w.heard = true
				w.mu.Unlock()
			}
		}
		return n, a, err
	})
}

// take is the feedback since the last call.
func (w *wideFeedback) take() []rtcp.Packet {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.heard {
		return nil
	}
	w.heard = false
	return w.recorder.BuildFeedbackPacket()
}

// wideNumber finds the transport-wide number among the one-byte header extensions (RFC 8285, section 4.2) of an RTP packet.
func wideNumber(b []byte, id uint8) (uint16, bool) {
	if len(b) < 12 || b[0]&0x10 == 0 {
		return 0, false
	}
	start := 12 + 4*int(b[0]&0x0f)
	if len(b) < start+4 || binary.BigEndian.Uint16(b[start:]) != 0xbede {
		return 0, false
	}
	size := 4 * int(binary.BigEndian.Uint16(b[start+2:]))
	if start += 4; len(b) < start+size {
		return 0, false
	}
	for list := b[start : start+size]; len(list) > 0; {
		if list[0] == 0 {
			list = list[1:]
			continue
		}
		n := int(list[0]&0x0f) + 1
		if len(list) < 1+n {
			return 0, false
		}
		if list[0]>>4 == id && n == 2 {
			return binary.BigEndian.Uint16(list[1:]), true
		}
		list = list[1+n:]
	}
	return 0, false
}
