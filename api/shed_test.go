package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"article41/account"
)

// came is a connection whose request came in so long ago.
type came time.Duration

func (c came) Arrived() int64 {
	if c < 0 {
		return 0
	}
	return time.Now().Add(-time.Duration(c)).UnixNano()
}

// TestWaitedAlone: who waited because the machine did something else is served; who
// waited among many that came is not.
func TestWaitedAlone(t *testing.T) {
	now := time.Unix(0, 0)
	g := newGate(Gate{Working: 2})
	g.now, g.usual = func() time.Time { return now }, 50*time.Microsecond
	const late = 10 * time.Millisecond
	few, many := make([]caller, 16), make([]caller, 64)
	for i := range 10_000 { // 40,000 a second, of callers of whom none can wait for more than seven others
		if now = now.Add(25 * time.Microsecond); g.tooLate(&few[i%len(few)], late) {
			t.Fatalf("request %d is turned away", i)
		}
	}
	now = now.Add(time.Second)
	for i := range 500 { // many callers, who ask little
		if now = now.Add(200 * time.Microsecond); g.tooLate(&many[i%len(many)], late) {
			t.Fatalf("request %d, nearly alone, is turned away", i)
		}
	}
	now = now.Add(time.Second)
	turned := 0
	for i := range 10_000 {
		now = now.Add(25 * time.Microsecond)
		if g.tooLate(&many[i%len(many)], late) {
			turned++
		}
		if g.tooLate(&many[0], time.Microsecond) {
			t.Fatal("one that did not wait is turned away")
		}
	}
	if turned < 9_000 {
		t.Errorf("of 10,000 that waited among many %d are turned away", turned)
	}
	now = now.Add(time.Second)
	if g.tooLate(&many[0], late) {
		t.Error("one that comes when the rush is over is turned away")
	}
}

// TestShed: what waited too long for a processor is refused in its contract's own
// form before anything behind is asked or a byte of its body read; what did not,
// health, pages, and what nobody knows of go through.
func TestShed(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Gate = Gate{Wait: time.Minute / 4}
	s := New(a, o).(*server)
	passed := 0
	behind := s.Shed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }))
	const long, short = came(30 * time.Second), came(time.Second)
	s.gate.wait = 10 * time.Second // tests may be slow, and nothing here waits
	now := time.Now()
	s.gate.now = func() time.Time { return now }
	s.gate.usual, s.gate.rush = time.Minute, rush{1, now, 1000, 1000} // and many come
	for _, c := range []struct {
		why, method, path string
		size              int64
		age               came
		key               string // of the refusal; empty: goes through
	}{
		{"a match that waited", "POST", "/match/default", 100, long, "detail"},
		{"the own API", "POST", "/api/v1/screen", 100, long, "title"},
		{"Watchman's", "GET", "/v2/search?name=x", 0, long, "error"},
		{"a large body", "POST", "/match/default", 2 * bigBody, long, "detail"},
		{"in time", "POST", "/match/default", 100, short, ""},
		{"health", "GET", "/healthz", 0, long, ""},
		{"readiness", "GET", "/readyz", 0, long, ""},
		{"a page", "GET", "/regimes", 0, long, ""},
		{"nobody knows when it came", "POST", "/match/default", 100, came(-1), ""},
		{"the clock was set", "POST", "/match/default", 100, came(time.Hour), ""},
	} {
		passed = 0
		body := &countedReader{Reader: strings.NewReader(strings.Repeat(" ", int(c.size)))}
		r := httptest.NewRequest(c.method, c.path, body)
		r.ContentLength = c.size
		r = r.WithContext(WithArrival(r.Context(), c.age))
		w := httptest.NewRecorder()
		behind.ServeHTTP(w, r)
		if c.key == "" {
			if passed != 1 {
				t.Errorf("%s: refused with %d", c.why, w.Code)
			}
			continue
		}
		if passed != 0 || w.Code != 503 || w.Header().Get("Retry-After") != "1" || body.read != 0 {
			t.Errorf("%s: %d %v, %d bytes read", c.why, w.Code, w.Header(), body.read)
			continue
		}
		if closes := w.Header().Get("Connection") == "close"; closes != (c.size > bigBody) {
			t.Errorf("%s: closes the connection: %t", c.why, closes)
		}
		parsed(t, w).at(c.key)
	}
	if got := s.Load().Shed; got != 4 {
		t.Errorf("%d counted, want 4", got)
	}
	if w := send(as(s, account.Local()), "GET", "/api/v1/lists", ""); w.Code != 200 {
		t.Errorf("without an age: %d", w.Code)
	}
}
