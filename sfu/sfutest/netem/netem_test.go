package netem

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ms = int64(time.Millisecond)

// run sends datagrams of 972 bytes, 1000 with headers, every step and gives their arrivals.
func run(l *Link, count int, step int64) (arrived []int64, order []int) {
	for i := range count {
		times, n := l.Send(972, int64(i)*step)
		for _, t := range times[:n] {
			arrived, order = append(arrived, t), append(order, i)
		}
	}
	return arrived, order
}

func TestSameSeedSameDecisions(t *testing.T) {
	c := Conditions{Delay: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.1, Duplicate: 0.1, Reorder: 0.1, Rate: 2_000_000}
	first, _ := run(NewLink(7, c), 1000, ms)
	again, _ := run(NewLink(7, c), 1000, ms)
	other, _ := run(NewLink(8, c), 1000, ms)
	require.Equal(t, first, again)
	require.NotEqual(t, first, other)
}

func TestPerfectLinkPassesAtOnce(t *testing.T) {
	arrived, order := run(NewLink(1, Conditions{}), 100, ms)
	require.Len(t, arrived, 100)
	for i, at := range arrived {
		require.Equal(t, int64(order[i])*ms, at)
	}
}

func TestShares(t *testing.T) {
	l := NewLink(1, Conditions{Loss: 0.05, Duplicate: 0.02, Reorder: 0.1})
	run(l, 10_000, ms)
	s := l.Stats()
	require.InDelta(t, 500, s.Lost, 100)
	require.InDelta(t, 190, s.Duplicated, 60)
	require.InDelta(t, 950, s.Reordered, 120)
	require.Equal(t, 10_000, s.Lost+s.Passed)
}

func TestRateAndQueue(t *testing.T) {
	// 1 Mbit/s is one datagram in 8 ms; sent one a ms, 300 ms of queue fill and the rest overflows.
	l := NewLink(1, Conditions{Rate: 1_000_000, Delay: 10 * time.Millisecond})
	arrived, order := run(l, 1000, ms)
	require.InDelta(t, 125+37, len(arrived), 3)
	longest := int64(0)
	for i, at := range arrived {
		longest = max(longest, at-int64(order[i])*ms)
		if i > 0 {
			require.GreaterOrEqual(t, at-arrived[i-1], 8*ms)
		}
	}
	require.InDelta(t, 310*ms, longest, float64(10*ms))
	require.Equal(t, 1000, l.Stats().Overflowed+l.Stats().Passed)
}

func TestJitterKeepsTheOrderAndReorderDoesNot(t *testing.T) {
	arrived, _ := run(NewLink(1, Conditions{Jitter: 50 * time.Millisecond}), 500, ms)
	for i := 1; i < len(arrived); i++ {
		require.GreaterOrEqual(t, arrived[i], arrived[i-1])
	}
	arrived, _ = run(NewLink(1, Conditions{Reorder: 0.1}), 500, ms)
	overtaken := 0
	for i := 1; i < len(arrived); i++ {
		if arrived[i] < arrived[i-1] {
			overtaken++
		}
	}
	require.InDelta(t, 50, overtaken, 25)
}

func TestConditionsChangeAndAreChecked(t *testing.T) {
	l := NewLink(1, Conditions{Loss: 1})
	_, n := l.Send(100, 0)
	require.Zero(t, n)
	l.Set(Conditions{})
	_, n = l.Send(100, ms)
	require.Equal(t, 1, n)
	for _, bad := range []string{`{"loss": 2}`, `{"loss": -1}`, `{"delay": -1}`, `{"rate": -5}`, `[]`} {
		var c Conditions
		require.Error(t, json.Unmarshal([]byte(bad), &c), bad)
	}
	var c Conditions
	require.NoError(t, json.Unmarshal([]byte(`{"delay": 40, "jitter": 0.5, "rate": 300000, "loss": 0.05}`), &c))
	require.Equal(t, Conditions{Delay: 40 * time.Millisecond, Jitter: 500 * time.Microsecond, Rate: 300_000, Loss: 0.05}, c)
	for _, server := range []string{"", "127.0.0.1", "192.0.2.1:5"} {
		_, err := Start(server, 1)
		require.Error(t, err, server)
	}
}

func TestProxyCarriesBothWays(t *testing.T) {
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer server.Close()
	p, err := Start(server.LocalAddr().String(), 3)
	require.NoError(t, err)
	defer p.Close()
	require.NoError(t, p.Set(Conditions{Delay: time.Millisecond}, Conditions{Delay: 2 * time.Millisecond, Duplicate: 1}))
	require.Error(t, p.Set(Conditions{Loss: 5}, Conditions{}))

	for flow := range 2 {
		client, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(p.Addr()))
		require.NoError(t, err)
		defer client.Close()
		question, answer := fmt.Appendf(nil, "question %d", flow), fmt.Appendf(nil, "answer %d", flow)
		_, err = client.Write(question)
		require.NoError(t, err)
		buf := make([]byte, 100)
		n, from, err := server.ReadFromUDPAddrPort(buf)
		require.NoError(t, err)
		require.Equal(t, question, buf[:n])
		_, err = server.WriteToUDPAddrPort(answer, from)
		require.NoError(t, err)
		for range 2 {
			n, err = client.Read(buf)
			require.NoError(t, err)
			require.Equal(t, answer, buf[:n])
		}
	}
	up, down := p.Stats()
	require.Equal(t, 2, up.Passed)
	require.Equal(t, 2, down.Duplicated)
	require.NoError(t, p.Close())
	require.NoError(t, p.Close())
}

func TestRewrite(t *testing.T) {
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer server.Close()
	p, err := Start(server.LocalAddr().String(), 3)
	require.NoError(t, err)
	defer p.Close()
	port := p.Addr().Port()
	sdp := "v=0\r\na=candidate:1 1 udp 2130706431 10.0.0.1 7882 typ host ufrag x\r\n" +
		"a=candidate:2 1 udp 2130706430 fe80::1 7882 typ host\r\na=candidate:3 1 tcp 5 10.0.0.1 7881 typ host tcptype passive\r\na=end-of-candidates\r\n"
	require.Equal(t, fmt.Sprintf("v=0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host ufrag x\r\na=end-of-candidates\r\n", port), p.Rewrite(sdp))
	require.Equal(t, fmt.Sprintf("candidate:1 1 UDP 5 127.0.0.1 %d typ host", port), p.Rewrite("candidate:1 1 UDP 5 10.0.0.1 7 typ host"))
	require.Empty(t, p.Rewrite("candidate:3 1 tcp 5 10.0.0.1 7881 typ host tcptype passive"))
	require.False(t, strings.Contains(Hide(sdp), "candidate:"))
}
