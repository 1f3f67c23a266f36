package api

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

// gate lets as many requests work at once as there are processors, lets a few more
// wait, and turns the rest away at once: those who are served are served about as
// quickly as ever, and those who are not learn it in time to ask elsewhere.
//
// How many may wait follows how long the work takes: no more than can be begun
// within the wait, but always a few. Who waited longer all the same is turned away
// when the turn comes, as controlled delay (RFC 8289) drops what stood too long.
// Bodies arrive before the gate, so that a slow one holds no place; where the queue
// is full, they are not read.
type gate struct {
	places int
	most   int // that may ever wait
	wait   time.Duration
	now    func() time.Time

	mu      sync.Mutex
	working int
	queue   []*waiter     // the first is the oldest
	usual   time.Duration // how long a place is held: a moving mean

	rush, before rush // the span now counted, and the one before
}

// waiter is a request that waits for a place; it is told once whether it has one.
type waiter struct {
	until time.Time // it is of no use to be let in later
	has   chan bool
}

// Gate is how many requests are answered at once; zero fields take the default.
type Gate struct {
	Working int           // at once; default the processors
	Waiting int           // for a place; default 64 times Working, of which the wait allows fewer
	Wait    time.Duration // for a place, or as long as the work takes if that is longer; default half a millisecond
}

func newGate(g Gate) *gate {
	if g.Working <= 0 {
		g.Working = runtime.GOMAXPROCS(0)
	}
	if g.Waiting <= 0 {
		g.Waiting = 64 * g.Working
	}
	if g.Wait <= 0 {
		g.Wait = 500 * time.Microsecond
	}
	return &gate{places: g.Working, most: g.Waiting, wait: g.Wait, now: time.Now}
}

// longestWait bounds the wait where the work takes long.
const longestWait = 50 * time.Millisecond

// long is how long a request may wait: the wait, and where the work itself takes
// longer, as long as one piece of it.
func (g *gate) long() time.Duration { return max(g.wait, min(g.usual, longestWait)) }

// few may wait for each place however long the work takes: a handful of callers,
// each with one request at a time, is never turned away.
const few = 3

// patience is how long who comes now is let wait for a place. The few wait as long as
// those before them may need, since one piece of work may take many times as long as
// another.
func (g *gate) patience() time.Duration {
	if len(g.queue) < few*g.places {
		return 2 * few * max(g.usual, longestWait)
	}
	return max(g.wait, few*min(g.usual, longestWait))
}

// rush is who came in one span of time.
type rush struct {
	number            int64
	began             time.Time
	requests, callers int
}

// span is how long is looked back to tell whether many come.
const span = 20 * time.Millisecond

// tooLate reports whether who comes now, having waited so long to be looked at, is
// to be turned away: a burst as long as the wait is borne, and as much again. Only
// where those who come are themselves the load: more callers than eight for each
// place, with a quarter of the work that it can do or more. Who waited alone, since
// the machine did something else, is served; where work takes long, the queue of the
// gate is what callers wait in.
func (g *gate) tooLate(c *caller, waited time.Duration) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if past := now.Sub(g.rush.began); past >= span || past < 0 {
		g.before = g.rush
		if past >= 2*span || past < 0 {
			g.before = rush{}
		}
		g.rush = rush{number: g.rush.number + 1, began: now}
	}
	g.rush.requests++
	if c.span.Swap(g.rush.number) != g.rush.number {
		g.rush.callers++
	}
	many := max(g.rush.callers, g.before.callers) > 8*g.places &&
		time.Duration(max(g.rush.requests, g.before.requests))*g.usual >= time.Duration(g.places)*span/4
	return many && waited > 2*g.long()
}

// full reports whether who comes now would not be served in time.
func (g *gate) full() bool {
	if g.working < g.places {
		return false
	}
	allowed := g.most
	if g.usual > 0 {
		allowed = min(allowed, max(few*g.places, int(time.Duration(g.places)*g.long()/g.usual)))
	}
	return len(g.queue) >= allowed
}

// closed is full, for who has not sent all of a request.
func (g *gate) closed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.full()
}

// arrive takes a place if there is one; else the request waits, or, if there is no
// waiter either, is turned away. The last place is told, and how long one may wait.
func (g *gate) arrive() (has, last bool, w *waiter, long time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.working < g.places && len(g.queue) == 0 {
		g.working++
		return true, g.working == g.places, nil, 0
	}
	if g.full() {
		return false, false, nil, 0
	}
	long = g.patience()
	w = &waiter{g.now().Add(2 * long), make(chan bool, 1)}
	g.queue = append(g.queue, w)
	return false, false, w, long
}

// enter takes a place, or waits for one; false: there is none in time.
func (g *gate) enter(ctx context.Context) bool {
	has, last, w, long := g.arrive()
	if _, known := ctx.Value(arrivalKey{}).(*caller); last && !known {
		// Requests that arrived meanwhile wait for a processor, not yet here, and
		// cannot be counted or turned away. They come first. Where it is known how
		// long each waited, nobody need step aside.
		runtime.Gosched()
	}
	if has || w == nil {
		return has
	}
	late := time.NewTimer(long)
	defer late.Stop()
	select {
	case has := <-w.has:
		return has
	case <-late.C:
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.queue, w); i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
		return false
	}
	return <-w.has // it was told in the meantime
}

// leave gives a place back that was held so long, to who waited longest in time.
func (g *gate) leave(held time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.usual += (held - g.usual) / 16
	now := g.now()
	for len(g.queue) > 0 {
		w := g.queue[0]
		g.queue = slices.Delete(g.queue, 0, 1)
		inTime := !now.After(w.until)
		w.has <- inTime
		if inTime {
			return
		}
	}
	g.working--
}

// Load is how busy the API is.
type Load struct {
	Working, Waiting int
	Shed             uint64 // turned away since the start because they had waited too long to be looked at
}

// Load answers how many requests are worked on and how many wait.
func (s *server) Load() Load {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return Load{s.gate.working, len(s.gate.queue), s.shed.Load()}
}

// retryAfter is what who is turned away is told to wait, in seconds.
const retryAfter = 1

// errBusy is answered to who finds no place, by each contract in its own form.
var errBusy = &busy{}

type busy struct{}

func (*busy) Error() string { return "too many requests at once; try again" }

// turnedAway says when to come again.
func turnedAway(w http.ResponseWriter) error {
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	return errBusy
}

// enter takes a place for the request. The place is given back by left, or when
// the first byte of the answer leaves, whichever is first: who reads slowly holds
// none.
func (s *server) enter(w http.ResponseWriter, r *http.Request) (_ http.ResponseWriter, left func(), err error) {
	_, waited := s.step(r.Context(), "wait")
	in := s.gate.enter(r.Context())
	waited()
	if !in {
		return w, func() {}, turnedAway(w)
	}
	p := &placed{ResponseWriter: w, gate: s.gate, since: s.gate.now()}
	return p, p.leave, nil
}

// placed is an answer whose request has a place.
type placed struct {
	http.ResponseWriter
	gate  *gate
	since time.Time
	left  bool
}

func (p *placed) leave() {
	if !p.left {
		p.left = true
		p.gate.leave(p.gate.now().Sub(p.since))
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
