package article41

import (
	"cmp"
	"slices"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/record"
)

// rollCalls are the votes of both bodies as bit sets: the Council's drafts and
// procedural questions, and the Assembly's recorded votes.
func (w *world) rollCalls() *align.Votes {
	w.callsOnce.Do(func() { w.calls = align.Fold(w.callsWith(nil)) })
	return w.calls
}

func (w *world) callsWith(more []record.Assembly) []align.Call {
	var calls []align.Call
	for _, d := range w.council.Drafts() {
		if d.Mode != record.NotPut {
			calls = append(calls, w.callOf(d))
		}
	}
	for _, a := range oneEach(slices.Concat(w.assembly, more)) {
		calls = append(calls, align.CallOf(a))
	}
	return calls
}

func (w *world) callOf(d *council.Draft) align.Call {
	c := align.Call{ID: d.ID, Alias: d.Draft, Body: align.Council, On: d.Date, Year: d.Date.Year(), Title: cmp.Or(d.Title, d.Agenda), Source: "record",
		Consensus: d.Mode == record.WithoutVote || d.Mode == record.Consensus || d.Mode == record.Acclamation}
	if d.Agenda != c.Title {
		c.Topics = append(c.Topics, d.Agenda)
	}
	for _, id := range w.Touched(d.ID) {
		c.Topics = append(c.Topics, string(id))
	}
	if t := d.Tally; t != nil {
		c.Tally = &[3]int{t.Yes, t.Abstain, t.No}
	}
	for _, k := range w.council.Rollcall(d) {
		c.Casts = append(c.Casts, align.Cast{State: k.Member, Ballot: k.Ballot})
	}
	return c
}

// oneEach leaves one entry of each vote that several sources hold. A data set's
// row is the same vote as an entry that has no roll-call number if both are of
// one resolution and the data set has that resolution once, or with one tally;
// the entry with more ballots stays.
func oneEach(all []record.Assembly) []record.Assembly {
	plain := map[string]int{} // resolution → entry without a number
	rows := map[string][]int{}
	for i, a := range all {
		id := string(a.Resolution)
		if a.RollCall != "" {
			rows[id] = append(rows[id], i)
		} else if j, twice := plain[id]; !twice || ballotsOf(all[j]) < ballotsOf(a) {
			plain[id] = i
		}
	}
	drop := map[int]bool{}
	for i, a := range all {
		id := string(a.Resolution)
		if a.RollCall != "" {
			continue
		}
		if plain[id] != i {
			drop[i] = true
			continue
		}
		for _, j := range rows[id] {
			b := all[j]
			same := len(rows[id]) == 1 || a.Tally != nil && b.Tally != nil && a.Tally.Yes == b.Tally.Yes && a.Tally.No == b.Tally.No && a.Tally.Abstain == b.Tally.Abstain
			if !same || b.Part != "" {
				continue
			}
			if ballotsOf(a) >= ballotsOf(b) {
				drop[j] = true
			} else {
				drop[i] = true
			}
			break
		}
	}
	out := make([]record.Assembly, 0, len(all))
	for i, a := range all {
		if !drop[i] {
			out = append(out, a)
		}
	}
	return out
}

func ballotsOf(a record.Assembly) int {
	if a.Ballots == nil {
		return 0
	}
	b := a.Ballots
	return len(b.Yes) + len(b.No) + len(b.Abstain) + len(b.Absent) + len(b.NotParticipating) + len(b.ObligatoryAbstain)
}

// namesOf are states with their names of today.
func namesOf(codes []country.Code) []council.Party {
	out := make([]council.Party, len(codes))
	for i, c := range codes {
		out[i] = partyOf(c)
	}
	return out
}

func partyOf(c country.Code) council.Party {
	st, _ := country.Of(c)
	return council.Party{Code: c, Name: st.Name}
}

// withBallots fills in the ballots that an entry of ours lacks from an imported
// one, and takes as read those that ours holds unread and the import holds alike.
// It answers how many states that were. Ballots that differ are left as they are.
func withBallots(own *record.Assembly, lib *record.Ballots) int {
	if own.Ballots == nil || lib == nil {
		return 0
	}
	b := *own.Ballots
	filled := 0
	fill := func(to *[]country.Code, from []country.Code, as council.Ballot) {
		list := slices.Clone(*to)
		for _, c := range from {
			switch have := council.BallotOf(own.Ballots, c); {
			case have == council.Unrecorded:
				list = append(list, c)
				filled++
			case have == as && slices.Contains(own.Unsure, string(c)):
				own.Unsure = slices.DeleteFunc(slices.Clone(own.Unsure), func(u string) bool { return u == string(c) })
				filled++
			}
		}
		*to = list
	}
	fill(&b.Yes, lib.Yes, council.Yes)
	fill(&b.No, lib.No, council.No)
	fill(&b.Abstain, lib.Abstain, council.Abstain)
	fill(&b.NotParticipating, lib.NotParticipating, council.NotParticipating)
	fill(&b.Absent, lib.Absent, council.Absent)
	own.Ballots = &b
	return filled
}
