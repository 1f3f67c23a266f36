package un

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

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

func load(t testing.TB, day string) (record.List, []record.Listed) {
	t.Helper()
	l, e, err := Read(bytes.NewReader(plainList(t, day)), Options{})
	if err != nil {
		t.Fatalf("list of %s: %v", day, err)
	}
	return l, e
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
