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
