package council

import (
	"fmt"
	"strings"

	"article41/country"
	"article41/record"
	"article41/symbol"
)

// Reason is why an outcome is what it is.
type Reason string

const (
	Adopted            Reason = "adopted"
	AdoptedWithoutVote Reason = "adopted-without-vote"
	Vetoed             Reason = "veto"
	LackOfVotes        Reason = "lack-of-votes"
	// NotPut: the draft never came to the vote.
	NotPut Reason = "not-put"
	// Undecided: the sources give too little for the rule to speak.
	Undecided Reason = "not-known"
	// Assumption: a what-if takes the outcome as given.
	Assumption Reason = "assumed"
)

// Party is a state in an answer: its code and its name on the day.
type Party struct {
	Code country.Code `json:"code"`
	Name string       `json:"name"`
}

// Outcome is what became of a draft, with its reason.
type Outcome struct {
	Adopted bool          `json:"adopted"`
	Known   bool          `json:"known"` // false: the sources do not allow an answer
	Reason  Reason        `json:"reason"`
	Nature  record.Nature `json:"nature"`
	Mode    record.Mode   `json:"mode"`

	Yes       int  `json:"yes"`
	No        int  `json:"no"`
	Abstain   int  `json:"abstain"`
	NotVoting int  `json:"not_voting"`
	Counted   bool `json:"counted"` // false: no numbers are recorded
	Seats     int  `json:"seats"`
	Needed    int  `json:"needed"`
	Short     int  `json:"short"` // affirmative votes missing

	// VetoedBy is the strict veto: the noes of permanent members that stopped a
	// substantive draft which had the votes. PermanentNo are the noes of permanent
	// members whether or not they were vetoes (the broad count). Both are derived.
	VetoedBy    []Party `json:"vetoed_by,omitempty"`
	PermanentNo []Party `json:"permanent_no,omitempty"`

	Tally    string `json:"tally"`    // "13-1-1"
	Sentence string `json:"sentence"` // the outcome in words
}

// IsVeto reports a strict veto, which is what A/RES/76/262 speaks of.
func (o Outcome) IsVeto() bool { return o.Reason == Vetoed }

// Decide applies Article 27 to a complete set of ballots. Procedural matters
// take the needed affirmative votes; all others also need that no permanent
// member votes no. Abstaining (also when obliged to), not participating and
// being absent never block and never count as yes: Repertoire practice since
// 1946; ICJ, Namibia, 21 June 1971, para 22. The preliminary question whether a
// matter is procedural is itself decided by the substantive rule.
func Decide(nature record.Nature, size int, casts []Cast) Outcome {
	return decided(nature, size, casts).worded()
}

// decided is Decide without its words, for whoever asks of many ballots.
func decided(nature record.Nature, size int, casts []Cast) Outcome {
	o := Outcome{Known: true, Nature: nature, Mode: record.ByVote, Counted: true, Seats: size, Needed: Needed(size)}
	for _, c := range casts {
		switch c.Ballot {
		case Yes:
			o.Yes++
		case No:
			o.No++
			if c.Permanent {
				o.PermanentNo = append(o.PermanentNo, Party{c.Member, c.Name})
			}
		case Abstain, ObligatoryAbstain:
			o.Abstain++
		default:
			o.NotVoting++
		}
	}
	return o.judge()
}

// judge draws the outcome from the counts and the noes of permanent members.
func (o Outcome) judge() Outcome {
	o.Short = max(0, o.Needed-o.Yes)
	switch {
	case o.Short > 0:
		o.Reason = LackOfVotes // even if a permanent member voted no: that is no veto
	case o.Nature != record.Procedural && len(o.PermanentNo) > 0:
		o.Reason, o.VetoedBy = Vetoed, o.PermanentNo
	default:
		o.Reason, o.Adopted = Adopted, true
	}
	return o
}

// Outcome is what became of the draft.
func (c *Council) Outcome(s symbol.Symbol) (Outcome, error) {
	d, err := c.Draft(s)
	if err != nil {
		return Outcome{}, err
	}
	return c.OutcomeOf(d), nil
}

// OutcomeOf is Outcome for a draft in hand.
func (c *Council) OutcomeOf(d *Draft) Outcome {
	if known, ok := c.outcomes.Load(d); ok {
		return known.(Outcome)
	}
	o := c.outcomeOf(d)
	c.outcomes.Store(d, o)
	return o
}

