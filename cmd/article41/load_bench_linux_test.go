package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkOverload starts the program on one processor and puts load on it from
// the others: one client, eight, and twice what it bore of the eight.
// Where there is one processor only, client and server share it, and the figures
// tell of both.
func BenchmarkOverload(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "article41")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	dir := b.TempDir()
	var out, errs lockedBuffer
	c := exec.Command(bin, "serve", "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0")
	c.Dir, c.Stdout, c.Stderr = dir, &out, &errs
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	var others, first unix.CPUSet
	if err := unix.SchedGetaffinity(0, &others); err != nil {
		b.Fatal(err)
	}
	all := others
	for cpu := range 1024 {
		if others.IsSet(cpu) {
			first.Set(cpu)
			others.Clear(cpu)
			break
		}
	}
	if others.Count() == 0 {
		others = first
	}
	// A child begins on the processors of the thread that starts it.
	runtime.LockOSThread()
	if err := unix.SchedSetaffinity(0, &first); err != nil {
		b.Fatal(err)
	}
	err := c.Start()
	pinThreads(b, &others)
	runtime.UnlockOSThread()
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		pinThreads(b, &all)
		c.Process.Signal(os.Interrupt)
		c.Wait()
	}()
	at := regexp.MustCompile(`is at (http://\S+)/`)
	metrics := regexp.MustCompile(`for=metrics address=(\S+)`)
	for range 600 {
		if at.MatchString(out.text()) && metrics.MatchString(errs.text()) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !at.MatchString(out.text()) {
		b.Fatalf("it does not start: %s%s", out.text(), errs.text())
	}
	l := loader{base: at.FindStringSubmatch(out.text())[1], clients: 8, each: 3 * time.Second, batch: 1,
		metrics: "http://" + metrics.FindStringSubmatch(errs.text())[1] + "/metrics"}
	if s := os.Getenv("ARTICLE41_LOAD_SECONDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		l.each = time.Duration(n) * time.Second
	}
	if err := l.prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		got, err := l.run(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for i, name := range []string{"one", "full", "over"} {
			s := got.Spells[i]
			b.ReportMetric(s.P99, name+"-p99-ms")
			b.ReportMetric(s.AnsweredPerSecond, name+"-answers/s")
			b.ReportMetric(*s.CPU, name+"-cpu-ms")
		}
		b.ReportMetric(float64(got.Spells[2].TurnedAway), "turned-away")
		b.ReportMetric(got.Ratio, "over/one")
		b.ReportMetric(got.RatioClients, "over/eight")
	}
}

// pinThreads puts this program's threads, and those that they start, on processors.
func pinThreads(b *testing.B, to *unix.CPUSet) {
	b.Helper()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range threads {
		var id int
		fmt.Sscan(t.Name(), &id)
		unix.SchedSetaffinity(id, to) // one that ended meanwhile needs no place
	}
}
