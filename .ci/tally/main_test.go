package main

import (
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	for _, c := range []struct {
		name string
		in   string
		ci   bool
		ok   bool
		want []string
		not  string
	}{
		{"parts are counted, not their parents", `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/one"}
{"Action":"output","Package":"p","Test":"TestA/one","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}`, true, true, []string{"ok  \tp", "\n1 passed, 0 failed, 0 skipped\n"}, "chatter"},
		{"what failed is shown", `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:5: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`, false, false, []string{"a_test.go:5: wrong", "0 passed, 1 failed, 0 skipped\n"}, "broken"},
		{"a package that cannot be built", `
{"ImportPath":"p","Action":"build-output","Output":"p/a.go:1: undefined: x\n"}
{"Action":"fail","Package":"p","FailedBuild":"p"}`, false, false, []string{"undefined: x", "broken: p", "0 passed, 1 failed, 0 skipped\n"}, ""},
		{"a package that stops half way", `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"fail","Package":"p"}`, false, false, []string{"panic: oh", "0 passed, 1 failed, 0 skipped\n"}, ""},
		{"shared data may be missing at home", skipped(`did not run: shared data \"data/un-list\" is missing`), false, true,
			[]string{"1 test did not run for want of ../shared", "1 passed, 0 failed, 1 skipped\n"}, ""},
		{"shared data may not be missing in CI", skipped(`did not run: shared data \"data/un-list\" is missing`), true, false,
			[]string{"1 test did not run for want of ../shared", "1 passed, 1 failed, 1 skipped\n"}, ""},
		{"a soak waits, in CI too", skipped("did not run: a measurement of the soak (ARTICLE41_SOAK=1)"), true, true,
			[]string{"1 test did not run for want of the soak", "1 passed, 0 failed, 1 skipped\n"}, ""},
		{"the name of its file is no reason", strings.ReplaceAll(skipped("did not run: short"), "b_test.go", "browser_test.go"), true, true,
			[]string{"1 test did not run for want of the long run"}, "browser"},
		{"another reason is named", skipped("did not run: no user namespaces"), true, true,
			[]string{"did not run: p TestB: no user namespaces\n"}, ""},
		{"nothing ran", `{"Action":"skip","Package":"p"}`, false, false, []string{"no test ran"}, ""},
		{"the go command's own words pass through", "go: cannot find main module\n", false, false, []string{"go: cannot find main module"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			if ok := read(strings.NewReader(strings.TrimLeft(c.in, "\n")), &out, c.ci); ok != c.ok {
				t.Errorf("ok %v, want %v", ok, c.ok)
			}
			for _, want := range c.want {
				if !strings.Contains("\n"+out.String(), want) {
					t.Errorf("want %q in:\n%s", want, out.String())
				}
			}
			if c.not != "" && strings.Contains(out.String(), c.not) {
				t.Errorf("%q in:\n%s", c.not, out.String())
			}
		})
	}
}

// skipped is a run of one test that passes and one that does not run.
func skipped(why string) string {
	return `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: ` + why + `\n"}
{"Action":"output","Package":"p","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}`
}
