package curated

import (
	"slices"

	"article41/country"
	"article41/record"
	"article41/symbol"
)

// readAssembly reads the General Assembly's votes that the chains need.
func (r *reader) readAssembly() {
	votes := map[symbol.Symbol]*record.Assembly{}
	var order []row
	for _, w := range r.table("assembly/votes.csv", true, "resolution", "date", "yes", "no", "abstain", "source", "sureness") {
		a := &record.Assembly{Resolution: w.symbol("resolution"), Session: w.text("session"), Title: w.text("title"),
			Date: w.day("date"), Tally: w.tally(), Cites: []record.Cite{w.cite()}}
		if _, twice := votes[a.Resolution]; twice {
			w.complain("%s stands twice", a.Resolution)
			continue
		}
		votes[a.Resolution] = a
		order = append(order, w)
	}
	for _, w := range r.table("assembly/ballots.csv", true, "resolution", "state", "vote", "source", "sureness") {
		a, ok := votes[w.symbol("resolution")]
		codes := w.codes("state")
		if !ok || len(codes) != 1 {
			w.complain("want a resolution of assembly/votes.csv and one state")
			continue
		}
		if a.Ballots == nil {
			a.Ballots = &record.Ballots{}
		}
		var to *[]country.Code
		switch w.text("vote") {
		case "yes":
			to = &a.Ballots.Yes
		case "no":
			to = &a.Ballots.No
		case "abstain":
			to = &a.Ballots.Abstain
		case "absent", "not-voting":
			to = &a.Ballots.Absent
		default:
			w.complain("vote %q: want yes, no, abstain or absent", w.text("vote"))
			continue
		}
		if b := a.Ballots; slices.Contains(slices.Concat(b.Yes, b.No, b.Abstain, b.Absent), codes[0]) {
			w.complain("%s votes twice on %s", codes[0], a.Resolution)
			continue
		}
		*to = append(*to, codes[0])
		c := w.cite()
		c.Note = ""
		if c.Sure != record.Verified {
			a.Unsure = append(a.Unsure, string(codes[0]))
		}
		if !slices.ContainsFunc(a.Cites, func(x record.Cite) bool { return x.Source == c.Source && x.Sure == c.Sure }) {
			a.Cites = append(a.Cites, c)
		}
	}
	for _, w := range order {
		a := votes[w.symbol("resolution")]
		r.state(w.file, w.line, record.FactID("assembly/"+string(a.Resolution)), knownOn(a.Date), *a)
	}
}
