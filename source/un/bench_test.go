package un

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
)

// plainList is a real list, decompressed.
func plainList(t testing.TB, day string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(shareddata.Path(t, "data/un-list"), "un_consolidated_"+day+".xml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type loaded struct {
	list    record.List
	entries []record.Listed
}

var lists sync.Map // day → loaded: many tests read the same real lists

func load(t testing.TB, day string) (record.List, []record.Listed) {
	t.Helper()
	if l, ok := lists.Load(day); ok {
		return l.(loaded).list, slices.Clone(l.(loaded).entries)
	}
	l, e, err := Read(bytes.NewReader(plainList(t, day)), Options{})
	if err != nil {
		t.Fatalf("list of %s: %v", day, err)
	}
	lists.Store(day, loaded{l, e})
	return l, slices.Clone(e)
}

func BenchmarkRead(b *testing.B) {
	doc := plainList(b, "2026-02-27")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(doc), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFoldHistory(b *testing.B) {
	var lines bytes.Buffer
	if err := Compile(shareddata.Path(b, "data/un-list"), &lines); err != nil {
		b.Fatal(err)
	}
	h := folded(b, lines.Bytes())
	var entries []record.Entry
	for _, v := range h.Versions(date.Day{}) {
		e, err := record.State(listing.ListFact(v), Source, v.Date, v)
		if err != nil {
			b.Fatal(err)
		}
		entries = append(entries, e)
	}
	for line := range bytes.Lines(lines.Bytes()) {
		var l Line
		var body record.Listed
		if json.Unmarshal(line, &l) != nil || l.Kind != record.KindListed || json.Unmarshal(l.Body, &body) != nil {
			continue
		}
		entries = append(entries, record.Entry{Fact: listing.ListedFact(body, listing.Recorded), Kind: l.Kind, Source: Source, Known: body.Version, Body: l.Body})
	}
	b.Run("fold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := listing.Fold(slices.Values(entries)); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(entries)), "entries")
	})
	b.Run("every entry on a day", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range h.OnDay(date.MustDay("2023-10-01"), date.Day{}) {
			}
		}
	})
	list, now := load(b, "2026-02-27")
	before, old := load(b, "2025-08-16")
	b.Run("diff", func(b *testing.B) {
		for b.Loop() {
			listing.Diff(old, now, before, list)
		}
	})
}
