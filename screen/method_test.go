package screen

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"article41/name"
)

// TestMethodExamples holds docs/method.md to what the engine does: every row of its
// table of examples is scored.
func TestMethodExamples(t *testing.T) {
	const path = "../docs/method.md"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, rows := strings.Split(string(b), "\n"), 0
	at := slices.Index(lines, "### Examples")
	for i := at + 1; at >= 0 && i < len(lines) && !strings.HasPrefix(lines[i], "#"); i++ {
		f := strings.Split(lines[i], "|")
		if len(f) != 8 || !strings.Contains(f[2], "`") {
			continue
		}
		rows++
		one, another := example(t, f[2]), example(t, f[3])
		kind, ok := name.ReadKind(strings.TrimSpace(f[4]))
		if !ok {
			t.Errorf("line %d: no kind is called %q", i+1, f[4])
		}
		e := ExplainPair(one, another, kind)
		want := fmt.Sprintf("|%s|%s|%s|%s| %s | %s |", f[1], f[2], f[3], f[4], verdict(e.Score), hows(e))
		if lines[i] != want {
			if flag.Lookup("update").Value.String() != "true" {
				t.Errorf("line %d is\n%s\nand the engine says\n%s", i+1, lines[i], want)
			}
			lines[i] = want
		}
		// The index finds what the pair scores.
		ix := Build([]Subject{{ID: "x", Kind: kind, Names: []Name{{Text: another}}}})
		if hits := ix.Search(Query{Names: []string{one}, Kind: kind}); (len(hits) == 1) != (e.Score >= DefaultThreshold) {
			t.Errorf("line %d: the score is %.4f and the index finds %v", i+1, e.Score, hits)
		}
		checkShown(t, e)
	}
	if rows < 50 {
		t.Fatalf("%s has %d examples, 50 or more were there", path, rows)
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// example reads a name between backquotes, its signs that cannot be seen written as
// \\u and four digits.
func example(t *testing.T, cell string) string {
	s, err := strconv.Unquote(`"` + strings.Trim(cell, " `") + `"`)
	if err != nil {
		t.Fatalf("%s: %v", cell, err)
	}
	return s
}

func verdict(score float64) string {
	if score >= DefaultThreshold {
		return fmt.Sprintf("**%.3f**", score)
	}
	return fmt.Sprintf("%.3f", score)
}

// hows tells in what ways the words met, by the order of the name.
func hows(e Explanation) string {
	var out []string
	for _, m := range e.Meetings {
		s := m.How.String()
		if m.Table != "" {
			s += " by " + m.Table
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return strings.Join(out, ", ")
}

// checkShown holds the explanation to the words as they were written: the words it
// says are left over or met stand in the names.
func checkShown(t *testing.T, e Explanation) {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("\u200b\u200c\u200f\u202c\u202e .-,", r) {
				return -1
			}
			return r
		}, norm.NFKC.String(s))
	}
	in := func(shown, text string) {
		written, _, _ := strings.Cut(shown, " (")
		if !strings.Contains(plain(text), plain(written)) {
			t.Errorf("%q is shown of %q", written, text)
		}
	}
	for _, m := range e.Meetings {
		in(m.Query, e.Query)
		in(m.Listed, e.Listed.Text)
	}
	for _, l := range e.QueryLeft {
		in(l.Token, e.Query)
	}
	for _, l := range e.ListedLeft {
		in(l.Token, e.Listed.Text)
	}
}
