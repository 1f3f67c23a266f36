// Command bench writes the speed table of the matching core: how long a search
// takes from the typed name to the ten best hits, on synthetic subjects of three
// names each, beside a baseline that scores every name in the same run.
//
//	go run ./screen/bench                 10k and 1M subjects
//	go run ./screen/bench -n 10000        one size
//	go run ./screen/bench -n 10000 -entities FILE -questions FILE
//	                                      the subjects and 3000 questions as files, for
//	                                      measuring a whole server, and no table
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/name"
	"article41/screen"
)

func main() {
	sizes := flag.String("n", "10000,1000000", "how many subjects, several by commas")
	count := flag.Int("q", 4000, "queries of each sort")
	distinct := flag.Int("tokens", 600000, "distinct tokens")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the searches")
	building := flag.String("buildprofile", "", "write a CPU profile of the builds")
	entities := flag.String("entities", "", "write the subjects as FollowTheMoney entities to this file")
	questions := flag.String("questions", "", "with -entities: write names to ask for to this file, one a line")
	flag.Parse()
	if *entities != "" {
		if err := writeFiles(newMaker(41, *distinct), *sizes, *entities, *questions); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	fmt.Printf("engine %s, %s; %s, %d processors, one goroutine a search\n", screen.Engine, screen.RarityVersion, runtime.Version(), runtime.GOMAXPROCS(0))
	fmt.Println("normalising, scoring and the ten best, without explanation text; " + clock)
	m := newMaker(41, *distinct)
	if *building != "" {
		f, err := os.Create(*building)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		s := m.subjects(100_000)
		pprof.StartCPUProfile(f)
		screen.Build(s)
		pprof.StopCPUProfile()
		return
	}
	var p50 []float64
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		p50 = append(p50, measure(m, n, *count, *profile))
	}
	if len(p50) > 1 {
		fmt.Printf("growth of p50 from the first size to the last: %.1fx\n", p50[len(p50)-1]/p50[0])
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

func measure(m *maker, n, count int, profile string) float64 {
	name.Prepare("warm up Прогрев 金正恩 김정은 محمد", name.Person, "")
	subjects := m.subjects(n)
	qs := m.queries(subjects, count)
	h0 := heap()
	t0 := time.Now()
	ix := screen.Build(subjects)
	built := time.Since(t0)
	h1 := heap()
	names := 0
	for i := range subjects {
		names += len(subjects[i].Names)
	}
	fmt.Printf("\n%d subjects, %d names, %d readings, %d distinct tokens\n", n, names, ix.Names(), ix.Tokens())
	fmt.Printf("  build %.2f s; %.0f B a name on the heap, %.0f B in the arrays\n", built.Seconds(), float64(h1-h0)/float64(names), float64(ix.Size())/float64(names))
	var file bytes.Buffer
	t0 = time.Now()
	if err := ix.Write(&file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	wrote := time.Since(t0)
	path := fmt.Sprintf("%s/bench-%d.index", os.TempDir(), os.Getpid())
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	size := file.Len()
	file = bytes.Buffer{}
	t0 = time.Now()
	if _, err := screen.Open(path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("  file %.0f MB, written in %.2f s, opened in %.2f s\n", float64(size)/1e6, wrote.Seconds(), time.Since(t0).Seconds())
	os.Remove(path)
	runtime.GC()
	changed := make([]screen.Subject, 0, 100)
	for _, s := range subjects[:min(100, n)] {
		s.Names = append([]screen.Name{{Text: "Changed " + s.Names[0].Text}}, s.Names...)
		changed = append(changed, s)
	}
	t0 = time.Now()
	ix.Apply(changed, nil)
	fmt.Printf("  100 changed subjects live after %.1f ms\n", time.Since(t0).Seconds()*1000)
	if profile != "" {
		f, err := os.Create(profile)
		if err == nil {
			pprof.StartCPUProfile(f)
		}
	}
	fmt.Printf("  %-10s %9s %9s %9s %9s %8s %9s\n", "query", "p50 us", "p95 us", "p99 us", "mean us", "hits", "allocs")
	var all []time.Duration
	for _, sort := range []string{"listed", "typo", "unlisted"} {
		times, hits, allocs := run(ix, qs[sort], (*screen.Index).Search)
		all = append(all, times...)
		line(sort, times, hits, allocs)
	}
	line("all", all, -1, -1)
	pprof.StopCPUProfile()
	var w screen.Stats
	for _, q := range qs["listed"] {
		x := ix.Work(screen.Query{Names: []string{q}, Kind: name.Person})
		w.Tokens, w.Rows, w.Scored = w.Tokens+x.Tokens, w.Rows+x.Rows, w.Scored+x.Scored
	}
	k := len(qs["listed"])
	fmt.Printf("  a listed name looks up %d tokens, looks at %d names and scores %d (means)\n", w.Tokens/k, w.Rows/k, w.Scored/k)
	few := qs["typo"][:max(3, min(40, 400000/n))]
	times, hits, _ := run(ix, few, func(ix *screen.Index, q screen.Query) []screen.Hit { h, _ := ix.Scan(q); return h })
	line("baseline", times, hits, -1)
	slices.Sort(all)
	return float64(all[len(all)/2])
}

func run(ix *screen.Index, qs []string, search func(*screen.Index, screen.Query) []screen.Hit) (times []time.Duration, hits, allocs float64) {
	for _, q := range qs[:min(len(qs), 50)] {
		search(ix, screen.Query{Names: []string{q}, Kind: name.Person})
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	names := make([]string, 1)
	var before, after runtime.MemStats
	times = make([]time.Duration, 0, len(qs))
	runtime.ReadMemStats(&before)
	for _, q := range qs {
		names[0] = q
		t0 := now()
		h := search(ix, screen.Query{Names: names, Kind: name.Person})
		times = append(times, now()-t0)
		if len(h) > 0 {
			hits++
		}
	}
	runtime.ReadMemStats(&after)
	return times, hits / float64(len(qs)), float64(after.Mallocs-before.Mallocs) / float64(len(qs))
}

func line(sort string, times []time.Duration, hits, allocs float64) {
	ts := slices.Clone(times)
	slices.Sort(ts)
	at := func(p float64) float64 {
		return float64(ts[min(len(ts)-1, int(p*float64(len(ts))))].Nanoseconds()) / 1000
	}
	var sum time.Duration
	for _, t := range ts {
		sum += t
	}
	fmt.Printf("  %-10s %9.1f %9.1f %9.1f %9.1f", sort, at(.5), at(.95), at(.99), float64(sum.Nanoseconds())/1000/float64(len(ts)))
	if hits >= 0 {
		fmt.Printf(" %7.1f%%", 100*hits)
	}
	if allocs >= 0 {
		fmt.Printf(" %9.1f", allocs)
	}
	fmt.Println()
}
