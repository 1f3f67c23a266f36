package ofac

import (
	"bytes"
	"testing"

	"article41/record"
)

func BenchmarkReadCSV(b *testing.B) { benchmark(b, "ofac_sdn_photoangell.csv.gz", SDN) }

func BenchmarkReadXML(b *testing.B) { benchmark(b, "ofac_consolidated_nonsdn_2022.xml.gz", NonSDN) }

func benchmark(b *testing.B, file string, list record.SourceID) {
	doc := plain(b, file)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(doc), Options{List: list}); err != nil {
			b.Fatal(err)
		}
	}
}
