package sfu

import (
	"fmt"
	"io"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/webrtc/v4"
)

// Header extensions that are read and passed on.
const (
	uriAudioLevel  = sdp.AudioLevelURI
	uriOrientation = "urn:3gpp:video-orientation"
)

// Payload types of sound, which the transport tells from pictures by them.
const (
	payloadOpus = 111
	payloadRED  = 63
)

const (
	opusFormat = "minptime=10;useinbandfec=1;usedtx=1"
	h264Format = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
)

// retransmits is the format parameter of an RTX payload type (RFC 4588, section 8.6).
func retransmits(pt webrtc.PayloadType) string { return fmt.Sprintf("apt=%d", pt) }

// codecs are what both kinds of connections negotiate.
func codecs(feedback map[webrtc.RTPCodecType][]webrtc.RTCPFeedback) map[webrtc.RTPCodecType][]webrtc.RTPCodecParameters {
	entry := func(pt webrtc.PayloadType, mime string, rate uint32, channels uint16, format string, fb []webrtc.RTCPFeedback) webrtc.RTPCodecParameters {
		return webrtc.RTPCodecParameters{PayloadType: pt, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: mime, ClockRate: rate, Channels: channels, SDPFmtpLine: format, RTCPFeedback: fb,
		}}
	}
	audio, video := feedback[webrtc.RTPCodecTypeAudio], feedback[webrtc.RTPCodecTypeVideo]
	return map[webrtc.RTPCodecType][]webrtc.RTPCodecParameters{
		webrtc.RTPCodecTypeAudio: {
			entry(payloadOpus, webrtc.MimeTypeOpus, 48000, 2, opusFormat, audio),
			entry(payloadRED, "audio/red", 48000, 2, "111/111", audio),
		},
		webrtc.RTPCodecTypeVideo: {
			entry(96, webrtc.MimeTypeVP8, 90000, 0, "", video),
			entry(97, webrtc.MimeTypeRTX, 90000, 0, retransmits(96), nil),
			entry(102, webrtc.MimeTypeH264, 90000, 0, h264Format, video),
			entry(103, webrtc.MimeTypeRTX, 90000, 0, retransmits(102), nil),
			entry(98, webrtc.MimeTypeVP9, 90000, 0, "profile-id=0", video),
			entry(99, webrtc.MimeTypeRTX, 90000, 0, retransmits(98), nil),
			entry(45, webrtc.MimeTypeAV1, 90000, 0, "", video),
			entry(46, webrtc.MimeTypeRTX, 90000, 0, retransmits(45), nil),
		},
	}
}

// newMedia says what one kind of connections negotiates.
func newMedia(feedback, extensions map[webrtc.RTPCodecType][]string) (*webrtc.MediaEngine, error) {
	engine := new(webrtc.MediaEngine)
	parsed := map[webrtc.RTPCodecType][]webrtc.RTCPFeedback{}
	for kind, list := range feedback {
		for _, name := range list {
			var fb webrtc.RTCPFeedback
			_, _ = fmt.Sscan(name, &fb.Type, &fb.Parameter) // the parameter is optional
			parsed[kind] = append(parsed[kind], fb)
		}
	}
	for kind, list := range codecs(parsed) {
		for _, c := range list {
			if err := engine.RegisterCodec(c, kind); err != nil {
				return nil, err
			}
		}
	}
	for kind, list := range extensions {
		for _, uri := range list {
			if err := engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return nil, err
			}
		}
	}
	return engine, nil
}

// newPublisherAPI receives: transport-wide feedback and receiver reports come from Pion's interceptors; NACKs and
// keyframe requests are the layers' own.
func newPublisherAPI(settings webrtc.SettingEngine) (*webrtc.API, error) {
	reports, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	feedback, err := twcc.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	registry := new(interceptor.Registry)
	registry.Add(reports)
	registry.Add(feedback)
	media, err := newMedia(
		map[webrtc.RTPCodecType][]string{
			webrtc.RTPCodecTypeAudio: {"transport-cc"},
			webrtc.RTPCodecTypeVideo: {"transport-cc", "ccm fir", "nack", "nack pli"},
		},
		map[webrtc.RTPCodecType][]string{
			webrtc.RTPCodecTypeAudio: {sdp.SDESMidURI, sdp.ABSSendTimeURI, sdp.TransportCCURI, uriAudioLevel},
			webrtc.RTPCodecTypeVideo: {
				sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI, sdp.ABSSendTimeURI,
				sdp.TransportCCURI, uriOrientation,
			},
		})
	if err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry),
		webrtc.WithSettingEngine(settings)), nil
}

// newSubscriberMedia is for connections that send.
func newSubscriberMedia() (*webrtc.MediaEngine, error) {
	return newMedia(
		map[webrtc.RTPCodecType][]string{
			webrtc.RTPCodecTypeAudio: {"transport-cc"},
			webrtc.RTPCodecTypeVideo: {"transport-cc", "goog-remb", "ccm fir", "nack", "nack pli"},
		},
		map[webrtc.RTPCodecType][]string{
			webrtc.RTPCodecTypeAudio: {sdp.TransportCCURI, uriAudioLevel},
			webrtc.RTPCodecTypeVideo: {sdp.TransportCCURI, uriOrientation},
		})
}

// newSubscriberAPI is the factory of one subscriber's connection. It has no interceptors: the outgoing tracks answer
// NACKs and make sender reports themselves, and what arrives goes into inbox. The connection and the senders that are made
// for its media lines later share what was negotiated: from a copy, a sender would know only what was offered at first.
func newSubscriberAPI(
	settings webrtc.SettingEngine, inbox func(packetio.BufferPacketType, uint32) io.ReadWriteCloser,
) (*webrtc.API, error) {
	media, err := newSubscriberMedia()
	if err != nil {
		return nil, err
	}
	settings.BufferFactory = inbox
	settings.DisableMediaEngineCopy(true)
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(new(interceptor.Registry)),
		webrtc.WithSettingEngine(settings)), nil
}
