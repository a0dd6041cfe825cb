package app

import (
	"regexp"

	"github.com/prometheus/client_golang/prometheus"
)

var nameIn = regexp.MustCompile(`fqName: "([^"]+)"`)

// MetricNames are the names of all metrics, also of those that count nothing yet.
func (a *App) MetricNames() map[string]bool {
	descs, names := make(chan *prometheus.Desc), map[string]bool{}
	go func() { a.metrics.Describe(descs); close(descs) }()
	for desc := range descs {
		names[nameIn.FindStringSubmatch(desc.String())[1]] = true
	}
	return names
}
