package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// asked is a publisher that notes what it was asked.
type asked struct {
	*httptest.Server
	requests []*http.Request
}

func publisher(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *asked {
	t.Helper()
	a := &asked{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests = append(a.requests, r)
		answer(len(a.requests), w, r)
	}))
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(a.Close)
	return a
}

// waits stands in for the clock between tries.
func waits(into *[]time.Duration) func(context.Context, time.Duration) error {
	return func(_ context.Context, d time.Duration) error {
		*into = append(*into, d)
		return nil
	}
}

func TestFetch(t *testing.T) {
	p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "the bytes") })
	a, err := New(Options{Agent: "article41/test"}).Fetch(t.Context(), p.URL+"/x")
	if err != nil {
		t.Fatal(err)
	}
	if string(a.Bytes) != "the bytes" || a.SHA256 != sha256.Sum256([]byte("the bytes")) || a.URL != p.URL+"/x" || a.Unchanged {
		t.Errorf("%+v", a)
	}
	r := p.requests[0]
	if r.UserAgent() != "article41/test" || r.Header.Get("Accept-Encoding") != "" || r.Header.Get("Cookie") != "" {
		t.Errorf("asked with %v", r.Header)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		why, address string
		ok           bool
	}{
		{"https", "https://example.org/a", true},
		{"http on this machine", "http://127.0.0.1:1/a", true},
		{"by its name", "http://localhost:1/a", true},
		{"and in the newer form", "http://[::1]:1/a", true},
		{"http elsewhere can be changed on the way", "http://example.org/a", false},
		{"a name that only begins like this machine's", "http://localhost.example.org/a", false},
		{"an address of the neighbourhood is not this machine", "http://192.168.1.1/a", false},
		{"another scheme", "ftp://example.org/a", false},
		{"a file is no publisher", "file:///etc/hostname", false},
		{"a password", "https://me:secret@example.org/a", false},
		{"no host", "https:///a", false},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		err = allowed(u)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrAddress) {
			t.Errorf("%s: %s: %v", c.why, c.address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the password: %v", c.why, err)
		}
	}
	if _, err := New(Options{}).Fetch(t.Context(), "http://exa mple.org"); !errors.Is(err, ErrAddress) {
		t.Errorf("no address at all: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	ask := func(address string) *http.Request {
		r, err := http.NewRequest("GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		why, from, to string
		ok            bool
	}{
		{"to another host", "https://a.example/x", "https://b.example/x", true},
		{"away from https", "https://a.example/x", "http://b.example/x", false},
		{"from outside into this machine", "https://a.example/x", "http://127.0.0.1:8041/x", false},
		{"from outside into this machine, by https", "https://a.example/x", "https://localhost/x", false},
		{"within this machine", "http://127.0.0.1:1/x", "http://127.0.0.1:2/x", true},
	} {
		if err := follow(ask(c.to), []*http.Request{ask(c.from)}); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrAddress) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	})
	var waited []time.Duration
	if _, err := New(Options{Sleep: waits(&waited)}).Fetch(t.Context(), p.URL+"/"); !errors.Is(err, ErrAddress) || len(p.requests) != redirects+1 || len(waited) != 0 {
		t.Errorf("a chain without end: %v after %d requests, %d waits", err, len(p.requests), len(waited))
	}
	q := publisher(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if n <= redirects {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			return
		}
		fmt.Fprint(w, "there")
	})
	if a, err := New(Options{}).Fetch(t.Context(), q.URL+"/"); err != nil || a.URL != q.URL+"/xxxxx" || string(a.Bytes) != "there" {
		t.Errorf("the longest chain that is followed: %+v, %v", a, err)
	}
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		why  string
		size int
		said bool // in Content-Length
		ok   bool
	}{
		{"just as much as is taken", 1000, true, true},
		{"just as much, not said before", 1000, false, true},
		{"one more", 1001, true, false},
		{"one more, not said before", 1001, false, false},
		{"much more, not said before", 1 << 20, false, false},
	} {
		p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) {
			if c.said {
				w.Header().Set("Content-Length", fmt.Sprint(c.size))
			} else {
				w.(http.Flusher).Flush()
			}
			w.Write(make([]byte, c.size))
		})
		a, err := New(Options{Limit: 1000}).Fetch(t.Context(), p.URL)
		if c.ok && (err != nil || len(a.Bytes) != c.size) || !c.ok && (!errors.Is(err, ErrTooLarge) || a.Bytes != nil) {
			t.Errorf("%s: %d bytes, %v", c.why, len(a.Bytes), err)
		}
		if len(p.requests) != 1 {
			t.Errorf("%s: asked %d times", c.why, len(p.requests))
		}
	}
}

