// Command tally reads what go test -json prints and says it in short: each
// package's line, the output of what failed, which tests did not run and for
// want of what, and as its last line "N passed, N failed, N skipped".
//
// It exits 1 if anything failed, if nothing ran, and, with CI=true, if a test
// did not run for want of something that CI must have.
//
//	go test -json ./... | go run ./.ci/tally
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	if !read(os.Stdin, os.Stdout, os.Getenv("CI") == "true") {
		os.Exit(1)
	}
}

// event is one line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
}

type test struct{ pkg, name string }

type tally struct {
	out     io.Writer
	held    map[test]string // output of tests that have not ended well
	ended   map[test]string // pass, fail or skip
	parents map[test]bool   // tests with parts; only the parts are counted
	broken  []string        // packages that failed without a failing test
	failing map[string]bool // packages with a failing test
}

func read(in io.Reader, out io.Writer, ci bool) bool {
	t := &tally{out: out, held: map[test]string{}, ended: map[test]string{}, parents: map[test]bool{}, failing: map[string]bool{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) != nil {
			out.Write(line) // not of the test binary: a word of the go command itself
		} else if len(line) > 0 {
			t.see(e)
		}
		if err != nil {
			break
		}
	}
	return t.close(ci)
}

func (t *tally) see(e event) {
	k := test{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		io.WriteString(t.out, e.Output)
	case "run":
		for i, c := range e.Test {
			if c == '/' {
				t.parents[test{e.Package, e.Test[:i]}] = true
			}
		}
	case "output":
		switch {
		case e.Test != "":
			t.held[k] += e.Output
		case e.Output != "PASS\n" && !strings.Contains(e.Output, "[no test files]"):
			io.WriteString(t.out, e.Output)
		}
	case "pass", "skip", "fail":
		if e.Test == "" {
			if e.Action == "fail" {
				t.broke(e.Package)
			}
			return
		}
		t.ended[k] = e.Action
		if e.Action == "fail" {
			t.failing[e.Package] = true
			io.WriteString(t.out, t.held[k])
		}
		if e.Action != "skip" {
			delete(t.held, k)
		}
	}
}

// broke: a package failed. If none of its tests did, it could not be built or it
// stopped half way, and what its tests had said so far is all there is to see.
func (t *tally) broke(pkg string) {
	if t.failing[pkg] {
		return
	}
	t.broken = append(t.broken, pkg)
	for k, said := range t.held {
		if k.pkg == pkg && t.ended[k] == "" {
			io.WriteString(t.out, said)
		}
	}
}

// wants are the things without which a test does not run, by a word of its
// message; must are those that CI has to have.
var wants = []struct {
	word, want string
	must       bool
}{
	{"soak", "the soak (make soak)", false},
	{"short", "the long run (make test)", false},
	{"shared", "../shared", true},
	{"browser", "a browser", true},
	{"chromium", "a browser", true},
	{"axe", "axe-core (make axe)", true},
}

func (t *tally) close(ci bool) bool {
	var passed, failed, skipped int
	missing, others := map[string]int{}, []string{}
	lacking := false
	for k, action := range t.ended {
		if t.parents[k] && action != "skip" {
			continue
		}
		switch action {
		case "pass":
			passed++
		case "fail":
			failed++
		case "skip":
			skipped++
			want, must := t.want(k)
			if want == "" {
				others = append(others, fmt.Sprintf("did not run: %s %s: %s", k.pkg, k.name, t.reason(k)))
			} else {
				missing[want]++
				lacking = lacking || must
			}
		}
	}
	failed += len(t.broken)
	slices.Sort(t.broken)
	for _, pkg := range t.broken {
		fmt.Fprintf(t.out, "broken: %s\n", pkg)
	}
	slices.Sort(others)
	for _, line := range others {
		fmt.Fprintln(t.out, line)
	}
	for _, want := range []string{"../shared", "a browser", "the soak (make soak)", "the long run (make test)"} {
		switch n := missing[want]; {
		case n == 1:
			fmt.Fprintf(t.out, "1 test did not run for want of %s\n", want)
		case n > 1:
			fmt.Fprintf(t.out, "%d tests did not run for want of %s\n", n, want)
		}
	}
	if passed+failed == 0 {
		fmt.Fprintln(t.out, "no test ran")
	}
	if ci && lacking {
		fmt.Fprintln(t.out, "with CI=true that is a failure")
		failed++
	}
	fmt.Fprintf(t.out, "%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	return failed == 0 && passed > 0
}

func (t *tally) want(k test) (want string, must bool) {
	said := strings.ToLower(t.reason(k))
	for _, w := range wants {
		if strings.Contains(said, w.word) {
			return w.want, w.must
		}
	}
	return "", false
}

// reason is what the test said when it was skipped, without file and line.
func (t *tally) reason(k test) string {
	said := ""
	for line := range strings.Lines(t.held[k]) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			said = line
		}
	}
	if _, after, ok := strings.Cut(said, ": "); ok {
		said = after
	}
	return strings.TrimPrefix(said, "did not run: ")
}
