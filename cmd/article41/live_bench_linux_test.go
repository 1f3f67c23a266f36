package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"article41"
	"article41/date"
	"article41/record"
	"article41/shareddata"
	"article41/sheet"
	"article41/sqlite"
)

// BenchmarkLiveAfterUpdate: the bytes of a new version of the Council's list, of
// which 100 entries changed, until a name of it is found by screening. Issue 6 asks
// for at most 300 ms; ms-live is the clock, ms-cpu the processor's time in it, which
// a busy machine does not stretch.
func BenchmarkLiveAfterUpdate(b *testing.B) {
	b.Run("five lists", func(b *testing.B) { benchLive(b, 0) })
	b.Run("and a million entities", func(b *testing.B) {
		if os.Getenv("ARTICLE41_SOAK") == "" {
			b.Skip("did not run: imports a million entities first; ARTICLE41_SOAK=1 runs it")
		}
		benchLive(b, 1_000_000)
	})
}

func benchLive(b *testing.B, entities int) {
	ctx, dir := context.Background(), b.TempDir()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "live.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	rec, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC)
	arc, err := article41.Open(ctx, store, rec, now)
	if err != nil {
		b.Fatal(err)
	}
	a := &app{world: world{now: func() time.Time { return now }}}
	take := func(id record.SourceID, path string) {
		src, err := sourceOf(id)
		if err == nil {
			_, err = a.take(ctx, arc, src, path, sheet.Options{Date: date.MustDay("2026-02-27"), DateBasis: "given"}, 0)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for id, path := range fiveLists {
		take(record.SourceID(id), shareddata.Path(b, path))
	}
	if entities > 0 {
		file := filepath.Join(dir, "entities.ftm.json")
		if err := writeEntities(file, entities); err != nil {
			b.Fatal(err)
		}
		take("ftm", file)
	}
	f, err := os.Open(shareddata.Path(b, fiveLists["un"]))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	un, _ := sourceOf("un")
	names, dated := regexp.MustCompile(`<FIRST_NAME>`), regexp.MustCompile(`dateGenerated="[0-9-]{10}`)
	asked := func(name, word string) bool {
		at := record.At{AsOf: date.DayOf(now), KnownAt: date.DayOf(now)}
		got, err := arc.Screen(ctx, at, article41.Query{Name: name})
		if err != nil {
			b.Fatal(err)
		}
		return slices.ContainsFunc(got.Hits, func(h article41.Hit) bool { return strings.Contains(h.Caption, word) })
	}
	asked("Testman Probe", "")
	n := 0
	var clock, cpu time.Duration
	for b.Loop() {
		n++
		now = now.AddDate(0, 0, 1)
		changed := 0
		// Ten names differ from one another in no way that a machine could guess.
		name := fmt.Sprintf("Zworykin%s", strings.Repeat("ab", n%7)+string(rune('a'+n%26))+string(rune('a'+n/26%26)))
		doc := names.ReplaceAllFunc(text, func(tag []byte) []byte {
			if changed++; changed > 100 {
				return tag
			}
			return append(bytes.Clone(tag), name+" "...)
		})
		doc = dated.ReplaceAll(doc, []byte(`dateGenerated="`+now.Format("2006-01-02")))
		c0, t0 := used(b), time.Now()
		l, entries, err := un.read(bytes.NewReader(doc), sheet.Options{Name: "consolidated.xml"})
		if err != nil {
			b.Fatal(err)
		}
		did, err := arc.Take(ctx, now, article41.Whole(l, entries))
		if err != nil || did.Changed < 100 {
			b.Fatalf("%v, %d changed", err, did.Changed)
		}
		i := slices.IndexFunc(entries, func(e record.Listed) bool { return strings.Contains(e.Names[0].Text, name) })
		if full := entries[i].Names[0].Text; !asked(full, name) {
			b.Fatalf("%s is not found", full)
		}
		clock, cpu = clock+time.Since(t0), cpu+used(b)-c0
	}
	b.ReportMetric(float64(clock.Milliseconds())/float64(n), "ms-live")
	b.ReportMetric(float64(cpu.Milliseconds())/float64(n), "ms-cpu")
}

// used is the processor time of this process so far.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
