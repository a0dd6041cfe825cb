package sfu_test

import (
	"testing"

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
				r.WaitMore(40)
				st := r.Stats()
				if st.Gaps != 0 || st.Duplicates != 0 || st.Backwards != 0 || st.StreamID != other {
					t.Errorf("%s from %s %s: %+v", n, other, source, st)
				}
			}
		}
	}
}
