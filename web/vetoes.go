package web

import (
	"fmt"

	"article41"
	"article41/country"
	"article41/date"
)

// vetoStrip is the vetoes over time: one lane a member, one mark a draft.
type vetoStrip struct {
	Title, Desc string
	Height      float64
	Years       []gridline
	Lanes       []vetoLane
	Decades     []int
}

type vetoLane struct {
	Code    country.Code
	Name    string
	Y       float64
	Marks   []vetoMark
	Decades []int // how many in each
}

type vetoMark struct {
	X           float64
	Link, Title string
}

const (
	stripLeft = 190.0
	stripStep = 26.0
)

// drawVetoes lays the vetoes among the drafts out, which come newest first.
func drawVetoes(a *ask, found []article41.Decision) vetoStrip {
	counts := vetoCounts(found)
	if len(counts) == 0 {
		return vetoStrip{}
	}
	var first, last date.Day
	n := 0
	for _, d := range found {
		if d.Outcome.IsVeto() {
			if n++; last.IsZero() {
				last = d.Date
			}
			first = d.Date
		}
	}
	if n < 3 {
		return vetoStrip{}
	}
	pad := max(30, last.Sub(first)/60)
	from, to := first.AddDays(-pad), last.AddDays(pad)
	x := func(d date.Day) float64 {
		return stripLeft + float64(d.Sub(from))/float64(to.Sub(from))*(timelineWidth-stripLeft-edge)
	}
	s := vetoStrip{Title: fmt.Sprintf("Vetoes over time, %d to %d", first.Year(), last.Year()), Years: years(from, to, x)}
	for d := first.Year() / 10 * 10; d <= last.Year(); d += 10 {
		s.Decades = append(s.Decades, d)
	}
	for i, c := range counts {
		l := vetoLane{Code: c.Code, Name: vetoName(c.Code), Y: 16 + float64(i)*stripStep, Decades: make([]int, len(s.Decades))}
		for _, d := range found {
			for _, p := range d.Outcome.VetoedBy {
				if p.Code != c.Code {
					continue
				}
				l.Decades[d.Date.Year()/10-s.Decades[0]/10]++
				l.Marks = append(l.Marks, vetoMark{x(d.Date), a.link(votePath(d.ID)), d.ID.String() + ", " + d.Date.Text() + ": " + voteLabel(d)})
			}
		}
		s.Lanes = append(s.Lanes, l)
	}
	s.Height = 16 + float64(len(counts))*stripStep + 18
	s.Desc = fmt.Sprintf("%s, each a mark on the lane of the member that cast it. The table below counts them by decade.", count(n, "vetoed draft", "vetoed drafts"))
	return s
}
