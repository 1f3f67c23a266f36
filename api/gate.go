package api

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

// gate lets as many requests work at once as are worked on fastest, a few more
// wait, and turns the rest away at once: those who are served are served as
// quickly as ever, and those who are not learn it in time to ask elsewhere.
// Bodies arrive before the gate, so that a slow one holds no place.
type gate struct {
	places  chan struct{}
	most    int64 // that may wait
	wait    time.Duration
	waiting atomic.Int64
}

// Gate is how many requests are answered at once; zero fields take the default.
type Gate struct {
	Working int           // at once; default twice the processors
	Waiting int           // for a place; default eight times Working
	Wait    time.Duration // at most; default 50 ms
}

func newGate(g Gate) *gate {
	if g.Working <= 0 {
		g.Working = 2 * runtime.GOMAXPROCS(0)
	}
	if g.Waiting <= 0 {
		g.Waiting = 8 * g.Working
	}
	if g.Wait <= 0 {
		g.Wait = 50 * time.Millisecond
	}
	return &gate{places: make(chan struct{}, g.Working), most: int64(g.Waiting), wait: g.Wait}
}

// enter takes a place, or waits for one; false: there is none in time.
func (g *gate) enter(ctx context.Context) bool {
	select {
	case g.places <- struct{}{}:
		return true
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.most {
		return false
	}
	late := time.NewTimer(g.wait)
	defer late.Stop()
	select {
	case g.places <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gate) leave() { <-g.places }

// Load is how busy the API is.
type Load struct {
	Working, Waiting int
}

// Load answers how many requests are worked on and how many wait.
func (s *server) Load() Load {
	return Load{len(s.gate.places), int(s.gate.waiting.Load())}
}

// retryAfter is what who is turned away is told to wait, in seconds.
const retryAfter = 1

// errBusy is answered to who finds no place, by each contract in its own form.
var errBusy = &busy{}

type busy struct{}

func (*busy) Error() string { return "too many requests at once; try again" }

// enter takes a place for the request. The place is given back by left, or when
// the first byte of the answer leaves, whichever is first: who reads slowly holds
// none.
func (s *server) enter(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, left func(), err error) {
	if !s.gate.enter(r.Context()) {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		return w, func() {}, errBusy
	}
	p := &placed{ResponseWriter: w, gate: s.gate}
	return p, p.leave, nil
}

// placed is an answer whose request has a place.
type placed struct {
	http.ResponseWriter
	gate *gate
	left bool
}

func (p *placed) leave() {
	if !p.left {
		p.left = true
		p.gate.leave()
	}
}

func (p *placed) Write(b []byte) (int, error) {
	p.leave()
	return p.ResponseWriter.Write(b)
}

type leaveKey struct{}

// leaving is a context in which the request may give its place back early.
func leaving(ctx context.Context, left func()) context.Context {
	return context.WithValue(ctx, leaveKey{}, left)
}

// leave gives the request's place back before it waits for something.
func leave(ctx context.Context) {
	if left, ok := ctx.Value(leaveKey{}).(func()); ok {
		left()
	}
}

func (p *placed) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// ungated are the GETs that no load may turn away, and the streams, which have a
// gate of their own.
var ungated = map[string]bool{"GET /healthz": true, "GET /readyz": true, "GET /ping": true, "GET /v2/data/refresh": true,
	"GET /datasets/{dataset}/entities": true, "GET /datasets/{dataset}/delta/{version}": true}

// gated gives a GET its place; others take theirs when their body has arrived.
func (s *server) gated(pattern string, refuse func(http.ResponseWriter, *http.Request, error), h http.Handler) http.Handler {
	if ungated[pattern] || pattern[:4] != "GET " {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w, left, err := s.enter(w, r)
		defer left()
		if err != nil {
			refuse(w, r, err)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// observed tells how a request was answered: by the route's pattern, never by the
// address, which may carry a name.
func (s *server) observed(pattern string, h http.Handler) http.Handler {
	if s.Observe == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := &observation{ResponseWriter: w, status: http.StatusOK}
		began := time.Now()
		defer func() { s.Observe(pattern, o.status, o.bytes, time.Since(began)) }()
		h.ServeHTTP(o, r)
	})
}

type observation struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (o *observation) WriteHeader(code int) {
	if code >= 200 {
		o.status = code
	}
	o.ResponseWriter.WriteHeader(code)
}

func (o *observation) Write(b []byte) (int, error) {
	n, err := o.ResponseWriter.Write(b)
	o.bytes += n
	return n, err
}

func (o *observation) Unwrap() http.ResponseWriter { return o.ResponseWriter }
