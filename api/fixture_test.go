package api

import (
	"context"
	"encoding/json"
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
	"article41/source/curated"
)

var today = date.MustDay("2026-11-23")

// archive is the record as it lies in the repository, with a small OFAC list of
// two dates beside it: one entry leaves, one is amended, one comes.
var archive = sync.OnceValues(func() (*article41.Archive, error) {
	rec, _ := curated.Read(os.DirFS("../data"))
	entries := rec.Entries
	h := listing.Histories{}
	for _, v := range []struct {
		on      string
		entries []record.Listed
	}{
		{"2024-01-10", []record.Listed{
			entry("101", "entity", "ZVEZDA MARITIME TRADING LLC"),
			entry("102", "person", "PETROV-VODKIN, Kuzma Sergeevich"),
			entry("103", "vessel", "BLUE HERON"),
			entry("105", "person", "IYAD AG GHALI"),
		}},
		{"2026-03-01", []record.Listed{
			entry("101", "entity", "ZVEZDA MARITIME TRADING LLC"),
			entry("103", "vessel", "BLUE HERON", "GREY HERON"),
			entry("105", "person", "IYAD AG GHALI"),
			entry("104", "person", "QWERTY \"QUOTED\" <TAG>\u2028 Žižkov"),
		}},
	} {
		d := date.MustDay(v.on)
		for i := range v.entries {
			v.entries[i].Version = d
		}
		l := record.List{List: "ofac", Date: d, Basis: "given", Count: len(v.entries), Origin: listing.Imported, Content: listing.Contents(v.entries)}
		l.Digest = l.Content
		in, err := listing.Changes(h.List("ofac"), l, v.entries)
		if err != nil {
			return nil, err
		}
		for _, st := range in.Statements {
			e, err := st.Entry("ofac")
			if err != nil {
				return nil, err
			}
			if err := h.Add(e); err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
	}
	return article41.Open(context.Background(), nil, article41.Shipped{Edition: rec.Edition, Entries: entries}, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
})

func entry(ref, sort string, names ...string) record.Listed {
	l := record.Listed{List: "ofac", Ref: ref, Sort: sort, Programme: []string{"TEST"}}
	for i, n := range names {
		q := record.Good
		if i == 0 {
			q = record.Primary
		}
		l.Names = append(l.Names, record.Name{Text: n, Quality: q})
	}
	if sort == "person" {
		l.Births = []record.Birth{{On: date.Exactly(date.MustDay("1961-02-03"))}}
		l.Nationalities = []string{"Russia"}
		l.Gender = "Male"
	}
	return l
}

func options() Options {
	return Options{Today: func() date.Day { return today }, Version: "test"}
}

func handler(t testing.TB) http.Handler {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	return as(heldTo(t, New(a, options()).(*server)), account.Local())
}

// send asks the handler; a body makes it a POST. Header lines are "Name: value".
func send(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, l := range header {
		k, v, _ := strings.Cut(l, ": ")
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// tree is any JSON; at walks into it by keys and indexes.
type tree struct {
	t testing.TB
	v any
}

func parsed(t testing.TB, w *httptest.ResponseRecorder) tree {
	t.Helper()
	var v any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("status %d: not JSON: %v\n%.400s", w.Code, err, w.Body)
	}
	return tree{t, v}
}

func (j tree) at(path ...any) tree {
	j.t.Helper()
	v := j.v
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				j.t.Fatalf("%v: no object at %q in %.200v", path, p, v)
			}
			if v, ok = m[p]; !ok {
				j.t.Fatalf("%v: no key %q", path, p)
			}
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				j.t.Fatalf("%v: no element %d in %.200v", path, p, v)
			}
			v = l[p]
		}
	}
	return tree{j.t, v}
}

// where is the first element of an array whose key has the value.
func (j tree) where(key string, value any) tree {
	j.t.Helper()
	for _, e := range j.list() {
		if m, ok := e.(map[string]any); ok && m[key] == value {
			return tree{j.t, e}
		}
	}
	j.t.Fatalf("no element with %s %v", key, value)
	return tree{}
}

func (j tree) list() []any {
	j.t.Helper()
	l, ok := j.v.([]any)
	if !ok {
		j.t.Fatalf("no array: %.200v", j.v)
	}
	return l
}

func (j tree) is(want any) {
	j.t.Helper()
	if j.v != want {
		j.t.Errorf("got %v, want %v", j.v, want)
	}
}
