package controllers_test

import (
	"encoding/json"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"github.com/stretchr/testify/require"

	"lectern/internal/config"
	"lectern/internal/testenv"
	"lectern/internal/wire"
	"lectern/ws/wstest"
)

// phone is one side of a call: a real peer connection that reaches the other through the relay alone, and says so only by
// call.signal.
type phone struct {
	t      *testing.T
	conn   *wstest.Conn
	callID string
	pc     *webrtc.PeerConnection

	mu   sync.Mutex // one signal at a time
	held []wire.Candidate
}

// newPhone joins a call with the servers of one transport ("udp" or "tcp") of its ack.
func newPhone(t *testing.T, conn *wstest.Conn, entered wire.CallEntered, transport string) *phone {
	t.Helper()
	var servers []webrtc.ICEServer
	for _, s := range entered.ICEServers {
		for _, url := range s.URLs {
			if s.Username != "" && url[len(url)-3:] == transport {
				servers = append(servers, webrtc.ICEServer{URLs: []string{url}, Username: s.Username, Credential: s.Credential})
			}
		}
	}
	require.NotEmpty(t, servers)
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{ICEServers: servers,
		ICETransportPolicy: webrtc.ICETransportPolicyRelay})
	require.NoError(t, err)
	t.Cleanup(func() { _ = pc.Close() })
	p := &phone{t: t, conn: conn, callID: entered.CallID, pc: pc}
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			init := c.ToJSON()
			p.signal(wire.CallSignal{Candidates: []wire.Candidate{{Candidate: init.Candidate, SDPMid: init.SDPMid, SDPMLineIndex: init.SDPMLineIndex}}})
		}
	})
	conn.OnEvent(func(f wstest.Frame) {
		if f.Type == wire.EventCallSignal {
			var signal wire.CallSignal
			if err := json.Unmarshal(f.Data, &signal); err == nil {
				p.take(signal)
			}
		}
	})
	return p
}

func (p *phone) signal(s wire.CallSignal) {
	s.CallID = p.callID
	p.conn.Send(p.t, "call.signal", s)
}

// take applies what the other side signals; candidates wait for the description.
func (p *phone) take(s wire.CallSignal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d := s.Description; d != nil {
		if p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.NewSDPType(d.Type), SDP: d.SDP}) != nil {
			return
		}
		if d.Type == "offer" {
			answer, err := p.pc.CreateAnswer(nil)
			if err == nil {
				err = p.pc.SetLocalDescription(answer)
			}
			if err != nil {
				return // the call does not come about, which fails the test
			}
			p.signal(wire.CallSignal{Description: &wire.SessionDescription{Type: "answer", SDP: answer.SDP}})
		}
	}
	p.held = append(p.held, s.Candidates...)
	if p.pc.RemoteDescription() == nil {
		return
	}
	for _, c := range p.held {
		_ = p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex})
	}
	p.held = nil
}

// speak sends sound until the test ends.
func (p *phone) speak() {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "microphone", "call")
	require.NoError(p.t, err)
	_, err = p.pc.AddTrack(track)
	require.NoError(p.t, err)
	tick, done := time.NewTicker(20*time.Millisecond), make(chan struct{})
	var speaking sync.WaitGroup
	speaking.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				_ = track.WriteSample(media.Sample{Data: []byte{0xf8, 0xff, 0xfe}, Duration: 20 * time.Millisecond})
			}
		}
	})
	p.t.Cleanup(func() { tick.Stop(); close(done); speaking.Wait() })
}

// hears waits for sound of the other side.
func (p *phone) hears() chan struct{} {
	heard := make(chan struct{})
	p.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for range 10 {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
		}
		close(heard)
	})
	return heard
}

// pair is the kind of the selected candidates.
func (p *phone) pair() (local, remote webrtc.ICECandidateType) {
	pair, err := p.pc.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	require.NoError(p.t, err)
	require.NotNil(p.t, pair)
	return pair.Local.Typ, pair.Remote.Typ
}

func TestACallWhoseMediaGoesThroughTheRelay(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			c := newCalling(t, relayOn(t))
			ada, bob := c.connect(t, c.ada), c.connect(t, c.bob)
			var out, in wire.CallEntered
			ada.Call(t, "call.invite", wire.CallInvite{UserID: c.bob.UserID, Media: "audio"}, &out)
			bob.Call(t, "call.accept", wire.CallCommand{CallID: out.CallID}, &in)
			caller, callee := newPhone(t, ada, out, transport), newPhone(t, bob, in, transport)
			caller.speak()
			callee.speak()
			ears := []chan struct{}{caller.hears(), callee.hears()}
			offer, err := caller.pc.CreateOffer(nil)
			require.NoError(t, err)
			require.NoError(t, caller.pc.SetLocalDescription(offer))
			caller.signal(wire.CallSignal{Description: &wire.SessionDescription{Type: "offer", SDP: offer.SDP}})
			for _, heard := range ears {
				select {
				case <-heard:
				case <-time.After(30 * time.Second):
					require.FailNow(t, "no sound", "caller %s, callee %s", caller.pc.ConnectionState(), callee.pc.ConnectionState())
				}
			}
			for _, side := range []*phone{caller, callee} {
				local, remote := side.pair()
				require.Equal(t, []webrtc.ICECandidateType{webrtc.ICECandidateTypeRelay, webrtc.ICECandidateTypeRelay}, []webrtc.ICECandidateType{local, remote})
			}
		})
	}
}

// relayOn gives the embedded relay a port of this machine that is free for UDP and TCP.
func relayOn(t *testing.T) testenv.Option {
	t.Helper()
	for range 20 {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		port := tcp.Addr().(*net.TCPAddr).Port
		udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		require.NoError(t, tcp.Close())
		if err == nil {
			require.NoError(t, udp.Close())
			return func(c *config.Config) { c.TURNPort = port }
		}
	}
	require.FailNow(t, "no free port")
	return nil
}
