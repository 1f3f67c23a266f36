package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/record"
)

// TestProblems sends what the own API must refuse, and looks for the field and
// for what would be right.
func TestProblems(t *testing.T) {
	h := handler(t)
	for _, c := range []struct {
		why, method, tail, body string
		status                  int
		field, want             string // of the first fault; want is a part of the text
	}{
		{"a day that is none", "GET", "status?as_of=2023-02-30", "", 400, "as_of", "YYYY-MM-DD"},
		{"a day in another form", "GET", "votes?known_at=30.08.2023", "", 400, "known_at", "2023-08-31"},
		{"a position that is no number", "GET", "lists?position=-1", "", 400, "position", "a whole number from 1 to"},
		{"position zero", "GET", "lists?position=0", "", 400, "position", "a whole number from 1 to"},
		{"a position past the end", "GET", "lists?position=99999999", "", 404, "", ""},
		{"a misspelt parameter must not answer for today", "GET", "status?asof=2020-01-01", "", 400, "asof", "as_of"},
		{"a day given twice", "GET", "status?as_of=2020-01-01&as_of=2021-01-01", "", 400, "as_of", "once"},
		{"a query string that cannot be read", "GET", "status?as_of=%zz", "", 400, "", ""},
		{"no such regime", "GET", "regimes/atlantis", "", 404, "", ""},
		{"no such regime's status", "GET", "regimes/atlantis/status", "", 404, "", ""},
		{"no such state", "GET", "status?territory=Atlantis", "", 400, "territory", "ISO 3166"},
		{"no symbol", "GET", "votes/hello", "", 400, "symbol", "S/2023/638"},
		{"a resolution with another's year", "GET", "votes/S/RES/2374%20(2011)", "", 400, "symbol", "S/RES"},
		{"a vote not in the record", "GET", "votes/S/1999/99999", "", 404, "", ""},
		{"a ballot without a member", "GET", "votes/S/2023/638?vote=abstain", "", 400, "vote", "RUS:abstain"},
		{"a member that is no state", "GET", "votes/S/2023/638?vote=XXX:no", "", 400, "vote", "RUS"},
		{"a ballot that is none", "GET", "votes/S/2023/638?vote=RUS:maybe", "", 400, "vote", "abstain"},
		{"a member that did not sit", "GET", "votes/S/2023/638?vote=DEU:no", "", 400, "", ""},
		{"a rival that is no symbol", "GET", "votes/S/2023/638?adopt=x", "", 400, "adopt", "S/2023/638"},
		{"too many on a page", "GET", "votes?limit=501", "", 400, "limit", "500"},
		{"no page", "GET", "votes?page=0", "", 400, "page", "from 1"},
		{"a page far out", "GET", "votes?page=9999999", "", 400, "page", "from 1"},
		{"a span for a day", "GET", "votes?from=1990/1995", "", 400, "from", "2023-08-30"},
		{"a member that is none", "GET", "members/Atlantis", "", 404, "", ""},
		{"a calendar's day that is none", "GET", "calendar?to=soon", "", 400, "to", "YYYY-MM-DD"},
		{"a calendar that ends before it begins", "GET", "calendar?from=2023-02-01&to=2023-01-01", "", 400, "", ""},
		{"no outcome", "GET", "votes?reason=lost", "", 400, "reason", "lack-of-votes"},
		{"no order", "GET", "votes?order=random", "", 400, "order", "newest"},
		{"no cursor", "GET", "votes?cursor=abc", "", 400, "cursor", "next"},
		{"no such entry", "GET", "listings/XXi.999", "", 404, "", ""},
		{"no such address", "GET", "nothing", "", 404, "", ""},
		{"a name in the address", "GET", "screen?name=x", "", 405, "", ""},
		{"writing where there is only reading", "POST", "regimes", "{}", 405, "", ""},
		{"deleting", "DELETE", "votes/S/2023/638", "", 405, "", ""},
		{"an empty body", "POST", "screen", "", 400, "", ""},
		{"half a body", "POST", "screen", `{"name":"x`, 400, "", ""},
		{"two bodies", "POST", "screen", `{"name":"x"}{}`, 400, "", ""},
		{"a wrong type", "POST", "screen", `{"name":5}`, 400, "name", "string"},
		{"an unknown field", "POST", "screen", `{"name":"x","brithday":"1970"}`, 400, "brithday", ""},
		{"nothing to screen", "POST", "screen", `{"name":" "}`, 400, "name", ""},
		{"a birth that is no date", "POST", "screen", `{"name":"x","born":"soon"}`, 400, "born", "YYYY"},
		{"a kind that is none", "POST", "screen", `{"name":"x","kind":"ghost"}`, 400, "kind", "vessel"},
		{"a country that is none", "POST", "screen", `{"name":"x","countries":["Atlantis"]}`, 400, "countries", ""},
		{"a threshold past one", "POST", "screen", `{"name":"x","threshold":3}`, 400, "threshold", "0 to 1"},
		{"a wrong query in a batch", "POST", "screen", `{"queries":[{"name":"x"},{"name":"y","born":"soon"}]}`, 400, "queries[1].born", "YYYY"},
		{"an empty batch", "POST", "screen", `{"queries":[]}`, 400, "queries", "100"},
		{"too big a batch", "POST", "screen", `{"queries":[` + strings.Repeat(`{"name":"x"},`, 100) + `{"name":"x"}]}`, 400, "queries", "100"},
		{"a query beside a batch", "POST", "screen", `{"name":"x","queries":[{"name":"y"}]}`, 400, "name", "either"},
		{"a day in a body", "POST", "screen", `{"name":"x","as_of":"yesterday"}`, 400, "as_of", "YYYY-MM-DD"},
		{"parameters beside a body", "POST", "screen?as_of=2020-01-01", `{"name":"x"}`, 400, "", ""},
		{"deep JSON", "POST", "screen", strings.Repeat("[", 40) + strings.Repeat("]", 40), 400, "", ""},
		{"bytes that are no text", "POST", "screen", "{\"name\":\"\xff\xfe\"}", 400, "", ""},
		{"a body too large", "POST", "screen", `{"name":"` + strings.Repeat("x", maxBody) + `"}`, 413, "", ""},
		{"a what-if that changes nothing", "POST", "whatif", `{"symbol":"S/2023/638"}`, 400, "votes", "RUS"},
		{"a what-if of nothing", "POST", "whatif", `{"votes":{"RUS":"abstain"}}`, 400, "symbol", "S/2023/638"},
		{"a what-if with a ballot that is none", "POST", "whatif", `{"symbol":"S/2023/638","votes":{"RUS":"maybe"}}`, 400, "votes.RUS", "abstain"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := send(h, c.method, "/api/v1/"+c.tail, c.body)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %.300s", w.Code, c.status, w.Body)
			}
			if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("content type %q", ct)
			}
			if w.Header().Get("ETag") != "" {
				t.Error("an error has an ETag")
			}
			j := parsed(t, w)
			j.at("status").is(float64(c.status))
			if about := send(h, "GET", j.at("type").v.(string), ""); about.Code != 200 || parsed(t, about).at("title").v != j.at("title").v {
				t.Errorf("nothing stands at the type %v", j.at("type").v)
			}
			if c.status == 405 && w.Header().Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if c.field == "" {
				return
			}
			f := j.at("errors", 0)
			f.at("field").is(c.field)
			if c.want != "" && !strings.Contains(f.at("want").v.(string), c.want) {
				t.Errorf("want %q says nothing of %q", f.at("want").v, c.want)
			}
		})
	}
}

