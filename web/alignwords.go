package web

import (
	"fmt"
	"strings"

	"article41"
	"article41/council"
	"article41/country"
)

// figure reports whether a cell is a number, so that it stands to the right.
func figure(cell string) bool {
	return cell != "" && strings.Trim(cell, "0123456789.+-−,/") == ""
}

func codesOf(codes []country.Code) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, " ")
}

func nameOf(c country.Code) string {
	s, _ := country.Of(c)
	return s.Name
}

func stabilityWord(x float64) string {
	switch {
	case x >= 0.75:
		return "stable"
	case x >= 0.6:
		return "a pattern, with doubtful members"
	}
	return "not to be trusted"
}

func pivotNames(ps []council.Pivot) string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p.Code)
	}
	return strings.Join(out, " ")
}

func shiftWords(b council.Ballot, k article41.ShiftVote) string {
	if b == council.No && k.Tally != nil {
		return fmt.Sprintf("no, one of %d", k.Tally.No)
	}
	return string(b)
}

// windowLine says how many votes a selection holds, of whom and from when.
func windowLine(w article41.Window) string {
	t := fmt.Sprintf("%s in the selection: %s of the Council, %s of the Assembly.", capital(count(w.Selected, "vote", "votes")), number(w.Council), number(w.Assembly))
	if w.First != nil {
		t += fmt.Sprintf(" The first is of %s, the last of %s.", w.First.Text(), w.Last.Text())
	}
	return t
}
