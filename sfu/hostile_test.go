package sfu_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// TestAHostileParticipantHarmsNobodyElse: one floods with media, feedback and descriptions while two others talk.
func TestAHostileParticipantHarmsNobodyElse(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Registerer: registry, Limits: sfu.Limits{TrackRate: 1_000_000}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ann, bob, eve := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob"), sfutest.Join(t, s, "room", "eve")
	for _, p := range []*sfutest.Peer{ann, bob} {
		p.Publish(sfu.Camera)
		p.Publish(sfu.Microphone)
	}
	seen, heard := ann.WaitTrack("bob", sfu.Camera), ann.WaitTrack("bob", sfu.Microphone)
	seen.WaitMore(10)

	camera, microphone := eve.Publish(sfu.Camera), eve.Publish(sfu.Microphone)
	camera.Flood(2000)
	microphone.Flood(2000)
	eve.WaitTrack("ann", sfu.Camera).Pester(1500)
	eve.WaitTrack("bob", sfu.Microphone).Pester(500)
	for range 20 {
		if err := eve.Negotiate(false); err != nil {
			t.Errorf("an offer of the hostile participant: %v", err)
		}
		if _, err := s.Offer(t.Context(), "eve", "v=0\r\nnonsense"); err == nil {
			t.Error("nonsense is answered")
		}
	}
	before := seen.Stats()
	seen.WaitMore(200)
	heard.WaitMore(100)
	seen.Wait("nothing missing", func(st sfutest.Stats) bool { return st.Gaps == 0 })
	if st := seen.Stats(); st.Duplicates > before.Duplicates || st.Keyframes > before.Keyframes+10 {
		t.Errorf("before %+v, under attack %+v", before, st)
	}
	wait(t, "the flood to be dropped", func() bool {
		return counter(t, registry, "lectern_sfu_packets_flooded_total") > 100
	})
}

// TestTooManyEncodings: of a camera with more encodings than there may be, some are taken and shown.
func TestTooManyEncodings(t *testing.T) {
	s := newServer(t)
	eve, bob := sfutest.Join(t, s, "room", "eve"), sfutest.Join(t, s, "room", "bob")
	var many []sfutest.Encoding
	for _, rid := range []string{"zz", "0", "f", "abcdefghijklmnop", "q", "h"} {
		many = append(many, sfutest.Encoding{RID: rid, Width: 320, Height: 180, Packets: 1})
	}
	eve.PublishSimulcast(sfu.Camera, many...)
	bob.WaitTrack("eve", sfu.Camera).WaitMore(20)
	for _, p := range s.Stats("room") {
		for _, track := range p.Publishing {
			if len(track.Layers) > 3 {
				t.Errorf("%d encodings are taken", len(track.Layers))
			}
		}
	}
}
