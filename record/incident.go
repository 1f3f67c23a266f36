package record

import (
	"article41/country"
	"article41/date"
	"article41/symbol"
)

// IncidentID is an incident's stable id, such as "moura-2022".
type IncidentID string

// Incident is something that happened at a place on a day, and who says what of
// it. Nothing in it is added up: each number belongs to its speaker.
type Incident struct {
	ID      IncidentID     `json:"id" yaml:"id"`
	Title   string         `json:"title" yaml:"title"`
	Summary string         `json:"summary,omitempty" yaml:"summary,omitempty"`
	When    date.About     `json:"when" yaml:"when"`
	Place   IncidentPlace  `json:"place" yaml:"place"`
	Acts    []string       `json:"violations" yaml:"violations,flow"` // codes of monitor/violations.csv
	Actors  []Actor        `json:"actors" yaml:"actors"`
	Claims  []Testimony    `json:"claims" yaml:"claims"`
	Links   []IncidentLink `json:"links,omitempty" yaml:"links,omitempty"`
	Context []ContextNote  `json:"context,omitempty" yaml:"context,omitempty"`
	// Codes are the publisher's own, kept as they came (UCDP, ACLED).
	Codes    []Code     `json:"codes,omitempty" yaml:"codes,omitempty"`
	Licence  string     `json:"licence,omitempty" yaml:"licence,omitempty"` // of the publisher's record, shown wherever it is
	Evidence []Evidence `json:"evidence,omitempty" yaml:"evidence,omitempty"`
	Replies  []Reply    `json:"replies,omitempty" yaml:"replies,omitempty"`
	Errata   []Erratum  `json:"errata,omitempty" yaml:"errata,omitempty"`
	// Merged says that the same event stands under another id; this record stays
	// as it is and is not counted.
	Merged IncidentID `json:"merged_into,omitempty" yaml:"merged_into,omitempty"`
	Cites  []Cite     `json:"cites" yaml:"cites"`
}

const KindIncident Kind = "incident"

func (Incident) Kind() Kind { return KindIncident }

// IncidentPlace is where it happened, as precisely as the source knows.
type IncidentPlace struct {
	Name      string       `json:"name" yaml:"name"`
	Within    string       `json:"within,omitempty" yaml:"within,omitempty"` // district, region
	Country   country.Code `json:"country" yaml:"country"`
	Lat       *float64     `json:"lat" yaml:"lat"`
	Lon       *float64     `json:"lon" yaml:"lon"`
	Precision string       `json:"precision" yaml:"precision"` // a row of monitor/precision.csv
	Note      string       `json:"note,omitempty" yaml:"note,omitempty"`
}

// Actor is somebody who was there, as sources call them. The role says no
// direction: who did what to whom is a claim, with a speaker.
type Actor struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name" yaml:"name"`
	Role string `json:"role" yaml:"role"` // a row of monitor/roles.csv
	// By says who names them so, where that is itself disputed.
	By   string `json:"named_by,omitempty" yaml:"named_by,omitempty"`
	Note string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Testimony is a claim about an incident: one speaker's word, with its numbers.
type Testimony struct {
	ID    string `json:"id" yaml:"id"`
	Claim `yaml:",inline"`
	// Wording is how the speaker put it, in our paraphrase or in a few words that
	// the matter hangs on, such as "foreign security partners".
	Wording string `json:"wording,omitempty" yaml:"wording,omitempty"`
	Place   string `json:"place,omitempty" yaml:"place,omitempty"` // page or paragraph
	// Known is when it was published, where the day (on) is not known exactly.
	Known  date.About `json:"known,omitzero" yaml:"known,omitempty"`
	Actor  string     `json:"actor,omitempty" yaml:"actor,omitempty"` // whom it attributes the acts to, as the speaker names them
	Level  string     `json:"level,omitempty" yaml:"level,omitempty"` // standard of proof the speaker names: monitor/levels.csv
	Counts string     `json:"counts,omitempty" yaml:"counts,omitempty"`
	// Low, Best and High are the speaker's numbers; what it does not give is null:
	// "at least 500" has a low and an open top.
	Low  *int `json:"low" yaml:"low"`
	Best *int `json:"best" yaml:"best"`
	High *int `json:"high" yaml:"high"`
}

// IncidentLink ties an incident or a finding to something else, once, with its own
// attributes: since when, who says so, and how far they commit to it.
type IncidentLink struct {
	Kind  string     `json:"kind" yaml:"kind"` // a row of monitor/links.csv
	To    string     `json:"to" yaml:"to"`
	As    string     `json:"as,omitempty" yaml:"as,omitempty"`
	On    date.About `json:"on,omitzero" yaml:"on,omitempty"` // when it held, or from/to
	By    string     `json:"by,omitempty" yaml:"by,omitempty"`
	Hedge Hedge      `json:"hedge,omitempty" yaml:"hedge,omitempty"` // of By
	Cite  Cite       `json:"cite" yaml:"cite"`
}

// Code is a value of a publisher's own scheme.
type Code struct {
	Scheme string `json:"scheme" yaml:"scheme"` // UCDP GED, ACLED
	Field  string `json:"field" yaml:"field"`
	Value  string `json:"value" yaml:"value"`
}

