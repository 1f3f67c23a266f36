package curated

import (
	"io/fs"
	"slices"

	"article41/record"
)

// authorities are those whose law the record can hold.
var authorities = []string{"EU", "UK", "US", "CH"}

// readInstruments reads the law of the authorities that carry the regimes on: any
// number of files, each a sequence of instruments.
func (r *reader) readInstruments() {
	files, _ := fs.Glob(r.fsys, "instruments/*.yaml")
	for _, f := range files {
		r.readInstrumentFile(f)
	}
}

func (r *reader) readInstrumentFile(file string) {
	var docs []record.Instrument
	if !r.yaml(file, &docs) {
		return
	}
	lines := r.lines(file)
	for i, x := range docs {
		at := func(path string, args ...any) int { return lines.of("$[%d]."+path, append([]any{i}, args...)...) }
		if x.ID == "" || x.Name == "" || x.Short == "" {
			r.complain(file, at("id"), "an instrument needs an id, a name and a short form")
			continue
		}
		if r.instruments[x.ID] {
			r.complain(file, at("id"), "instrument %q stands twice", x.ID)
			continue
		}
		r.instruments[x.ID] = true
		r.lintInstrument(file, at, x)
		known := x.Acts
		slices.SortStableFunc(known, func(a, b record.Enactment) int { return a.Adopted.Compare(b.Adopted) })
		first := knownOn(x.Through)
		if len(known) > 0 {
			first = knownOn(known[0].Known())
		}
		r.state(file, at("id"), record.FactID("instrument/"+string(x.ID)), first, x)
	}
}

func (r *reader) lintInstrument(file string, at func(string, ...any) int, x record.Instrument) {
	if !slices.Contains(authorities, x.Authority) {
		r.complain(file, at("authority"), "%s: authority %q: want one of %v", x.ID, x.Authority, authorities)
	}
	if len(x.Carries) == 0 || len(x.Parts) == 0 || len(x.Acts) == 0 {
		r.complain(file, at("id"), "%s: an instrument carries a regime, has parts and rests on acts: one is missing", x.ID)
	}
	for _, id := range x.Carries {
		if !slices.ContainsFunc(r.regimes, func(d *regimeDoc) bool { return d.ID == id }) {
			r.complain(file, at("carries"), "%s carries %q: no such regime in the record", x.ID, id)
		}
	}
	if x.Through.IsZero() {
		r.complain(file, at("id"), "%s: known_through is missing: the last day up to which its acts were looked for", x.ID)
	} else {
		r.cited(file, at("known_through"), "known_through", x.ThroughCite)
	}
	parts := map[record.ComponentID]bool{}
	for i, p := range x.Parts {
		line := at("parts[%d].id", i)
		if parts[p.ID] {
			r.complain(file, line, "%s: part %q stands twice", x.ID, p.ID)
		}
		parts[p.ID] = true
		r.cited(file, line, "part "+string(p.ID), p.Cite)
		if r.words[p.Word] != string(record.MeasureType) {
			r.complain(file, line, "%s: part %s: word %q is no measure of measures.csv", x.ID, p.ID, p.Word)
		}
		if p.Basis != record.Derived && p.Basis != record.Autonomous {
			r.complain(file, line, "%s: part %s: basis %q: want %s or %s", x.ID, p.ID, p.Basis, record.Derived, record.Autonomous)
		}
	}
	acts := map[string]record.Enactment{}
	for i, a := range x.Acts {
		line := at("acts[%d].id", i)
		if _, twice := acts[a.ID]; twice {
			r.complain(file, line, "%s: act %s stands twice", x.ID, a.ID)
		}
		acts[a.ID] = a
		r.cited(file, line, "act "+a.ID, a.Cite)
		switch {
		case a.Adopted.IsZero():
			r.complain(file, line, "%s: act %s: no day of adoption", x.ID, a.ID)
		case !a.Published.IsZero() && a.Published.Before(a.Adopted):
			r.complain(file, line, "%s: act %s: published on %s, before it was adopted on %s", x.ID, a.ID, a.Published, a.Adopted)
		}
		for j, e := range a.Effects {
			line := at("acts[%d].effects[%d].do", i, j)
			r.cited(file, line, "the effect", e.Cite)
			switch e.Do {
			case record.Impose, record.Extend, record.Terminate, record.Review, record.Unsettle:
			default:
				r.complain(file, line, "%s: act %s: deed %q: want impose, extend, terminate, review or unsettle", x.ID, a.ID, e.Do)
			}
			if !e.Until.IsZero() && e.Until.Before(a.From()) {
				r.complain(file, line, "%s: act %s: until %s is before %s, when it begins", x.ID, a.ID, e.Until, a.From())
			}
			for _, w := range e.What {
				if !parts[w] {
					r.complain(file, line, "%s: act %s: the instrument has no part %q", x.ID, a.ID, w)
				}
			}
		}
	}
	for i, d := range x.Designations {
		line := at("designations[%d].name", i)
		r.cited(file, line, "the designation of "+d.Name, d.Cite)
		if !slices.Contains(x.Lists, d.List) || len(d.Steps) == 0 {
			r.complain(file, line, "%s: %s: want one of its lists %v, and steps", x.ID, d.Name, x.Lists)
		}
		for j, s := range d.Steps {
			line := at("designations[%d].steps[%d].do", i, j)
			r.cited(file, line, "step of "+d.Name, s.Cite)
			if s.Do != "list" && s.Do != "lift" && s.Do != "amend" {
				r.complain(file, line, "%s: step %q: want list, lift or amend", d.Name, s.Do)
			}
			if a, ok := acts[s.Act]; s.Act != "" && (!ok || s.On.Before(a.Adopted)) {
				r.complain(file, line, "%s: the step of %s rests on act %q, which the instrument has not, or not by that day", d.Name, s.On, s.Act)
			}
			for _, w := range s.What {
				if !parts[w] {
					r.complain(file, line, "%s: the instrument has no part %q", d.Name, w)
				}
			}
		}
	}
}
