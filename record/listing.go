package record

import (
	"article41/date"
	"article41/symbol"
)

// List is one version of a published list, as read.
type List struct {
	List   SourceID `json:"list" yaml:"list"` // "un", "ofac", …
	Date   date.Day `json:"date" yaml:"date"`
	Basis  string   `json:"basis" yaml:"basis"`   // stated (by the list), given (by the importer), import-day
	Digest Digest   `json:"digest" yaml:"digest"` // SHA-256 of the bytes as read, after decompression
	Count  int      `json:"count" yaml:"count"`   // entries
	// Content is over the entries' content digests in order of reference: two
	// files with other bytes and the same entries agree in it.
	Content Digest `json:"content" yaml:"content"`
	Damaged bool   `json:"damaged,omitempty" yaml:"damaged,omitempty"` // loads, but fields were unreadable and dropped
	Partial bool   `json:"partial,omitempty" yaml:"partial,omitempty"` // cut, and accepted by hand
	// Narrowed: whoever saved the file cut every character to its low byte, so
	// text that agrees after such a cut is not an amendment.
	Narrowed bool `json:"narrowed,omitempty" yaml:"narrowed,omitempty"`
	// Stripped: addresses, documents and comments were left out (our own record).
	Stripped   bool        `json:"stripped,omitempty" yaml:"stripped,omitempty"`
	Complaints []Complaint `json:"complaints,omitempty" yaml:"complaints,omitempty"`
	// Origin is "import" for a user's file, "record" for one compiled into the
	// curated record.
	Origin string `json:"origin" yaml:"origin"`
	Name   string `json:"name,omitempty" yaml:"name,omitempty"` // where it came from, such as a file's base name
}

const KindList Kind = "list"

func (List) Kind() Kind { return KindList }

// Complaint is something wrong in what was read, with its place.
type Complaint struct {
	Place   string `json:"place" yaml:"place"` // "line 39788", "QDi.001: NAME_ORIGINAL_SCRIPT"
	Problem string `json:"problem" yaml:"problem"`
}

// Listed is what one version of a list says of one entry, kept only where it
// differs from what the version before it said. Gone: the version no longer
// holds it.
type Listed struct {
	List    SourceID `json:"list" yaml:"list"`
	Ref     string   `json:"ref" yaml:"ref"` // the list's own stable reference: "MLi.005"
	Version date.Day `json:"version" yaml:"version"`
	Gone    bool     `json:"gone,omitempty" yaml:"gone,omitempty"`

	DataID    string   `json:"data_id,omitempty" yaml:"data_id,omitempty"`
	Sort      string   `json:"sort,omitempty" yaml:"sort,omitempty"`           // person, entity, vessel, aircraft
	Programme []string `json:"programme,omitempty" yaml:"programme,omitempty"` // UN_LIST_TYPE, OFAC programme, EU programme
	Names     []Name   `json:"names,omitempty" yaml:"names,omitempty"`
	Births    []Birth  `json:"births,omitempty" yaml:"births,omitempty"`
	// Died and Only are facts taken from the comments: death as stated, and the
	// measure words where the text limits them ("travel-ban" only).
	Died          string      `json:"died,omitempty" yaml:"died,omitempty"`
	Only          []string    `json:"only,omitempty" yaml:"only,omitempty"`
	Nationalities []string    `json:"nationalities,omitempty" yaml:"nationalities,omitempty"`
	Gender        string      `json:"gender,omitempty" yaml:"gender,omitempty"`
	Titles        []string    `json:"titles,omitempty" yaml:"titles,omitempty"`
	Positions     []string    `json:"positions,omitempty" yaml:"positions,omitempty"`
	ListedOn      date.Day    `json:"listed_on,omitzero" yaml:"listed_on,omitempty"`
	Updated       []date.Day  `json:"updated,omitempty" yaml:"updated,omitempty"`
	Submitted     string      `json:"submitted_by,omitempty" yaml:"submitted_by,omitempty"`
	Addresses     []Address   `json:"addresses,omitempty" yaml:"addresses,omitempty"` // private: stripped from the curated record
	Documents     []Document  `json:"documents,omitempty" yaml:"documents,omitempty"` // private: the same
	Comments      string      `json:"comments,omitempty" yaml:"comments,omitempty"`   // the publisher's sentence: the same
	Links         []Relation  `json:"links,omitempty" yaml:"links,omitempty"`
	Extra         []Extra     `json:"extra,omitempty" yaml:"extra,omitempty"`     // every other field, in order
	Dropped       []Complaint `json:"dropped,omitempty" yaml:"dropped,omitempty"` // fields unreadable as published
}

const KindListed Kind = "listed"

func (Listed) Kind() Kind { return KindListed }

// Quality is how a list grades a name.
type Quality string

