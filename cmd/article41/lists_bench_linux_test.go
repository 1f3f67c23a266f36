package main

import (
	"bufio"
	"bytes"
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/date"
	"article41/policy"
	"article41/record"
	"article41/shareddata"
	"article41/sqlite"
	"article41/watch"
)

// peak is the largest memory a process that ended had resident, in MB.
func peak(c *exec.Cmd) float64 {
	return float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
}

// manyEntities is a million, or what ARTICLE41_ENTITIES says while something is
// being tried out: figures of fewer are not those that are promised.
func manyEntities(b *testing.B) int {
	s := os.Getenv("ARTICLE41_ENTITIES")
	if s == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		b.Fatalf("ARTICLE41_ENTITIES: %v", err)
	}
	b.Logf("%d entities and not a million (ARTICLE41_ENTITIES)", n)
	return n
}

// BenchmarkMillionEntities imports a million FollowTheMoney entities with the real
// program, while another process appends to the same database and decides an alert
// in it, each twenty times a second. Issue 6 asks for at most 120 s, 1500 MB and
// 100 ms of waiting; an append is three transactions, and each may wait.
func BenchmarkMillionEntities(b *testing.B) {
	exe := program(b)
	file := filepath.Join(b.TempDir(), "entities.ftm.json")
	if err := writeEntities(file, manyEntities(b)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		db := filepath.Join(b.TempDir(), "million.db")
		os.Remove(db)
		makeDB(b, db)
		var done atomic.Bool
		worst, reviewed := make(chan time.Duration, 1), make(chan time.Duration, 1)
		store, err := sqlite.Open(b.Context(), db, sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		decide := reviewer(b, store)
		go func() { worst <- otherWriter(b, store, &done) }()
		go func() { reviewed <- repeated(&done, decide) }()
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
		b.ReportMetric(float64((<-reviewed).Milliseconds()), "ms-longest-decision")
		store.Close()
	}
}

// otherWriter appends small facts until it is told to stop, and answers with the
// longest that one took.
func otherWriter(b *testing.B, store *sqlite.Store, done *atomic.Bool) time.Duration {
	ctx := context.Background()
	head, err := store.Head(ctx)
	if err != nil {
		b.Error(err)
		return 0
	}
	day := date.MustDay("2026-01-05")
	return repeated(done, func(i int) error {
		e, err := record.State(record.FactID(fmt.Sprintf("source/other-%d", i)), "other", day, record.Source{ID: fmt.Sprintf("other-%d", i), Title: "another writer"})
		if err == nil {
			_, err = record.Append(ctx, store, record.Batch{ID: record.BatchID(fmt.Sprint("other-", i)), Edition: head.Edition, Recorded: time.Now()}, []record.Entry{e})
		}
		if err != nil {
			b.Error(err)
		}
		return err
	})
}

// repeated does something twenty times a second until it is told to stop, and
// answers with the longest that it took.
func repeated(done *atomic.Bool, do func(i int) error) (longest time.Duration) {
	for i := 0; !done.Load(); i++ {
		begin := time.Now()
		if do(i) != nil {
			return longest
		}
		longest = max(longest, time.Since(begin))
		time.Sleep(50 * time.Millisecond)
	}
	return longest
}

// reviewer decides an alert on a customer of a listed name, to and fro.
func reviewer(b *testing.B, store *sqlite.Store) func(i int) error {
	ctx := context.Background()
	keys, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "keys.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { keys.Close() })
	rec, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	arc, err := article41.Open(ctx, store, rec, now)
	if err != nil {
		b.Fatal(err)
	}
	d := watch.New(store.Shelf(), account.NewVault(keys.Shelf(), account.Master{1}, crand.Reader), policy.Default())
	lists, err := arc.Watched(ctx, date.DayOf(now))
	if err == nil {
		_, err = d.Add(ctx, watch.Customer{ID: "c-1", Name: "Iyad Ag Ghali"})
	}
	if err == nil {
		_, err = d.Screen(ctx, lists, now, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	open, err := d.Alerts(ctx, nil)
	if err != nil || len(open) == 0 {
		b.Fatalf("%v, %d alerts", err, len(open))
	}
	return func(i int) error {
		_, err := d.Decide(ctx, open[0].ID, "", []watch.State{watch.NotSame, watch.TrueHit}[i%2], "for the measurement", account.Local(), time.Now())
		if err != nil {
			b.Error(err)
		}
		return err
	}
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
