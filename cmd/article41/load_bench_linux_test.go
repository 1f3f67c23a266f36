package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"article41/shareddata"
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
	srv := served{args: []string{"--addr", "127.0.0.1:0"}, dir: b.TempDir(), env: []string{"GOMAXPROCS=1"}}
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
	err := srv.start(bin)
	pinThreads(b, &others)
	runtime.UnlockOSThread()
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		pinThreads(b, &all)
		srv.stop()
	}()
	l, err := srv.loader(time.Minute)
	if err != nil {
		b.Fatal(err)
	}
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

// BenchmarkMatchOverHTTP is the server's processor time for a /match of eight
// clients, one name and a hundred in a body, each with its law. Issue 8 asks for at
// most 0.2 ms and 12 ms on the Council's list and OFAC's, and for a mean of 1.2 ms
// with a million entities.
func BenchmarkMatchOverHTTP(b *testing.B) {
	b.Run("UN and OFAC", func(b *testing.B) {
		benchServed(b, "ofac", shareddata.Path(b, "data/other-lists/ofac_sdn_photoangell.csv.gz"), "")
	})
	b.Run("and a million entities", func(b *testing.B) {
		if os.Getenv("ARTICLE41_SOAK") == "" {
			b.Skip("did not run: imports a million entities first; ARTICLE41_SOAK=1 runs it")
		}
		dir := b.TempDir()
		entities, questions := filepath.Join(dir, "entities.ftm.json"), filepath.Join(dir, "questions.txt")
		if out, err := exec.Command("go", "run", "article41/screen/bench", "-n", fmt.Sprint(manyEntities(b)), "-entities", entities, "-questions", questions).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		benchServed(b, "ftm", entities, questions)
	})
}

// benchServed asks for the names of a file, or without one for the server's own.
func benchServed(b *testing.B, source, list, questions string) {
	bin, db := program(b), filepath.Join(b.TempDir(), "served.db")
	if out, err := exec.Command(bin, "import", source, list, "--db", db).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	srv := served{args: []string{"--addr", "127.0.0.1:0", "--db", db}, dir: b.TempDir()}
	if err := srv.start(bin); err != nil {
		b.Fatal(err)
	}
	defer srv.stop()
	l, err := srv.loader(5 * time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	// What the server does of its own after a start would be counted to the questions.
	for used := -1.0; ; time.Sleep(time.Second) {
		now, err := l.processorTime(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if used >= 0 && now-used < .05 {
			break
		}
		used = now
	}
	var names []wanted
	if questions != "" {
		text, err := os.ReadFile(questions)
		if err != nil {
			b.Fatal(err)
		}
		for name := range strings.Lines(string(text)) {
			names = append(names, wanted{"Person", strings.TrimSpace(name)})
		}
	}
	for b.Loop() {
		for _, l.batch = range []int{1, 100} {
			var err error
			if names == nil {
				err = l.prepare(b.Context())
			} else {
				err = l.ask(names)
			}
			if err != nil {
				b.Fatal(err)
			}
			if _, err := l.closed(b.Context(), "warm", 8, time.Second); err != nil {
				b.Fatal(err)
			}
			got, err := l.closed(b.Context(), "eight", 8, 5*time.Second)
			if err != nil {
				b.Fatal(err)
			}
			if got.Failed > 0 || got.Answered == 0 {
				b.Fatalf("%d failed, %d answered", got.Failed, got.Answered)
			}
			of := fmt.Sprintf("-of-%d", l.batch)
			b.ReportMetric(*got.CPU, "cpu-ms"+of)
			b.ReportMetric(got.P50, "p50-ms"+of)
			b.ReportMetric(got.P99, "p99-ms"+of)
			b.ReportMetric(got.AnsweredPerSecond, "answers/s"+of)
			b.ReportMetric(float64(got.TurnedAway)/float64(got.Answered+got.TurnedAway), "turned-away"+of)
		}
	}
}

// served is the real program, serving.
type served struct {
	args, env []string
	dir       string
	out, errs lockedBuffer
	cmd       *exec.Cmd
}

func (s *served) start(bin string) error {
	s.cmd = exec.Command(bin, append([]string{"serve", "--metrics-addr", "127.0.0.1:0"}, s.args...)...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, &s.out, &s.errs
	s.cmd.Env = append(os.Environ(), s.env...)
	return s.cmd.Start()
}

func (s *served) stop() {
	s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
}

// loader waits until the program answers, and has what puts load on it.
func (s *served) loader(patience time.Duration) (loader, error) {
	at, metrics := regexp.MustCompile(`is at (http://\S+)/`), regexp.MustCompile(`for=metrics address=(\S+)`)
	for end := time.Now().Add(patience); !at.MatchString(s.out.text()) || !metrics.MatchString(s.errs.text()); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			return loader{}, fmt.Errorf("it does not start: %s%s", s.out.text(), s.errs.text())
		}
	}
	return loader{base: at.FindStringSubmatch(s.out.text())[1], clients: 8, each: 3 * time.Second, batch: 1,
		metrics: "http://" + metrics.FindStringSubmatch(s.errs.text())[1] + "/metrics"}, nil
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
