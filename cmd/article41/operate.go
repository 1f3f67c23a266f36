package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"article41"
	"article41/api"
	"article41/date"
	"article41/record"
)

// operation is what who runs the program sees of it: metrics and profiles, each
// on an address of its own, and a log of requests. Nothing of it names anybody:
// labels and lines hold a route's pattern, never an address, a body or who asked.
type operation struct {
	metricsAddr string
	pprofAddr   string
	requests    bool
	tracesTo    string
	traced      float64
	token       string
	gate        api.Gate
	drain       time.Duration

	served  *prometheus.CounterVec
	took    *prometheus.HistogramVec
	metrics *prometheus.Registry
}

func (o *operation) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.metricsAddr, "metrics-addr", "", "serve Prometheus metrics at /metrics on this `address` (default nowhere)")
	f.StringVar(&o.pprofAddr, "pprof-addr", "", "serve Go's profiles at /debug/pprof/ on this loopback `address` (default nowhere)")
	f.BoolVar(&o.requests, "log-requests", false, "log each answer of the API: route, status, bytes, milliseconds; no address, no name")
	f.StringVar(&o.tracesTo, "traces-to", "", "send OpenTelemetry spans (OTLP over HTTP, JSON) to this collector's `address`, such as http://127.0.0.1:4318/v1/traces (default nowhere)")
	f.Float64Var(&o.traced, "traced", 1, "the `share` of requests that spans are made of, 0 to 1, where the caller does not say whether it traces")
	f.StringVar(&o.token, "update-token", "", "the `token` that POST /updatez wants (default: nobody may)")
	f.IntVar(&o.gate.Working, "working", 0, "API requests answered at `once` (default the processors)")
	f.DurationVar(&o.drain, "drain", 0, "when told to stop, answer on for so `long` while /readyz says 503, so that a balancer looks elsewhere (default 0s)")
	f.DurationVar(&o.gate.Wait, "wait", 0, "how `long` an API request may wait for a place, or as long as an answer takes where that is longer (default 0.5ms)")
	f.IntVar(&o.gate.Waiting, "waiting", 0, "API requests that may ever wait for a place; how many do follows how long answers take, and more are turned away with 503 (default 64 times --working)")
}

// check says what is wrong with the addresses, before anything is opened.
func (o *operation) check() error {
	if o.metricsAddr != "" {
		if _, _, err := net.SplitHostPort(o.metricsAddr); err != nil {
			return errUse{fmt.Errorf("--metrics-addr %q: want HOST:PORT, such as 127.0.0.1:9041", o.metricsAddr)}
		}
	}
	if o.tracesTo != "" {
		if err := tracesTo(o.tracesTo); err != nil {
			return err
		}
	}
	if o.traced < 0 || o.traced > 1 || o.traced != o.traced {
		return errUse{fmt.Errorf("--traced %v: want a share from 0 to 1", o.traced)}
	}
	if o.pprofAddr != "" { // a profile holds what is in memory
		if host, _, err := net.SplitHostPort(o.pprofAddr); err != nil || !net.ParseIP(host).IsLoopback() {
			return errUse{fmt.Errorf("--pprof-addr %q: want HOST:PORT on loopback, such as 127.0.0.1:6060", o.pprofAddr)}
		}
	}
	return nil
}

// start opens the addresses that were asked for; they close with the context.
func (o *operation) start(ctx context.Context, log *slog.Logger) error {
	if o.pprofAddr != "" {
		mux := http.NewServeMux()
		mux.HandleFunc("/debug/pprof/", pprof.Index)
		mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
		l, err := listen(ctx, o.pprofAddr, false)
		if err != nil {
			return errUnable{fmt.Errorf("--pprof-addr %s: %w", o.pprofAddr, err)}
		}
		o.serve(ctx, l, mux, "profiles", log)
	}
	if o.metricsAddr == "" {
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.metricsAddr)
	if err != nil {
		return errUnable{fmt.Errorf("--metrics-addr %s: %w", o.metricsAddr, err)}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.metrics, promhttp.HandlerOpts{}))
	o.serve(ctx, l, mux, "metrics", log)
	return nil
}

func (o *operation) serve(ctx context.Context, l net.Listener, h http.Handler, what string, log *slog.Logger) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	log.Info("listening", "for", what, "address", l.Addr().String())
	go func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			log.Error("stopped listening", "for", what, "error", err)
		}
	}()
	context.AfterFunc(ctx, func() { srv.Close() })
}

// observe is told of every answer of the API.
func (o *operation) observe(log *slog.Logger) func(string, int, int, time.Duration) {
	if o.metricsAddr == "" && !o.requests {
		return nil
	}
	o.metrics = prometheus.NewRegistry()
	o.served = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "article41_answers_total", Help: "Answers of the API, by route and status."}, []string{"route", "status"})
	o.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "article41_answer_seconds", Help: "How long an answer took, its body's arrival included.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30}}, []string{"route"})
	o.metrics.MustRegister(o.served, o.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return func(route string, status, bytes int, took time.Duration) {
		o.served.WithLabelValues(route, strconv.Itoa(status)).Inc()
		o.took.WithLabelValues(route).Observe(took.Seconds())
		if o.requests {
			log.Info("answer", "route", route, "status", status, "bytes", bytes, "ms", float64(took.Microseconds())/1000)
		}
	}
}

// watch adds what the archive and the API tell of themselves.
func (o *operation) watch(arc *article41.Archive, answers api.Operated, today func() date.Day) {
	if o.metrics == nil {
		return
	}
	gauge := func(name, help string, of func() float64) {
		o.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, of))
	}
	gauge("article41_ledger_position", "Position of the ledger that answers rest on.", func() float64 { return float64(arc.Basis().Position) })
	gauge("article41_working", "API requests that are worked on.", func() float64 { return float64(answers.Load().Working) })
	gauge("article41_waiting", "API requests that wait for a place.", func() float64 { return float64(answers.Load().Waiting) })
	o.metrics.MustRegister(listAges{arc, today}, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "article41_shed_total", Help: "API requests turned away because they had waited too long to be looked at."},
		func() float64 { return float64(answers.Load().Shed) }))
}

// listAges tells how old each list is, which is what most often goes wrong.
type listAges struct {
	arc   *article41.Archive
	today func() date.Day
}

func (l listAges) desc() *prometheus.Desc {
	return prometheus.NewDesc("article41_list_age_days", "Days since the newest version held of a list.", []string{"list"}, nil)
}

// Describe is part of prometheus.Collector.
func (l listAges) Describe(c chan<- *prometheus.Desc) { c <- l.desc() }

// Collect is part of prometheus.Collector.
func (l listAges) Collect(c chan<- prometheus.Metric) {
	now := l.today()
	lists, err := l.arc.Lists(context.Background(), record.At{AsOf: now, KnownAt: now})
	if err != nil {
		c <- prometheus.NewInvalidMetric(l.desc(), err)
		return
	}
	for _, u := range lists {
		if u.Newest != nil {
			c <- prometheus.MustNewConstMetric(l.desc(), prometheus.GaugeValue, float64(now.Sub(*u.Newest)), string(u.List))
		}
	}
}