func (c *Council) outcomeOf(d *Draft) Outcome {
	size := Size(d.Date)
	o := Outcome{Nature: d.Nature, Mode: d.Mode, Seats: size, Needed: Needed(size)}
	if d.Tally != nil {
		o.Counted, o.Yes, o.No, o.Abstain, o.NotVoting = true, d.Tally.Yes, d.Tally.No, d.Tally.Abstain, d.Tally.NotVoting
	}
	if a, ok := c.assume[d.ID]; ok {
		o.Known, o.Adopted, o.Reason = true, a.Adopted, Assumption
		o.PermanentNo = c.permanentNo(d)
		return o.worded()
	}
	switch d.Mode {
	case record.NotPut:
		o.Known, o.Reason = true, NotPut
		return o.worded()
	case record.WithoutVote, record.Consensus, record.Acclamation:
		o.Known, o.Adopted, o.Reason = true, true, AdoptedWithoutVote
		return o.worded()
	case record.UnanimousUnrecorded:
		o.Known, o.Adopted, o.Reason = true, true, Adopted
		return o.worded()
	}
	if casts := c.Rollcall(d); complete(casts) && len(casts) > 0 {
		return Decide(d.Nature, size, casts)
	}
	o.PermanentNo = c.permanentNo(d)
	switch {
	case !o.Counted && d.Resolution != "":
		// A resolution number is itself evidence of adoption.
		o.Known, o.Adopted, o.Reason = true, true, Adopted
		return o.worded()
	case !o.Counted && d.Recorded == record.FateVeto && len(o.PermanentNo) > 0:
		// No numbers to derive it from: the sources record it as a veto, and by whom.
		o.Known, o.Reason, o.VetoedBy = true, Vetoed, o.PermanentNo
		return o.worded()
	case !o.Counted:
		o.Reason = Undecided
		return o.worded()
	case o.Yes >= o.Needed && o.No > 0 && d.Resolution != "":
		// It has a number, so none of the noes was a permanent member's.
		o.Known, o.Adopted, o.Reason = true, true, Adopted
		return o.worded()
	case o.Yes >= o.Needed && o.No > 0 && len(o.PermanentNo) == 0 && d.Nature != record.Procedural:
		o.Reason = Undecided
		return o.worded()
	}
	o.Known = true
	return o.judge().worded()
}

func complete(casts []Cast) bool {
	for _, c := range casts {
		if c.Ballot == Unrecorded {
			return false
		}
	}
	return true
}

func (c *Council) permanentNo(d *Draft) []Party {
	var out []Party
	for _, cast := range c.Rollcall(d) {
		if cast.Permanent && cast.Ballot == No {
			out = append(out, Party{cast.Member, cast.Name})
		}
	}
	return out
}

// worded adds the tally and the sentence.
func (o Outcome) worded() Outcome {
	if o.Counted {
		o.Tally = fmt.Sprintf("%d-%d-%d", o.Yes, o.No, o.Abstain)
	}
	o.Sentence = o.sentence()
	return o
}

func (o Outcome) sentence() string {
	count := ""
	if o.Counted {
		count = fmt.Sprintf("%d for, %d against, %d abstaining", o.Yes, o.No, o.Abstain)
		if o.NotVoting > 0 {
			count += fmt.Sprintf(", %d not voting", o.NotVoting)
		}
	}
	switch o.Reason {
	case Adopted:
		switch {
		case count == "" && o.Mode == record.UnanimousUnrecorded:
			return "Adopted unanimously; the sources give no numbers."
		case count == "":
			return "Adopted; the sources give no numbers."
		}
		s := "Adopted: " + count
		if len(o.PermanentNo) > 0 {
			s += fmt.Sprintf("; a procedural matter, so the no of %s is not a veto", Names(o.PermanentNo))
		}
		return s + "."
	case AdoptedWithoutVote:
		switch o.Mode {
		case record.Consensus:
			return "Adopted by consensus, without a vote."
		case record.Acclamation:
			return "Adopted by acclamation."
		}
		return "Adopted without a vote."
	case Vetoed:
		if !o.Counted {
			return fmt.Sprintf("Not adopted: recorded as a veto by %s; the sources give no numbers.", Names(o.VetoedBy))
		}
		if n := len(o.VetoedBy); n > 1 {
			return fmt.Sprintf("Not adopted: %s; the noes of %s permanent members (%s) are vetoes.", count, Numeral(n), Names(o.VetoedBy))
		}
		return fmt.Sprintf("Not adopted: %s; the no of a permanent member (%s) is a veto.", count, Names(o.VetoedBy))
	case LackOfVotes:
		s := fmt.Sprintf("Not adopted: %s; %d affirmative votes are needed, so it fell %s short", count, o.Needed, Numeral(o.Short))
		if len(o.PermanentNo) > 0 && o.Nature != record.Procedural {
			s += fmt.Sprintf(". The no of %s was not a veto: the draft did not have the votes", Names(o.PermanentNo))
		}
		return s + "."
	case NotPut:
		return "Not put to the vote."
	case Assumption:
		if o.Adopted {
			return "Taken as adopted, for the sake of the question."
		}
		return "Taken as not adopted, for the sake of the question."
	}
	return "The sources do not tell enough to say what became of it."
}

var numerals = strings.Fields("zero one two three four five six seven eight nine")

// Numeral writes a small number in words.
func Numeral(n int) string {
	if n >= 0 && n < len(numerals) {
		return numerals[n]
	}
	return fmt.Sprint(n)
}

// Names joins the parties' names: "China and the Russian Federation" without
// articles: "China and Russian Federation".
func Names(ps []Party) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.Name
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