// Layer is who may see something.
type Layer string

const (
	LayerPublic    Layer = "public"
	LayerEmbargoed Layer = "embargoed" // until a day
	LayerWithheld  Layer = "withheld"  // never in the ledger
)

// Evidence is a file by reference: what it is, where it is kept, and the hash
// that says whether it is still the same.
type Evidence struct {
	ID      string    `json:"id" yaml:"id"`
	Title   string    `json:"title" yaml:"title"`
	Type    string    `json:"type" yaml:"type"` // media type, such as application/wacz
	Ref     string    `json:"ref,omitempty" yaml:"ref,omitempty"`
	SHA256  Digest    `json:"sha256" yaml:"sha256"`
	Size    int64     `json:"size,omitempty" yaml:"size,omitempty"`
	Layer   Layer     `json:"layer" yaml:"layer"`
	Until   date.Day  `json:"embargoed_until,omitzero" yaml:"embargoed_until,omitempty"`
	Custody []Custody `json:"custody,omitempty" yaml:"custody,omitempty"`
}

// Custody is one step of a file's way: received, copied, seen, checked. Who is an
// account's id, never a name.
type Custody struct {
	On   string `json:"at" yaml:"at"` // an instant, UTC
	Who  string `json:"by" yaml:"by"`
	Did  string `json:"did" yaml:"did"`
	Note string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Reply is what somebody named answered, or that they were asked and did not.
type Reply struct {
	Of   string   `json:"of" yaml:"of"` // who: an actor's or a named person's name
	On   date.Day `json:"on" yaml:"on"`
	Sort string   `json:"sort" yaml:"sort"` // a row of monitor/replies.csv
	Says string   `json:"says,omitempty" yaml:"says,omitempty"`
	Cite Cite     `json:"cite" yaml:"cite"`
}

// Erratum says openly what was wrong. What stood there stays in the ledger.
type Erratum struct {
	On   date.Day `json:"on" yaml:"on"`
	What string   `json:"what" yaml:"what"` // which field
	Was  string   `json:"was" yaml:"was"`
	Is   string   `json:"is" yaml:"is"`
	Why  string   `json:"why" yaml:"why"`
	By   string   `json:"by,omitempty" yaml:"by,omitempty"`
}

// FindingID is a finding's stable id.
type FindingID string

// Finding is what somebody takes to be so, by a standard of proof that is said.
type Finding struct {
	ID        FindingID    `json:"id" yaml:"id"`
	Incidents []IncidentID `json:"incidents" yaml:"incidents,flow"`
	Title     string       `json:"title" yaml:"title"`
	Text      string       `json:"text" yaml:"text"`
	By        string       `json:"by" yaml:"by"` // whose finding it is
	On        date.About   `json:"on" yaml:"on"`
	// Level is the standard of proof; LevelSaid the words it was said with. A level
	// above an earlier one needs a row in Raised.
	Level     string          `json:"level" yaml:"level"`
	LevelSaid string          `json:"level_said,omitempty" yaml:"level_said,omitempty"`
	Raised    []LevelChange   `json:"raised,omitempty" yaml:"raised,omitempty"`
	Claims    []string        `json:"claims,omitempty" yaml:"claims,omitempty,flow"`
	Evidence  []string        `json:"evidence,omitempty" yaml:"evidence,omitempty,flow"`
	Acts      []string        `json:"violations,omitempty" yaml:"violations,omitempty,flow"`
	Meets     []CriterionCase `json:"criteria,omitempty" yaml:"criteria,omitempty"`
	Named     []NamedPerson   `json:"named,omitempty" yaml:"named,omitempty"`
	Links     []IncidentLink  `json:"links,omitempty" yaml:"links,omitempty"`
	Report    symbol.Symbol   `json:"report,omitempty" yaml:"report,omitempty"`
	Errata    []Erratum       `json:"errata,omitempty" yaml:"errata,omitempty"`
	Cites     []Cite          `json:"cites" yaml:"cites"`
}

const KindFinding Kind = "finding"

func (Finding) Kind() Kind { return KindFinding }

// LevelChange is an open change of the standard of proof.
type LevelChange struct {
	On   date.Day `json:"on" yaml:"on"`
	From string   `json:"from" yaml:"from"`
	To   string   `json:"to" yaml:"to"`
	Why  string   `json:"why" yaml:"why"`
	By   string   `json:"by" yaml:"by"`
}

// CriterionCase says that the acts found may meet a regime's criterion.
type CriterionCase struct {
	Regime RegimeID `json:"regime" yaml:"regime"`
	Letter string   `json:"letter" yaml:"letter"`
	Acts   string   `json:"acts" yaml:"acts"`
}

// NamedPerson is a person a finding names: only with specific acts, and with what
// they answered or that nobody asked them.
type NamedPerson struct {
	Name  string   `json:"name" yaml:"name"`
	Acts  []string `json:"acts" yaml:"acts"`
	Reply *Reply   `json:"reply" yaml:"reply"`
}
