package api

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/record"
)

// held is an archive whose screening waits until it is let go.
type held struct {
	*article41.Archive
	begun, go_on chan bool
}

func (h held) Screen(ctx context.Context, at record.At, q article41.Query) (article41.Screening, error) {
	h.begun <- true
	<-h.go_on
	return h.Archive.Screen(ctx, at, q)
}

// TestShedding: what is beyond the places and the queue is turned away at once,
// in the contract's own form, with a word when to come again; who has a place is
// served, and health is told all the while.
func TestShedding(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	slow := held{a, make(chan bool, 8), make(chan bool)}
	o := options()
	o.Gate = Gate{Working: 1, Waiting: 1, Wait: time.Minute}
	var mu sync.Mutex
	seen := map[string]int{}
	o.Observe = func(route string, status, bytes int, took time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		seen[route] = status
	}
	s := New(slow, o).(*server)
	h := as(s, account.Local())
	ask := func() *httptest.ResponseRecorder {
		return send(h, "POST", "/api/v1/screen", `{"name":"Blue Heron"}`)
	}
	answers := make(chan *httptest.ResponseRecorder, 2)
	go func() { answers <- ask() }()
	<-slow.begun
	go func() { answers <- ask() }()
	for s.Load() != (Load{Working: 1, Waiting: 1}) {
		time.Sleep(time.Millisecond)
	}
	for _, c := range []struct{ method, target, body, key string }{
		{"POST", "/api/v1/screen", `{"name":"x"}`, "title"},
		{"GET", "/api/v1/lists", "", "title"},
		{"POST", "/match/default", `{"queries":{"q":` + heron + `}}`, "detail"},
		{"GET", "/search/default?q=heron", "", "detail"},
		{"GET", "/catalog", "", "detail"},
		{"POST", "/reconcile/default", "", "detail"},
		{"GET", "/v2/search?name=x", "", "error"},
		{"POST", "/api/v1/payments/screen", "<a/>", "title"},
	} {
		w := send(h, c.method, c.target, c.body)
		if w.Code != 503 || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%s: %d, Retry-After %q", c.target, w.Code, w.Header().Get("Retry-After"))
			continue
		}
		parsed(t, w).at(c.key)
	}
	for _, target := range []string{"/healthz", "/readyz", "/ping"} {
		if w := send(h, "GET", target, ""); w.Code != 200 {
			t.Errorf("%s under load: %d", target, w.Code)
		}
	}
	close(slow.go_on)
	for range 2 {
		if w := <-answers; w.Code != 200 {
			t.Errorf("one that had a place: %d", w.Code)
		}
	}
	if l := s.Load(); l != (Load{}) {
		t.Errorf("places are not given back: %+v", l)
	}
	if w := ask(); w.Code != 200 {
		t.Errorf("after the rush: %d", w.Code)
	}
	mu.Lock()
	defer mu.Unlock()
	if seen["POST /api/v1/screen"] != 200 || seen["GET /search/{dataset}"] != 503 {
		t.Errorf("observed %v", seen)
	}
	for route := range seen {
		if strings.Contains(route, "heron") {
			t.Errorf("a name is observed: %s", route)
		}
	}
}

