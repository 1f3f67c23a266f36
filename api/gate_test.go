package api

import (
	"context"
	"net/http/httptest"
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
	for s.Load() != (Load{1, 1}) {
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
	if g.enter(ctx) || g.waiting.Load() != 0 {
		t.Error("one that went away waits")
	}
	g.leave()
	if !g.enter(ctx) {
		t.Error("a place is not given back")
	}
}
