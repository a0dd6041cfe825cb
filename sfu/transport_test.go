package sfu_test

import (
	"crypto/rand"
	"fmt"
	"net"
	"sync"
	"testing"

	"github.com/pion/stun/v4"

	"lectern/sfu"
	"lectern/sfu/sfutest"
)

// TestAnotherAddressWithoutLeaving: the client's network changes under a running meeting, and ICE begins anew.
func TestAnotherAddressWithoutLeaving(t *testing.T) {
	s := newServer(t)
	way := network(t, s, 1)
	ann := sfutest.Join(t, s, "room", "ann")
	bob := sfutest.Join(t, s, "room", "bob", sfutest.Options{Through: way})
	ann.Publish(sfu.Camera)
	bob.Publish(sfu.Microphone)
	seen, heard := bob.WaitTrack("ann", sfu.Camera), ann.WaitTrack("bob", sfu.Microphone)
	seen.WaitMore(20)
	heard.WaitMore(20)
	for range 2 {
		way.Move()
		if err := bob.Negotiate(true); err != nil {
			t.Fatal(err)
		}
		seen.WaitMore(40)
		heard.WaitMore(40)
	}
	bob.WaitMedia(true)
}

// TestStrangersHarmNobody: datagrams of no protocol, media from nowhere, connectivity checks for nobody and silent TCP
// connections, while two people talk.
func TestStrangersHarmNobody(t *testing.T) {
	s := newServer(t)
	ann, bob := sfutest.Join(t, s, "room", "ann"), sfutest.Join(t, s, "room", "bob")
	ann.Publish(sfu.Camera)
	ann.Publish(sfu.Microphone)
	seen, heard := bob.WaitTrack("ann", sfu.Camera), bob.WaitTrack("ann", sfu.Microphone)
	seen.WaitMore(10)

	var attack sync.WaitGroup
	defer attack.Wait()
	for _, datagram := range []func(n int) []byte{garbage, media, check} {
		attack.Go(func() {
			c, err := net.Dial("udp4", fmt.Sprintf("127.0.0.1:%d", s.UDPPort()))
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for n := range 5000 {
				_, _ = c.Write(datagram(n))
			}
		})
	}
	for range 50 {
		c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", s.TCPPort()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	seen.WaitMore(100)
	heard.WaitMore(50)
	carol := sfutest.Join(t, s, "room", "carol")
	carol.WaitTrack("ann", sfu.Camera).WaitMore(10)
	seen.Wait("nothing missing", func(st sfutest.Stats) bool { return st.Gaps == 0 })
	// Sound is not sent again; what the kernel's buffer could not hold during the attack stays lost.
	attack.Wait()
	heard.WaitMore(10)
	lost := heard.Stats().Gaps
	heard.WaitMore(50)
	if st := heard.Stats(); st.Gaps != lost || lost > st.Packets/10 {
		t.Errorf("%d of %d sounds lost, %d of them during the attack", st.Gaps, st.Packets, lost)
	}
}

func garbage(n int) []byte {
	b := make([]byte, n%3000)
	_, _ = rand.Read(b)
	return b
}

func media(int) []byte {
	b := garbage(1100)
	b[0], b[1] = 0x80, 96
	return b
}

func check(n int) []byte {
	m, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(fmt.Sprintf("nobody%d:me", n)))
	if err != nil {
		panic(err)
	}
	return m.Raw
}

// TestACrowdJoinsAtOnce: all get the picture, and each has connections of its own only as needed.
func TestACrowdJoinsAtOnce(t *testing.T) {
	s := newServer(t)
	ann := sfutest.Join(t, s, "room", "ann")
	ann.Publish(sfu.Camera)
	var joining sync.WaitGroup
	crowd := make([]*sfutest.Peer, 50)
	for i := range crowd {
		joining.Go(func() { crowd[i] = sfutest.Join(t, s, "room", fmt.Sprint("guest", i)) })
	}
	joining.Wait()
	for _, p := range crowd {
		p.WaitTrack("ann", sfu.Camera).WaitMore(3)
	}
}
