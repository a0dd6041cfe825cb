package loadtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// engines make the connections of all participants. What receives has one small interceptor: feedback of a thousand
// receivers comes from one goroutine (see load.feedback).
type engines struct {
	configuration webrtc.Configuration
	publisher     *webrtc.API
	received      webrtc.MediaEngine
	settings      webrtc.SettingEngine
}

func newEngines(loopback bool) (*engines, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	certificate, err := webrtc.GenerateCertificate(key) // one for all: making it is not what is measured
	if err != nil {
		return nil, err
	}
	e := &engines{
		configuration: webrtc.Configuration{Certificates: []webrtc.Certificate{*certificate}}, settings: settings(loopback),
	}
	if err := registerCodecs(&e.received); err != nil {
		return nil, err
	}
	e.publisher, err = newPublisherAPI(e.settings)
	return e, err
}

// subscriber makes one receiving connection's factory.
func (e *engines) subscriber(wide *wideFeedback) *webrtc.API {
	registry := new(interceptor.Registry)
	registry.Add(wide)
	return webrtc.NewAPI(webrtc.WithMediaEngine(&e.received), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(e.settings))
}

// newPublisherAPI sends, with reports, retransmissions and transport-wide numbers as browsers do.
func newPublisherAPI(settings webrtc.SettingEngine) (*webrtc.API, error) {
	engine, registry := new(webrtc.MediaEngine), new(interceptor.Registry)
	if err := registerCodecs(engine); err != nil {
		return nil, err
	}
	reports, err := report.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	responder, err := nack.NewResponderInterceptor()
	if err != nil {
		return nil, err
	}
	registry.Add(reports)
	registry.Add(responder)
	if err := webrtc.ConfigureTWCCHeaderExtensionSender(engine, registry); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)), nil
}

func registerCodecs(engine *webrtc.MediaEngine) error {
	feedback := []webrtc.RTCPFeedback{
		{Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
	}
	for _, c := range []webrtc.RTPCodecParameters{
		{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock, RTCPFeedback: feedback}},
		{PayloadType: 97, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=96"}},
	} {
		if err := engine.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return err
		}
	}
	opus := webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: soundClock, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
		RTCPFeedback: feedback[:1],
	}}
	if err := engine.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	for kind, uris := range map[webrtc.RTPCodecType][]string{
		webrtc.RTPCodecTypeAudio: {sdp.SDESMidURI, sdp.TransportCCURI, sdp.AudioLevelURI},
		webrtc.RTPCodecTypeVideo: {sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI, sdp.TransportCCURI},
	} {
		for _, uri := range uris {
			if err := engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

func settings(loopback bool) webrtc.SettingEngine {
	var s webrtc.SettingEngine
	loggers := logging.NewDefaultLoggerFactory()
	loggers.DefaultLogLevel = logging.LogLevelDisabled
	s.LoggerFactory = loggers
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	s.SetICETimeouts(15*time.Second, 30*time.Second, 2*time.Second)
	if loopback {
		s.SetIncludeLoopbackCandidate(true)
		s.SetInterfaceFilter(func(name string) bool { return name == "lo" || name == "lo0" })
	}
	return s
}
