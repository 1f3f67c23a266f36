package listing

import (
	"fmt"
	"slices"

	"article41/date"
	"article41/record"
)

// Statement is one fact to append to the ledger.
type Statement struct {
	Fact  record.FactID
	Known date.Day // the version's date: from then on it was published
	Body  record.Body
}

// Import is what bringing in a version of a list appends, and what it changed
// against the held version that comes before it in date.
type Import struct {
	Statements []Statement
	Added      int
	Changed    int
	Removed    int
	Against    date.Day // that version's date; zero: none is held, all are added
	// Again: the same content of the same date is held already; nothing to append.
	Again bool
}

// Changes says what must be appended so that the ledger holds this version too.
// Only versions of the same origin are looked at: a user's own file is kept
// whole beside the stripped history of the record.
//
// The version is stated as changes against the nearest earlier one. If a later
// one is held, whatever the new version would now change in it is stated again
// for it: an older list brought in after a newer one changes history, never
// what the newer one says. A version of a date that is held already replaces
// it. What damage hid in a version stands as the version before it had it (see
// [Carry]).
func Changes(held *History, list record.List, entries []record.Listed) (Import, error) {
	var in Import
	if list.Date.IsZero() {
		return in, fmt.Errorf("%w: list %s: it has no date", record.ErrInvalid, list.List)
	}
	if held == nil {
		held = &History{Source: list.List}
	}
	c := held.chains[list.Origin]
	if c == nil {
		c = &chain{origin: list.Origin}
	}
	after := make(map[string]record.Listed, len(entries))
	for _, e := range entries {
		if e.Ref == "" {
			return in, fmt.Errorf("%w: list %s: an entry without a reference", record.ErrInvalid, list.List)
		}
		if _, twice := after[e.Ref]; twice {
			return in, fmt.Errorf("%w: list %s: entry %s stands in it twice", record.ErrInvalid, list.List, e.Ref)
		}
		e.List, e.Version, e.Gone = list.List, list.Date, false
		after[e.Ref] = e
	}

	at, same := slices.BinarySearchFunc(c.versions, list.Date, func(v record.List, d date.Day) int { return v.Date.Compare(d) })
	if same {
		if v := c.versions[at]; v.Digest == list.Digest || v.Content == list.Content {
			in.Again = true
			return in, nil
		}
	}
	var earlier, later *record.List
	if at > 0 {
		earlier = &c.versions[at-1]
		in.Against = earlier.Date
	}
	if rest := c.versions[at:]; same && len(rest) > 1 {
		later = &rest[1]
	} else if !same && len(rest) > 0 {
		later = &rest[0]
	}

	in.state(ListFact(list), list.Date, list)
	refs := map[string]bool{}
	for ref := range after {
		refs[ref] = true
	}
	for ref := range c.said {
		refs[ref] = true
	}
	for _, ref := range sortedKeys(refs) {
		now, on := after[ref]
		var was record.Listed
		var stood bool
		if earlier != nil {
			was, stood = c.at(earlier.Date, ref)
		}
		next := now // what this version is to say
		differs := true
		switch {
		case on && !stood:
			in.Added++
		case on:
			narrowed := list.Narrowed || c.narrowed(was.Version)
			if !Same(was, now, narrowed) {
				in.Changed++
				next = Carry(was, now)
			} else if len(was.Dropped) == 0 || len(now.Dropped) > 0 {
				next, differs = was, false
			} // else: what damage hid in the version before is told here
		case stood && list.Partial:
			next, differs = was, false // cut: that it is missing says nothing
		case stood:
			in.Removed++
			next = gone(list, ref)
		default:
			next, differs = gone(list, ref), false
		}
		restate := same && statedOn(c.said[ref], list.Date) // the version it replaces said something
		if differs || restate {
			next.Version = list.Date
			in.state(ListedFact(next, list.Origin), list.Date, next)
		}
		// What the later version says rests on the statements before it.
		if later == nil || statedOn(c.said[ref], later.Date) || !differs && !restate {
			continue
		}
		if then, on := c.at(later.Date, ref); on {
			then.Version = later.Date
			in.state(ListedFact(then, list.Origin), later.Date, then)
		} else if !next.Gone {
			then := gone(*later, ref)
			in.state(ListedFact(then, list.Origin), later.Date, then)
		}
	}
	return in, nil
}

func (in *Import) state(f record.FactID, known date.Day, b record.Body) {
	in.Statements = append(in.Statements, Statement{f, known, b})
}

func gone(l record.List, ref string) record.Listed {
	return record.Listed{List: l.List, Ref: ref, Version: l.Date, Gone: true}
}

func statedOn(said []record.Listed, day date.Day) bool {
	return slices.ContainsFunc(said, func(e record.Listed) bool { return e.Version == day })
}

// Entry makes the statement an entry of the ledger.
func (s Statement) Entry(source record.SourceID) (record.Entry, error) {
	return record.State(s.Fact, source, s.Known, s.Body)
}

// narrowed reports whether the version of the day was cut to low bytes.
func (c *chain) narrowed(day date.Day) bool {
	return slices.ContainsFunc(c.versions, func(v record.List) bool { return v.Date == day && v.Narrowed })
}
