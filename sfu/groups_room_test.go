package sfu_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// divided joins one room, each with a microphone and a camera, in the groups named.
func divided(t *testing.T, s *sfu.Server, groups map[string]string) map[string]*sfutest.Peer {
	t.Helper()
	peers := map[string]*sfutest.Peer{}
	for name, group := range groups {
		peers[name] = sfutest.Join(t, s, "room", name)
		s.Group(name, group)
		peers[name].Publish(sfu.Microphone)
		peers[name].Publish(sfu.Camera)
	}
	return peers
}

// waitFrom waits until p is announced tracks of these participants, of each so many, and of nobody else.
func waitFrom(p *sfutest.Peer, each int, from ...string) {
	p.WaitTracks(fmt.Sprintf("%d tracks each of %v", each, from), func(tracks []sfu.Track) bool {
		for _, t := range tracks {
			if !slices.Contains(from, t.ParticipantID) {
				return false
			}
		}
		return len(tracks) == each*len(from)
	})
}

// TestNoPacketCrossesGroups: a class of four parts in two pairs and meets again.
func TestNoPacketCrossesGroups(t *testing.T) {
	s := newServer(t)
	everybody := []string{"ann", "bob", "dan", "eve"}
	peers := divided(t, s, map[string]string{"ann": "", "bob": "", "dan": "", "eve": ""})
	others := func(name string) []string {
		return slices.DeleteFunc(slices.Clone(everybody), func(n string) bool { return n == name })
	}
	together := func() {
		t.Helper()
		for name, p := range peers {
			waitFrom(p, 2, others(name)...)
			for _, other := range others(name) {
				p.WaitMoreFrom(other, 20)
			}
		}
	}
	together()
	partner := map[string]string{"ann": "bob", "bob": "ann", "dan": "eve", "eve": "dan"}
	s.Group("dan", "one")
	s.Group("eve", "one")
	own := func(packets int) {
		for name, p := range peers {
			p.WaitMoreFrom(partner[name], packets)
		}
	}
	own(10) // what was on its way has come
	before := map[string]int{}
	for name, p := range peers {
		for _, other := range others(name) {
			before[name+other] = p.PacketsFrom(other)
		}
	}
	own(100)
	for name, p := range peers {
		waitFrom(p, 2, partner[name])
		for _, other := range others(name) {
			if n := p.PacketsFrom(other) - before[name+other]; n != 0 && other != partner[name] {
				t.Errorf("%d packets of %s came to %s, in another group", n, other, name)
			}
		}
	}
	s.Group("dan", "")
	s.Group("eve", "")
	together()
	for name, p := range peers {
		for _, other := range others(name) {
			for _, source := range []sfu.Source{sfu.Microphone, sfu.Camera} {
				if st := p.WaitTrack(other, source).Stats(); st.Gaps != 0 || st.Backwards != 0 {
					t.Errorf("%s of %s at %s: %+v", source, other, name, st)
				}
			}
		}
	}
}

// TestOneWhoComesLateIsOfTheirGroupAtOnce: nothing of the main group is ever sent to somebody who is moved right after the
// joining.
func TestOneWhoComesLateIsOfTheirGroupAtOnce(t *testing.T) {
	s := newServer(t)
	peers := divided(t, s, map[string]string{"ann": "", "eve": "one"})
	late := sfutest.Join(t, s, "room", "late")
	s.Group("late", "one")
	late.WaitTrack("eve", sfu.Camera).WaitMore(20)
	late.Publish(sfu.Microphone)
	peers["eve"].WaitTrack("late", sfu.Microphone).WaitMore(20)
	waitFrom(late, 2, "eve")
	if late.PacketsFrom("ann") != 0 || peers["ann"].PacketsFrom("late") != 0 || peers["ann"].PacketsFrom("eve") != 0 {
		t.Error("packets crossed")
	}
	late.Leave()
	waitFrom(peers["eve"], 0)
	s.Group("nobody", "one") // who has left meanwhile
}