func TestTries(t *testing.T) {
	status := func(codes ...int) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(codes[min(n, len(codes))-1])
		}
	}
	later := func(after string, then string) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, r *http.Request) {
			if n == 1 {
				w.Header().Set("Date", "Mon, 23 Nov 2026 17:00:00 GMT")
				w.Header().Set("Retry-After", after)
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			fmt.Fprint(w, then)
		}
	}
	cut := func(until int) func(int, http.ResponseWriter, *http.Request) {
		return func(n int, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			if n < until {
				w.Write(make([]byte, 50))
				return
			}
			w.Write(make([]byte, 100))
		}
	}
	s := time.Second
	for _, c := range []struct {
		why    string
		answer func(int, http.ResponseWriter, *http.Request)
		ok     bool
		asked  int
		waited []time.Duration
	}{
		{"what is not there will not be there in a second", status(404), false, 1, nil},
		{"nor what is forbidden", status(403), false, 1, nil},
		{"nor what the publisher cannot do", status(501), false, 1, nil},
		{"only whole answers are taken", status(206), false, 1, nil},
		{"not changed, though nothing was held", status(304), false, 1, nil},
		{"a busy publisher is left alone, longer each time", status(503, 429, 502, 200), true, 4, []time.Duration{s, 2 * s, 4 * s}},
		{"and given up in the end", status(500), false, 4, []time.Duration{s, 2 * s, 4 * s}},
		{"as long as it asks for", later("17", "x"), true, 2, []time.Duration{17 * s}},
		{"or until when it says, by its own clock", later("Mon, 23 Nov 2026 17:00:40 GMT", "x"), true, 2, []time.Duration{40 * s}},
		{"a day that is past is no wait", later("Mon, 23 Nov 2026 16:00:00 GMT", "x"), true, 2, []time.Duration{s}},
		{"a wish that cannot be read is none", later("soon", "x"), true, 2, []time.Duration{s}},
		{"longer than this client lives: not waited at all", later("86400", "x"), false, 1, nil},
		{"an answer cut short is asked for again", cut(3), true, 3, []time.Duration{s, 2 * s}},
		{"and never taken", cut(99), false, 4, []time.Duration{s, 2 * s, 4 * s}},
	} {
		p := publisher(t, c.answer)
		var waited []time.Duration
		a, err := New(Options{Sleep: waits(&waited)}).Fetch(t.Context(), p.URL)
		if (err == nil) != c.ok || len(p.requests) != c.asked || !slices.Equal(waited, c.waited) {
			t.Errorf("%s: %d requests, waits %v, %v", c.why, len(p.requests), waited, err)
		}
		if err != nil && a.Bytes != nil {
			t.Errorf("%s: bytes with an error", c.why)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	p := publisher(t, func(int, http.ResponseWriter, *http.Request) {})
	p.Close()
	var waited []time.Duration
	if _, err := New(Options{Sleep: waits(&waited)}).Fetch(t.Context(), p.URL); err == nil || len(waited) != 3 {
		t.Errorf("%v after %d waits", err, len(waited))
	}
	ctx, stop := context.WithCancel(t.Context())
	c := New(Options{Sleep: func(ctx context.Context, _ time.Duration) error {
		stop()
		return sleep(ctx, time.Hour)
	}})
	if _, err := c.Fetch(ctx, p.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped while it waited: %v", err)
	}
}

func TestTime(t *testing.T) {
	done := make(chan struct{})
	p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("a"))
		w.(http.Flusher).Flush()
		<-done
	})
	defer close(done)
	if _, err := New(Options{Time: 50 * time.Millisecond}).Fetch(t.Context(), p.URL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a publisher that never ends: %v", err)
	}
}

func TestUnknownCertificate(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "x") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer s.Close()
	var waited []time.Duration
	c := New(Options{Sleep: waits(&waited)})
	var unknown *tls.CertificateVerificationError
	if _, err := c.Fetch(t.Context(), s.URL); !errors.As(err, &unknown) || len(waited) != 0 {
		t.Errorf("%v after %d waits", err, len(waited))
	}
	c.http.Transport.(*http.Transport).TLSClientConfig.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if a, err := c.Fetch(t.Context(), s.URL); err != nil || string(a.Bytes) != "x" {
		t.Errorf("with its certificate known: %v", err)
	}
}

// TestCache: what is held is asked after; what is held broken is fetched anew.
func TestCache(t *testing.T) {
	const modified = "Mon, 23 Nov 2026 17:00:00 GMT"
	now := "first"
	for _, by := range []string{"ETag", "Last-Modified"} {
		t.Run(by, func(t *testing.T) {
			now = "first"
			p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) {
				tag, ask := `"`+now+`"`, r.Header.Get("If-None-Match")
				if by == "Last-Modified" {
					tag, ask = modified, r.Header.Get("If-Modified-Since")
				}
				w.Header().Set(by, tag)
				if ask == tag {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				fmt.Fprint(w, now)
			})
			dir := filepath.Join(t.TempDir(), "cache")
			c := New(Options{Cache: dir})
			fetch := func(want string, unchanged bool) {
				t.Helper()
				a, err := c.Fetch(t.Context(), p.URL+"/r")
				if err != nil || string(a.Bytes) != want || a.Unchanged != unchanged || a.SHA256 != sha256.Sum256([]byte(want)) || a.URL != p.URL+"/r" {
					t.Errorf("%q, unchanged %v, %v; want %q", a.Bytes, a.Unchanged, err, want)
				}
			}
			fetch("first", false)
			fetch("first", true)
			if by == "ETag" {
				now = "second"
				fetch("second", false)
				fetch("second", true)
			}
			files, _ := filepath.Glob(filepath.Join(dir, "*.bytes"))
			if len(files) != 1 {
				t.Fatalf("%d copies", len(files))
			}
			if err := os.WriteFile(files[0], []byte("forged"), 0o600); err != nil {
				t.Fatal(err)
			}
			fetch(now, false)
			fetch(now, true)
			if err := os.WriteFile(strings.TrimSuffix(files[0], ".bytes")+".json", []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
			fetch(now, false)
		})
	}
	p := publisher(t, func(_ int, w http.ResponseWriter, r *http.Request) { w.Header().Set("ETag", `"x"`); fmt.Fprint(w, "x") })
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := New(Options{Cache: file}).Fetch(t.Context(), p.URL); err != nil || !bytes.Equal(a.Bytes, []byte("x")) {
		t.Errorf("a folder that is none: %v", err)
	}
}
