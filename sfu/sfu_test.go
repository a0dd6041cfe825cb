package sfu_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newServer listens on free loopback ports and closes with the test.
func newServer(t testing.TB) *sfu.Server {
	t.Helper()
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestThreePeersReceiveFromBothOthers(t *testing.T) {
	s := newServer(t)
	names := []string{"ann", "bob", "eve"}
	peers := map[string]*sfutest.Peer{}
	for _, n := range names {
		peers[n] = sfutest.Join(t, s, "room", n)
		peers[n].Publish(sfu.Microphone)
		peers[n].Publish(sfu.Camera)
	}
	for _, n := range names {
		for _, other := range names {
			if other == n {
				continue
			}
			for _, source := range []sfu.Source{sfu.Microphone, sfu.Camera} {
				r := peers[n].WaitTrack(other, source)
				r.WaitMore(10)
				st := r.Stats()
				if st.Gaps != 0 || st.Duplicates != 0 || st.Backwards != 0 || st.StreamID != other {
					t.Errorf("%s from %s %s: %+v", n, other, source, st)
				}
			}
		}
	}
}

func TestLateJoinerGetsEverythingSoon(t *testing.T) {
	s := newServer(t)
	ann := sfutest.Join(t, s, "room", "ann")
	camera := ann.Publish(sfu.Camera)
	ann.Publish(sfu.Screen)
	bob := sfutest.Join(t, s, "room", "bob")
	bob.Publish(sfu.Microphone)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(20)
	before := camera.KeyframesAsked()

	from := time.Now()
	late := sfutest.Join(t, s, "room", "late")
	for _, r := range []*sfutest.Received{late.WaitTrack("ann", sfu.Camera), late.WaitTrack("ann", sfu.Screen)} {
		r.Wait("a keyframe", func(st sfutest.Stats) bool { return st.Keyframes > 0 })
	}
	late.WaitTrack("bob", sfu.Microphone)
	if took := time.Since(from); took > 2*time.Second {
		t.Errorf("late joiner waited %v", took)
	}
	if camera.KeyframesAsked() == before {
		t.Error("no keyframe was asked for")
	}
	screen := late.WaitTrack("ann", sfu.Screen)
	if id := screen.Stats().StreamID; id != "ann.screen" {
		t.Errorf("stream of the screen is %q", id)
	}
}

func TestStoppedSourceSendsNothing(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Registerer: registry})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	defer ann.Leave()
	defer bob.Leave()
	s.Allow("ann", sfu.Screen, false) // before the track is there
	microphone, screen := ann.Publish(sfu.Microphone), ann.Publish(sfu.Screen)
	camera := ann.Publish(sfu.Camera)
	heard := bob.WaitTrack("ann", sfu.Microphone)
	seen := bob.WaitTrack("ann", sfu.Camera)
	heard.WaitMore(5)

	s.Allow("ann", sfu.Microphone, false)
	s.Allow("ann", sfu.Camera, false)
	forwarded := func() float64 { return counter(t, registry, "lectern_sfu_packets_forwarded_total") }
	before, sound, picture := forwarded(), microphone.Sent(), camera.Sent()
	arrived := heard.Packets()
	wait(t, "packets sent while muted", func() bool { return microphone.Sent() > sound+10 && camera.Sent() > picture+10 })
	if after := forwarded(); after > before+2 { // of each track one may have been sent and not yet counted
		t.Errorf("%v packets forwarded while muted", after-before)
	}
	if n := heard.Packets(); n > arrived+5 { // what was on its way
		t.Errorf("%d packets heard while muted", n-arrived)
	}
	if counter(t, registry, "lectern_sfu_packets_stopped_total") == 0 || screen.Sent() == 0 {
		t.Error("nothing was stopped")
	}
	asked, keyframes := camera.KeyframesAsked(), seen.Stats().Keyframes
	s.Allow("ann", sfu.Microphone, true)
	s.Allow("ann", sfu.Camera, true)
	heard.WaitMore(5)
	seen.Wait("a keyframe", func(st sfutest.Stats) bool { return st.Keyframes > keyframes })
	if camera.KeyframesAsked() == asked {
		t.Error("resumed without a keyframe request")
	}
	for _, r := range []*sfutest.Received{heard, seen} {
		if st := r.Stats(); st.Gaps != 0 || st.Backwards != 0 {
			t.Errorf("after resume: %+v gaps, %d backwards", st.Gaps, st.Backwards)
		}
	}
	s.Allow("ann", sfu.Screen, true)
	bob.WaitTrack("ann", sfu.Screen)
}

