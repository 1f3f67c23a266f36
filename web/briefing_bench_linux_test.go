package web_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/briefing"
)

// BenchmarkRefusedByWeb is a whole request that is refused for its proof: the form
// is read, the proof refused, and the page with all faults and what was typed sent.
// The bound is 50 µs of CPU.
func BenchmarkRefusedByWeb(b *testing.B) {
	now := noon()
	h, d := readers(b, func() time.Time { return now }, account.Anyone())
	proof := func(change func(*briefing.Challenge)) string {
		c, err := d.Proofs.Challenge(now)
		if err != nil {
			b.Fatal(err)
		}
		solved, err := briefing.Solve(c)
		if err != nil {
			b.Fatal(err)
		}
		raw, _ := base64.StdEncoding.DecodeString(solved)
		var m struct {
			Challenge briefing.Challenge `json:"challenge"`
			Solution  briefing.Solution  `json:"solution"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			b.Fatal(err)
		}
		change(&m.Challenge)
		raw, _ = json.Marshal(m)
		return base64.StdEncoding.EncodeToString(raw)
	}
	used := proof(func(*briefing.Challenge) {})
	form := good(1)
	form.Set("altcha", used)
	if w := ask(h, "POST", maliPage+"/comments", form); w.Code != 303 {
		b.Fatal(w.Code)
	}
	for _, c := range []struct {
		name, proof string
		later       time.Duration
		form        url.Values
	}{
		{"invalid", strings.Repeat("QUFB", 120), 0, good(2)},
		{"forged", proof(func(c *briefing.Challenge) { c.Parameters.ExpiresAt++ }), 0, good(2)},
		{"expired", proof(func(*briefing.Challenge) {}), time.Hour, good(2)},
		{"replayed", used, 0, good(2)},
		{"forged, every field wrong", strings.Repeat("QUFB", 120), 0, url.Values{"rating": {"9"}, "clear": {"x"}, "message": {"a"}, "email": {"b"}, "type": {"correction"}}},
		{"forged, long", strings.Repeat("QUFB", 120), 0, url.Values{"name": {"A"}, "email": {"a@example.org"}, "rating": {"1"}, "message": {strings.Repeat("word ", 799)}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.form.Set("altcha", c.proof)
			body := c.form.Encode()
			now = noon().Add(c.later)
			b.ReportAllocs()
			before := cpu()
			for b.Loop() {
				r := httptest.NewRequest("POST", maliPage+"/comments", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, r); w.Code != 422 {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// BenchmarkPageWith5000Comments: the bound is 20 ms of CPU.
func BenchmarkPageWith5000Comments(b *testing.B) {
	now := noon()
	h, d := readers(b, func() time.Time { return now }, account.Anyone())
	fill(b, d, 5000, now)
	if got := d.Thread("mali-veto-2023", 1, now).Count; got != 5000 {
		b.Fatalf("%d comments", got)
	}
	for _, path := range []string{maliPage, maliPage + "?comments=50"} {
		b.Run(strings.TrimPrefix(path, maliPage), func(b *testing.B) {
			before := cpu()
			for b.Loop() {
				r := httptest.NewRequest("GET", path, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}
