package record

import (
	"fmt"
	"strings"

	"article41/date"
)

// Source is a publisher or a document that facts come from.
type Source struct {
	ID        string `json:"id" yaml:"id"`
	Title     string `json:"title" yaml:"title"`
	Publisher string `json:"publisher,omitempty" yaml:"publisher,omitempty"`
	Link      string `json:"link,omitempty" yaml:"link,omitempty"`
	Licence   string `json:"licence,omitempty" yaml:"licence,omitempty"`
	Note      string `json:"note,omitempty" yaml:"note,omitempty"`
}

const KindSource Kind = "source"

func (Source) Kind() Kind { return KindSource }

// Sureness says how sure the record is of a fact.
type Sureness string

const (
	Verified   Sureness = "verified"   // read in the source that is named
	Unverified Sureness = "unverified" // stated from memory or by a weak source; shown as such
	Unknown    Sureness = "unknown"    // could not be established; asserted nowhere
)

// Cite is where a fact stands and how sure it is.
type Cite struct {
	Source string   `json:"source" yaml:"source"`
	Place  string   `json:"place,omitempty" yaml:"place,omitempty"` // page, paragraph, row
	Sure   Sureness `json:"sureness" yaml:"sureness"`
	Note   string   `json:"note,omitempty" yaml:"note,omitempty"`
}

// UnmarshalYAML also reads the short form "verified DHLm" or "verified SC/12979
// para 3": a sureness, a source, and a place in it.
func (c *Cite) UnmarshalYAML(read func(any) error) error {
	var short string
	if read(&short) != nil {
		type plain Cite
		return read((*plain)(c))
	}
	f := strings.SplitN(short, " ", 3)
	if len(f) < 2 {
		return fmt.Errorf("cite %q: want a sureness and a source, such as \"verified DHLm\"", short)
	}
	*c = Cite{Sure: Sureness(f[0]), Source: f[1]}
	if len(f) == 3 {
		c.Place = f[2]
	}
	return nil
}

// Hedge is how far a speaker committed to what was said, weakest first.
type Hedge string

const (
	Reported    Hedge = "reported"
	Alleged     Hedge = "alleged"
	Believed    Hedge = "believed"
	Assessed    Hedge = "assessed"
	Established Hedge = "established"
	Stated      Hedge = "stated" // no hedge was used
)

// Claim is one speaker's word on one matter. Two that contradict each other
// both stay.
type Claim struct {
	About   string   `json:"about" yaml:"about"`                       // the matter, such as "panel until"
	Says    string   `json:"says" yaml:"says"`                         // a value or a paraphrase
	Speaker string   `json:"speaker" yaml:"speaker"`                   // who says so
	Hedge   Hedge    `json:"hedge" yaml:"hedge"`                       // with which commitment
	On      date.Day `json:"on,omitzero" yaml:"on,omitempty"`          // when it was said
	Symbol  string   `json:"symbol,omitempty" yaml:"symbol,omitempty"` // the document it stands in
	Source  string   `json:"source" yaml:"source"`
	Sure    Sureness `json:"sureness" yaml:"sureness"`
	Note    string   `json:"note,omitempty" yaml:"note,omitempty"`
}

// Edition marks a version of the curated record in the ledger. Its number only
// rises; a program that knows only a lower one refuses the ledger.
type Edition struct {
	Number  uint64 `json:"number" yaml:"number"`
	Version string `json:"version" yaml:"version"` // such as "2026-11-23"
	Digest  Digest `json:"digest" yaml:"digest"`   // over the digests of the record's entries, in order
	Entries int    `json:"entries" yaml:"entries"`
}

const KindEdition Kind = "edition"

func (Edition) Kind() Kind { return KindEdition }

// Withdrawal takes a fact back. The entry that stated it stays in the ledger.
type Withdrawal struct {
	Fact   FactID `json:"fact" yaml:"fact"`
	Reason string `json:"reason" yaml:"reason"`
}

const KindWithdrawal Kind = "withdrawal"

func (Withdrawal) Kind() Kind { return KindWithdrawal }

// Coverage says how far the record knows a chain of decisions. What fell due
// after that day reads "unknown", never "lapsed".
type Coverage struct {
	Chain   string   `json:"chain" yaml:"chain"` // a regime's id
	Through date.Day `json:"through" yaml:"through"`
	Cite    Cite     `json:"cite" yaml:"cite"`
}

const KindCoverage Kind = "coverage"

func (Coverage) Kind() Kind { return KindCoverage }
