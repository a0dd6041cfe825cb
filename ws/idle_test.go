package ws_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lectern/ws"
)

// BenchmarkIdleSocket tells what an authenticated socket that does nothing holds of the server: heap, stacks, and both.
func BenchmarkIdleSocket(b *testing.B) {
	const sockets = 2000
	hub, url, endings := serve(b, ws.Config{PerUser: sockets, Heartbeat: time.Hour, ReadTimeout: time.Hour})
	address := strings.TrimPrefix(url, "http://")
	for b.Loop() {
		empty := inUse()
		var conns []net.Conn
		for range sockets {
			conns = append(conns, idle(b, address))
		}
		require.Equal(b, sockets, hub.Sockets())
		full := inUse()
		for _, conn := range conns {
			_ = conn.Close()
		}
		for range sockets {
			<-endings
		}
		b.ReportMetric(float64(full.HeapAlloc-empty.HeapAlloc)/sockets, "heap-B/socket")
		b.ReportMetric(float64(full.StackInuse-empty.StackInuse)/sockets, "stack-B/socket")
	}
}

func inUse() (m runtime.MemStats) {
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m
}

// idle opens a socket without a goroutine or a buffer of its own that would count.
func idle(tb testing.TB, address string) net.Conn {
	conn, err := net.Dial("tcp", address)
	require.NoError(tb, err)
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", address)
	reader := bufio.NewReader(conn)
	answer, err := http.ReadResponse(reader, nil)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusSwitchingProtocols, answer.StatusCode)
	auth := `{"type":"auth","data":{"access_token":"ada"}}`
	_, err = conn.Write(append([]byte{0x81, 0x80 | byte(len(auth)), 0, 0, 0, 0}, auth...)) // masked by zeros
	require.NoError(tb, err)
	_, err = reader.ReadByte() // of the ack
	require.NoError(tb, err)
	return conn
}