// broken answers every question with an error that no client may read.
type broken struct {
	*article41.Archive
	err error
}

func (b broken) Statuses(context.Context, record.At) ([]article41.Status, error) { return nil, b.err }
func (b broken) Lists(context.Context, record.At) ([]article41.ListUse, error)   { panic(b.err) }
func (b broken) Register(context.Context, record.At) (*article41.Register, error) {
	return nil, b.err
}

func TestUnknownError(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why, method, target string
	}{
		{"an error", "GET", "/api/v1/regimes?as_of=2020-02-02"},
		{"a panic", "GET", "/api/v1/lists"},
		{"an error under the other contract", "POST", "/match/default"},
	} {
		var log bytes.Buffer
		o := options()
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		h := New(broken{a, errors.New("the secret reason")}, o)
		w := send(as(h, account.Local()), c.method, c.target, `{"queries":{"q":{"schema":"Person","properties":{"name":"A Secret Name"}}}}`)
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s", c.why, w.Code, w.Body)
		}
		ref := parsed(t, w).at("reference").v.(string)
		if !strings.Contains(log.String(), ref) || !strings.Contains(log.String(), "the secret reason") {
			t.Errorf("%s: the log does not tell under %s: %s", c.why, ref, log.String())
		}
		if strings.Contains(log.String(), "2020-02-02") || strings.Contains(log.String(), "Secret Name") {
			t.Errorf("%s: the log keeps what was asked: %s", c.why, log.String())
		}
	}
}

