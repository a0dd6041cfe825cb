package sfu_test

import (
	"net"
	"testing"
	"time"

	"lectern/sfu"
)

// Whoever connects to the media port and says nothing, or half a packet, does not hold up the end of the server.
func TestSilentConnectionsDoNotDelayClose(t *testing.T) {
	s, err := sfu.New(sfu.Config{ListenIP: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range [][]byte{nil, {0}, {0, 20, 0, 1, 0, 0}} {
		conn, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.TCPPort()})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write(said); err != nil {
			t.Fatal(err)
		}
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(4 * time.Second): // the mux would give up by itself after 5 s
		t.Fatal("the server still waits for silent connections")
	}
}
