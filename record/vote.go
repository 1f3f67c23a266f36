package record

import (
	"fmt"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
	"article41/symbol"
)

// Vote is a draft of the Council and what became of it. It states only what
// sources state; the outcome and its reason are derived by package council.
type Vote struct {
	// ID is the resolution's symbol if the source knows one, else the draft's.
	ID         symbol.Symbol `json:"id" yaml:"id"`
	Draft      symbol.Symbol `json:"draft,omitempty" yaml:"draft,omitempty"`
	Resolution symbol.Symbol `json:"resolution,omitempty" yaml:"resolution,omitempty"`

	Title  string `json:"title,omitempty" yaml:"title,omitempty"`
	Agenda string `json:"agenda,omitempty" yaml:"agenda,omitempty"`

	Date      date.Day        `json:"date" yaml:"date"`                                // the day of the vote: of adoption, if adopted
	MeetingOn date.Day        `json:"meeting_on,omitzero" yaml:"meeting_on,omitempty"` // the day the meeting is dated, where that differs
	Published date.Day        `json:"published,omitzero" yaml:"published,omitempty"`
	Meeting   symbol.Symbol   `json:"meeting,omitempty" yaml:"meeting,omitempty"` // empty: written procedure, see Letters
	Letters   []symbol.Symbol `json:"letters,omitempty" yaml:"letters,omitempty"`
	President country.Code    `json:"president,omitempty" yaml:"president,omitempty"`

	Nature  Nature   `json:"nature" yaml:"nature"`
	Mode    Mode     `json:"mode" yaml:"mode"`
	Tally   *Tally   `json:"tally,omitempty" yaml:"tally,omitempty"`     // as recorded; nil where no source gives numbers
	Ballots *Ballots `json:"ballots,omitempty" yaml:"ballots,omitempty"` // may be partial: only those named

	// Recorded is the fate the source states, kept to be compared with the rule.
	Recorded Fate `json:"recorded,omitempty" yaml:"recorded,omitempty"`
	// Amends is the draft this text would have changed, if it is an amendment.
	Amends symbol.Symbol `json:"amends,omitempty" yaml:"amends,omitempty"`

	// Tabled says who put it forward where that is no list of states: president,
	// admission-committee, e10, all.
	Tabled     string            `json:"tabled,omitempty" yaml:"tabled,omitempty"`
	Sponsors   []country.Code    `json:"sponsors,omitempty" yaml:"sponsors,omitempty"`
	Penholders []country.Code    `json:"penholders,omitempty" yaml:"penholders,omitempty"`
	Acts       []Act             `json:"acts,omitempty" yaml:"acts,omitempty"`
	Rivals     []symbol.Symbol   `json:"rivals,omitempty" yaml:"rivals,omitempty"` // put to the vote on the same item that day
	Meaning    map[string]string `json:"meaning,omitempty" yaml:"meaning,omitempty"`
	Statements []Statement       `json:"statements,omitempty" yaml:"statements,omitempty"`
	Claims     []Claim           `json:"claims,omitempty" yaml:"claims,omitempty"`
	Cites      []Cite            `json:"cites" yaml:"cites"`
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

// UnmarshalYAML also reads the short form "13-1-1", or "14-0-0-1" with those not
// voting last.
func (t *Tally) UnmarshalYAML(read func(any) error) error {
	var short string
	if read(&short) != nil {
		type plain Tally
		return read((*plain)(t))
	}
	v, err := ParseTally(short)
	*t = v
	return err
}

// ParseTally reads yes-no-abstain, with a fourth number for those not voting.
func ParseTally(s string) (Tally, error) {
	f := strings.Split(s, "-")
	var n [4]int
	for i, p := range f {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || i > 3 {
			f = nil
			break
		}
		n[i] = v
	}
	if len(f) < 3 {
		return Tally{}, fmt.Errorf("%w: tally %q: want yes-no-abstain, such as 13-1-1", ErrInvalid, s)
	}
	return Tally{n[0], n[1], n[2], n[3]}, nil
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
	Seat      string       `json:"seat" yaml:"seat"` // "P-CHN", or an elected seat's own id
	Member    country.Code `json:"member" yaml:"member"`
	Holder    string       `json:"holder,omitempty" yaml:"holder,omitempty"` // where the name differs, such as "Republic of China"
	From      date.Day     `json:"from" yaml:"from"`
	To        date.Day     `json:"to,omitzero" yaml:"to,omitempty"`
	Permanent bool         `json:"permanent,omitempty" yaml:"permanent,omitempty"`
	Cite      Cite         `json:"cite" yaml:"cite"`
}

const KindSeat Kind = "seat"

func (Seat) Kind() Kind { return KindSeat }

// Assembly is a recorded vote of the General Assembly.
type Assembly struct {
	Resolution symbol.Symbol `json:"resolution" yaml:"resolution"`
	Session    string        `json:"session,omitempty" yaml:"session,omitempty"`
	// RollCall is the number of the roll call in a data set that has several of one
	// resolution; Part says what was put then, if not the whole text.
	RollCall string   `json:"roll_call,omitempty" yaml:"roll_call,omitempty"`
	Part     string   `json:"part,omitempty" yaml:"part,omitempty"`
	Issues   []string `json:"issues,omitempty" yaml:"issues,omitempty"`
	Title    string   `json:"title,omitempty" yaml:"title,omitempty"`
	Date     date.Day `json:"date" yaml:"date"`
	Tally    *Tally   `json:"tally,omitempty" yaml:"tally,omitempty"`
	Ballots  *Ballots `json:"ballots,omitempty" yaml:"ballots,omitempty"`                       // those that are known
	Unsure   []string `json:"unverified_ballots,omitempty" yaml:"unverified_ballots,omitempty"` // codes whose vote is unverified
	Claims   []Claim  `json:"claims,omitempty" yaml:"claims,omitempty"`
	Cites    []Cite   `json:"cites" yaml:"cites"`
}

const KindAssembly Kind = "assembly"

func (Assembly) Kind() Kind { return KindAssembly }
