package curated

import (
	"io/fs"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// regimeDoc is one file of data/regimes: a regime with its decisions and the
// listings whose steps we know.
type regimeDoc struct {
	record.Regime    `yaml:",inline"`
	KnownThrough     date.Day      `yaml:"known_through"`
	KnownThroughCite record.Cite   `yaml:"known_through_cite"`
	Decisions        []decisionDoc `yaml:"decisions"`
	Listings         []listingDoc  `yaml:"listings,omitempty"`

	file  string
	lines lines
}

type decisionDoc struct {
	Symbol symbol.Symbol `yaml:"symbol"`
	// On is the day of a decision that is no vote of the Council.
	On      date.Day        `yaml:"on,omitempty"`
	Vote    *record.Vote    `yaml:"vote,omitempty"`
	Effects []record.Effect `yaml:"effects,omitempty"`
	Claims  []record.Claim  `yaml:"claims,omitempty"`
}

type listingDoc struct {
	Ref         string        `yaml:"ref"`
	Name        string        `yaml:"name"`
	Sort        string        `yaml:"sort"`
	Former      []string      `yaml:"former,omitempty,flow"`
	Conditional bool          `yaml:"conditional,omitempty"`
	Note        string        `yaml:"note,omitempty"`
	Steps       []record.Step `yaml:"steps"`
	Cites       []record.Cite `yaml:"cites"`
}

func (r *reader) readRegimes() {
	files, err := fs.Glob(r.fsys, "regimes/*.yaml")
	if err != nil || len(files) == 0 {
		r.complain("regimes", 0, "no regime files")
	}
	for _, f := range files {
		d := &regimeDoc{file: f}
		if !r.yaml(f, d) {
			continue
		}
		d.file, d.lines = f, r.lines(f) // an empty file empties the whole document
		if string(d.ID)+".yaml" != strings.TrimPrefix(f, "regimes/") {
			r.complain(f, d.lines.of("$.id"), "id %q: the file must be called regimes/%s.yaml", d.ID, d.ID)
		}
		if d.Type == "" {
			d.Type = "sanctions"
		}
		r.regimes = append(r.regimes, d)
		r.regimeVotes(d)
	}
	for _, d := range r.regimes {
		r.stateRegime(d)
	}
}

// regimeVotes lays the votes that the file states over the tables.
func (r *reader) regimeVotes(d *regimeDoc) {
	for i := range d.Decisions {
		k := &d.Decisions[i]
		if k.Vote == nil {
			continue
		}
		line := d.lines.of("$.decisions[%d].symbol", i)
		v := *k.Vote
		v.ID = k.Symbol
		if _, ok := k.Symbol.Number(); ok {
			v.Resolution = k.Symbol
			if v.Recorded == "" {
				v.Recorded = record.FateAdopted
			}
		} else if v.Draft == "" {
			v.Draft = k.Symbol
		}
		for _, c := range v.Cites {
			r.cited(d.file, line, string(k.Symbol), c)
		}
		for j, a := range v.Acts {
			r.cited(d.file, d.lines.of("$.decisions[%d].vote.acts[%d].on", i, j), "the act", a.Cite)
		}
		for j, c := range v.Claims {
			r.citedClaim(d.file, d.lines.of("$.decisions[%d].vote.claims[%d].about", i, j), c)
		}
		for j, s := range v.Statements {
			r.cited(d.file, d.lines.of("$.decisions[%d].vote.statements[%d].member", i, j), "the statement", s.Cite)
		}
		r.overlay(d.file, line, v)
	}
}

func (r *reader) stateRegime(d *regimeDoc) {
	began := d.founded(r)
	r.state(d.file, d.lines.of("$.id"), record.FactID("regime/"+string(d.ID)), knownOn(began), d.Regime)
	r.state(d.file, d.lines.of("$.known_through"), record.FactID("coverage/"+string(d.ID)), knownOn(began),
		record.Coverage{Chain: string(d.ID), Through: d.KnownThrough, Cite: d.KnownThroughCite})
	for i, k := range d.Decisions {
		if len(k.Effects) == 0 && len(k.Claims) == 0 {
			continue
		}
		line := d.lines.of("$.decisions[%d].symbol", i)
		on := r.day(k)
		r.state(d.file, line, record.FactID("effects/"+string(d.ID)+"/"+string(k.Symbol)), knownOn(on),
			record.Effects{Regime: d.ID, Decision: k.Symbol, On: k.On, Effects: k.Effects, Claims: k.Claims})
	}
	for i, l := range d.Listings {
		line := d.lines.of("$.listings[%d].ref", i)
		if len(l.Steps) == 0 {
			r.complain(d.file, line, "listing %s has no steps", l.Ref)
			continue
		}
		r.state(d.file, line, record.FactID("listing/un/"+l.Ref), knownOn(l.Steps[0].On), record.Listing{
			List: "un", Ref: l.Ref, Regime: d.ID, Name: l.Name, Sort: l.Sort, Former: l.Former,
			Conditional: l.Conditional, Note: l.Note, Steps: l.Steps, Cites: l.Cites})
		r.listings++
	}
}

// founded is the day of the founding decision.
func (d *regimeDoc) founded(r *reader) date.Day {
	if v, ok := r.votes[d.Founding]; ok {
		return v.Date
	}
	var first date.Day
	for _, k := range d.Decisions {
		first = date.Min(first, r.day(k))
	}
	return first
}

func (r *reader) day(k decisionDoc) date.Day {
	if v, ok := r.vote(k.Symbol); ok {
		return v.Date
	}
	return k.On
}

// vote finds a vote by its id or by its draft's symbol.
func (r *reader) vote(s symbol.Symbol) (*vote, bool) {
	if v, ok := r.votes[s]; ok {
		return v, true
	}
	for _, v := range r.votes {
		if v.Draft == s {
			return v, true
		}
	}
	return nil, false
}

func (r *reader) readRules() {
	const file = "rules.yaml"
	if !r.yaml(file, &r.rules) {
		return
	}
	lines := r.lines(file)
	for i, u := range r.rules {
		line := lines.of("$[%d].id", i)
		r.cited(file, line, "rule "+u.ID, u.Cite)
		if v, ok := r.vote(u.Decision); !ok || v.Recorded != record.FateAdopted {
			r.complain(file, line, "rule %s: decision %s is no adopted decision in the record", u.ID, u.Decision)
		}
		if _, ok := r.words[u.Word]; !ok {
			r.complain(file, line, "rule %s: measure word %q is not in measures.csv", u.ID, u.Word)
		}
		r.state(file, line, record.FactID("rule/"+u.ID), knownOn(u.From), u)
	}
}

// lint checks every regime against its votes, its words and its own clocks.
func (r *reader) lint() {
	for _, d := range r.regimes {
		r.lintRegime(d)
	}
}

func (r *reader) lintRegime(d *regimeDoc) {
	at := func(path string, args ...any) int { return d.lines.of(path, args...) }
	if d.Name == "" || d.Purpose == "" {
		r.complain(d.file, at("$.id"), "a regime needs a name and a purpose")
	}
	if len(d.Cites) == 0 {
		r.complain(d.file, at("$.id"), "the regime names no source: add cites")
	}
	for _, c := range d.Cites {
		r.cited(d.file, at("$.cites"), "the regime", c)
	}
	if d.KnownThrough.IsZero() {
		r.complain(d.file, at("$.id"), "known_through is missing: the last day up to which the chain was looked for")
	} else {
		r.cited(d.file, at("$.known_through"), "known_through", d.KnownThroughCite)
	}
	if _, ok := r.vote(d.Founding); !ok {
		r.complain(d.file, at("$.founding"), "founding %s: no such vote in the record", d.Founding)
	}
	r.lintNotes(d)
	r.lintStates(d)
	comps := map[record.ComponentID]bool{}
	for i, k := range d.Components {
		line := at("$.components[%d].id", i)
		if comps[k.ID] {
			r.complain(d.file, line, "component %q stands twice", k.ID)
		}
		comps[k.ID] = true
		r.cited(d.file, line, "component "+string(k.ID), k.Cite)
		bare := k.Binds == "" && len(d.Prefixes)+len(d.Listings) == 0 // nobody is listed: nothing can be missed
		if k.Type == record.MeasureType && k.Binds != "listed" && k.Binds != "territory" && k.Binds != "trade" && !bare {
			r.complain(d.file, line, "component %s: binds %q: want listed, territory or trade", k.ID, k.Binds)
		}
		if t, ok := r.words[k.Word]; !ok {
			r.complain(d.file, line, "component %s: word %q is not in measures.csv", k.ID, k.Word)
		} else if t != string(k.Type) {
			r.complain(d.file, line, "component %s: %q is the word of a %s, not of a %s", k.ID, k.Word, t, k.Type)
		}
		for _, o := range k.Oversees {
			if !slices.ContainsFunc(d.Components, func(c record.Component) bool { return c.ID == o }) {
				r.complain(d.file, line, "component %s oversees %q, which the regime does not have", k.ID, o)
			}
		}
	}
	ends := map[record.ComponentID]date.Day{} // last day of the running term; absent: not begun; zero: open
	seen := map[symbol.Symbol]bool{}
	var before date.Day
	for i, k := range d.Decisions {
		line := at("$.decisions[%d].symbol", i)
		if seen[k.Symbol] {
			r.complain(d.file, line, "decision %s stands twice", k.Symbol)
		}
		seen[k.Symbol] = true
		v, isVote := r.vote(k.Symbol)
		on := r.day(k)
		if on.IsZero() {
			r.complain(d.file, line, "%s: neither in the tables of votes nor dated here: add on: or vote:", k.Symbol)
			continue
		}
		if on.Before(before) {
			r.complain(d.file, line, "%s of %s stands after a decision of %s: keep them in order", k.Symbol, on, before)
		}
		before = on
		adopted := !isVote || v.Resolution != "" && v.Recorded == record.FateAdopted
		for j, e := range k.Effects {
			r.lintEffect(d, k.Symbol, on, adopted, e, comps, ends, at("$.decisions[%d].effects[%d].do", i, j))
		}
		for j, c := range k.Claims {
			l := at("$.decisions[%d].claims[%d].about", i, j)
			r.citedClaim(d.file, l, c)
		}
	}
	for i, l := range d.Listings {
		for j := range d.Listings[:i] {
			if d.Listings[j].Ref == l.Ref {
				r.complain(d.file, at("$.listings[%d].ref", i), "listing %s stands twice", l.Ref)
			}
		}
		for j, s := range l.Steps {
			line := at("$.listings[%d].steps[%d].do", i, j)
			r.cited(d.file, line, "step of "+l.Ref, s.Cite)
			r.lintStep(d.file, line, l.Ref, s)
			for _, m := range s.Measures {
				if !comps[m] {
					r.complain(d.file, line, "%s: the regime has no measure %q", l.Ref, m)
				}
			}
			if j > 0 && s.On.Before(l.Steps[j-1].On) {
				r.complain(d.file, line, "%s: the step of %s stands after one of %s", l.Ref, s.On, l.Steps[j-1].On)
			}
		}
	}
}

// lintStates checks every state that the file names: a code that no table holds
// would reach nobody.
func (r *reader) lintStates(d *regimeDoc) {
	check := func(line int, what string, codes ...country.Code) {
		for _, c := range codes {
			if _, ok := country.Of(c); ok {
				continue
			}
			if right, err := country.Parse(string(c)); err == nil {
				r.complain(d.file, line, "%s: %q: want the code %s", what, c, right)
			} else {
				r.complain(d.file, line, "%s: %v", what, err)
			}
		}
	}
	check(d.lines.of("$.territories"), "territories", d.Territories...)
	for i, k := range d.Components {
		check(d.lines.of("$.components[%d].id", i), "territories of "+string(k.ID), k.Territories...)
	}
	for i, k := range d.Decisions {
		v := k.Vote
		if v == nil {
			continue
		}
		line := d.lines.of("$.decisions[%d].symbol", i)
		check(line, "sponsors", v.Sponsors...)
		check(line, "penholders", v.Penholders...)
		if v.President != "" {
			check(line, "president", v.President)
		}
		for j, a := range v.Acts {
			check(d.lines.of("$.decisions[%d].vote.acts[%d].on", i, j), "by", a.By...)
		}
		for j, s := range v.Statements {
			if s.Member != "" {
				check(d.lines.of("$.decisions[%d].vote.statements[%d].member", i, j), "member", s.Member)
			}
		}
		if b := v.Ballots; b != nil {
			for _, of := range [][]country.Code{b.Yes, b.No, b.Abstain, b.ObligatoryAbstain, b.NotParticipating, b.Absent} {
				check(line, "ballots", of...)
			}
		}
	}
}

// lintNotes checks that what stands beside the law names its source too.
func (r *reader) lintNotes(d *regimeDoc) {
	at := func(path string, i int) int { return d.lines.of(path, i) }
	for i, c := range d.Criteria {
		r.cited(d.file, at("$.criteria[%d].text", i), "the criterion", c.Cite)
	}
	for i, e := range d.Exemptions {
		r.cited(d.file, at("$.exemptions[%d].text", i), "the exemption", e.Cite)
	}
	for i, c := range d.Reports {
		r.cited(d.file, at("$.reports[%d].symbol", i), "the report", c.Cite)
	}
	for i, c := range d.Context {
		r.cited(d.file, at("$.context[%d].text", i), "the event", c.Cite)
	}
	for i, c := range d.Regime.Claims {
		r.citedClaim(d.file, at("$.claims[%d].about", i), c)
	}
	for i, l := range d.Listings {
		for _, c := range l.Cites {
			r.cited(d.file, at("$.listings[%d].ref", i), "listing "+l.Ref, c)
		}
	}
	for _, other := range slices.Concat(d.Predecessors, d.Successors) {
		if !slices.ContainsFunc(r.regimes, func(o *regimeDoc) bool { return o.ID == other }) {
			r.complain(d.file, d.lines.of("$.id"), "predecessor or successor %q: no such regime in the record", other)
		}
	}
}

// lintStep checks one step of a listing: its words, and that the Council took
// the decision it rests on.
func (r *reader) lintStep(file string, line int, ref string, s record.Step) {
	switch s.Do {
	case "list", "delist", "impose", "lift", "amend", "name-conditionally":
	default:
		r.complain(file, line, "%s: step %q: want list, delist, impose, lift, amend or name-conditionally", ref, s.Do)
	}
	switch s.Cause {
	case "", "decision", "lapse", "termination", "death", "unknown":
	default:
		r.complain(file, line, "%s: cause %q: want decision, lapse, termination, death or unknown", ref, s.Cause)
	}
	if s.Do == "delist" && s.Cause == "" {
		r.complain(file, line, "%s: a delisting needs its cause: decision, lapse, termination, death or unknown", ref)
	}
	if s.On.IsZero() || !s.Between.IsZero() && !s.Between.Before(s.On) {
		r.complain(file, line, "%s: the step needs a day, and between an earlier one", ref)
	}
	if v, ok := r.vote(s.By); s.By != "" && ok && v.Recorded != record.FateAdopted {
		r.complain(file, line, "%s: the step rests on %s, which was not adopted", ref, s.By)
	}
}

func (r *reader) citedClaim(file string, line int, c record.Claim) {
	r.cited(file, line, "the claim", record.Cite{Source: c.Source, Sure: c.Sure})
	if c.Speaker == "" || c.Hedge == "" {
		r.complain(file, line, "a claim needs a speaker and a hedge (stated where none was used)")
	}
}

func (r *reader) lintEffect(d *regimeDoc, s symbol.Symbol, on date.Day, adopted bool, e record.Effect,
	comps map[record.ComponentID]bool, ends map[record.ComponentID]date.Day, line int) {
	r.cited(d.file, line, "the effect", e.Cite)
	from := e.From
	if from.IsZero() {
		from = on
	}
	until := e.Until
	if e.Term != "" {
		n, err := regime.Months(e.Term)
		if err != nil {
			r.complain(d.file, line, "%s: %v", s, err)
		} else if until.IsZero() {
			until = on.AddMonths(n)
		}
	}
	if from.Before(on) {
		r.complain(d.file, line, "%s: from %s is before %s, when it was decided", s, from, on)
	}
	if !until.IsZero() && until.Before(from) {
		r.complain(d.file, line, "%s: until %s is before %s, when it begins", s, until, from)
	}
	switch e.Do {
	case record.Impose, record.Establish, record.Extend, record.Revive, record.Review:
	case record.Terminate, record.End, record.Amend, record.Ease, record.Suspend:
		if !until.IsZero() {
			r.complain(d.file, line, "%s: %s sets no term: leave until and term out", s, e.Do)
		}
	default:
		r.complain(d.file, line, "%s: deed %q: want %s", s, e.Do, deedNames)
	}
	for _, p := range e.Contested {
		r.cited(d.file, line, "the position of "+p.Claimant, p.Cite)
		if p.Claimant == "" || p.Says == "" || p.Holds != "in-force" && p.Holds != "not-in-force" {
			r.complain(d.file, line, "%s: a position needs a claimant, its words, and holds: in-force or not-in-force", s)
		}
	}
	for _, w := range e.What {
		if !comps[w] {
			r.complain(d.file, line, "%s: the regime has no component %q", s, w)
			continue
		}
		if !adopted {
			continue
		}
		end, begun := ends[w]
		switch e.Do {
		case record.Impose, record.Establish, record.Revive:
			ends[w] = until
		case record.Extend:
			switch {
			case !begun:
				r.complain(d.file, line, "%s extends %s, which nothing before it imposed", s, w)
			case !end.IsZero() && end.Before(on) && !e.Gap:
				r.complain(d.file, line, "%s of %s extends %s, whose term had ended on %s: set gap: true if that is so", s, on, w, end)
			case !end.IsZero() && end.Next().Before(from) && !e.Gap:
				r.complain(d.file, line, "%s extends %s from %s, but its term ends on %s: set gap: true if that is so", s, w, from, end)
			}
			ends[w] = until
		case record.Terminate, record.End:
			if !begun {
				r.complain(d.file, line, "%s ends %s, which nothing before it imposed", s, w)
			}
			delete(ends, w)
		case record.Amend, record.Ease, record.Suspend, record.Review:
			if !begun {
				r.complain(d.file, line, "%s changes %s, which nothing before it imposed", s, w)
			}
		}
	}
	if !e.Known.IsZero() && (e.Known.Before(on) || e.Known.After(from)) {
		r.complain(d.file, line, "%s: known %s: want a day from %s, when it was decided, to %s, when it begins", s, e.Known, on, from)
	}
	for _, p := range e.Reports {
		r.cited(d.file, line, "the report due", p.Cite)
		if p.Type == "" || p.By.Before(on) || !until.IsZero() && p.By.After(until) {
			r.complain(d.file, line, "%s: a report due needs its type and a day within the mandate, from %s to %s", s, on, until)
		}
	}
	for a, until := range e.AvertedUntil {
		if !slices.Contains(e.AvertedBy, a) {
			r.complain(d.file, line, "%s: averted_until names %s, which averted_by does not", s, a)
		}
		if until.Before(from) {
			r.complain(d.file, line, "%s: averted_until %s is before %s, when it begins", s, until, from)
		}
	}
	for _, a := range e.AvertedBy {
		if _, ok := r.vote(a); !ok {
			r.complain(d.file, line, "%s: averted_by %s: no such vote in the record", s, a)
		}
	}
	if len(e.What) == 0 {
		r.complain(d.file, line, "%s: the effect names no component", s)
	}
}
