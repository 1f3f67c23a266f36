package article41_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"article41"
	"article41/api"
	"article41/date"
	"article41/monitor"
	"article41/record"
	"article41/sqlite"
	"article41/web"
)

// madeEvents is a file in the form of UCDP GED, of as many events, always the same.
func madeEvents(n int) []byte {
	r := rand.New(rand.NewPCG(41, 41))
	states := []string{"Mali", "Niger", "Sudan", "Somalia", "Yemen (North Yemen)", "Libya", "Haiti", "South Sudan", "DR Congo (Zaire)", "Syria"}
	sides := []string{"Government", "Group of the North", "Front of the Lake", "Column of the Hills", "Union of Herders", "Civilians"}
	var b bytes.Buffer
	b.WriteString("id,relid,code_status,type_of_violence,conflict_new_id,conflict_name,dyad_new_id,dyad_name,side_a,side_b,number_of_sources,where_prec,where_coordinates,adm_1,adm_2,latitude,longitude,country,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low\n")
	first := date.MustDay("1989-01-01")
	for i := range n {
		low := r.IntN(20)
		best := low + r.IntN(20)
		on := first.AddDays(r.IntN(13000)).String()
		fmt.Fprintf(&b, "%d,R-%d,Clear,%d,%d,conflict %d,%d,dyad %d,%s,%s,%d,%d,Village %d,Region %d,District %d,%.4f,%.4f,%s,Africa,1,1,%s,%s,%d,%d,%d,0,%d,%d,%d\n",
			i, i, 1+r.IntN(3), r.IntN(300), r.IntN(300), r.IntN(900), r.IntN(900), sides[r.IntN(5)], sides[r.IntN(6)], 1+r.IntN(9), 1+r.IntN(7), r.IntN(5000), r.IntN(60), r.IntN(400),
			-30+r.Float64()*60, -15+r.Float64()*60, states[r.IntN(len(states))], on, on, r.IntN(5), r.IntN(5), r.IntN(5), best, best+r.IntN(30), low)
	}
	return b.Bytes()
}

// cpu is what this process has used of the processors.
func cpu() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIncidents measures the targets of monitoring over 100,000 incidents: the
// import from the file to the ledger, and any filtered view.
func BenchmarkIncidents(b *testing.B) {
	const n = 100_000
	file := madeEvents(n)
	feed, _ := monitor.FeedOf("ucdp")
	at := record.At{AsOf: date.MustDay("2026-11-23"), KnownAt: date.MustDay("2026-11-23")}
	ctx := context.Background()
	load := func(b *testing.B) *article41.Archive {
		store, err := sqlite.Open(ctx, b.TempDir()+"/a.db", sqlite.Options{Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { store.Close() })
		arc, err := article41.Open(ctx, store, article41.Shipped{Edition: record.Edition{Number: 1, Version: "x"}}, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		ins, problems, err := feed.Read(bytes.NewReader(file))
		if err != nil || len(problems) > 0 {
			b.Fatal(problems, err)
		}
		if done, err := arc.PublishIncidents(ctx, time.Now(), "ucdp", date.MustDay("2025-06-01"), ins, nil); err != nil || done.Added != n {
			b.Fatal(done, err)
		}
		return arc
	}
	b.Run("import", func(b *testing.B) {
		before, times := cpu(), 0
		for b.Loop() {
			load(b)
			times++
		}
		b.ReportMetric((cpu()-before).Seconds()/float64(times), "cpu-s/op")
	})
	arc := load(b)
	if _, err := arc.Incidents(ctx, at, monitor.Filter{}); err != nil { // builds the index
		b.Fatal(err)
	}
	for _, v := range []struct {
		name string
		f    monitor.Filter
	}{
		{"all", monitor.Filter{}},
		{"one state", monitor.Filter{Country: "MLI"}},
		{"a state, a year and what was done", monitor.Filter{Country: "SDN", Year: "2004", Violation: "attack-on-civilians"}},
		{"a word that all have", monitor.Filter{Words: "village"}},
		{"beginnings of many words", monitor.Filter{Words: "v r d g"}},
		{"the last page", monitor.Filter{Skip: n - 50}},
		{"nothing", monitor.Filter{Words: "zzz"}},
	} {
		b.Run("view of "+v.name, func(b *testing.B) {
			before, times := cpu(), 0
			for b.Loop() {
				if _, err := arc.Incidents(ctx, at, v.f); err != nil {
					b.Fatal(err)
				}
				times++
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/1000/float64(times), "cpu-ms/op")
		})
	}
	// What is asked over HTTP: the page with its counts, its map and its timeline, and
	// the JSON. Each address is asked once, so that no page is kept.
	today := func() date.Day { return at.AsOf }
	for _, face := range []struct {
		name, path string
		h          http.Handler
	}{
		{"pages", "/incidents?", web.New(arc, web.Options{Today: today, Version: "bench", Now: time.Now})},
		{"JSON", "/api/v1/incidents?", api.New(arc, api.Options{Today: today, Version: "bench", Now: time.Now})},
	} {
		b.Run(face.name+" with filters", func(b *testing.B) {
			var took []float64
			for b.Loop() {
				for i := range 200 {
					f := url.Values{"year": {fmt.Sprint(1989 + i%35)}}
					switch i % 4 {
					case 0:
						f = url.Values{"q": {fmt.Sprintf("village %d", i)}}
					case 1:
						f.Set("country", []string{"MLI", "NER", "SDN", "SOM", "LBY"}[i%5])
					case 2:
						f = url.Values{"from": {date.MustDay("1989-01-01").AddDays(i).String()}} // nearly all
					}
					before := cpu()
					w := httptest.NewRecorder()
					face.h.ServeHTTP(w, httptest.NewRequest("GET", face.path+f.Encode(), nil))
					took = append(took, float64((cpu()-before).Microseconds())/1000)
					if w.Code != http.StatusOK {
						b.Fatalf("%s: %d", f.Encode(), w.Code)
					}
				}
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2], "cpu-ms-p50")
			b.ReportMetric(took[len(took)*95/100], "cpu-ms-p95")
		})
	}
}
