package app

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/feed"
	"kaiwa/internal/kernel/store"
)

// metrics is what GET /metrics tells.
type metrics struct {
	registry *prometheus.Registry
	handler  http.Handler
	panics   prometheus.Counter
	requests *prometheus.CounterVec
	commits  prometheus.Counter
	batched  prometheus.Counter
	syncing  prometheus.Counter

	served  atomic.Int64 // all answered requests
	mu      sync.RWMutex
	answers map[answer]prometheus.Counter // of requests
}

func newMetrics() *metrics {
	m := &metrics{
		answers:  map[answer]prometheus.Counter{},
		registry: prometheus.NewRegistry(),
		panics:   prometheus.NewCounter(prometheus.CounterOpts{Name: "kaiwa_panics_total", Help: "Panics that were caught."}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kaiwa_requests_total", Help: "Answered requests."}, []string{"operation", "status"}),
		commits:  prometheus.NewCounter(prometheus.CounterOpts{Name: "kaiwa_commits_total", Help: "Commits of the store."}),
		batched:  prometheus.NewCounter(prometheus.CounterOpts{Name: "kaiwa_committed_updates_total", Help: "Updates in those commits."}),
		syncing:  prometheus.NewCounter(prometheus.CounterOpts{Name: "kaiwa_commit_seconds_total", Help: "Time spent in commits."}),
	}
	m.registry.MustRegister(m.panics, m.requests, m.commits, m.batched, m.syncing, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) commit(batch int, took time.Duration) {
	m.commits.Inc()
	m.batched.Add(float64(batch))
	m.syncing.Add(took.Seconds())
}

// request counts an answer. Looking a counter up by its labels costs more than
// counting, so each is looked up once.
func (m *metrics) request(operation string, status int, _ time.Duration) {
	m.served.Add(1)
	key := answer{operation, status}
	m.mu.RLock()
	c := m.answers[key]
	m.mu.RUnlock()
	if c == nil {
		c = m.requests.WithLabelValues(operation, strconv.Itoa(status))
		m.mu.Lock()
		m.answers[key] = c
		m.mu.Unlock()
	}
	c.Inc()
}

type answer struct {
	operation string
	status    int
}

// added tells listeners of each request of a channel.
func (m *metrics) added(f *feed.Feed) func(api.Request) {
	return func(r api.Request) {
		if f.Followed() {
			f.Publish(feed.Change{Type: "request", ChannelID: r.ChannelID, Data: r})
		}
	}
}

// gauges are read when they are asked for.
func (a *App) gauges() {
	depth := func() (float64, float64) {
		n, oldest, err := a.queue.Depth(context.Background())
		if err != nil || n == 0 {
			return float64(n), 0
		}
		return float64(n), max(0, a.clock.Now().Sub(oldest).Seconds())
	}
	a.metrics.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kaiwa_queue_depth", Help: "Deliveries that wait or are under way."},
			func() float64 { n, _ := depth(); return n }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kaiwa_oldest_undelivered_webhook_seconds", Help: "How long the oldest undelivered webhook is due."},
			func() float64 { _, age := depth(); return age }),
		webhookAttempts{a})
}

// webhookAttempts counts attempts by how they ended.
type webhookAttempts struct{ app *App }

var attemptsDesc = prometheus.NewDesc("kaiwa_webhook_attempts_total", "Webhook delivery attempts.", []string{"reason"}, nil)

// Describe is prometheus.Collector's.
func (c webhookAttempts) Describe(out chan<- *prometheus.Desc) { out <- attemptsDesc }

// Collect is prometheus.Collector's.
func (c webhookAttempts) Collect(out chan<- prometheus.Metric) {
	for reason, n := range c.app.hooks.Attempts() {
		out <- prometheus.MustNewConstMetric(attemptsDesc, prometheus.CounterValue, float64(n), reason)
	}
}

// ready: a write went through, to the disk.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	err := a.db.Update(r.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO settings (name, value) VALUES ('ready', '1') ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
		return err
	})
	if err != nil {
		w.Header().Set("Retry-After", "1")
		plain(w, http.StatusServiceUnavailable, `{"status":"the store cannot be written"}`)
		return
	}
	plain(w, http.StatusOK, `{"status":"ready"}`)
}
