package ofac

import (
	"bytes"
	"fmt"
	"strings"
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

// The Advanced XML as long as the real one: some 18,000 parties and 120 MB.
func BenchmarkReadAdvanced(b *testing.B) {
	whole := advancedFixture(b)
	cut := func(from, to string) (before, part string) {
		i, j := strings.Index(whole, from), strings.Index(whole, to)
		return whole[:i], whole[i:j]
	}
	head, party := cut(`<DistinctParty FixedRef="27001">`, `<DistinctParty FixedRef="27002">`)
	_, entry := cut(`<SanctionsEntry ID="1"`, `<SanctionsEntry ID="2"`)
	var doc, entries strings.Builder
	doc.WriteString(head)
	for i := range 18_000 {
		number := fmt.Sprint(100_000 + i)
		doc.WriteString(strings.ReplaceAll(party, "27001", number))
		entries.WriteString(strings.ReplaceAll(entry, "27001", number))
	}
	doc.WriteString("</DistinctParties><SanctionsEntries>" + entries.String() + "</SanctionsEntries></Sanctions>")
	text := doc.String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, entries, err := Read(strings.NewReader(text), Options{}); err != nil || len(entries) != 18_000 {
			b.Fatal(err)
		}
	}
}
