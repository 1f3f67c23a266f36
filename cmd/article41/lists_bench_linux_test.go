package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"article41/date"
	"article41/record"
	"article41/shareddata"
	"article41/sqlite"
)

// peak is the largest memory a process that ended had resident, in MB.
func peak(c *exec.Cmd) float64 {
	return float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
}

// BenchmarkMillionEntities imports a million FollowTheMoney entities with the real
// program, while another process writes to the same database twenty times a
// second. Issue 6 asks for at most 120 s, 1500 MB and 100 ms of waiting.
func BenchmarkMillionEntities(b *testing.B) {
	exe := program(b)
	file := filepath.Join(b.TempDir(), "entities.ftm.json")
	if err := writeEntities(file, 1_000_000); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		db := filepath.Join(b.TempDir(), "million.db")
		os.Remove(db)
		makeDB(b, db)
		var done atomic.Bool
		worst := make(chan time.Duration, 1)
		go func() { worst <- otherWriter(b, db, &done) }()
		run := exec.Command(exe, "import", "ftm", file, "--db", db)
		begin := time.Now()
		out, err := run.CombinedOutput()
		took := time.Since(begin)
		done.Store(true)
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		b.ReportMetric(took.Seconds(), "s-import")
		b.ReportMetric(peak(run), "MB-peak")
		b.ReportMetric(float64((<-worst).Milliseconds()), "ms-longest-wait")
	}
}

// otherWriter appends small facts until it is told to stop, and answers with the
// longest that one took.
func otherWriter(b *testing.B, db string, done *atomic.Bool) (longest time.Duration) {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, db, sqlite.Options{})
	if err != nil {
		b.Error(err)
		return 0
	}
	defer store.Close()
	head, err := store.Head(ctx)
	if err != nil {
		b.Error(err)
		return 0
	}
	day := date.MustDay("2026-01-05")
	for i := 0; !done.Load(); i++ {
		e, err := record.State(record.FactID(fmt.Sprintf("source/other-%d", i)), "other", day, record.Source{ID: fmt.Sprintf("other-%d", i), Title: "another writer"})
		if err != nil {
			b.Error(err)
			return longest
		}
		begin := time.Now()
		if _, err := record.Append(ctx, store, record.Batch{ID: record.BatchID(fmt.Sprint("other-", i)), Edition: head.Edition, Recorded: begin}, []record.Entry{e}); err != nil {
			b.Error(err)
			return longest
		}
		longest = max(longest, time.Since(begin))
		time.Sleep(50 * time.Millisecond)
	}
	return longest
}

// writeEntities writes so many entities: eight in ten are people and firms, one a
// sanction, one an ownership.
func writeEntities(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(41, uint64(n)))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	given := []string{"Moussa", "Anna", "Oleg", "Fatima", "Jean-Pierre", "Xiu", "Ibrahim", "Svetlana", "Haruto", "Amina"}
	family := []string{"Testman", "Probe", "Sample", "Ivanov", "Diallo", "Schmidt", "Al-Masri", "Kowalska", "Tanaka", "Okafor"}
	for i := range n {
		switch i % 10 {
		case 8:
			fmt.Fprintf(w, `{"id":"sanc-%d","schema":"Sanction","caption":"Freeze","properties":{"entity":["tl-%d"],"authority":["Council of Testland"],"programId":["TL-%d"],"listingDate":["20%02d-03-04"],"reason":["For the test."]},"datasets":["tl"]}`+"\n", i, i-1, i%30, r.IntN(26))
		case 9:
			fmt.Fprintf(w, `{"id":"own-%d","schema":"Ownership","caption":"Ownership","properties":{"owner":["tl-%d"],"asset":["tl-%d"],"percentage":["51"]},"datasets":["tl"]}`+"\n", i, i-3, i-2)
		case 7:
			fmt.Fprintf(w, `{"id":"tl-%d","schema":"Company","caption":"%s Mining %d SARL","properties":{"name":["%s Mining %d SARL"],"jurisdiction":["ml"],"registrationNumber":["RC-%d"],"address":["Rue %d, Gao"],"topics":["sanction"]},"datasets":["tl"],"last_seen":"2026-01-05T06:00:00","target":true}`+"\n", i, pick(family), i, pick(family), i, i, i%300)
		default:
			a, c := pick(given), pick(family)
			fmt.Fprintf(w, `{"id":"tl-%d","schema":"Person","caption":"%s %s %d","properties":{"name":["%s %s %d","%s, %s"],"alias":["Abu %s %d"],"birthDate":["19%d-0%d-1%d"],"birthPlace":["Gao"],"nationality":["ml"],"position":["Colonel of the %d. battalion"],"passportNumber":["A%07d"],"topics":["sanction"],"notes":["Said to have left the country for another, and to have come back since."]},"datasets":["tl"],"last_seen":"2026-01-05T06:00:00","target":true}`+"\n",
				i, a, c, i, a, c, i, c, a, c, i%97, 20+r.IntN(70), 1+r.IntN(9), r.IntN(10), i%40, i)
		}
	}
	return w.Flush()
}

// fiveLists are those that a house must screen against, as the shared files hold
// them, by the source that reads them.
var fiveLists = map[string]string{
	"un":         "data/un-list/un_consolidated_2026-02-27.xml.gz",
	"ofac":       "data/other-lists/ofac_sdn_photoangell.csv.gz",
	"eu-journal": "data/other-lists/eu_journal_consolidated",
	"uk-ofsi":    "data/other-lists/uk_ofsi_conlist_2022.xlsx",
	"us-csl":     "data/other-lists/us_csl_consolidated_2022-04.csv.gz",
}

// BenchmarkColdStart answers a first screening in a process of its own, with five
// lists held. Issue 6 asks for at most 1.5 s and 200 MB.
func BenchmarkColdStart(b *testing.B) {
	exe := program(b)
	db := filepath.Join(b.TempDir(), "lists.db")
	for id, path := range fiveLists {
		if out, err := exec.Command(exe, "import", id, shareddata.Path(b, path), "--db", db).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	var took time.Duration
	most, runs := 0.0, 0
	for b.Loop() {
		run := exec.Command(exe, "screen", "Sergei Lavrov", "--db", db)
		begin := time.Now()
		out, err := run.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("LAVROV")) {
			b.Fatalf("%v\n%s", err, out)
		}
		took, runs = took+time.Since(begin), runs+1
		most = max(most, peak(run))
	}
	b.ReportMetric(took.Seconds()/float64(runs), "s-answer")
	b.ReportMetric(most, "MB-peak")
}
