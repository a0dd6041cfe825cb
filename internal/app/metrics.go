package app

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"lectern/internal/config"
	"lectern/internal/diskspace"
	"lectern/internal/wire"
	"lectern/models"
	"lectern/services"
	"lectern/ws"
)

// metrics are what the program tells of itself. The routes, the media server and the relay register their own.
type metrics struct {
	*prometheus.Registry
	queries       *prometheus.HistogramVec // by operation
	queryFailures *prometheus.CounterVec   // by operation
	jobs          *prometheus.HistogramVec // by task
	jobFailures   *prometheus.CounterVec   // by task
	jobSuccess    *prometheus.GaugeVec     // by task
	calls         *prometheus.CounterVec   // by reason
	talked        prometheus.Histogram
	pushes        *prometheus.CounterVec // by result
	followed      *prometheus.CounterVec // by state
	apart         prometheus.Histogram
}

func newMetrics(version string) *metrics {
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "lectern", Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		Registry: prometheus.NewRegistry(),
		queries: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "lectern", Name: "database_seconds",
			Help:    "Time of queries, by operation; a transaction as a whole counts as one, too.",
			Buckets: []float64{.0002, .0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 5}}, []string{"operation"}),
		queryFailures: counter("database_failures_total", "Queries that failed unexpectedly, by operation.", "operation"),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "lectern", Name: "job_seconds",
			Help: "Time that each turn of a background job took.", Buckets: []float64{.001, .01, .1, 1, 10, 60, 600}}, []string{"task"}),
		jobFailures: counter("job_failures_total", "Turns of background jobs that failed.", "task"),
		jobSuccess: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "lectern", Name: "job_last_success_timestamp_seconds",
			Help: "When a background job last went well, in Unix seconds."}, []string{"task"}),
		calls: counter("calls_ended_total", "Calls that have ended, by reason.", "reason"),
		talked: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "lectern", Name: "call_seconds",
			Help: "How long calls lasted that were answered.", Buckets: []float64{10, 30, 60, 180, 600, 1800, 3600}}),
		pushes:   counter("push_messages_total", "Messages to push services, by what became of them: sent, gone, retried or given_up.", "result"),
		followed: counter("playback_reports_total", "Reports of players, by state.", "state"),
		apart: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "lectern", Name: "playback_error_seconds",
			Help:    "How far players that are in step were from where they should be, as they reported it.",
			Buckets: []float64{.01, .02, .04, .08, .15, .3, .6, 1, 2, 5}}),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "lectern", Name: "build_info", Help: "1, with the version.",
		ConstLabels: prometheus.Labels{"version": version}}, func() float64 { return 1 })
	m.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build,
		m.queries, m.queryFailures, m.jobs, m.jobFailures, m.jobSuccess, m.calls, m.talked, m.pushes, m.followed, m.apart)
	return m
}

// gauge exports what is read when somebody asks.
func (m *metrics) gauge(name, help string, read func() float64) {
	m.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "lectern", Name: name, Help: help}, read))
}

// gaugeOf is gauge for several values, by a label; those not read are left out.
func (m *metrics) gaugeOf(name, help, label string, read func() map[string]float64) {
	m.MustRegister(gauges{prometheus.NewDesc("lectern_"+name, help, []string{label}, nil), read})
}

type gauges struct {
	desc *prometheus.Desc
	read func() map[string]float64
}

func (g gauges) Describe(out chan<- *prometheus.Desc) { out <- g.desc }

func (g gauges) Collect(out chan<- prometheus.Metric) {
	for label, value := range g.read() {
		out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, value, label)
	}
}

// sockets exports what the hub counts.
func (m *metrics) sockets(hub *ws.Hub) {
	m.gauge("sockets", "Open sockets.", func() float64 { return float64(hub.Sockets()) })
	for name, c := range map[string]struct {
		help string
		read func(ws.Counts) uint64
	}{
		"sockets_opened_total":         {"Sockets opened.", func(c ws.Counts) uint64 { return c.Opened }},
		"sockets_too_slow_total":       {"Sockets closed because they did not take what was sent to them; their clients come back and ask for what is missing.", func(c ws.Counts) uint64 { return c.TooSlow }},
		"socket_frames_received_total": {"Frames received.", func(c ws.Counts) uint64 { return c.Received }},
		"socket_frames_sent_total":     {"Frames sent.", func(c ws.Counts) uint64 { return c.Sent }},
	} {
		m.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "lectern", Name: name, Help: c.help},
			func() float64 { return float64(c.read(hub.Counts())) }))
	}
}