func TestViewDecidesWhatIsSent(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	camera := ann.Publish(sfu.Camera)
	ann.Publish(sfu.Microphone)
	seen, heard := bob.WaitTrack("ann", sfu.Camera), bob.WaitTrack("ann", sfu.Microphone)

	bob.Look()
	bob.WaitTracks("a paused camera", func(tracks []sfu.Track) bool { return paused(tracks, sfu.Camera) })
	heard.WaitMore(10) // sound goes on
	settled := seen.Packets()
	sent := camera.Sent()
	wait(t, "pictures sent out of sight", func() bool { return camera.Sent() > sent+20 })
	heard.WaitMore(2)
	if n := seen.Packets(); n != settled {
		t.Errorf("%d packets of a camera out of sight", n-settled)
	}
	asked, keyframes := camera.KeyframesAsked(), seen.Stats().Keyframes
	bob.Look(sfu.Tile{ParticipantID: "ann", Source: sfu.Camera, Width: 320, Height: 180})
	seen.Wait("a keyframe", func(st sfutest.Stats) bool { return st.Keyframes > keyframes })
	bob.WaitTracks("a flowing camera", func(tracks []sfu.Track) bool { return !paused(tracks, sfu.Camera) })
	if camera.KeyframesAsked() == asked {
		t.Error("resumed without a keyframe request")
	}
	if st := seen.Stats(); st.Gaps != 0 {
		t.Errorf("%d gaps after resume", st.Gaps)
	}
}

func paused(tracks []sfu.Track, source sfu.Source) bool {
	for _, t := range tracks {
		if t.Source == source {
			return t.Paused
		}
	}
	return false
}

func TestLeaveEndsTracksAndLinesAreUsedAgain(t *testing.T) {
	s := newServer(t)
	bob := sfutest.Join(t, s, "room", "bob")
	longest := 0
	for i := range 6 {
		ann := sfutest.Join(t, s, "room", "ann")
		ann.Publish(sfu.Camera)
		ann.Publish(sfu.Microphone)
		bob.WaitTrack("ann", sfu.Camera).WaitMore(3)
		bob.WaitTrack("ann", sfu.Microphone).WaitMore(3)
		ann.Leave()
		s.Leave("ann")
		s.Leave("nobody")
		bob.WaitTracks("no tracks", func(tracks []sfu.Track) bool { return len(tracks) == 0 })
		_, length := bob.Offers()
		if i == 1 {
			longest = length
		}
	}
	if _, length := bob.Offers(); length > longest+16 {
		t.Errorf("offers grew from %d to %d bytes", longest, length)
	}
}

func TestUnpublishAndPublishAgain(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	ann.Publish(sfu.Camera)
	for range 3 {
		screen := ann.Publish(sfu.Screen)
		bob.WaitTrack("ann", sfu.Screen).WaitMore(5)
		screen.Stop()
		if err := ann.Negotiate(false); err != nil { // once more with the line inactive
			t.Fatal(err)
		}
		bob.WaitTracks("the camera alone", func(tracks []sfu.Track) bool {
			return len(tracks) == 1 && tracks[0].Source == sfu.Camera
		})
	}
	bob.WaitTrack("ann", sfu.Camera).WaitMore(5)
}

func TestJoiningAgainReplaces(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	ann.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera)
	again := sfutest.Join(t, s, "room", "ann")
	bob.WaitTracks("no tracks", func(tracks []sfu.Track) bool { return len(tracks) == 0 })
	again.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(10)
	ann.Vanish()
	bob.Publish(sfu.Microphone)
	again.WaitTrack("bob", sfu.Microphone)
}

func TestCloseRoom(t *testing.T) {
	s := newServer(t)
	ann, other := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "other", "bob")
	eve := sfutest.Join(t, s, "other", "eve")
	ann.Publish(sfu.Microphone)
	other.Publish(sfu.Microphone)
	s.CloseRoom("room")
	s.CloseRoom("room")
	if err := s.SetView("ann", nil); !errors.Is(err, sfu.ErrNoPeer) {
		t.Errorf("after the room closed: %v", err)
	}
	eve.WaitTrack("bob", sfu.Microphone).WaitMore(5)
	ann.Vanish()
}

func TestLostPacketsAreSentAgain(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Registerer: registry})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ann := sfutest.Join(t, s, "room", "ann")
	defer ann.Leave()
	bob := sfutest.Join(t, s, "room", "bob", sfutest.Options{Registry: sfutest.Loss(10)})
	defer bob.Leave()
	ann.Publish(sfu.Camera)
	r := bob.WaitTrack("ann", sfu.Camera)
	r.WaitMore(200)
	r.Wait("the lost packets", func(st sfutest.Stats) bool { return st.Gaps <= 4 })
	if n := counter(t, registry, "lectern_sfu_packets_resent_total"); n < 15 {
		t.Errorf("%v packets sent again", n)
	}
}