// TestPlaceInTime: who waits too long, or goes away, leaves the queue.
func TestPlaceInTime(t *testing.T) {
	g := newGate(Gate{Working: 1, Waiting: 5, Wait: time.Millisecond})
	if !g.enter(context.Background()) {
		t.Fatal("an empty gate is closed")
	}
	if g.enter(context.Background()) {
		t.Error("a full gate is open")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if g.enter(ctx) || len(g.queue) != 0 {
		t.Error("one that went away waits")
	}
	g.leave(0)
	if !g.enter(ctx) {
		t.Error("a place is not given back")
	}
}

// TestOverload plays twice the requests that can be borne, at moments of chance, on
// a clock of its own. Of those that are accepted 99 in 100 are answered within three
// times what 99 in 100 take without load; the places are never idle for it; and as
// work takes longer, fewer wait.
func TestOverload(t *testing.T) {
	longest := map[time.Duration]int{}
	for _, mean := range []time.Duration{100 * time.Microsecond, 400 * time.Microsecond, 12 * time.Millisecond} {
		const places, requests = 2, 40_000
		var now time.Time
		g := newGate(Gate{Working: places})
		g.now = func() time.Time { return now }
		chance := rand.New(rand.NewPCG(41, uint64(mean)))
		took := func() time.Duration { return mean/4 + time.Duration(chance.ExpFloat64()*float64(mean)*3/4) }
		type held struct{ until, came, began time.Time }
		var working []held
		waiting := map[*waiter]time.Time{}
		var quiet, answered []time.Duration
		var busy time.Duration
		begin := func(came time.Time) {
			d := took()
			quiet, busy = append(quiet, d), busy+d
			working = append(working, held{now.Add(d), came, now})
		}
		// Whose turn it is, or who is turned away when it comes, is told in its channel.
		told := func() {
			for w, came := range waiting {
				select {
				case has := <-w.has:
					delete(waiting, w)
					if has {
						begin(came)
					}
				default:
				}
			}
		}
		arrival := now
		away := 0
		for n := 0; n < requests; {
			slices.SortFunc(working, func(a, b held) int { return a.until.Compare(b.until) })
			if len(working) > 0 && working[0].until.Before(arrival) {
				done := working[0]
				working, now = working[1:], done.until
				answered = append(answered, now.Sub(done.came))
				g.leave(now.Sub(done.began))
				told()
				continue
			}
			now = arrival
			n++
			arrival = arrival.Add(time.Duration(chance.ExpFloat64() * float64(mean) / places / 2))
			switch has, _, w, _ := g.arrive(); {
			case has:
				begin(now)
			case w != nil:
				waiting[w] = now
			default:
				away++
			}
			longest[mean] = max(longest[mean], len(g.queue))
		}
		slices.Sort(quiet)
		slices.Sort(answered)
		p99 := func(d []time.Duration) time.Duration { return d[len(d)*99/100] }
		if got, without := p99(answered), p99(quiet); got > 3*without {
			t.Errorf("%s: p99 %s at twice the load, %s without", mean, got, without)
		}
		if used := float64(busy) / float64(places) / float64(now.Sub(time.Time{})); used < .95 {
			t.Errorf("%s: the places were used %.2f of the time", mean, used)
		}
		if away < requests/3 {
			t.Errorf("%s: %d of %d turned away", mean, away, requests)
		}
	}
	if a, b, c := longest[100*time.Microsecond], longest[400*time.Microsecond], longest[12*time.Millisecond]; a <= b || b <= c || c > 8 {
		t.Errorf("the queue does not follow the work: %d, %d, %d", a, b, c)
	}
}

// TestNotReadWhenBusy: who sends a large body to a server that is too busy is told
// so before it is read.
func TestNotReadWhenBusy(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Gate = Gate{Working: 1, Waiting: 1}
	s := New(a, o).(*server)
	s.gate.working, s.gate.queue = 1, []*waiter{{has: make(chan bool, 1)}}
	for target, key := range map[string]string{"/match/default": "detail", "/api/v1/screen": "title", "/api/v1/payments/screen": "title", "/reconcile/default": "detail"} {
		body := &countedReader{Reader: strings.NewReader(strings.Repeat(" ", 2*bigBody))}
		r := httptest.NewRequest("POST", target, body)
		r.ContentLength = 2 * bigBody
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		as(s, account.Local()).ServeHTTP(w, r)
		if w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("Connection") != "close" || body.read > 0 {
			t.Errorf("%s: %d %v after %d bytes", target, w.Code, w.Header(), body.read)
		}
		parsed(t, w).at(key)
	}
}

type countedReader struct {
	io.Reader
	read int
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.read += n
	return n, err
}