func TestPreflight(t *testing.T) {
	h := handler(t)
	for target, methods := range map[string]string{"/api/v1/screen": "GET, HEAD", "/match/default": "GET, HEAD, POST"} {
		w := send(h, "OPTIONS", target, "", "Access-Control-Request-Method: POST", "Origin: https://example.org")
		if w.Code != 204 || w.Header().Get("Access-Control-Allow-Methods") != methods {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
		}
	}
}

// TestRealServer sends over a socket what a recorder cannot carry.
func TestRealServer(t *testing.T) {
	srv := httptest.NewServer(handler(t))
	defer srv.Close()
	raw := func(text string) string {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write([]byte(text))
		b := make([]byte, 4096)
		n, _ := c.Read(b)
		return string(b[:n])
	}
	for why, c := range map[string]struct{ text, want string }{
		"two lengths":           {"POST /match/default HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}", "400"},
		"length and chunks":     {"POST /match/default HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n", "422"},
		"a path out of the API": {"GET /api/v1/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "307"},
		"a length too large":    {"POST /match/default HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", "413"},
		"a long address":        {"GET /catalog?x=" + strings.Repeat("y", 60001) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"},
	} {
		if got := raw(c.text); !strings.HasPrefix(got, "HTTP/1.1 "+c.want) {
			t.Errorf("%s: %.60q, want %s", why, got, c.want)
		}
	}
	resp, err := http.Post(srv.URL+"/match/default", "text/plain", strings.NewReader(`{"queries":{"q":{"schema":"Person","properties":{"name":["Houka Houka Ag Alhousseini"]}}}}`))
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("a plain match: %v %v", resp, err)
	}
	resp.Body.Close()
}

// TestSlowBody: a body that drips is cut off, under either contract, and the
// connection's next request is not.
func TestSlowBody(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	h := New(a, options()).(*server)
	h.bodyTime = 50 * time.Millisecond
	srv := httptest.NewServer(as(h, account.Local()))
	defer srv.Close()
	for _, path := range []string{"/match/default", "/api/v1/screen"} {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", path)
		b := make([]byte, 4096)
		n, _ := c.Read(b)
		c.Close()
		if got := string(b[:n]); !strings.HasPrefix(got, "HTTP/1.1 408") {
			t.Errorf("%s: %.80q", path, got)
		}
	}
	for range 3 { // kept alive, each later than the deadline of the one before
		resp, err := http.Post(srv.URL+"/match/default", "application/json", strings.NewReader(`{"queries":{"q":`+heron+`}}`))
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v %v", resp, err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		time.Sleep(2 * h.bodyTime)
	}
}
