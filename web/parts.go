package web

import (
	"fmt"
	"strconv"
	"strings"

	"article41/briefing"
	"article41/council"
	"article41/record"
	"article41/regime"
)

// group is the claims on one matter.
type group struct {
	about  string
	claims []record.Claim
}

// about groups claims by their matter, in order of first appearance. The same
// claim met twice (a decision touches two components) stands once.
func about(cs []record.Claim) []group {
	var out []group
	at := map[string]int{}
	seen := map[record.Claim]bool{}
	for _, c := range cs {
		if seen[c] {
			continue
		}
		seen[c] = true
		i, ok := at[c.About]
		if !ok {
			i = len(out)
			at[c.About] = i
			out = append(out, group{about: c.About})
		}
		out[i].claims = append(out[i].claims, c)
	}
	return out
}

func citeWords(c record.Cite) string {
	s := "source: " + c.Source
	if c.Place != "" {
		s += ", " + c.Place
	}
	if c.Note != "" {
		s += "; " + c.Note
	}
	return s
}

func untilWords(s regime.State) string {
	if s.Status == regime.InForce || s.Status == regime.Contested || s.Status == regime.Suspended {
		return "open-ended"
	}
	return "–"
}

func holdsWords(h string) string {
	if h == "in-force" {
		return "holds that it is in force"
	}
	return "holds that it is not in force"
}

func failedWords(f regime.Failed) string {
	switch f.Reason {
	case council.Vetoed:
		return "(veto, " + partyNames(f.VetoedBy) + ", " + dashed(f.Tally) + ")"
	case council.LackOfVotes:
		return fmt.Sprintf("(lack of votes, %s short, %s)", council.Numeral(f.Short), dashed(f.Tally))
	}
	return "(" + strings.ToLower(reasonWords[f.Reason]) + ")"
}

func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func braces(s string) string { return strings.NewReplacer("{", "", "}", "", `\`, "").Replace(s) }

// f writes a coordinate: at most one decimal.
func f(x float64) string { return strconv.FormatFloat(float64(int(x*10+0.5*sign(x)))/10, 'f', -1, 64) }

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}

// afterKey is what stands right behind the i-th of a cite's sources: the place in
// them behind the last.
func afterKey(c record.Cite, i int) string {
	switch {
	case i < strings.Count(c.Source, "; "):
		return "; "
	case c.Place != "":
		return ", " + c.Place
	}
	return ""
}

// footDays are the days that a page's answer rests on.
func footDays(a *ask, l briefing.Lang, p page) string {
	t := l.Say("foot-days", l.Day(a.At.AsOf), l.Day(a.At.KnownAt))
	if p.Through != nil {
		t += l.Say("foot-through", l.Day(*p.Through))
	}
	return t
}

// thousands is a number with its thousands set apart as the language does.
func thousands(l briefing.Lang, n int) string {
	if l == briefing.French {
		return strings.ReplaceAll(number(n), ",", "\u202f")
	}
	return number(n)
}

func sourceLine(x record.Source) string {
	if x.Note == "" || x.Publisher == "" {
		return x.Publisher + x.Note
	}
	return x.Publisher + "; " + x.Note
}

// statementLine is who spoke, where and when.
func statementLine(x record.Statement) string {
	var parts []string
	for _, p := range []string{x.Speaker, x.Where, x.On.Text()} {
		if p != "" && !(p == x.On.Text() && x.On.IsZero()) {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
