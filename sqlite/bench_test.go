package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// size is the bytes of a body that an entry of a real list has on average.
const size = 800

// One batch of a million entries: how fast it is staged, how long its
// publication takes, how fast it is scanned. Run with -benchtime 1x.
func BenchmarkMillion(b *testing.B) {
	chunk := recordtest.Entries(b, "million", 10_000, size)
	for b.Loop() {
		s := openAt(b, filepath.Join(b.TempDir(), "ledger.db"), sqlite.Options{})
		begin := time.Now()
		for range 100 {
			if err := s.Stage(b.Context(), "million", chunk); err != nil {
				b.Fatal(err)
			}
		}
		staged := time.Now()
		if _, err := s.Publish(b.Context(), record.Batch{ID: "million", Recorded: recordtest.Noon}); err != nil {
			b.Fatal(err)
		}
		published := time.Now()
		n := 0
		if err := s.Scan(b.Context(), 0, 0, func(record.Entry) error { n++; return nil }); err != nil || n != 1_000_000 {
			b.Fatal(n, err)
		}
		scanned := time.Now()
		b.ReportMetric(1e6/staged.Sub(begin).Seconds(), "staged/s")
		b.ReportMetric(float64(published.Sub(staged).Microseconds())/1000, "publish-ms")
		b.ReportMetric(1e6/scanned.Sub(published).Seconds(), "scanned/s")
		if err := record.Verify(b.Context(), s); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(1e6/time.Since(scanned).Seconds(), "verified/s")
	}
}

// A batch of one entry, staged and made durable.
func BenchmarkAppendOne(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "ledger.db"), sqlite.Options{})
	one := recordtest.Entries(b, "one", 1, size)
	for b.Loop() {
		if _, err := record.Append(b.Context(), s, record.Batch{ID: "one"}, one); err != nil {
			b.Fatal(err)
		}
	}
}

// A ledger of single entries, which is the slowest kind to scan.
func BenchmarkScanSingles(b *testing.B) {
	s := openAt(b, sqlite.Memory, sqlite.Options{})
	one := recordtest.Entries(b, "one", 1, size)
	const n = 5000
	for range n {
		if _, err := record.Append(b.Context(), s, record.Batch{ID: "one"}, one); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := s.Scan(b.Context(), 0, 0, func(record.Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "scanned/s")
}

// While one process imports, others wait at most 100 ms for their turn. This is
// measured in the soak only: a busy machine may be slow for other reasons.
func TestSoakOthersWaitAtMost100ms(t *testing.T) {
	if !recordtest.Soak() {
		t.Skip("did not run: a measurement of the soak (ARTICLE41_SOAK=1)")
	}
	path := filepath.Join(t.TempDir(), "ledger.db")
	importer := start(t, nil, "stage", path, "long")
	if importer.line() != "begun" {
		t.Fatal("the importer did not begin")
	}
	s := openAt(t, path, sqlite.Options{})
	one := recordtest.Entries(t, "one", 1, size)
	var waits []time.Duration
	ended := make(chan []string)
	go func() { ended <- importer.end(t) }()
	for over := false; !over; {
		begin := time.Now()
		if err := s.Stage(t.Context(), "one", one); err != nil {
			t.Fatal(err)
		}
		staged := time.Now()
		if _, err := s.Publish(t.Context(), record.Batch{ID: "one"}); err != nil {
			t.Fatal(err)
		}
		waits = append(waits, staged.Sub(begin), time.Since(staged))
		select {
		case said := <-ended:
			t.Logf("importer: %q", said)
			over = true
		case <-time.After(7 * time.Millisecond):
		}
	}
	slices.Sort(waits)
	at := func(q float64) time.Duration { return waits[int(q*float64(len(waits)-1))] }
	t.Logf("%d writes during an import: median %v, 99%% %v, 99.9%% %v, longest %v", len(waits), at(.5), at(.99), at(.999), at(1))
	if at(1) > 100*time.Millisecond {
		t.Errorf("a writer waited for %v", at(1))
	}
	verify(t, s)
}
