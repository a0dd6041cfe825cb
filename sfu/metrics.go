package sfu

import "github.com/prometheus/client_golang/prometheus"

// metrics are lock-free counters; the packet path only adds to them.
type metrics struct {
	rooms, participants, tracks        prometheus.Gauge
	received, forwarded, bytes         prometheus.Counter
	stopped, unheard                   prometheus.Counter
	duplicates, malformed              prometheus.Counter
	nacksSent, nacksReceived, resent   prometheus.Counter
	plisSent, plisReceived, offersSent prometheus.Counter
	switches                           prometheus.Counter
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
	m := &metrics{
		rooms:         gauge("rooms", "Rooms with somebody in them."),
		participants:  gauge("participants", "Participants in all rooms."),
		tracks:        gauge("tracks", "Tracks being published."),
		received:      counter("packets_received_total", "RTP packets received from publishers, without repeated ones."),
		forwarded:     counter("packets_forwarded_total", "RTP packets sent to subscribers, without retransmissions."),
		bytes:         counter("bytes_forwarded_total", "RTP bytes sent to subscribers, without retransmissions."),
		stopped:       counter("packets_stopped_total", "RTP packets received and not forwarded because their sender is muted."),
		unheard:       counter("packets_unheard_total", "RTP packets of microphones that were not among the loudest."),
		duplicates:    counter("packets_duplicate_total", "RTP packets received again or too late."),
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