const (
	Primary  Quality = "primary"
	Good     Quality = "good"
	Low      Quality = "low"      // corroborates, never opens a hit alone
	Also     Quality = "aka"      // an entity's other name: no strength given
	Formerly Quality = "fka"      // an entity's former name
	Unrated  Quality = "unrated"  // a person's alias without a quality
	Original Quality = "original" // the name in its original script
)

// Name is one name as the list gives it.
type Name struct {
	Text    string   `json:"text" yaml:"text"`
	Parts   []string `json:"parts,omitempty" yaml:"parts,omitempty"` // the list's own slots, in order
	Quality Quality  `json:"quality" yaml:"quality"`
	Lang    string   `json:"lang,omitempty" yaml:"lang,omitempty"`
	Note    string   `json:"note,omitempty" yaml:"note,omitempty"`
}

// Birth is a date and place of birth as the list gives them.
type Birth struct {
	On      date.About `json:"on,omitzero" yaml:"on,omitempty"`
	Type    string     `json:"type,omitempty" yaml:"type,omitempty"` // the list's own word, such as EXACT
	City    string     `json:"city,omitempty" yaml:"city,omitempty"`
	State   string     `json:"state,omitempty" yaml:"state,omitempty"`
	Country string     `json:"country,omitempty" yaml:"country,omitempty"`
	Note    string     `json:"note,omitempty" yaml:"note,omitempty"`
}

// Address is a place as the list gives it.
type Address struct {
	Street  string `json:"street,omitempty" yaml:"street,omitempty"`
	City    string `json:"city,omitempty" yaml:"city,omitempty"`
	State   string `json:"state,omitempty" yaml:"state,omitempty"`
	Zip     string `json:"zip,omitempty" yaml:"zip,omitempty"`
	Country string `json:"country,omitempty" yaml:"country,omitempty"`
	Note    string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Document is an identifier with its sort and country.
type Document struct {
	Type    string `json:"type,omitempty" yaml:"type,omitempty"`
	Type2   string `json:"type2,omitempty" yaml:"type2,omitempty"`
	Number  string `json:"number,omitempty" yaml:"number,omitempty"`
	Country string `json:"country,omitempty" yaml:"country,omitempty"`
	City    string `json:"city,omitempty" yaml:"city,omitempty"`
	Issued  string `json:"issued,omitempty" yaml:"issued,omitempty"`
	Note    string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Relation ties an entry to another: ownership, control, family.
type Relation struct {
	To      string `json:"to" yaml:"to"`
	Kind    string `json:"kind" yaml:"kind"`
	Percent string `json:"percent,omitempty" yaml:"percent,omitempty"` // as given
	From    string `json:"from,omitempty" yaml:"from,omitempty"`
	Until   string `json:"until,omitempty" yaml:"until,omitempty"`
	Note    string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Extra is a field that has no place of its own.
type Extra struct {
	Name  string `json:"name" yaml:"name"`
	Value string `json:"value" yaml:"value"`
}

// Listing is what the curated record knows of an entry's legal life, step by
// step, beside what the dated lists show.
type Listing struct {
	List   SourceID `json:"list" yaml:"list"`
	Ref    string   `json:"ref" yaml:"ref"`
	Regime RegimeID `json:"regime" yaml:"regime"`
	Name   string   `json:"name" yaml:"name"`
	Sort   string   `json:"sort" yaml:"sort"`
	// Former references of the same person; one history.
	Former []string `json:"former,omitempty" yaml:"former,omitempty"`
	Steps  []Step   `json:"steps" yaml:"steps"`
	// Conditional: named with a condition that was never met; not a listing.
	Conditional bool   `json:"conditional,omitempty" yaml:"conditional,omitempty"`
	Note        string `json:"note,omitempty" yaml:"note,omitempty"`
	Cites       []Cite `json:"cites" yaml:"cites"`
}

const KindListing Kind = "listing"

func (Listing) Kind() Kind { return KindListing }

// Step is one change in a listing's life.
type Step struct {
	Do string   `json:"do" yaml:"do"` // list, delist, impose, lift, amend, name-conditionally
	On date.Day `json:"on" yaml:"on"`
	// Between, with On as the later end, says that the day is only known to lie
	// after it.
	Between  date.Day      `json:"between,omitzero" yaml:"between,omitempty"`
	Measures []ComponentID `json:"measures,omitempty" yaml:"measures,omitempty,flow"` // those that bind this entry from now on (list, impose) or no longer (lift)
	By       symbol.Symbol `json:"by,omitempty" yaml:"by,omitempty"`                  // resolution or press release
	Body     ComponentID   `json:"body,omitempty" yaml:"body,omitempty"`              // the committee that decided
	// Cause of a delisting: decision, lapse, death, unknown. One caused by a lapse
	// falls away with it.
	Cause string `json:"cause,omitempty" yaml:"cause,omitempty"`
	Note  string `json:"note,omitempty" yaml:"note,omitempty"`
	Cite  Cite   `json:"cite" yaml:"cite"`
}
