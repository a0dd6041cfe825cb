package sfu

import "github.com/prometheus/client_golang/prometheus"

// metrics are lock-free counters; the packet path only adds to them.
type metrics struct {
	rooms, participants, tracks        prometheus.Gauge
	received, forwarded, bytes         prometheus.Counter
	stopped, unheard                   prometheus.Counter
	duplicates, malformed, flooded     prometheus.Counter
	nacksSent, nacksReceived, resent   prometheus.Counter
	plisSent, plisReceived, offersSent prometheus.Counter
	delay, rtt, loss                   prometheus.Histogram
	switches                           prometheus.Counter
}

// watch exports what the UDP socket counts by itself.
func (m *metrics) watch(r prometheus.Registerer, udp func() (sent, calls, dropped uint64)) error {
	if r == nil {
		return nil
	}
	var registered []prometheus.Collector
	for name, c := range map[string]struct {
		help string
		read func() uint64
	}{
		"datagrams_sent_total":    {"Datagrams of media handed to the kernel.", func() uint64 { n, _, _ := udp(); return n }},
		"send_calls_total":        {"System calls that took.", func() uint64 { _, n, _ := udp(); return n }},
		"datagrams_dropped_total": {"Datagrams of media dropped because a queue or the socket's buffer was full.", func() uint64 { _, _, n := udp(); return n }},
	} {
		f := prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "lectern", Subsystem: "sfu", Name: name, Help: c.help},
			func() float64 { return float64(c.read()) })
		if err := r.Register(f); err != nil {
			for _, other := range registered {
				r.Unregister(other)
			}
			return err
		}
		registered = append(registered, f)
	}
	return nil
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	var all []prometheus.Collector
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "lectern", Subsystem: "sfu", Name: name, Help: help})
		all = append(all, c)
		return c
	}
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "lectern", Subsystem: "sfu", Name: name, Help: help})
		all = append(all, g)
		return g
	}
	histogram := func(name, help string, buckets ...float64) prometheus.Histogram {
		h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "lectern", Subsystem: "sfu", Name: name, Help: help, Buckets: buckets})
		all = append(all, h)
		return h
	}
	m := &metrics{
		delay: histogram("forwarding_seconds", "Time from a packet's arrival until it was handed to the socket for all who get it.",
			.00005, .0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1),
		rtt: histogram("round_trip_seconds", "Round trip to subscribers, from their reports.",
			.002, .005, .01, .02, .05, .1, .2, .5, 1, 2),
		loss: histogram("loss_ratio", "Share of packets that subscribers report as lost since their last report.",
			0, .01, .02, .05, .1, .2, .5),
		rooms:         gauge("rooms", "Rooms with somebody in them."),
		participants:  gauge("participants", "Participants in all rooms."),
		tracks:        gauge("tracks", "Tracks being published."),
		received:      counter("packets_received_total", "RTP packets received from publishers, without repeated ones."),
		forwarded:     counter("packets_forwarded_total", "RTP packets sent to subscribers, without retransmissions."),
		bytes:         counter("bytes_forwarded_total", "RTP bytes sent to subscribers, without retransmissions."),
		stopped:       counter("packets_stopped_total", "RTP packets received and not forwarded because their sender is muted."),
		unheard:       counter("packets_unheard_total", "RTP packets of microphones that were not among the loudest."),
		duplicates:    counter("packets_duplicate_total", "RTP packets received again or too late."),
		flooded:       counter("packets_flooded_total", "RTP and RTCP packets dropped because their track or connection was over its rate."),
		malformed:     counter("packets_malformed_total", "RTP and RTCP packets that could not be read."),
		nacksSent:     counter("nacks_sent_total", "Packets asked for again from publishers."),
		nacksReceived: counter("nacks_received_total", "Packets that subscribers asked for again."),
		resent:        counter("packets_resent_total", "RTP packets sent again to subscribers."),
		plisSent:      counter("keyframe_requests_sent_total", "Keyframes asked for from publishers."),
		plisReceived:  counter("keyframe_requests_received_total", "Keyframes that subscribers asked for."),
		switches:      counter("layer_switches_total", "Changes of a subscriber to another simulcast encoding."),
		offersSent:    counter("offers_total", "Offers made on subscriber connections."),
	}
	if r == nil {
		return m, nil
	}
	for i, c := range all {
		if err := r.Register(c); err != nil {
			for _, registered := range all[:i] {
				r.Unregister(registered)
			}
			return nil, err
		}
	}
	return m, nil
}