func TestSpeakers(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	voice := ann.Publish(sfu.Microphone)
	bob.WaitTrack("ann", sfu.Microphone)
	voice.Speak(true)
	bob.WaitSpeakers("ann")
	ann.WaitSpeakers("ann")
	late := sfutest.Join(t, s, "room", "late")
	late.WaitSpeakers("ann")
	voice.Speak(false)
	bob.WaitSpeakers()
	voice.Speak(true)
	bob.WaitSpeakers("ann")
	s.Allow("ann", sfu.Microphone, false)
	bob.WaitSpeakers()
}

func TestMediaFollowsTheConnections(t *testing.T) {
	s := newServer(t)
	ann, bob, cat := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "cat")
	ann.Publish(sfu.Microphone)
	cat.Publish(sfu.Microphone)
	bob.WaitTrack("ann", sfu.Microphone)
	ann.WaitTrack("cat", sfu.Microphone).WaitMore(10)
	ann.WaitMedia(true)
	bob.WaitMedia(true)
	user := ufrag(ann.LastOffer())
	if err := ann.Negotiate(true); err != nil { // an ICE restart by the client
		t.Fatal(err)
	}
	wait(t, "an offer that renews ICE on the other connection", func() bool { return ufrag(ann.LastOffer()) != user })
	ann.WaitTrack("cat", sfu.Microphone).WaitMore(10)
	heard := bob.WaitTrack("ann", sfu.Microphone)
	heard.WaitMore(10)

	user = ufrag(bob.LastOffer())
	s.DisconnectSubscriber("bob") // an ICE restart by the server
	bob.WaitMedia(false)
	wait(t, "an offer that renews ICE", func() bool { return ufrag(bob.LastOffer()) != user })
	heard.WaitMore(10)
	bob.WaitMedia(true)

	ann.Vanish()
	ann.WaitMedia(false)
}

