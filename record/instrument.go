package record

import "article41/date"

// InstrumentID is the stable id of an instrument, such as "eu-mali".
type InstrumentID string

// Instrument is the law of one authority that carries a regime of the Council
// on, or adds to it: an EU Decision with its Regulation, a statutory instrument
// of the United Kingdom, an executive order of the United States, a Swiss
// ordinance. Nobody but a State is bound by a resolution; a bank is bound by
// one of these. Its clocks are its own: the European Union froze for four
// months what the Council had let lapse.
type Instrument struct {
	ID        InstrumentID `json:"id" yaml:"id"`
	Authority string       `json:"authority" yaml:"authority"` // EU, UK, US, CH
	Name      string       `json:"name" yaml:"name"`
	Short     string       `json:"short" yaml:"short"`                     // as one cites it: "Regulation (EU) 2017/1770"
	Carries   []RegimeID   `json:"carries" yaml:"carries,flow"`            // regimes of the Council
	Lists     []SourceID   `json:"lists" yaml:"lists,flow"`                // the published lists that show whom it reaches
	Programme []string     `json:"programme" yaml:"programme,flow"`        // how those lists mark its entries
	Entry     string       `json:"entry,omitempty" yaml:"entry,omitempty"` // what an entry of it is called: "SDN"
	Parts     []Part       `json:"parts" yaml:"parts"`
	Acts      []Enactment  `json:"acts" yaml:"acts"`
	// Designations are those whose life under it is known entry by entry.
	Designations []Designation `json:"designations,omitempty" yaml:"designations,omitempty"`
	// Through is the last day up to which its acts were looked for; a term that
	// ended later reads unknown, never lapsed.
	Through     date.Day `json:"known_through" yaml:"known_through"`
	ThroughCite Cite     `json:"known_through_cite" yaml:"known_through_cite"`
	Note        string   `json:"note,omitempty" yaml:"note,omitempty"`
}

const KindInstrument Kind = "instrument"

func (Instrument) Kind() Kind { return KindInstrument }

// Grounds says whose decision a part of an instrument rests on.
type Grounds string

const (
	Derived    Grounds = "UN-derived" // it gives effect to the Council's list
	Autonomous Grounds = "autonomous" // the authority's own criteria and names
)

// Part is one measure of an instrument on one basis, with a clock of its own:
// the freeze of Annex I is not the freeze of Annex Ia.
type Part struct {
	ID    ComponentID `json:"id" yaml:"id"`
	Word  string      `json:"word" yaml:"word"` // of data/measures.csv
	Name  string      `json:"name" yaml:"name"`
	Basis Grounds     `json:"basis" yaml:"basis"`
	Place string      `json:"place,omitempty" yaml:"place,omitempty"` // where its names stand: "2017/1770 Annex I"
	Cite  Cite        `json:"cite" yaml:"cite"`
}

// Enactment is one act of the authority. Adopted, published and effective are
// three days.
type Enactment struct {
	ID        string   `json:"id" yaml:"id"`     // its number: "2024/215", "EO 13882"
	Form      string   `json:"form" yaml:"form"` // "Council Implementing Decision (CFSP)"
	Adopted   date.Day `json:"adopted" yaml:"adopted"`
	Published date.Day `json:"published,omitzero" yaml:"published,omitempty"`
	Effective date.Day `json:"effective,omitzero" yaml:"effective,omitempty"`
	Effects   []Change `json:"effects,omitempty" yaml:"effects,omitempty"`
	Note      string   `json:"note,omitempty" yaml:"note,omitempty"`
	Cite      Cite     `json:"cite" yaml:"cite"`
}

// From is the day from which the act counts: effective, else published, else
// adopted.
func (a Enactment) From() date.Day {
	switch {
	case !a.Effective.IsZero():
		return a.Effective
	case !a.Published.IsZero():
		return a.Published
	}
	return a.Adopted
}

// Known is the day from which one could know of it.
func (a Enactment) Known() date.Day {
	if !a.Published.IsZero() {
		return a.Published
	}
	return a.Adopted
}

// Change is what an act does to parts of its instrument.
type Change struct {
	Do    Deed          `json:"do" yaml:"do"` // impose, extend, terminate, review, unsettle
	What  []ComponentID `json:"what" yaml:"what,flow"`
	Until date.Day      `json:"until,omitzero" yaml:"until,omitempty"` // last day in force; zero: no end set
	Note  string        `json:"note,omitempty" yaml:"note,omitempty"`
	// Entries marks a change that takes every entry out of the part and leaves
	// the part itself: an emptied annex.
	Entries bool `json:"entries,omitempty" yaml:"entries,omitempty"`
	Cite    Cite `json:"cite" yaml:"cite"`
}

// Unsettle says that from the act on the record cannot tell whether the part
// still binds, because the act that would say so is not in it.
const Unsettle Deed = "unsettle"

// Designation is one target's life under an instrument.
type Designation struct {
	UN    []string `json:"un,omitempty" yaml:"un,omitempty,flow"` // the same target's references on the UN list
	List  SourceID `json:"list" yaml:"list"`
	Ref   string   `json:"ref,omitempty" yaml:"ref,omitempty"` // on that list, where it is known
	Name  string   `json:"name" yaml:"name"`
	Steps []Stage  `json:"steps" yaml:"steps"`
	// Seen are days of that list on which somebody saw the entry.
	Seen []date.Day `json:"seen,omitempty" yaml:"seen,omitempty,flow"`
	Note string     `json:"note,omitempty" yaml:"note,omitempty"`
	Cite Cite       `json:"cite" yaml:"cite"`
}

// Stage is one change in a designation.
type Stage struct {
	Do   string        `json:"do" yaml:"do"` // list, lift, amend
	On   date.Day      `json:"on" yaml:"on"`
	What []ComponentID `json:"what,omitempty" yaml:"what,omitempty,flow"`
	Act  string        `json:"act,omitempty" yaml:"act,omitempty"` // an id of the instrument's acts
	Cite Cite          `json:"cite" yaml:"cite"`
}
