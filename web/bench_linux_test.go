package web_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What a page costs, from the question to the compressed bytes. The figure to
// read is cpu-ms/op: it does not swell when others use the machine.
//
//	go test ./web -run - -bench Page
func BenchmarkPage(b *testing.B) { benchmarkPages(b, 1<<30) }

// The same pages, kept.
func BenchmarkKeptPage(b *testing.B) { benchmarkPages(b, 1) }

func benchmarkPages(b *testing.B, distinct int) {
	h := site(b)
	for _, path := range []string{"/", "/regimes", "/regimes/mali", "/regimes/isil-aq", "/regimes/iran-1737", "/votes", "/votes/S/2023/638",
		"/votes/S/2023/638?vote=RUS:abstain&as_of=2024-03-01", "/listings/QDi.006", "/calendar", "/members/RUS", "/sources", "/alignment", "/alignment/ideals", "/power/record"} {
		b.Run(strings.ReplaceAll(path, "/", "_"), func(b *testing.B) {
			before := cpu()
			for n := 0; b.Loop(); n++ {
				r := httptest.NewRequest("GET", path, nil)
				r.Host = strconv.Itoa(n % distinct) // a kept page is kept for its host
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

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
