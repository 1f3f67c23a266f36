package record

import (
	"article41/country"
	"article41/date"
	"article41/symbol"
)

// Vote is a draft of the Council and what became of it. It states only what
// sources state; the outcome and its reason are derived by package council.
type Vote struct {
	// ID is the resolution's symbol if the source knows one, else the draft's.
	ID         symbol.Symbol `json:"id"`
	Draft      symbol.Symbol `json:"draft,omitempty"`
	Resolution symbol.Symbol `json:"resolution,omitempty"`

	Title  string `json:"title,omitempty"`
	Agenda string `json:"agenda,omitempty"`

	Date      date.Day        `json:"date"`                // the day of the vote: of adoption, if adopted
	MeetingOn date.Day        `json:"meeting_on,omitzero"` // the day the meeting is dated, where that differs
	Published date.Day        `json:"published,omitzero"`
	Meeting   symbol.Symbol   `json:"meeting,omitempty"` // empty: written procedure, see Letters
	Letters   []symbol.Symbol `json:"letters,omitempty"`
	President country.Code    `json:"president,omitempty"`

	Nature  Nature   `json:"nature"`
	Mode    Mode     `json:"mode"`
	Tally   *Tally   `json:"tally,omitempty"`   // as recorded; nil where no source gives numbers
	Ballots *Ballots `json:"ballots,omitempty"` // may be partial: only those named

	// Recorded is the fate the source states, kept to be compared with the rule.
	Recorded Fate `json:"recorded,omitempty"`
	// Amends is the draft this text would have changed, if it is an amendment.
	Amends symbol.Symbol `json:"amends,omitempty"`

	Sponsors   []country.Code    `json:"sponsors,omitempty"`
	Penholders []country.Code    `json:"penholders,omitempty"`
	Acts       []Act             `json:"acts,omitempty"`
	Rivals     []symbol.Symbol   `json:"rivals,omitempty"` // put to the vote on the same item that day
	Meaning    map[string]string `json:"meaning,omitempty"`
	Statements []Statement       `json:"statements,omitempty"`
	Claims     []Claim           `json:"claims,omitempty"`
	Cites      []Cite            `json:"cites"`
}

const KindVote Kind = "vote"

func (Vote) Kind() Kind { return KindVote }

// Nature is what sort of question was put.
type Nature string

const (
	Substantive Nature = "substantive"
	Procedural  Nature = "procedural"
	// Preliminary is the question whether a matter is procedural; it is itself
	// decided by the substantive rule (San Francisco statement, 7 June 1945).
	Preliminary Nature = "preliminary"
)

// Mode is how the decision was taken.
type Mode string

const (
	ByVote      Mode = "vote"
	WithoutVote Mode = "without-vote"
	Consensus   Mode = "consensus"
	Acclamation Mode = "acclamation"
	// UnanimousUnrecorded is an older "adopted unanimously" without numbers.
	UnanimousUnrecorded Mode = "unanimous-unrecorded"
	// NotPut is a draft that never came to the vote.
	NotPut Mode = "not-put"
)

// Fate is what a source says became of a draft.
type Fate string

const (
	FateAdopted     Fate = "adopted"
	FateVeto        Fate = "veto"
	FateLackOfVotes Fate = "lack-of-votes"
	FateNotAdopted  Fate = "not-adopted"
	FateWithdrawn   Fate = "withdrawn"
)

// Tally is the count as recorded. NotVoting is all who neither voted nor abstained.
type Tally struct {
	Yes       int `json:"yes" yaml:"yes"`
	No        int `json:"no" yaml:"no"`
	Abstain   int `json:"abstain" yaml:"abstain"`
	NotVoting int `json:"not_voting,omitempty" yaml:"not_voting,omitempty"`
}

// Ballots are the members by how they voted.
type Ballots struct {
	Yes               []country.Code `json:"yes,omitempty" yaml:"yes,omitempty,flow"`
	No                []country.Code `json:"no,omitempty" yaml:"no,omitempty,flow"`
	Abstain           []country.Code `json:"abstain,omitempty" yaml:"abstain,omitempty,flow"`
	ObligatoryAbstain []country.Code `json:"obligatory_abstain,omitempty" yaml:"obligatory_abstain,omitempty,flow"` // declared under Article 27(3), never inferred
	NotParticipating  []country.Code `json:"not_participating,omitempty" yaml:"not_participating,omitempty,flow"`
	Absent            []country.Code `json:"absent,omitempty" yaml:"absent,omitempty,flow"`
}

// Act is one dated step before the vote.
type Act struct {
	On   date.Day       `json:"on" yaml:"on"`
	What string         `json:"what" yaml:"what"` // circulated, silence-broken, in-blue, put-to-vote, negotiated, …
	By   []country.Code `json:"by,omitempty" yaml:"by,omitempty,flow"`
	Note string         `json:"note,omitempty" yaml:"note,omitempty"`
	Cite Cite           `json:"cite" yaml:"cite"`
}

// Statement is what a member said of its vote, in our paraphrase.
type Statement struct {
	Member  country.Code `json:"member" yaml:"member"`
	Speaker string       `json:"speaker,omitempty" yaml:"speaker,omitempty"`
	On      date.Day     `json:"on,omitzero" yaml:"on,omitempty"`
	Where   string       `json:"where,omitempty" yaml:"where,omitempty"` // before the vote, in the Assembly, …
	Says    string       `json:"says" yaml:"says"`
	Cite    Cite         `json:"cite" yaml:"cite"`
}

// Seat is a stretch of days on which a state held a seat of the Council.
type Seat struct {
	Seat      string       `json:"seat"` // "P-CHN", or an elected seat's own id
	Member    country.Code `json:"member"`
	Holder    string       `json:"holder,omitempty"` // where the name differs, such as "Republic of China"
	From      date.Day     `json:"from"`
	To        date.Day     `json:"to,omitzero"`
	Permanent bool         `json:"permanent,omitempty"`
	Cite      Cite         `json:"cite"`
}

const KindSeat Kind = "seat"

func (Seat) Kind() Kind { return KindSeat }

// Assembly is a recorded vote of the General Assembly.
type Assembly struct {
	Resolution symbol.Symbol `json:"resolution"`
	Session    string        `json:"session,omitempty"`
	Title      string        `json:"title,omitempty"`
	Date       date.Day      `json:"date"`
	Tally      *Tally        `json:"tally,omitempty"`
	Ballots    *Ballots      `json:"ballots,omitempty"`            // those that are known
	Unsure     []string      `json:"unverified_ballots,omitempty"` // codes whose vote is unverified
	Claims     []Claim       `json:"claims,omitempty"`
	Cites      []Cite        `json:"cites"`
}

const KindAssembly Kind = "assembly"

func (Assembly) Kind() Kind { return KindAssembly }
