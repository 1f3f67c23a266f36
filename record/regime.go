package record

import (
	"article41/country"
	"article41/date"
	"article41/symbol"
)

// RegimeID is a regime's stable id, such as "mali" or "south-sudan".
type RegimeID string

// ComponentID names a measure, an expert mandate or an authorization within its
// regime, such as "travel-ban" or "panel".
type ComponentID string

// Regime is what a regime is for and what it is made of. What is in force when
// is in Effects; nothing here says that it ended.
type Regime struct {
	ID          RegimeID       `json:"id" yaml:"id"`
	Name        string         `json:"name" yaml:"name"`
	Short       string         `json:"short,omitempty" yaml:"short,omitempty"`
	Type        string         `json:"type" yaml:"type"` // sanctions, or peace-operation for a mandate the chains touch
	Purpose     string         `json:"purpose" yaml:"purpose"`
	Founding    symbol.Symbol  `json:"founding" yaml:"founding"`
	Territories []country.Code `json:"territories,omitempty" yaml:"territories,omitempty"`
	// ListLabels and Prefixes tie the regime to the UN list: UN_LIST_TYPE and
	// the letters before the dot in a reference number.
	ListLabels   []string      `json:"list_labels,omitempty" yaml:"list_labels,omitempty"`
	Prefixes     []string      `json:"prefixes,omitempty" yaml:"prefixes,omitempty"`
	Predecessors []RegimeID    `json:"predecessors,omitempty" yaml:"predecessors,omitempty"`
	Successors   []RegimeID    `json:"successors,omitempty" yaml:"successors,omitempty"`
	Components   []Component   `json:"components" yaml:"components"`
	Criteria     []Criterion   `json:"criteria,omitempty" yaml:"criteria,omitempty"`
	Exemptions   []Exemption   `json:"exemptions,omitempty" yaml:"exemptions,omitempty"`
	Delisting    string        `json:"delisting,omitempty" yaml:"delisting,omitempty"` // ombudsperson, focal-point, none
	Reports      []Report      `json:"reports,omitempty" yaml:"reports,omitempty"`
	Context      []ContextNote `json:"context,omitempty" yaml:"context,omitempty"`
	Claims       []Claim       `json:"claims,omitempty" yaml:"claims,omitempty"`
	Note         string        `json:"note,omitempty" yaml:"note,omitempty"`
	Cites        []Cite        `json:"cites" yaml:"cites"`
}

const KindRegime Kind = "regime"

func (Regime) Kind() Kind { return KindRegime }

// ComponentType says which clock a component is.
type ComponentType string

const (
	MeasureType       ComponentType = "measure"
	BodyType          ComponentType = "body" // committee, panel, ombudsperson
	AuthorizationType ComponentType = "authorization"
)

// Component is one thing with a clock of its own.
type Component struct {
	ID   ComponentID   `json:"id" yaml:"id"`
	Type ComponentType `json:"type" yaml:"type"`
	Name string        `json:"name" yaml:"name"`
	// Word is the measure vocabulary's word (data/measures.csv) or the sort of
	// body: committee, panel, monitoring-team, ombudsperson, mission.
	Word string `json:"word" yaml:"word"`
	// Binds says whom a measure reaches: the listed, a territory, a trade.
	Binds       string         `json:"binds,omitempty" yaml:"binds,omitempty"`
	Territories []country.Code `json:"territories,omitempty" yaml:"territories,omitempty,flow"`
	// Oversees are the components a committee exists for: once they have all
	// ended and no end of its own is recorded, its status is unknown.
	Oversees []ComponentID `json:"oversees,omitempty" yaml:"oversees,omitempty,flow"`
	Scope    string        `json:"scope,omitempty" yaml:"scope,omitempty"`
	Cite     Cite          `json:"cite" yaml:"cite"`
}

// Criterion is conduct that allows listing.
type Criterion struct {
	Letter    string `json:"letter" yaml:"letter"`
	Paragraph string `json:"paragraph,omitempty" yaml:"paragraph,omitempty"`
	Text      string `json:"text" yaml:"text"` // paraphrase
	Cite      Cite   `json:"cite" yaml:"cite"`
}

// Exemption is use that stays allowed in spite of a measure.
type Exemption struct {
	From      []ComponentID `json:"from" yaml:"from,flow"`
	Decision  symbol.Symbol `json:"decision" yaml:"decision"`
	Paragraph string        `json:"paragraph,omitempty" yaml:"paragraph,omitempty"`
	Text      string        `json:"text" yaml:"text"`
	Cite      Cite          `json:"cite" yaml:"cite"`
}

// Report is a published report of an expert body.
type Report struct {
	Symbol symbol.Symbol `json:"symbol" yaml:"symbol"`
	Body   ComponentID   `json:"body" yaml:"body"`
	Type   string        `json:"type" yaml:"type"` // midterm, final
	On     date.About    `json:"on,omitzero" yaml:"on,omitempty"`
	Cite   Cite          `json:"cite" yaml:"cite"`
}

// ContextNote is a dated event beside the law.
type ContextNote struct {
	On   date.About `json:"on" yaml:"on"`
	Text string     `json:"text" yaml:"text"`
	Cite Cite       `json:"cite" yaml:"cite"`
	// Amends: so many entries of the list were amended on that day. Until a version
	// of that day or later is held, answers say that it is not.
	Amends *Amendment `json:"amends,omitempty" yaml:"amends,omitempty"`
}