// lessons exports what goes on now.
func (m *metrics) lessons(meetings *services.Meetings, calls *services.Calls, playback *services.Playback) {
	m.gauge("meetings", "Meetings that are going on.", func() float64 { n, _ := meetings.InProgress(); return float64(n) })
	m.gauge("meeting_participants", "People in all meetings.", func() float64 { _, n := meetings.InProgress(); return float64(n) })
	m.gaugeOf("calls", "Calls, by state.", "state", func() map[string]float64 {
		ringing, active := calls.Counts()
		return map[string]float64{"ringing": float64(ringing), "active": float64(active)}
	})
	m.gaugeOf("playbacks", "Videos of the meetings, by state.", "state", func() map[string]float64 {
		c := playback.Counts()
		return map[string]float64{"playing": float64(c.Playing), "paused": float64(c.Paused)}
	})
	m.gaugeOf("playback_followers", "People in meetings with a video, by how their player follows.", "state", func() map[string]float64 {
		states := map[string]float64{}
		for state, n := range playback.Counts().Followers {
			states[state] = float64(n)
		}
		return states
	})
}

// callEnded counts a call.
func (m *metrics) callEnded(call wire.Call) {
	m.calls.WithLabelValues(call.Reason).Inc()
	if call.AnsweredAt != nil && call.EndedAt != nil {
		m.talked.Observe(time.Time(*call.EndedAt).Sub(time.Time(*call.AnsweredAt)).Seconds())
	}
}

// playerSaid counts what a player reports.
func (m *metrics) playerSaid(state string, errMS float64) {
	m.followed.WithLabelValues(state).Inc()
	if state == "in_step" {
		m.apart.Observe(math.Abs(errMS) / 1000)
	}
}

// pushed counts an attempt.
func (m *metrics) pushed(result string) { m.pushes.WithLabelValues(result).Inc() }

// did counts a turn of a job.
func (m *metrics) did(job string, took time.Duration, err error) {
	m.jobs.WithLabelValues(job).Observe(took.Seconds())
	failures := m.jobFailures.WithLabelValues(job)
	if err != nil {
		failures.Inc()
		return
	}
	m.jobSuccess.WithLabelValues(job).SetToCurrentTime()
}

// Begin implements models.Watcher.
func (m *metrics) Begin(ctx context.Context, operation, _ string) (context.Context, func(string, error)) {
	start := time.Now()
	return ctx, func(_ string, err error) {
		m.queries.WithLabelValues(operation).Observe(time.Since(start).Seconds())
		if err != nil {
			m.queryFailures.WithLabelValues(operation).Inc()
		}
	}
}

// storage exports the pool of connections, what is stored, what waits in queues, and how full the disk is.
func (m *metrics) storage(store *models.Store, cfg config.Config) error {
	pool, err := store.SQL()
	if err != nil {
		return err
	}
	m.MustRegister(collectors.NewDBStatsCollector(pool, "lectern"))
	m.gaugeOf("disk_bytes", "The file system of the data folder: free and total.", "kind", func() map[string]float64 {
		space, err := diskspace.Of(cfg.DataDir)
		if err != nil {
			return nil
		}
		return map[string]float64{"free": float64(space.Free), "total": float64(space.Total)}
	})
	m.MustRegister(&stored{store: store, quota: cfg.UploadQuotaBytes})
	return nil
}

// countedEvery is how old the numbers may be that need a look into the database, which has so long to answer.
const (
	countedEvery = time.Minute
	countWithin  = 2 * time.Second
)

var (
	storedBytes = prometheus.NewDesc("lectern_storage_bytes", "Size of all files; equal ones lie on the disk once.", nil, nil)
	storedFiles = prometheus.NewDesc("lectern_storage_files", "Files.", nil, nil)
	nearQuota   = prometheus.NewDesc("lectern_storage_people_near_quota", "People whose files take nearly all that they may.", nil, nil)
	waiting     = prometheus.NewDesc("lectern_queue_length", "What waits to be worked off, by queue.", []string{"queue"}, nil)
)

// stored exports what the database knows, and nothing while that does not answer.
type stored struct {
	store *models.Store
	quota int64 // of one person, in bytes

	mu   sync.Mutex // guards the rest
	at   time.Time
	last []prometheus.Metric
}

func (s *stored) Describe(out chan<- *prometheus.Desc) {
	out <- storedBytes
	out <- storedFiles
	out <- nearQuota
	out <- waiting
}

func (s *stored) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) > countedEvery {
		s.last, s.at = s.count(), time.Now()
	}
	for _, metric := range s.last {
		out <- metric
	}
}

func (s *stored) count() []prometheus.Metric {
	ctx, cancel := context.WithTimeout(context.Background(), countWithin)
	defer cancel()
	var list []prometheus.Metric
	add := func(desc *prometheus.Desc, n int64, labels ...string) {
		list = append(list, prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), labels...))
	}
	if files, err := s.store.StoredBytes(ctx); err == nil {
		add(storedBytes, files.Bytes)
		add(storedFiles, int64(files.Files))
	}
	if n, err := s.store.PeopleWith(ctx, services.NearQuota(s.quota)); err == nil {
		add(nearQuota, n)
	}
	for queue, count := range map[string]func(context.Context) (int64, error){
		"announcements": s.store.WaitingAnnouncements, "push": s.store.WaitingPushes, "search": s.store.WaitingSearch,
	} {
		if n, err := count(ctx); err == nil {
			add(waiting, n, queue)
		}
	}
	return list
}
