package app

import (
	"context"
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"lectern/ws"
)

// ready tells whether the database answers and the data folder can be written.
func (a *App) ready(ctx context.Context) error {
	if err := a.store.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	probe, err := os.CreateTemp(a.cfg.DataDir, ".ready-*")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

// metrics has what every Go program counts, and the sockets.
func metrics(hub *ws.Hub) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "lectern_sockets", Help: "Open sockets."},
			func() float64 { return float64(hub.Sockets()) }),
	)
	return registry
}
