package article41

import (
	"context"
	"fmt"
	"slices"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// PowerRecord is who was pivotal in the Council's real votes, and whose no alone
// stopped a draft that had the votes.
type PowerRecord struct {
	Sentence string          `json:"sentence"`
	From     *date.Day       `json:"from"`
	To       *date.Day       `json:"to"`
	N        int             `json:"n"`          // votes with a whole roll call
	Votes    int             `json:"votes"`      // votes taken
	WithAny  int             `json:"with_pivot"` // of n, those in which one ballot could have turned the outcome
	Vetoed   int             `json:"vetoed"`     // drafts that had the votes and were stopped
	Members  []PivotalMember `json:"members"`
	Pivotal  []PivotalVote   `json:"pivotal_votes"` // newest first
	Missing  []string        `json:"missing"`
	Method   string          `json:"method"`
	Basis    Basis           `json:"basis"`
}

// PivotalMember is one member's count.
type PivotalMember struct {
	council.Party
	Permanent bool `json:"permanent"`
	Sat       int  `json:"votes"`   // votes with a whole roll call in which it sat
	Pivotal   int  `json:"pivotal"` // in which its other ballot alone would have turned the outcome
	// StoppedAlone are drafts that had the votes and that its no alone stopped;
	// StoppedWith those that fell to its no and another's.
	StoppedAlone int `json:"stopped_alone"`
	StoppedWith  int `json:"stopped_with_others"`
}

// PivotalVote is a vote that one ballot could have turned.
type PivotalVote struct {
	ID      symbol.Symbol   `json:"id"`
	Date    date.Day        `json:"date"`
	Reason  council.Reason  `json:"reason"`
	Tally   string          `json:"tally"`
	Pivotal []council.Pivot `json:"pivotal"`
}

const pivotMethod = "Each member's ballot in turn is changed to yes, abstain and no, the others held; it was pivotal if the outcome under Article 27 turns. A permanent member that lets a draft pass is pivotal by its veto. A draft had the votes if its affirmative votes reached the number needed. The Soviet Union's votes stand in the line of the Russian Federation."

// PowerRecord counts over the votes from a day to a day.
func (a *Archive) PowerRecord(ctx context.Context, at record.At, from, to date.Day) (PowerRecord, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return PowerRecord{}, err
	}
	if to.IsZero() || to.After(at.AsOf) {
		to = at.AsOf
	}
	c := s.world(at.KnownAt).council
	out := PowerRecord{Members: []PivotalMember{}, Pivotal: []PivotalVote{}, Missing: []string{}, Method: pivotMethod, Basis: s.basis(), To: &to}
	if !from.IsZero() {
		out.From = &from
	}
	members := map[country.Code]*PivotalMember{}
	of := func(m country.Code) *PivotalMember {
		m = align.Seat(m)
		if members[m] == nil {
			members[m] = &PivotalMember{Party: partyOf(m), Permanent: country.Permanent(m)}
		}
		return members[m]
	}
	said := 0
	for _, d := range c.Drafts() {
		if d.Mode != record.ByVote || !d.Date.Within(from, to) {
			continue
		}
		out.Votes++
		o := c.OutcomeOf(d)
		if o.IsVeto() {
			out.Vetoed++
			for _, p := range o.VetoedBy {
				if len(o.VetoedBy) == 1 {
					of(p.Code).StoppedAlone++
				} else {
					of(p.Code).StoppedWith++
				}
			}
			if !o.Counted {
				said++
			}
		}
		casts := c.Rollcall(d)
		if len(casts) == 0 || slices.ContainsFunc(casts, func(k council.Cast) bool { return k.Ballot == council.Unrecorded }) {
			continue
		}
		out.N++
		for _, k := range casts {
			of(k.Member).Sat++
		}
		pivots := c.Pivots(d)
		if len(pivots) == 0 {
			continue
		}
		out.WithAny++
		for _, p := range pivots {
			of(p.Code).Pivotal++
		}
		out.Pivotal = append(out.Pivotal, PivotalVote{d.ID, d.Date, o.Reason, o.Tally, pivots})
	}
	slices.Reverse(out.Pivotal)
	for _, m := range members {
		out.Members = append(out.Members, *m)
	}
	slices.SortFunc(out.Members, func(x, y PivotalMember) int {
		for _, d := range []int{y.StoppedAlone - x.StoppedAlone, y.StoppedWith - x.StoppedWith, y.Pivotal - x.Pivotal} {
			if d != 0 {
				return d
			}
		}
		return align.ByCode(x.Code, y.Code)
	})
	if gap := out.Votes - out.N; gap > 0 {
		out.Missing = append(out.Missing, fmt.Sprintf("Of %s the roll call is not held whole: nobody is called pivotal in them.", plural(gap, "vote", "votes")))
	}
	if said > 0 {
		out.Missing = append(out.Missing, fmt.Sprintf("Of %s no tally is held; that the draft had the votes is what sources say who record it as a veto.", plural(said, "vetoed draft", "vetoed drafts")))
	}
	out.Sentence = fmt.Sprintf("In %s of %s one ballot alone could have turned the outcome.", thousands(out.WithAny), plural(out.N, "vote with a whole roll call", "votes with a whole roll call"))
	if len(out.Members) > 0 && out.Members[0].StoppedAlone > 0 {
		m := out.Members[0]
		out.Sentence += fmt.Sprintf(" Of %s that had the votes and were vetoed, %d fell to the no of %s alone.", plural(out.Vetoed, "draft", "drafts"), m.StoppedAlone, theName(m.Party))
	}
	return out, nil
}
