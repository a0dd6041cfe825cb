package relay

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	allocations             prometheus.Gauge
	bytes, dropped, refused prometheus.Counter
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "lectern", Subsystem: "turn", Name: name, Help: help})
	}
	m := &metrics{
		allocations: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "lectern", Subsystem: "turn", Name: "allocations", Help: "Allocations that live."}),
		bytes:   counter("bytes_total", "Bytes relayed, both directions."),
		dropped: counter("packets_dropped_total", "Datagrams beyond their user's rate."),
		refused: counter("packets_refused_total", "Datagrams to addresses that the relay does not send to."),
	}
	if r == nil {
		return m, nil
	}
	return m, errors.Join(r.Register(m.allocations), r.Register(m.bytes), r.Register(m.dropped), r.Register(m.refused))
}