func ufrag(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

func TestTCP(t *testing.T) {
	s := newServer(t)
	ann := sfutest.Join(t, s, "room", "ann", sfutest.Options{TCP: true})
	bob := sfutest.Join(t, s, "room", "bob", sfutest.Options{TCP: true})
	ann.Publish(sfu.Camera)
	bob.WaitTrack("ann", sfu.Camera).WaitMore(20)
}

func TestBadInputIsRefusedAndHarmsNobody(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	ann.Publish(sfu.Camera)
	seen := bob.WaitTrack("ann", sfu.Camera)
	ctx := context.Background()
	if err := s.Join(ctx, "room", "a b\r\nc", nil); !errors.Is(err, sfu.ErrBadName) {
		t.Errorf("name with a line break: %v", err)
	}
	head := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
	media := func(mid, attributes string) string {
		return "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n" + mid + attributes
	}
	many := head
	for i := range 9 {
		many += media(fmt.Sprintf("a=mid:%d\r\n", i), "a=sendonly\r\n")
	}
	for name, c := range map[string]struct{ sdp, want string }{
		"empty":        {"", ""},
		"garbage":      {"\x00\xff rubbish", ""},
		"huge":         {strings.Repeat("a=x\r\n", 1<<17), "longer"},
		"no media":     {head, "no media"},
		"data channel": {head + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n", "application"},
		"many tracks":  {many, "more than 8 tracks"},
		"many lines":   {head + strings.Repeat(media("a=mid:1\r\n", ""), 129), "more than 128"},
		"no mid":       {head + media("", "a=sendonly\r\n"), "mid"},
		"same mid":     {head + media("a=mid:1\r\n", "") + media("a=mid:1\r\n", ""), "mid"},
		"no transport": {head + media("a=mid:1\r\n", "a=sendonly\r\n"), "ICE"},
		"no print":     {head + media("a=mid:1\r\n", "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"), "fingerprint"},
	} {
		_, err := s.Offer(ctx, "ann", c.sdp)
		if !errors.Is(err, sfu.ErrBadSDP) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("offer %s: %v", name, err)
		}
		if err := s.Answer("bob", c.sdp); !errors.Is(err, sfu.ErrBadSDP) {
			t.Errorf("answer %s: %v", name, err)
		}
	}
	for _, c := range []string{"candidate", "candidate:x", strings.Repeat("x", 5000), "candidate:1 1 udp 1 999.1.1.1 1 typ host"} {
		if err := s.Candidate("ann", sfu.Publisher, webrtc.ICECandidateInit{Candidate: c}); !errors.Is(err, sfu.ErrBadCandidate) {
			t.Errorf("candidate %.40q: %v", c, err)
		}
	}
	good := webrtc.ICECandidateInit{Candidate: "candidate:1 1 udp 2130706431 127.0.0.1 9 typ host"}
	if err := s.Candidate("ann", "nowhere", good); !errors.Is(err, sfu.ErrBadCandidate) {
		t.Errorf("target: %v", err)
	}
	if err := s.Candidate("nobody", sfu.Publisher, good); !errors.Is(err, sfu.ErrNoPeer) {
		t.Errorf("nobody's candidate: %v", err)
	}
	quiet := sfutest.Join(t, s, "room", "quiet")
	defer quiet.Leave()
	var err error
	for i := 0; i <= 200 && err == nil; i++ {
		other := webrtc.ICECandidateInit{Candidate: fmt.Sprintf("candidate:1 1 udp 2130706431 127.0.0.1 %d typ host", 1+i)}
		err = s.Candidate("quiet", sfu.Publisher, other)
	}
	if !errors.Is(err, sfu.ErrBadCandidate) {
		t.Errorf("too many candidates: %v", err)
	}
	if err := s.SetTracks("ann", map[string]sfu.Source{"0": "x-ray"}); err == nil {
		t.Error("unknown source taken")
	}
	// An offer that is well formed and leads nowhere harms at most the one who made it.
	strange := head + media("a=mid:0\r\n", "a=sendonly\r\na=setup:actpass\r\na=ice-ufrag:abcd\r\n"+
		"a=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 00\r\n")
	for _, sdp := range []string{strings.ReplaceAll(strange, "opus", "x"), strange, strange} {
		if _, err := s.Offer(ctx, "quiet", sdp); err != nil && !errors.Is(err, sfu.ErrBadSDP) {
			t.Errorf("strange offer: %v", err)
		}
	}
	throwGarbage(t, s)
	seen.WaitMore(20)
	eve := sfutest.Join(t, s, "room", "eve")
	eve.Publish(sfu.Microphone)
	bob.WaitTrack("eve", sfu.Microphone)
	ann.Publish(sfu.Microphone) // the garbage broke nothing for the one who sent it either
	bob.WaitTrack("ann", sfu.Microphone)
}

// throwGarbage sends what strangers send to open ports.
func throwGarbage(t *testing.T, s *sfu.Server) {
	t.Helper()
	for network, port := range map[string]int{"udp": s.UDPPort(), "tcp": s.TCPPort()} {
		c, err := net.Dial(network, fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{{}, {0}, {0x80}, {0x80, 200}, make([]byte, 1400), []byte("GET / HTTP/1.1\r\n\r\n"),
			append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)} {
			_, _ = c.Write(b) // the server may hang up in the middle
		}
		_ = c.Close()
	}
}

func TestPorts(t *testing.T) {
	s := newServer(t)
	if _, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", UDPPort: s.UDPPort()}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("busy UDP port: %v", err)
	}
	if _, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", TCPPort: s.TCPPort()}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("busy TCP port: %v", err)
	}
	if _, err := sfu.New(sfu.Config{ListenIP: "localhost"}); err == nil {
		t.Error("a name was taken for an address")
	}
	udp, tcp := s.UDPPort(), s.TCPPort()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", UDPPort: udp, TCPPort: tcp})
	if err != nil {
		t.Fatalf("ports are not free after Close: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if err := again.Join(context.Background(), "room", "ann", nil); !errors.Is(err, sfu.ErrClosed) {
		t.Errorf("join after Close: %v", err)
	}
}

func TestAllInterfacesAndPublicAddress(t *testing.T) {
	s, err := sfu.New(sfu.Config{PublicIP: "203.0.113.7"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	defer ann.Leave()
	defer bob.Leave()
	ann.Publish(sfu.Microphone)
	bob.WaitTrack("ann", sfu.Microphone).WaitMore(3)
	if sdp := bob.LastOffer(); !strings.Contains(sdp, "203.0.113.7") || !strings.Contains(sdp, net.IPv4(127, 0, 0, 1).String()) {
		t.Errorf("candidates lack an address:\n%s", sdp)
	}
}

// wait polls a condition that nothing announces.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(sfutest.Patience)
	for !ok() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("waited for %s", what)
		}
	}
}

func counter(t testing.TB, g prometheus.Gatherer, name string) float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatalf("no counter %s", name)
	return 0
}
