package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
	"article41/source/curated"
	"article41/source/ofac"
)

var loaded struct {
	sync.Once
	handler http.Handler
	bodies  [][]byte
	err     error
}

// bench is the handler over the Council's list and a whole OFAC list, and a
// thousand bodies as peerbench sends them: half listed persons, some with typos,
// half made-up names.
func bench(b *testing.B) (http.Handler, [][]byte) {
	b.Helper()
	sdn := shareddata.Path(b, "data/other-lists/ofac_sdn_sancbook_a.csv.gz")
	names := []string{shareddata.Path(b, "data/names/positives_un_treated.csv"), shareddata.Path(b, "data/names/negatives_global.csv")}
	loaded.Do(func() {
		rec, _ := curated.Read(os.DirFS("../data"))
		l, entries, err0 := readSDN(sdn)
		in, err := listing.Changes(&listing.History{Source: "ofac"}, l, entries)
		for _, st := range in.Statements {
			e, _ := st.Entry("ofac")
			rec.Entries = append(rec.Entries, e)
		}
		a, err2 := article41.Open(context.Background(), nil, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, time.Now())
		if loaded.err = errors.Join(err0, err, err2); loaded.err != nil {
			return
		}
		loaded.handler = as(New(a, options()), account.Local())
		for _, path := range names {
			f, _ := os.Open(path)
			all, _ := csv.NewReader(f).ReadAll()
			f.Close()
			for i := range 500 {
				row := all[1+i%(len(all)-1)]
				body, _ := json.Marshal(map[string]any{"queries": map[string]any{"q": map[string]any{"schema": "Person", "properties": map[string][]string{"name": {row[nameColumn(all[0])]}}}}})
				loaded.bodies = append(loaded.bodies, body)
			}
		}
	})
	if loaded.err != nil {
		b.Fatal(loaded.err)
	}
	return loaded.handler, loaded.bodies
}

func nameColumn(header []string) int {
	for i, h := range header {
		if h == "full_name" {
			return i
		}
	}
	panic("no column full_name")
}

// readSDN reads OFAC's list as it is published.
func readSDN(path string) (record.List, []record.Listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return record.List{}, nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return record.List{}, nil, err
	}
	return ofac.Read(z, ofac.Options{Date: date.MustDay("2023-01-20")})
}

// sink is a ResponseWriter that keeps nothing.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(code int)        { s.status = code }
func (s *sink) Write(b []byte) (int, error) { s.bytes += len(b); return len(b), nil }

// BenchmarkMatch is one /match with one query through the handler, without the
// socket.
func BenchmarkMatch(b *testing.B) {
	h, bodies := bench(b)
	w := &sink{header: http.Header{}}
	one := func(body []byte) {
		r := httptest.NewRequest("POST", "/match/default?limit=10", nil)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		w.status = 200
		h.ServeHTTP(w, r)
		if w.status != 200 {
			b.Fatal("status", w.status)
		}
	}
	for _, body := range bodies { // prints what will be found
		one(body)
	}
	w.bytes = 0
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		one(bodies[i%len(bodies)])
	}
	b.ReportMetric(float64(w.bytes)/float64(b.N), "B/answer")
}

// BenchmarkMatchFound is the same for one name that is found, search included.
func BenchmarkMatchFound(b *testing.B) {
	h, _ := bench(b)
	w := &sink{header: http.Header{}}
	body := `{"queries":{"q":{"schema":"Person","properties":{"name":["Houka Houka Ag Alhousseini"]}}}}`
	for b.Loop() {
		r := httptest.NewRequest("POST", "/match/default?limit=10&as_of=2023-08-01", strings.NewReader(body))
		h.ServeHTTP(w, r)
	}
	b.ReportAllocs()
}

// BenchmarkBatch is a hundred queries in one body.
func BenchmarkBatch(b *testing.B) {
	h, bodies := bench(b)
	var all strings.Builder
	all.WriteString(`{"queries":{`)
	for i := range 100 {
		if i > 0 {
			all.WriteByte(',')
		}
		q := bodies[(i*7)%len(bodies)]
		fmt.Fprintf(&all, `"k%d":%s`, i, q[len(`{"queries":{"q":`):len(q)-2])
	}
	all.WriteString("}}")
	body := all.String()
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/match/default", strings.NewReader(body))
		h.ServeHTTP(w, r)
	}
}
