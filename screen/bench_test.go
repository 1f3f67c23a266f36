package screen

import (
	"testing"

	"article41/name"
)

// BenchmarkSearch asks the UN list what was typed, with typos, and unlisted
// names; BenchmarkScan is the baseline that scores every name.
func BenchmarkSearch(b *testing.B) {
	ix := Build(unSubjects(readUN(b, unCurrent), true))
	for sort, qs := range benchQueries(b) {
		b.Run(sort, func(b *testing.B) {
			b.ReportAllocs()
			names := make([]string, 1)
			for i := 0; b.Loop(); i++ {
				names[0] = qs[i%len(qs)]
				ix.Search(Query{Names: names, Kind: name.Person})
			}
		})
	}
}

func BenchmarkScan(b *testing.B) {
	ix := Build(unSubjects(readUN(b, unCurrent), true))
	qs := benchQueries(b)["typos"]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ix.Scan(Query{Names: qs[i%len(qs) : i%len(qs)+1], Kind: name.Person})
	}
}

func benchQueries(b *testing.B) map[string][]string {
	out := map[string][]string{}
	for sort, file := range map[string]string{"typed": "positives_un_untreated.csv", "typos": "positives_un_treated.csv", "unlisted": "negatives_global.csv"} {
		for _, row := range csvRows(b, "data/names/"+file)[1:] {
			if len(out[sort]) < 500 {
				out[sort] = append(out[sort], row[0])
			}
		}
	}
	return out
}
