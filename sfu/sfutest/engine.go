package sfutest

import (
	"errors"
	"testing"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// newAPI is a client as browsers are: default codecs, NACK, reports and transport-wide feedback.
func newAPI(t testing.TB, o Options) *webrtc.API {
	t.Helper()
	engine, registry := new(webrtc.MediaEngine), o.Registry
	if registry == nil {
		registry = new(interceptor.Registry)
	}
	if err := registerCodecs(engine, o.VP8Only); err != nil {
		t.Fatal(err)
	}
	level := webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}
	if err := engine.RegisterHeaderExtension(level, webrtc.RTPCodecTypeAudio); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		t.Fatal(err)
	}
	var s webrtc.SettingEngine
	loggers := logging.NewDefaultLoggerFactory()
	loggers.DefaultLogLevel = logging.LogLevelDisabled
	s.LoggerFactory = loggers
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetIncludeLoopbackCandidate(true)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	if o.TCP {
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	}
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(s))
}

func registerCodecs(engine *webrtc.MediaEngine, vp8Only bool) error {
	if !vp8Only {
		return engine.RegisterDefaultCodecs()
	}
	opus := webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2,
	}}
	vp8 := webrtc.RTPCodecParameters{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
	}}
	return errors.Join(engine.RegisterCodec(opus, webrtc.RTPCodecTypeAudio), engine.RegisterCodec(vp8, webrtc.RTPCodecTypeVideo))
}

// Loss is an interceptor that loses every nth incoming packet of sequence numbers it sees for the first time, before
// the participant's own NACK generator notices; n ≥ 2.
func Loss(n int) *interceptor.Registry {
	registry := new(interceptor.Registry)
	registry.Add(lossFactory(n))
	return registry
}

type lossFactory int

func (f lossFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &loss{n: int(f)}, nil
}

type loss struct {
	interceptor.NoOp
	n int
}

// BindRemoteStream wraps one incoming stream; repair streams are spared.
func (l *loss) BindRemoteStream(info *interceptor.StreamInfo, reader interceptor.RTPReader) interceptor.RTPReader {
	if info.MimeType == webrtc.MimeTypeRTX {
		return reader
	}
	count := 0
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		for {
			n, attributes, err := reader.Read(b, a)
			if err != nil {
				return n, attributes, err
			}
			var h rtp.Header
			if _, err := h.Unmarshal(b[:n]); err != nil {
				return n, attributes, nil
			}
			if count++; count%l.n != 0 {
				return n, attributes, nil
			}
		}
	})
}
