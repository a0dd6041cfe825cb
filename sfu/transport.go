package sfu

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"

	"lectern/internal/pionlog"
	"lectern/sfu/internal/udp"
)

// Times after which ICE calls a silent connection disconnected and failed; between them a restart can still save it.
const (
	iceDisconnected = 3 * time.Second
	iceFailed       = 25 * time.Second
	iceKeepAlive    = 2 * time.Second
)

const (
	socketBuffer   = 4 << 20 // bytes asked of the kernel for the UDP socket
	tcpWriteBuffer = 1 << 20 // bytes per ICE-TCP connection; what does not fit is dropped, not waited for
	tcpReadBuffer  = 64      // packets
)

// An ICE-TCP connection has so long to name its peer connection, and that to take it: Pion closes its mux no sooner.
const (
	tcpFirstPacket = 5 * time.Second
	tcpUnclaimed   = 3 * time.Second
)

// transport is the one UDP and the one TCP port of all connections.
type transport struct {
	udp      *udp.Conn
	tcp      *listener
	udpMux   ice.UDPMux
	tcpMux   ice.TCPMux
	settings webrtc.SettingEngine
}

// outlastsPictures tells what is kept for another attempt when the socket takes no more: sound and RTCP (RFC 5761). Only
// the server numbers the payload types of what it sends, and both headers are in the clear.
func outlastsPictures(datagram []byte) bool {
	if len(datagram) < rtpHeaderSize {
		return true
	}
	switch t := datagram[1] & 0x7f; t {
	case payloadOpus, payloadRED:
		return true
	default:
		return t >= 64 && t <= 95
	}
}

// listen opens both ports and prepares the settings of all peer connections.
func listen(cfg Config, logger *slog.Logger) (*transport, error) {
	if cfg.ListenIP != "" && net.ParseIP(cfg.ListenIP) == nil {
		return nil, fmt.Errorf("sfu: listen address %q is not an IP address", cfg.ListenIP)
	}
	if cfg.PublicIP != "" && net.ParseIP(cfg.PublicIP) == nil {
		return nil, fmt.Errorf("sfu: public address %q is not an IP address", cfg.PublicIP)
	}
	t := new(transport)
	socket, err := udp.Listen(udp.Config{
		Address: net.JoinHostPort(cfg.ListenIP, strconv.Itoa(cfg.UDPPort)), Buffer: socketBuffer, Keep: outlastsPictures,
	})
	if err != nil {
		return nil, fmt.Errorf("ice_udp_port: %w", err)
	}
	t.udp = socket
	tcp, err := net.Listen("tcp", net.JoinHostPort(cfg.ListenIP, strconv.Itoa(cfg.TCPPort)))
	if err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("ice_tcp_port: %w", err)
	}
	t.tcp = newListener(tcp)
	loggers := pionlog.Factory{Logger: logger}
	t.udpMux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: socket, Logger: loggers.NewLogger("ice")})
	t.tcpMux = ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener: t.tcp, Logger: loggers.NewLogger("ice"), ReadBufferSize: tcpReadBuffer, WriteBufferSize: tcpWriteBuffer,
		FirstStunBindTimeout: tcpFirstPacket, AliveDurationForConnFromStun: tcpUnclaimed,
	})
	if err := t.configure(cfg, loggers); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

func (t *transport) configure(cfg Config, loggers pionlog.Factory) error {
	s := &t.settings
	s.LoggerFactory = loggers
	s.SetICEUDPMux(t.udpMux)
	s.SetICETCPMux(t.tcpMux)
	s.DisableActiveTCP(true) // never dial an address that a client names
	s.SetNetworkTypes([]webrtc.NetworkType{
		webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6,
	})
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(iceDisconnected, iceFailed, iceKeepAlive)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	s.SetReceiveMTU(readBuffer)
	if cfg.PublicIP != "" {
		rule := webrtc.ICEAddressRewriteRule{
			External: []string{cfg.PublicIP}, AsCandidateType: webrtc.ICECandidateTypeHost,
			Mode: webrtc.ICEAddressRewriteAppend,
		}
		if err := s.SetICEAddressRewriteRules(rule); err != nil {
			return fmt.Errorf("sfu: public address: %w", err)
		}
	}
	// A DTLS server chooses the SRTP profile by its own order, and AES-GCM is six times cheaper than SHA1.
	return s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer)
}

func (t *transport) close() error {
	// The listener first: the mux would wait for connections that say nothing.
	return errors.Join(t.udpMux.Close(), t.tcp.Close(), t.tcpMux.Close())
}