// TestMovingAHundredTimes leaves nothing behind: no media lines, no tracks, no goroutines.
func TestMovingAHundredTimes(t *testing.T) {
	s := newServer(t)
	peers := divided(t, s, map[string]string{"ann": "", "bob": "", "eve": "one"})
	settled := func() {
		t.Helper()
		waitFrom(peers["ann"], 2, "bob")
		waitFrom(peers["eve"], 0)
		peers["ann"].WaitMoreFrom("bob", 10)
	}
	settled()
	var goroutines int
	for i := range 100 {
		s.Group("bob", "one")
		if i%10 == 0 { // the others come while an offer is in flight
			waitFrom(peers["eve"], 2, "bob")
			peers["eve"].WaitMoreFrom("bob", 10)
			waitFrom(peers["bob"], 2, "eve")
		}
		s.Group("bob", "")
		if i%10 == 0 {
			settled()
		}
		if i == 10 {
			goroutines = runtime.NumGoroutine()
		}
	}
	settled()
	for name, p := range peers {
		if n := strings.Count(p.LastOffer(), "\nm="); n > 10 {
			t.Errorf("%s was offered %d media lines", name, n)
		}
	}
	wait(t, "goroutines that end", func() bool { return runtime.NumGoroutine() <= goroutines+5 })
	for _, st := range s.Stats("room") {
		if n := len(st.Receiving); n != map[string]int{"ann": 2, "bob": 2, "eve": 0}[st.Participant] {
			t.Errorf("%s receives %d tracks", st.Participant, n)
		}
	}
}

// TestABroadcastIsHeardByAllGroups, whoever else speaks there, and only as sound.
func TestABroadcastIsHeardByAllGroups(t *testing.T) {
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Limits: sfu.Limits{Voices: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	teacher, bob := sfutest.Join(t, s, "room", "teacher"), sfutest.Join(t, s, "room", "bob")
	dan, eve := sfutest.Join(t, s, "room", "dan"), sfutest.Join(t, s, "room", "eve")
	s.Group("dan", "one")
	s.Group("eve", "one")
	teacher.Publish(sfu.Camera)
	teacher.Publish(sfu.Microphone) // silent: only what is broadcast is heard without speaking
	bob.Publish(sfu.Microphone).Speak(true)
	dan.Publish(sfu.Microphone).Speak(true)
	teacher.WaitTrack("bob", sfu.Microphone).WaitMore(5)
	heard := eve.WaitTrack("dan", sfu.Microphone)
	heard.WaitMore(5)

	s.Broadcast("teacher", true)
	broadcast := eve.WaitTrack("teacher", sfu.Microphone)
	broadcast.WaitMore(20)
	dan.WaitMoreFrom("teacher", 20)
	heard.WaitMore(20)
	waitFrom(dan, 1, "teacher")
	s.Group("teacher", "one") // to look at them meanwhile
	waitFrom(dan, 2, "teacher")
	bob.WaitTrack("teacher", sfu.Microphone).WaitMore(20)
	s.Group("teacher", "")
	waitFrom(dan, 1, "teacher")

	s.Allow("teacher", sfu.Microphone, false)
	heard.WaitMore(5)
	stopped := eve.PacketsFrom("teacher")
	heard.WaitMore(20)
	if n := eve.PacketsFrom("teacher") - stopped; n != 0 {
		t.Errorf("%d packets of a muted microphone", n)
	}
	s.Allow("teacher", sfu.Microphone, true)
	eve.WaitTrack("teacher", sfu.Microphone).WaitMore(20)

	s.Broadcast("teacher", false)
	waitFrom(dan, 0)
	waitFrom(eve, 1, "dan")
	waitFrom(bob, 2, "teacher")
	for _, r := range []*sfutest.Received{broadcast, heard} {
		if st := r.Stats(); st.Gaps != 0 || st.Backwards != 0 {
			t.Errorf("%+v", st)
		}
	}
}

// TestEachGroupHasItsVoicesAndSpeakers: with one voice at a time, two groups hear two.
func TestEachGroupHasItsVoicesAndSpeakers(t *testing.T) {
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1", Limits: sfu.Limits{Voices: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	peers := divided(t, s, map[string]string{"bob": "", "dan": "one"})
	ann, eve := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "eve")
	s.Group("eve", "one")
	voice := map[string]*sfutest.Publication{}
	for _, name := range []string{"ann", "eve"} {
		voice[name] = map[string]*sfutest.Peer{"ann": ann, "eve": eve}[name].Publish(sfu.Microphone)
		voice[name].Speak(true)
	}
	peers["bob"].WaitTrack("ann", sfu.Microphone).WaitMore(20)
	peers["dan"].WaitTrack("eve", sfu.Microphone).WaitMore(20)
	peers["bob"].WaitSpeakers("ann")
	peers["dan"].WaitSpeakers("eve")
	s.Group("dan", "")
	peers["dan"].WaitSpeakers("ann")
	s.Group("bob", "one")
	peers["bob"].WaitSpeakers("eve")
	voice["ann"].Speak(false)
	peers["dan"].WaitSpeakers()
	peers["bob"].WaitSpeakers("eve")
}
