package controllers

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"lectern/services"
)

// healthz: the process answers.
func healthz(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) }

// readyz: it can also do its work, as far as ready tells.
func readyz(ready func(context.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
		defer cancel()
		if err := ready(ctx); err != nil {
			logger(c).Error("not ready", "error", err)
			fail(c, &services.Error{Kind: services.KindUnavailable, Message: "Lectern cannot work now; its log says why.", Cause: err})
			return
		}
		healthz(c)
	}
}

// requestBuckets are the bounds, in seconds, between which the times of answers are counted.
var requestBuckets = []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// countRequests feeds the metrics of requests, by route.
func countRequests(metrics *prometheus.Registry) gin.HandlerFunc {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "lectern_http_requests_total", Help: "HTTP requests by route and status.",
	}, []string{"method", "route", "status"})
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "lectern_http_request_seconds", Help: "Time to answer, by route.",
		Buckets: requestBuckets,
	}, []string{"method", "route"})
	metrics.MustRegister(requests, took)
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		route, method := c.FullPath(), c.Request.Method
		if route == "" { // anything may be asked for: no label for each
			route, method = "none", "any"
		}
		requests.WithLabelValues(method, route, strconv.Itoa(c.Writer.Status())).Inc()
		took.WithLabelValues(method, route).Observe(time.Since(start).Seconds()) // of a socket it is the upgrade: the socket outlives the request
	}
}

// MetricsReaders says who may read the metrics: programs on this machine, those of some networks, and whoever has the token.
type MetricsReaders struct {
	Networks []netip.Prefix
	Token    string // empty: none
}

// let passes readers on. What comes through a proxy that is trusted comes from whom it names.
func (r MetricsReaders) let(c *gin.Context) {
	token := bearer(c)
	if r.Token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(r.Token)) == 1 {
		return
	}
	from, err := netip.ParseAddr(c.ClientIP())
	from = from.Unmap()
	local := from.IsLoopback() && !forwarded(c)
	if err == nil && (local || slices.ContainsFunc(r.Networks, func(n netip.Prefix) bool { return n.Contains(from) })) {
		return
	}
	fail(c, services.Forbidden("Metrics are for this machine, metrics_networks and whoever has the metrics_token."))
}

// forwarded tells whether a proxy has passed the request on, one that is trusted or not.
func forwarded(c *gin.Context) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if c.GetHeader(name) != "" {
			return true
		}
	}
	return false
}

func metricsPage(metrics *prometheus.Registry) gin.HandlerFunc {
	return gin.WrapH(promhttp.HandlerFor(metrics, promhttp.HandlerOpts{Registry: metrics}))
}