// Amendment is a change of a list that is known from elsewhere.
type Amendment struct {
	List    SourceID `json:"list" yaml:"list"`
	Entries int      `json:"entries" yaml:"entries"`
}

// Effects are what one decision does to one regime. They count only if the
// decision was adopted, save where an effect says otherwise.
type Effects struct {
	Regime   RegimeID      `json:"regime" yaml:"regime"`
	Decision symbol.Symbol `json:"decision" yaml:"decision"` // the Vote's id
	// On is the day of a decision that is no vote of the Council, such as a
	// committee's; zero: the day of the vote.
	On      date.Day `json:"on,omitzero" yaml:"on,omitempty"`
	Effects []Effect `json:"effects" yaml:"effects"`
	Claims  []Claim  `json:"claims,omitempty" yaml:"claims,omitempty"`
}

const KindEffects Kind = "effects"

func (Effects) Kind() Kind { return KindEffects }

// Deed is what an effect does.
type Deed string

const (
	Impose    Deed = "impose"
	Extend    Deed = "extend"
	Amend     Deed = "amend" // changes the scope, not the clock
	Ease      Deed = "ease"
	Suspend   Deed = "suspend"
	Revive    Deed = "revive"
	Terminate Deed = "terminate"
	Establish Deed = "establish" // a body
	End       Deed = "end"       // a body
	Review    Deed = "review"    // a review clause: no effect on any clock
)

// Effect is one deed on one or more components, tied to a paragraph where known.
type Effect struct {
	Do        Deed          `json:"do" yaml:"do"`
	What      []ComponentID `json:"what" yaml:"what,flow"`
	Paragraph string        `json:"paragraph,omitempty" yaml:"paragraph,omitempty"`
	// From is the day it begins, where that is not the day of the decision.
	From date.Day `json:"from,omitzero" yaml:"from,omitempty"`
	Hour string   `json:"hour,omitempty" yaml:"hour,omitempty"` // New York clock time on From
	// Known is the day on which From could be told, where that is later than the
	// decision: a suspension that waits for an event.
	Known date.Day `json:"known,omitzero" yaml:"known,omitempty"`
	// Until is the last day in force; Term the phrase it was computed from, where
	// the text gives a period. Both empty: open-ended.
	Until date.Day `json:"until,omitzero" yaml:"until,omitempty"`
	Term  string   `json:"term,omitempty" yaml:"term,omitempty"`
	// Final says that the text calls this the last term.
	Final bool `json:"final,omitempty" yaml:"final,omitempty"`
	// Gap acknowledges that the term before had already run out.
	Gap bool `json:"gap,omitempty" yaml:"gap,omitempty"`
	// AvertedBy are the drafts any of which, adopted, would have kept the effect
	// from happening (a snapback).
	AvertedBy []symbol.Symbol `json:"averted_by,omitempty" yaml:"averted_by,omitempty,flow"`
	// AvertedUntil is, of those that would only have put it off, the last day of
	// that; what the Council would have done then nobody can say.
	AvertedUntil map[symbol.Symbol]date.Day `json:"averted_until,omitempty" yaml:"averted_until,omitempty"`
	// Contested are the positions of those who say the effect did not happen, and
	// of those who say it did.
	Contested []Stance `json:"contested,omitempty" yaml:"contested,omitempty"`
	// Reports are what a body has to hand in within the term, each by its day.
	Reports []ReportDue `json:"reports,omitempty" yaml:"reports,omitempty"`
	Scope   string      `json:"scope,omitempty" yaml:"scope,omitempty"`
	Note    string      `json:"note,omitempty" yaml:"note,omitempty"`
	Cite    Cite        `json:"cite" yaml:"cite"`
}

// ReportDue is a report that a decision asks of a body by a day.
type ReportDue struct {
	Type string   `json:"type" yaml:"type"` // midterm, interim, final
	By   date.Day `json:"by" yaml:"by"`     // the last day
	To   string   `json:"to,omitempty" yaml:"to,omitempty"`
	Cite Cite     `json:"cite" yaml:"cite"`
}

// Stance is a claimant's position on whether the law changed, in its words.
type Stance struct {
	Claimant string   `json:"claimant" yaml:"claimant"`
	Says     string   `json:"says" yaml:"says"`
	Holds    string   `json:"holds" yaml:"holds"` // in-force or not-in-force
	From     date.Day `json:"from,omitzero" yaml:"from,omitempty"`
	Symbol   string   `json:"symbol,omitempty" yaml:"symbol,omitempty"`
	Cite     Cite     `json:"cite" yaml:"cite"`
}

// Rule is a general carve-out that touches every measure of a word, in every
// regime, later ones too: S/RES/2664 (2022) on assets freezes.
type Rule struct {
	ID        string        `json:"id" yaml:"id"`
	Word      string        `json:"word" yaml:"word"`
	Decision  symbol.Symbol `json:"decision" yaml:"decision"`
	Paragraph string        `json:"paragraph,omitempty" yaml:"paragraph,omitempty"`
	From      date.Day      `json:"from" yaml:"from"`
	Except    []RegimeID    `json:"except,omitempty" yaml:"except,omitempty"`
	Text      string        `json:"text" yaml:"text"`
	Cite      Cite          `json:"cite" yaml:"cite"`
}

const KindRule Kind = "rule"

func (Rule) Kind() Kind { return KindRule }
