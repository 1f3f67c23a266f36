package ftm

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"article41/record"
)

// collection writes so many entities as a collection has them: a half of them
// subjects, the others told of these, in any order.
func collection(w io.Writer, n int) error {
	r := rand.New(rand.NewPCG(41, uint64(n)))
	given := []string{"Moussa", "Anna", "Oleg", "Fatima", "Jean-Pierre", "Xiu", "Ibrahim", "Svetlana"}
	family := []string{"Testman", "Probe", "Sample", "Ivanov", "Diallo", "Schmidt", "Al-Masri", "Kowalska"}
	other := []string{"موسى تستمان", "Олег Пробов", "试验", "테스트"}
	tail := func() string {
		return fmt.Sprintf(`"datasets":["tl_list","tl_more"],"referents":["old-%d"],"first_seen":"2021-0%d-01T00:00:00","last_seen":"2026-01-05T06:00:00","last_change":"2025-12-01T06:00:00","target":true}`, r.IntN(n), 1+r.IntN(9))
	}
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	subject := func() string { return fmt.Sprintf("tl-%d", r.IntN(n/2+1)) }
	out := bufio.NewWriterSize(w, 1<<20)
	for i := range n {
		var err error
		switch k := i / 2; {
		case i%2 == 0 && i%8 < 6:
			a, b := pick(given), pick(family)
			_, err = fmt.Fprintf(out, `{"id":"tl-%d","caption":"%s %s %d","schema":"Person","properties":{"name":["%s %s %d","%s, %s","%s"],"alias":["Abu %s %d","%s %s"],"weakAlias":["%s"],"birthDate":["19%d-0%d-1%d"],"birthPlace":["Gao"],"nationality":["ml"],"country":["ml","ne"],"gender":["male"],"position":["Colonel of the %d. battalion","Member of parliament"],"passportNumber":["A%07d"],"addressEntity":["addr-%d"],"topics":["sanction"],"notes":["Said to have left the country for another, and to have come back since, by several accounts."],"sourceUrl":["https://example.org/%d"]},%s`+"\n",
				k, a, b, i, a, b, i, b, a, pick(other), b, k%97, a, pick(family), a, 20+r.IntN(70), 1+r.IntN(9), r.IntN(10), i, i, r.IntN(n), i, tail())
		case i%2 == 0:
			_, err = fmt.Fprintf(out, `{"id":"tl-%d","caption":"%s Mining %d SARL","schema":"Company","properties":{"name":["%s Mining %d SARL"],"jurisdiction":["ml"],"registrationNumber":["RC-%d"],"innCode":["77%08d"],"address":["Rue %d, Gao"],"topics":["sanction.linked"]},%s`+"\n",
				k, pick(family), i, pick(family), i, i, i, i%300, tail())
		case i%10 < 6:
			_, err = fmt.Fprintf(out, `{"id":"sanc-%d","caption":"Freeze","schema":"Sanction","properties":{"entity":["tl-%d"],"authority":["Council of Testland"],"programId":["TL-%d"],"listingDate":["20%02d-03-04"],"reason":["For the test, and for what was said of it in the annex of the decision."],"sourceUrl":["https://example.org/list"]},%s`+"\n", i, k, i%30, r.IntN(26), tail())
		case i%10 < 8:
			_, err = fmt.Fprintf(out, `{"id":"addr-%d","caption":"Rue %d, Gao, Mali","schema":"Address","properties":{"full":["Rue %d, Gao, Mali"],"city":["Gao"],"country":["ml"]},%s`+"\n", i, i, i, tail())
		default:
			_, err = fmt.Fprintf(out, `{"id":"own-%d","caption":"Ownership","schema":"Ownership","properties":{"owner":["%s"],"asset":["%s"],"percentage":["51"]},%s`+"\n", i, subject(), subject(), tail())
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// BenchmarkMillion reads a million entities from a file, as an import does.
func BenchmarkMillion(b *testing.B) { benchmark(b, 1_000_000) }

func BenchmarkEach(b *testing.B) { benchmark(b, 20_000) }

func benchmark(b *testing.B, n int) {
	f, err := os.Create(filepath.Join(b.TempDir(), "entities.ftm.json"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := collection(f, n); err != nil {
		b.Fatal(err)
	}
	size, _ := f.Seek(0, io.SeekEnd)
	b.SetBytes(size)
	b.ReportAllocs()
	most := uint64(0)
	for b.Loop() {
		f.Seek(0, io.SeekStart)
		count := 0
		list, err := Each(f, Options{}, func(record.Listed) error {
			if count++; count%50_000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
			return nil
		})
		if err != nil || list.Count != n/2 {
			b.Fatal(err, list.Count)
		}
	}
	b.ReportMetric(float64(most)/(1<<20), "MB-heap")
}

// What is held while a list is read grows by the ids, not by the entries.
func TestScale(t *testing.T) {
	var doc readerOf
	if err := collection(&doc, 2000); err != nil {
		t.Fatal(err)
	}
	list, entries, err := Read(doc.reader(), Options{})
	if err != nil || list.Count != 1000 || list.Damaged {
		t.Fatalf("%v %d %v", err, list.Count, list.Complaints)
	}
	listed, linked := 0, 0
	for _, e := range entries {
		if !e.ListedOn.IsZero() {
			listed++
		}
		if len(e.Links) > 0 {
			linked++
		}
	}
	if listed < 550 || listed > 650 || linked == 0 {
		t.Errorf("%d listed, %d linked", listed, linked)
	}
}
